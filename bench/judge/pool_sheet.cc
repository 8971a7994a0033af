#include "bench/judge/pool_sheet.h"

#include <xlsxwriter.h>

#include <array>

#include "bench/judge/csv_text.h"

namespace dongxi::bench {
namespace {

constexpr size_t kSheetRowsMax = 1'048'576;

struct Column {
  std::string_view name;
  double width;
  std::string PoolSheetRow::*text;  // null where the judge writes
};
constexpr std::array<Column, 9> kColumns = {{
    {kNumberColumn, 16, &PoolSheetRow::number},
    {kNeedColumn, 12, &PoolSheetRow::need},
    {kNeedTitleColumn, 24, &PoolSheetRow::need_title},
    {kNeedTextColumn, 48, &PoolSheetRow::need_text},
    {kCandidateColumn, 12, &PoolSheetRow::candidate},
    {kCandidateTitleColumn, 28, &PoolSheetRow::candidate_title},
    {kCandidateTextColumn, 48, &PoolSheetRow::candidate_text},
    {kGradeColumn, 8, nullptr},
    {kRemarkColumn, 24, nullptr},
}};

struct GuideLine {
  const char* first;
  const char* second;
};
constexpr GuideLine kGuide[] = {
    {"怎样填", "在“评判”表的“等级”列逐行填 0、1、2 或 3。只看需求和候选的内容，不要与别的评判人商量。"},
    {"0 不相关", "候选与需求要解决的问题无关，或只是同属一个大行业。"},
    {"1 弱相关", "沾边：对象或方法有一部分相同，但解决不了这项需求。"},
    {"2 较强", "能解决需求的主要部分，或略作改动即可使用；值得安排双方联系。"},
    {"3 强", "正好针对这项需求，指标和条件基本相符；应优先推荐。"},
    {"拿不准",
     "在两级之间犹豫时填较低的一级，并在“备注”中写明原因。确实无法判断时等级留空，在“备注”中说明。"},
    {"次序", "次序是随机的，与好坏无关。同一项需求的候选排在一起，先读需求，再逐个看候选。"},
    {"不要改动",
     "不要改“编号”“需求编号”“候选编号”，不要增删行；可以筛选，排序时请选中整张表。填好后另存，文件名写上评判"
     "人代号。"},
    {"截短", "正文超过 32,767 字的，结尾以“…”表示已截短。"},
};

struct Formats {
  lxw_format* header = nullptr;
  lxw_format* text = nullptr;
  lxw_format* grade = nullptr;
};

Formats AddFormats(lxw_workbook* book) {
  Formats formats{workbook_add_format(book), workbook_add_format(book), workbook_add_format(book)};
  format_set_bold(formats.header);
  format_set_bg_color(formats.header, 0xDDEBF7);
  format_set_border(formats.header, LXW_BORDER_THIN);
  format_set_num_format(formats.text, "@");
  format_set_text_wrap(formats.text);
  format_set_align(formats.text, LXW_ALIGN_VERTICAL_TOP);
  format_set_bg_color(formats.grade, 0xFFF2CC);
  format_set_border(formats.grade, LXW_BORDER_THIN);
  format_set_align(formats.grade, LXW_ALIGN_CENTER);
  format_set_align(formats.grade, LXW_ALIGN_VERTICAL_TOP);
  return formats;
}

lxw_error WriteText(lxw_worksheet* sheet, lxw_row_t row, size_t column, std::string_view text,
                    lxw_format* format) {
  const std::string cell = CellText(text);
  const auto at = static_cast<lxw_col_t>(column);
  if (cell.empty()) return worksheet_write_blank(sheet, row, at, format);
  return worksheet_write_string(sheet, row, at, cell.c_str(), format);
}

void AddGradeList(lxw_worksheet* sheet, lxw_col_t column, lxw_row_t last_row) {
  std::string words[] = {"0", "1", "2", "3"};
  char* list[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  std::string title = "等级";
  std::string message = "请填 0 不相关、1 弱相关、2 较强 或 3 强";
  lxw_data_validation validation = {};
  validation.validate = LXW_VALIDATION_TYPE_LIST;
  validation.value_list = list;
  validation.error_title = title.data();
  validation.error_message = message.data();
  worksheet_data_validation_range(sheet, 1, column, last_row, column, &validation);
}

lxw_error FillRows(lxw_worksheet* sheet, const std::vector<PoolSheetRow>& rows, const Formats& formats) {
  for (size_t column = 0; column < kColumns.size(); ++column) {
    const auto at = static_cast<lxw_col_t>(column);
    const bool is_grade = kColumns[column].name == kGradeColumn;
    worksheet_set_column(sheet, at, at, kColumns[column].width, nullptr);
    lxw_error error = WriteText(sheet, 0, column, kColumns[column].name, formats.header);
    for (size_t row = 0; row < rows.size() && error == LXW_NO_ERROR; ++row) {
      const std::string_view text =
          kColumns[column].text ? rows[row].*kColumns[column].text : std::string_view();
      error = WriteText(sheet, static_cast<lxw_row_t>(row + 1), column, text,
                        is_grade ? formats.grade : formats.text);
    }
    if (error != LXW_NO_ERROR) return error;
    if (is_grade) AddGradeList(sheet, at, static_cast<lxw_row_t>(rows.size()));
  }
  worksheet_freeze_panes(sheet, 1, 3);
  worksheet_autofilter(sheet, 0, 0, static_cast<lxw_row_t>(rows.size()), kColumns.size() - 1);
  return LXW_NO_ERROR;
}

void FillGuide(lxw_worksheet* sheet, const Formats& formats) {
  worksheet_set_column(sheet, 0, 0, 14, nullptr);
  worksheet_set_column(sheet, 1, 1, 90, nullptr);
  lxw_row_t row = 0;
  for (const GuideLine& line : kGuide) {
    WriteText(sheet, row, 0, line.first, formats.header);
    WriteText(sheet, row++, 1, line.second, formats.text);
  }
}

absl::Status FileError(const std::filesystem::path& file, lxw_error error) {
  return absl::InternalError(file.string() + ": " + lxw_strerror(error) +
                             "; check that the folder exists and is writable");
}

}  // namespace

absl::Status WritePoolXlsx(const std::vector<PoolSheetRow>& rows, const std::filesystem::path& file) {
  if (rows.size() >= kSheetRowsMax) {
    return absl::InvalidArgumentError(
        file.string() + ": " + std::to_string(rows.size()) +
        " pairs; a sheet holds 1048575; use a smaller --depth or fewer queries");
  }
  lxw_workbook* book = workbook_new(file.c_str());
  if (book == nullptr) return absl::InternalError(file.string() + ": cannot make a workbook");
  lxw_doc_properties properties = {};
  properties.created = 1767225600;  // 2026-01-01 UTC: the same bytes every time
  workbook_set_properties(book, &properties);
  const Formats formats = AddFormats(book);
  const lxw_error filled =
      FillRows(workbook_add_worksheet(book, std::string(kJudgeSheet).c_str()), rows, formats);
  FillGuide(workbook_add_worksheet(book, std::string(kGuideSheet).c_str()), formats);
  const lxw_error closed = workbook_close(book);
  if (filled != LXW_NO_ERROR) return FileError(file, filled);
  return closed == LXW_NO_ERROR ? absl::OkStatus() : FileError(file, closed);
}

std::string PoolCsv(const std::vector<PoolSheetRow>& rows) {
  std::vector<std::string> cells;
  for (const Column& column : kColumns) cells.emplace_back(column.name);
  std::string text = std::string(kUtf8Mark) + CsvLine(cells);
  for (const PoolSheetRow& row : rows) {
    cells.clear();
    for (const Column& column : kColumns) cells.push_back(column.text ? row.*column.text : std::string());
    text += CsvLine(cells);
  }
  return text;
}

}  // namespace dongxi::bench
