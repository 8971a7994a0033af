// Who meets whom, slots put aside: a circulation from the needs' side to the offers' side. Its gain bounds
// every plan from above, because a plan obeys all that the circulation obeys. Internal to engine/plan.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/plan/instance.h"

namespace dongxi::plan {

struct Choice {
  std::vector<int> candidates;  // chosen, ascending
  int64_t gain = 0;   // candidates' gains and bonuses of the parties (of meetings beside locked ones)
  int64_t value = 0;  // without musts and bonuses
  int musts = 0;
};

// The best choice: at most cap meetings a party, open slots a body, `table_slots` in all (-1: any number).
// `more_slots`: open slots that every body has beside its own.
Choice ChoosePairs(const Instance& instance, const Objective& objective, int64_t table_slots,
                   int more_slots = 0);

// The best set of meetings to add in one slot. `left`: by party, meetings it may still have; `count`: its
// meetings so far, locked ones included; `usable`: candidates that may be added. At most `tables` (-1: any).
std::vector<int> ChooseForSlot(const Instance& instance, const Objective& objective,
                               const std::vector<int>& usable, const std::vector<int>& count, int64_t tables);

}  // namespace dongxi::plan
