#include "indexer/import/templates.h"

#include <xlsxwriter.h>

#include <span>
#include <vector>

#include "engine/record/field_schema.h"

namespace dongxi {
namespace {

constexpr lxw_row_t kValidatedRows = 10'000;

std::string HeaderOf(const FieldSpec& spec) {
  return std::string(spec.headers.front()) + (spec.required ? "*" : "");
}

bool IsLongText(FieldId id) {
  return id == FieldId::kText || id == FieldId::kWanted || id == FieldId::kIndicators;
}

double WidthOf(FieldId id) {
  if (IsLongText(id)) return 50;
  return id == FieldId::kTitle || id == FieldId::kOwners ? 36 : 18;
}

std::string CsvCell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

// The words that a cell may hold, for a drop-down list; empty if it is free.
std::vector<std::string> ChoicesOf(RecordKind kind, FieldId id) {
  if (id == FieldId::kIllustrative) return {"是", "否"};
  std::span<const CodeWords> set;
  if (id == FieldId::kType) set = TypeWords(kind);
  if (id == FieldId::kDisclosure) set = DisclosureWords();
  std::vector<std::string> words;
  for (const CodeWords& entry : set) words.emplace_back(entry.words.front());
  return words;
}

struct Formats {
  lxw_format* header = nullptr;
  lxw_format* required = nullptr;
  lxw_format* text = nullptr;
};

Formats AddFormats(lxw_workbook* book) {
  Formats formats{workbook_add_format(book), workbook_add_format(book), workbook_add_format(book)};
  for (lxw_format* format : {formats.header, formats.required}) {
    format_set_bold(format);
    format_set_border(format, LXW_BORDER_THIN);
    format_set_num_format(format, "@");
  }
  format_set_bg_color(formats.header, 0xDDEBF7);
  format_set_bg_color(formats.required, 0xFCE4D6);
  format_set_num_format(formats.text, "@");
  format_set_text_wrap(formats.text);
  format_set_align(formats.text, LXW_ALIGN_VERTICAL_TOP);
  return formats;
}

void WriteText(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, std::string_view text,
               lxw_format* format) {
  if (!text.empty()) worksheet_write_string(sheet, row, column, std::string(text).c_str(), format);
}

void AddChoices(lxw_worksheet* sheet, lxw_col_t column, std::vector<std::string> words) {
  if (words.empty()) return;
  std::vector<char*> list;
  for (std::string& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  lxw_data_validation validation = {};
  validation.validate = LXW_VALIDATION_TYPE_LIST;
  validation.value_list = list.data();
  worksheet_data_validation_range(sheet, 1, column, kValidatedRows, column, &validation);
}

void FillData(lxw_worksheet* sheet, RecordKind kind, const Formats& formats) {
  lxw_col_t column = 0;
  for (const FieldSpec& spec : FieldsOf(kind)) {
    worksheet_set_column(sheet, column, column, WidthOf(spec.id), formats.text);
    WriteText(sheet, 0, column, HeaderOf(spec), spec.required ? formats.required : formats.header);
    WriteText(sheet, 1, column, spec.example, formats.text);
    AddChoices(sheet, column, ChoicesOf(kind, spec.id));
    ++column;
  }
  worksheet_freeze_panes(sheet, 1, 2);
}

void FillInstructions(lxw_worksheet* sheet, RecordKind kind, const Formats& formats) {
  const std::string title = std::string(ChineseNameOf(kind)) +
                            "表填写说明：带 * 的列必填；第 2 "
                            "行是示例，填写前删去；不要改列名；不要填联系人、电话、邮箱，系统不存联系方式。";
  WriteText(sheet, 0, 0, title, nullptr);
  lxw_col_t column = 0;
  for (const std::string_view name : {"列名", "必填", "怎么填", "示例", "英文列名（JSONL 的键）"}) {
    WriteText(sheet, 2, column++, name, formats.header);
  }
  constexpr double kWidths[] = {18, 8, 60, 40, 24};
  for (lxw_col_t i = 0; i < 5; ++i) worksheet_set_column(sheet, i, i, kWidths[i], formats.text);
  lxw_row_t row = 3;
  for (const FieldSpec& spec : FieldsOf(kind)) {
    WriteText(sheet, row, 0, spec.headers.front(), formats.text);
    WriteText(sheet, row, 1, spec.required ? "必填" : "", formats.text);
    WriteText(sheet, row, 2, spec.expected, formats.text);
    WriteText(sheet, row, 3, spec.example, formats.text);
    WriteText(sheet, row, 4, spec.json, formats.text);
    ++row;
  }
}

std::string FieldTable(RecordKind kind) {
  std::string table =
      "### " + std::string(ChineseNameOf(kind)) + "（" + std::string(CollectionOf(kind)) + "）\n\n";
  table += "| 列名 | 必填 | 怎么填 | 示例 | JSONL 的键 | 也认识的列名 |\n|---|---|---|---|---|---|\n";
  for (const FieldSpec& spec : FieldsOf(kind)) {
    std::string others;
    for (size_t i = 1; i < spec.headers.size(); ++i)
      others += (others.empty() ? "" : "、") + std::string(spec.headers[i]);
    for (const std::string_view cell : {spec.headers.front(), std::string_view(spec.required ? "是" : ""),
                                        spec.expected, spec.example, spec.json, std::string_view(others)}) {
      table += cell.empty() ? "| " : "| " + std::string(cell) + " ";
    }
    table += "|\n";
  }
  return table + "\n";
}

std::string WordTable(std::string_view title, std::span<const CodeWords> set) {
  std::string table = "### " + std::string(title) + "\n\n| 词 | 代码 | 同义词 |\n|---|---|---|\n";
  for (const CodeWords& entry : set) {
    std::string others;
    for (size_t i = 1; i < entry.words.size(); ++i)
      others += (others.empty() ? "" : "、") + std::string(entry.words[i]);
    table +=
        "| " + std::string(entry.words.front()) + " | " + std::string(entry.code) + " | " + others + " |\n";
  }
  return table + "\n";
}

std::string FieldTables() {
  std::string tables = "\n";
  for (const RecordKind kind : kAllRecordKinds) tables += FieldTable(kind);
  for (const RecordKind kind : kAllRecordKinds) {
    if (!TypeWords(kind).empty())
      tables += WordTable(std::string(ChineseNameOf(kind)) + "类型", TypeWords(kind));
  }
  return tables + WordTable("适用条件", ConditionWords()) + WordTable("公开范围", DisclosureWords());
}

}  // namespace

std::string TemplateCsv(RecordKind kind) {
  std::string header, example;
  for (const FieldSpec& spec : FieldsOf(kind)) {
    if (!header.empty()) {
      header += ',';
      example += ',';
    }
    header += CsvCell(HeaderOf(spec));
    example += CsvCell(spec.example);
  }
  return "\xEF\xBB\xBF" + header + "\r\n" + example + "\r\n";
}

absl::Status WriteTemplateXlsx(RecordKind kind, const std::filesystem::path& file) {
  lxw_workbook* book = workbook_new(file.c_str());
  if (book == nullptr) return absl::InternalError(file.string() + ": cannot make a workbook");
  lxw_doc_properties properties = {};
  properties.created = 1767225600;  // 2026-01-01 UTC: the same bytes every time
  workbook_set_properties(book, &properties);
  const Formats formats = AddFormats(book);
  FillData(workbook_add_worksheet(book, std::string(ChineseNameOf(kind)).c_str()), kind, formats);
  FillInstructions(workbook_add_worksheet(book, "填写说明"), kind, formats);
  const lxw_error error = workbook_close(book);
  if (error == LXW_NO_ERROR) return absl::OkStatus();
  return absl::InternalError(file.string() + ": " + lxw_strerror(error) +
                             "; check that the folder exists and is writable");
}

absl::StatusOr<std::string> WithFieldTables(std::string_view page) {
  const size_t begin = page.find(kFieldTablesBegin);
  const size_t end = page.find(kFieldTablesEnd);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) {
    return absl::InvalidArgumentError(
        "docs/import.md: the markers of the generated tables are missing; restore them");
  }
  return std::string(page.substr(0, begin + kFieldTablesBegin.size())) + FieldTables() +
         std::string(page.substr(end));
}

}  // namespace dongxi
