// Western prefectures and counties that nobody has met with yet. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/policy/policy.h"
#include "engine/statistics/ledger_row.h"

namespace dongxi {

struct ServedRegion {
  std::string code, label;  // 632801, 青海海西州格尔木市
  int64_t needs = 0;        // of the catalogue
  int64_t shown = 0;        // entries of any step: looked at, but no meeting
};

// The regions within `region` (empty: the whole west) without a meeting, a signature or anything later in any
// of `rows`: prefectures that the policy tables list, regions of 4 or 6 digits that needs of the catalogue
// name, and `expected`. A region counts as served if one of its own counties was. In order of code.
std::vector<ServedRegion> UnservedRegions(std::span<const LedgerRow* const> rows,
                                          std::span<const NeedRow> needs, const Policy& policy,
                                          const std::string& region, std::span<const std::string> expected);

}  // namespace dongxi
