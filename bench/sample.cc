#include "bench/sample.h"

#include <set>

#include "bench/json_lines.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

std::string TextOfValue(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

absl::StatusOr<Record> RecordOf(const nlohmann::json& object, RecordKind kind,
                                const ImportVocabulary& vocabulary) {
  Record record;
  record.kind = kind;
  for (const auto& [key, value] : object.items()) {
    if (value.is_null() || key.starts_with('_')) continue;
    const FieldSpec* spec = FindField(kind, key);
    if (spec == nullptr) return absl::InvalidArgumentError("unknown key \"" + key + "\"");
    std::vector<std::string> values;
    if (!value.is_array())
      values.push_back(TextOfValue(value));
    else
      for (const nlohmann::json& item : value) values.push_back(TextOfValue(item));
    const std::vector<FieldProblem> problems = SetField(record, *spec, values, vocabulary);
    if (!problems.empty()) {
      return absl::InvalidArgumentError("\"" + key + "\" is \"" + problems[0].found + "\"; expected " +
                                        problems[0].expected);
    }
  }
  return record;
}

}  // namespace

absl::StatusOr<Sample> ReadSample(const std::filesystem::path& directory,
                                  const ImportVocabulary& vocabulary) {
  Sample sample;
  for (const RecordKind kind : kAllRecordKinds) {
    std::vector<Record>& records = sample.records[kind];
    const std::filesystem::path file = directory / (std::string(CollectionOf(kind)) + ".jsonl");
    if (kind == RecordKind::kEvidence && !std::filesystem::exists(file)) continue;
    DX_RETURN_IF_ERROR(ReadJsonLines(file, [&](const nlohmann::json& object) -> absl::Status {
      DX_ASSIGN_OR_RETURN(Record record, RecordOf(object, kind, vocabulary));
      records.push_back(std::move(record));
      return absl::OkStatus();
    }));
  }
  DX_ASSIGN_OR_RETURN(sample.labels, ReadLabels(directory / "labels.jsonl"));
  return sample;
}

absl::StatusOr<std::vector<NeedLabel>> ReadLabels(const std::filesystem::path& file) {
  std::vector<NeedLabel> labels;
  std::set<std::string> needs;
  DX_RETURN_IF_ERROR(ReadJsonLines(file, [&](const nlohmann::json& object) -> absl::Status {
    const auto adequate = object.find("adequate");
    NeedLabel label = {.need = StringOf(object, "need"), .task = StringOf(object, "task")};
    if (label.need.empty() || label.task.empty() || adequate == object.end() || !adequate->is_boolean()) {
      return absl::InvalidArgumentError(
          "expected {\"need\": id, \"task\": id or \"none\", \"adequate\": true or false}");
    }
    if (!needs.insert(label.need).second)
      return absl::InvalidArgumentError("need " + label.need + " has two labels");
    label.adequate = adequate->get<bool>();
    if (label.task == "none") label.task.clear();
    labels.push_back(std::move(label));
    return absl::OkStatus();
  }));
  return labels;
}

}  // namespace dongxi::bench
