// Why a must is not kept. Internal to engine/plan.
#pragma once

#include <vector>

#include "engine/plan/instance.h"

namespace dongxi::plan {

// For each must of the event without a meeting, in order of pairs: conditions that exclude each other:
// refusal, slots, locks and maximum of its two parties, quotas that count it, tables, and other musts, of the
// same people or, where tables are few, of anyone. `smallest` if that is proven: up to kSmallSet conditions,
// all smaller sets tried. A larger set is irreducible: none of it can be left out.
inline constexpr int kSmallSet = 3;
std::vector<UnmetMust> ExplainUnmet(const Event& event, const Instance& instance,
                                    const std::vector<Meeting>& meetings);

}  // namespace dongxi::plan
