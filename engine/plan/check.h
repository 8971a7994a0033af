// Verifies a plan against its event: every hard rule, from the definitions. Shares nothing with the planner
// but event and plan. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/plan/event.h"
#include "engine/plan/plan.h"

namespace dongxi::plan {

enum class Rule {
  kIndex,         // a pair, slot or table that is not there
  kBreak,         // a meeting in a break
  kPairTwice,     // the same two parties twice
  kRefused,       // somebody, or the organiser, said no; or the pair cools down and nobody must
  kUnavailable,   // a party is not there
  kTwoPlaces,     // a party or a person twice in a slot
  kTooMany,       // more meetings than the party's maximum
  kQuota,         // more meetings than a quota allows
  kTableMissing,  // the event has tables and the meeting has none
  kTableTaken,    // a table twice in a slot
  kTableClosed,   // the table is not there in the slot
  kTableSmall,
  kTableOffline,  // someone takes part from afar and the table has no equipment
  kWrongTable,    // not the party's own table, or another's
  kLockBroken,    // a locked meeting is missing or elsewhere
  kSession,  // a session is missing, at the wrong time, without a participant, too full or with a stranger
};

struct Violation {
  Rule rule;
  std::string text;  // Chinese
};

// All violations; none: the plan may be used.
std::vector<Violation> CheckPlan(const Event& event, const Plan& plan);

}  // namespace dongxi::plan
