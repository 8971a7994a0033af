// Reading the ledger of engagements: lists in order of event time, pairs. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dongxi/v1/engagement.pb.h"
#include "engine/policy/policy.h"
#include "server/caller.h"
#include "store/catalogue.h"

namespace dongxi {

// Entries that one page reads; further only while there is none of the caller's tenant.
inline constexpr int kEngagementsScannedMax = 20'000;

// Errors name the field as `filter.<field>`. Channel and task are codes of the tables, or "none".
absl::Status CheckEngagementFilter(const dongxi::v1::EngagementFilter& filter, const Policy& policy);

// Where a page begins: behind this place in the order of (event time, id). Opaque; empty: at the first.
struct EngagementPage {
  std::vector<dongxi::v1::Engagement> entries;
  std::string last;   // place of the last entry read of the caller's tenant, shown or not; none: empty
  bool more = false;  // entries may follow; false if `last` is empty
};

// Up to `limit` entries of the caller's tenant behind `after`, as far as he may see their records
// (ledger_disclosure.h). A period with few of the wanted entries can
// make a page short before the last one, and so can long entries (kPageBytesMax). Cancelled if `cancelled`
// says so. REQUIRES: a checked filter.
absl::StatusOr<EngagementPage> ReadEngagements(const CatalogueReader& catalogue,
                                               const dongxi::v1::EngagementFilter& filter,
                                               const std::string& after, int limit, const Caller& caller,
                                               const std::function<bool()>& cancelled);

inline constexpr int kPairWarningsMax = 1'000;

struct PairPage {
  dongxi::v1::Pair pair;
  std::string last;   // name of the last entry of the page
  bool more = false;  // entries follow
};
// Where a pair stands, as the caller may know it, with up to `limit` entries of its history behind the entry
// `after` (a name; empty: from the first), fewer where they are longer than kPageBytesMax. NotFound if he may
// not see one of the two records, also when it was deleted.
absl::StatusOr<PairPage> ReadPairState(const CatalogueReader& catalogue, const std::string& need,
                                       const std::string& offer, const std::string& after, int limit,
                                       const Caller& caller);

}  // namespace dongxi
