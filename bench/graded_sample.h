// The sample catalogue with its labels and graded judgements, built and opened for matching in this process.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/built_data.h"
#include "bench/quality/qrels.h"
#include "bench/sample.h"
#include "bench/served_data.h"
#include "engine/match/match.h"

namespace dongxi::bench {

// The lists of an answer, in the order that reports show them.
inline constexpr size_t kLists = 3;
struct ListName {
  const char* name;
  RecordKind kind;
  const char* qrels;  // file of the sample
};
inline constexpr std::array<ListName, kLists> kListNames = {{
    {"results", RecordKind::kResult, "qrels-result.txt"},
    {"partners", RecordKind::kInstitution, "qrels-partner.txt"},
    {"experts", RecordKind::kExpert, "qrels-expert.txt"},
}};
inline constexpr int kAdequateGrade = 2;  // the lowest that solves at least a part of the need

struct GradedSample {
  std::map<std::string, Record> needs;
  std::vector<NeedLabel> labels;
  std::array<Qrels, kLists> qrels;
  std::unique_ptr<BuiltData> data;
};

// Errors name file and line, or the id: besides those of reading and building, InvalidArgument for a
// judgement or label of a need or candidate that the sample does not hold.
absl::StatusOr<GradedSample> OpenGradedSample(const std::filesystem::path& directory,
                                              const ProgramTables& tables, int threads);

// The question of a server for the need, on a day that never changes, so that figures do not either.
MatchQuestion SampleQuestion(Record need);

}  // namespace dongxi::bench
