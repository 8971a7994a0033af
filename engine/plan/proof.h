// How far a plan may be from the best one: what is proven of every plan. Internal to engine/plan.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/plan/instance.h"
#include "engine/plan/plan.h"

namespace dongxi::plan {

struct Proven {
  int64_t gain = 0;    // of the objective, beside locked meetings: no plan has more
  std::string method;  // what proved it, Chinese
  // Of the best choice without fairness, which keeps as many musts, and then minima, as can be.
  int64_t value = 0;
  int musts = 0;
};

// What a plan has of the objective beside its locked meetings, as Choice::gain.
int64_t PlanGain(const Instance& instance, const Objective& objective, const std::vector<Meeting>& meetings);

// Sets value_bound, musts_bound, gap and method of `figures`, which has all else (FiguresOf). `gain` is that
// of the plan, of the objective that `proven` is about.
void SetProof(const Instance& instance, const Proven& proven, int64_t gain, Figures& figures);

}  // namespace dongxi::plan
