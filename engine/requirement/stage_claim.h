// What the text around a stage makes of it beyond the words of its own clause (claims.tsv): a pilot test that
// failed later in its sentence, a later year of a plan, 完成60%, a row of a table whose value says no.
// Private to engine/requirement. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "engine/requirement/use_mention.h"

namespace dongxi::requirement {

// Whether the stage that [begin, end) of an offer's `text` (ScannedField::folded) names was reached and is
// not taken back. `stop`: where the text's next stage begins; what is said behind that is of the next one.
bool StageStands(std::u32string_view text, size_t begin, size_t end, size_t stop);

// 走出实验室小试阶段, 早过了中试: whether the offer has left the stage behind whose word begins at `begin`;
// not 尚未走出实验室.
bool LeavesStageBehind(std::u32string_view text, size_t begin);

// 示范：2023年，通过验收; 推广：已在9台炉投用: rows of a schedule whose name alone would be no stage. In
// order.
std::vector<UseMention> FindScheduleMentions(std::u32string_view text);

}  // namespace dongxi::requirement
