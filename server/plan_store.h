// Plans in Table::kPlans (docs/format/plan.md): a summary and the whole of each. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dongxi/storage/plan.pb.h"
#include "dongxi/v1/plan.pb.h"
#include "server/caller.h"
#include "store/catalogue.h"

namespace dongxi {

// A tenant's plans, each of at most 8 MiB and kept until it is deleted.
inline constexpr int kPlansMax = 1'000;

// A plan as the table keeps it.
struct KeptPlan {
  dongxi::v1::Plan plan;
  storage::PlanPin pin;  // whom it may be shown to
};

// The plan that the operation "operations/{id}" makes: "plans/p-{id}".
std::string PlanNameOfOperation(const std::string& operation);

// The whole plan, of which the caller may know that it is there and no more. Errors: InvalidArgument about
// `name` if it is no plan's name; NotFound (PLAN_NOT_FOUND) if there is none of his tenant.
absl::StatusOr<KeptPlan> ReadPlan(const CatalogueReader& reader, const std::string& name,
                                  const Caller& caller);
// The same, for who shows it or changes it. PermissionDenied (PLAN_DISCLOSURE) unless the caller's token sees
// at least what the maker's saw; of a plan whose maker's level is not known, unless it sees every level. What
// the plan tells of records is for him then.
absl::StatusOr<KeptPlan> OpenPlan(const CatalogueReader& reader, const std::string& name,
                                  const Caller& caller);

// Summaries of the plans of the caller's tenant, which tell of no record, newest first, of those older than
// the one named `after` (empty: from the newest), at most `limit`.
absl::StatusOr<std::vector<dongxi::v1::Plan>> ListPlans(const CatalogueReader& reader,
                                                        const std::string& after, int limit,
                                                        const Caller& caller);

// Aborted (PLAN_CHANGED) unless `etag` is empty or the plan's.
absl::Status CheckPlanEtag(const dongxi::v1::Plan& plan, const std::string& etag);

// ResourceExhausted (TOO_MANY_PLANS) if the tenant has kPlansMax already.
absl::Status CheckRoomForPlan(const CatalogueReader& reader, const std::string& tenant);

// Adds to a write: a plan that is there, changed, with a new update_time and etag; one that is new, if there
// is room for it; the removal of one. `reader`: the newest state, as the write has it.
void PutPlan(int64_t now_us, KeptPlan* kept, WriteBatch* batch);
absl::Status AddPlan(const CatalogueReader& reader, int64_t now_us, KeptPlan* kept, WriteBatch* batch);
absl::Status RemovePlan(const CatalogueReader& reader, const dongxi::v1::Plan& plan, WriteBatch* batch);

}  // namespace dongxi
