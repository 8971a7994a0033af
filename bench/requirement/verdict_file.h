// Needs and offers with the verdicts that a careful official would give, labelled by hand:
// tests/requirement/verdicts.jsonl (its README says what the labels mean). Any thread.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/record/field_schema.h"
#include "engine/record/record.h"
#include "engine/requirement/requirement.h"

namespace dongxi::bench {

// The authors, each a part that is measured by itself too.
inline constexpr std::array<const char*, 7> kVerdictParts = {"a", "b", "c", "d", "e", "f", "g"};

struct LabelledVerdict {
  std::string about;  // as the author names it: 高海拔, 许可, 园区; empty for maturity and liveness
  std::string code;   // of the condition, the mode or the party (parties.tsv); empty likewise
  requirement::Outcome label = requirement::Outcome::kUnknown;
};

struct VerdictCase {
  std::string id;
  std::string part;                                                             // of kVerdictParts
  requirement::RequirementKind kind = requirement::RequirementKind::kMaturity;  // that the labels are of
  Record need, offer;
  std::vector<LabelledVerdict> verdicts;  // maturity and liveness: one, kUnknown if the file has none
};

// The records are as import takes them; `vocabulary` is the policy. Errors name file and line: NotFound;
// InvalidArgument for a record that import would refuse (also for a key that it does not know), an unknown
// part, kind, condition, mode, party or label, an id or a label that stands twice.
absl::StatusOr<std::vector<VerdictCase>> ReadVerdictCases(const std::filesystem::path& file,
                                                          const ImportVocabulary& vocabulary);

// As in the file: maturity, mode, party, condition, liveness; indicator, which it does not have.
std::string LabelOf(requirement::RequirementKind kind);

}  // namespace dongxi::bench
