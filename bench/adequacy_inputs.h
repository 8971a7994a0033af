// What the engine's probability of adequacy is computed from, for every candidate of a need. Pure functions;
// any thread.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/adequacy_fit.h"
#include "bench/graded_sample.h"
#include "engine/match/matcher.h"

namespace dongxi::bench {

// By list as in kListNames, then by the candidate's id: the documents that count for the candidate in the
// engine's list.
using CandidateInputs = std::array<std::map<std::string, std::vector<AdequacyInput>>, kLists>;

// Of all candidates that the need may be offered, not the best alone. Errors are those of matching.
absl::StatusOr<CandidateInputs> AdequacyInputs(const MatchContext& context, const Record& need);

// The highest probability of any candidate of any list; 0 without candidates.
double BestProbability(const AdequacyModel& model, const CandidateInputs& inputs);

}  // namespace dongxi::bench
