#include "engine/match/page.h"

#include <algorithm>
#include <span>

#include "engine/base/status_macros.h"

namespace dongxi {

absl::Status CheckSettings(const MatchSettings& settings) {
  if (settings.limit < 1 || settings.limit > kMatchEntriesMax)
    return absl::InvalidArgumentError("limit out of range");
  if (settings.offset < 0) return absl::InvalidArgumentError("offset is negative");
  if (!(settings.policy_weight >= 0 && settings.policy_weight <= 1)) {
    return absl::InvalidArgumentError("policy_weight must lie in 0 to 1");
  }
  if (settings.per_institution_max < 1)
    return absl::InvalidArgumentError("per_institution_max must be at least 1");
  const Diversity& diversity = settings.diversity;
  if (!(diversity.lambda >= 0 && diversity.lambda <= kDiversityMax))
    return absl::InvalidArgumentError("diversity lambda out of range");
  if (!(diversity.region_share >= 0 && diversity.region_share <= 1))
    return absl::InvalidArgumentError("diversity region_share must lie in 0 to 1");
  return absl::OkStatus();
}

size_t CandidatesNeeded(const MatchSettings& settings) {
  return static_cast<size_t>(settings.offset) + static_cast<size_t>(settings.limit) + 1;
}

void MarkSeen(const std::vector<RankedCandidate>& candidates, std::vector<bool>& seen) {
  for (const RankedCandidate& candidate : candidates) seen[candidate.doc] = true;
}

void LeaveOutSeen(const std::vector<bool>& seen, std::vector<RankedCandidate>& candidates) {
  std::erase_if(candidates, [&seen](const RankedCandidate& candidate) { return seen[candidate.doc]; });
}

absl::StatusOr<MatchList> PageOf(const ExplainInput& input, const MatchSettings& settings,
                                 const std::vector<RankedCandidate>& ranked) {
  MatchList list;
  list.no_adequate_match = std::none_of(ranked.begin(), ranked.end(), [&](const RankedCandidate& candidate) {
    return candidate.adequacy >= input.context.ranking->adequacy_threshold;
  });
  const size_t begin = std::min(ranked.size(), static_cast<size_t>(settings.offset));
  const size_t end = std::min(ranked.size(), begin + static_cast<size_t>(settings.limit));
  list.more = end < ranked.size();
  DX_ASSIGN_OR_RETURN(list.entries, Explain(input, std::span(ranked).subspan(begin, end - begin)));
  return list;
}

}  // namespace dongxi
