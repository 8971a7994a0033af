// Figures of a plan. Internal to engine/plan.
#pragma once

#include <vector>

#include "engine/plan/instance.h"

namespace dongxi::plan {

// Those of the invited who are free come, up to the capacity, those with the fewest meetings first.
void SeatInvited(const Instance& instance, Plan& plan);

// All figures but bounds and gap. Of `sessions` those who were invited do not wait while they are in one; for
// it they do not wait either, they need not come.
Figures FiguresOf(const Instance& instance, const std::vector<Meeting>& meetings,
                  const std::vector<SessionPlan>& sessions = {});

// Gini coefficient of counts; 0 for none or all zero.
double Gini(std::vector<int> counts);

// Meetings by group; locked ones are those of the instance.
GroupCounts CountGroups(const Instance& instance, const std::vector<Meeting>& meetings);

// Meetings by party.
std::vector<int> CountsOf(const Event& event, const std::vector<Meeting>& meetings);

}  // namespace dongxi::plan
