// Engagements as labels for a learned ranker, corrected for where each candidate stood when it was shown:
// what stands first is looked at more often, so an engagement further down says more. Any thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/judge/engagements.h"

namespace dongxi::bench {

struct PropensityOptions {
  double eta = 1;          // a candidate shown at rank r is looked at with probability 1 / r^eta
  double weight_max = 10;  // of 1 / probability: a single engagement far down must not rule the rest
};

struct EngagementLabel {
  int grade = 0;      // of the pair's highest step, by GradeOfStep
  double weight = 1;  // inverse propensity of the position at which it was first shown; 1 if none is known
};

struct EngagementLabels {
  std::map<std::string, std::map<std::string, EngagementLabel>> needs;  // need -> candidate
  size_t without_position = 0;  // pairs with a grade above 0 and no position
};

// The position is the whole number "position" (from 1) of the first line of a pair that has one.
// InvalidArgument, with file and line, for another value.
absl::StatusOr<EngagementLabels> LabelEngagements(const std::vector<Engagement>& engagements,
                                                  const PropensityOptions& options);

}  // namespace dongxi::bench
