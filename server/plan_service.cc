#include "server/plan_service.h"

#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "dongxi/storage/plan.pb.h"
#include "engine/base/status_macros.h"
#include "engine/plan/plan_file.h"
#include "proto/convert/plan_message.h"
#include "server/convert.h"
#include "server/grpc_status.h"
#include "server/ledger_disclosure.h"
#include "server/page_token.h"
#include "server/plan_convert.h"
#include "server/plan_outcome.h"
#include "server/plan_store.h"
#include "server/request_memory.h"

namespace dongxi {
namespace {

int64_t NowUs() { return absl::ToUnixMicros(absl::Now()); }

plan::State StateOf(pb::Plan::State state) { return static_cast<plan::State>(state - 1); }

absl::Status Advance(pb::Plan::State to, pb::Plan* plan) {
  plan::PlanFile file{.state = StateOf(plan->state())};
  const absl::Status status = plan::Advance(StateOf(to), file);
  if (!status.ok()) return WithReason(status, "PLAN_STATE");
  plan->set_state(to);
  return absl::OkStatus();
}

}  // namespace

grpc::Status PlanService::MakePlan(grpc::ServerContext* context, const pb::MakePlanRequest* request,
                                   google::longrunning::Operation* response) {
  return gate_->Run(*context, "PlanService.MakePlan", [&](const Caller& caller) -> absl::Status {
    // The form of the id alone: the runner keeps the ids of operations.
    DX_RETURN_IF_ERROR(MakeRequestKey(caller.tenant(), request->request_id(), "", "").status());
    DX_RETURN_IF_ERROR(DecodePlanEvent(request->event(), nullptr).status());
    storage::PlanJob job;
    job.set_tenant(caller.tenant());
    job.mutable_scope()->set_disclosure(static_cast<int32_t>(caller.viewer.disclosure_max));
    job.mutable_scope()->set_all_tenants(caller.viewer.all_tenants);
    *job.mutable_request() = *request;
    job.mutable_request()->clear_request_id();
    google::protobuf::Any any;
    any.PackFrom(job);
    DX_ASSIGN_OR_RETURN(*response, runner_->Start(kPlanKind, std::move(any), caller, request->request_id()));
    caller.Touched(response->name());
    caller.Touched(PlanNameOfOperation(response->name()));
    return absl::OkStatus();
  });
}

grpc::Status PlanService::GetPlan(grpc::ServerContext* context, const pb::GetPlanRequest* request,
                                  pb::Plan* response) {
  return gate_->Run(*context, "PlanService.GetPlan", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(KeptPlan kept, OpenPlan(*catalogue_, request->name(), caller));
    *response = std::move(kept.plan);
    DX_RETURN_IF_ERROR(TellRecords(*catalogue_, caller, RecordsIn(response->event())));
    const std::vector<pb::PlanMeeting*> meetings(response->mutable_meetings()->pointer_begin(),
                                                 response->mutable_meetings()->pointer_end());
    // Without the note: every record of the event is told of already.
    return HideNotesThatAreNotDisclosed(*catalogue_, Caller{.viewer = caller.viewer}, response->event(),
                                        meetings);
  });
}

grpc::Status PlanService::ListPlans(grpc::ServerContext* context, const pb::ListPlansRequest* request,
                                    pb::ListPlansResponse* response) {
  return gate_->Run(*context, "PlanService.ListPlans", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const int limit, DecodePageSize(request->page_size(), kListPageSize));
    PageToken token;
    const uint64_t hash = HashBytes("ListPlans");
    if (!request->page_token().empty()) {
      DX_ASSIGN_OR_RETURN(token, DecodePageToken(request->page_token(), hash));
    }
    DX_ASSIGN_OR_RETURN(std::vector<pb::Plan> plans,
                        dongxi::ListPlans(*catalogue_, token.after, limit + 1, caller));
    const bool more = static_cast<int>(plans.size()) > limit;
    if (more) {
      plans.pop_back();
      response->set_next_page_token(EncodePageToken({.request_hash = hash, .after = plans.back().name()}));
    }
    for (pb::Plan& plan : plans) *response->add_plans() = std::move(plan);
    return absl::OkStatus();
  });
}

