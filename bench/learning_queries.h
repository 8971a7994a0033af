// A judged collection as a learned ranker is trained on it: every query asked of the server's engine. Any
// thread.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/learn/learning_set.h"
#include "bench/quality_engine.h"

namespace dongxi::bench {

// Queries in the order given, with folds, grades and engagements; of each the candidates that `dongxi-bench
// quality` would list with the same options, those beyond the first kLearnedCandidates only if they are
// judged. The learned ranker of the ranking file, if any, is not used. `progress(done, total)` may be null;
// it is called from one thread at a time. Errors: those of building and matching, with the query's id.
absl::StatusOr<std::vector<LearningQuery>> AskForLearning(
    const std::vector<Record>& records, const std::vector<TextQuery>& queries, const Qrels& qrels,
    const EngagementLabels& engagements, size_t folds, const QualityOptions& options,
    const std::function<void(size_t, size_t)>& progress);

}  // namespace dongxi::bench
