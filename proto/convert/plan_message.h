// Plans and their events as messages (dongxi/v1/plan.proto) and as the planner's values. Server and command
// line share it, so that both speak of the same plan. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "dongxi/v1/plan.pb.h"
#include "engine/plan/event_tables.h"
#include "engine/plan/plan_file.h"

namespace dongxi {

// The event as the tables that plan::DecodeEvent reads. The place of a row is the sheet's Chinese name and
// its index in the message plus 1.
plan::EventTables TablesOf(const v1::PlanEvent& event);
// The same event; `event` is one that Validate has no fatal problem with.
v1::PlanEvent EventMessageOf(const plan::Event& event);
// Where a problem of an event of TablesOf stands in the message: "parties[3].max", "settings"; never empty.
std::string FieldOfProblem(const plan::Problem& problem);

// Fills state, revision, title, counts, figures and all parts; name, times, etag, tenant and warnings are
// left alone.
void EncodePlan(const plan::PlanFile& file, v1::Plan* out);
// The plan with its parts. Errors: InvalidArgument for a message without them, or whose parts do not fit
// together.
absl::StatusOr<plan::PlanFile> PlanFileOf(const v1::Plan& message);
// Without its parts, as lists have it.
v1::Plan WithoutParts(const v1::Plan& plan);

// "已会谈" and the other words of MeetingOutcome. Unspecified: "" and back; other words are UNSPECIFIED too.
std::string_view WordOf(v1::MeetingOutcome outcome);
v1::MeetingOutcome OutcomeOf(std::string_view word);
// What the ledger of engagements says of it, in order.
std::vector<v1::EngagementStep> StepsOf(v1::MeetingOutcome outcome);
// A code or Chinese name of a reason of refusal; unspecified for anything else.
v1::RefusalReason ReasonOfWord(std::string_view word);

}  // namespace dongxi
