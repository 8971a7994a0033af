// Periods and numbers as an office writes and reads them.
#include "cli/stats/stats_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "cli/stats/period.h"

namespace dongxi::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::CivilDay Day(int year, int month, int day) { return absl::CivilDay(year, month, day); }

TEST(PeriodTest, ReadsWhatOfficesWrite) {
  struct Case {
    const char* text;
    DayRange days, earlier;
    const char *label, *earlier_label;
  };
  const Case cases[] = {
      {"2026", {Day(2026, 1, 1), Day(2027, 1, 1)}, {Day(2025, 1, 1), Day(2026, 1, 1)}, "2026年", "2025年"},
      {"2024-2026",
       {Day(2024, 1, 1), Day(2027, 1, 1)},
       {Day(2021, 1, 1), Day(2024, 1, 1)},
       "2024—2026年",
       "2021—2023年"},
      {"2026Q4",
       {Day(2026, 10, 1), Day(2027, 1, 1)},
       {Day(2025, 10, 1), Day(2026, 1, 1)},
       "2026年第4季度",
       "2025年第4季度"},
      {"2024-02",
       {Day(2024, 2, 1), Day(2024, 3, 1)},
       {Day(2023, 2, 1), Day(2023, 3, 1)},
       "2024年2月",
       "2023年2月"},
      {"2026-01-01..2026-06-30",
       {Day(2026, 1, 1), Day(2026, 7, 1)},
       {Day(2025, 1, 1), Day(2025, 7, 1)},
       "2026年1月1日至6月30日",
       "2025年1月1日至6月30日"},
      {"2025-07-01..2026-06-30",
       {Day(2025, 7, 1), Day(2026, 7, 1)},
       {Day(2024, 7, 1), Day(2025, 7, 1)},
       "2025年7月1日至2026年6月30日",
       "2024年7月1日至2025年6月30日"},
      // No day is compared with itself.
      {"2025-01-01..2026-01-01",
       {Day(2025, 1, 1), Day(2026, 1, 2)},
       {Day(2024, 1, 1), Day(2025, 1, 1)},
       "2025年1月1日至2026年1月1日",
       "2024年1月1日至12月31日"},
      // A year before there is no 29 February.
      {"2024-02-29..2024-02-29",
       {Day(2024, 2, 29), Day(2024, 3, 1)},
       {Day(2023, 2, 28), Day(2023, 3, 1)},
       "2024年2月29日至2月29日",
       "2023年2月28日至2月28日"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const auto period = ParsePeriod(c.text);
    ASSERT_TRUE(period.ok()) << period.status();
    EXPECT_EQ(period->days, c.days);
    EXPECT_EQ(period->earlier, c.earlier);
    EXPECT_EQ(period->label, c.label);
    EXPECT_EQ(period->earlier_label, c.earlier_label);
  }
}

TEST(PeriodTest, WhatStillRunsIsComparedToTheSameDayOfTheYearBefore) {
  struct Case {
    const char* text;
    absl::CivilDay day;
    DayRange days, earlier;
    const char *label, *earlier_label, *words;
  };
  const Case cases[] = {
      {"2026",
       Day(2026, 3, 15),
       {Day(2026, 1, 1), Day(2026, 3, 16)},
       {Day(2025, 1, 1), Day(2025, 3, 16)},
       "2026年1月1日至3月15日",
       "2025年1月1日至3月15日",
       "本期未完，统计至3月15日，同比同期（2025年1月1日至3月15日）"},
      {"2025-2027",
       Day(2026, 3, 15),
       {Day(2025, 1, 1), Day(2026, 3, 16)},
       {Day(2022, 1, 1), Day(2023, 3, 16)},
       "2025年1月1日至2026年3月15日",
       "2022年1月1日至2023年3月15日",
       "本期未完，统计至2026年3月15日，同比同期（2022年1月1日至2023年3月15日）"},
      {"2024-02",
       Day(2024, 2, 28),
       {Day(2024, 2, 1), Day(2024, 2, 29)},
       {Day(2023, 2, 1), Day(2023, 3, 1)},
       "2024年2月1日至2月28日",
       "2023年2月1日至2月28日",
       "本期未完，统计至2月28日，同比同期（2023年2月1日至2月28日）"},
      // Ten years and a few days.
      {"2016-01-01..2026-01-07",
       Day(2026, 1, 5),
       {Day(2016, 1, 1), Day(2026, 1, 6)},
       {Day(2006, 1, 1), Day(2016, 1, 1)},
       "2016年1月1日至2026年1月5日",
       "2006年1月1日至2015年12月31日",
       "本期未完，统计至2026年1月5日，同比同期（2006年1月1日至2015年12月31日）"},
      {"2026",
       Day(2026, 12, 31),
       {Day(2026, 1, 1), Day(2027, 1, 1)},
       {Day(2025, 1, 1), Day(2026, 1, 1)},
       "2026年",
       "2025年",
       ""},
      {"2027",
       Day(2026, 12, 31),
       {Day(2027, 1, 1), Day(2028, 1, 1)},
       {Day(2026, 1, 1), Day(2027, 1, 1)},
       "2027年",
       "2026年",
       "本期尚未开始，不作同比"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(absl::StrCat(c.text, " on ", absl::FormatCivilTime(c.day)));
    const Period period = AsOf(*ParsePeriod(c.text), c.day);
    EXPECT_EQ(period.days, c.days);
    EXPECT_EQ(period.earlier, c.earlier);
    EXPECT_EQ(period.label, c.label);
    EXPECT_EQ(period.earlier_label, c.earlier_label);
    EXPECT_EQ(RunningWords(period, /*compared=*/true), c.words);
  }
  EXPECT_EQ(RunningWords(AsOf(*ParsePeriod("2026"), Day(2026, 3, 15)), /*compared=*/false),
            "本期未完，统计至3月15日");
}

TEST(PeriodTest, RefusesWhatIsNone) {
  for (const char* text : {"", "去年", "26", "2026Q5", "2026-13", "2026-2024", "2026-06-30..2026-01-01",
                           "1800", "2026-02-30..2026-03-01", "2026..2027x"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(ParsePeriod(text).ok());
  }
}

TEST(StatsWordsTest, NumbersAreGroupedAndShort) {
  EXPECT_EQ(Amount(0), "0");
  EXPECT_EQ(Amount(1234567.5), "1,234,567.5");
  EXPECT_EQ(Amount(999.999), "1,000");
  EXPECT_EQ(Count(1000), "1,000");
  EXPECT_EQ(Count(12), "12");
  EXPECT_EQ(Share(0.1234), "12.3%");
  EXPECT_EQ(Days(35.25), "35.3");
}

TEST(StatsWordsTest, ChangesSayWhereTheyComeFrom) {
  EXPECT_EQ(Change(112.5, 100), "+12.5%");
  EXPECT_EQ(Change(50, 100), "-50.0%");
  EXPECT_EQ(Change(100, 100), "持平");
  EXPECT_EQ(Change(5, 0), "新增");
  EXPECT_EQ(Change(0, 0), "—");
}

TEST(StatsWordsTest, WordsAndCodesNameTheSame) {
  EXPECT_EQ(DimensionOfWord("结对"), DimensionOfWord("pairing"));
  EXPECT_EQ(DimensionOfWord("城市"), std::nullopt);
  EXPECT_EQ(FigureOfWord("签约"), v1::FIGURE_KIND_SIGNED);
  EXPECT_EQ(FigureOfWord("签约（未经推荐）"), v1::FIGURE_KIND_SIGNED_UNRECOMMENDED);
  EXPECT_EQ(FigureOfWord("喝茶"), std::nullopt);
}

TEST(StatsWordsTest, WhatIsTooLittleForForecastsIsNamed) {
  struct Case {
    int64_t decided, were_signed;
    const char* words;
  };
  const Case cases[] = {
      {1'250, 1'240, "两年内未签约的 10 对，不到 40 对"},
      {1'250, 10, "两年内签约的 10 对，不到 40 对"},
      {150, 50, "登记满两年的 150 对，不到 200 对"},
      {50, 30,
       "登记满两年的 50 对，不到 200 对；两年内签约的 30 对，不到 40 对；两年内未签约的 20 对，不到 40 对"},
      {200, 40, ""},
  };
  v1::SigningEstimate estimate;
  estimate.set_decided_pairs_min(200);
  estimate.set_signed_pairs_min(40);
  for (const Case& c : cases) {
    estimate.set_decided_pairs(c.decided);
    estimate.set_signed_pairs(c.were_signed);
    EXPECT_EQ(TooFewWords(estimate), c.words);
  }
}

TEST(StatsWordsTest, SimulatedDataAreSaidWhetherCountedOrNot) {
  v1::Statistics statistics;
  statistics.set_entries(10);
  statistics.set_simulated_entries(4);
  statistics.set_simulated_left_out(2);
  EXPECT_THAT(Remarks(statistics),
              ElementsAre(HasSubstr("含模拟数据 4 条（共 10 条）"), HasSubstr("模拟数据 2 条未计入")));
  statistics.clear_simulated_entries();
  EXPECT_FALSE(HasSimulated(statistics));
  statistics.set_earlier_simulated_entries(3);
  EXPECT_TRUE(HasSimulated(statistics));
  EXPECT_THAT(Remarks(statistics),
              ElementsAre(HasSubstr("上期的数字含模拟数据 3 条"), HasSubstr("模拟数据 2 条未计入")));
}

}  // namespace
}  // namespace dongxi::cli
