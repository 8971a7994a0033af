// What is new for a watch: the definition stands in proto/dongxi/v1/watch.proto. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "dongxi/v1/watch.pb.h"
#include "server/caller.h"
#include "server/deadline.h"
#include "server/serving_state.h"
#include "server/watch_store.h"
#include "store/catalogue.h"

namespace dongxi {

// Candidates of one list that the whole list of a watch is made of, at most.
inline constexpr int kWatchWholeListMax = 10'000;

struct WatchQuery {
  dongxi::v1::Watch watch;
  WatchCursor cursor;
  int limit = 0;  // items, at least 1
  dongxi::v1::MatchView view = dongxi::v1::MATCH_VIEW_BASIC;
};

// One page of news for the caller, matched with `snapshot`; it ends before its limit where its items would be
// longer than kPageBytesMax (catalogue_page.h). Only candidates that were touched are scored.
absl::StatusOr<dongxi::v1::PollWatchResponse> PollWatch(const CatalogueReader& catalogue,
                                                        const Snapshot& snapshot, const WatchQuery& query,
                                                        const Caller& caller, const RunLimits& limits);

}  // namespace dongxi
