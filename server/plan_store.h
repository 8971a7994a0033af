// Plans in Table::kPlans (docs/format/plan.md): a summary and the whole of each. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dongxi/v1/plan.pb.h"
#include "server/caller.h"
#include "store/catalogue.h"

namespace dongxi {

// The plan that the operation "operations/{id}" makes: "plans/p-{id}".
std::string PlanNameOfOperation(const std::string& operation);

// The whole plan. Errors: InvalidArgument about `name` if it is no plan's name; NotFound (PLAN_NOT_FOUND) if
// there is none that the caller may see.
absl::StatusOr<dongxi::v1::Plan> ReadPlan(const CatalogueReader& reader, const std::string& name,
                                          const Caller& caller);

// Summaries of the plans that the caller may see, newest first, of those older than the one named `after`
// (empty: from the newest), at most `limit`.
absl::StatusOr<std::vector<dongxi::v1::Plan>> ListPlans(const CatalogueReader& reader,
                                                        const std::string& after, int limit,
                                                        const Caller& caller);

// Aborted (PLAN_CHANGED) unless `etag` is empty or the plan's.
absl::Status CheckPlanEtag(const dongxi::v1::Plan& plan, const std::string& etag);

// Adds the plan to a write, with a new update_time and etag.
void PutPlan(int64_t now_us, dongxi::v1::Plan* plan, WriteBatch* batch);
void RemovePlan(const std::string& name, WriteBatch* batch);

}  // namespace dongxi
