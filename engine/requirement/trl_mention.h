// Readiness levels that a text names in digits: TRL 7, 技术就绪度8级, 成熟度≥7级, TRL 6–7. Private to
// engine/requirement. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace dongxi::requirement {

struct TrlMention {
  size_t begin = 0, end = 0;  // of the characters that were given
  int low = 0, high = 0;      // 1..9, low <= high
};
// In order, without overlaps; `text` is ScannedField::folded. 成熟度 alone needs a 级 behind its digit: fruit
// is ripe by the tenth (成熟度七成).
std::vector<TrlMention> FindTrlMentions(std::u32string_view text);

}  // namespace dongxi::requirement
