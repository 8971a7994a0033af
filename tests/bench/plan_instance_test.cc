// The planners that ours is measured beside give plans that obey the rules, and none is better than ours.
#include "bench/plan_instance.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/plan/check.h"
#include "engine/plan/planner.h"

namespace dongxi::bench {
namespace {

constexpr PlanShape kSmall = {60, 40, 8, 600, 0.2};

TEST(PlanInstanceTest, HasTheShapeThatWasAskedFor) {
  const plan::Event event = MakePlanEvent(kSmall);
  EXPECT_EQ(event.parties.size(), 100u);
  EXPECT_EQ(event.slots.size(), 8u);
  EXPECT_EQ(event.pairs.size(), 600u);
  EXPECT_FALSE(plan::HasFatal(plan::Validate(event)));
  std::set<std::pair<int, int>> pairs;
  for (const plan::Pair& pair : event.pairs) EXPECT_TRUE(pairs.insert({pair.need, pair.offer}).second);
}

TEST(PlanInstanceTest, SimplerPlannersObeyTheRulesAndAreNoBetter) {
  const plan::Event event = MakePlanEvent(kSmall);
  const plan::Plan ours = *plan::MakePlan(event, {.prices = false, .fairness = false});
  for (const plan::Plan& other : {GreedyPlan(event), DeferredAcceptancePlan(event)}) {
    EXPECT_TRUE(plan::CheckPlan(event, other).empty());
    EXPECT_GT(other.meetings.size(), 100u);
    EXPECT_LE(other.figures.value, ours.figures.value_bound + 1e-9);
    EXPECT_LT(other.figures.value, ours.figures.value);
  }
}

}  // namespace
}  // namespace dongxi::bench
