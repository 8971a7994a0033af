#include "report/xlsx.h"

#include <xlsxwriter.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "engine/text/noncharacters.h"
#include "engine/text/normalize.h"
#include "report/row_height.h"

namespace dongxi::report {
namespace {

constexpr size_t kRowsMax = 1'048'575;  // below the header
constexpr size_t kCellCharactersMax = 32'767;
constexpr size_t kRowsBetweenStops = 256;
constexpr int kFrozenColumns = 2;
constexpr uint8_t kA4 = 9, kA3 = 8;            // of libxlsxwriter
constexpr double kA4Characters = 220;          // a wider sheet would be too small to read on A4
constexpr int64_t kUnknownTime = 946'684'800;  // 2000-01-01, where no time is given

struct Formats {
  lxw_format* header;
  lxw_format* text;
  lxw_format* number;
  lxw_format* share;
  lxw_format* date;
  lxw_format* time;  // with its day
};

Formats AddFormats(lxw_workbook* book) {
  Formats formats{workbook_add_format(book), workbook_add_format(book), workbook_add_format(book),
                  workbook_add_format(book), workbook_add_format(book), workbook_add_format(book)};
  format_set_bold(formats.header);
  format_set_bg_color(formats.header, 0xDDEBF7);
  format_set_border(formats.header, LXW_BORDER_THIN);
  format_set_text_wrap(formats.header);
  for (lxw_format* format : {formats.text, formats.number, formats.share, formats.date, formats.time}) {
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
  }
  format_set_text_wrap(formats.text);
  format_set_num_format(formats.number, "General");
  format_set_num_format(formats.share, "0.0%");  // a probability of 0.4 % is not 0
  format_set_num_format(formats.date, "yyyy-mm-dd");
  format_set_num_format(formats.time, "yyyy-mm-dd hh:mm");
  return formats;
}

std::string CellText(const std::string& raw) {
  const std::string text = ReplaceNoncharacters(raw);  // XML does not allow all of them
  // A character outside the basic plane counts twice in a spreadsheet: half of the limit is always within it.
  if (text.size() <= kCellCharactersMax) return text;
  const std::string cut = CutCharacters(text, kCellCharactersMax / 2 - 1);
  return cut.size() < text.size() ? cut + "…" : text;
}

// A day, or a minute of it; what is neither stays text.
lxw_error WriteDate(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t at, const std::string& text,
                    const Formats& formats) {
  absl::CivilDay day;
  absl::CivilMinute minute;
  const bool is_day = absl::ParseCivilTime(text, &day);
  std::string iso = text;
  std::replace(iso.begin(), iso.end(), ' ', 'T');
  const bool is_minute = !is_day && absl::ParseCivilTime(iso, &minute);
  if (is_day) minute = absl::CivilMinute(day);
  if ((!is_day && !is_minute) || minute.year() < 1900 || minute.year() > 9999)
    return worksheet_write_string(sheet, row, at, CellText(text).c_str(), formats.text);
  lxw_datetime when = {
      static_cast<int>(minute.year()), minute.month(), minute.day(), minute.hour(), minute.minute(), 0};
  return worksheet_write_datetime(sheet, row, at, &when, is_day ? formats.date : formats.time);
}

lxw_error WriteCell(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t at, const Cell& cell, CellKind kind,
                    const Formats& formats) {
  if (!cell.filled) return LXW_NO_ERROR;
  if (kind == CellKind::kDate) return WriteDate(sheet, row, at, cell.text, formats);
  if (!cell.text.empty())
    return worksheet_write_string(sheet, row, at, CellText(cell.text).c_str(), formats.text);
  return worksheet_write_number(sheet, row, at, cell.number,
                                kind == CellKind::kShare ? formats.share : formats.number);
}

// Hears whether nobody wants the file any more. Once said, it stays so.
class Stop {
 public:
  explicit Stop(const std::function<bool()>& stop) : stop_(stop) {}
  bool At(size_t row) {
    stopped_ = stopped_ || (stop_ && row % kRowsBetweenStops == 0 && stop_());
    return stopped_;
  }
  bool stopped() const { return stopped_; }

