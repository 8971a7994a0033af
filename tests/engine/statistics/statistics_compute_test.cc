// Figures of small ledgers whose answers are counted by hand, and laws that hold for any.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "engine/statistics/compute.h"
#include "engine/statistics/ledger_simulator.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

const Policy& ThePolicy() {
  static const auto policy = LoadPolicy("data/policy");
  return **policy;
}

DayRange Year(int year) { return {absl::CivilDay(year, 1, 1), absl::CivilDay(year + 1, 1, 1)}; }

class LedgerBuilder {
 public:
  LedgerRow& Add(const std::string& need, const std::string& offer, Step step, absl::CivilDay day) {
    LedgerRow row;
    row.id = "engagements/e-" + std::to_string(1000 + rows.size());
    row.need = "needs/" + need;
    row.offer = "results/" + offer;
    row.step = step;
    row.event_time_us = ChinaDayStartUs(day);
    row.need_region = "632801";
    row.offer_region = "12";
    row.channel = "keji-yuanqing";
    row.task = "3.2";
    row.field = "盐湖化工";
    row.pairing = "3.2|63|天津";
    rows.push_back(row);
    return rows.back();
  }
  Statistics Compute(StatisticsQuery query) const {
    return ComputeStatistics(rows, needs, ThePolicy(), query);
  }
  Statistics Compute(int year, std::vector<Dimension> dimensions = {}) const {
    StatisticsQuery query;
    query.period = Year(year);
    query.dimensions = std::move(dimensions);
    return Compute(query);
  }
  std::vector<LedgerRow> rows;
  std::vector<NeedRow> needs;
};

const Group& GroupOf(const GroupTable& table, const std::string& key) {
  const auto found = std::find_if(table.groups.begin(), table.groups.end(),
                                  [&](const Group& group) { return group.key == key; });
  EXPECT_NE(found, table.groups.end()) << key;
  return found == table.groups.end() ? table.groups.front() : *found;
}
const StepDuration& DurationOf(const Group& group, Step from, Step to) {
  const auto found = std::find_if(group.durations.begin(), group.durations.end(), [&](const auto& duration) {
    return duration.from == from && duration.to == to;
  });
  EXPECT_NE(found, group.durations.end());
  return *found;
}
const StepConversion& ConversionOf(const Group& group, Step from, Step to) {
  const auto found =
      std::find_if(group.conversions.begin(), group.conversions.end(),
                   [&](const auto& conversion) { return conversion.from == from && conversion.to == to; });
  EXPECT_NE(found, group.conversions.end());
  return *found;
}

TEST(StatisticsTest, CountsEntriesPairsNeedsAndAmountsOfThePeriod) {
  LedgerBuilder ledger;
  ledger.Add("a", "r1", Step::kMet, absl::CivilDay(2026, 2, 1));
  ledger.Add("a", "r1", Step::kMet, absl::CivilDay(2026, 3, 1));
  ledger.Add("a", "r2", Step::kMet, absl::CivilDay(2026, 3, 1));
  ledger.Add("a", "r1", Step::kSigned, absl::CivilDay(2026, 5, 1)).amount_wan = 120;
  ledger.Add("b", "r1", Step::kSigned, absl::CivilDay(2025, 5, 1)).amount_wan = 70;
  const Statistics statistics = ledger.Compute(2026);
  const Figure& met = statistics.total.figure(FigureKind::kMet);
  EXPECT_THAT(met.entries, ElementsAre(0, 1, 2));
  EXPECT_EQ(met.pairs, 2);
  EXPECT_EQ(met.needs, 1);
  const Figure& signatures = statistics.total.figure(FigureKind::kSigned);
  EXPECT_THAT(signatures.entries, ElementsAre(3));
  EXPECT_EQ(signatures.amount_wan, 120);
  EXPECT_EQ(statistics.total.needs, 1);
  EXPECT_EQ(statistics.entries, 4);
}

TEST(StatisticsTest, TheLastSecondOfTheYearInChinaBelongsToIt) {
  LedgerBuilder ledger;
  ledger.Add("a", "r1", Step::kMet, absl::CivilDay(2026, 12, 31)).event_time_us += 86'399'000'000;
  ledger.Add("a", "r2", Step::kMet, absl::CivilDay(2027, 1, 1));
  EXPECT_THAT(ledger.Compute(2026).total.figure(FigureKind::kMet).entries, ElementsAre(0));
  EXPECT_THAT(ledger.Compute(2027).total.figure(FigureKind::kMet).entries, ElementsAre(1));
}

