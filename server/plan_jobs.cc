#include "server/plan_jobs.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "dongxi/storage/plan.pb.h"
#include "engine/base/status_macros.h"
#include "engine/plan/planner.h"
#include "engine/plan/replan.h"
#include "proto/convert/plan_message.h"
#include "server/convert.h"
#include "server/grpc_status.h"
#include "server/ledger_disclosure.h"
#include "server/plan_convert.h"

namespace dongxi {
namespace {

using google::protobuf::Any;

// Of the whole, until the checker begins.
constexpr double kPlannedShare = 0.97;

Any Packed(const pb::Plan& plan) {
  Any any;
  any.PackFrom(WithoutParts(plan));
  return any;
}

Caller OwnerOf(const storage::PlanJob& job) {
  Caller caller;
  caller.viewer.tenant = job.tenant();
  caller.viewer.all_tenants = false;
  return caller;
}

absl::StatusOr<pb::Plan> Planned(const storage::PlanJob& job, OperationContext& context) {
  pb::Plan plan;
  plan::PlanFile file;
  DX_ASSIGN_OR_RETURN(file.event, DecodePlanEvent(job.request().event(), plan.mutable_warnings()));
  plan::PlanOptions options;
  options.step = [&context](double share, std::string_view stage) {
    context.Progress(share * kPlannedShare, std::string(stage));
    return !context.Cancelled();
  };
  DX_ASSIGN_OR_RETURN(file.plan, plan::MakePlan(file.event, options));
  context.Progress(kPlannedShare, "check");
  DX_RETURN_IF_ERROR(CheckedPlan(file.event, file.plan));
  EncodePlan(file, &plan);
  plan.set_name(PlanNameOfOperation(context.name));
  plan.set_tenant(job.tenant());
  return plan;
}

// What happened, with what the plan knows of before.
absl::StatusOr<plan::Incident> IncidentOf(const pb::ReplanRequest& request, const plan::PlanFile& old) {
  DX_ASSIGN_OR_RETURN(plan::Incident incident, DecodeIncident(request, old.event));
  incident.earlier = old.absences;
  if (const absl::Status unsaid = NowUnsaid(old).status(); request.now().empty() && !unsaid.ok())
    return WithField(unsaid, "now");
  if (const absl::Status late = CheckLateArrivals(old.event, incident); !late.ok())
    return WithField(late, "absences");
  if (const absl::Status cancelled = CheckCancellations(old.event, old.plan, incident); !cancelled.ok())
    return WithField(cancelled, "cancelled");
  return incident;
}

// What a replan leaves of the old plan's message: name, times, etag, tenant.
void Replace(const plan::PlanFile& next, pb::Plan* plan) {
  plan->clear_warnings();
  EncodePlan(next, plan);
}

// The records of the parties that the answer speaks of: whoever is in a change is to be told.
std::vector<std::string> RecordsOfTold(const pb::PlanEvent& event, const pb::ReplanResponse& response) {
  const std::set<std::string> told(response.tell().begin(), response.tell().end());
  std::vector<std::string> records;
  for (const pb::PlanParty& party : event.parties()) {
    if (told.contains(party.id())) records.push_back(party.record());
  }
  return records;
}

}  // namespace

void PlanJobs::RegisterWith(OperationRunner* runner) {
  runner->Register(
      kPlanKind, [this](const Any& request, OperationContext& context) { return Make(request, context); },
      OperationAudience::kTenant, OperationLane::kPlans);
}

absl::StatusOr<Any> PlanJobs::Make(const Any& any, OperationContext& context) {
  storage::PlanJob job;
  if (!any.UnpackTo(&job))
    return absl::InternalError("the stored request is of another type: " + any.type_url());
  const std::string name = PlanNameOfOperation(context.name);
  const absl::StatusOr<KeptPlan> made = ReadPlan(*catalogue_, name, OwnerOf(job));
  if (made.ok()) return Packed(made->plan);
  if (!absl::IsNotFound(made.status())) return made.status();
  // Here and not where it is asked for: a repeat of the last request that found room gets its operation.
  DX_RETURN_IF_ERROR(CheckRoomForPlan(*catalogue_, job.tenant()));
  KeptPlan kept;
  DX_ASSIGN_OR_RETURN(kept.plan, Planned(job, context));
  if (job.has_scope()) *kept.pin.mutable_scope() = job.scope();
  const int64_t now_us = absl::ToUnixMicros(absl::Now());
  EncodeTime(absl::FromUnixMicros(now_us), kept.plan.mutable_create_time());
  const auto written = catalogue_->Write(
      [&](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
        WriteBatch batch;
        DX_RETURN_IF_ERROR(AddPlan(newest, now_us, &kept, &batch));
        return batch;
      },
      now_us);
  if (!written.ok()) return written.status();
  return Packed(kept.plan);
}

absl::StatusOr<pb::ReplanResponse> PlanJobs::Replan(const pb::ReplanRequest& request, const Caller& caller,
                                                    int64_t now_us) {
  pb::ReplanRequest content = request;
  content.clear_request_id();
  DX_ASSIGN_OR_RETURN(const RequestKey key,
                      MakeRequestKey(caller.tenant(), request.request_id(), "PlanService.Replan",
                                     content.SerializeAsString()));
  pb::ReplanResponse response;
  DX_ASSIGN_OR_RETURN(const bool again, AnswerAgain(*catalogue_, key, now_us, &response));
  // Of a repeat, too: it may come by another token of the tenant, which sees less. Of a plan that is gone
  // nobody can tell whom its changes are for.
  DX_ASSIGN_OR_RETURN(KeptPlan kept, OpenPlan(*catalogue_, request.name(), caller));
  if (!again) DX_RETURN_IF_ERROR(ReplanAnew(request, caller, key, now_us, &kept, &response));
  DX_RETURN_IF_ERROR(TellRecords(*catalogue_, caller, RecordsOfTold(kept.plan.event(), response)));
  return response;
}

absl::Status PlanJobs::ReplanAnew(const pb::ReplanRequest& request, const Caller& caller,
                                  const RequestKey& key, int64_t now_us, KeptPlan* kept,
                                  pb::ReplanResponse* response) {
  pb::Plan& plan = kept->plan;
  DX_RETURN_IF_ERROR(CheckPlanEtag(plan, request.etag()));
  DX_RETURN_IF_ERROR(CheckPlanState(plan, {pb::Plan::DRAFT, pb::Plan::PUBLISHED, pb::Plan::RUNNING}, "重排"));
  DX_ASSIGN_OR_RETURN(const plan::PlanFile old, PlanFileOf(plan));
  DX_ASSIGN_OR_RETURN(const plan::Incident incident, IncidentOf(request, old));
  absl::StatusOr<plan::Replanned> now = plan::Replan(old.event, old.plan, incident);
  if (absl::IsFailedPrecondition(now.status()))
    return WithReason(WithField(now.status(), "max_changes"), "TOO_FEW_CHANGES");
  if (!now.ok()) return now.status();
  DX_RETURN_IF_ERROR(CheckedPlan(now->event, now->plan));
  EncodeReplanned(*now, response);
  Replace(NextRevision(old, *now), &plan);
  if (request.validate_only()) {
    *response->mutable_plan() = WithoutParts(plan);
    return absl::OkStatus();
  }
  const std::string planned_from = plan.etag();
  const auto replace = [&](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
    // A repeat that came while this one was planned.
    DX_ASSIGN_OR_RETURN(const bool meanwhile, AnswerAgain(newest, key, now_us, response));
    if (meanwhile) return WriteBatch();
    DX_ASSIGN_OR_RETURN(const KeptPlan current, OpenPlan(newest, request.name(), caller));
    DX_RETURN_IF_ERROR(CheckPlanEtag(current.plan, planned_from));
    WriteBatch batch;
    PutPlan(now_us, kept, &batch);
    *response->mutable_plan() = WithoutParts(plan);
    DX_RETURN_IF_ERROR(RememberAnswer(newest, key, response->SerializeAsString(), now_us, &batch.puts));
    return batch;
  };
  return catalogue_->Write(replace, now_us).status();
}

}  // namespace dongxi
