#include "engine/statistics/measures.h"

#include <algorithm>
#include <cmath>

#include "absl/time/time.h"
#include "engine/statistics/ledger_row.h"

namespace dongxi {
namespace {

constexpr double kZ95 = 1.959963984540054;

double QuantileOfSorted(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  if (below + 1 >= sorted.size()) return sorted.back();
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

}  // namespace

Interval95 WilsonInterval(int64_t hits, int64_t trials) {
  if (trials <= 0) return {};
  const double n = static_cast<double>(trials);
  const double p = static_cast<double>(hits) / n;
  const double z2 = kZ95 * kZ95;
  const double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kZ95 / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  // At the ends the exact value is 0 or 1; rounding must not leave it.
  return {hits == 0 ? 0 : std::max(0.0, centre - half), hits == trials ? 1 : std::min(1.0, centre + half)};
}

Quartiles QuartilesOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {QuantileOfSorted(values, 0.25), QuantileOfSorted(values, 0.5), QuantileOfSorted(values, 0.75)};
}

absl::CivilDay ChinaDay(int64_t time_us) {
  return absl::ToCivilDay(absl::FromUnixMicros(time_us), absl::FixedTimeZone(8 * 3600));
}

int64_t ChinaDayStartUs(absl::CivilDay day) {
  return absl::ToUnixMicros(absl::FromCivil(day, absl::FixedTimeZone(8 * 3600)));
}

}  // namespace dongxi