TEST(StatisticsTest, SignedAfterARecommendationIsKeptApart) {
  LedgerBuilder ledger;
  ledger.Add("a", "shown", Step::kShown, absl::CivilDay(2026, 1, 5));
  ledger.Add("a", "shown", Step::kSigned, absl::CivilDay(2026, 5, 1)).amount_wan = 10;
  ledger.Add("a", "match", Step::kSigned, absl::CivilDay(2026, 5, 1)).has_match = true;
  ledger.Add("a", "alone", Step::kSigned, absl::CivilDay(2026, 5, 1)).amount_wan = 7;
  ledger.Add("a", "later", Step::kSigned, absl::CivilDay(2026, 5, 1));
  ledger.Add("a", "later", Step::kShown,
             absl::CivilDay(2026, 6, 1));  // a recommendation afterwards caused nothing
  const Group total = ledger.Compute(2026).total;
  EXPECT_THAT(total.figure(FigureKind::kSignedRecommended).entries, ElementsAre(1, 2));
  EXPECT_EQ(total.figure(FigureKind::kSignedRecommended).amount_wan, 10);
  EXPECT_THAT(total.figure(FigureKind::kSignedUnrecommended).entries, ElementsAre(3, 4));
  EXPECT_EQ(total.figure(FigureKind::kSignedUnrecommended).amount_wan, 7);
}

TEST(StatisticsTest, DurationsLieWhereTheLaterStepLies) {
  LedgerBuilder ledger;
  ledger.Add("a", "r1", Step::kMet, absl::CivilDay(2025, 12, 1));
  ledger.Add("a", "r1", Step::kSigned, absl::CivilDay(2026, 1, 10));
  ledger.Add("a", "r2", Step::kMet, absl::CivilDay(2026, 3, 1));
  ledger.Add("a", "r2", Step::kMet, absl::CivilDay(2026, 3, 20));  // the first meeting counts
  ledger.Add("a", "r2", Step::kSigned, absl::CivilDay(2026, 3, 31));
  const Statistics statistics = ledger.Compute(2026);
  const StepDuration& duration = DurationOf(statistics.total, Step::kMet, Step::kSigned);
  EXPECT_THAT(duration.entries, ElementsAre(1, 4));
  EXPECT_DOUBLE_EQ(duration.days.median, 35);  // of 40 and 30
  EXPECT_THAT(DurationOf(ledger.Compute(2025).total, Step::kMet, Step::kSigned).entries, IsEmpty());
}

TEST(StatisticsTest, ConversionsFollowThePairsThatBeganInThePeriodToItsEnd) {
  LedgerBuilder ledger;
  ledger.Add("a", "r1", Step::kMet, absl::CivilDay(2026, 3, 1));
  ledger.Add("a", "r1", Step::kSigned, absl::CivilDay(2026, 4, 1));
  ledger.Add("a", "r2", Step::kMet, absl::CivilDay(2026, 3, 1));
  ledger.Add("a", "r3", Step::kMet, absl::CivilDay(2026, 3, 1));
  ledger.Add("a", "r3", Step::kSigned,
             absl::CivilDay(2027, 4, 1));  // behind the period: its figures never change
  ledger.Add("a", "r4", Step::kMet, absl::CivilDay(2025, 3, 1));  // began before
  ledger.Add("a", "r4", Step::kSigned, absl::CivilDay(2026, 4, 1));
  const Statistics statistics = ledger.Compute(2026);
  const StepConversion& conversion = ConversionOf(statistics.total, Step::kMet, Step::kSigned);
  EXPECT_THAT(conversion.began, ElementsAre(0, 2, 3));
  EXPECT_THAT(conversion.reached, ElementsAre(1));
  EXPECT_DOUBLE_EQ(conversion.interval.low, WilsonInterval(1, 3).low);
}

