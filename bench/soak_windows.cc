#include "bench/soak_windows.h"

namespace dongxi::bench {
namespace {

template <typename Value>
double Growth(const std::vector<SoakWindow>& windows, Value value) {
  const size_t third = windows.size() / 3;
  std::vector<double> middle, last;
  for (size_t i = third; i < windows.size() - third; ++i) middle.push_back(value(windows[i]));
  for (size_t i = windows.size() - third; i < windows.size(); ++i) last.push_back(value(windows[i]));
  const double before = Percentile(middle, 50);
  return before > 0 ? Percentile(last, 50) / before : 1;
}

}  // namespace

SoakGrowth GrowthOf(const std::vector<SoakWindow>& windows) {
  return {
      .memory = Growth(windows, [](const SoakWindow& window) { return window.anonymous_mb; }),
      .handles = Growth(windows, [](const SoakWindow& window) { return window.handles; }),
      .work = Growth(windows, [](const SoakWindow& window) { return window.speed / window.saturation; }),
      .p50 = Growth(windows, [](const SoakWindow& window) { return window.milliseconds.p50 * window.speed; }),
      .p99 = Growth(windows, [](const SoakWindow& window) { return window.milliseconds.p99 * window.speed; }),
  };
}

}  // namespace dongxi::bench
