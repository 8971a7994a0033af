// Who meets whom, slots put aside: a circulation from the needs' side to the offers' side. What it gains
// bounds every plan from above, because a plan obeys all that the circulation obeys. Internal to engine/plan.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/plan/instance.h"

namespace dongxi::plan {

struct Choice {
  std::vector<int> candidates;  // chosen, ascending
  // Another choice, which gains less but may find more slots; empty: there is none worth trying.
  std::vector<int> other;
  int64_t gain = 0;   // candidates' gains and bonuses of parties and groups (of meetings beside locked ones)
  int64_t value = 0;  // without musts and bonuses
  int musts = 0;
  // Of any choice. The same as of this one, but for groups that lie across each other or on both sides where
  // the event is too large for an integer programme.
  int64_t gain_bound = 0, value_bound = 0;
  int musts_bound = 0;
  const char* method = "最小费用流";  // what proves the bounds
};

// The best choice: at most cap meetings a party, what its quota leaves a group, open slots a body,
// `table_slots` in all (-1: any number). `more_slots`: open slots that every body has beside its own.
Choice ChoosePairs(const Instance& instance, const Objective& objective, int64_t table_slots,
                   int more_slots = 0);

// A choice of ChoosePairs, or one by an integer programme where prices of loose groups left a gap and the
// event is small enough for one such programme: seconds.
Choice Sharpened(const Instance& instance, const Objective& objective, int64_t table_slots, Choice choice);

// The best set of meetings to add in one slot. `count` and `groups`: meetings of parties and groups so far,
// locked ones included; `usable`: candidates that may be added. At most `tables` (-1: any). A party that
// shares people across groups, and a loose group, may get too many: whoever adds them looks.
std::vector<int> ChooseForSlot(const Instance& instance, const Objective& objective,
                               const std::vector<int>& usable, const std::vector<int>& count,
                               const GroupCounts& groups, int64_t tables);

}  // namespace dongxi::plan
