// Replanning: as few changes as possible, or at most so many; what is past stays.
#include "engine/plan/replan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
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

TEST(ReplanTest, IsNotCalledOptimalWhereAMustFellOutThatCouldBeKept) {
  Event event = PlainEvent(2, 2, 3);
  event.pairs = {{.need = 0, .offer = 2, .score = 0.1, .by_organiser = Wish::kMust},
                 {.need = 1, .offer = 2, .score = 0.9},
                 {.need = 0, .offer = 3, .score = 0.9}};
  Plan plan = *MakePlan(event);
  plan.meetings = {{.pair = 0, .slot = 0}, {.pair = 1, .slot = 1}, {.pair = 2, .slot = 2}};
  const Replanned now = *Replan(event, plan, {.away = {{0, 0, 1}}});
  ASSERT_EQ(now.plan.meetings.size(), 2u);
  EXPECT_EQ(now.plan.figures.musts_met, 0);
  EXPECT_EQ(now.plan.figures.musts_bound, 1);
  EXPECT_EQ(now.plan.figures.gap, 1);
}

TEST(ReplanTest, AMinimumThatIsMissingIsFarFromTheBestPlan) {
  Event event = PlainEvent(2, 1, 1);
  event.parties[0].min_meetings = 1;
  event.pairs = {{.need = 0, .offer = 2, .score = 0.1}, {.need = 1, .offer = 2, .score = 0.9}};
  Plan plan = *MakePlan(event);
  plan.meetings = {{.pair = 1, .slot = 0}};
  const Replanned now = *Replan(event, plan, {});
  EXPECT_EQ(now.plan.figures.min_shortfall, 1);
  EXPECT_NEAR(now.value_bound, 0.9, 1e-9);
  EXPECT_EQ(now.plan.figures.gap, 1);
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

// N1 with O1 and O2, three slots; the meeting with O1 has taken place in the first.
Scene HeldScene() {
  Scene scene{.event = PlainEvent(1, 2, 3)};
  scene.event.pairs = {{.need = 0, .offer = 1, .score = 0.9}, {.need = 0, .offer = 2, .score = 0.8}};
  scene.plan = *MakePlan(scene.event);
  for (Meeting& meeting : scene.plan.meetings) meeting.slot = meeting.pair;
  scene.plan.meetings[0].held = true;
  scene.plan.meetings[0].outcome = "意向";
  return scene;
}

TEST(ReplanTest, AMeetingThatWasHeldStaysThoughNobodySaysWhatTimeItIs) {
  const Scene scene = HeldScene();
  const Replanned now = *Replan(scene.event, scene.plan, {.away = {{1, 0}}});
  EXPECT_TRUE(CheckPlan(now.event, now.plan).empty());
  EXPECT_TRUE(now.changes.empty());
  ASSERT_EQ(now.plan.meetings.size(), 2u);
  EXPECT_TRUE(now.plan.meetings[0].held);
  EXPECT_EQ(now.plan.meetings[0].outcome, "意向");
  EXPECT_EQ(now.plan.meetings[0].slot, 0);
  // And once more, from the event that the first replan made.
  const Replanned again = *Replan(now.event, now.plan, {.away = {{0, 0}}});
  ASSERT_EQ(again.plan.meetings.size(), 1u) << "only the one that is still to come is cancelled";
  EXPECT_EQ(again.plan.meetings[0].outcome, "意向");
}

TEST(ReplanTest, ALockOfTheEventThatWasHeldOutlivesTheAbsenceOfItsParty) {
  Event event = PlainEvent(1, 1, 2);
  event.pairs = {{.need = 0, .offer = 1, .score = 0.9}};
  event.locks = {{.pair = 0, .slot = 0, .held = true}};
  const Plan plan = *MakePlan(event);
  const Replanned now = *Replan(event, plan, {.away = {{1, 0}}});
  EXPECT_TRUE(now.changes.empty());
  EXPECT_EQ(now.plan.meetings.size(), 1u);
}

// A lock beat a refusal without a word.
TEST(ReplanTest, ALockDoesNotForceAMeetingThatSomebodyRefuses) {
  Event event = PlainEvent(1, 2, 2);
  event.pairs = {{.need = 0, .offer = 1, .score = 0.9},
                 {.need = 0, .offer = 2, .score = 0.8, .by_offer = Wish::kNo}};
  const Plan plan = *MakePlan(event);
  const absl::Status refused = Replan(event, plan, {.locks = {{.pair = 1, .slot = 0}}}).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(refused.message()), testing::HasSubstr("有一方不见对方"));
  event.pairs[1].by_offer = Wish::kNone;
  event.pairs[1].history = History::kCoolDown;
  const absl::Status cooling = Replan(event, plan, {.locks = {{.pair = 1, .slot = 0}}}).status();
  EXPECT_THAT(std::string(cooling.message()), testing::HasSubstr("还在冷却"));
  event.pairs[1].by_need = Wish::kMust;
  EXPECT_TRUE(Replan(event, plan, {.locks = {{.pair = 1, .slot = 0}}}).ok()) << "somebody must";
}

