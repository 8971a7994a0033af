// The sample catalogue and its labels as they lie under data/sample/. Plain data.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/record/field_schema.h"
#include "engine/record/record.h"

namespace dongxi::bench {

// What a reader says of a need.
struct NeedLabel {
  std::string need;
  std::string task;      // Task::id; empty: none of the tasks ("none" in the file)
  bool adequate = true;  // the sample holds an adequate offer
};

struct Sample {
  std::map<RecordKind, std::vector<Record>> records;  // in the order of the files; every kind has an entry
  std::vector<NeedLabel> labels;
};

// institutions, experts, results, needs and evidence .jsonl; a missing evidence file counts as empty. Errors
// name file and line: a key or value that import would refuse as well.
absl::StatusOr<Sample> ReadSample(const std::filesystem::path& directory, const ImportVocabulary& vocabulary);

// Lines {"need", "task", "adequate"}. InvalidArgument: a key is missing, or a need stands twice.
absl::StatusOr<std::vector<NeedLabel>> ReadLabels(const std::filesystem::path& file);

}  // namespace dongxi::bench
