// What came of a plan: a meeting that somebody stayed away from is no meeting.
#include "engine/plan/outcome_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/plan/planner.h"
#include "tests/engine/plan/sample_event.h"

namespace dongxi::plan {
namespace {

// N1 must meet O1 and may meet O2, whom N2 wants to meet.
Event SmallEvent() {
  Event event = PlainEvent(2, 2, 3);
  event.pairs = {{.need = 0, .offer = 2, .score = 0.9, .by_need = Wish::kMust},
                 {.need = 1, .offer = 3, .score = 0.8, .by_need = Wish::kWant},
                 {.need = 0, .offer = 3, .score = 0.5}};
  event.parties[0].min_meetings = 2;
  event.parties[2].min_meetings = 1;
  Quota& quota = event.quotas.emplace_back();
  quota.group = "组";
  quota.parties = {0, 1};
  quota.min_meetings = 3;
  return event;
}

Meeting& MeetingOf(int pair, Plan& plan) {
  for (Meeting& meeting : plan.meetings) {
    if (meeting.pair == pair) return meeting;
  }
  ADD_FAILURE() << "no meeting of pair " << pair;
  return plan.meetings.front();
}

TEST(OutcomeFiguresTest, WhoStayedAwayIsNotCountedAsMetAndThePlannedFiguresStay) {
  const Event event = SmallEvent();
  Plan plan = *MakePlan(event);
  ASSERT_EQ(plan.meetings.size(), 3u);
  MeetingOf(0, plan).outcome = "未到";
  MeetingOf(1, plan).outcome = "意向";
  const OutcomeFigures now = OutcomeFiguresOf(event, plan);
  EXPECT_EQ(now.noted, 2);
  EXPECT_EQ(now.no_shows, 1);
  EXPECT_EQ(now.held, 1);
  EXPECT_NEAR(now.value, 1.05, 1e-9);
  EXPECT_EQ(now.musts_met, 0);
  EXPECT_EQ(now.wants_met, 1);
  EXPECT_EQ(now.min_shortfall, 3) << "two of N1, one of O1";
  EXPECT_EQ(now.quota_shortfall, 2);
  EXPECT_EQ(now.worst_off, 0);
  EXPECT_EQ(now.without_meeting, 2) << "N1 and O1";
  EXPECT_NEAR(now.gini, 0.5, 1e-9);
  EXPECT_EQ(plan.figures.musts_met, 1);
  EXPECT_EQ(plan.figures.meetings, 3);
}

TEST(OutcomeFiguresTest, WhereEverythingTookPlaceTheyAreThePlannedFigures) {
  const Event event = SmallEvent();
  Plan plan = *MakePlan(event);
  for (Meeting& meeting : plan.meetings) meeting.held = true;
  const OutcomeFigures now = OutcomeFiguresOf(event, plan);
  EXPECT_EQ(now.noted, 0);
  EXPECT_EQ(now.held, plan.figures.meetings);
  EXPECT_NEAR(now.value, plan.figures.value, 1e-9);
  EXPECT_EQ(now.musts_met, plan.figures.musts_met);
  EXPECT_EQ(now.wants_met, plan.figures.wants_met);
  EXPECT_EQ(now.min_shortfall, plan.figures.min_shortfall);
  EXPECT_EQ(now.quota_shortfall, plan.figures.quota_shortfall);
  EXPECT_EQ(now.worst_off, plan.figures.worst_off);
  EXPECT_EQ(now.without_meeting, plan.figures.without_meeting);
  EXPECT_NEAR(now.gini, plan.figures.gini, 1e-9);
}

TEST(OutcomeFiguresTest, AnOutcomeSaysMoreThanTheMark) {
  EXPECT_TRUE(TookPlace({.held = true}));
  EXPECT_FALSE(TookPlace({}));
  EXPECT_TRUE(TookPlace({.outcome = "拒绝"}));
  EXPECT_FALSE(TookPlace({.held = true, .outcome = "未到"}));
}

}  // namespace
}  // namespace dongxi::plan
