// What pairs went through, by either end: the index of the ledger that matching reads. Kept by the ledger of
// engagements (server/engagement_ledger.h) in the same write as the entry; like the ledger it only grows, so
// that it can be read as it was when any entry was the last one. Layout: docs/format/engagements.md. Any
// thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "dongxi/v1/engagement.pb.h"
#include "engine/engagement/pair_memory.h"
#include "engine/match/matcher.h"
#include "engine/record/record.h"
#include "server/known_loads.h"
#include "server/ledger_sight.h"
#include "server/table_overlay.h"
#include "store/catalogue.h"

namespace dongxi {

// The number of the last entry; 0 for an empty ledger.
absl::StatusOr<uint64_t> LastEngagement(const CatalogueReader& catalogue);

// What the pairs of `need_or_offer` went through, those without a past left out. A pair is a need and exactly
// the named offer: what an institution did says nothing of its experts and results.
absl::StatusOr<PairMemories> MemoriesOf(const CatalogueReader& catalogue, const RecordName& need_or_offer,
                                        const LedgerSight& sight);

// Pairs of experts that are under way. Remembers its answers, also between calls in `shared` unless that is
// null; not thread-safe. The catalogue and `shared` outlive it.
class LedgerLoads : public ExpertLoads {
 public:
  LedgerLoads(const CatalogueReader& catalogue, LedgerSight sight, KnownLoads* shared = nullptr)
      : catalogue_(catalogue), sight_(std::move(sight)), shared_(shared) {}
  absl::StatusOr<int> OpenMatches(const RecordName& expert) const override;
  absl::StatusOr<bool> IsOpen(const RecordName& expert, const RecordName& need) const override;

 private:
  absl::StatusOr<int> Count(const RecordName& expert) const;

  const CatalogueReader& catalogue_;
  const LedgerSight sight_;
  KnownLoads* const shared_;
  mutable OpenMatchesOf known_;
};

// True for entries that the index has: steps from interested on, and all that corrects, withdraws or clears.
// Of simulated entries only those that correct another, which ends that one.
bool IsInPairIndex(const dongxi::v1::Engagement& entry);
// Adds `entry`, whose id is `id`, under both of its ends; nothing if the index leaves it out.
void PutInPairIndex(const std::string& id, const dongxi::v1::Engagement& entry, TableOverlay* engagements);

// Indexes the entries that were written before there was an index, and takes simulated ones out of the index,
// of the refusals and of the numbers of what happened; once, then it does nothing. Before anything else
// writes. Errors: DataLoss names an entry that cannot be read.
absl::Status CompletePairIndex(Catalogue& catalogue, int64_t now_us);
// Whether that was done.
absl::StatusOr<bool> IsPairIndexComplete(const CatalogueReader& catalogue);

}  // namespace dongxi
