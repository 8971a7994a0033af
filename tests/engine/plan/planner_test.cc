// The planner against every plan there is, and what it says of its plans.
#include "engine/plan/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "tests/engine/plan/brute_force.h"
#include "tests/engine/plan/sample_event.h"

namespace dongxi::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr unsigned kSeed = 20261126;

enum class Shape { kRegular, kHoles, kTables, kShared, kChained, kMusts };

// Small enough for brute force: at most 7 pairs, 3 slots.
Event RandomEvent(std::mt19937& rng, Shape shape) {
  Event event = PlainEvent(2 + static_cast<int>(rng() % 2), 2 + static_cast<int>(rng() % 2),
                           2 + static_cast<int>(rng() % 2));
  event.settings.fair_share_max = 0;
  AddPairs(event, rng, 0.7);
  if (event.pairs.size() > 7) event.pairs.resize(7);
  if (shape == Shape::kHoles || shape == Shape::kShared || shape == Shape::kMusts) {
    for (Party& party : event.parties) {
      for (size_t s = 0; s < event.slots.size(); ++s) {
        if (rng() % 4 == 0) party.available.reset(s);
      }
    }
  }
  if (shape == Shape::kTables) {
    AddTables(event, 1 + static_cast<int>(rng() % 2));
    event.parties[rng() % event.parties.size()].online = true;
    event.tables[0].online = rng() % 2 == 0;
    event.tables[0].seats = rng() % 2 == 0 ? 3 : 0;
    event.parties[rng() % event.parties.size()].seats = 2;
    if (rng() % 3 == 0) event.parties[rng() % event.parties.size()].home_table = 0;
  }
  if (shape == Shape::kShared) {
    event.parties[0].members = {"张"};
    event.parties[1].members =
        rng() % 2 == 0 ? std::vector<std::string>{"张"} : std::vector<std::string>{"张", "李"};
    event.parties[event.parties.size() - 1].members = {"王"};
    event.parties[event.parties.size() - 2].members = {"王"};
  }
  if (shape == Shape::kChained) {  // sharing people is not transitive
    const size_t last = event.parties.size() - 1;
    event.parties[0].members = {"张"};
    event.parties[1].members = {"张", "李"};
    event.parties[last].members = {rng() % 2 == 0 ? "李" : "王"};
    event.parties[last - 1].members = {"王", "赵"};
    std::erase_if(event.pairs, [&](const Pair& pair) {
      return pair.need == 1 && event.parties[pair.offer].members == std::vector<std::string>{"李"};
    });
  }
  if (shape == Shape::kMusts) {
    for (Pair& pair : event.pairs) {
      if (rng() % 2 == 0) pair.by_organiser = Wish::kMust;
      if (rng() % 4 == 0) pair.by_need = Wish::kWant;
      if (rng() % 6 == 0) pair.by_offer = Wish::kNo;
      if (rng() % 6 == 0) pair.history = History::kCoolDown;
    }
  }
  for (Party& party : event.parties) {
    if (rng() % 3 == 0) party.max_meetings = 1 + static_cast<int>(rng() % 2);
  }
  return event;
}

class PlannerAgainstBruteForce : public testing::TestWithParam<Shape> {};

TEST_P(PlannerAgainstBruteForce, HasTheValueOfTheBestPlanAndProvesIt) {
  std::mt19937 rng(kSeed + static_cast<unsigned>(GetParam()));
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(testing::Message() << "round " << round);
    const Event event = RandomEvent(rng, GetParam());
    if (event.pairs.empty()) continue;
    const absl::StatusOr<Plan> plan = MakePlan(event);
    ASSERT_TRUE(plan.ok()) << plan.status();
    for (const Violation& violation : CheckPlan(event, *plan)) ADD_FAILURE() << violation.text;
    const BestPlan best = BruteForce(event).Run();
    EXPECT_EQ(plan->figures.musts_met, best.musts);
    EXPECT_NEAR(plan->figures.value, best.value, 1e-9);
    EXPECT_NEAR(plan->figures.gap, 0, 1e-9) << plan->figures.method;
    EXPECT_GE(plan->figures.value_bound, plan->figures.value - 1e-9);
  }
}
INSTANTIATE_TEST_SUITE_P(Shapes, PlannerAgainstBruteForce,
                         testing::Values(Shape::kRegular, Shape::kHoles, Shape::kTables, Shape::kShared,
                                         Shape::kChained, Shape::kMusts));

