#include "server/plan_jobs.h"

#include <utility>

#include "absl/time/clock.h"
#include "dongxi/storage/plan.pb.h"
#include "engine/base/status_macros.h"
#include "engine/plan/planner.h"
#include "engine/plan/replan.h"
#include "proto/convert/plan_message.h"
#include "server/convert.h"
#include "server/grpc_status.h"
#include "server/plan_convert.h"
#include "server/plan_store.h"
#include "server/request_memory.h"

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

// What a replan leaves of the old plan's message: name, times, etag, tenant.
void Replace(const plan::PlanFile& next, pb::Plan* plan) {
  plan->clear_warnings();
  EncodePlan(next, plan);
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
  const absl::StatusOr<pb::Plan> made = ReadPlan(*catalogue_, name, OwnerOf(job));
  if (made.ok()) return Packed(*made);
  if (!absl::IsNotFound(made.status())) return made.status();
  DX_ASSIGN_OR_RETURN(pb::Plan plan, Planned(job, context));
  const int64_t now_us = absl::ToUnixMicros(absl::Now());
  EncodeTime(absl::FromUnixMicros(now_us), plan.mutable_create_time());
  const auto written = catalogue_->Write(
      [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
        WriteBatch batch;
        PutPlan(now_us, &plan, &batch);
        return batch;
      },
      now_us);
  if (!written.ok()) return written.status();
  return Packed(plan);
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
  if (again) return response;
  DX_ASSIGN_OR_RETURN(pb::Plan plan, ReadPlan(*catalogue_, request.name(), caller));
  DX_RETURN_IF_ERROR(CheckPlanEtag(plan, request.etag()));
  DX_RETURN_IF_ERROR(CheckPlanState(plan, {pb::Plan::DRAFT, pb::Plan::PUBLISHED, pb::Plan::RUNNING}, "重排"));
  DX_ASSIGN_OR_RETURN(const plan::PlanFile old, PlanFileOf(plan));
  DX_ASSIGN_OR_RETURN(plan::Incident incident, DecodeIncident(request, old.event));
  incident.earlier = old.absences;
  if (const absl::Status late = CheckLateArrivals(old.event, incident); !late.ok())
    return WithField(late, "absences");
  absl::StatusOr<plan::Replanned> now = plan::Replan(old.event, old.plan, incident);
  if (absl::IsFailedPrecondition(now.status()))
    return WithReason(WithField(now.status(), "max_changes"), "TOO_FEW_CHANGES");
  if (!now.ok()) return now.status();
  DX_RETURN_IF_ERROR(CheckedPlan(now->event, now->plan));
  EncodeReplanned(*now, &response);
  Replace(NextRevision(old, *now), &plan);
  if (request.validate_only()) {
    *response.mutable_plan() = WithoutParts(plan);
    return response;
  }
  const std::string planned_from = plan.etag();
  const auto written = catalogue_->Write(
      [&](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
        // A repeat that came while this one was planned.
        DX_ASSIGN_OR_RETURN(const bool meanwhile, AnswerAgain(newest, key, now_us, &response));
        if (meanwhile) return WriteBatch();
        DX_ASSIGN_OR_RETURN(const pb::Plan current, ReadPlan(newest, request.name(), caller));
        DX_RETURN_IF_ERROR(CheckPlanEtag(current, planned_from));
        WriteBatch batch;
        PutPlan(now_us, &plan, &batch);
        *response.mutable_plan() = WithoutParts(plan);
        DX_RETURN_IF_ERROR(RememberAnswer(newest, key, response.SerializeAsString(), now_us, &batch.puts));
        return batch;
      },
      now_us);
  if (!written.ok()) return written.status();
  return response;
}

}  // namespace dongxi
