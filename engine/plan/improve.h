// Better slots for a schedule that exists. Both are deterministic and leave it feasible. Internal to
// engine/plan.
#pragma once

#include "engine/plan/schedule.h"

namespace dongxi::plan {

// Fills each slot anew with the best set of meetings that the other slots leave, as long as that raises the
// gain, at most `sweeps` times over all slots.
void RefillSlots(const Objective& objective, int sweeps, Schedule& schedule);

// Exchanges meetings between two slots where that shortens the waiting; who meets whom stays. At most
// `sweeps`.
void ShortenWaiting(int sweeps, Schedule& schedule);

// Slots between the first and the last of `busy` on each day in which nothing happens; breaks do not count.
class Waiting {
 public:
  explicit Waiting(const Event& event);
  int Of(const SlotSet& busy) const;

 private:
  std::vector<SlotSet> days_;
  SlotSet meeting_slots_;
  std::vector<SlotSet> up_to_;  // by slot: it and those before
};

}  // namespace dongxi::plan