TEST(PlannerTest, RegularEventsOfAnySizeAreOptimal) {
  std::mt19937 rng(kSeed);
  for (const int tables : {0, 9, 20}) {
    Event event = PlainEvent(40, 25, 8);
    AddPairs(event, rng, 0.3);
    AddTables(event, tables);
    const absl::StatusOr<Plan> plan = MakePlan(event);
    ASSERT_TRUE(plan.ok());
    EXPECT_EQ(plan->figures.gap, 0) << tables << " tables";
    EXPECT_THAT(CheckPlan(event, *plan), testing::IsEmpty());
    if (tables > 0) {
      EXPECT_LE(plan->figures.meetings, tables * 8);
    }
  }
}

TEST(PlannerTest, TheSameEventGivesTheSamePlan) {
  std::mt19937 rng(kSeed);
  Event event = PlainEvent(20, 15, 6);
  AddPairs(event, rng, 0.4);
  for (Party& party : event.parties) party.available.reset(rng() % 6);
  const Plan a = *MakePlan(event), b = *MakePlan(event);
  ASSERT_EQ(a.meetings.size(), b.meetings.size());
  for (size_t i = 0; i < a.meetings.size(); ++i) {
    EXPECT_EQ(a.meetings[i].pair, b.meetings[i].pair);
    EXPECT_EQ(a.meetings[i].slot, b.meetings[i].slot);
  }
}

TEST(PlannerTest, FairnessServesTheWorstOffWithinItsShare) {
  // N1 is everybody's best; without fairness it takes both offers and N2 gets nothing.
  Event event = PlainEvent(2, 1, 1);
  event.pairs = {{.need = 0, .offer = 2, .score = 0.90}, {.need = 1, .offer = 2, .score = 0.895}};
  event.parties[1].is_protected = true;
  const Plan plan = *MakePlan(event);
  ASSERT_EQ(plan.meetings.size(), 1u);
  EXPECT_EQ(plan.meetings[0].pair, 1) << "half a per cent is within the two allowed";
  event.settings.fair_share_max = 0.001;
  EXPECT_EQ(MakePlan(event)->meetings[0].pair, 0);
  EXPECT_EQ(MakePlan(event)->figures.value, 0.90);
}

TEST(PlannerTest, NoPlanHasMoreValueThanItsBoundEvenIfAMinimumCannotBeKept) {
  Event event = PlainEvent(2, 2, 2);
  event.parties[0].min_meetings = 2;
  for (const int p : {1, 2, 3}) event.parties[p].available.reset(1);
  event.pairs = {{.need = 0, .offer = 2, .score = 0.1},
                 {.need = 0, .offer = 3, .score = 0.1},
                 {.need = 1, .offer = 2, .score = 0.9},
                 {.need = 1, .offer = 3, .score = 1}};
  const Plan plan = *MakePlan(event);
  EXPECT_EQ(plan.figures.min_shortfall, 1);
  EXPECT_NEAR(plan.figures.value, 1.1, 1e-9);
  EXPECT_GE(plan.figures.value_bound, plan.figures.value);
  EXPECT_LE(plan.figures.gap, 1);
}

TEST(PlannerTest, AnExpertIsNotInTwoPlaces) {
  Event event = PlainEvent(2, 2, 1);
  event.parties[2].members = {"王教授", "李工"};
  event.parties[3].members = {"王教授"};
  event.pairs = {{.need = 0, .offer = 2, .score = 0.9}, {.need = 1, .offer = 3, .score = 0.8}};
  const Plan plan = *MakePlan(event);
  EXPECT_EQ(plan.meetings.size(), 1u);
  EXPECT_EQ(plan.figures.gap, 0);
}

