#include "cli/plan/xlsx_book.h"

#include <algorithm>

#include "absl/time/civil_time.h"
#include "engine/text/noncharacters.h"
#include "engine/text/normalize.h"
#include "report/row_height.h"

namespace dongxi::cli {
namespace {

constexpr size_t kCellCharactersMax = 32'000;  // Excel's limit counts UTF-16 units and is 32,767
constexpr double kSideMargin = 0.4;            // inches
constexpr time_t kCreated = 1'767'225'600;     // 2026-01-01: a file does not say when it was made

// Control characters and noncharacters may not stand in XML.
std::string Clean(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') clean += c;
  }
  clean = ReplaceNoncharacters(clean);
  return clean.size() > kCellCharactersMax ? CutCharacters(clean, kCellCharactersMax / 2) : clean;
}

}  // namespace

XlsxBook::XlsxBook(const std::filesystem::path& file)
    : file_(file.string()), book_(workbook_new(file_.c_str())) {
  lxw_doc_properties properties = {};
  properties.created = kCreated;
  workbook_set_properties(book_, &properties);
  header_ = workbook_add_format(book_);
  format_set_bold(header_);
  format_set_bg_color(header_, 0xDDEBF7);
  format_set_border(header_, LXW_BORDER_THIN);
  format_set_text_wrap(header_);
  text_ = workbook_add_format(book_);
  format_set_num_format(text_, "@");
  format_set_text_wrap(text_);
  format_set_align(text_, LXW_ALIGN_VERTICAL_TOP);
  number_ = workbook_add_format(book_);
  format_set_num_format(number_, "0.00");
  format_set_align(number_, LXW_ALIGN_VERTICAL_TOP);
  count_ = workbook_add_format(book_);
  format_set_num_format(count_, "0");
  format_set_align(count_, LXW_ALIGN_VERTICAL_TOP);
  date_ = workbook_add_format(book_);
  format_set_num_format(date_, "yyyy-mm-dd");
  format_set_align(date_, LXW_ALIGN_VERTICAL_TOP);
  format_set_align(date_, LXW_ALIGN_LEFT);  // at the right it would touch the time beside it
}

XlsxBook::~XlsxBook() {
  if (book_ != nullptr) workbook_close(book_);
}

void XlsxBook::Sheet(const std::string& name, const std::vector<std::string>& headers,
                     const std::vector<double>& widths) {
  EndSheet();
  name_ = name;
  columns_ = headers.size();
  widths_ = widths;
  lines_ = 1;
  sheet_ = workbook_add_worksheet(book_, name.c_str());
  for (size_t c = 0; c < headers.size(); ++c) {
    const auto column = static_cast<lxw_col_t>(c);
    worksheet_set_column(sheet_, column, column, WidthOf(c), nullptr);
    lines_ = std::max(lines_, report::LinesOf(headers[c], WidthOf(c)));
    worksheet_write_string(sheet_, 0, column, Clean(headers[c]).c_str(), header_);
  }
  worksheet_set_row(sheet_, 0, report::RowHeight(lines_), nullptr);
  lines_ = 1;
  worksheet_freeze_panes(sheet_, 1, 0);
  worksheet_set_landscape(sheet_);
  worksheet_set_paper(sheet_, 9);  // A4
  worksheet_fit_to_pages(sheet_, 1, 0);
  worksheet_repeat_rows(sheet_, 0, 0);
  worksheet_gridlines(sheet_, LXW_SHOW_ALL_GRIDLINES);  // on paper too
  worksheet_set_margins(sheet_, kSideMargin, kSideMargin, -1, -1);
  worksheet_set_footer(sheet_, "&L&A&R第 &P 页，共 &N 页");
  row_ = 1;
}

void XlsxBook::Text(int column, std::string_view text) {
  if (text.empty()) return;
  worksheet_write_string(sheet_, row_, static_cast<lxw_col_t>(column), Clean(text).c_str(), text_);
  lines_ = std::max(lines_, report::LinesOf(text, WidthOf(static_cast<size_t>(column))));
}

void XlsxBook::Number(int column, double value) {
  worksheet_write_number(sheet_, row_, static_cast<lxw_col_t>(column), value, number_);
}

void XlsxBook::Count(int column, double value) {
  worksheet_write_number(sheet_, row_, static_cast<lxw_col_t>(column), value, count_);
}

void XlsxBook::Date(int column, const std::string& day) {
  absl::CivilDay civil;
  if (!absl::ParseCivilTime(day, &civil) || civil.year() < 1900 || civil.year() > 9999)
    return Text(column, day);
  lxw_datetime when = {static_cast<int>(civil.year()), civil.month(), civil.day(), 0, 0, 0};
  worksheet_write_datetime(sheet_, row_, static_cast<lxw_col_t>(column), &when, date_);
}

void XlsxBook::NextRow() {
  if (lines_ > 1) worksheet_set_row(sheet_, row_, report::RowHeight(lines_), nullptr);
  lines_ = 1;
  ++row_;
}

void XlsxBook::EndSheet() {
  if (sheet_ == nullptr || row_ <= 1) return;
  // The library leaves out what stands below without a word.
  if (row_ > LXW_ROW_MAX && overfull_.empty()) overfull_ = name_;
  worksheet_autofilter(sheet_, 0, 0, row_ - 1, static_cast<lxw_col_t>(columns_ - 1));
}

absl::Status XlsxBook::Close() {
  EndSheet();
  const lxw_error error = workbook_close(book_);
  book_ = nullptr;
  if (!overfull_.empty()) {
    return absl::InvalidArgumentError("表“" + overfull_ + "”的行数超过一张表能有的 " +
                                      std::to_string(LXW_ROW_MAX) + " 行。改法：把活动分成几个");
  }
  if (error == LXW_NO_ERROR) return absl::OkStatus();
  return absl::InternalError(file_ + ": " + lxw_strerror(error));
}

}  // namespace dongxi::cli
