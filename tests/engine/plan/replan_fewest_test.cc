// How few changes a replan makes, beside every choice of old meetings that can stay.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <optional>
#include <random>
#include <set>

#include "engine/plan/check.h"
#include "engine/plan/planner.h"
#include "engine/plan/replan.h"
#include "tests/engine/plan/sample_event.h"

namespace dongxi::plan {
namespace {

constexpr unsigned kSeed = 11;

// True if the locks that leave their table open find tables beside `plan`, from the `next` one on.
bool LocksFit(const Event& event, const std::vector<Lock>& locks, size_t next, Plan* plan) {
  if (next == locks.size()) return CheckPlan(event, *plan).empty();
  const Lock& lock = locks[next];
  const bool open = lock.table < 0 && !event.tables.empty();
  for (int table = open ? 0 : lock.table;
       table < (open ? static_cast<int>(event.tables.size()) : lock.table + 1); ++table) {
    plan->meetings.push_back({.pair = lock.pair, .slot = lock.slot, .table = table});
    if (LocksFit(event, locks, next + 1, plan)) return true;
    plan->meetings.pop_back();
  }
  return false;
}

// The fewest changes of any plan that obeys `event`, which has the locks in it: the most old meetings that
// can stay as they are beside the locks, by trying all of them.
int FewestChanges(const Event& event, const Plan& old, const std::vector<Lock>& locks) {
  std::set<int> locked, planned;
  for (const Lock& lock : locks) locked.insert(lock.pair);
  for (const Meeting& meeting : old.meetings) planned.insert(meeting.pair);
  const auto added =
      std::count_if(locked.begin(), locked.end(), [&](int pair) { return !planned.contains(pair); });
  int most = -1;
  for (uint32_t stays = 0; stays < (1U << old.meetings.size()); ++stays) {
    if (std::popcount(stays) <= most) continue;
    Plan plan;
    std::set<int> kept;
    for (size_t i = 0; i < old.meetings.size(); ++i) {
      if ((stays >> i & 1U) == 0) continue;
      plan.meetings.push_back(old.meetings[i]);
      kept.insert(old.meetings[i].pair);
    }
    std::vector<Lock> missing;
    for (const Lock& lock : locks) {
      if (!kept.contains(lock.pair)) missing.push_back(lock);
    }
    if (LocksFit(event, missing, 0, &plan)) most = std::popcount(stays);
  }
  return static_cast<int>(old.meetings.size()) - most + static_cast<int>(added);
}

struct Kind {
  bool tables = false, quotas = false;
};

// Four needs and four offers with little room, all of it used, and locks of two or three pairs.
struct Scene {
  Event event;
  Plan plan;
  std::vector<Lock> locks;
};
Scene FullScene(const Kind& kind, std::mt19937& rng) {
  Scene scene{.event = PlainEvent(4, 4, 3)};
  Event& event = scene.event;
  AddPairs(event, rng, 0.8);
  if (kind.tables) AddTables(event, 3);
  for (Party& party : event.parties) party.max_meetings = 2;
  for (const std::vector<int>& parties : {std::vector<int>{0, 1}, {2, 3}, {4, 5, 6}}) {
    const std::string name = "地区" + std::to_string(parties[0]);
    if (kind.quotas)
      event.quotas.push_back(
          {.group = name, .max_meetings = 2 + static_cast<int>(rng() % 2), .parties = parties});
  }
  scene.plan = *MakePlan(event);
  std::set<int> pairs;
  for (size_t i = 0; i < 2 + rng() % 2 && pairs.size() < event.pairs.size(); ++i) {
    const int pair = static_cast<int>(rng() % event.pairs.size());
    if (!pairs.insert(pair).second) continue;
    scene.locks.push_back({.pair = pair, .slot = static_cast<int>(rng() % 3)});
    if (kind.tables && rng() % 2 == 0) scene.locks.back().table = static_cast<int>(rng() % 3);
  }
  return scene;
}

struct Tally {
  int scenes = 0, fewest = 0, more = 0;  // more: changes above the fewest, in all
};
Tally Compare(const Kind& kind, int rounds) {
  std::mt19937 rng(kSeed);
  Tally tally;
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE(round);
    const Scene scene = FullScene(kind, rng);
    const absl::StatusOr<Replanned> now = Replan(scene.event, scene.plan, {.locks = scene.locks});
    if (!now.ok()) continue;  // the locks exclude each other
    for (const Violation& violation : CheckPlan(now->event, now->plan)) ADD_FAILURE() << violation.text;
    const int fewest = FewestChanges(now->event, scene.plan, scene.locks);
    const int made = static_cast<int>(now->changes.size());
    EXPECT_GE(made, fewest) << "the oracle is wrong";
    ++tally.scenes;
    tally.fewest += made == fewest;
    tally.more += made - fewest;
  }
  return tally;
}

TEST(ReplanFewestTest, WithoutTablesNoPlanChangesLess) {
  for (const bool quotas : {false, true}) {
    const Tally tally = Compare({.tables = false, .quotas = quotas}, 150);
    EXPECT_GT(tally.scenes, 50);
    EXPECT_EQ(tally.more, 0) << "in " << tally.scenes << " events, quotas " << quotas;
  }
}

// Who may stay for maxima and quotas and who for the tables of a slot is a matching in three directions.
TEST(ReplanFewestTest, WithTablesNearlyAlwaysNoPlanChangesLess) {
  for (const bool quotas : {false, true}) {
    const Tally tally = Compare({.tables = true, .quotas = quotas}, 150);
    EXPECT_GT(tally.scenes, 50);
    const std::string of = quotas ? "with quotas" : "without quotas";
    RecordProperty(of + ": events", tally.scenes);  // for docs/planning.md
    RecordProperty(of + ": fewest", tally.fewest);
    EXPECT_GE(tally.fewest, tally.scenes * 97 / 100) << tally.more << " more in " << tally.scenes;
    EXPECT_LE(tally.more, tally.scenes - tally.fewest) << "and then by one";
  }
}

// Both parties of one old meeting get a lock beyond their maxima: it alone makes room for both.
TEST(ReplanFewestTest, OneMeetingBetweenTwoFullPartiesMakesRoomForBothLocks) {
  Event event = PlainEvent(3, 3, 3);
  for (Party& party : event.parties) party.max_meetings = 2;
  event.pairs = {{.need = 0, .offer = 3, .score = 0.9},
                 {.need = 0, .offer = 4, .score = 0.5},
                 {.need = 1, .offer = 3, .score = 0.5},
                 {.need = 0, .offer = 5, .score = 0.05},
                 {.need = 2, .offer = 3, .score = 0.05}};
  Plan plan;
  plan.meetings = {{.pair = 0, .slot = 0}, {.pair = 1, .slot = 1}, {.pair = 2, .slot = 1}};
  const Replanned now = *Replan(event, plan, {.locks = {{.pair = 3, .slot = 2}, {.pair = 4, .slot = 2}}});
  EXPECT_TRUE(CheckPlan(now.event, now.plan).empty());
  ASSERT_EQ(now.changes.size(), 3u) << "two locks, and what lay between";
  EXPECT_EQ(now.changes[0].kind, ChangeKind::kCancelled);
  EXPECT_EQ(now.changes[0].pair, 0);
}

// A quota and the tables of a slot are both full, and a lock adds one to each: a meeting that is in both
// goes, not one for the quota and one for the table.
TEST(ReplanFewestTest, OneMeetingMakesRoomInAFullQuotaAndAtAFullSlot) {
  Event event = PlainEvent(4, 4, 2);
  AddTables(event, 2);
  event.quotas = {{.group = "青海", .max_meetings = 2, .parties = {0, 1, 2}}};
  event.pairs = {{.need = 0, .offer = 4, .score = 0.1},    // of the quota, in the first slot, which has room
                 {.need = 1, .offer = 5, .score = 0.8},    // of the quota, in the second, which is full
                 {.need = 3, .offer = 6, .score = 0.2},    // beside it
                 {.need = 2, .offer = 7, .score = 0.05}};  // to be locked: of the quota, in the second
  Plan plan;
  plan.meetings = {{.pair = 0, .slot = 0, .table = 0},
                   {.pair = 1, .slot = 1, .table = 0},
                   {.pair = 2, .slot = 1, .table = 1}};
  const Replanned now = *Replan(event, plan, {.locks = {{.pair = 3, .slot = 1}}});
  EXPECT_TRUE(CheckPlan(now.event, now.plan).empty());
  ASSERT_EQ(now.changes.size(), 2u);
  EXPECT_EQ(now.changes[0].pair, 1);
  EXPECT_EQ(now.changes[1].kind, ChangeKind::kAdded);
}

TEST(ReplanFewestTest, AMustIsNotGivenUpForTwoOthers) {
  Event event = PlainEvent(4, 4, 2);
  AddTables(event, 2);
  event.quotas = {{.group = "青海", .max_meetings = 2, .parties = {0, 1, 2}}};
  event.pairs = {{.need = 0, .offer = 4, .score = 0.1},
                 {.need = 1, .offer = 5, .score = 0.8, .by_organiser = Wish::kMust},
                 {.need = 3, .offer = 6, .score = 0.2},
                 {.need = 2, .offer = 7, .score = 0.05}};
  Plan plan;
  plan.meetings = {{.pair = 0, .slot = 0, .table = 0},
                   {.pair = 1, .slot = 1, .table = 0},
                   {.pair = 2, .slot = 1, .table = 1}};
  const Replanned now = *Replan(event, plan, {.locks = {{.pair = 3, .slot = 1}}});
  EXPECT_TRUE(CheckPlan(now.event, now.plan).empty());
  EXPECT_EQ(now.plan.figures.musts_met, 1);
}

}  // namespace
}  // namespace dongxi::plan