TEST(StatisticsTest, AStepFromBeforeDoesNotHideTheOneThatFollows) {
  LedgerBuilder ledger;
  ledger.Add("a", "r1", Step::kMet, absl::CivilDay(2026, 1, 10));
  ledger.Add("a", "r1", Step::kShown, absl::CivilDay(2026, 2, 10));
  ledger.Add("a", "r1", Step::kMet, absl::CivilDay(2026, 3, 10));
  ledger.Add("a", "r2", Step::kMet, absl::CivilDay(2026, 1, 10));
  ledger.Add("a", "r2", Step::kShown, absl::CivilDay(2026, 2, 10));  // never met again
  const Statistics statistics = ledger.Compute(2026);
  const StepConversion& conversion = ConversionOf(statistics.total, Step::kShown, Step::kMet);
  EXPECT_THAT(conversion.began, ElementsAre(1, 4));
  EXPECT_THAT(conversion.reached, ElementsAre(2));
  const StepDuration& duration = DurationOf(statistics.total, Step::kShown, Step::kMet);
  EXPECT_THAT(duration.entries, ElementsAre(2));
  EXPECT_DOUBLE_EQ(duration.days.median, 28);
}

TEST(StatisticsTest, APairIsRecommendedByAnEntryThatNamesItsMatchOrSaysSo) {
  LedgerBuilder ledger;
  ledger.Add("a", "match", Step::kMet, absl::CivilDay(2026, 3, 1)).has_match = true;
  ledger.Add("a", "match", Step::kSigned, absl::CivilDay(2026, 4, 1)).has_match = true;
  ledger.Add("b", "shown", Step::kShown, absl::CivilDay(2026, 3, 1));
  ledger.Add("c", "alone", Step::kMet, absl::CivilDay(2026, 3, 1));
  ledger.Add("d", "before", Step::kShown, absl::CivilDay(2025, 3, 1));
  ledger.Add("d", "before", Step::kMet, absl::CivilDay(2026, 3, 1)).has_match = true;
  const Statistics statistics = ledger.Compute(2026, {Dimension::kTask});
  const Figure& matched = statistics.total.figure(FigureKind::kMatched);
  EXPECT_THAT(matched.entries, ElementsAre(0, 2));
  EXPECT_EQ(matched.needs, 2);
  EXPECT_EQ(GroupOf(statistics.tables[0], "3.2").figure(FigureKind::kMatched).needs, 2);
  const StepConversion& met = ConversionOf(statistics.total, Step::kShown, Step::kMet);
  EXPECT_THAT(met.began, ElementsAre(0, 2));
  EXPECT_THAT(met.reached, ElementsAre(0));
  EXPECT_THAT(ConversionOf(statistics.total, Step::kShown, Step::kSigned).reached, ElementsAre(1));
  EXPECT_THAT(ledger.Compute(2025).total.figure(FigureKind::kMatched).entries, ElementsAre(4));
}

TEST(StatisticsTest, AKnownMatchTimeIsWhenThePairWasRecommended) {
  LedgerBuilder ledger;
  ledger.Add("a", "r1", Step::kMet, absl::CivilDay(2026, 3, 1));
  LedgerRow& contract = ledger.Add("a", "r1", Step::kSigned, absl::CivilDay(2026, 4, 1));
  contract.has_match = true;
  contract.match_time_us = ChinaDayStartUs(absl::CivilDay(2026, 2, 1));
  LedgerRow& later = ledger.Add("a", "r2", Step::kMet, absl::CivilDay(2026, 3, 1));
  later.has_match = true;  // asked after the meeting, as ledgers of before took it: no recommendation
  later.match_time_us = ChinaDayStartUs(absl::CivilDay(2026, 3, 2));
  LedgerRow& same_day = ledger.Add("a", "r3", Step::kMet, absl::CivilDay(2026, 3, 1));
  same_day.has_match = true;
  same_day.match_time_us = ChinaDayStartUs(absl::CivilDay(2026, 3, 2)) - 1;
  const Statistics statistics = ledger.Compute(2026);
  EXPECT_THAT(ConversionOf(statistics.total, Step::kShown, Step::kMet).reached, ElementsAre(0, 3));
  const StepDuration& duration = DurationOf(statistics.total, Step::kShown, Step::kSigned);
  EXPECT_THAT(duration.entries, ElementsAre(1));
  EXPECT_DOUBLE_EQ(duration.days.median, 59);  // from 1 February
}