TEST(ReplanTest, WhoHasMetIsNotLockedAgain) {
  const Scene scene = HeldScene();
  const absl::Status status = Replan(scene.event, scene.plan, {.locks = {{.pair = 0, .slot = 2}}}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("已经谈过"));
}

TEST(ReplanTest, ACancelledPairFallsThoughLockedAndBothAreTold) {
  Event event = PlainEvent(2, 2, 3);
  event.pairs = {{.need = 0, .offer = 2, .score = 0.9, .by_organiser = Wish::kMust},
                 {.need = 1, .offer = 3, .score = 0.8}};
  event.locks = {{.pair = 0, .slot = 1}};
  event.parties[0].min_meetings = 1;
  Plan plan;
  plan.meetings = {{.pair = 0, .slot = 1}, {.pair = 1, .slot = 2}};
  const absl::StatusOr<Replanned> now = Replan(event, plan, {.cancelled = {0}});
  ASSERT_TRUE(now.ok()) << now.status();
  ASSERT_EQ(now->changes.size(), 1u);
  EXPECT_EQ(now->changes[0].kind, ChangeKind::kCancelled);
  EXPECT_EQ(now->changes[0].pair, 0);
  EXPECT_EQ(now->forced, 1);
  EXPECT_THAT(now->tell, testing::ElementsAre(0, 2));
  EXPECT_EQ(now->event.parties[0].min_meetings, 0) << "nobody is left to meet";
  EXPECT_TRUE(CheckPlan(now->event, now->plan).empty());
  const PlanFile file = NextRevision({.event = event, .plan = plan}, *now);
  EXPECT_THAT(file.changes, testing::ElementsAre(testing::HasSubstr("组织方取消，以后不再排"),
                                                 testing::HasSubstr("要通知：需求方N1、供给方O1")));
}

TEST(ReplanTest, ACancelledPairThatHadNoMeetingIsSaidToBeOutAndNobodyIsTold) {
  Event event = PlainEvent(1, 2, 1);
  event.pairs = {{.need = 0, .offer = 1, .score = 0.9}, {.need = 0, .offer = 2, .score = 0.8}};
  const Plan plan = {.meetings = {{.pair = 0, .slot = 0}}};
  const absl::StatusOr<Replanned> now = Replan(event, plan, {.cancelled = {1, 1}});
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_TRUE(now->changes.empty() && now->tell.empty());
  const PlanFile file = NextRevision({.event = event, .plan = plan}, *now);
  constexpr char kOut[] = "“需求方N1”与“供给方O2”（没有排会谈，不用通知），组织方取消，以后不再排";
  EXPECT_THAT(file.changes, testing::ElementsAre(testing::HasSubstr(kOut)));
}

TEST(ReplanTest, ACancelledPairIsNotPlacedAgainAndTheCheckerRefusesIt) {
  Event event = PlainEvent(1, 2, 3);
  event.pairs = {{.need = 0, .offer = 1, .score = 0.9}, {.need = 0, .offer = 2, .score = 0.8}};
  Plan plan;
  plan.meetings = {{.pair = 0, .slot = 1}, {.pair = 1, .slot = 2}};
  const Replanned now = *Replan(event, plan, {.cancelled = {0}});
  const PlanFile written = NextRevision({.event = event, .plan = plan}, now);
  const absl::StatusOr<PlanFile> file = PlanFileFromJson(PlanFileToJson(written));
  ASSERT_TRUE(file.ok()) << file.status();
  const Replanned later = *Replan(file->event, file->plan, {.changes_max = 9});
  ASSERT_EQ(later.plan.meetings.size(), 1u);
  EXPECT_EQ(later.plan.meetings[0].pair, 1);
  const absl::Status locked = Replan(file->event, file->plan, {.locks = {{.pair = 0, .slot = 0}}}).status();
  EXPECT_THAT(std::string(locked.message()), testing::HasSubstr("被组织方排除"));
  Plan forged = file->plan;
  forged.meetings.push_back({.pair = 0, .slot = 1});
  const std::vector<Violation> violations = CheckPlan(file->event, forged);
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].rule, Rule::kRefused);
}

