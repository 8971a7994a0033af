// Planning for the PlanService: the operation that makes a plan, and replans. Thread-safe.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "dongxi/v1/plan.pb.h"
#include "server/caller.h"
#include "server/operations.h"
#include "server/plan_store.h"
#include "server/request_memory.h"
#include "store/catalogue.h"

namespace dongxi {

inline constexpr char kPlanKind[] = "plan";

class PlanJobs {
 public:
  // `catalogue` outlives it.
  explicit PlanJobs(Catalogue* catalogue) : catalogue_(catalogue) {}

  // Makes the kind "plan" known to the runner. The job may run again after a crash: the plan's name is that
  // of the operation, and one that is stored already is the answer.
  void RegisterWith(OperationRunner* runner);

  // As PlanService.Replan says.
  absl::StatusOr<dongxi::v1::ReplanResponse> Replan(const dongxi::v1::ReplanRequest& request,
                                                    const Caller& caller, int64_t now_us);

 private:
  absl::StatusOr<google::protobuf::Any> Make(const google::protobuf::Any& request, OperationContext& context);
  // One that was not answered yet, of `kept`, which is the new plan then.
  absl::Status ReplanAnew(const dongxi::v1::ReplanRequest& request, const Caller& caller,
                          const RequestKey& key, int64_t now_us, KeptPlan* kept,
                          dongxi::v1::ReplanResponse* response);

  Catalogue* const catalogue_;
};

}  // namespace dongxi
