// Which registration numbers are taken: one contract is registered once, as far as a tenant sees. Another
// tenant's numbers are neither in the way nor told of; nor are simulated ones in the way of others. Keys:
// docs/format/engagements.md. Used inside one write; not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dongxi/v1/engagement.pb.h"
#include "server/table_overlay.h"
#include "store/catalogue.h"

namespace dongxi {

// The id of the entry of the same tenant, simulated like `entry` or not, that holds its number, however it is
// written there.
absl::StatusOr<std::optional<std::string>> FindNumber(const TableOverlay& table,
                                                      const dongxi::v1::Engagement& entry);
// `entry`, of id `id`, holds its number from now on; nothing if it has none.
void PutNumber(const std::string& id, const dongxi::v1::Engagement& entry, TableOverlay* table);
// `entry` does not hold its number any more; what another entry holds stays.
absl::Status ForgetNumber(const dongxi::v1::Engagement& entry, TableOverlay* table);

// A simulated entry of before holds its number no more against what happened, but among its like.
absl::Status SetNumberApart(const std::string& id, const dongxi::v1::Engagement& simulated,
                            TableOverlay* table);

// Ledgers of before kept numbers as they were written, for all tenants together: moves them. Where two of a
// tenant are the same number now, the first recorded holds it; both entries stay as they are.
absl::Status MoveRegistrationNumbers(Catalogue& catalogue, int64_t now_us);

}  // namespace dongxi
