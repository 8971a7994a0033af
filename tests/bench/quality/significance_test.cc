#include "bench/quality/significance.h"

#include <cmath>

#include "bench/quality/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

TEST(RandomTest, GivesTheSameNumbersEverywhere) {
  Random random(0);  // the first numbers of SplitMix64 with seed 0, as published
  EXPECT_EQ(random.Next(), 0xE220A8397B1DCDAFu);
  EXPECT_EQ(random.Next(), 0x6E789E6AA1B965F4u);
}

TEST(RandomTest, BelowReachesEveryNumberAboutAsOften) {
  Random random(1);
  std::vector<int> counts(7);
  for (int i = 0; i < 70'000; ++i) ++counts[random.Below(7)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
}

TEST(DifferencesTest, SecondMinusFirst) {
  EXPECT_THAT(Differences(std::vector<double>{1, 2}, std::vector<double>{3, 1}), testing::ElementsAre(2, -1));
}

TEST(RandomizationTest, ExactForFewQueries) {
  // All of one sign: only the two extreme assignments of 2^5 reach the sum.
  EXPECT_EQ(RandomizationPValue(std::vector<double>{.1, .2, .3, .1, .2}, {}), 2.0 / 32);
  // Sum 2 of 1 1 1 -1: |sum| >= 2 unless two of four are negative: 1 - 6/16.
  EXPECT_EQ(RandomizationPValue(std::vector<double>{1, 1, 1, -1}, {}), 10.0 / 16);
}

TEST(RandomizationTest, ZerosChangeNothing) {
  std::vector<double> differences(100, 0.0);
  for (const int place : {3, 50, 51, 70, 99}) differences[place] = 0.1;
  EXPECT_EQ(RandomizationPValue(differences, {}), 2.0 / 32);
}

TEST(RandomizationTest, NoDifferenceIsOne) {
  EXPECT_EQ(RandomizationPValue({}, {}), 1);
  EXPECT_EQ(RandomizationPValue(std::vector<double>(40, 0.0), {}), 1);
}

TEST(RandomizationTest, SampledAgreesWithTheNormalApproximation) {
  // 400 differences of +-1 with sum 40: z = 40 / 20 = 2, with continuity correction p = P(|z| >= 39/20) =
  // 0.0512.
  std::vector<double> differences(400, 1.0);
  for (int i = 0; i < 180; ++i) differences[i] = -1;
  const double p = RandomizationPValue(differences, {});
  EXPECT_NEAR(p, 0.0512, 0.008);
  EXPECT_EQ(p, RandomizationPValue(differences, {})) << "the seed is fixed";
  EXPECT_NE(p, RandomizationPValue(differences, {.seed = 2}));
}

TEST(RandomizationTest, NeverZeroAndNeverBelowWhatTheRoundsAllow) {
  EXPECT_EQ(RandomizationPValue(std::vector<double>(200, 0.5), {}), 1.0 / 10'001);
}

TEST(BootstrapTest, ConstantsHaveNoWidth) {
  const MeanInterval interval = BootstrapInterval(std::vector<double>(30, 0.25), {});
  EXPECT_EQ(interval.low, 0.25);
  EXPECT_EQ(interval.high, 0.25);
  EXPECT_EQ(BootstrapInterval({}, {}).high, 0);
}

TEST(BootstrapTest, AgreesWithTheNormalApproximation) {
  // Half zeros, half ones: standard error 0.5 / sqrt(400), so 0.5 +- 1.96 * 0.025.
  std::vector<double> values(400, 0.0);
  for (int i = 0; i < 200; ++i) values[i] = 1;
  const MeanInterval interval = BootstrapInterval(values, {});
  EXPECT_NEAR(interval.low, 0.451, 0.004);
  EXPECT_NEAR(interval.high, 0.549, 0.004);
}

}  // namespace
}  // namespace dongxi::bench