struct CancellationCase {
  const char *name, *words;
  std::function<void(Scene&, Incident&)> set;  // of HeldScene, pair 0 or 1 cancelled
};

TEST(ReplanTest, WhatTookPlaceOrIsLockedAsWellIsNotCancelled) {
  const CancellationCase cases[] = {
      {"Held", "已经谈过", [](Scene&, Incident& incident) { incident.cancelled = {0}; }},
      {"NoShow", "记了未到",
       [](Scene& scene, Incident& incident) {
         scene.plan.meetings[0].held = false;
         scene.plan.meetings[0].outcome = "未到";
         incident.cancelled = {0};
       }},
      {"Past", "已经过去",
       [](Scene&, Incident& incident) {
         incident.now = 2;
         incident.cancelled = {1};
       }},
      {"LockedAsHeld", "锁定为已经谈过",
       [](Scene& scene, Incident& incident) {
         scene.event.locks = {{.pair = 1, .slot = 1, .held = true}};
         incident.cancelled = {1};
       }},
      {"LockedAnew", "又要取消又要锁定",
       [](Scene&, Incident& incident) {
         incident.locks = {{.pair = 1, .slot = 2}};
         incident.cancelled = {1};
       }},
      {"NoPair", "没有配对", [](Scene&, Incident& incident) { incident.cancelled = {2}; }},
  };
  for (const CancellationCase& c : cases) {
    SCOPED_TRACE(c.name);
    Scene scene = HeldScene();
    Incident incident;
    c.set(scene, incident);
    const absl::Status status = Replan(scene.event, scene.plan, incident).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr(c.words));
  }
}

TEST(ReplanTest, ANoShowThatWasRecordedIsNotCalledHeld) {
  Scene scene = HeldScene();
  scene.plan.meetings[0].held = false;
  scene.plan.meetings[0].outcome = "未到";
  const Replanned now = *Replan(scene.event, scene.plan, {.now = 1, .away = {{1, 0}}});
  ASSERT_EQ(now.plan.meetings.size(), 2u);
  EXPECT_FALSE(now.plan.meetings[0].held);
  EXPECT_EQ(now.plan.meetings[0].outcome, "未到");
}

// A second replan that said no time began at the first slot again.
TEST(ReplanTest, TheTimeOfTheLastReplanIsKeptUntilSomethingTookPlaceAfterIt) {
  const Scene scene = HeldScene();
  PlanFile file{.event = scene.event, .plan = scene.plan};
  const absl::Status unsaid = NowUnsaid(file).status();
  EXPECT_EQ(unsaid.code(), absl::StatusCode::kInvalidArgument) << "S1 was held, and nobody said when it is";
  EXPECT_THAT(std::string(unsaid.message()),
              testing::AllOf(testing::HasSubstr("S1"), testing::HasSubstr("--now")));
  const absl::StatusOr<Replanned> now = Replan(file.event, file.plan, {.now = 1, .away = {{2, 1}}});
  ASSERT_TRUE(now.ok()) << now.status();
  file = NextRevision(file, *now);
  EXPECT_EQ(file.now, 1);
  EXPECT_EQ(*NowUnsaid(file), 1);
  file.plan.meetings.push_back({.pair = 1, .slot = 2, .outcome = "未到"});
  EXPECT_FALSE(NowUnsaid(file).ok()) << "S3 has begun";
  EXPECT_EQ(*NowUnsaid({.event = scene.event}), 0) << "nothing has begun";
}

// O1 meets N1 in S5 and N2 in S6, and wants two meetings.
Scene LateScene() {
  Scene scene{.event = PlainEvent(2, 1, 6)};
  scene.event.parties[2].min_meetings = 2;
  scene.event.pairs = {{.need = 0, .offer = 2, .score = 0.9}, {.need = 1, .offer = 2, .score = 0.8}};
  scene.plan.meetings = {{.pair = 0, .slot = 4}, {.pair = 1, .slot = 5}};
  return scene;
}

std::set<int> SlotsOf(const Plan& plan) {
  std::set<int> slots;
  for (const Meeting& meeting : plan.meetings) slots.insert(meeting.slot);
  return slots;
}

