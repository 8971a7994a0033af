// Replanning: as few changes as possible, or at most so many; what is past stays.
#include "engine/plan/replan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/plan/check.h"
#include "engine/plan/planner.h"
#include "tests/engine/plan/sample_event.h"

namespace dongxi::plan {
namespace {

constexpr unsigned kSeed = 7;

struct Scene {
  Event event;
  Plan plan;
};

Scene RandomScene(std::mt19937& rng) {
  Scene scene{.event = PlainEvent(12, 9, 6)};
  AddPairs(scene.event, rng, 0.5);
  AddTables(scene.event, 7);
  for (Party& party : scene.event.parties) {
    party.max_meetings = 4;
    if (rng() % 3 == 0) party.available.reset(rng() % 6);
  }
  for (size_t i = 0; i < scene.event.pairs.size(); i += 9) scene.event.pairs[i].by_organiser = Wish::kMust;
  scene.plan = *MakePlan(scene.event);
  return scene;
}

TEST(ReplanTest, KeepsWhatCanStayAndIsSound) {
  std::mt19937 rng(kSeed);
  for (int round = 0; round < 30; ++round) {
    SCOPED_TRACE(round);
    const Scene scene = RandomScene(rng);
    Incident incident{.now = static_cast<int>(rng() % 4)};
    const int gone = static_cast<int>(rng() % scene.event.parties.size());
    incident.away.push_back({gone, incident.now});
    const absl::StatusOr<Replanned> now = Replan(scene.event, scene.plan, incident);
    ASSERT_TRUE(now.ok()) << now.status();
    for (const Violation& violation : CheckPlan(now->event, now->plan)) ADD_FAILURE() << violation.text;
    int forced = 0;
    for (const Meeting& old : scene.plan.meetings) {
      const Pair& pair = scene.event.pairs[old.pair];
      const bool hit = old.slot >= incident.now && (pair.need == gone || pair.offer == gone);
      forced += hit;
      const bool kept = std::any_of(
          now->plan.meetings.begin(), now->plan.meetings.end(),
          [&](const Meeting& m) { return m.pair == old.pair && m.slot == old.slot && m.table == old.table; });
      EXPECT_EQ(kept, !hit);
    }
    EXPECT_EQ(static_cast<int>(now->changes.size()), forced) << "only what had to change";
    EXPECT_EQ(now->forced, forced);
    EXPECT_EQ(now->tell.empty(), forced == 0);
  }
}

TEST(ReplanTest, SpendsNoMoreChangesThanAllowedAndGainsByThem) {
  std::mt19937 rng(kSeed + 1);
  int gained = 0;
  for (int round = 0; round < 20; ++round) {
    const Scene scene = RandomScene(rng);
    Incident incident{.now = 1};
    incident.away.push_back({static_cast<int>(rng() % 12), 1});
    const Replanned fewest = *Replan(scene.event, scene.plan, incident);
    incident.changes_max = fewest.forced + 4;
    const Replanned more = *Replan(scene.event, scene.plan, incident);
    for (const Violation& violation : CheckPlan(more.event, more.plan)) ADD_FAILURE() << violation.text;
    EXPECT_LE(static_cast<int>(more.changes.size()), incident.changes_max);
    EXPECT_GE(more.plan.figures.value, fewest.plan.figures.value);
    EXPECT_GE(more.value_bound, more.plan.figures.value - 1e-9);
    gained += more.plan.figures.value > fewest.plan.figures.value;
    incident.changes_max = fewest.forced - 1;
    if (fewest.forced > 0) {
      EXPECT_EQ(Replan(scene.event, scene.plan, incident).status().code(),
                absl::StatusCode::kFailedPrecondition);
    }
  }
  EXPECT_GT(gained, 0);
}

TEST(ReplanTest, ALateArrivalMovesRatherThanCancels) {
  Event event = PlainEvent(1, 1, 3);
  event.pairs = {{.need = 0, .offer = 1, .score = 0.5}};
  Plan plan = *MakePlan(event);
  plan.meetings[0].slot = 0;
  const Replanned now = *Replan(event, plan, {.away = {{0, 0, 2}}});
  ASSERT_EQ(now.changes.size(), 1u);
  EXPECT_EQ(now.changes[0].kind, ChangeKind::kMoved);
  EXPECT_EQ(now.plan.meetings[0].slot, 2);
  EXPECT_THAT(now.tell, testing::ElementsAre(0, 1));
  EXPECT_THAT(ChangeText(now.event, now.changes[0]), testing::HasSubstr("改为"));
}

TEST(ReplanTest, ALockMovesItsMeetingAndWhoeverSatThere) {
  Event event = PlainEvent(2, 1, 2);
  AddTables(event, 1);
  event.pairs = {{.need = 0, .offer = 2, .score = 0.5}, {.need = 1, .offer = 2, .score = 0.4}};
  const Plan plan = *MakePlan(event);
  ASSERT_EQ(plan.meetings.size(), 2u);
  const int wanted = plan.meetings[0].slot == 0 && plan.meetings[0].pair == 0 ? 1 : 0;
  const Replanned now = *Replan(event, plan, {.locks = {{0, wanted, 0}}});
  EXPECT_EQ(now.changes.size(), 2u);
  EXPECT_EQ(now.plan.meetings.size(), 2u);
  EXPECT_TRUE(CheckPlan(now.event, now.plan).empty());
}

TEST(ReplanTest, MeetingsAlreadyHeldKeepTheirOutcome) {
  Event event = PlainEvent(1, 2, 2);
  event.pairs = {{.need = 0, .offer = 1, .score = 0.5}, {.need = 0, .offer = 2, .score = 0.4}};
  Plan plan = *MakePlan(event);
  plan.meetings[0].outcome = "意向";
  const Replanned now = *Replan(event, plan, {.now = 1, .away = {{0, 0}}});
  ASSERT_EQ(now.plan.meetings.size(), 1u);
  EXPECT_EQ(now.plan.meetings[0].outcome, "意向");
  EXPECT_TRUE(now.plan.meetings[0].held);
}

}  // namespace
}  // namespace dongxi::plan