TEST(PlannerTest, TwoExpertsOfOneInstitutionMeetInParallel) {
  Event event = PlainEvent(3, 2, 1);
  event.parties[0].members = {"张"};
  event.parties[1].members = {"张", "李"};
  event.parties[2].members = {"李"};
  event.pairs = {{.need = 0, .offer = 3, .score = 0.9}, {.need = 2, .offer = 4, .score = 0.8}};
  const Plan plan = *MakePlan(event);
  EXPECT_THAT(CheckPlan(event, plan), testing::IsEmpty());
  EXPECT_EQ(plan.meetings.size(), 2u);
  EXPECT_EQ(plan.figures.gap, 0);
  event.pairs.push_back({.need = 1, .offer = 3, .score = 1});
  EXPECT_EQ(MakePlan(event)->meetings.size(), 2u) << "the whole institution cannot come beside its experts";
}

TEST(PlannerTest, AFloorThatCostsTooMuchLeavesTheRestOfFairness) {
  // The county N2 could only take O1 from N1, for 44 % of the value. N3 and N4 differ by half a per cent.
  Event event = PlainEvent(4, 2, 1);
  event.parties[1].is_protected = true;
  event.pairs = {{.need = 0, .offer = 4, .score = 0.9},
                 {.need = 1, .offer = 4, .score = 0.1},
                 {.need = 2, .offer = 5, .score = 0.9},
                 {.need = 3, .offer = 5, .score = 0.899}};
  event.parties[3].is_protected = true;
  const Plan plan = *MakePlan(event);
  ASSERT_EQ(plan.meetings.size(), 2u);
  std::set<int> pairs;
  for (const Meeting& meeting : plan.meetings) pairs.insert(meeting.pair);
  EXPECT_THAT(pairs, ElementsAre(0, 3));
  EXPECT_EQ(plan.figures.min_shortfall, 1) << "the floor that is missed is said";
}

TEST(PlannerTest, TheWeightOfFairnessIsSearchedUpToItsShare) {
  Event event = PlainEvent(2, 1, 1);
  event.pairs = {{.need = 0, .offer = 2, .score = 0.90}, {.need = 1, .offer = 2, .score = 0.3}};
  event.parties[1].is_protected = true;
  const Plan plan = *MakePlan(event);
  int cheap = 0;
  double last = -1;
  for (const FairnessPoint& point : plan.curve) {
    EXPECT_GE(point.weight, last) << "by weight";
    last = point.weight;
    cheap += point.weight > 0 && point.value_share == 1;
  }
  EXPECT_GT(cheap, 1) << "points between the last that is cheap enough and the first that is not";
  EXPECT_EQ(plan.meetings[0].pair, 0);
}

// Six needs that meet once each: all with the first offer, three of them almost as well with the second one.
Event SixNeedsAndAStar() {
  Event event = PlainEvent(6, 2, 6);
  for (int need = 0; need < 6; ++need) {
    event.parties[need].max_meetings = 1;
    event.pairs.push_back({.need = need, .offer = 6, .score = 0.900});
  }
  for (int need = 3; need < 6; ++need) event.pairs.push_back({.need = need, .offer = 7, .score = 0.895});
  return event;
}

int MeetingsOf(const Event& event, const Plan& plan, int party) {
  return static_cast<int>(
      std::count_if(plan.meetings.begin(), plan.meetings.end(), [&](const Meeting& meeting) {
        return event.pairs[meeting.pair].need == party || event.pairs[meeting.pair].offer == party;
      }));
}

TEST(PlannerTest, WithoutRequestsTheOfferOnMostListsIsTheMostWanted) {
  Event event = SixNeedsAndAStar();
  event.settings.fair_share_max = 1;
  ASSERT_EQ(MeetingsOf(event, *MakePlan(event), 6), 3);
  event.settings.most_wanted_max = 2;
  const Plan plan = *MakePlan(event);
  EXPECT_EQ(MeetingsOf(event, plan, 6), 2) << "as in an event made from a report";
  EXPECT_EQ(MeetingsOf(event, plan, 7), 3);
}

