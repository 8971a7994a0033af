// Whether an offer can still be had: IP status and term, validity, an expert's place and load, an
// institution's existence, also that of the institutions behind a result or an expert. Pure functions; any
// thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "engine/record/record.h"
#include "engine/requirement/requirement.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

// Engagements of an expert that are under way, and how many he takes; 0: not known.
struct ExpertLoad {
  int open = 0, max = 0;
  bool with_this_need = false;  // the need asked about is one of `open`
};

struct LivenessInput {
  absl::CivilDay today;
  int open_matches = 0, open_matches_max = 0;  // as in ExpertLoad
};

// The heaviest that the words of a result's IP status (of its abstract where it has none, as far as they
// speak of its own right), of an expert's or an institution's text say of it.
struct LivenessWord {
  const LivenessRow* row = nullptr;  // never null
  std::string word;                  // as it stands there
  FieldSpan span;
};
std::optional<LivenessWord> HeaviestLivenessWord(const Record& record, const RequirementTables& tables);

// What speaks against (kContradictory: blocks, kShort: to be cleared first) or for (kMet) an offer that is
// still to be had; empty where nothing is known. An expert with as many engagements under way as he takes, or
// twice as many, is judged by the rows `load` and `overload` of the table. A patent is counted from its year:
// 20 years, a utility model or design 10 and 15 (《专利法》第四十二条), and said to be an estimate.
std::vector<RequirementVerdict> JudgeLiveness(const Record& offer, const LivenessInput& input,
                                              const RequirementTables& tables);
// The same where `heaviest` is known to be the offer's HeaviestLivenessWord.
std::vector<RequirementVerdict> JudgeLiveness(const Record& offer,
                                              const std::optional<LivenessWord>& heaviest,
                                              const LivenessInput& input, const RequirementTables& tables);

// What speaks against the institutions behind a result or an expert, by name: one that stopped, was renamed
// or merged, or whose entry has expired has to be cleared first (kShort). Where all of them stopped, nobody
// is left to sign: kContradictory. Nothing speaks for an offer here.
std::vector<RequirementVerdict> JudgeOwners(std::span<const Record* const> institutions, absl::CivilDay today,
                                            const RequirementTables& tables);

}  // namespace dongxi::requirement