grpc::Status PlanService::DeletePlan(grpc::ServerContext* context, const pb::DeletePlanRequest* request,
                                     google::protobuf::Empty*) {
  return gate_->Run(*context, "PlanService.DeletePlan", [&](const Caller& caller) -> absl::Status {
    const auto plan = [&](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
      // It may be deleted, as a report may, by who may not read it.
      DX_ASSIGN_OR_RETURN(const KeptPlan kept, ReadPlan(newest, request->name(), caller));
      const pb::Plan& current = kept.plan;
      DX_RETURN_IF_ERROR(CheckPlanEtag(current, request->etag()));
      DX_RETURN_IF_ERROR(CheckPlanState(current, {pb::Plan::DRAFT, pb::Plan::CLOSED}, "删除"));
      WriteBatch batch;
      DX_RETURN_IF_ERROR(RemovePlan(newest, current, &batch));
      return batch;
    };
    DX_RETURN_IF_ERROR(catalogue_->Write(plan, NowUs()).status());
    caller.Touched(request->name());
    return absl::OkStatus();
  });
}

grpc::Status PlanService::Replan(grpc::ServerContext* context, const pb::ReplanRequest* request,
                                 pb::ReplanResponse* response) {
  return gate_->Run(*context, "PlanService.Replan", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(*response, jobs_->Replan(*request, caller, NowUs()));
    if (!request->validate_only()) caller.Touched(request->name());
    return absl::OkStatus();
  });
}

absl::Status PlanService::MoveTo(pb::Plan::State to, const std::string& name, const std::string& etag,
                                 const Caller& caller, pb::Plan* response) {
  const int64_t now_us = NowUs();
  const auto plan = [&](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
    DX_ASSIGN_OR_RETURN(KeptPlan kept, OpenPlan(newest, name, caller));
    DX_RETURN_IF_ERROR(CheckPlanEtag(kept.plan, etag));
    DX_RETURN_IF_ERROR(Advance(to, &kept.plan));
    WriteBatch batch;
    PutPlan(now_us, &kept, &batch);
    *response = WithoutParts(kept.plan);
    return batch;
  };
  DX_RETURN_IF_ERROR(catalogue_->Write(plan, now_us).status());
  caller.Touched(name);
  return absl::OkStatus();
}

grpc::Status PlanService::PublishPlan(grpc::ServerContext* context, const pb::PublishPlanRequest* request,
                                      pb::Plan* response) {
  return gate_->Run(*context, "PlanService.PublishPlan", [&](const Caller& caller) {
    return MoveTo(pb::Plan::PUBLISHED, request->name(), request->etag(), caller, response);
  });
}

grpc::Status PlanService::UnpublishPlan(grpc::ServerContext* context, const pb::UnpublishPlanRequest* request,
                                        pb::Plan* response) {
  return gate_->Run(*context, "PlanService.UnpublishPlan", [&](const Caller& caller) {
    return MoveTo(pb::Plan::DRAFT, request->name(), request->etag(), caller, response);
  });
}

grpc::Status PlanService::StartPlan(grpc::ServerContext* context, const pb::StartPlanRequest* request,
                                    pb::Plan* response) {
  return gate_->Run(*context, "PlanService.StartPlan", [&](const Caller& caller) {
    return MoveTo(pb::Plan::RUNNING, request->name(), request->etag(), caller, response);
  });
}

grpc::Status PlanService::ClosePlan(grpc::ServerContext* context, const pb::ClosePlanRequest* request,
                                    pb::Plan* response) {
  return gate_->Run(*context, "PlanService.ClosePlan", [&](const Caller& caller) {
    return MoveTo(pb::Plan::CLOSED, request->name(), request->etag(), caller, response);
  });
}

grpc::Status PlanService::RecordOutcome(grpc::ServerContext* context, const pb::RecordOutcomeRequest* request,
                                        pb::RecordOutcomeResponse* response) {
  return gate_->Run(*context, "PlanService.RecordOutcome", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(*response,
                        RecordPlanOutcome(*request, caller, *state_->policy(), NowUs(), catalogue_));
    caller.Touched(request->name());
    return absl::OkStatus();
  });
}

}  // namespace dongxi
