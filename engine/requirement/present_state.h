// Whether a number is of the present state or of others, and so neither asked for nor offered: 目前为60%,
// 传统工艺, 国内平均. Private to engine/requirement. Pure functions; any thread.
#pragma once

#include <string_view>

#include "engine/requirement/comparison_words.h"
#include "engine/requirement/indicator.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

// By the last word about the state of things in `text`, which is the number's sentence up to the number,
// lower case. `has_baseline`: a value before the change is known (由60%); `bounded_behind`: 以上, 以内 stands
// behind the number.
bool TellsPresentState(std::u32string_view text, const BeforeNumber& before, bool has_baseline,
                       bool bounded_behind, Side side, const RequirementTables& tables);

}  // namespace dongxi::requirement
