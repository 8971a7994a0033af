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
  int from = 0;               // the level before: 由4级提升到7级; 0: none is named
  bool named = true;          // false: 2025年评价为7级 behind a name in its sentence
};
// In order, without overlaps; `text` is ScannedField::folded. 成熟度 alone needs a 级 behind its digit: fruit
// is ripe by the tenth (成熟度七成). Behind a name the rest of its sentence may go on without it
// (…技术就绪度为4级，2025年评价为7级; 技术就绪度，经专家评定为七级): such a mention begins at its digit. A
// scale (1～9级) is no level, nor is that of manufacture or markets (制造成熟度).
std::vector<TrlMention> FindTrlMentions(std::u32string_view text);

}  // namespace dongxi::requirement
