// Whether the unit of an indicator can be one of its quantity: 收率 85 kg and 亩产 30 ℃ cannot, nor 收率 150
// %. Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/record/record.h"
#include "engine/requirement/indicator.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

// True for words that unit_fits.tsv does not have, for plain numbers and for units that units.tsv does not
// have.
bool UnitFits(const Indicator& indicator, const RequirementTables& tables);

// The indicators of the record (its field 考核指标) whose unit does not fit, as they stand there:
// "收率≥85公斤".
std::vector<std::string> UnitMisfits(const Record& record, const RequirementTables& tables);

}  // namespace dongxi::requirement
