#include "bench/threshold.h"

#include <random>
#include <string>

#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

constexpr double kWrongShareMax = 0.05;

std::vector<LabelledAdequacy> Needs(const std::vector<double>& adequate,
                                    const std::vector<double>& inadequate) {
  std::vector<LabelledAdequacy> needs;
  for (const double best : adequate) needs.push_back({best, true});
  for (const double best : inadequate) needs.push_back({best, false});
  return needs;
}

TEST(ChooseThresholdTest, StandsInTheMiddleOfTheGapWhereBothAreApart) {
  EXPECT_DOUBLE_EQ(ChooseThreshold(Needs({0.5, 0.6}, {0.1, 0.3}), kWrongShareMax), 0.4);
}

TEST(ChooseThresholdTest, NeverAbstainsWithoutNeedsOrWhereAbstainingWouldNeverBeRight) {
  EXPECT_EQ(ChooseThreshold({}, kWrongShareMax), 0);
  EXPECT_EQ(ChooseThreshold(Needs({0.5, 0.6}, {}), kWrongShareMax), 0);
  EXPECT_EQ(ChooseThreshold(Needs({0.1}, {0.9}), kWrongShareMax), 0);
}

TEST(ChooseThresholdTest, GivesUpOneOfTwentyAdequateNeedsButNotTwo) {
  std::vector<double> adequate(18, 0.8);
  adequate.push_back(0.2);  // one may be lost
  adequate.push_back(0.4);  // two may not
  const auto needs = Needs(adequate, {0.1, 0.3, 0.5});
  const double threshold = ChooseThreshold(needs, kWrongShareMax);
  EXPECT_GT(threshold, 0.3);
  EXPECT_LE(threshold, 0.4);
  EXPECT_EQ(AbstentionsAt(threshold, needs).right, 2u);
  EXPECT_EQ(AbstentionsAt(threshold, needs).wrong, 1u);
}

TEST(ChooseThresholdTest, NoOtherThresholdIsBetter) {
  std::mt19937 random(9);
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE("seed 9 round " + std::to_string(round));
    std::vector<LabelledAdequacy> needs(random() % 60);
    for (LabelledAdequacy& need : needs) need = {static_cast<double>(random() % 50) / 50, random() % 4 != 0};
    size_t adequate = 0;
    for (const LabelledAdequacy& need : needs) adequate += need.adequate ? 1 : 0;
    const Abstentions chosen = AbstentionsAt(ChooseThreshold(needs, kWrongShareMax), needs);
    EXPECT_LE(static_cast<double>(chosen.wrong), kWrongShareMax * static_cast<double>(adequate));
    for (int step = 0; step <= 1000; ++step) {
      const Abstentions other = AbstentionsAt(step / 1000.0, needs);
      if (static_cast<double>(other.wrong) > kWrongShareMax * static_cast<double>(adequate)) continue;
      EXPECT_LE(other.right, chosen.right) << step;
    }
  }
}

Abstentions CrossValidated(const std::vector<LabelledAdequacy>& needs) {
  return CrossValidate(
      needs.size(), [&](size_t) { return needs; }, kWrongShareMax);
}

TEST(CrossValidateTest, JudgesEachNeedWithoutItself) {
  // Clearly apart: leaving one out changes nothing but the needs next to the gap.
  const auto apart = Needs({0.6, 0.7, 0.8}, {0.1, 0.2, 0.3});
  EXPECT_EQ(CrossValidated(apart).right, 3u);
  EXPECT_EQ(CrossValidated(apart).wrong, 0u);
  // A single need without an offer is never seen before it is judged: nothing says where to abstain.
  EXPECT_EQ(CrossValidated(Needs({0.6, 0.7}, {0.1})).right, 0u);
}

TEST(CrossValidateTest, JudgesByWhatWasMeasuredWithoutTheNeed) {
  // Without any need in turn, its own value looks as if it had no offer: then every adequate one is refused.
  const auto apart = Needs({0.6, 0.7, 0.8}, {0.1, 0.2, 0.3});
  const auto without = [&](size_t left_out) {
    std::vector<LabelledAdequacy> needs = apart;
    needs[left_out].best = 0;
    return needs;
  };
  EXPECT_EQ(CrossValidate(apart.size(), without, kWrongShareMax).right, 3u);
  EXPECT_EQ(CrossValidate(apart.size(), without, kWrongShareMax).wrong, 3u);
}

}  // namespace
}  // namespace dongxi::bench