TEST(ReplanTest, ANoShowWhoTurnsUpLaterGetsItsSlotsAndMeetingsBack) {
  const Scene scene = LateScene();
  const Replanned gone = *Replan(scene.event, scene.plan, {.now = 1, .away = {{2, 1}}});
  EXPECT_TRUE(gone.plan.meetings.empty());
  ASSERT_EQ(gone.absences.size(), 1u);
  const Incident late{.now = 2, .away = {{2, 2, 4}}, .back = {{2, 4}}, .earlier = gone.absences};
  EXPECT_TRUE(CheckLateArrivals(gone.event, late).ok());
  const Replanned now = *Replan(gone.event, gone.plan, late);
  for (const Violation& violation : CheckPlan(now.event, now.plan)) ADD_FAILURE() << violation.text;
  EXPECT_THAT(SlotsOf(now.plan), testing::ElementsAre(4, 5));
  EXPECT_EQ(now.changes.size(), 2u);
  EXPECT_EQ(now.forced, 0);
  EXPECT_EQ(now.event.parties[2].min_meetings, 2);
  ASSERT_EQ(now.absences.size(), 1u) << "of what is past";
  EXPECT_EQ(now.absences[0].slots.to_ulong(), 0b001110u);
}

TEST(ReplanTest, ALateArrivalThatWasToldWronglyIsCorrectedByAnother) {
  const Scene scene = LateScene();
  const Replanned wrong = *Replan(scene.event, scene.plan, {.away = {{2, 0, 5}}, .back = {{2, 5}}});
  EXPECT_THAT(SlotsOf(wrong.plan), testing::ElementsAre(5));
  const Replanned right =
      *Replan(wrong.event, wrong.plan, {.away = {{2, 0, 3}}, .back = {{2, 3}}, .earlier = wrong.absences});
  EXPECT_THAT(SlotsOf(right.plan), testing::ElementsAre(3, 5));
  EXPECT_EQ(right.event.parties[2].min_meetings, 2);
}

// A lock of two of whom one had not come was refused: they had "met already", and the must was called kept.
TEST(ReplanTest, AMeetingThatSomebodyStayedAwayFromIsMadeGoodByALock) {
  Scene scene{.event = PlainEvent(2, 1, 5)};
  scene.event.pairs = {{.need = 0, .offer = 2, .score = 0.9, .by_need = Wish::kMust},
                       {.need = 1, .offer = 2, .score = 0.8}};
  scene.plan.meetings = {{.pair = 0, .slot = 0}, {.pair = 1, .slot = 3}};
  Replanned first = *Replan(scene.event, scene.plan, {.now = 1});
  ASSERT_EQ(first.plan.meetings.size(), 2u);
  Meeting& missed = first.plan.meetings[0];
  EXPECT_TRUE(missed.held) << "nobody has said yet that it was not";
  missed.held = false;
  missed.outcome = "未到";
  missed.note = "堵车";
  missed.superseded = {"engagements/e-1"};
  Incident late{.now = 1, .away = {{2, 1, 2}}, .locks = {{.pair = 0, .slot = 4}}, .back = {{2, 2}}};
  const absl::StatusOr<Replanned> now = Replan(first.event, first.plan, late);
  ASSERT_TRUE(now.ok()) << now.status();
  EXPECT_TRUE(CheckPlan(now->event, now->plan).empty());
  ASSERT_EQ(now->plan.meetings.size(), 2u);
  EXPECT_EQ(SlotsOf(now->plan), (std::set<int>{3, 4}));
  const Meeting& again = now->plan.meetings[1];
  EXPECT_EQ(again.pair, 0);
  EXPECT_FALSE(again.held);
  EXPECT_EQ(again.outcome, "");
  EXPECT_EQ(again.note, "原定 S1，未到；堵车");
  EXPECT_EQ(again.superseded, missed.superseded);
  late = Incident{.locks = {{.pair = 0, .slot = 0}}};
  EXPECT_THAT(std::string(Replan(first.event, first.plan, late).status().message()),
              testing::HasSubstr("原来以外的时段"));
}

TEST(ReplanTest, ALateArrivalThatChangesNothingIsSaid) {
  const Scene scene = LateScene();
  const Replanned gone = *Replan(scene.event, scene.plan, {.now = 1, .away = {{2, 1}}});
  const Incident late{.now = 2, .away = {{2, 2, 4}}};  // of who does not know of the absence
  const absl::Status status = CheckLateArrivals(gone.event, late);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              testing::AllOf(testing::HasSubstr("供给方O1"), testing::HasSubstr("S5"),
                             testing::HasSubstr("报过缺席"), testing::HasSubstr("改法")));
  EXPECT_TRUE(CheckLateArrivals(scene.event, late).ok());
}

