// The checker finds each kind of violation: a sound plan is broken in one way after the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "engine/plan/check.h"
#include "engine/plan/planner.h"
#include "tests/engine/plan/sample_event.h"

namespace dongxi::plan {
namespace {

// Two needs, two offers, three slots (the last a break), three tables; N1-O1 locked in S1 at T1, a session in
// S2.
Event Sample() {
  Event event = PlainEvent(2, 2, 4);
  event.slots[3].is_break = true;
  for (Party& party : event.parties) party.available = MeetingSlots(event);
  AddTables(event, 3);
  event.tables[0].online = true;
  event.parties[2].members = {"王"};
  for (int n : {0, 1}) {
    for (int o : {2, 3}) event.pairs.push_back({.need = n, .offer = o, .score = 0.5});
  }
  event.locks.push_back({0, 0, 0});
  event.sessions.push_back(
      {.id = "R", .name = "路演", .slot = 1, .participants = {2}, .invited = {1}, .capacity = 2});
  return event;
}

Plan Sound() {
  Plan plan;
  plan.meetings = {{0, 0, 0, true}, {3, 0, 1}, {1, 2, 1}, {2, 2, 2}};
  plan.sessions = {{0, 1, {2, 1}}};
  return plan;
}

struct Case {
  const char* name;
  Rule rule;
  std::function<void(Event&, Plan&)> breaks;
};

const Case kCases[] = {
    {"Pair", Rule::kIndex, [](Event&, Plan& p) { p.meetings[1].pair = 9; }},
    {"Slot", Rule::kIndex, [](Event&, Plan& p) { p.meetings[1].slot = 9; }},
    {"Table", Rule::kIndex, [](Event&, Plan& p) { p.meetings[1].table = 9; }},
    {"Break", Rule::kBreak, [](Event&, Plan& p) { p.meetings[1].slot = 3; }},
    {"Twice", Rule::kPairTwice,
     [](Event&, Plan& p) {
       p.meetings.push_back({3, 1, 2});
     }},
    {"Refused", Rule::kRefused, [](Event& e, Plan&) { e.pairs[3].by_offer = Wish::kNo; }},
    {"RefusedByOrganiser", Rule::kRefused, [](Event& e, Plan&) { e.pairs[3].by_organiser = Wish::kNo; }},
    {"Cooling", Rule::kRefused, [](Event& e, Plan&) { e.pairs[3].history = History::kCoolDown; }},
    {"ForgedLock", Rule::kRefused,
     [](Event& e, Plan& p) { e.pairs[3].by_need = Wish::kNo, p.meetings[1].locked = true; }},
    {"RefusedThoughLocked", Rule::kRefused, [](Event& e, Plan&) { e.pairs[0].by_offer = Wish::kNo; }},
    {"CoolingThoughLocked", Rule::kRefused, [](Event& e, Plan&) { e.pairs[0].history = History::kCoolDown; }},
    {"Away", Rule::kUnavailable, [](Event& e, Plan&) { e.parties[3].available.reset(0); }},
    {"AwayFromSession", Rule::kUnavailable, [](Event& e, Plan&) { e.parties[1].available.reset(1); }},
    {"PartyTwice", Rule::kTwoPlaces,
     [](Event&, Plan& p) { p.meetings[2].slot = 0, p.meetings[2].table = 2; }},
    {"PersonTwice", Rule::kTwoPlaces, [](Event& e, Plan&) { e.parties[3].members = {"王"}; }},
    {"PersonOfBothSides", Rule::kTwoPlaces, [](Event& e, Plan&) { e.parties[1].members = {"王"}; }},
    {"PersonWhoIsAPartyToo", Rule::kTwoPlaces, [](Event& e, Plan&) { e.parties[3].name = "王"; }},
    {"PersonOfAPaddedName", Rule::kTwoPlaces,
     [](Event& e, Plan&) { e.parties[2].members = {"王　强"}, e.parties[3].members = {"王强"}; }},
    {"SessionAndMeeting", Rule::kTwoPlaces, [](Event&, Plan& p) { p.meetings[3].slot = 1; }},
    {"TooMany", Rule::kTooMany, [](Event& e, Plan&) { e.parties[1].max_meetings = 1; }},
    {"TooManyBySettings", Rule::kTooMany, [](Event& e, Plan&) { e.settings.max_meetings = 1; }},
    {"NoTable", Rule::kTableMissing, [](Event&, Plan& p) { p.meetings[1].table = -1; }},
    {"TableTaken", Rule::kTableTaken, [](Event&, Plan& p) { p.meetings[3].table = 1; }},
    {"TableTakenBySession", Rule::kTableTaken,
     [](Event& e, Plan& p) { e.sessions[0].table = 1, p.meetings[1].slot = 1; }},
    {"TableClosed", Rule::kTableClosed, [](Event& e, Plan&) { e.tables[1].available.reset(2); }},
    {"TableSmall", Rule::kTableSmall, [](Event& e, Plan&) { e.tables[1].seats = 1; }},
    {"TableOffline", Rule::kTableOffline, [](Event& e, Plan&) { e.parties[3].online = true; }},
    {"NotAtHome", Rule::kWrongTable, [](Event& e, Plan&) { e.parties[3].home_table = 2; }},
    {"AtAnothersHome", Rule::kWrongTable,
     [](Event& e, Plan& p) { e.parties[0].home_table = 1, p.meetings[2].table = 1; }},
    {"LockMissing", Rule::kLockBroken, [](Event&, Plan& p) { p.meetings.erase(p.meetings.begin()); }},
    {"LockMoved", Rule::kLockBroken, [](Event&, Plan& p) { p.meetings[0].table = 2; }},
    {"SessionMissing", Rule::kSession, [](Event&, Plan& p) { p.sessions.clear(); }},
    {"SessionMoved", Rule::kSession, [](Event&, Plan& p) { p.sessions[0].slot = 2; }},
    {"SessionWithout", Rule::kSession, [](Event&, Plan& p) { p.sessions[0].parties = {1}; }},
    {"SessionFull", Rule::kSession, [](Event& e, Plan&) { e.sessions[0].capacity = 1; }},
    {"SessionStranger", Rule::kSession,
     [](Event&, Plan& p) {
       p.sessions[0].parties = {2, 0};
     }},
};

TEST(CheckPlanTest, ASoundPlanHasNoViolation) {
  for (const Violation& violation : CheckPlan(Sample(), Sound())) ADD_FAILURE() << violation.text;
}

TEST(CheckPlanTest, EveryWayToBreakAPlanIsFound) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Event event = Sample();
    Plan plan = Sound();
    c.breaks(event, plan);
    bool found = false;
    for (const Violation& violation : CheckPlan(event, plan)) {
      found |= violation.rule == c.rule;
      EXPECT_FALSE(violation.text.empty());
    }
    EXPECT_TRUE(found);
  }
}

TEST(CheckPlanTest, WhatTookPlaceIsNoViolationOfWhatIsRefusedSince) {
  Event event = Sample();
  event.pairs[0].by_offer = Wish::kNo;
  event.locks[0].held = true;
  EXPECT_THAT(CheckPlan(event, Sound()), testing::IsEmpty());
}

TEST(CheckPlanTest, ThePlannersOwnPlanOfTheSampleIsSound) {
  const Event event = Sample();
  EXPECT_THAT(CheckPlan(event, *MakePlan(event)), testing::IsEmpty());
}

}  // namespace
}  // namespace dongxi::plan
