// Use outside the laboratory that a text tells by numbers and places instead of a word for a stage:
// 示范12.3万亩, 安装56套, 跑了三年, 已在两座煤矿应用. Private to engine/requirement. Pure functions; any
// thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace dongxi::requirement {

struct UseMention {
  size_t begin = 0, end = 0;  // of the characters that were given
  int low = 0, high = 0;      // the level that it shows, 7..9
};

// What an offer tells of its use; `text` is ScannedField::folded. Sentences that speak of trials (中试, 样机,
// 实验室 …) or of a country at large (国外, 我国) tell nothing here: their words do. May overlap.
std::vector<UseMention> FindUseMentions(std::u32string_view text);

// What a need demands to have been used: 要求有油田现场示范, 已在同类矿山应用; not what is to be done
// (在我县开展示范). In order.
std::vector<UseMention> FindUsesAskedFor(std::u32string_view text);

}  // namespace dongxi::requirement