TEST(StatisticsTest, ADateAloneIsNotBeforeAClockTimeOfItsDay) {
  constexpr int64_t kHourUs = 3'600'000'000;
  LedgerBuilder ledger;
  // Recommended by the portal at ten, met the same day as an office's table says.
  ledger.Add("a", "r1", Step::kShown, absl::CivilDay(2026, 3, 1)).event_time_us += 10 * kHourUs;
  ledger.Add("a", "r1", Step::kMet, absl::CivilDay(2026, 3, 1));
  ledger.Add("a", "r1", Step::kSigned, absl::CivilDay(2026, 3, 1));
  // The day before does not follow, whatever the hours say.
  ledger.Add("a", "r2", Step::kShown, absl::CivilDay(2026, 3, 2)).event_time_us += 1;
  ledger.Add("a", "r2", Step::kMet, absl::CivilDay(2026, 3, 1)).event_time_us += 24 * kHourUs - 1;
  // A date and a clock time are whole days apart, two clock times hours.
  ledger.Add("a", "r3", Step::kShown, absl::CivilDay(2026, 3, 1)).event_time_us += 18 * kHourUs;
  ledger.Add("a", "r3", Step::kMet, absl::CivilDay(2026, 3, 4));
  ledger.Add("a", "r3", Step::kSigned, absl::CivilDay(2026, 3, 2)).event_time_us += 6 * kHourUs;
  const Group total = ledger.Compute(2026).total;
  EXPECT_THAT(ConversionOf(total, Step::kShown, Step::kMet).reached, ElementsAre(1, 6));
  EXPECT_THAT(ConversionOf(total, Step::kMet, Step::kSigned).reached, ElementsAre(2));
  EXPECT_THAT(total.figure(FigureKind::kSignedRecommended).entries, ElementsAre(2, 7));
  EXPECT_DOUBLE_EQ(DurationOf(total, Step::kShown, Step::kMet).days.median, 1.5);      // of 0 and 3
  EXPECT_DOUBLE_EQ(DurationOf(total, Step::kShown, Step::kSigned).days.median, 0.25);  // of 0 and 0.5
}

TEST(StatisticsTest, NeedsAreCountedInEveryYearOfThePeriodInWhichTheyAreOpen) {
  LedgerBuilder ledger;
  NeedRow need;
  need.name = "needs/n";
  need.region = "6328";
  need.first_day = absl::CivilDay(2023, 5, 1);
  need.last_day = absl::CivilDay(2024, 12, 31);
  ledger.needs = {need};
  ledger.Add("other", "r", Step::kMet, absl::CivilDay(2025, 2, 1));
  StatisticsQuery query;
  query.period = {absl::CivilDay(2022, 1, 1), absl::CivilDay(2026, 1, 1)};
  query.dimensions = {Dimension::kYear};
  const Statistics statistics = ledger.Compute(query);
  std::vector<std::pair<std::string, int64_t>> years;
  for (const Group& group : statistics.tables[0].groups) years.emplace_back(group.key, group.needs);
  EXPECT_THAT(years, ElementsAre(std::pair("2023", 1), std::pair("2024", 1), std::pair("2025", 1)));
  query.period = Year(2024);
  EXPECT_EQ(GroupOf(ledger.Compute(query).tables[0], "2024").needs, 1);
}

TEST(StatisticsTest, RefusalsAreCountedByReason) {
  LedgerBuilder ledger;
  ledger.Add("a", "r1", Step::kRefused, absl::CivilDay(2026, 3, 1)).reason = RefusalReason::kTooEarly;
  ledger.Add("a", "r2", Step::kRefused, absl::CivilDay(2026, 3, 1)).reason = RefusalReason::kNoBudget;
  ledger.Add("b", "r2", Step::kRefused, absl::CivilDay(2026, 3, 1)).reason = RefusalReason::kTooEarly;
  const Statistics statistics = ledger.Compute(2026);
  EXPECT_THAT(statistics.total.refusals[static_cast<size_t>(RefusalReason::kTooEarly)], ElementsAre(0, 2));
  EXPECT_THAT(statistics.total.refusals[static_cast<size_t>(RefusalReason::kNoBudget)], ElementsAre(1));
}

TEST(StatisticsTest, AllTwentyTasksAreListedAndThoseWithoutActivityNamed) {
  LedgerBuilder ledger;
  ledger.Add("a", "r1", Step::kViewed, absl::CivilDay(2026, 3, 1));
  const Statistics statistics = ledger.Compute(2026, {Dimension::kTask});
  EXPECT_EQ(statistics.tables.front().groups.size(), 20u);
  EXPECT_EQ(statistics.tables.front().groups.front().label, "1.1 碳达峰碳中和");
  EXPECT_EQ(statistics.inactive_tasks.size(), 19u);
  EXPECT_THAT(statistics.inactive_tasks, Not(Contains("3.2")));
}