TEST(PlannerTest, ANeedThatSaysWhomItWantsAsksForNobodyElse) {
  Event event = SixNeedsAndAStar();
  for (Pair& pair : event.pairs) {
    if (pair.offer == 7) pair.by_need = Wish::kWant;
  }
  event.pairs.erase(event.pairs.begin(),
                    event.pairs.begin() + 2);  // the star is on four lists, asked for by one
  event.settings.most_wanted_max = 1;
  event.settings.fair_share_max = 1;
  const Plan plan = *MakePlan(event);
  EXPECT_EQ(MeetingsOf(event, plan, 7), 1) << "three needs want it";
  EXPECT_EQ(MeetingsOf(event, plan, 6), 3);
}

// What stands in `clash` of the one must that is not kept.
std::vector<std::string> ClashOf(const Event& event, bool smallest) {
  const Plan plan = *MakePlan(event);
  EXPECT_EQ(plan.unmet.size(), 1u);
  if (plan.unmet.size() != 1) return {};
  EXPECT_EQ(plan.unmet[0].smallest, smallest);
  return plan.unmet[0].clash;
}

TEST(PlannerTest, AMustThatClashesThroughASharedPersonIsNamed) {
  Event event = PlainEvent(2, 2, 1);
  event.parties[0].members = event.parties[1].members = {"张"};
  event.pairs = {{.need = 0, .offer = 2, .score = 0.9, .by_need = Wish::kMust},
                 {.need = 1, .offer = 3, .score = 0.8, .by_need = Wish::kMust}};
  EXPECT_THAT(ClashOf(event, true), ElementsAre(testing::AllOf(HasSubstr("必见"), HasSubstr("同一成员"))));
}

TEST(PlannerTest, AMustThatFindsNoTableBesideAnotherNamesBoth) {
  Event event = PlainEvent(2, 2, 1);
  AddTables(event, 1);
  event.pairs = {{.need = 0, .offer = 2, .score = 0.9, .by_need = Wish::kMust},
                 {.need = 1, .offer = 3, .score = 0.8, .by_need = Wish::kMust}};
  EXPECT_THAT(ClashOf(event, true), ElementsAre(HasSubstr("桌位"), HasSubstr("必见")));
}

TEST(PlannerTest, ALargeClashIsNotCalledTheSmallest) {
  Event event = PlainEvent(1, 5, 4);
  for (int o = 1; o <= 5; ++o)
    event.pairs.push_back({.need = 0, .offer = o, .score = 0.5, .by_need = Wish::kMust});
  EXPECT_EQ(ClashOf(event, false).size(), 4u) << "four musts take the four slots";
}

TEST(PlannerTest, NamesTheSmallestClashOfAMust) {
  Event event = PlainEvent(1, 3, 2);
  for (int o = 1; o <= 3; ++o) {
    event.pairs.push_back({.need = 0,
                           .offer = o,
                           .score = 0.5,
                           .by_organiser = Wish::kMust,
                           .place = {"请求", static_cast<uint64_t>(o + 1)}});
  }
  event.parties[1].available.reset(0);
  event.parties[2].available.reset(0);
  event.parties[3].available.reset(1);
  const Plan plan = *MakePlan(event);
  ASSERT_EQ(plan.unmet.size(), 1u);
  const UnmetMust& unmet = plan.unmet[0];
  EXPECT_TRUE(unmet.smallest);
  // Two offers that both can come in S2 only; one of them has been planned.
  ASSERT_EQ(unmet.clash.size(), 2u) << testing::PrintToString(unmet.clash);
  EXPECT_THAT(unmet.clash[0], HasSubstr("可用的只有时段 S2"));
  EXPECT_THAT(unmet.clash[1], HasSubstr("必见"));
}

TEST(PlannerTest, MoreMustsThanSlots) {
  Event event = PlainEvent(1, 4, 2);
  for (int o = 1; o <= 4; ++o)
    event.pairs.push_back({.need = 0, .offer = o, .score = 0.5, .by_need = Wish::kMust});
  const Plan plan = *MakePlan(event);
  EXPECT_EQ(plan.figures.musts_met, 2);
  EXPECT_EQ(plan.figures.musts, 4);
  ASSERT_EQ(plan.unmet.size(), 2u);
  EXPECT_EQ(plan.unmet[0].clash.size(), 2u) << "the event has two slots: two other musts take them";
}

