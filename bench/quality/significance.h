// Is a difference between two systems more than chance? Over queries, paired. Pure functions, the same answer
// on every platform for the same seed; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace dongxi::bench {

struct ChanceOptions {
  size_t rounds = 10'000;  // at least 40
  uint64_t seed = 1;
};

// second - first, query by query. REQUIRES: equal sizes.
std::vector<double> Differences(std::span<const double> first, std::span<const double> second);

// Two-sided p-value of the paired randomisation test: how often a mean at least as far from 0 comes up when
// every difference gets a random sign. Exact over all signs if at most kExactMax differences are not 0, else
// (hits + 1) / (rounds + 1). 1 if all are 0 or there are none.
inline constexpr size_t kExactMax = 15;
double RandomizationPValue(std::span<const double> differences, const ChanceOptions& options);

struct MeanInterval {
  double low = 0;
  double high = 0;
};

// 95 % percentile bootstrap interval of the mean: of one system's values, or of paired differences. {0, 0}
// without values.
MeanInterval BootstrapInterval(std::span<const double> values, const ChanceOptions& options);

}  // namespace dongxi::bench
