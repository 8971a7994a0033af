// What happened at a running event, and the event after it. Pure functions; any thread.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "engine/plan/event.h"
#include "engine/plan/plan.h"

namespace dongxi::plan {

struct Incident {
  // Slots before this one are past: their meetings stay as they are. So does, whatever the slot, a meeting
  // that was held or has an outcome.
  int now = 0;
  struct Away {
    int party = 0, from = 0, to = kSlotsMax;  // slots [from, to)
  };
  std::vector<Away> away;  // no-shows (from `now` to the end) and late arrivals
  std::vector<Lock> locks;
  int changes_max = -1;  // -1: as few as possible
};

// InvalidArgument, in Chinese, for what names something that is not there, a lock in the past or of two who
// have met already.
absl::Status CheckIncident(const Event& event, const Plan& plan, const Incident& incident);

// The event after the incident: past meetings are locked and held, impossible locks are gone, sessions stay
// where they were planned. REQUIRES: CheckIncident finds nothing.
Event EventAfter(const Event& before, const Plan& plan, const Incident& incident);

}  // namespace dongxi::plan
