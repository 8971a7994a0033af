// The ledger and the needs of the catalogue as statistics look at them. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/policy/policy.h"
#include "engine/statistics/compute.h"
#include "engine/statistics/ledger_row.h"
#include "server/caller.h"
#include "store/catalogue.h"

namespace dongxi {

inline constexpr size_t kStatisticsRowsMax = 500'000;

struct StatisticsInput {
  std::vector<LedgerRow> rows;  // effective entries before the end, in order of recording
  std::vector<NeedRow> needs;  // that the caller may see; a need is there since its first entry at the latest
};

// Reads the entries of the caller's tenant (of all for the operator) whose event lies before the end of the
// query's period; whether simulated ones count decides since when there are needs. What two tenants recorded
// of one contract (engine/statistics/one_contract.h) is one row, that of the first to record it.
// ResourceExhausted (LEDGER_TOO_LARGE) if there are more than kStatisticsRowsMax; Cancelled if `cancelled`
// says so.
absl::StatusOr<StatisticsInput> ReadStatisticsInput(const CatalogueReader& catalogue, const Policy& policy,
                                                    const StatisticsQuery& query, const Caller& caller,
                                                    const std::function<bool()>& cancelled);

}  // namespace dongxi
