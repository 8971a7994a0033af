// How much weight fairness gets: the fairest choice of who meets whom that costs no more value than the
// event's settings allow. Internal to engine/plan.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/plan/choose.h"
#include "engine/plan/instance.h"

namespace dongxi::plan {

inline constexpr size_t kLargeCandidates = 30'000;  // fewer points of the curve and sweeps, for the time

struct Fairness {
  Objective objective;
  Choice choice;
  std::vector<FairnessPoint> curve;  // by weight
  int64_t value_bound = 0;           // of any choice
  int musts_bound = 0;
};

// The fairest point of the curve that costs no must and no more value than fair_share_max: with the floors of
// protected parties if that can be, with no weight on fairness if need be, else without them; with the cap of
// the most wanted if that can be, else without it. Not `wanted`: value alone. `stop` hears the share of the
// work that is done; once true, the best so far is returned.
Fairness ChooseFairness(const Instance& instance, bool wanted, const std::function<bool(double)>& stop);

}  // namespace dongxi::plan
