#include "bench/threshold.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace dongxi::bench {
namespace {

constexpr double kStep = 1e-4;  // of the value in the file

// A threshold between two neighbouring values, and how far both are away.
struct Gap {
  double threshold = 0;
  double width = 0;
};

std::vector<Gap> GapsBetween(std::span<const LabelledAdequacy> needs) {
  std::vector<double> values = {0.0, 1.0};
  for (const LabelledAdequacy& need : needs) values.push_back(std::clamp(need.best, 0.0, 1.0));
  std::sort(values.begin(), values.end());
  std::vector<Gap> gaps = {{0.0, 0.0}};
  for (size_t i = 1; i < values.size(); ++i) {
    const double middle = (values[i - 1] + values[i]) / 2;
    gaps.push_back({std::round(middle / kStep) * kStep, values[i] - values[i - 1]});
  }
  return gaps;
}

}  // namespace

Abstentions AbstentionsAt(double threshold, std::span<const LabelledAdequacy> needs) {
  Abstentions abstentions;
  for (const LabelledAdequacy& need : needs) {
    if (need.best >= threshold) continue;
    (need.adequate ? abstentions.wrong : abstentions.right) += 1;
  }
  return abstentions;
}

double ChooseThreshold(std::span<const LabelledAdequacy> needs, double wrong_share_max) {
  const auto adequate =
      std::count_if(needs.begin(), needs.end(), [](const auto& need) { return need.adequate; });
  const double wrong_max = wrong_share_max * static_cast<double>(adequate);
  double chosen = 0;
  std::tuple<double, double, double> best = {-1, 0, 0};
  for (const Gap& gap : GapsBetween(needs)) {
    const Abstentions found = AbstentionsAt(gap.threshold, needs);
    if (static_cast<double>(found.wrong) > wrong_max) continue;
    const std::tuple merit = {static_cast<double>(found.right), -static_cast<double>(found.wrong), gap.width};
    if (merit > best) {
      best = merit;
      chosen = gap.threshold;
    }
  }
  return std::get<0>(best) > 0 ? chosen : 0;
}

Abstentions CrossValidate(size_t count,
                          const std::function<std::vector<LabelledAdequacy>(size_t left_out)>& judged_without,
                          double wrong_share_max) {
  Abstentions total;
  for (size_t left_out = 0; left_out < count; ++left_out) {
    std::vector<LabelledAdequacy> others = judged_without(left_out);
    const LabelledAdequacy judged = others[left_out];
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(left_out));
    const Abstentions found = AbstentionsAt(ChooseThreshold(others, wrong_share_max), {&judged, 1});
    total.right += found.right;
    total.wrong += found.wrong;
  }
  return total;
}

}  // namespace dongxi::bench
