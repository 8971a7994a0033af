// The entries of one pair as the rules of engine/engagement read them. What happened and what a simulation
// made up are two ledgers of the pair: neither acts on the other. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "dongxi/v1/engagement.pb.h"
#include "engine/engagement/engagement.h"
#include "engine/engagement/rules.h"
#include "server/table_overlay.h"

namespace dongxi {

// Of the entries of one pair, in order of recording, the simulated ones or the others. A correction that says
// that an entry was simulated takes it out of what happened: there it stands as a withdrawal.
std::vector<LedgerEntry> LedgerOf(std::span<const dongxi::v1::Engagement> pair, bool simulated);

// Every write of a pair reads all its entries under the writer's lock: so many a tenant has of one pair at
// most, the last of them for corrections, withdrawals and clearances alone.
inline constexpr size_t kPairEntriesMax = 2'000;
inline constexpr size_t kPairCorrectionsKept = 100;
// ResourceExhausted (PAIR_TOO_LONG) if `entry` would be one too many behind those of its tenant.
absl::Status CheckRoom(std::span<const dongxi::v1::Engagement> pair, const dongxi::v1::Engagement& entry);

// What recording `entry` would bring; `pair` holds what its tenant recorded of the pair before.
std::vector<Finding> CheckInPair(std::span<const dongxi::v1::Engagement> pair,
                                 const dongxi::v1::Engagement& entry, int64_t now_us);

// The refusal that is not cleared or withdrawn, among the simulated entries or the others; null without one.
const dongxi::v1::Engagement* RefusalIn(std::span<const dongxi::v1::Engagement> pair, bool simulated);

// Makes the table of refusals say of one tenant's entries of a pair what they say now: simulated refusals
// hold for nobody.
void UpdateRefusal(std::span<const dongxi::v1::Engagement> pair, TableOverlay* refusals);

}  // namespace dongxi
