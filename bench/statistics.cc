#include "bench/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace dongxi::bench {

double Percentile(std::vector<double> values, double percent) {
  if (values.empty()) return 0;
  const auto rank = static_cast<size_t>(std::ceil(percent / 100.0 * static_cast<double>(values.size())));
  const size_t place = std::clamp<size_t>(rank, 1, values.size()) - 1;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(place), values.end());
  return values[place];
}

Spread SpreadOf(const std::vector<double>& values) {
  if (values.empty()) return {};
  return {.count = values.size(),
          .p50 = Percentile(values, 50),
          .p99 = Percentile(values, 99),
          .p999 = Percentile(values, 99.9),
          .max = *std::max_element(values.begin(), values.end())};
}

double SlowdownOf(const Spread& busy, const Spread& quiet) {
  if (busy.count == 0 || quiet.count == 0 || quiet.p99 <= 0) return std::numeric_limits<double>::infinity();
  return busy.p99 / quiet.p99;
}

}  // namespace dongxi::bench