TEST(StatisticsTest, AProvinceListsItsOwnTasksAndPairings) {
  LedgerBuilder ledger;
  ledger.Add("a", "r1", Step::kSigned, absl::CivilDay(2026, 3, 1)).amount_wan = 5;
  StatisticsQuery query;
  query.period = Year(2026);
  query.need_region = "63";
  query.dimensions = {Dimension::kTask, Dimension::kPairing};
  const Statistics statistics = ledger.Compute(query);
  std::vector<std::string> tasks;
  for (const Group& group : statistics.tables[0].groups) tasks.push_back(group.key);
  EXPECT_THAT(tasks, ElementsAre("3.1", "3.2", "3.3"));
  const Group& pairing = GroupOf(statistics.tables[1], "3.2|63|天津");
  EXPECT_EQ(pairing.label, "3.2 青海 ↔ 天津");
  EXPECT_EQ(pairing.figure(FigureKind::kSigned).amount_wan, 5);
  EXPECT_EQ(GroupOf(statistics.tables[1], "3.1|63|沿黄河省区").label, "3.1 青海 ↔ 沿黄河省区");
}

TEST(StatisticsTest, NeedsAreCountedWhereOpenInThePeriodOrInTheLedger) {
  LedgerBuilder ledger;
  ledger.Add("deleted", "r1", Step::kMet, absl::CivilDay(2026, 3, 1));
  const auto need = [](const std::string& name, absl::CivilDay first, absl::CivilDay last) {
    NeedRow row;
    row.name = "needs/" + name;
    row.region = "6328";
    row.channel = "keji-yuanqing";
    row.task = "3.2";
    row.fields = {"盐湖化工", "储能"};
    row.first_day = first;
    row.last_day = last;
    return row;
  };
  ledger.needs = {need("open", absl::CivilDay(2025, 1, 1), absl::CivilDay::max()),
                  need("over", absl::CivilDay(2024, 1, 1), absl::CivilDay(2025, 6, 1)),
                  need("later", absl::CivilDay(2027, 1, 1), absl::CivilDay::max())};
  const Statistics statistics = ledger.Compute(2026, {Dimension::kField});
  EXPECT_EQ(statistics.total.needs, 2);
  EXPECT_EQ(GroupOf(statistics.tables[0], "盐湖化工").needs, 2);
  EXPECT_EQ(ledger.Compute(2027).total.needs, 2);
}

TEST(StatisticsTest, SimulatedEntriesAreLeftOutUnlessAskedForAndSaid) {
  LedgerBuilder ledger;
  ledger.Add("a", "r1", Step::kSigned, absl::CivilDay(2026, 3, 1)).amount_wan = 5;
  LedgerRow& simulated = ledger.Add("b", "r1", Step::kSigned, absl::CivilDay(2026, 3, 1));
  simulated.amount_wan = 1000;
  simulated.simulated = true;
  StatisticsQuery query;
  query.period = Year(2026);
  const auto amount = [&](Simulated which) {
    query.simulated = which;
    return ledger.Compute(query).total.figure(FigureKind::kSigned).amount_wan;
  };
  EXPECT_EQ(amount(Simulated::kExclude), 5);
  EXPECT_EQ(amount(Simulated::kInclude), 1005);
  EXPECT_EQ(amount(Simulated::kOnly), 1000);
  query.simulated = Simulated::kExclude;
  EXPECT_EQ(ledger.Compute(query).simulated_left_out, 1);
  EXPECT_EQ(ledger.Compute(query).simulated, 0);
  EXPECT_THAT(ledger.Compute(query).simulated_entries, IsEmpty());
  query.simulated = Simulated::kInclude;
  EXPECT_EQ(ledger.Compute(query).simulated, 1);
  EXPECT_THAT(ledger.Compute(query).simulated_entries, ElementsAre(1));
  // What only the earlier period counts is told, too, but is no entry of the period.
  query.period = Year(2027);
  query.earlier = Year(2026);
  EXPECT_EQ(ledger.Compute(query).simulated, 0);
  EXPECT_THAT(ledger.Compute(query).simulated_entries, ElementsAre(1));
}

