// How the ledger knows a repeat of a step without a request id: by match, pair, step, tenant, recorder and
// actor, whether it is simulated and, for steps that happen several times, by what tells one from another:
// registered by its number, signed and paid by time and amount, all others but a refusal by their time. A
// signature without an amount may be any of its time. Keys: docs/format/engagements.md. Used inside one
// write; not thread-safe.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dongxi/v1/engagement.pb.h"
#include "server/table_overlay.h"

namespace dongxi {

// The id of the entry that `entry` may be a repeat of. Without a time of its own (`time_given` is false) a
// step repeats the first of its kind; but meetings and payments do not.
absl::StatusOr<std::optional<std::string>> FindRepeated(const TableOverlay& table,
                                                        const dongxi::v1::Engagement& entry, bool time_given);

// From now on `entry`, of id `id`, is found; what another entry is found by stays. Of a correction: as if it
// had been recorded by whoever recorded the first entry.
absl::Status PutNaturalKeys(const std::string& id, const dongxi::v1::Engagement& entry, TableOverlay* table);

// `newest` and all that it corrects are not found any more.
absl::Status ForgetNaturalKeys(const dongxi::v1::Engagement& newest, TableOverlay* table);

}  // namespace dongxi
