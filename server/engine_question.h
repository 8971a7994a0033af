// From an occasion to what the engine asks for. Internal to server/match_*.cc.
#pragma once

#include <memory>
#include <utility>

#include "engine/match/matcher.h"
#include "server/catalogue_records.h"
#include "server/deadline.h"
#include "server/occasion.h"

namespace dongxi {

inline MatchContext ContextOf(const Occasion& occasion, std::shared_ptr<const RankingConfig> ranking,
                              const RecordSource& records) {
  const Snapshot& snapshot = *occasion.snapshot;
  return {snapshot.generation, snapshot.policy, std::move(ranking), &records, occasion.stages};
}

// What MatchSettings and SearchQuestion have in common.
template <typename Settings>
void SetOccasion(const Occasion& occasion, const RunLimits& limits, Settings& settings) {
  settings.viewer = occasion.viewer;
  settings.deadline = limits.deadline;
  settings.cancelled = limits.cancelled;
  settings.degraded = occasion.degraded;
}

inline CatalogueRecords RecordsOf(const CatalogueReader& catalogue, const Occasion& occasion) {
  return CatalogueRecords(catalogue, Caller{.viewer = occasion.viewer, .note = occasion.note},
                          occasion.snapshot->sequence);
}

}  // namespace dongxi
