// What the metrics say of the generation that is served. Any thread.
#pragma once

#include "absl/time/time.h"
#include "server/metrics.h"
#include "server/serving_state.h"

namespace dongxi {

// Sets the gauges of the generation's age, its sequence and its delta: 0 if `served` is null. One that asks
// no remote embedder ends what was told of the health of one.
void MeasureGeneration(const Snapshot* served, absl::Time now, Metrics& metrics);

}  // namespace dongxi
