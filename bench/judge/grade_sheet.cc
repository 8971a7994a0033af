#include "bench/judge/grade_sheet.h"

#include <array>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include "bench/judge/pool_sheet.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/text/normalize.h"
#include "indexer/import/csv_reader.h"
#include "indexer/import/header_row.h"
#include "indexer/import/text_encoding.h"
#include "indexer/import/xlsx_reader.h"

namespace dongxi::bench {
namespace {

constexpr std::array<std::string_view, 4> kRequired = {kNumberColumn, kNeedColumn, kCandidateColumn,
                                                       kGradeColumn};

using ColumnOfName = std::map<std::string, size_t, std::less<>>;

struct Header {
  uint64_t row = 0;
  ColumnOfName columns;
};

std::string Trimmed(std::string_view text) {
  constexpr std::string_view kSpaces[] = {" ", "\t", "\r", "\n", "\u3000", "\u00A0"};
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view space : kSpaces) {
      if (text.starts_with(space)) text.remove_prefix(space.size()), more = true;
      if (text.ends_with(space)) text.remove_suffix(space.size()), more = true;
    }
  }
  return std::string(text);
}

// The first row that has all required columns. Nothing if there is none; a column twice is an error.
absl::StatusOr<std::optional<Header>> FindGradeHeader(const std::vector<GridRow>& rows,
                                                      const SourcePlace& place) {
  for (const GridRow& row : rows) {
    if (row.number > kHeaderRowsMax) break;
    Header header{row.number, {}};
    std::string twice;
    for (const GridCell& cell : row.cells) {
      const std::string name = Trimmed(cell.text);
      if (!name.empty() && !header.columns.emplace(name, cell.column).second) twice = name;
    }
    bool complete = true;
    for (const std::string_view name : kRequired) complete = complete && header.columns.contains(name);
    if (!complete) continue;
    if (twice.empty()) return std::optional<Header>(header);
    Problems problems;
    problems.Add({{place.file, place.sheet, row.number}, "", ""},
                 {"表头里有两个“" + twice + "”列", "每列一次", "删去多余的一列"});
    return problems.ToStatus();
  }
  return std::optional<Header>();
}

absl::Status FileProblem(const std::string& file, const Complaint& complaint) {
  Problems problems;
  problems.Add({{file, "", 0}, "", ""}, complaint);
  return problems.ToStatus();
}

absl::Status NoHeader(const std::string& file) {
  return FileProblem(file, {"前 20 行里没有表头", "含“编号”“需求编号”“候选编号”“等级”的一行",
                            "用 judge pool 写出的评判表填写，不要改列名"});
}

class RowMaker {
 public:
  RowMaker(const Header& header, SourcePlace place) : header_(header), place_(std::move(place)) {}

  GradeRow Make(const GridRow& row) const {
    GradeRow made;
    made.place = place_;
    made.place.row = row.number;
    made.number = CellOf(row, kNumberColumn);
    made.need = CellOf(row, kNeedColumn);
    made.candidate = CellOf(row, kCandidateColumn);
    made.grade = CellOf(row, kGradeColumn);
    made.need_title = CellOf(row, kNeedTitleColumn).text;
    made.candidate_title = CellOf(row, kCandidateTitleColumn).text;
    made.remark = CellOf(row, kRemarkColumn).text;
    if (!row.complaints.empty()) made.number.complaint = row.complaints.front();
    return made;
  }

 private:
  GradeCell CellOf(const GridRow& row, std::string_view name) const {
    const auto column = header_.columns.find(name);
    if (column == header_.columns.end()) return {};
    GradeCell made{"", ColumnLetters(column->second), {}};
    for (const GridCell& cell : row.cells) {
      if (cell.column != column->second) continue;
      made.text = Trimmed(cell.text);
      made.complaint = cell.complaint;
    }
    return made;
  }

  const Header& header_;
  SourcePlace place_;
};

bool IsBlank(const GradeRow& row) {
  const auto blank = [](const GradeCell& cell) { return cell.text.empty() && !cell.complaint; };
  return blank(row.number) && blank(row.need) && blank(row.candidate);
}

GridSink KeepRows(const RowMaker& maker, uint64_t header_row, GradeSheet& sheet) {
  return [&maker, header_row, &sheet](GridRow& row) -> absl::StatusOr<bool> {
    if (row.number <= header_row) return true;
    GradeRow made = maker.Make(row);
    if (!IsBlank(made)) sheet.rows.push_back(std::move(made));
    return true;
  };
}

absl::Status ReadXlsx(std::string_view bytes, GradeSheet& sheet) {
  const auto workbook = XlsxWorkbook::Open(bytes);
  if (!workbook.ok()) return FileProblem(sheet.file, ToComplaint(workbook.status()));
  bool has_header = false;
  for (const XlsxSheet& one : (*workbook)->sheets()) {
    const SourcePlace place{sheet.file, one.name, 0};
    const absl::StatusOr<SheetScan> scan = (*workbook)->Scan(one);
    if (!scan.ok()) return FileProblem(sheet.file + "［" + one.name + "］", ToComplaint(scan.status()));
    DX_ASSIGN_OR_RETURN(const std::optional<Header> header, FindGradeHeader(scan->first_rows, place));
    if (!header) continue;
    has_header = true;
    const RowMaker maker(*header, place);
    const absl::Status read =
        (*workbook)->Read(one, scan->merges, header->row + 1, KeepRows(maker, header->row, sheet));
    if (!read.ok()) return FileProblem(sheet.file + "［" + one.name + "］", ToComplaint(read));
  }
  return has_header ? absl::OkStatus() : NoHeader(sheet.file);
}

absl::Status ReadCsvSheet(std::string_view bytes, GradeSheet& sheet) {
  const absl::StatusOr<DecodedText> decoded = DecodeText(bytes);
  if (!decoded.ok()) return FileProblem(sheet.file, ToComplaint(decoded.status()));
  for (const char delimiter : {',', '\t', ';'}) {
    std::vector<GridRow> first;
    DX_RETURN_IF_ERROR(ReadCsv(decoded->text(), delimiter, [&first](GridRow& row) -> absl::StatusOr<bool> {
      first.push_back(row);
      return row.number < kHeaderRowsMax;
    }));
    DX_ASSIGN_OR_RETURN(const std::optional<Header> header, FindGradeHeader(first, {sheet.file, "", 0}));
    if (!header) continue;
    const RowMaker maker(*header, {sheet.file, "", 0});
    return ReadCsv(decoded->text(), delimiter, KeepRows(maker, header->row, sheet));
  }
  return NoHeader(sheet.file);
}

}  // namespace

absl::StatusOr<GradeSheet> ReadGradeSheet(const std::filesystem::path& file) {
  DX_ASSIGN_OR_RETURN(const auto map, MappedFile::Open(file));
  const std::string_view bytes = map->bytes();
  GradeSheet sheet{file.string(), {}};
  if (bytes.empty()) return FileProblem(sheet.file, {"空文件", "填好的评判表", "检查文件是否保存成功"});
  if (IsOle2(bytes)) return FileProblem(sheet.file, ToComplaint(Ole2Error(bytes)));
  DX_RETURN_IF_ERROR(bytes.starts_with("PK") ? ReadXlsx(bytes, sheet) : ReadCsvSheet(bytes, sheet));
  if (sheet.rows.empty())
    return FileProblem(sheet.file, {"表头下没有一行", "填好的评判表", "用 judge pool 写出的评判表填写"});
  return sheet;
}

}  // namespace dongxi::bench
