#include "bench/quality/calibration.h"

#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

TEST(CalibrateTest, ByHand) {
  const std::vector<Forecast> forecasts = {{0.05, false}, {0.05, true}, {0.82, true}, {0.88, true}};
  const auto result = Calibrate(forecasts);
  ASSERT_TRUE(result.ok()) << result.status();
  ASSERT_EQ(result->bins.size(), kReliabilityBins);
  EXPECT_EQ(result->bins[0].count, 2u);
  EXPECT_DOUBLE_EQ(result->bins[0].predicted, 0.05);
  EXPECT_DOUBLE_EQ(result->bins[0].happened, 0.5);
  EXPECT_EQ(result->bins[8].count, 2u);
  EXPECT_DOUBLE_EQ(result->bins[8].predicted, 0.85);
  EXPECT_DOUBLE_EQ(result->ece, 0.5 * 0.45 + 0.5 * 0.15);
  EXPECT_DOUBLE_EQ(result->brier, (0.05 * 0.05 + 0.95 * 0.95 + 0.18 * 0.18 + 0.12 * 0.12) / 4);
  EXPECT_DOUBLE_EQ(result->base_rate, 0.75);
}

TEST(CalibrateTest, LimitsBelongToTheUpperBinAndOneToTheLast) {
  for (int tenth = 0; tenth <= 10; ++tenth) {
    SCOPED_TRACE(tenth);
    const auto result = Calibrate(std::vector<Forecast>{{tenth / 10.0, true}});
    EXPECT_EQ(result->bins[std::min(tenth, 9)].count, 1u);
  }
}

TEST(CalibrateTest, PerfectForecastsHaveNoError) {
  const auto result = Calibrate(std::vector<Forecast>{{0, false}, {1, true}});
  EXPECT_EQ(result->ece, 0);
  EXPECT_EQ(result->brier, 0);
}

TEST(CalibrateTest, BadProbabilitiesNameTheirPlace) {
  EXPECT_FALSE(Calibrate({}).ok());
  for (const double bad : {-0.1, 1.1, std::nan("")}) {
    const auto result = Calibrate(std::vector<Forecast>{{0.5, true}, {bad, true}});
    EXPECT_THAT(std::string(result.status().message()), testing::HasSubstr("forecast 1"));
  }
}

TEST(GradeClosenessTest, OneOverOnePlusMeanError) {
  EXPECT_EQ(*GradeCloseness(std::vector<double>{1, 2}, std::vector<double>{1, 2}), 1);
  EXPECT_DOUBLE_EQ(*GradeCloseness(std::vector<double>{1, 4}, std::vector<double>{2, 2}), 1 / 2.5);
  EXPECT_FALSE(GradeCloseness({}, {}).ok());
  EXPECT_FALSE(GradeCloseness(std::vector<double>{1}, std::vector<double>{1, 2}).ok());
  EXPECT_FALSE(GradeCloseness(std::vector<double>{std::nan("")}, std::vector<double>{1}).ok());
}

}  // namespace
}  // namespace dongxi::bench
