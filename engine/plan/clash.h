// Why a must is not kept. Internal to engine/plan.
#pragma once

#include <vector>

#include "engine/plan/instance.h"

namespace dongxi::plan {

// For each must of the event without a meeting, in order of pairs: conditions that exclude each other:
// refusal, slots, locks and maximum of its two parties, quotas that count it, tables, and musts that are
// kept, of the same people or, where tables are few, of anyone; many musts of a party, of a quota or of
// everybody are one condition, with their number. `smallest` if that is proven: up to kSmallSet conditions,
// all smaller sets tried. A larger set is irreducible, up to questions that were given up: none of it can be
// left out. If nothing was found, the one text says whether that is known or was not found out.
inline constexpr int kSmallSet = 3;
std::vector<UnmetMust> ExplainUnmet(const Event& event, const Instance& instance,
                                    const std::vector<Meeting>& meetings);

}  // namespace dongxi::plan
