// What came of a plan so far, beside the figures that it was planned with. Pure; any thread.
#pragma once

#include "engine/plan/event.h"
#include "engine/plan/plan.h"

namespace dongxi::plan {

// True if the meeting took place: its outcome says so or, where none is noted, it is marked as held.
bool TookPlace(const Meeting& meeting);
// True if the outcome is 未到.
bool IsNoShow(const Meeting& meeting);

// What Figures says of the planned meetings, said of those that took place. Parties and minima are the same.
struct OutcomeFigures {
  int noted = 0;     // meetings with an outcome
  int no_shows = 0;  // of those
  int held = 0;
  double value = 0;
  int musts_met = 0, wants_met = 0;
  int min_shortfall = 0, quota_shortfall = 0;
  int worst_off = 0, without_meeting = 0;
  double gini = 0;
};

// REQUIRES: the plan's figures are those of its meetings.
OutcomeFigures OutcomeFiguresOf(const Event& event, const Plan& plan);

}  // namespace dongxi::plan