// Each late arrival went through all others of its party and, for each, through all earlier absences: a
// request of a server's plan could take an hour.
TEST(ReplanTest, AsManyLateArrivalsAsPartiesAreLookedUpAtOnce) {
  constexpr int kMany = 10'000;
  Event event = PlainEvent(1, 1, 2);
  event.parties.resize(kMany);
  Incident incident;
  for (int p = 0; p < kMany; ++p) {
    incident.earlier.emplace_back().party = p;
    incident.away.push_back({0, 0, 1});
    incident.back.push_back({0, 1});
  }
  EXPECT_TRUE(CheckLateArrivals(event, incident).ok());
}

// O1 presents in S2; N1 and O2 listen.
Scene SessionScene() {
  Scene scene{.event = PlainEvent(2, 2, 2)};
  scene.event.parties[1].available.reset(1);
  scene.event.pairs = {{.need = 0, .offer = 3, .score = 0.9}, {.need = 1, .offer = 2, .score = 0.3}};
  scene.event.sessions = {{.id = "R", .name = "路演", .slot = 1, .participants = {2}, .invited = {0, 3}}};
  scene.plan = *MakePlan(scene.event);
  return scene;
}

TEST(ReplanTest, AGuestWhoNowHasAMeetingLeavesTheSession) {
  const Scene scene = SessionScene();
  ASSERT_EQ(scene.plan.sessions[0].parties.size(), 3u);
  const Replanned now = *Replan(scene.event, scene.plan, {.locks = {{.pair = 0, .slot = 1}}});
  for (const Violation& violation : CheckPlan(now.event, now.plan)) ADD_FAILURE() << violation.text;
  EXPECT_THAT(now.plan.sessions[0].parties, testing::ElementsAre(2));
  EXPECT_THAT(now.tell, testing::ElementsAre(0, 3));
  EXPECT_THAT(now.session_changes,
              testing::ElementsAre(testing::HasSubstr("路演"), testing::HasSubstr("路演")));
}

TEST(ReplanTest, ASessionThatNobodyPresentsIsCancelledAndItsGuestsAreTold) {
  const Scene scene = SessionScene();
  const Replanned now = *Replan(scene.event, scene.plan, {.now = 1, .away = {{2, 1}}});
  EXPECT_TRUE(CheckPlan(now.event, now.plan).empty());
  EXPECT_TRUE(now.plan.sessions.empty());
  EXPECT_TRUE(now.changes.empty());
  EXPECT_THAT(now.tell, testing::ElementsAre(0, 2, 3));
  const PlanFile next = NextRevision({.event = scene.event, .plan = scene.plan}, now);
  EXPECT_THAT(next.changes,
              testing::ElementsAre(testing::HasSubstr("取消活动：“路演”"), testing::HasSubstr("要通知")));
}

TEST(ReplanTest, InAFullHallALockWithoutATableTakesThePlaceOfTheLeastValuable) {
  Event event = PlainEvent(3, 3, 1);
  AddTables(event, 2);
  event.pairs = {{.need = 0, .offer = 3, .score = 0.9},
                 {.need = 1, .offer = 4, .score = 0.8},
                 {.need = 2, .offer = 5, .score = 0.1}};
  const Plan plan = *MakePlan(event);
  ASSERT_EQ(plan.meetings.size(), 2u);
  const Replanned now = *Replan(event, plan, {.locks = {{.pair = 2, .slot = 0}}});
  for (const Violation& violation : CheckPlan(now.event, now.plan)) ADD_FAILURE() << violation.text;
  std::set<int> pairs;
  for (const Meeting& meeting : now.plan.meetings) pairs.insert(meeting.pair);
  EXPECT_THAT(pairs, testing::ElementsAre(0, 2));
  EXPECT_EQ(now.changes.size(), 2u);
}

TEST(ReplanTest, WhoeverSitsAtTheOnlyTableForALockMovesToAnother) {
  Event event = PlainEvent(2, 2, 1);
  AddTables(event, 2);
  event.tables[1].seats = 2;
  event.parties[1].seats = 3;
  event.pairs = {{.need = 0, .offer = 2, .score = 0.9}, {.need = 1, .offer = 3, .score = 0.1}};
  Plan plan = *MakePlan(event);
  std::erase_if(plan.meetings, [](const Meeting& meeting) { return meeting.pair == 1; });
  plan.meetings[0].table = 0;
  const Replanned now = *Replan(event, plan, {.locks = {{.pair = 1, .slot = 0}}});
  for (const Violation& violation : CheckPlan(now.event, now.plan)) ADD_FAILURE() << violation.text;
  ASSERT_EQ(now.plan.meetings.size(), 2u);
}

}  // namespace
}  // namespace dongxi::plan
