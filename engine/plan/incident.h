// What happened at a running event, and the event after it. Pure functions; any thread.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "engine/plan/event.h"
#include "engine/plan/plan.h"

namespace dongxi::plan {

// What incidents took from a party, so that it can be given back to whoever turns up after all.
struct Absence {
  int party = 0;
  SlotSet slots;         // that it would be there in
  int min_meetings = 0;  // that it would want
};

struct Incident {
  // Slots before this one are past: their meetings stay as they are. So does, whatever the slot, a meeting
  // that was held or has an outcome; but for one with 未到 that a lock gives another slot.
  int now = 0;
  struct Away {
    int party = 0, from = 0, to = kSlotsMax;  // slots [from, to)
  };
  std::vector<Away> away;  // no-shows (from `now` to the end) and late arrivals
  std::vector<Lock> locks;
  int changes_max = -1;  // -1: as few as possible
  // Late arrivals: there again from that slot on, whatever `earlier` incidents said.
  struct Back {
    int party = 0, from = 0;
  };
  std::vector<Back> back;
  std::vector<Absence> earlier;  // at most one of a party
  // Pairs that the organiser does not let meet: from now on as with his 不见 in the event.
  std::vector<int> cancelled;
};

// InvalidArgument, in Chinese, for what names something that is not there, a lock in the past or of two who
// have met already or have an outcome (未到: in the slot that they had), and as CheckCancellations says.
absl::Status CheckIncident(const Event& event, const Plan& plan, const Incident& incident);

// InvalidArgument, in Chinese, for a late arrival that takes nothing from its party and gives nothing back:
// whoever is told so believes that it counts. REQUIRES: what the incident names is there.
absl::Status CheckLateArrivals(const Event& event, const Incident& incident);

// InvalidArgument, in Chinese, for a cancelled pair whose meeting is past, was held or has an outcome, and
// for one that the incident locks as well. REQUIRES: what the incident names is there.
absl::Status CheckCancellations(const Event& event, const Plan& plan, const Incident& incident);

// The event after the incident: past meetings are locked and held, impossible locks are gone, sessions stay
// where they were planned, the organiser's 不见 stands at cancelled pairs. REQUIRES: CheckIncident finds
// nothing.
Event EventAfter(const Event& before, const Plan& plan, const Incident& incident);

// What `earlier` and this incident have taken from parties that is not given back. `after`: of EventAfter.
std::vector<Absence> AbsencesAfter(const Event& before, const Incident& incident, const Event& after);

// By party: it gets slots back that an earlier incident took.
std::vector<char> ReturnedParties(const Event& before, const Incident& incident);

}  // namespace dongxi::plan
