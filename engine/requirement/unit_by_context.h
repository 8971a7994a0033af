// Units that only what stands before tells: 抗风十一级, 电通量800 C, 硬度HRC50, 成本六角. Private to
// engine/requirement. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <optional>

#include "engine/requirement/quantity_scan.h"
#include "engine/requirement/requirement_tables.h"
#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {

// The unit of a number at characters [begin, end) that no unit of the table follows; nothing where none is
// meant.
std::optional<UnitReading> UnitByContext(const ScanText& scan, size_t begin, size_t end,
                                         const RequirementTables& tables);

// HRC, HBW … right before a number: a hardness.
bool IsHardnessScale(std::u32string_view letters);

// 抗冻等级F300, 抗渗P8: where the letters of the grade begin that end at `at`; `at` where none end there.
size_t BeginOfGrade(const ScanText& scan, size_t at);

}  // namespace dongxi::requirement
