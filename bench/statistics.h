// Order statistics of measured times. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <vector>

namespace dongxi::bench {

// The nearest-rank percentile: the smallest value that at least `percent` of all values do not exceed.
// `percent` in (0, 100]; 0 without values.
double Percentile(std::vector<double> values, double percent);

struct Spread {
  size_t count = 0;
  double p50 = 0;
  double p99 = 0;
  double p999 = 0;  // 99.9 %
  double max = 0;
};
Spread SpreadOf(const std::vector<double>& values);

// How many times the p99 of `quiet` that of `busy` is; infinity where either has no values, so that what was
// not measured is within no bar.
double SlowdownOf(const Spread& busy, const Spread& quiet);

}  // namespace dongxi::bench
