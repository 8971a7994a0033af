// The circulation of ChoosePairs. Internal to engine/plan.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/plan/choose.h"
#include "engine/plan/instance.h"

namespace dongxi::plan {

// Meetings that each body can have at most, -1: it bounds nothing. Parties of one body may stand on both
// sides; then it bounds neither side alone. One party alone is bounded by its cap.
std::vector<int64_t> BodyLimits(const Instance& instance, int more_slots);

// Sets gain, value and musts to those of the chosen candidates.
void CountChoice(const Instance& instance, const Objective& objective, Choice& choice);

// The best choice but for loose groups, of which it bounds a part; one that keeps them all the same, with no
// prices, is the best of all. `prices`: of a meeting of each group (empty: none), not 0 for loose groups
// alone and below 0 to bring meetings to them; no more than 0 for a group without a cap. `gain_bound` holds
// whatever the prices are; the others hold without prices.
Choice ChooseByFlow(const Instance& instance, const Objective& objective,
                    const std::vector<int64_t>& body_limits, int64_t table_slots,
                    const std::vector<int64_t>& prices = {});

}  // namespace dongxi::plan
