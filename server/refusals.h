// Pairs that were refused and are not shown again until cleared: the index that matching reads. Kept by the
// ledger of engagements (server/engagement_ledger.h) in the same write as the entry that refuses or clears.
// Layout: docs/format/engagements.md. Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dongxi/v1/engagement.pb.h"
#include "engine/record/record.h"
#include "engine/record/viewer.h"
#include "server/table_overlay.h"
#include "store/catalogue.h"

namespace dongxi {

// For whom a refusal holds. One by the operator or by a token without a tenant: for everybody. One by a
// tenant: for everybody if the need or the offer is the tenant's own, otherwise (both are common, or
// another's) for this tenant alone, so that nobody can hide common records from others. Whose a record is, is
// asked when the refusal is read; of one that is gone it is not known, and the refusal holds for everybody.

// The offers that are refused for a need, or the needs that are refused for an offer, as far as it holds for
// the viewer; ascending, each once.
absl::StatusOr<std::vector<RecordName>> RefusedFor(const CatalogueReader& catalogue,
                                                   const RecordName& need_or_offer, const Viewer& viewer);

// The same for a resource name as a request has it; none for an empty or wrong one.
absl::StatusOr<std::vector<RecordName>> RefusedForName(const CatalogueReader& catalogue,
                                                       const std::string& need_or_offer,
                                                       const Viewer& viewer);

// Of the refusals of one pair those that hold for the viewer.
absl::StatusOr<std::vector<dongxi::v1::Engagement>> HoldingFor(const Viewer& viewer,
                                                               const CatalogueReader& catalogue,
                                                               const RecordName& need,
                                                               const RecordName& offer,
                                                               std::vector<dongxi::v1::Engagement> refusals);

// The refusals of one pair that are not cleared, whoever they hold for, at most one of each tenant: name,
// tenant, refusal_reason and event_time of the entry. In order of tenant.
absl::StatusOr<std::vector<dongxi::v1::Engagement>> RefusalsOf(const TableOverlay& refusals,
                                                               const RecordName& need,
                                                               const RecordName& offer);
absl::StatusOr<std::vector<dongxi::v1::Engagement>> RefusalsOf(const CatalogueReader& catalogue,
                                                               const RecordName& need,
                                                               const RecordName& offer);

// From now on `entry`, which refuses, holds for its tenant.
void PutRefusal(const dongxi::v1::Engagement& entry, TableOverlay* refusals);
// No refusal of `tenant` holds any more for the pair.
void RemoveRefusal(const std::string& need, const std::string& offer, const std::string& tenant,
                   TableOverlay* refusals);

}  // namespace dongxi
