#include "indexer/import/importer.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/base/files.h"
#include "engine/text/normalize.h"
#include "indexer/import/csv_reader.h"
#include "indexer/import/header_row.h"
#include "indexer/import/import_run.h"
#include "indexer/import/jsonl_reader.h"
#include "indexer/import/xlsx_reader.h"

namespace dongxi {
namespace {

constexpr std::string_view kInstructionsSheet = "填写说明";  // of our own templates
constexpr size_t kUnknownKeysMax = 1'000;

Complaint NoHeader() {
  return {"前 20 行里没有表头", "一行表头，至少有编号或名称和另一个认识的列",
          "使用 docs/templates 中的模板，或把列名改成模板中的列名"};
}
Complaint NoKind() {
  return {"看不出是哪一类记录", "机构、专家、成果、需求 或 佐证",
          "给出 --kind，把工作表或文件命名为其中一类，或增加“记录种类”列"};
}

// Values by header; cells right of the header or under no header are named in `stray`.
SourceRow ToSourceRow(GridRow& row, const HeaderRow& header, const SourcePlace& place,
                      std::set<size_t>& stray) {
  SourceRow source;
  source.place = place;
  source.place.row = row.number;
  source.complaints = std::move(row.complaints);
  for (GridCell& cell : row.cells) {
    const bool has_header = cell.column < header.names.size() && !header.names[cell.column].empty();
    if (!has_header) {
      if (stray.size() < kColumnsMax) stray.insert(cell.column);
      continue;
    }
    SourceValue value;
    value.header = header.names[cell.column];
    value.items.push_back(std::move(cell.text));
    value.is_date = cell.is_date;
    value.complaint = std::move(cell.complaint);
    source.values.push_back(std::move(value));
  }
  return source;
}

std::vector<std::string> NamesOf(const HeaderRow& header) {
  std::vector<std::string> names;
  for (const std::string& name : header.names) {
    if (!name.empty()) names.push_back(name);
  }
  return names;
}

void NoticeStray(ImportRun& run, const SourcePlace& place, const std::set<size_t>& stray) {
  if (stray.empty()) return;
  std::string letters;
  for (const size_t column : stray) {
    if (letters.size() < 60) letters += (letters.empty() ? "" : "、") + ColumnLetters(column);
  }
  run.Notice(DisplayName(place) + "：" + letters + " 列没有表头，其中的内容未导入");
}

// ---- CSV

struct CsvLayout {
  char delimiter = ',';
  std::optional<HeaderRow> header;
};

// The delimiter under which the header is recognised best.
CsvLayout FindCsvLayout(std::string_view text, const KindChoice& choice) {
  CsvLayout best;
  for (const char delimiter : {',', '\t', ';'}) {
    std::vector<GridRow> rows;
    const GridSink keep = [&rows](GridRow& row) -> absl::StatusOr<bool> {
      if (row.number <= kHeaderRowsMax) rows.push_back(std::move(row));
      return rows.size() < kHeaderRowsMax && row.number < kHeaderRowsMax;
    };
    if (!ReadCsv(text, delimiter, keep).ok()) continue;
    std::optional<HeaderRow> header = FindHeader(rows, choice.kind);
    if (header && (!best.header || header->recognised > best.header->recognised)) {
      best = {delimiter, std::move(header)};
    }
  }
  return best;
}

bool HasKindColumn(const std::vector<std::string>& names, const KindChoice& choice) {
  return std::any_of(names.begin(), names.end(), [&choice](const std::string& name) {
    return MeaningOf(choice.kind, name) == ColumnMeaning::kKind;
  });
}

// A `kind` column beats the file's name: columns are then checked for all kinds.
KindChoice ChoiceFor(const KindChoice& choice, const std::vector<std::string>& names) {
  if (choice.fixed || !HasKindColumn(names, choice)) return choice;
  return {};
}

absl::Status ImportCsv(ImportRun& run, const std::string& file, std::string_view bytes) {
  const SourcePlace place{file, "", 0};
  const absl::StatusOr<DecodedText> decoded = DecodeText(bytes, run.options().encoding);
  if (!decoded.ok()) {
    run.StartFile(file, "");
    run.report().Add(place, "", ToComplaint(decoded.status()));
    return absl::OkStatus();
  }
  run.StartFile(file, "CSV " + std::string(NameOf(decoded->encoding())));
  const std::string_view text = decoded->text();
  KindChoice choice = run.ChooseKind(file, "");
  CsvLayout layout = FindCsvLayout(text, choice);
  if (!layout.header && !choice.fixed) layout = FindCsvLayout(text, {});
  if (!layout.header) {
    run.report().Add(place, "", NoHeader());
    return absl::OkStatus();
  }
  const std::vector<std::string> names = NamesOf(*layout.header);
  choice = ChoiceFor(choice, names);
  if (!choice.kind && !HasKindColumn(names, choice)) {
    run.report().Add(place, "", NoKind());
    return absl::OkStatus();
  }
  if (!run.CheckColumns(place, choice, names)) return absl::OkStatus();
  std::set<size_t> stray;
  const size_t width = layout.header->names.size();
  const absl::Status status = ReadCsv(text, layout.delimiter, [&](GridRow& row) -> absl::StatusOr<bool> {
    if (row.number <= layout.header->last_row) return true;
    if (!row.cells.empty() && row.cells.back().column >= width) {
      // Usually a delimiter in a cell without quotes: what follows would stand in the wrong columns.
      row.complaints.push_back({std::to_string(row.cells.back().column + 1) + " 个单元格，表头只有 " +
                                    std::to_string(width) + " 列",
                                "与表头列数相同", "含有分隔符的单元格要加双引号"});
    }
    return run.AddRow(ToSourceRow(row, *layout.header, place, stray), choice);
  });
  NoticeStray(run, place, stray);
  return status;
}

// ---- JSONL

// The keys of all rows by kind, so that a file with an unknown key is refused before any row is imported.
bool CheckKeys(ImportRun& run, const std::string& file, std::string_view text, const KindChoice& choice) {
  std::map<std::optional<RecordKind>, std::set<std::string, std::less<>>> keys;
  size_t count = 0;
  const absl::Status scanned = ReadJsonLines(text, file, [&](SourceRow& row) -> absl::StatusOr<bool> {
    std::vector<ColumnProblem> ignored;
    const std::optional<RecordKind> kind = run.mapper().KindOf(row, choice, &ignored);
    if (!kind) return true;  // such a row is refused anyway
    auto& of_kind = keys[kind];
    for (const SourceValue& value : row.values) {
      if (of_kind.contains(value.header) || count >= kUnknownKeysMax) continue;
      of_kind.emplace(value.header);
      ++count;
    }
    return true;
  });
  bool usable = scanned.ok();
  for (const auto& [kind, names] : keys) {
    // Two keys of one field are judged row by row: rows may use different ones.
    std::vector<std::string> once;
    std::set<const FieldSpec*> fields;
    for (const std::string& name : names) {
      const FieldSpec* spec = FindField(*kind, name);
      if (spec == nullptr || fields.insert(spec).second) once.push_back(name);
    }
    usable = run.CheckColumns({file, "", 0}, {kind, false, ""}, once) && usable;
  }
  return usable;
}

absl::Status ImportJsonLines(ImportRun& run, const std::string& file, std::string_view bytes) {
  DecodedText decoded(bytes, TextEncoding::kUtf8);
  const bool has_utf16_mark = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
  if (has_utf16_mark || run.options().encoding) {
    absl::StatusOr<DecodedText> converted = DecodeText(bytes, run.options().encoding);
    if (!converted.ok()) {
      run.StartFile(file, "");
      run.report().Add({file, "", 0}, "", ToComplaint(converted.status()));
      return absl::OkStatus();
    }
    decoded = *std::move(converted);
  }
  run.StartFile(file, "JSONL");
  const std::string_view text = decoded.text();
  const size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first != std::string_view::npos && text[first] == '[') {
    run.report().Add(
        {file, "", 0}, "",
        {"整个文件是一个 JSON 数组", "JSONL：一行一个对象", "去掉方括号和行末逗号，每行写一个对象"});
    return absl::OkStatus();
  }
  const KindChoice choice = run.ChooseKind(file, "");
  if (!CheckKeys(run, file, text, choice)) return absl::OkStatus();
  return ReadJsonLines(text, file, [&](SourceRow& row) { return run.AddRow(row, choice); });
}

// ---- XLSX

struct SheetPlan {
  const XlsxSheet* sheet = nullptr;
  SheetScan scan;
  HeaderRow header;
  KindChoice choice;
};

std::string_view TrimSpaces(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// The kind that the sheet's name gives against the one asked for, if that leaves the sheet out.
std::optional<RecordKind> OtherKindOf(const std::string& sheet, const ImportOptions& options,
                                      const XlsxWorkbook& workbook) {
  if (!options.kind) return std::nullopt;
  const std::optional<RecordKind> named =
      options.any_sheet ? KindOfWord(TrimSpaces(sheet)) : KindOfName(sheet);
  if (!named || named == options.kind) return std::nullopt;
  const auto& sheets = workbook.sheets();
  const bool beside_asked = std::any_of(sheets.begin(), sheets.end(), [&options](const XlsxSheet& other) {
    return KindOfName(other.name) == options.kind;
  });
  return options.any_sheet && !beside_asked ? std::nullopt : named;
}

// Why a sheet is left out, "" if it is not; fills the plan.
std::string PlanSheet(const ImportRun& run, const SourcePlace& place, const XlsxWorkbook& workbook,
                      SheetPlan& plan) {
  if (!plan.scan.has_rows) return "空表";
  if (const std::optional<RecordKind> other = OtherKindOf(place.sheet, run.options(), workbook); other) {
    return "按名称是" + std::string(ChineseNameOf(*other)) + "，与 " + run.options().kind_from + " 不符";
  }
  plan.choice = run.ChooseKind(place.file, place.sheet);
  std::optional<HeaderRow> header = FindHeader(plan.scan.first_rows, plan.choice.kind, plan.scan.merges);
  if (!header && !plan.choice.fixed) header = FindHeader(plan.scan.first_rows, {}, plan.scan.merges);
  if (!header) return "前 20 行里没有表头";
  plan.header = *std::move(header);
  const std::vector<std::string> names = NamesOf(plan.header);
  plan.choice = ChoiceFor(plan.choice, names);
  if (!plan.choice.kind && !HasKindColumn(names, plan.choice)) {
    return "看不出是哪一类记录；给出 --kind，或把工作表命名为机构、专家、成果、需求、佐证";
  }
  return "";
}

// All sheets are planned and checked before a row of any is imported. Nothing if the file cannot be imported.
std::vector<SheetPlan> PlanSheets(ImportRun& run, const std::string& file, const XlsxWorkbook& workbook) {
  std::vector<SheetPlan> plans;
  std::vector<std::string> skipped;
  bool usable = true;
  for (const XlsxSheet& sheet : workbook.sheets()) {
    if (TrimSpaces(sheet.name) == kInstructionsSheet) continue;
    const SourcePlace place{file, sheet.name, 0};
    SheetPlan plan;
    plan.sheet = &sheet;
    absl::StatusOr<SheetScan> scan = workbook.Scan(sheet);
    if (!scan.ok()) {
      run.report().Add(place, "", ToComplaint(scan.status()));
      usable = false;
      continue;
    }
    plan.scan = *std::move(scan);
    const std::string reason = PlanSheet(run, place, workbook, plan);
    if (!reason.empty()) {
      skipped.push_back("工作表“" + sheet.name + "”已跳过：" + reason);
      continue;
    }
    usable = run.CheckColumns(place, plan.choice, NamesOf(plan.header)) && usable;
    if (sheet.hidden) run.Notice(DisplayName(place) + "：这是隐藏的工作表，也会导入");
    plans.push_back(std::move(plan));
  }
  for (const std::string& text : skipped) run.Notice(file + "：" + text);
  if (plans.empty() && usable) {
    Complaint complaint = NoHeader();
    complaint.found = skipped.empty() ? "没有可导入的工作表" : skipped.front();
    run.report().Add({file, "", 0}, "", complaint);
  }
  if (!usable) plans.clear();
  return plans;
}

absl::Status ImportSheet(ImportRun& run, const std::string& file, const XlsxWorkbook& workbook,
                         const SheetPlan& plan) {
  const SourcePlace place{file, plan.sheet->name, 0};
  std::set<size_t> stray;
  uint64_t hidden = 0;
  absl::Status sink_status;
  const absl::Status status = workbook.Read(
      *plan.sheet, plan.scan.merges, plan.header.last_row + 1, [&](GridRow& row) -> absl::StatusOr<bool> {
        if (row.hidden) ++hidden;
        const absl::StatusOr<bool> more =
            run.AddRow(ToSourceRow(row, plan.header, place, stray), plan.choice);
        sink_status = more.status();
        return more;
      });
  if (!sink_status.ok()) return sink_status;
  if (!status.ok()) run.report().Add(place, "", ToComplaint(status));
  if (hidden > 0)
    run.Notice(DisplayName(place) + "：隐藏行也会导入，其中有 " + std::to_string(hidden) + " 个隐藏行");
  NoticeStray(run, place, stray);
  return absl::OkStatus();
}

absl::Status ImportXlsx(ImportRun& run, const std::string& file, std::string_view bytes) {
  const auto workbook = XlsxWorkbook::Open(bytes);
  if (!workbook.ok()) {
    run.StartFile(file, "");
    run.report().Add({file, "", 0}, "", ToComplaint(workbook.status()));
    return absl::OkStatus();
  }
  run.StartFile(file, "XLSX");
  for (const SheetPlan& plan : PlanSheets(run, file, **workbook)) {
    if (absl::Status status = ImportSheet(run, file, **workbook, plan); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// ---- Files

std::string LowerExtension(const std::filesystem::path& path) { return Normalize(path.extension().string()); }

// What is wrong with the file as a whole before its format matters.
std::optional<Complaint> CheckFile(std::string_view bytes, const std::string& extension) {
  if (bytes.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return Complaint{"空文件", "有表头和数据的文件", "检查导出是否成功"};
  }
  if (IsOle2(bytes)) return ToComplaint(Ole2Error(bytes));
  const bool is_zip = bytes.starts_with("PK");
  const bool is_html = bytes.starts_with("<") && !is_zip;
  if (is_html)
    return Complaint{"网页（HTML 或 XML）格式的表格", ".xlsx、.csv 或 .jsonl 文件",
                     "用 Excel 或 WPS 打开，另存为 .xlsx"};
  if (!is_zip &&
      (extension == ".xlsx" || extension == ".xlsm" || extension == ".xls" || extension == ".et")) {
    return Complaint{"扩展名是 " + extension + "，内容不是", "Excel 或 WPS 保存的 .xlsx 文件",
                     "用 Excel 或 WPS 打开，另存为 .xlsx；CSV 文件的扩展名要写 .csv"};
  }
  return std::nullopt;
}

absl::Status ImportBytes(ImportRun& run, const std::filesystem::path& path, std::string_view bytes) {
  const std::string file = path.string();
  const std::string extension = LowerExtension(path);
  std::optional<Complaint> complaint = CheckFile(bytes, extension);
  if (!complaint && bytes.starts_with("PK")) return ImportXlsx(run, file, bytes);
  if (!complaint && (extension == ".jsonl" || extension == ".ndjson" || extension == ".json")) {
    return ImportJsonLines(run, file, bytes);
  }
  if (!complaint && (extension == ".csv" || extension == ".tsv" || extension == ".txt")) {
    return ImportCsv(run, file, bytes);
  }
  if (!complaint) {
    complaint =
        Complaint{"扩展名 “" + extension + "”", ".xlsx、.csv、.tsv、.txt 或 .jsonl", "另存为其中一种格式"};
  }
  run.StartFile(file, "");
  run.report().Add({file, "", 0}, "", *complaint);
  return absl::OkStatus();
}

absl::Status ImportFile(ImportRun& run, const std::filesystem::path& path) {
  const absl::StatusOr<std::shared_ptr<const MappedFile>> map = MappedFile::Open(path);
  if (map.ok()) return ImportBytes(run, path, (*map)->bytes());
  run.StartFile(path.string(), "");
  run.report().Add({path.string(), "", 0}, "", ToComplaint(map.status()));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ImportReport> ReadRecords(const std::vector<std::filesystem::path>& files,
                                         const ImportOptions& options, const ImportVocabulary& vocabulary,
                                         const RecordSink& sink) {
  if (files.empty())
    return absl::InvalidArgumentError("no file to import: name at least one .jsonl, .csv or .xlsx");
  uint64_t illustrative = 0;
  const RecordSink counting = [&](Record record, const SourcePlace& place) {
    const bool is_sample = record.illustrative;
    absl::Status status = sink(std::move(record), place);
    if (status.ok() && is_sample) ++illustrative;
    return status;
  };
  ImportRun run(options, vocabulary, counting);
  for (const std::filesystem::path& file : files) {
    if (absl::Status status = ImportFile(run, file); !status.ok()) return status;
  }
  if (illustrative > 0) run.Notice(std::to_string(illustrative) + " 条记录标为示例数据，显示时会注明");
  return std::move(run.report());
}

}  // namespace dongxi
