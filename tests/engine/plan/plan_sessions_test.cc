// 路演 and group meetings in plans: who sits in them, and when.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/plan/check.h"
#include "engine/plan/planner.h"
#include "tests/engine/plan/sample_event.h"

namespace dongxi::plan {
namespace {

using testing::ElementsAre;

TEST(PlanSessionsTest, SessionsTakeTheirPartiesAndSeatTheFree) {
  Event event = PlainEvent(2, 2, 2);
  event.pairs = {{.need = 0, .offer = 2, .score = 0.9}, {.need = 0, .offer = 3, .score = 0.8}};
  event.sessions.push_back(
      {.id = "R1", .name = "路演", .participants = {2}, .invited = {0, 1, 3}, .capacity = 2});
  const Plan plan = *MakePlan(event);
  EXPECT_THAT(CheckPlan(event, plan), testing::IsEmpty());
  EXPECT_EQ(plan.figures.meetings, 2);
  ASSERT_EQ(plan.sessions.size(), 1u);
  EXPECT_THAT(plan.sessions[0].parties, ElementsAre(2, 1));
}

TEST(PlanSessionsTest, SessionsThatLeaveTheirSlotOpenAreFittedTogether) {
  // R1 can stand in both slots, R2 only in the first: whoever comes first must not take it.
  Event event = PlainEvent(2, 1, 2);
  event.parties[1].available.reset(1);
  event.pairs = {{.need = 0, .offer = 2, .score = 0.9}};
  event.sessions = {{.id = "R1", .name = "甲", .participants = {2}},
                    {.id = "R2", .name = "乙", .participants = {2, 1}}};
  const absl::StatusOr<Plan> plan = MakePlan(event);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(CheckPlan(event, *plan), testing::IsEmpty());
  ASSERT_EQ(plan->sessions.size(), 2u);
  EXPECT_EQ(plan->sessions[0].slot, 1);
  EXPECT_EQ(plan->sessions[1].slot, 0);
}

TEST(PlanSessionsTest, ASessionLeavesTheTableToALockThatNamesNone) {
  Event event = PlainEvent(2, 1, 2);
  AddTables(event, 1);
  event.pairs = {{.need = 0, .offer = 2, .score = 0.9}};
  event.locks = {{.pair = 0, .slot = 0}};
  event.sessions = {{.id = "R", .name = "路演", .table = 0, .participants = {1}}};
  const absl::StatusOr<Plan> plan = MakePlan(event);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(CheckPlan(event, *plan), testing::IsEmpty());
  EXPECT_EQ(plan->sessions[0].slot, 1);
  // Only in the slot of the lock, so somebody must give way.
  event.parties[1].available.reset(1);
  const std::vector<Problem> problems = Validate(event);
  ASSERT_EQ(problems.size(), 2u) << "who cannot meet anybody, and the lock";
  EXPECT_THAT(problems[1].Text(), testing::HasSubstr("没有开放、够坐、合用的桌"));
}

TEST(PlanSessionsTest, TwoSessionsDoNotTakeBothTablesFromALock) {
  Event event = PlainEvent(3, 1, 2);
  AddTables(event, 2);
  event.pairs = {{.need = 0, .offer = 3, .score = 0.9}};
  event.locks = {{.pair = 0, .slot = 0}};
  event.sessions = {{.id = "R1", .name = "甲", .table = 0, .participants = {1}},
                    {.id = "R2", .name = "乙", .table = 1, .participants = {2}}};
  const absl::StatusOr<Plan> plan = MakePlan(event);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(CheckPlan(event, *plan), testing::IsEmpty());
  EXPECT_FALSE(plan->sessions[0].slot == 0 && plan->sessions[1].slot == 0);
}

TEST(PlanSessionsTest, GuestsOfASessionSitAtItsTable) {
  Event event = PlainEvent(2, 2, 2);
  AddTables(event, 2);
  event.tables[0].seats = 2;
  event.parties[0].online = true;
  event.pairs = {{.need = 1, .offer = 3, .score = 0.9}};
  event.sessions = {
      {.id = "R", .name = "路演", .slot = 0, .table = 0, .participants = {2}, .invited = {0, 1, 3}}};
  const Plan plan = *MakePlan(event);
  EXPECT_THAT(CheckPlan(event, plan), testing::IsEmpty());
  EXPECT_EQ(plan.sessions[0].parties.size(), 2u) << "two seats, and nobody from afar";
  EXPECT_EQ(std::count(plan.sessions[0].parties.begin(), plan.sessions[0].parties.end(), 0), 0);
}

// N1 meets in S1 and S3 and is a guest where it says: between the two it does not wait, for later it need
// not.
TEST(PlanSessionsTest, WhoIsAGuestBetweenTwoMeetingsDoesNotWait) {
  for (const int slot : {1, 4}) {
    Event event = PlainEvent(1, 3, 5);
    event.parties[1].available = SlotSet(0b1);
    event.parties[2].available = SlotSet(0b100);
    event.pairs = {{.need = 0, .offer = 1, .score = 0.9}, {.need = 0, .offer = 2, .score = 0.8}};
    event.sessions = {{.id = "R", .name = "路演", .slot = slot, .participants = {3}, .invited = {0}}};
    const Plan plan = *MakePlan(event);
    ASSERT_EQ(plan.meetings.size(), 2u);
    EXPECT_THAT(plan.sessions[0].parties, ElementsAre(3, 0));
    EXPECT_EQ(plan.figures.idle_slots, slot == 1 ? 0 : 1) << "guest in slot " << slot;
  }
}

// Six people behind one screen took six seats.
TEST(PlanSessionsTest, ADelegationFromAfarTakesOneSeatUnlessItSaysHowMany) {
  Event event = PlainEvent(1, 1, 2);
  AddTables(event, 1);
  event.tables[0].seats = 3;
  event.tables[0].online = true;
  event.parties[0].online = true;
  event.parties[0].members = {"甲", "乙", "丙", "丁", "戊", "己"};
  event.parties[1].members = {"庚", "辛"};
  event.pairs = {{.need = 0, .offer = 1, .score = 0.9}};
  event.sessions = {{.id = "R", .name = "路演", .slot = 0, .table = 0, .participants = {1}, .invited = {0}}};
  const Plan plan = *MakePlan(event);
  EXPECT_THAT(CheckPlan(event, plan), testing::IsEmpty());
  EXPECT_EQ(plan.meetings.size(), 1u);
  EXPECT_THAT(plan.sessions[0].parties, ElementsAre(1, 0));
  event.parties[0].seats = 2;
  EXPECT_EQ(CheckPlan(event, plan).size(), 2u) << "the meeting and the session";
  const Plan none = *MakePlan(event);
  EXPECT_TRUE(none.meetings.empty());
  EXPECT_THAT(none.sessions[0].parties, ElementsAre(1));
}

// A lock without a table of a delegation from afar finds one.
TEST(PlanSessionsTest, ALockOfADelegationFromAfarFindsATableWithOneSeatForIt) {
  Event event = PlainEvent(1, 1, 1);
  AddTables(event, 1);
  event.tables[0].seats = 2;
  event.tables[0].online = true;
  event.parties[0].online = true;
  event.parties[0].members = {"甲", "乙"};
  event.pairs = {{.need = 0, .offer = 1, .score = 0.9}};
  event.locks = {{.pair = 0, .slot = 0}};
  const absl::StatusOr<Plan> plan = MakePlan(event);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(CheckPlan(event, *plan), testing::IsEmpty());
}

TEST(PlanSessionsTest, AsManySessionsAsThereMayBeArePlannedAndOneMoreIsRefused) {
  Event event = PlainEvent(40, 40, 128);
  event.pairs = {{.need = 0, .offer = 40, .score = 0.9}};
  for (int i = 0; i < kSessionsMax; ++i) {
    Session& session = event.sessions.emplace_back();
    session.id = "R" + std::to_string(i);
    session.participants = {i % 80, (i + 1) % 80, (i + 7) % 80};
    session.invited = {(i + 3) % 80, (i + 5) % 80};
  }
  const absl::StatusOr<Plan> plan = MakePlan(event);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(CheckPlan(event, *plan), testing::IsEmpty());
  event.sessions.push_back(event.sessions.back());
  const std::vector<Problem> problems = Validate(event);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].Text(),
            "表“活动”：路演和小组会有 1001 场，太多。改法：最多 1000 场；按日期或专题分成几个活动来排");
}

}  // namespace
}  // namespace dongxi::plan
