#include <gtest/gtest.h>

#include "engine/statistics/ledger_row.h"
#include "engine/statistics/measures.h"

namespace dongxi {
namespace {

TEST(WilsonIntervalTest, AgreesWithPublishedValues) {
  // Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3: 81/263, 15/148, 0/20, 1/29.
  struct Case {
    int64_t hits, trials;
    double low, high;
  };
  for (const Case& c : {Case{81, 263, 0.2553, 0.3662}, Case{15, 148, 0.0624, 0.1605}, Case{0, 20, 0, 0.1611},
                        Case{1, 29, 0.0061, 0.1718}}) {
    SCOPED_TRACE(c.hits);
    const Interval95 interval = WilsonInterval(c.hits, c.trials);
    EXPECT_NEAR(interval.low, c.low, 5e-5);
    EXPECT_NEAR(interval.high, c.high, 5e-5);
  }
}

TEST(WilsonIntervalTest, SaysNothingWithoutTrials) {
  EXPECT_EQ(WilsonInterval(0, 0).low, 0);
  EXPECT_EQ(WilsonInterval(0, 0).high, 1);
}

TEST(WilsonIntervalTest, ReachesOneExactlyWhenAllHit) { EXPECT_EQ(WilsonInterval(7, 7).high, 1); }

TEST(QuartilesTest, InterpolatesBetweenOrderStatistics) {
  const Quartiles four = QuartilesOf({40, 10, 30, 20});
  EXPECT_DOUBLE_EQ(four.lower, 17.5);
  EXPECT_DOUBLE_EQ(four.median, 25);
  EXPECT_DOUBLE_EQ(four.upper, 32.5);
  const Quartiles one = QuartilesOf({3});
  EXPECT_EQ(one.lower, 3);
  EXPECT_EQ(one.upper, 3);
}

TEST(ChinaDayTest, BeginsAtMidnightInChina) {
  const absl::CivilDay day(2026, 1, 1);
  EXPECT_EQ(ChinaDay(ChinaDayStartUs(day)), day);
  EXPECT_EQ(ChinaDay(ChinaDayStartUs(day) - 1), day - 1);
}

}  // namespace
}  // namespace dongxi
