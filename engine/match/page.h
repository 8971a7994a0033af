// What the two directions of a match do alike: check the settings, cut a page out of a ranked list.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/match/explain.h"
#include "engine/match/match.h"
#include "engine/match/ranked_list.h"

namespace dongxi {

// InvalidArgument names the setting that is out of its range.
absl::Status CheckSettings(const MatchSettings& settings);

// Candidates that a list must hold to fill the page and to know whether there are more.
size_t CandidatesNeeded(const MatchSettings& settings);

// Marks the candidates that a list has, so that later layers leave them out.
void MarkSeen(const std::vector<RankedCandidate>& candidates, std::vector<bool>& seen);
void LeaveOutSeen(const std::vector<bool>& seen, std::vector<RankedCandidate>& candidates);

// The page that `settings` ask for, explained. `no_adequate_match` speaks of the whole list.
absl::StatusOr<MatchList> PageOf(const ExplainInput& input, const MatchSettings& settings,
                                 const std::vector<RankedCandidate>& ranked);

}  // namespace dongxi
