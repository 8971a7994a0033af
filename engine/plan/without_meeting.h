// Why a party of a plan has no meeting. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/plan/event.h"
#include "engine/plan/plan.h"

namespace dongxi::plan {

// By party, Chinese; empty for who meets somebody. Where no partner could be met at all it says how many are
// lost to what: refusals, cool-downs, maxima, tables, slots.
std::vector<std::string> WhyWithoutMeeting(const Event& event, const Plan& plan);

}  // namespace dongxi::plan
