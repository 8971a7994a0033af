// Would what requirements say of a candidate rank better? One feature at a time is added to the score of the
// served ranking, its weight chosen on the other folds of needs. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/quality/qrels.h"
#include "engine/requirement/requirement.h"

namespace dongxi::bench {

// What the verdicts of one entry say, each in [-1, 1]; 0 where the need asks for nothing of the kind.
struct RequirementFeature {
  const char* name;
  double (*of)(std::span<const requirement::RequirementVerdict> verdicts);
};
std::span<const RequirementFeature> RequirementFeatures();

struct FeaturedCandidate {
  std::string id;
  double score = 0;
  std::vector<double> features;  // as RequirementFeatures()
};
// By need.
using FeaturedRun = std::map<std::string, std::vector<FeaturedCandidate>>;

struct FeatureTrial {
  std::string name;
  std::vector<double>
      gains;  // of each scored need in nDCG@10 of the judged pool, with the weight of the other folds
  std::vector<double> fold_gains, fold_weights;
  size_t needs_moved = 0;  // needs whose nDCG is another one
};
inline constexpr size_t kFeatureFolds = 5;
// `feature` is an index. Weights 0, ±0.25, ±0.5, ±1, ±2, ±4 are tried, in units of score. Errors:
// InvalidArgument if nothing can be scored.
absl::StatusOr<FeatureTrial> TryFeature(const FeaturedRun& run, const Qrels& qrels, int rel, size_t feature);

}  // namespace dongxi::bench
