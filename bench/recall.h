// Recall of a vector index against the exact one. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "bench/statistics.h"
#include "engine/index/vector_index.h"

namespace dongxi::bench {

struct RecallResult {
  double recall = 0;         // mean over the queries
  double lowest = 1;         // of a single query
  size_t short_answers = 0;  // with fewer than k although k exist
  Spread milliseconds;       // of a search in `index`
};

// Searches `index` and `exact` (the same vectors) for the k nearest of every query. A neighbour counts as
// found if it is as near as the exact k-th nearest, within rounding: which of two equally near ones is
// returned does not matter. Queries without any known term (zero vectors) are passed over.
absl::StatusOr<RecallResult> MeasureRecall(const VectorIndex& index, const VectorIndex& exact,
                                           const Matrix& queries, int k, const DocSet* allowed);

// About `share` of all documents (at least one), at random, the same for the same seed.
DocSet RandomDocs(size_t documents, double share, uint64_t seed);

}  // namespace dongxi::bench
