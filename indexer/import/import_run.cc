#include "indexer/import/import_run.h"

#include <algorithm>
#include <map>

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

std::string Join(const std::vector<std::string>& items) {
  std::string joined;
  for (const std::string& item : items)
    joined += (joined.empty() ? "“" : "、“") + CutCharacters(item, 40) + "”";
  return joined;
}

Complaint UnknownColumn(std::optional<RecordKind> kind, const std::string& column) {
  const std::vector<std::string> nearest = NearestHeaders(kind, column);
  Complaint complaint{"不认识的列 “" + CutCharacters(column, 40) + "”", "docs/import.md 中列出的列",
                      "改用模板中的列名，删去这一列，或用 --ignore-unknown-columns 忽略它"};
  if (!nearest.empty()) complaint.expected = "相近的列名：" + Join(nearest);
  return complaint;
}

}  // namespace

std::string DisplayName(const SourcePlace& place) {
  return place.sheet.empty() ? place.file : place.file + "［" + place.sheet + "］";
}

void ImportRun::StartFile(const std::string& file, const std::string& format) {
  report_.files.push_back({file, format, 0, 0, 0});
}

KindChoice ImportRun::ChooseKind(const std::string& file, const std::string& sheet) const {
  if (options_.kind) return {options_.kind, true, options_.kind_from};
  if (const std::optional<RecordKind> kind = KindOfName(sheet); kind) return {kind, true, "工作表名"};
  const std::filesystem::path name = std::filesystem::path(file).filename();
  return {KindOfName(name.stem().string()), false, "文件名"};
}

absl::StatusOr<bool> ImportRun::AddRow(const SourceRow& row, const KindChoice& choice) {
  ++report_.rows_read;
  ++report_.files.back().rows_read;
  MappedRow mapped = mapper_.Map(row, choice);
  if (options_.number_equal_ids && mapped.id_generated) NumberId(mapped.record);
  if (!mapped.record.id.empty()) {
    if (std::optional<Complaint> complaint = CheckUnique(mapped.record, row.place); complaint) {
      mapped.problems.push_back({"", *std::move(complaint)});
    }
  }
  if (!mapped.problems.empty()) {
    Reject(row.place, mapped.problems);
    return true;
  }
  const absl::Status status = sink_(std::move(mapped.record), row.place);
  if (absl::IsInvalidArgument(status)) {
    Complaint complaint = ToComplaint(status);
    if (complaint.remedy.empty()) complaint.remedy = "改正这一行后重新导入";
    Reject(row.place, {{"", std::move(complaint)}});
    return true;
  }
  if (!status.ok()) {
    std::string message = DisplayName(row.place) + " 第 " + std::to_string(row.place.row) + " 行: ";
    message.append(status.message().data(), status.message().size());
    return absl::Status(status.code(), message);
  }
  ++report_.accepted;
  ++report_.files.back().accepted;
  return true;
}

void ImportRun::Reject(const SourcePlace& place, const std::vector<ColumnProblem>& problems) {
  ++report_.rejected;
  ++report_.files.back().rejected;
  for (const ColumnProblem& problem : problems) report_.Add(place, problem.column, problem.complaint);
}

uint32_t ImportRun::PlaceIndex(const std::string& file, const std::string& sheet) {
  // Rows come file by file: the last place is nearly always the one.
  if (places_.empty() || places_.back().file != file || places_.back().sheet != sheet)
    places_.push_back({file, sheet, 0});
  return static_cast<uint32_t>(places_.size() - 1);
}

void ImportRun::NumberId(Record& record) const {
  const std::string id = record.id;
  for (int number = 2; ids_.contains(ResourceName(record.kind, record.id)); ++number)
    record.id = id + "-" + std::to_string(number);
}

std::optional<Complaint> ImportRun::CheckUnique(const Record& record, const SourcePlace& place) {
  const Seen here{PlaceIndex(place.file, place.sheet), place.row};
  const auto [known, is_new] = ids_.emplace(ResourceName(record.kind, record.id), here);
  if (is_new) return std::nullopt;
  const Seen& first = known->second;
  std::string where = first.place == here.place ? "" : DisplayName(places_[first.place]) + " ";
  where += "第 " + std::to_string(first.row) + " 行";
  return Complaint{
      "编号 " + record.id + " 与" + where + "相同（本行是第 " + std::to_string(place.row) + " 行）",
      "同类记录中不重复的编号", "改正其中一行的编号，或删去重复的一行"};
}

bool ImportRun::CheckColumns(const SourcePlace& place, const KindChoice& choice,
                             const std::vector<std::string>& columns) {
  std::vector<std::string> contact, unknown;
  std::map<const FieldSpec*, std::string> by_field;
  bool usable = true;
  for (const std::string& column : columns) {
    const ColumnMeaning meaning = MeaningOf(choice.kind, column);
    if (meaning == ColumnMeaning::kContact) contact.push_back(column);
    if (meaning == ColumnMeaning::kUnknown) unknown.push_back(column);
    const FieldSpec* spec = choice.kind ? FindField(*choice.kind, column) : nullptr;
    if (spec == nullptr) continue;
    const auto [known, is_new] = by_field.emplace(spec, column);
    if (is_new) continue;
    report_.Add(place, column,
                {"与列 “" + known->second + "” 含义相同", "每项内容一列", "合并这两列，或删去一列"});
    usable = false;
  }
  if (!contact.empty()) Notice(DisplayName(place) + "：联系方式不入库，未导入的列：" + Join(contact));
  if (unknown.empty()) return usable;
  if (options_.ignore_unknown_columns) {
    Notice(DisplayName(place) + "：按要求忽略不认识的列：" + Join(unknown));
    return usable;
  }
  for (const std::string& column : unknown) report_.Add(place, column, UnknownColumn(choice.kind, column));
  Notice(DisplayName(place) + "：有不认识的列，这个文件没有导入任何一行");
  return false;
}

}  // namespace dongxi
