// Tables for the meetings of a plan. Internal to engine/plan.
#pragma once

#include <vector>

#include "engine/plan/instance.h"

namespace dongxi::plan {

// Gives every meeting without one a table: its party's own, or one of the pool that does. Those of the pool
// are chosen so that parties change tables rarely: the last table of either party first, then slot by slot
// the best tables given those of the slots before and after, exactly where the slot is small, by exchanges of
// two where it is not, as long as that saves changes. REQUIRES: the tables of each slot suffice.
// Deterministic.
void AssignTables(const Instance& instance, std::vector<Meeting>& meetings);

}  // namespace dongxi::plan
