// Variety in a ranked list. Internal to engine/match.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "engine/index/generation.h"
#include "engine/match/match.h"
#include "engine/match/ranked_list.h"

namespace dongxi {

// Puts the first kDiverseCandidates of `ranked` (in order of score) in the order that `diversity` says; the
// rest stays. Nothing changes with lambda 0.
absl::Status Diversify(const Collection& collection, const Diversity& diversity,
                       std::vector<RankedCandidate>& ranked);

}  // namespace dongxi
