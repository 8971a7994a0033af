// The RPCs of proto/dongxi/v1/plan.proto: decode, one call, encode. Any thread.
#pragma once

#include <string>

#include "dongxi/v1/plan.grpc.pb.h"
#include "server/call_gate.h"
#include "server/plan_jobs.h"
#include "server/serving_state.h"
#include "store/catalogue.h"

namespace dongxi {

class PlanService final : public dongxi::v1::PlanService::Service {
 public:
  // All outlive the service; `jobs` is registered with the runner.
  PlanService(const ServingState* state, Catalogue* catalogue, PlanJobs* jobs, OperationRunner* runner,
              const CallGate* gate)
      : state_(state), catalogue_(catalogue), jobs_(jobs), runner_(runner), gate_(gate) {}

  grpc::Status MakePlan(grpc::ServerContext* context, const dongxi::v1::MakePlanRequest* request,
                        google::longrunning::Operation* response) override;
  grpc::Status GetPlan(grpc::ServerContext* context, const dongxi::v1::GetPlanRequest* request,
                       dongxi::v1::Plan* response) override;
  grpc::Status ListPlans(grpc::ServerContext* context, const dongxi::v1::ListPlansRequest* request,
                         dongxi::v1::ListPlansResponse* response) override;
  grpc::Status DeletePlan(grpc::ServerContext* context, const dongxi::v1::DeletePlanRequest* request,
                          google::protobuf::Empty* response) override;
  grpc::Status Replan(grpc::ServerContext* context, const dongxi::v1::ReplanRequest* request,
                      dongxi::v1::ReplanResponse* response) override;
  grpc::Status PublishPlan(grpc::ServerContext* context, const dongxi::v1::PublishPlanRequest* request,
                           dongxi::v1::Plan* response) override;
  grpc::Status UnpublishPlan(grpc::ServerContext* context, const dongxi::v1::UnpublishPlanRequest* request,
                             dongxi::v1::Plan* response) override;
  grpc::Status StartPlan(grpc::ServerContext* context, const dongxi::v1::StartPlanRequest* request,
                         dongxi::v1::Plan* response) override;
  grpc::Status ClosePlan(grpc::ServerContext* context, const dongxi::v1::ClosePlanRequest* request,
                         dongxi::v1::Plan* response) override;
  grpc::Status RecordOutcome(grpc::ServerContext* context, const dongxi::v1::RecordOutcomeRequest* request,
                             dongxi::v1::RecordOutcomeResponse* response) override;

 private:
  absl::Status MoveTo(dongxi::v1::Plan::State to, const std::string& name, const std::string& etag,
                      const Caller& caller, dongxi::v1::Plan* response);

  const ServingState* const state_;
  Catalogue* const catalogue_;
  PlanJobs* const jobs_;
  OperationRunner* const runner_;
  const CallGate* const gate_;
};

}  // namespace dongxi
