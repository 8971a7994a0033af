// Sessions in a new plan: who still comes, and what has to be said of it. Internal to engine/plan.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/plan/event.h"
#include "engine/plan/plan.h"

namespace dongxi::plan {

struct CarriedSessions {
  std::vector<SessionPlan> sessions;  // by the numbering of the event after the incident
  std::vector<std::string> changes;   // Chinese, a line each
  std::set<int> tell;                 // parties
};

// The sessions of `old` in the event after an incident, where `meetings` are planned: without parties that
// are not there any more, and without guests (not participants) who have a meeting in that slot now. A
// session that `after` does not have any more is a change, and everybody who was in it is told.
CarriedSessions CarrySessions(const Event& before, const Plan& old, const Event& after,
                              const std::vector<Meeting>& meetings);

// 2026-11-26 09:30
std::string SlotTimeText(const Event& event, int slot);

}  // namespace dongxi::plan