TEST(PlannerTest, ARefusalExplainsAMust) {
  Event event = PlainEvent(1, 2, 2);
  event.pairs = {{.need = 0, .offer = 1, .score = 0.5, .by_need = Wish::kMust, .by_offer = Wish::kNo},
                 {.need = 0, .offer = 2, .score = 0.5}};
  const Plan plan = *MakePlan(event);
  ASSERT_EQ(plan.unmet.size(), 1u);
  EXPECT_THAT(plan.unmet[0].clash, ElementsAre(HasSubstr("谢绝")));
}

TEST(PlannerTest, PricesOneMoreTable) {
  Event event = PlainEvent(3, 3, 2);
  AddTables(event, 1);
  for (int i = 0; i < 3; ++i) event.pairs.push_back({.need = i, .offer = 3 + i, .score = 0.5});
  const Plan plan = *MakePlan(event);
  EXPECT_EQ(plan.figures.meetings, 2);
  ASSERT_EQ(plan.prices.size(), 3u);
  EXPECT_EQ(plan.prices[0].meetings, 1);
  EXPECT_NEAR(plan.prices[0].value, 0.5, 1e-9);
  EXPECT_EQ(plan.prices[1].meetings, 1);
}

TEST(PlannerTest, PricesATableBesideOwnTables) {
  Event event = PlainEvent(3, 3, 1);
  AddTables(event, 2);
  event.parties[5].home_table = 1;
  for (int i = 0; i < 3; ++i) event.pairs.push_back({.need = i, .offer = 3 + i, .score = 0.9 - 0.1 * i});
  const Plan plan = *MakePlan(event);
  EXPECT_EQ(plan.figures.meetings, 2);
  EXPECT_EQ(plan.prices[0].meetings, 1);
  EXPECT_NEAR(plan.prices[0].value, 0.7, 1e-9);
}

TEST(PlannerTest, PricesASlotForPeopleOfSeveralParties) {
  Event event = PlainEvent(2, 2, 1);
  event.parties[0].members = event.parties[1].members = {"张"};
  event.pairs = {{.need = 0, .offer = 2, .score = 0.9}, {.need = 1, .offer = 3, .score = 0.8}};
  const Plan plan = *MakePlan(event);
  EXPECT_EQ(plan.figures.meetings, 1);
  EXPECT_EQ(plan.prices[1].meetings, 1);
  EXPECT_NEAR(plan.prices[1].value, 0.8, 1e-9);
}

// The last slot alone said how many an hour has.
TEST(PlannerTest, AnHourHasTheSlotsThatTheirMeanLengthGives) {
  Event event = PlainEvent(1, 6, 4);
  for (Slot& slot : event.slots) slot.end_minute = slot.begin_minute + 20;
  event.slots.back().end_minute = event.slots.back().begin_minute + 60;
  for (int o = 1; o <= 6; ++o) event.pairs.push_back({.need = 0, .offer = o, .score = 0.5});
  const Plan plan = *MakePlan(event);
  EXPECT_EQ(plan.figures.meetings, 4);
  ASSERT_EQ(plan.prices.size(), 3u);
  EXPECT_EQ(plan.prices[2].meetings, 2) << "half an hour each";
}

TEST(PlannerTest, WaitingIsShort) {
  Event event = PlainEvent(1, 2, 6);
  event.pairs = {{.need = 0, .offer = 1, .score = 0.5}, {.need = 0, .offer = 2, .score = 0.5}};
  event.parties[1].available.reset();
  event.parties[1].available.set(4);
  EXPECT_EQ(MakePlan(event)->figures.idle_slots, 0);
}

