// Better slots for a schedule that exists. Both are deterministic and leave it feasible. Internal to
// engine/plan.
#pragma once

#include "engine/plan/schedule.h"

namespace dongxi::plan {

// Fills each slot anew with the best set of meetings that the other slots leave, as long as that raises the
// gain, at most `sweeps` times over all slots.
void RefillSlots(const Objective& objective, int sweeps, Schedule& schedule);

// Exchanges meetings between two slots where that shortens the waiting, in a full hall two chains of meetings
// at a time; who meets whom stays. At most `sweeps` over all pairs of slots.
void ShortenWaiting(int sweeps, Schedule& schedule);

// Slots between the first and the last of `busy` on each day in which nothing happens; breaks do not count
// and are not in `busy`.
class Waiting {
 public:
  explicit Waiting(const Event& event);
  int Of(const SlotSet& busy) const;

 private:
  struct Day {
    size_t begin, end;
    SlotSet slots;
  };
  std::vector<Day> days_;
  std::vector<int> before_;  // by slot: meeting slots before it
};

}  // namespace dongxi::plan
