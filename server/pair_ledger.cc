#include "server/pair_ledger.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "server/engagement_convert.h"
#include "server/grpc_status.h"
#include "server/refusals.h"

namespace dongxi {
namespace {

namespace pb = dongxi::v1;

// What a simulated entry is among the others: nothing, or the end of the one that it corrects.
std::optional<LedgerEntry> AmongReal(const pb::Engagement& simulated) {
  if (simulated.corrects().empty()) return std::nullopt;
  LedgerEntry entry = ToLedgerEntry(simulated);
  entry.kind = LedgerKind::kWithdrawal;
  return entry;
}

}  // namespace

std::vector<LedgerEntry> LedgerOf(std::span<const pb::Engagement> pair, bool simulated) {
  std::vector<LedgerEntry> ledger;
  for (const pb::Engagement& entry : pair) {
    if (entry.simulated() == simulated) {
      ledger.push_back(ToLedgerEntry(entry));
    } else if (!simulated) {
      if (std::optional<LedgerEntry> taken = AmongReal(entry)) ledger.push_back(*std::move(taken));
    }
  }
  return ledger;
}

absl::Status CheckRoom(std::span<const pb::Engagement> pair, const pb::Engagement& entry) {
  const bool is_step = entry.kind() == pb::Engagement::KIND_RECORD;
  const size_t max = is_step ? kPairEntriesMax - kPairCorrectionsKept : kPairEntriesMax;
  if (pair.size() < max) return absl::OkStatus();
  return WithReason(absl::ResourceExhaustedError(
                        entry.need() + " and " + entry.offer() + ": the ledger has " +
                        std::to_string(pair.size()) + " entries of the pair, at most " + std::to_string(max) +
                        (is_step ? " before another step" : " before another correction") +
                        "; find what records them again and again, or record under a need of its own"),
                    "PAIR_TOO_LONG");
}

std::vector<Finding> CheckInPair(std::span<const pb::Engagement> pair, const pb::Engagement& entry,
                                 int64_t now_us) {
  std::vector<Finding> findings =
      CheckAppend(LedgerOf(pair, entry.simulated()), ToLedgerEntry(entry), now_us);
  if (!entry.simulated()) return findings;
  if (const std::optional<LedgerEntry> taken = AmongReal(entry)) {
    // Others may need what it takes out: a payment its signature.
    std::vector<Finding> more = CheckAppend(LedgerOf(pair, false), *taken, now_us);
    std::move(more.begin(), more.end(), std::back_inserter(findings));
  }
  return findings;
}

const pb::Engagement* RefusalIn(std::span<const pb::Engagement> pair, bool simulated) {
  const std::optional<LedgerEntry> refusal = StateOf(LedgerOf(pair, simulated)).refusal;
  const auto holds = std::find_if(pair.begin(), pair.end(), [&](const pb::Engagement& entry) {
    return refusal && entry.name() == refusal->id;
  });
  return holds == pair.end() ? nullptr : &*holds;
}

void UpdateRefusal(std::span<const pb::Engagement> pair, TableOverlay* refusals) {
  const bool any = std::any_of(pair.begin(), pair.end(), [](const pb::Engagement& entry) {
    return entry.step() == pb::ENGAGEMENT_STEP_REFUSED;
  });
  if (!any) return;
  if (const pb::Engagement* const holds = RefusalIn(pair, /*simulated=*/false)) {
    PutRefusal(*holds, refusals);
  } else {
    RemoveRefusal(pair.back().need(), pair.back().offer(), pair.back().tenant(), refusals);
  }
}

}  // namespace dongxi
