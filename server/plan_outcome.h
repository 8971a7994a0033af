// What came of a planned meeting: into the plan and into the ledger of engagements, in one write. Any thread.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "dongxi/v1/plan.pb.h"
#include "engine/policy/policy.h"
#include "server/caller.h"
#include "store/catalogue.h"

namespace dongxi {

// As PlanService.RecordOutcome says. Durable when it returns.
absl::StatusOr<dongxi::v1::RecordOutcomeResponse> RecordPlanOutcome(
    const dongxi::v1::RecordOutcomeRequest& request, const Caller& caller, const Policy& policy,
    int64_t now_us, Catalogue* catalogue);

// When a slot begins, in microseconds since 1970; its date and time are those that the event checked.
int64_t SlotBeginUs(const dongxi::v1::PlanEvent& event, const std::string& slot);

}  // namespace dongxi