TEST(StatisticsTest, TheEarlierPeriodStandsBesideAndIgnoresWhatCameAfterIt) {
  LedgerBuilder ledger;
  ledger.Add("a", "r1", Step::kSigned, absl::CivilDay(2025, 3, 1)).amount_wan = 5;
  ledger.Add("a", "r2", Step::kSigned, absl::CivilDay(2026, 3, 1)).amount_wan = 8;
  StatisticsQuery query;
  query.period = Year(2026);
  query.earlier = Year(2025);
  query.dimensions = {Dimension::kTask};
  const Statistics statistics = ledger.Compute(query);
  ASSERT_TRUE(statistics.total.earlier.has_value());
  EXPECT_EQ((*statistics.total.earlier)[4].amount_wan, 5);
  EXPECT_EQ((*GroupOf(statistics.tables[0], "3.2").earlier)[4].amount_wan, 5);
  EXPECT_EQ(statistics.total.figure(FigureKind::kSigned).amount_wan, 8);
}

TEST(StatisticsTest, UnservedRegionsAreThoseWithoutAMeeting) {
  LedgerBuilder ledger;
  ledger.Add("a", "r1", Step::kMet, absl::CivilDay(2026, 3, 1));  // 632801
  ledger.Add("b", "r1", Step::kShown, absl::CivilDay(2026, 3, 1)).need_region = "6325";
  StatisticsQuery query;
  query.period = Year(2026);
  query.need_region = "63";
  query.expected_regions = {"632802", "120101"};
  std::vector<std::string> codes;
  int64_t shown_in_6325 = 0;
  for (const ServedRegion& region : ledger.Compute(query).unserved) {
    codes.push_back(region.code);
    if (region.code == "6325") shown_in_6325 = region.shown;
  }
  EXPECT_THAT(codes, Contains("6325"));
  EXPECT_THAT(codes, Contains("6301"));
  EXPECT_THAT(codes, Contains("632802"));
  EXPECT_THAT(codes, Not(Contains("6328")));
  EXPECT_THAT(codes, Not(Contains("120101")));  // not in the west
  EXPECT_EQ(shown_in_6325, 1);
}

TEST(StatisticsTest, ARegionThatMetForAnotherTaskIsNotCalledUnserved) {
  LedgerBuilder ledger;
  ledger.Add("a", "r1", Step::kMet, absl::CivilDay(2026, 3, 1));  // 632801, task 3.2
  StatisticsQuery query;
  query.period = Year(2026);
  query.need_region = "63";
  query.task = "3.1";
  const Statistics statistics = ledger.Compute(query);
  EXPECT_EQ(statistics.entries, 0);
  for (const ServedRegion& region : statistics.unserved) EXPECT_NE(region.code, "6328");
}

TEST(StatisticsTest, APeriodWithoutDataHasZerosAndNoGroupsBeyondThePlan) {
  const LedgerBuilder ledger;
  const Statistics statistics = ledger.Compute(2026, {Dimension::kField, Dimension::kTask});
  EXPECT_EQ(statistics.entries, 0);
  EXPECT_THAT(statistics.tables[0].groups, IsEmpty());
  EXPECT_EQ(statistics.tables[1].groups.size(), 20u);
  EXPECT_EQ(statistics.total.durations.size(), StepWays().size());
}

