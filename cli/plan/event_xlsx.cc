#include "cli/plan/event_xlsx.h"

#include <algorithm>

#include "cli/plan/xlsx_book.h"
#include "engine/base/status_macros.h"
#include "indexer/import/xlsx_reader.h"

namespace dongxi::cli {
namespace {

using plan::EventRow;
using plan::FieldSpec;
using plan::Problem;
using plan::SheetSpec;

constexpr size_t kRowsMax = 2'000'000;
constexpr char kInstructions[] = "填写说明";

std::string HeaderOf(const FieldSpec& field) {
  return std::string(field.header) + (field.required ? "*" : "");
}

const FieldSpec* FieldOf(const SheetSpec& sheet, std::string header) {
  while (!header.empty() && (header.back() == '*' || header.back() == ' ' || header.back() == '\n'))
    header.pop_back();
  for (const FieldSpec& field : sheet.fields) {
    if (header == field.header || header == field.key) return &field;
  }
  return nullptr;
}

// Reads one sheet: the first row with two known headers is the header.
class SheetReader {
 public:
  SheetReader(const SheetSpec& sheet, std::vector<EventRow>& rows, std::vector<Problem>& problems)
      : sheet_(sheet), rows_(rows), problems_(problems) {}

  absl::StatusOr<bool> Row(GridRow& row) {
    if (columns_.empty()) {
      Header(row);
      return true;
    }
    if (rows_.size() >= kRowsMax)
      return absl::InvalidArgumentError("表“" + std::string(sheet_.name) + "”行数太多");
    EventRow values{.place = {std::string(sheet_.name), row.number}};
    for (const GridCell& cell : row.cells) {
      if (cell.column >= columns_.size() || columns_[cell.column] == nullptr) continue;
      const FieldSpec& field = *columns_[cell.column];
      if (cell.complaint) {
        problems_.push_back(
            {values.place, std::string(field.header), cell.complaint->found, cell.complaint->remedy});
      } else if (!cell.text.empty()) {
        values.values[std::string(field.key)] = cell.text;
      }
    }
    if (!values.values.empty()) rows_.push_back(std::move(values));
    return true;
  }

  bool has_header() const { return !columns_.empty(); }

 private:
  void Header(const GridRow& row) {
    const auto known = std::count_if(row.cells.begin(), row.cells.end(), [&](const GridCell& cell) {
      return FieldOf(sheet_, cell.text) != nullptr;
    });
    if (known < 2) return;
    for (const GridCell& cell : row.cells) {
      if (cell.text.empty()) continue;
      columns_.resize(std::max(columns_.size(), cell.column + 1), nullptr);
      const FieldSpec* const field = FieldOf(sheet_, cell.text);
      if (field != nullptr) {
        const auto same = std::find(columns_.begin(), columns_.end(), field);
        if (same != columns_.end())
          Twice(row, *field, static_cast<size_t>(same - columns_.begin()), cell.column);
        else
          columns_[cell.column] = field;
        continue;
      }
      std::string all;
      for (const FieldSpec& field : sheet_.fields)
        all += (all.empty() ? "" : "、") + std::string(field.header);
      problems_.push_back({{std::string(sheet_.name), row.number},
                           cell.text,
                           "没有这一列，不会读它",
                           "列名可写：" + all,
                           false});
    }
  }

  // Which of the two is meant nobody can tell.
  void Twice(const GridRow& row, const FieldSpec& field, size_t first, size_t second) {
    problems_.push_back(
        {{std::string(sheet_.name), row.number},
         std::string(field.header),
         "这一列写了两次：第 " + std::to_string(first + 1) + " 列和第 " + std::to_string(second + 1) + " 列",
         "合并这两列，只留一列"});
  }

