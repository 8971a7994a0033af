// Random events of a given size for measurements, and two simple planners to stand beside ours.
#pragma once

#include <cstdint>

#include "engine/plan/event.h"
#include "engine/plan/plan.h"

namespace dongxi::bench {

struct PlanShape {
  int needs = 0, offers = 0, slots = 0, pairs = 0;
  double away = 0;  // chance that a party is away in a slot
  uint32_t seed = 7;
  int tables = 0;  // 0: tables are not planned
};

// Scores are skewed: some offers are wanted by many. A need has at most 12 meetings, an offer any number.
plan::Event MakePlanEvent(const PlanShape& shape);

// Takes the best pair that is still possible, in the first slot both have free.
plan::Plan GreedyPlan(const plan::Event& event);

// Deferred acceptance, many to many: needs propose in their order of value, offers keep the best they have
// room for; then slots are given in order of value, and what finds none is dropped.
plan::Plan DeferredAcceptancePlan(const plan::Event& event);

}  // namespace dongxi::bench
