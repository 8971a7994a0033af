// The earlier period beside the one that is asked for: it has the figures that it has when it is asked for
// alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "engine/statistics/compute.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Policy& ThePolicy() {
  static const auto policy = LoadPolicy("data/policy");
  return **policy;
}

DayRange Year(int year) { return {absl::CivilDay(year, 1, 1), absl::CivilDay(year + 1, 1, 1)}; }

LedgerRow RowOf(const std::string& offer, Step step, absl::CivilDay day) {
  LedgerRow row;
  row.need = "needs/n";
  row.offer = "results/" + offer;
  row.step = step;
  row.event_time_us = ChinaDayStartUs(day);
  row.need_region = "6328";
  row.offer_region = "12";
  row.channel = "keji-yuanqing";
  return row;
}

void Number(std::vector<LedgerRow>* rows) {
  for (size_t i = 0; i < rows->size(); ++i) (*rows)[i].id = "engagements/e-" + std::to_string(1'000 + i);
}

// Twelve pairs over three years; some say a mode or name a match only in the last one.
std::vector<LedgerRow> RandomLedger(std::mt19937* random) {
  const auto below = [&](uint32_t end) { return static_cast<int64_t>((*random)() % end); };
  std::vector<LedgerRow> rows;
  for (int i = 0; i < 120; ++i) {
    LedgerRow row = RowOf("r" + std::to_string(below(12)), static_cast<Step>(1 + below(9)),
                          absl::CivilDay(2024, 1, 1) + below(3 * 365));
    constexpr const char* kModes[] = {"", "", "transfer", "license"};
    row.mode = kModes[below(4)];
    row.task = below(2) == 0 ? "3.2" : "";
    row.field = below(2) == 0 ? "化工" : "";
    if (below(3) == 0) row.need_region = "63";
    if (row.step == Step::kSigned) row.amount_wan = static_cast<double>(below(900)) / 7;
    if (row.step == Step::kRefused) row.reason = RefusalReason::kNoBudget;
    row.has_match = below(6) == 0;
    if (row.has_match) row.match_time_us = row.event_time_us - below(500) * 86'400'000'000;
    row.simulated = below(10) == 0;
    rows.push_back(row);
  }
  Number(&rows);
  return rows;
}

std::vector<NeedRow> TwoNeeds() {
  NeedRow need;
  need.name = "needs/open";
  need.region = "6328";
  need.channel = "keji-yuanqing";
  need.fields = {"化工"};
  need.modes = {"transfer"};
  need.first_day = absl::CivilDay(2025, 5, 1);
  NeedRow later = need;
  later.name = "needs/later";
  later.first_day = absl::CivilDay(2026, 5, 1);
  return {need, later};
}

using Figures = std::array<Figure, kFigures>;

void ExpectSame(const Figures& found, const Figures& expected) {
  for (size_t kind = 0; kind < found.size(); ++kind) {
    SCOPED_TRACE(ChineseNameOf(static_cast<FigureKind>(kind + 1)));
    EXPECT_EQ(found[kind].entries, expected[kind].entries);
    EXPECT_EQ(found[kind].pairs, expected[kind].pairs);
    EXPECT_EQ(found[kind].needs, expected[kind].needs);
    EXPECT_EQ(found[kind].amount_wan, expected[kind].amount_wan);
    EXPECT_EQ(found[kind].with_amount, expected[kind].with_amount);
  }
}

// The earlier side of `table` is the table of the earlier period; a group that one of them lacks is empty.
void ExpectEarlier(const GroupTable& table, const GroupTable& alone) {
  for (const Group& group : table.groups) {
    SCOPED_TRACE(group.key);
    const auto found = std::find_if(alone.groups.begin(), alone.groups.end(),
                                    [&](const Group& other) { return other.key == group.key; });
    ASSERT_TRUE(group.earlier.has_value());
    ExpectSame(*group.earlier, found == alone.groups.end() ? Figures() : found->figures);
    EXPECT_EQ(group.earlier_needs, found == alone.groups.end() ? 0 : found->needs);
  }
  for (const Group& other : alone.groups) {
    SCOPED_TRACE(other.key);
    const bool there = std::any_of(table.groups.begin(), table.groups.end(),
                                   [&](const Group& group) { return group.key == other.key; });
    if (!there) ExpectSame(other.figures, Figures());
  }
}

TEST(StatisticsEarlierLawTest, TheEarlierPeriodHasTheFiguresThatItHasAlone) {
  constexpr uint32_t kSeed = 5;
  std::mt19937 random(kSeed);
  const std::vector<NeedRow> needs = TwoNeeds();
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE("seed 5 round " + std::to_string(round));
    const std::vector<LedgerRow> rows = RandomLedger(&random);
    StatisticsQuery query;
    query.simulated = round % 2 == 0 ? Simulated::kInclude : Simulated::kExclude;
    query.mode = round % 4 == 1 ? "transfer" : round % 4 == 2 ? kNoGroup : "";
    for (int d = 1; d <= kDimensions; ++d) query.dimensions.push_back(static_cast<Dimension>(d));
    query.period = Year(2025);
    const Statistics alone = ComputeStatistics(rows, needs, ThePolicy(), query);
    query.period = Year(2026);
    query.earlier = Year(2025);
    const Statistics both = ComputeStatistics(rows, needs, ThePolicy(), query);
    ASSERT_TRUE(both.total.earlier.has_value());
    ExpectSame(*both.total.earlier, alone.total.figures);
    EXPECT_EQ(both.total.earlier_needs, alone.total.needs);
    for (size_t at = 0; at < both.tables.size(); ++at) {
      SCOPED_TRACE(at);
      if (both.tables[at].dimension != Dimension::kYear) ExpectEarlier(both.tables[at], alone.tables[at]);
    }
    EXPECT_TRUE(std::includes(both.simulated_entries.begin(), both.simulated_entries.end(),
                              alone.simulated_entries.begin(), alone.simulated_entries.end()))
        << "what the earlier period counts is marked";
  }
}

TEST(StatisticsEarlierTest, WhatIsSaidAfterTheEarlierPeriodDoesNotChangeIt) {
  std::vector<LedgerRow> rows = {RowOf("r", Step::kSigned, absl::CivilDay(2025, 3, 1)),
                                 RowOf("r", Step::kRegistered, absl::CivilDay(2026, 3, 1))};
  rows[1].mode = "transfer";
  rows[1].has_match = true;  // answered before the signature, but known since 2026 alone
  rows[1].match_time_us = ChinaDayStartUs(absl::CivilDay(2025, 2, 1));
  Number(&rows);
  StatisticsQuery query;
  query.period = Year(2026);
  query.earlier = Year(2025);
  query.dimensions = {Dimension::kMode};
  const Statistics statistics = ComputeStatistics(rows, {}, ThePolicy(), query);
  const auto earlier = [](const Group& group, FigureKind kind) {
    return (*group.earlier)[static_cast<size_t>(kind) - 1].entries;
  };
  EXPECT_THAT(earlier(statistics.total, FigureKind::kSignedRecommended), IsEmpty());
  EXPECT_THAT(earlier(statistics.total, FigureKind::kSignedUnrecommended), ElementsAre(0));
  for (const Group& group : statistics.tables[0].groups) {
    SCOPED_TRACE(group.key);
    EXPECT_EQ(earlier(group, FigureKind::kSigned).size(), group.key == kNoGroup ? 1u : 0u);
  }
}

}  // namespace
}  // namespace dongxi
