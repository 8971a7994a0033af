// A remote embedder as a server may use it for queries: it bounds the time of a call and, once the endpoint
// has failed, does not ask it again for a while, so that a dead endpoint does not cost every query its
// timeout. Any thread.
#pragma once

#include <functional>
#include <memory>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/embed/embedder.h"

namespace dongxi {

struct EmbedderGuard {
  double deadline_share = 0.4;  // of the caller's time that is left, so that the search has the rest
  absl::Duration call_max = absl::Seconds(2);    // of one call, retries included
  int failures_max = 2;                          // in a row; then the endpoint rests
  absl::Duration rest_first = absl::Seconds(5);  // doubles with every failure after a rest
  absl::Duration rest_max = absl::Minutes(1);
  std::function<absl::Time()> now = [] { return absl::Now(); };
  // Called at the end of each Embed, also of one that failed at once. `healthy`: the endpoint does not rest.
  std::function<void(bool answered, bool healthy)> observe = [](bool, bool) {};
};

// Answers as `inner` does, in the bounds above. While the endpoint rests, Embed fails at once with
// Unavailable, which names the last problem; after the rest one call at a time tries it again. `optional()`
// is true. REQUIRES: inner is not null, 0 < deadline_share <= 1, failures_max >= 1, durations positive.
std::shared_ptr<const Embedder> NewGuardedEmbedder(std::shared_ptr<const Embedder> inner,
                                                   EmbedderGuard guard = {});

}  // namespace dongxi
