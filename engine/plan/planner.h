// From an event to a plan: who meets whom by min-cost flow, when by edge colouring with exchanges, and an
// integer programme where that leaves a gap and the event is small enough. docs/planning.md states objective
// and method. Pure and deterministic: the same event gives the same plan. Any thread.
#pragma once

#include <functional>
#include <string_view>

#include "absl/status/statusor.h"
#include "engine/plan/event.h"
#include "engine/plan/plan.h"

namespace dongxi::plan {

struct PlanOptions {
  bool prices = true;    // work out what one more table, slot and hour would bring
  bool fairness = true;  // false: value alone
  bool explain = true;   // name the clash of each must that is not kept
  // Called before each step with the share of the work that is done, 0 to 1, and the step's name: choose,
  // place, improve, prove, explain. False ends the planning with Cancelled. It changes no plan. May be null.
  std::function<bool(double share, std::string_view step)> step;
};

// Errors: InvalidArgument with the first fatal problem of Validate; Cancelled.
absl::StatusOr<Plan> MakePlan(const Event& event, const PlanOptions& options = {});

}  // namespace dongxi::plan
