// Fitting the probability that a match is adequate to judged pairs. Pure functions, the same answer on every
// machine; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace dongxi::bench {

// What the engine measures of a need and a document that speaks for a candidate.
struct AdequacyInput {
  double lexical_share = 0;  // 0..1
  double cosine = 0;         // 0..1
};

// The logistic of the ranking file. Slopes are at least 0: more words or a nearer vector never count against
// a match.
struct AdequacyModel {
  double bias = 0;
  double lexical = 0;
  double semantic = 0;
  double Logit(const AdequacyInput& input) const;
  // Of a candidate: that of the document that speaks for it best, as in the engine. 0 without inputs.
  double Probability(std::span<const AdequacyInput> inputs) const;
};

struct JudgedPair {
  std::string need;
  std::vector<AdequacyInput> inputs;  // one of every document that speaks for the candidate; at least one
  bool adequate = false;
};

// Logistic regression by iteratively reweighted least squares, with a ridge of 1 on the slopes of
// standardised inputs, so that separable pairs stay finite. Which document counts depends on the model:
// choosing and fitting take turns, a fixed number of times. Rounded to four decimals, as the ranking file has
// them. InvalidArgument: no pair, or all of one outcome.
absl::StatusOr<AdequacyModel> FitAdequacy(std::span<const JudgedPair> pairs);
// The same without the pairs of one need.
absl::StatusOr<AdequacyModel> FitWithout(std::span<const JudgedPair> pairs, std::string_view need);

// The fold of a need, by a hash of its id alone. REQUIRES: folds >= 1.
size_t FoldOf(std::string_view need, size_t folds);

// Of every pair, its probability by a model of the other folds' pairs: what the model says of needs that it
// has not seen. Errors: those of a fold's fit.
absl::StatusOr<std::vector<double>> OutOfFold(std::span<const JudgedPair> pairs, size_t folds);

}  // namespace dongxi::bench
