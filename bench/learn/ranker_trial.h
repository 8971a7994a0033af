// Is a learned ranker better than the linear fusion on queries that it has not seen? Pure functions; any
// thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/learn/learning_set.h"
#include "bench/quality/run_file.h"
#include "bench/quality/scores.h"
#include "bench/quality/significance.h"
#include "engine/match/learned_ranker.h"

namespace dongxi::bench {

struct TrialOptions {
  std::string target;  // result, partner or expert
  size_t folds = 5;
  TreeOptions trees;  // `monotone` is set by the functions below
  Measure measure;    // what the ranker is accepted by
  int rel = 1;
  int min_judged = 1;
  ChanceOptions chance;
};

struct TrainedRanker {
  BoostedTrees trees;
  double scale = 1;  // leaves are multiplied by it
  size_t rows = 0;
  size_t groups = 0;
  std::shared_ptr<const LearnedRanker> ranker;  // read back from the file's text
};

// Trains on the queries that `wanted` says true of. Internal if the engine's sum of the trees is not
// XGBoost's.
absl::StatusOr<TrainedRanker> TrainRanker(const std::vector<LearningQuery>& queries, bool judged_both_ways,
                                          const TrialOptions& options,
                                          const std::function<bool(const LearningQuery&)>& wanted);

// The list that the engine would make: the first kLearnedCandidates corrected, the rest behind them.
RankedDocuments RankWith(const LearnedRanker* ranker, const LearningQuery& query);

struct Trial {
  std::string measure;
  size_t queries = 0;
  double linear = 0, learned = 0;  // means; the learned one out of fold
  MeanInterval interval;           // 95 %, of the paired differences
  double p_value = 1;
  bool accepted = false;  // the interval's lower end is above 0
};

// Every query is ranked by a model of the other folds' queries. InvalidArgument if fewer than two folds have
// judged queries, and ScoreRun's errors.
absl::StatusOr<Trial> TryRanker(const std::vector<LearningQuery>& queries, const TrialOptions& options);

}  // namespace dongxi::bench
