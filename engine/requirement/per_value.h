// Numbers that say on how much the number behind them is counted: 每处理1 m³耗电2.6 kWh, 一天可测60公里,
// 制取1 t碳酸锂用水72 m³. Private to engine/requirement. Pure functions; any thread.
#pragma once

#include <string_view>

#include "engine/requirement/quantity_scan.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

// `before`: the clause up to `token`; `number`: the token as written; `behind`: from it to the next number of
// the clause.
bool IsCountedOn(std::u32string_view before, std::u32string_view number, const QuantityToken& token,
                 std::u32string_view behind, const RequirementTables& tables);

}  // namespace dongxi::requirement
