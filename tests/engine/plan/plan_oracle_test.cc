// Minima, locks, sessions and the fewest changes of a new plan against every plan there is, on tiny events.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/plan/planner.h"
#include "engine/plan/replan.h"
#include "tests/engine/plan/brute_force.h"
#include "tests/engine/plan/sample_event.h"

namespace dongxi::plan {
namespace {

constexpr unsigned kSeed = 5;

Event TinyEvent(std::mt19937& rng) {
  Event event = PlainEvent(2 + static_cast<int>(rng() % 2), 2, 2 + static_cast<int>(rng() % 2));
  event.settings.fair_share_max = 0;
  AddPairs(event, rng, 0.9);
  if (event.pairs.size() > 5) event.pairs.resize(5);
  for (Party& party : event.parties) {
    if (rng() % 3 == 0) party.available.reset(rng() % event.slots.size());
    if (rng() % 3 == 0) party.max_meetings = 1 + static_cast<int>(rng() % 2);
  }
  return event;
}

void ExpectOptimal(const Event& event) {
  const absl::StatusOr<Plan> plan = MakePlan(event);
  ASSERT_TRUE(plan.ok()) << plan.status();
  for (const Violation& violation : CheckPlan(event, *plan)) ADD_FAILURE() << violation.text;
  const BestPlan best = BruteForce(event, plan->sessions).Run();
  EXPECT_EQ(plan->figures.musts_met, best.musts);
  EXPECT_EQ(plan->figures.min_shortfall, best.shortfall);
  EXPECT_NEAR(plan->figures.value, best.value, 1e-9);
  EXPECT_NEAR(plan->figures.gap, 0, 1e-9) << plan->figures.method;
}

// False: the event contradicts itself, which other tests look at.
bool IsSound(const Event& event) { return !HasFatal(Validate(event)); }

TEST(PlanOracleTest, MinimaComeBeforeValue) {
  std::mt19937 rng(kSeed);
  int tried = 0, missed = 0;
  for (int round = 0; round < 120; ++round) {
    SCOPED_TRACE(round);
    Event event = TinyEvent(rng);
    for (Party& party : event.parties) party.min_meetings = static_cast<int>(rng() % 3);
    if (!IsSound(event)) continue;
    ++tried;
    ExpectOptimal(event);
    missed += BruteForce(event).Run().shortfall > 0;
  }
  EXPECT_GT(tried, 20);
  EXPECT_GT(missed, 3) << "else every minimum could be kept";
}

TEST(PlanOracleTest, LocksStandAndTheRestIsOptimal) {
  std::mt19937 rng(kSeed + 1);
  int tried = 0;
  for (int round = 0; round < 150; ++round) {
    SCOPED_TRACE(round);
    Event event = TinyEvent(rng);
    const bool with_tables = round % 2 == 0;
    if (with_tables) {
      AddTables(event, 1 + static_cast<int>(rng() % 2));
      event.tables[0].online = true;
      event.parties[0].online = rng() % 2 == 0;
      if (event.pairs.size() > 4) event.pairs.resize(4);
    }
    for (int locks = 0; locks < 2 && !event.pairs.empty(); ++locks) {
      const int pair = static_cast<int>(rng() % event.pairs.size());
      event.locks.push_back({.pair = pair, .slot = static_cast<int>(rng() % event.slots.size())});
      if (with_tables && rng() % 2 == 0) event.locks.back().table = 0;
    }
    if (!IsSound(event)) continue;
    ++tried;
    ExpectOptimal(event);
  }
  EXPECT_GT(tried, 30);
}

TEST(PlanOracleTest, BesideItsSessionsThePlanIsOptimal) {
  std::mt19937 rng(kSeed + 2);
  int tried = 0;
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE(round);
    Event event = TinyEvent(rng);
    event.parties[0].members = {"张"};
    event.parties[1].members = {"张", "李"};
    for (int i = 0; i < 2; ++i) {
      event.sessions.push_back({.id = "R" + std::to_string(i),
                                .name = "路演",
                                .participants = {static_cast<int>(rng() % event.parties.size())}});
    }
    if (!IsSound(event)) continue;
    ++tried;
    ExpectOptimal(event);
  }
  EXPECT_GT(tried, 30);
}

// Slots for two or three sessions by trying all: Validate refuses an event only if there are none.
TEST(PlanOracleTest, SessionsAreRefusedOnlyIfTheyFitNowhere) {
  std::mt19937 rng(kSeed + 3);
  int refused = 0, planned = 0;
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(round);
    Event event = PlainEvent(2, 2, 3);
    event.pairs = {{.need = 0, .offer = 2, .score = 0.5}};
    for (Party& party : event.parties) party.available = SlotSet(1 + rng() % 7);
    for (int i = 0; i < 3; ++i) {
      Session session{.id = "R" + std::to_string(i), .name = "路演" + std::to_string(i)};
      session.participants = {static_cast<int>(rng() % 2)};
      if (rng() % 2 == 0) session.participants.push_back(2 + static_cast<int>(rng() % 2));
      if (rng() % 4 == 0) session.slot = static_cast<int>(rng() % 3);
      event.sessions.push_back(session);
    }
    bool possible = false;
    for (int code = 0; code < 27; ++code) {
      Plan plan;
      for (int i = 0, rest = code; i < 3; ++i, rest /= 3)
        plan.sessions.push_back({i, rest % 3, event.sessions[i].participants});
      possible |= CheckPlan(event, plan).empty();
    }
    EXPECT_EQ(IsSound(event), possible);
    if (possible) {
      ++planned;
      const Plan plan = *MakePlan(event);
      for (const Violation& violation : CheckPlan(event, plan)) ADD_FAILURE() << violation.text;
    } else {
      ++refused;
      for (const Problem& problem : Validate(event)) EXPECT_FALSE(problem.remedy.empty());
    }
  }
  EXPECT_GT(refused, 30);
  EXPECT_GT(planned, 30);
}

TEST(PlanOracleTest, ANewPlanHasTheFewestChanges) {
  std::mt19937 rng(kSeed + 4);
  int tried = 0, changed = 0;
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE(round);
    Event event = TinyEvent(rng);
    if (round % 3 == 0) AddTables(event, 1 + static_cast<int>(rng() % 2));
    if (event.pairs.size() > 4) event.pairs.resize(4);
    if (event.pairs.empty()) continue;
    const Plan old = *MakePlan(event);
    Incident incident;
    if (rng() % 2 == 0) incident.away.push_back({static_cast<int>(rng() % event.parties.size()), 0, 1});
    incident.locks.push_back({.pair = static_cast<int>(rng() % event.pairs.size()),
                              .slot = static_cast<int>(rng() % event.slots.size())});
    const absl::StatusOr<Replanned> now = Replan(event, old, incident);
    if (!now.ok()) {
      EXPECT_EQ(now.status().code(), absl::StatusCode::kInvalidArgument) << now.status();
      continue;
    }
    ++tried;
    changed += now->forced > 0;
    for (const Violation& violation : CheckPlan(now->event, now->plan)) ADD_FAILURE() << violation.text;
    EXPECT_EQ(now->forced, BruteForce(now->event).Run(&old).changes);
  }
  EXPECT_GT(tried, 50);
  EXPECT_GT(changed, 30);
}

}  // namespace
}  // namespace dongxi::plan
