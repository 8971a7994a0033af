#include "bench/statistics.h"

#include <algorithm>
#include <random>

#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

constexpr uint32_t kSeed = 20'251;

// The definition: the smallest value that at least `percent` of all values do not exceed.
double SlowPercentile(std::vector<double> values, double percent) {
  std::sort(values.begin(), values.end());
  for (const double value : values) {
    const auto reached =
        std::count_if(values.begin(), values.end(), [value](double other) { return other <= value; });
    if (static_cast<double>(reached) >= percent / 100 * static_cast<double>(values.size())) return value;
  }
  return 0;
}

TEST(PercentileTest, EqualsTheDefinitionOnRandomValuesWithManyTies) {
  std::mt19937 random(kSeed);
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    std::vector<double> values(1 + random() % 120);
    for (double& value : values) value = static_cast<double>(random() % 15);
    for (const double percent : {0.5, 1.0, 25.0, 50.0, 90.0, 99.0, 100.0}) {
      EXPECT_EQ(Percentile(values, percent), SlowPercentile(values, percent)) << percent;
    }
  }
}

struct PercentileCase {
  const char* name;
  std::vector<double> values;
  double percent, want;
};
const PercentileCase kPercentileCases[] = {
    {"NothingIsZero", {}, 50, 0},
    {"OneValueIsEveryPercentile", {7}, 1, 7},
    {"HalfOfTwoIsTheLower", {2, 1}, 50, 1},
    {"HundredIsTheLargest", {3, 9, 4}, 100, 9},
    {"NinetyNineOfAHundredIsNotTheLargest",
     [] {
       std::vector<double> values;
       for (int i = 1; i <= 100; ++i) values.push_back(i);
       return values;
     }(),
     99, 99},
};
TEST(PercentileTest, Table) {
  for (const PercentileCase& c : kPercentileCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Percentile(c.values, c.percent), c.want);
  }
}

TEST(SpreadTest, GivesCountMedianTailAndLargest) {
  const Spread spread = SpreadOf({4, 1, 3, 2});
  EXPECT_EQ(spread.count, 4u);
  EXPECT_EQ(spread.p50, 2);
  EXPECT_EQ(spread.p99, 4);
  EXPECT_EQ(spread.p999, 4);
  EXPECT_EQ(spread.max, 4);
}

TEST(SlowdownTest, IsTheRatioOfTheTails) {
  EXPECT_DOUBLE_EQ(SlowdownOf(SpreadOf({1, 6}), SpreadOf({3, 4, 1})), 1.5);
}

TEST(SlowdownTest, WithoutValuesItIsWithinNoBar) {
  EXPECT_GT(SlowdownOf(SpreadOf({}), SpreadOf({3})), 1e300);
  EXPECT_GT(SlowdownOf(SpreadOf({3}), SpreadOf({})), 1e300);
}

}  // namespace
}  // namespace dongxi::bench
