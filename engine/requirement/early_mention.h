// Early stages that a text tells by what was worked with, or by what has not been done yet, instead of a
// word for a stage: 在烧杯和小柱上用配制溶液做过, 还没有到场站里跑过. Private to engine/requirement. Pure
// functions; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "engine/requirement/use_mention.h"

namespace dongxi::requirement {

// What an offer tells of a stage before use outside the laboratory, levels 3 to 5; `text` is
// ScannedField::folded. What counts only as all that there is (仿真, 室内) needs 只, 仅, 停留 … before it in
// its clause. May overlap.
std::vector<UseMention> FindEarlyMentions(std::u32string_view text);

}  // namespace dongxi::requirement
