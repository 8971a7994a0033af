// In which group a need counts, and which groups are compared.
#include <gtest/gtest.h>

#include "engine/statistics/compute.h"

namespace dongxi {
namespace {

Statistics Compute(const std::vector<LedgerRow>& ledger, const std::vector<NeedRow>& needs,
                   const StatisticsQuery& query) {
  static const auto policy = LoadPolicy("data/policy");
  return ComputeStatistics(ledger, needs, **policy, query);
}

LedgerRow Row(const std::string& id, Step step, absl::CivilDay day) {
  LedgerRow row;
  row.id = "engagements/e-" + id;
  row.need = "needs/n";
  row.offer = "results/" + id;
  row.step = step;
  row.event_time_us = ChinaDayStartUs(day);
  row.need_region = "632801";
  row.offer_region = "12";
  row.channel = "keji-yuanqing";
  row.task = "3.2";
  row.field = "盐湖化工";
  return row;
}

TEST(StatisticsGroupsTest, ANeedCountsInItsFirstFieldAsItsEntriesDo) {
  const std::vector<LedgerRow> ledger = {Row("1", Step::kMet, absl::CivilDay(2026, 3, 1))};
  NeedRow need;
  need.name = "needs/n";
  need.region = "6328";
  need.fields = {"盐湖化工", "储能"};
  need.first_day = absl::CivilDay(2026, 1, 1);
  StatisticsQuery query;
  query.period = {absl::CivilDay(2026, 1, 1), absl::CivilDay(2027, 1, 1)};
  query.dimensions = {Dimension::kField};
  const Statistics all = Compute(ledger, {need}, query);
  ASSERT_EQ(all.tables[0].groups.size(), 1u);
  EXPECT_EQ(all.tables[0].groups[0].key, "盐湖化工");
  EXPECT_EQ(all.tables[0].groups[0].needs, 1);
  query.field = "盐湖化工";
  EXPECT_EQ(Compute(ledger, {need}, query).total.needs, 1);
  query.field = "储能";
  EXPECT_EQ(Compute(ledger, {need}, query).total.needs, 0);
  EXPECT_EQ(Compute(ledger, {need}, query).entries, 0);
}

TEST(StatisticsGroupsTest, ASumHasNoDigitsThatNoneOfItsAmountsHas) {
  std::vector<LedgerRow> ledger = {Row("1", Step::kPaid, absl::CivilDay(2026, 3, 1)),
                                   Row("2", Step::kPaid, absl::CivilDay(2026, 4, 1))};
  ledger[0].amount_wan = 0.1;
  ledger[1].amount_wan = 0.2;
  StatisticsQuery query;
  query.period = {absl::CivilDay(2026, 1, 1), absl::CivilDay(2027, 1, 1)};
  EXPECT_EQ(Compute(ledger, {}, query).total.figure(FigureKind::kPaid).amount_wan, 0.3);
}

TEST(StatisticsGroupsTest, TheYearsOfAPeriodAreNotComparedWithThoseOfAnother) {
  const std::vector<LedgerRow> ledger = {Row("1", Step::kSigned, absl::CivilDay(2024, 3, 1)),
                                         Row("2", Step::kSigned, absl::CivilDay(2026, 3, 1))};
  StatisticsQuery query;
  query.period = {absl::CivilDay(2025, 1, 1), absl::CivilDay(2027, 1, 1)};
  query.earlier = DayRange{absl::CivilDay(2023, 1, 1), absl::CivilDay(2025, 1, 1)};
  query.dimensions = {Dimension::kYear, Dimension::kProvince};
  const Statistics statistics = Compute(ledger, {}, query);
  ASSERT_EQ(statistics.tables[0].groups.size(), 1u);
  EXPECT_EQ(statistics.tables[0].groups[0].key, "2026");
  EXPECT_FALSE(statistics.tables[0].groups[0].earlier.has_value());
  ASSERT_EQ(statistics.tables[1].groups.size(), 1u);
  EXPECT_TRUE(statistics.tables[1].groups[0].earlier.has_value());
}

}  // namespace
}  // namespace dongxi
