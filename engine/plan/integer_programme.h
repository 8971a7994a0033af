// The whole plan as one integer programme (COIN-OR CBC), for events small enough. Internal to engine/plan.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/plan/schedule.h"

namespace dongxi::plan {

inline constexpr int64_t kProgrammeVariablesMax = 6'000;

// Variables that the programme would have: a candidate in a slot each.
int64_t ProgrammeVariables(const Instance& instance);

struct ProgrammeResult {
  std::vector<int> slots;  // by candidate, -1: none; empty: nothing better than the start was found
  int64_t bound = 0;       // no plan gains more (as Schedule::Gain)
  bool optimal = false;    // proven
};

// Starts from `schedule`. Stops after a fixed number of nodes, not after a time: the same every time.
// REQUIRES: ProgrammeVariables(instance) <= kProgrammeVariablesMax.
std::optional<ProgrammeResult> SolveProgramme(const Objective& objective, const Schedule& schedule,
                                              int musts_bound);

}  // namespace dongxi::plan