 private:
  const std::function<bool()>& stop_;
  bool stopped_ = false;
};

void SetHeights(lxw_worksheet* sheet, const Table& table, Stop& stop) {
  int lines = 1;
  for (const Column& column : table.columns) lines = std::max(lines, LinesOf(column.name, column.width));
  worksheet_set_row(sheet, 0, RowHeight(lines), nullptr);
  for (size_t r = 0; r < table.rows.size() && !stop.At(r); ++r) {
    lines = 1;
    for (size_t i = 0; i < table.rows[r].size(); ++i)
      lines = std::max(lines, LinesOf(table.rows[r][i].text, table.columns[i].width));
    if (lines > 1) worksheet_set_row(sheet, static_cast<lxw_row_t>(r + 1), RowHeight(lines), nullptr);
  }
}

double WidthOf(const Table& table) {
  double width = 0;
  for (const Column& column : table.columns) width += column.width;
  return width;
}

lxw_error FillSheet(lxw_worksheet* sheet, const Table& table, const Formats& formats, Stop& stop) {
  lxw_error error = LXW_NO_ERROR;
  for (size_t i = 0; i < table.columns.size() && error == LXW_NO_ERROR; ++i) {
    const auto at = static_cast<lxw_col_t>(i);
    worksheet_set_column(sheet, at, at, table.columns[i].width, nullptr);
    error = worksheet_write_string(sheet, 0, at, table.columns[i].name.c_str(), formats.header);
  }
  SetHeights(sheet, table, stop);
  for (size_t r = 0; r < table.rows.size() && error == LXW_NO_ERROR && !stop.At(r); ++r) {
    for (size_t i = 0; i < table.rows[r].size() && error == LXW_NO_ERROR; ++i) {
      error = WriteCell(sheet, static_cast<lxw_row_t>(r + 1), static_cast<lxw_col_t>(i), table.rows[r][i],
                        table.columns[i].kind, formats);
    }
  }
  if (error != LXW_NO_ERROR) return error;
  const auto last_column = static_cast<lxw_col_t>(table.columns.size() - 1);
  worksheet_freeze_panes(sheet, 1, last_column > kFrozenColumns ? kFrozenColumns : 0);
  worksheet_autofilter(sheet, 0, 0, static_cast<lxw_row_t>(table.rows.size()), last_column);
  worksheet_set_landscape(sheet);
  worksheet_set_paper(sheet, WidthOf(table) > kA4Characters ? kA3 : kA4);
  worksheet_fit_to_pages(sheet, 1, 0);
  worksheet_repeat_rows(sheet, 0, 0);
  return LXW_NO_ERROR;
}

lxw_error FillBook(lxw_workbook* book, const std::vector<Table>& tables, Stop& stop) {
  const Formats formats = AddFormats(book);
  for (const Table& table : tables) {
    lxw_worksheet* sheet = workbook_add_worksheet(book, table.name.c_str());
    if (sheet == nullptr) return LXW_ERROR_SHEETNAME_ALREADY_USED;
    const lxw_error error = FillSheet(sheet, table, formats, stop);
    if (error != LXW_NO_ERROR || stop.stopped()) return error;
  }
  return LXW_NO_ERROR;
}

}  // namespace

absl::Status WriteXlsx(const std::vector<Table>& tables, int64_t created_s, const std::filesystem::path& file,
                       const std::function<bool()>& stop) {
  for (const Table& table : tables) {
    if (table.rows.size() <= kRowsMax) continue;
    return absl::InvalidArgumentError(absl::StrCat("“", table.name, "”有 ", table.rows.size(),
                                                   " 行，一张工作表最多 ", kRowsMax,
                                                   " 行；请减少 --top 或分批出报告"));
  }
  lxw_workbook_options options = {};
  options.constant_memory = LXW_FALSE;
  lxw_workbook* book = workbook_new_opt(file.c_str(), &options);
  if (book == nullptr) return absl::InternalError(file.string() + "：写不了电子表格");
  lxw_doc_properties properties = {};
  std::string author = "Dongxi";
  properties.author = author.data();
  properties.created = static_cast<time_t>(created_s > 0 ? created_s : kUnknownTime);  // 0 would mean now
  workbook_set_properties(book, &properties);
  Stop stopping(stop);
  lxw_error error = FillBook(book, tables, stopping);
  if (stopping.stopped()) {
    lxw_workbook_free(book);  // what closes it writes it
    return absl::CancelledError("the writing of the workbook was cancelled");
  }
  const lxw_error closed = workbook_close(book);
  if (error == LXW_NO_ERROR) error = closed;
  if (error == LXW_NO_ERROR) return absl::OkStatus();
  return absl::InternalError(absl::StrCat(file.string(), "：写不了电子表格：", lxw_strerror(error)));
}

}  // namespace dongxi::report
