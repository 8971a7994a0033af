// The ledger of engagements as one viewer sees it at one of its ends. Plain value.
#pragma once

#include <cstdint>

#include "absl/time/civil_time.h"
#include "engine/record/viewer.h"

namespace dongxi {

// Once `last` was its last entry. Entries are visible to their tenant and to the operator.
struct LedgerSight {
  uint64_t last = 0;  // EngagementNumber
  Viewer viewer;
  absl::CivilDay today;  // in China
};

}  // namespace dongxi
