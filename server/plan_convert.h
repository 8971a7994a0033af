// Requests about plans, checked before any work, and what a replan found as its response. Pure functions; any
// thread.
#pragma once

#include "absl/status/statusor.h"
#include "dongxi/v1/plan.pb.h"
#include "engine/plan/event.h"
#include "engine/plan/plan.h"
#include "engine/plan/replan.h"

namespace dongxi {

inline constexpr int kServedPartiesMax = 10'000;
inline constexpr int kServedPairsMax = 200'000;

// The event of a request. `warnings` (may be null) gets what looks odd. InvalidArgument (EVENT_INVALID,
// TOO_LARGE) names the first entry that cannot be used as `event.parties[3].max` and says how many more there
// are.
absl::StatusOr<plan::Event> DecodePlanEvent(
    const dongxi::v1::PlanEvent& event,
    google::protobuf::RepeatedPtrField<dongxi::v1::PlanWarning>* warnings);

// `earlier` is left empty: the plan has it. InvalidArgument names the field whose id the event does not have,
// or that ends an absence before its begin.
absl::StatusOr<plan::Incident> DecodeIncident(const dongxi::v1::ReplanRequest& request,
                                              const plan::Event& event);

// Everything but `plan`.
void EncodeReplanned(const plan::Replanned& now, dongxi::v1::ReplanResponse* out);

// The rules that a plan breaks, as an error of the server: its planner is wrong, nothing may be stored.
absl::Status CheckedPlan(const plan::Event& event, const plan::Plan& plan);

// FailedPrecondition (PLAN_STATE) unless it is one of those.
absl::Status CheckPlanState(const dongxi::v1::Plan& plan,
                            std::initializer_list<dongxi::v1::Plan::State> wanted, const char* what);

}  // namespace dongxi
