// Which point of the curve between value and fairness is taken, and what is kept where every weight costs too
// much.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "engine/plan/planner.h"
#include "tests/engine/plan/sample_event.h"

namespace dongxi::plan {
namespace {

using testing::ElementsAre;

std::set<int> PairsOf(const Plan& plan) {
  std::set<int> pairs;
  for (const Meeting& meeting : plan.meetings) pairs.insert(meeting.pair);
  return pairs;
}

FairnessPoint ChosenOf(const Plan& plan) {
  for (const FairnessPoint& point : plan.curve) {
    if (point.chosen) return point;
  }
  ADD_FAILURE() << "no point is taken";
  return {};
}

// Of the parties from `need` and `offer` on: from a weight of 0.25 on two poor meetings beat a good one,
// which costs more than two per cent of everything here.
void AddDearFairness(Event& event, int need, int offer) {
  event.pairs.push_back({.need = need, .offer = offer, .score = 0.40});
  event.pairs.push_back({.need = need + 1, .offer = offer, .score = 1.0});
  event.pairs.push_back({.need = need + 1, .offer = offer + 1, .score = 0.40});
}

// The floor cost a quarter of a per cent and was given up, because the lightest weight cost eleven.
TEST(FairnessTest, AFloorThatIsCheapAloneIsKeptThoughEveryWeightIsTooDear) {
  Event event = PlainEvent(4, 3, 1);
  event.parties[1].is_protected = true;
  event.pairs = {{.need = 0, .offer = 4, .score = 0.90}, {.need = 1, .offer = 4, .score = 0.895}};
  AddDearFairness(event, 2, 5);
  const Plan plan = *MakePlan(event);
  EXPECT_THAT(PairsOf(plan), ElementsAre(1, 3));
  EXPECT_EQ(plan.figures.min_shortfall, 0);
  EXPECT_NEAR(plan.figures.value, 1.895, 1e-9);
  EXPECT_GE(ChosenOf(plan).value_share, 0.98);
}

TEST(FairnessTest, TheCapOfTheMostWantedIsKeptAloneThoughEveryWeightIsTooDear) {
  Event event = PlainEvent(4, 4, 2);
  for (Party& party : event.parties) party.max_meetings = 1;
  event.parties[4].max_meetings = -1;
  event.pairs = {{.need = 0, .offer = 4, .score = 0.90},
                 {.need = 1, .offer = 4, .score = 0.90},
                 {.need = 1, .offer = 5, .score = 0.895}};
  AddDearFairness(event, 2, 6);
  event.settings.most_wanted_max = 1;
  const Plan plan = *MakePlan(event);
  EXPECT_THAT(PairsOf(plan), ElementsAre(0, 2, 4));
  EXPECT_GE(ChosenOf(plan).value_share, 0.98);
}

TEST(FairnessTest, WeightsBelowTheFirstAreTriedWhereItIsTooDear) {
  Event event = PlainEvent(4, 4, 2);
  for (Party& party : event.parties) party.max_meetings = 1;
  event.parties[0].max_meetings = -1;
  event.pairs = {{.need = 0, .offer = 4, .score = 0.90},
                 {.need = 0, .offer = 5, .score = 0.90},
                 {.need = 1, .offer = 5, .score = 0.895}};
  AddDearFairness(event, 2, 6);
  const Plan plan = *MakePlan(event);
  EXPECT_THAT(PairsOf(plan), ElementsAre(0, 2, 4))
      << "who has nobody else meets somebody, for half a per cent";
  EXPECT_GT(ChosenOf(plan).weight, 0);
  EXPECT_LT(ChosenOf(plan).weight, 0.25);
}

// Any weight spreads two second meetings over four parties instead of one over two: less value, and counts
// that differ more.
TEST(FairnessTest, ValueAloneIsTakenWhereItIsTheFairest) {
  for (const bool has_floor : {false, true}) {
    SCOPED_TRACE(has_floor ? "with a floor" : "without one");
    Event event = PlainEvent(4, 4, 2);
    event.parties[2].is_protected = has_floor;
    event.pairs = {{.need = 0, .offer = 6, .score = 1.0},   {.need = 1, .offer = 7, .score = 1.0},
                   {.need = 2, .offer = 4, .score = 1.0},   {.need = 3, .offer = 5, .score = 1.0},
                   {.need = 0, .offer = 4, .score = 0.495}, {.need = 1, .offer = 4, .score = 1.0},
                   {.need = 1, .offer = 5, .score = 0.495}};
    const Plan plan = *MakePlan(event);
    EXPECT_NEAR(plan.figures.value, 5.0, 1e-9);
    EXPECT_NEAR(plan.figures.gini, 0.15, 1e-9);
    EXPECT_EQ(ChosenOf(plan).weight, 0);
    EXPECT_TRUE(std::any_of(plan.curve.begin(), plan.curve.end(), [](const FairnessPoint& point) {
      return point.weight > 0 && point.value_share >= 0.98 && point.gini > 0.16;
    })) << "else there was nothing to choose";
  }
}

}  // namespace
}  // namespace dongxi::plan
