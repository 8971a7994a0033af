// Clauses of a text and lists of words in them. Private to engine/requirement. Pure functions; any thread.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace dongxi::requirement {

using WordList = std::initializer_list<std::u32string_view>;

// As ClaimOf cuts clauses.
inline constexpr std::u32string_view kClauseEnds = U",，。;；:：!！?？\n\r";

bool ContainsAny(std::u32string_view text, WordList words);
bool StartsWithAny(std::u32string_view text, WordList words);
bool EndsInAny(std::u32string_view text, WordList words);
bool IsOneOf(char32_t c, std::u32string_view characters);
// Without those characters at its beginning, or its end.
std::u32string_view TrimLeft(std::u32string_view text, std::u32string_view characters);
std::u32string_view TrimRight(std::u32string_view text, std::u32string_view characters);
bool IsNumeral(char32_t c);  // 3, 三

template <typename Rule>
bool AnyClause(std::u32string_view text, const Rule& rule) {
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(kClauseEnds), text.size());
    if (rule(text.substr(0, end))) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}
// The last that is not empty; empty if there is none.
std::u32string_view LastClause(std::u32string_view text);
std::u32string_view ClauseAround(std::u32string_view text, size_t at);

}  // namespace dongxi::requirement
