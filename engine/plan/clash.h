// Why a must is not kept. Internal to engine/plan.
#pragma once

#include <vector>

#include "engine/plan/instance.h"

namespace dongxi::plan {

// For each must of the event without a meeting, in order of pairs: conditions of its two parties (refusal,
// slots, locks, maximum, tables, other musts of either) that exclude each other. Up to kSmallSet conditions
// the set is the smallest there is; a larger one is minimal (none of it can be left out).
inline constexpr int kSmallSet = 3;
std::vector<UnmetMust> ExplainUnmet(const Event& event, const Instance& instance,
                                    const std::vector<Meeting>& meetings);

}  // namespace dongxi::plan
