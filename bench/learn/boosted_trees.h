// Gradient boosted trees for ranking (LambdaMART: XGBoost's rank:ndcg) or for yes and no (its
// binary:logistic). The same rows and options give the
// same trees on every run: one thread, no sampling of rows. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace dongxi::bench {

// Rows of consecutive groups; only rows of one group are compared.
struct TreeRows {
  size_t columns = 0;
  std::vector<float> features;  // row after row
  std::vector<float> labels;    // grades, 0 and up
  std::vector<float> margins;   // the score that the trees correct
  std::vector<unsigned> group_sizes;
  std::vector<float> group_weights;
  size_t size() const { return labels.size(); }
};

enum class TreeObjective {
  kRank,     // grades within groups
  kYesOrNo,  // labels 0 and 1; the sum of the trees is the logarithm of the odds. Groups play no part.
};

struct TreeOptions {
  TreeObjective objective = TreeObjective::kRank;
  int rounds = 200;  // trees
  int depth = 3;
  double learning_rate = 0.05;
  double leaf_weight_min = 1;  // rows that a leaf must stand for, by their part in the loss
  double shrinkage = 1;        // L2 of the leaves' values
  uint64_t seed = 1;
  // Of each column: 1 where a higher value may never lower the sum of the trees, -1 where it may never raise
  // it, else 0.
  std::vector<int> monotone;
};

struct BoostedTrees {
  std::vector<std::string> dumps;  // a JSON text a tree, as XGBoost dumps it
  std::vector<float> fitted;       // of each row, the sum of the trees as XGBoost computes it
};

// Errors: InvalidArgument for rows whose sizes do not fit together, or none; Internal, with XGBoost's
// message.
absl::StatusOr<BoostedTrees> TrainTrees(const TreeRows& rows, const TreeOptions& options);

}  // namespace dongxi::bench