// The square of n needs and n offers that all meet in n slots is a Latin square: need, offer, slot. One with
// at most n-1 cells filled can always be completed (Smetaniuk 1981), here along chains of meetings that must
// not touch the locked ones.
TEST(PlannerTest, ChainsOfMeetingsLeaveLocksWhereTheyAreAndFillTheHall) {
  std::mt19937 rng(kSeed);
  for (int round = 0; round < 20; ++round) {
    SCOPED_TRACE(testing::Message() << "round " << round);
    const int n = 3 + round % 3;
    Event event = PlainEvent(n, n, n);
    event.settings.fair_share_max = 0;
    AddPairs(event, rng, 1);
    std::set<std::pair<int, int>> need_at, offer_at;
    std::set<int> locked;
    while (static_cast<int>(event.locks.size()) < n - 1) {
      const int pair = static_cast<int>(rng() % event.pairs.size()), slot = static_cast<int>(rng() % n);
      if (locked.contains(pair) || need_at.contains({event.pairs[pair].need, slot}) ||
          offer_at.contains({event.pairs[pair].offer, slot}))
        continue;
      locked.insert(pair);
      need_at.insert({event.pairs[pair].need, slot});
      offer_at.insert({event.pairs[pair].offer, slot});
      event.locks.push_back({.pair = pair, .slot = slot, .place = {"锁定", event.locks.size() + 2}});
    }
    const absl::StatusOr<Plan> plan = MakePlan(event);
    ASSERT_TRUE(plan.ok()) << plan.status();
    for (const Violation& violation : CheckPlan(event, *plan)) ADD_FAILURE() << violation.text;
    EXPECT_EQ(plan->figures.meetings, n * n);
    EXPECT_EQ(plan->figures.gap, 0) << plan->figures.method;
  }
}

// Parties that sit at another table than at their meeting before.
int TableChanges(const Event& event, std::vector<Meeting> meetings) {
  std::stable_sort(meetings.begin(), meetings.end(),
                   [](const Meeting& a, const Meeting& b) { return a.slot < b.slot; });
  std::map<int, int> last;
  int changes = 0;
  for (const Meeting& meeting : meetings) {
    for (const int party : {event.pairs[meeting.pair].need, event.pairs[meeting.pair].offer}) {
      const auto [at, first] = last.try_emplace(party, meeting.table);
      changes += !first && at->second != meeting.table;
      at->second = meeting.table;
    }
  }
  return changes;
}

// The fewest changes of all ways to hand out the tables of one slot anew, those of the others as they are.
int FewestChanges(const Event& event, Plan plan, int slot) {
  std::vector<size_t> here;
  for (size_t i = 0; i < plan.meetings.size(); ++i) {
    if (plan.meetings[i].slot == slot) here.push_back(i);
  }
  std::vector<int> tables(event.tables.size());
  std::iota(tables.begin(), tables.end(), 0);
  int fewest = TableChanges(event, plan.meetings);
  do {
    for (size_t k = 0; k < here.size(); ++k) plan.meetings[here[k]].table = tables[k];
    if (CheckPlan(event, plan).empty()) fewest = std::min(fewest, TableChanges(event, plan.meetings));
  } while (std::next_permutation(tables.begin(), tables.end()));
  return fewest;
}

TEST(PlannerTest, NoSlotCouldHaveFewerTableChanges) {
  std::mt19937 rng(kSeed);
  int all_changes = 0;
  for (int round = 0; round < 30; ++round) {
    SCOPED_TRACE(testing::Message() << "round " << round);
    Event event = PlainEvent(5, 5, 5);
    AddPairs(event, rng, 0.7);
    AddTables(event, 4);
    event.tables[0].online = event.tables[1].online = true;
    event.parties[rng() % 10].online = round % 2 == 0;
    event.tables[2].seats = 3;
    event.parties[rng() % 10].seats = 2 + static_cast<int>(rng() % 2);
    const Plan plan = *MakePlan(event, {.prices = false});
    ASSERT_TRUE(CheckPlan(event, plan).empty());
    const int changes = TableChanges(event, plan.meetings);
    EXPECT_EQ(plan.figures.table_changes, changes);
    all_changes += changes;
    for (size_t slot = 0; slot < event.slots.size(); ++slot)
      EXPECT_EQ(FewestChanges(event, plan, static_cast<int>(slot)), changes) << "slot " << slot;
  }
  EXPECT_GT(all_changes, 30) << "else there was nothing to choose";
}

TEST(PlannerTest, AnEmptyEventIsRefusedWithARemedy) {
  const absl::Status status = MakePlan(Event{}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("改法"));
}

}  // namespace
}  // namespace dongxi::plan
