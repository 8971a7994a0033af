// Choosing the threshold of adequacy from labelled needs. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace dongxi::bench {

// The best adequacy that any list gives a need, and whether an adequate offer exists at all.
struct LabelledAdequacy {
  double best = 0;
  bool adequate = true;
};

// What a threshold does: a need is told "no adequate match" if its best adequacy is below the threshold.
struct Abstentions {
  size_t right = 0;  // of needs without an adequate offer
  size_t wrong = 0;  // of the others
};
Abstentions AbstentionsAt(double threshold, std::span<const LabelledAdequacy> needs);

// Of the thresholds with at most `wrong_share_max` wrong among the needs that have an adequate offer, the one
// with most right; of those the fewest wrong; of those the middle of the widest gap between neighbouring
// values, so that a small change of a score changes nothing. Rounded to four decimals, within [0, 1]; 0
// (never abstains) if there are no needs.
double ChooseThreshold(std::span<const LabelledAdequacy> needs, double wrong_share_max);

// Leave one out: need i of `count` is judged by the threshold chosen on the others of judged_without(i),
// which holds all `count` needs in the same order, measured by whatever was learnt without need i.
Abstentions CrossValidate(size_t count,
                          const std::function<std::vector<LabelledAdequacy>(size_t left_out)>& judged_without,
                          double wrong_share_max);

}  // namespace dongxi::bench
