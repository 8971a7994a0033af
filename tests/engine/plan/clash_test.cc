// Why a must is not kept: how many others fill its slots or tables, which few it clashes with, and where that
// was not found out.
#include "engine/plan/clash.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/plan/event_tables.h"
#include "engine/plan/planner.h"
#include "tests/engine/plan/sample_event.h"

namespace dongxi::plan {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// One need that must meet every offer.
Event OneNeed(int offers, int slots) {
  Event event = PlainEvent(1, offers, slots);
  for (int o = 1; o <= offers; ++o)
    event.pairs.push_back({.need = 0, .offer = o, .score = 0.5, .by_need = Wish::kMust});
  return event;
}

Plan Planned(const Event& event) { return *MakePlan(event, {.prices = false}); }

TEST(ClashTest, MoreMustsThanSlotsAreOneConditionWithBothNumbers) {
  struct Case {
    int musts, slots;
    const char* clash;
  };
  constexpr Case kCases[] = {
      {8, 7, "“需求方N1”的其余必见 7 场，时段 7 个"},
      {13, 12, "“需求方N1”的其余必见 12 场，时段 12 个"},
      {30, 24, "“需求方N1”的其余必见 29 场（排进 24 场），时段 24 个"},
      {40, 8, "“需求方N1”的其余必见 39 场（排进 8 场），时段 8 个"},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(testing::Message() << c.musts << " musts");
    const Plan plan = Planned(OneNeed(c.musts, c.slots));
    ASSERT_EQ(plan.unmet.size(), static_cast<size_t>(c.musts - c.slots));
    for (const UnmetMust& unmet : plan.unmet) {
      EXPECT_THAT(unmet.clash, ElementsAre(c.clash));
      EXPECT_FALSE(unmet.smallest);
    }
  }
}

TEST(ClashTest, SlotsThatMatterAreNamedBesideTheNumberOfMusts) {
  Event event = OneNeed(8, 10);
  for (int s = 7; s < 10; ++s) event.parties[0].available.reset(s);
  const Plan plan = Planned(event);
  ASSERT_EQ(plan.unmet.size(), 1u);
  EXPECT_THAT(plan.unmet[0].clash, ElementsAre(AllOf(HasSubstr("“需求方N1”可用的只有"),
                                                     HasSubstr("等 7 个时段（表“参会方”第 2 行）")),
                                               "“需求方N1”的其余必见 7 场，时段 7 个"));
}

TEST(ClashTest, AMaximumBelowManyMustsIsNamedWithTheirNumber) {
  Event event = OneNeed(9, 12);
  event.parties[0].max_meetings = 8;
  const Plan plan = Planned(event);
  ASSERT_EQ(plan.unmet.size(), 1u);
  EXPECT_THAT(plan.unmet[0].clash,
              ElementsAre(StartsWith("“需求方N1”最多 8 场"), "“需求方N1”的其余必见 8 场"));
}

TEST(ClashTest, MustsOfPartiesWithTheSamePeopleCountTogether) {
  Event event = PlainEvent(8, 8, 7);
  for (int n = 0; n < 8; ++n) {
    event.parties[n].members = {"张"};
    event.pairs.push_back({.need = n, .offer = 8 + n, .score = 0.5, .by_need = Wish::kMust});
  }
  const Plan plan = Planned(event);
  ASSERT_EQ(plan.unmet.size(), 1u);
  EXPECT_THAT(plan.unmet[0].clash, ElementsAre(HasSubstr("和有同一成员的各方的其余必见 7 场，时段 7 个")));
}

TEST(ClashTest, MoreMustsThanTableSlotsAreOneConditionBesideTheTables) {
  Event event = PlainEvent(9, 9, 8);
  AddTables(event, 1);
  for (int n = 0; n < 9; ++n)
    event.pairs.push_back({.need = n, .offer = 9 + n, .score = 0.5, .by_need = Wish::kMust});
  const Plan plan = Planned(event);
  ASSERT_EQ(plan.unmet.size(), 1u);
  EXPECT_THAT(plan.unmet[0].clash, ElementsAre(StartsWith("桌位"), "各方的其余必见 8 场，桌位合计容 8 场"));
}

TEST(ClashTest, TooFewTablesOfAKindAreFoundAmongManyOthers) {
  Event event = PlainEvent(12, 12, 8);
  AddTables(event, 4);
  event.tables[0].online = true;
  for (int n = 0; n < 12; ++n) {
    event.parties[n].online = n < 9;
    event.pairs.push_back({.need = n, .offer = 12 + n, .score = 0.5, .by_need = Wish::kMust});
  }
  const Plan plan = Planned(event);
  ASSERT_EQ(plan.unmet.size(), 1u);
  EXPECT_THAT(plan.unmet[0].clash,
              ElementsAre(StartsWith("桌位"), "各方的其余必见中有 8 场，按各方能来的时段和合用的桌排不开"));
}

TEST(ClashTest, AFewOfManyMustsAreNamedWhereOnlyTheseAreInTheWay) {
  Event event = OneNeed(10, 20);
  for (int o = 1; o <= 6; ++o) {
    for (int s = 5; s < 20; ++s) event.parties[o].available.reset(s);
  }
  const Plan plan = Planned(event);
  ASSERT_EQ(plan.unmet.size(), 1u);
  const std::vector<std::string>& clash = plan.unmet[0].clash;
  ASSERT_EQ(clash.size(), 6u) << testing::PrintToString(clash);
  EXPECT_THAT(clash[0], HasSubstr("可用的只有时段 S1、S2、S3、S4、S5"));
  EXPECT_THAT(std::vector<std::string>(clash.begin() + 1, clash.end()), Each(StartsWith("必见 “需求方N1”")));
}

TEST(ClashTest, OthersThatExcludeEachOtherExplainNothing) {
  Event event = OneNeed(5, 4);
  Event other = PlainEvent(2, 8, 4);  // N2 must meet O6 to O8 in two slots
  other.pairs = event.pairs;
  for (Pair& pair : other.pairs) ++pair.offer;
  for (int o = 7; o < 10; ++o)
    other.pairs.push_back({.need = 1, .offer = o, .score = 0.5, .by_need = Wish::kMust});
  for (int s = 2; s < 4; ++s) other.parties[1].available.reset(s);
  const Plan plan = Planned(other);
  ASSERT_EQ(plan.unmet.size(), 2u);
  EXPECT_EQ(plan.unmet[0].clash.size(), 4u);
  EXPECT_THAT(plan.unmet[0].clash, Each(AllOf(HasSubstr("需求方N1"), Not(HasSubstr("需求方N2")))));
  EXPECT_EQ(plan.unmet[1].clash.size(), 3u);
  EXPECT_TRUE(plan.unmet[1].smallest);
}

// The rest of a hall with room for one more must, which the plan leaves out.
std::vector<std::string> ClashBeside(int others) {
  Event event = PlainEvent(others + 1, others + 1, others / 2 + 1);
  AddTables(event, 2);
  std::vector<Meeting> meetings;
  for (int n = 0; n <= others; ++n) {
    event.pairs.push_back({.need = n, .offer = others + 1 + n, .score = 0.5, .by_need = Wish::kMust});
    if (n < others) meetings.push_back({.pair = n, .slot = n / 2, .table = n % 2});
  }
  const Instance instance = MakeInstance(event);
  const std::vector<UnmetMust> unmet = ExplainUnmet(event, instance, meetings);
  EXPECT_EQ(unmet.size(), 1u);
  return unmet.empty() ? std::vector<std::string>() : unmet[0].clash;
}

TEST(ClashTest, WhatWasNotFoundOutIsNotToldAsPossible) {
  EXPECT_THAT(ClashBeside(4), ElementsAre(HasSubstr("可以会谈")));
  EXPECT_THAT(ClashBeside(150), ElementsAre(AllOf(HasSubstr("没有查清"), Not(HasSubstr("可以会谈")))));
}

// N1 must meet O1 and O2 in one slot; the wishes are those of the rows.
std::vector<std::string> ClashOfRows(const std::string& requests) {
  std::vector<Problem> problems;
  const absl::StatusOr<EventTables> tables = TablesFromJson(R"({
   "slots": [{"id": "S1", "date": "2026-11-26", "begin": "09:00", "end": "09:25"}],
   "parties": [{"id": "N1", "name": "甲", "side": "需求方"}, {"id": "O1", "name": "丙", "side": "供给方"},
               {"id": "O2", "name": "丁", "side": "供给方"}],
   "pairs": [{"need": "N1", "offer": "O1", "score": 0.9}, {"need": "N1", "offer": "O2", "score": 0.5}],
   "requests": [)" + requests + "]}");
  EXPECT_TRUE(tables.ok()) << tables.status();
  const Event event = DecodeEvent(*tables, &problems);
  EXPECT_TRUE(problems.empty());
  const Plan plan = Planned(event);
  EXPECT_EQ(plan.unmet.size(), 1u);
  return plan.unmet.empty() ? std::vector<std::string>() : plan.unmet[0].clash;
}

TEST(ClashTest, EachWishIsNamedWithItsOwnRow) {
  EXPECT_THAT(
      ClashOfRows(R"({"from": "O1", "to": "N1", "wish": "不见"}, {"from": "N1", "to": "O2", "wish": "想见"},
                             {"from": "N1", "to": "O1", "wish": "必见"},
                             {"from": "O1", "to": "N1", "wish": "不见", "by": "组织方"})"),
      ElementsAre("“丙”谢绝“甲”（表“请求”第 1 行）", "组织方不让这两方会谈（表“请求”第 4 行）"));
  EXPECT_THAT(
      ClashOfRows(R"({"from": "N1", "to": "O1", "wish": "必见"}, {"from": "N1", "to": "O2", "wish": "必见"},
                             {"from": "O1", "to": "N1", "wish": "想见"})"),
      ElementsAre("必见 “甲” × “丙”（表“请求”第 1 行）"));
}

}  // namespace
}  // namespace dongxi::plan