  const SheetSpec& sheet_;
  std::vector<EventRow>& rows_;
  std::vector<Problem>& problems_;
  std::vector<const FieldSpec*> columns_;
};

void WriteInstructions(XlsxBook& book) {
  book.Sheet(kInstructions, {"表", "列", "必填", "怎么填", "示例", "JSON 的键"}, {12, 14, 8, 60, 30, 18});
  for (const SheetSpec& sheet : plan::Sheets()) {
    book.Text(0, sheet.name);
    book.Text(3, sheet.help);
    book.Text(5, sheet.key);
    book.NextRow();
    for (const FieldSpec& field : sheet.fields) {
      book.Text(0, sheet.name);
      book.Text(1, field.header);
      book.Text(2, field.required ? "必填" : "");
      book.Text(3, field.help);
      book.Text(4, field.example);
      book.Text(5, field.key);
      book.NextRow();
    }
  }
}

std::string SheetNames() {
  std::string all;
  for (const SheetSpec& spec : plan::Sheets()) all += (all.empty() ? "" : "、") + std::string(spec.name);
  return all;
}

// A sheet under another name is not read: it may be one of the event's with its name mistyped.
absl::Status WarnOfOtherSheets(const XlsxWorkbook& book, std::vector<Problem>* problems) {
  for (const XlsxSheet& sheet : book.sheets()) {
    const bool known = sheet.name == kInstructions ||
                       std::any_of(plan::Sheets().begin(), plan::Sheets().end(), [&](const SheetSpec& spec) {
                         return sheet.name == spec.name || sheet.name == spec.key;
                       });
    if (known) continue;
    DX_ASSIGN_OR_RETURN(const SheetScan scan, book.Scan(sheet));
    if (!scan.has_rows) continue;
    Problem& problem = problems->emplace_back();
    problem.place.sheet = sheet.name;
    problem.what = "没有读：活动没有叫这个名字的表";
    problem.remedy = "如是活动的表，改名为其中之一：" + SheetNames();
    problem.fatal = false;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<plan::EventTables> ReadEventXlsx(std::string_view bytes, std::vector<Problem>* problems) {
  if (IsOle2(bytes)) return Ole2Error(bytes);
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<XlsxWorkbook> book, XlsxWorkbook::Open(bytes));
  plan::EventTables tables;
  for (const SheetSpec& spec : plan::Sheets()) {
    for (const XlsxSheet& sheet : book->sheets()) {
      if (sheet.name != spec.name && sheet.name != spec.key) continue;
      DX_ASSIGN_OR_RETURN(const SheetScan scan, book->Scan(sheet));
      std::vector<EventRow>& rows = tables[std::string(spec.key)];
      SheetReader reader(spec, rows, *problems);
      DX_RETURN_IF_ERROR(book->Read(sheet, scan.merges, 1,
                                    [&](GridRow& row) -> absl::StatusOr<bool> { return reader.Row(row); }));
      if (scan.has_rows && !reader.has_header()) {
        Problem& problem = problems->emplace_back();
        problem.place = {std::string(spec.name), 1};
        problem.what = "没有找到列名行";
        problem.remedy = "用 dongxi plan template 生成模板，不要改列名";
      }
    }
  }
  if (!tables.empty()) {
    DX_RETURN_IF_ERROR(WarnOfOtherSheets(*book, problems));
    return tables;
  }
  const std::string all = SheetNames();
  return absl::InvalidArgumentError("没有一张表叫：" + all + "；改法：用 dongxi plan template 生成模板再填");
}

absl::Status WriteEventXlsx(const plan::EventTables& tables, const std::filesystem::path& file) {
  XlsxBook book(file);
  for (const SheetSpec& sheet : plan::Sheets()) {
    std::vector<std::string> headers;
    std::vector<double> widths;
    for (const FieldSpec& field : sheet.fields) {
      headers.push_back(HeaderOf(field));
      const bool is_long =
          field.key == "name" || field.key == "title" || field.key == "reason" || field.key == "slots";
      widths.push_back(is_long ? 28 : 13);
    }
    book.Sheet(std::string(sheet.name), headers, widths);
    const auto found = tables.find(sheet.key);
    if (found == tables.end()) continue;
    for (const EventRow& row : found->second) {
      int column = 0;
      for (const FieldSpec& field : sheet.fields) {
        const auto value = row.values.find(field.key);
        if (value != row.values.end()) book.Text(column, value->second);
        ++column;
      }
      book.NextRow();
    }
  }
  WriteInstructions(book);
  return book.Close();
}

}  // namespace dongxi::cli
