#include "bench/quality/significance.h"

#include <algorithm>
#include <cmath>

#include "bench/quality/random.h"

namespace dongxi::bench {
namespace {

constexpr double kTail = 0.025;  // on each side of the interval

std::vector<double> WithoutZeros(std::span<const double> differences) {
  std::vector<double> moved;
  for (const double difference : differences) {
    if (difference != 0) moved.push_back(difference);
  }
  return moved;
}

// Sums that differ by rounding alone count as equal, or the observed signs would not find themselves.
double SmallestExtreme(const std::vector<double>& moved) {
  double sum = 0, size = 0;
  for (const double difference : moved) {
    sum += difference;
    size += std::abs(difference);
  }
  return std::abs(sum) - 1e-12 * size;
}

// Bit i of `signs` turns the sign of difference i.
double SignedSum(std::span<const double> moved, uint64_t signs) {
  double sum = 0;
  for (size_t i = 0; i < moved.size(); ++i) sum += (signs >> i & 1) != 0 ? -moved[i] : moved[i];
  return sum;
}

double ExactPValue(const std::vector<double>& moved, double extreme) {
  const uint64_t all = uint64_t{1} << moved.size();
  uint64_t hits = 0;
  for (uint64_t signs = 0; signs < all; ++signs) hits += std::abs(SignedSum(moved, signs)) >= extreme ? 1 : 0;
  return static_cast<double>(hits) / static_cast<double>(all);
}

double SampledSum(std::span<const double> moved, Random& random) {
  double sum = 0;
  for (size_t begin = 0; begin < moved.size(); begin += 64)
    sum += SignedSum(moved.subspan(begin, std::min<size_t>(64, moved.size() - begin)), random.Next());
  return sum;
}

}  // namespace

std::vector<double> Differences(std::span<const double> first, std::span<const double> second) {
  std::vector<double> differences;
  differences.reserve(first.size());
  for (size_t i = 0; i < first.size(); ++i) differences.push_back(second[i] - first[i]);
  return differences;
}

double RandomizationPValue(std::span<const double> differences, const ChanceOptions& options) {
  const std::vector<double> moved = WithoutZeros(differences);
  if (moved.empty()) return 1;
  const double extreme = SmallestExtreme(moved);
  if (moved.size() <= kExactMax) return ExactPValue(moved, extreme);
  Random random(options.seed);
  size_t hits = 0;
  for (size_t round = 0; round < options.rounds; ++round)
    hits += std::abs(SampledSum(moved, random)) >= extreme ? 1 : 0;
  return static_cast<double>(hits + 1) / static_cast<double>(options.rounds + 1);
}

MeanInterval BootstrapInterval(std::span<const double> values, const ChanceOptions& options) {
  if (values.empty()) return {};
  Random random(options.seed);
  std::vector<double> means(options.rounds);
  for (double& mean : means) {
    double sum = 0;
    for (size_t i = 0; i < values.size(); ++i) sum += values[random.Below(values.size())];
    mean = sum / static_cast<double>(values.size());
  }
  std::sort(means.begin(), means.end());
  const auto cut = static_cast<size_t>(kTail * static_cast<double>(means.size()));
  return {means[cut], means[means.size() - 1 - cut]};
}

}  // namespace dongxi::bench
