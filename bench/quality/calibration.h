// Do predicted probabilities and grades mean what they say? Pure functions; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "absl/status/statusor.h"

namespace dongxi::bench {

struct Forecast {
  double probability = 0;  // predicted, in [0, 1]
  bool happened = false;
};

// A bar of the reliability curve: forecasts in [from, to), the last bin with `to` included.
struct ReliabilityBin {
  double from = 0;
  double to = 0;
  size_t count = 0;
  double predicted = 0;  // mean probability; 0 in an empty bin
  double happened = 0;   // share that happened; 0 in an empty bin
};

inline constexpr size_t kReliabilityBins = 10;

struct Calibration {
  std::vector<ReliabilityBin> bins;  // kReliabilityBins of equal width
  size_t count = 0;
  double ece = 0;  // expected calibration error: |predicted - happened| of the bins, weighted by their counts
  double brier = 0;  // mean squared error of the probabilities
  double base_rate =
      0;  // share that happened; always forecasting it has a Brier score of base_rate * (1 - base_rate)
};

// InvalidArgument: no forecast, or a probability outside [0, 1] or NaN (names its place, from 0).
absl::StatusOr<Calibration> Calibrate(std::span<const Forecast> forecasts);

// 1 / (1 + mean absolute error) of predicted grades: 1 is exact. InvalidArgument: no grades, unequal sizes, a
// value that is not finite.
absl::StatusOr<double> GradeCloseness(std::span<const double> predicted, std::span<const double> judged);

}  // namespace dongxi::bench