// A few pairs whose steps fall on a few days around the turn of a year, at any hour.
LedgerBuilder CrowdedLedger(std::mt19937* random) {
  const auto below = [&](uint32_t end) { return static_cast<int64_t>((*random)() % end); };
  LedgerBuilder ledger;
  for (int i = 0; i < 40; ++i) {
    const auto step = static_cast<Step>(1 + below(9));
    LedgerRow& row = ledger.Add("n", std::to_string(below(6)), step, absl::CivilDay(2025, 12, 29) + below(6));
    row.event_time_us += below(86'400) * 1'000'000;
    row.has_match = below(8) == 0;
    if (row.has_match && below(2) == 0) row.match_time_us = row.event_time_us - below(200'000) * 1'000'000;
  }
  return ledger;
}

// What does not depend on which of several entries of one step and day stands for it.
std::vector<int64_t> CountsOf(const Group& total) {
  std::vector<int64_t> counts;
  for (const Figure& figure : total.figures) {
    counts.push_back(static_cast<int64_t>(figure.entries.size()));
    counts.push_back(figure.pairs);
  }
  for (const StepConversion& one : total.conversions) {
    counts.push_back(static_cast<int64_t>(one.began.size()));
    counts.push_back(static_cast<int64_t>(one.reached.size()));
  }
  for (const StepDuration& one : total.durations) counts.push_back(static_cast<int64_t>(one.entries.size()));
  return counts;
}

TEST(StatisticsLawTest, NoCountDependsOnWhichEntriesHaveAClockTimeOrOnHoursWithinADay) {
  constexpr uint32_t kSeed = 11;
  std::mt19937 random(kSeed);
  int64_t reached = 0;
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE("seed 11 round " + std::to_string(round));
    LedgerBuilder ledger = CrowdedLedger(&random);
    const std::vector<int64_t> counts = CountsOf(ledger.Compute(2026).total);
    for (LedgerRow& row : ledger.rows) {
      const int64_t date_us = ChinaDayStartUs(ChinaDay(row.event_time_us));
      if (random() % 2 == 0) row.event_time_us = date_us;
      if (random() % 4 == 0)
        row.event_time_us = date_us + static_cast<int64_t>(random() % 86'400) * 1'000'000;
    }
    const Group total = ledger.Compute(2026).total;
    EXPECT_EQ(CountsOf(total), counts);
    for (const StepConversion& one : total.conversions) reached += static_cast<int64_t>(one.reached.size());
    for (const StepDuration& one : total.durations) EXPECT_GE(one.days.lower, 0);
  }
  EXPECT_GT(reached, 500);
}

// Laws on ten simulated years, in any order of rows.
TEST(StatisticsLawTest, GroupsAddUpToTheTotalInEveryDimension) {
  std::vector<SimulatedNeed> needs;
  std::vector<SimulatedOffer> offers;
  for (int i = 0; i < 60; ++i) {
    const bool salt = i % 2 == 0;
    needs.push_back({"needs/n" + std::to_string(i), salt ? "6328" : "6401",
                     salt ? "keji-yuanqing" : "keji-zhining", salt ? "3.2" : "5.1",
                     i % 3 == 0 ? "" : "化工"});
    offers.push_back({"results/r" + std::to_string(i), salt ? "12" : "32",
                      "institutions/i" + std::to_string(i % 9), "某研究院"});
  }
  std::vector<LedgerRow> rows = SimulateLedger(needs, offers, ThePolicy(), {.pairs = 1'000, .seed = 7}).rows;
  StatisticsQuery query;
  query.period = {absl::CivilDay(2016, 1, 1), absl::CivilDay(2026, 1, 1)};
  query.simulated = Simulated::kInclude;
  for (int d = 1; d <= kDimensions; ++d) query.dimensions.push_back(static_cast<Dimension>(d));
  std::mt19937 random(1);
  double amount = -1;
  for (int round = 0; round < 3; ++round) {
    const Statistics statistics = ComputeStatistics(rows, {}, ThePolicy(), query);
    const Figure& total = statistics.total.figure(FigureKind::kSigned);
    ASSERT_GT(total.entries.size(), 50u);
    EXPECT_EQ(statistics.simulated, static_cast<int64_t>(rows.size()));
    for (const GroupTable& table : statistics.tables) {
      SCOPED_TRACE(static_cast<int>(table.dimension));
      size_t entries = 0;
      size_t began = 0;
      for (const Group& group : table.groups) {
        entries += group.figure(FigureKind::kSigned).entries.size();
        EXPECT_EQ(group.figure(FigureKind::kSigned).entries.size(),
                  group.figure(FigureKind::kSignedRecommended).entries.size() +
                      group.figure(FigureKind::kSignedUnrecommended).entries.size());
        began += ConversionOf(group, Step::kMet, Step::kSigned).began.size();
      }
      EXPECT_EQ(entries, total.entries.size());
      EXPECT_EQ(began, ConversionOf(statistics.total, Step::kMet, Step::kSigned).began.size());
    }
    if (round > 0) {
      EXPECT_EQ(total.amount_wan, amount);
    }
    amount = total.amount_wan;
    std::shuffle(rows.begin(), rows.end(), random);
  }
}

}  // namespace
}  // namespace dongxi
