#include "engine/requirement/clause_text.h"

#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kNone = std::u32string_view::npos;

size_t BeginOfClause(std::u32string_view text, size_t at) {
  const size_t end = text.substr(0, at).find_last_of(kClauseEnds);
  return end == kNone ? 0 : end + 1;
}

}  // namespace

bool ContainsAny(std::u32string_view text, WordList words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.find(word) != kNone; });
}

bool StartsWithAny(std::u32string_view text, WordList words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.starts_with(word); });
}

bool EndsInAny(std::u32string_view text, WordList words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.ends_with(word); });
}

bool IsOneOf(char32_t c, std::u32string_view characters) { return characters.find(c) != kNone; }

std::u32string_view TrimLeft(std::u32string_view text, std::u32string_view characters) {
  text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
  return text;
}

std::u32string_view TrimRight(std::u32string_view text, std::u32string_view characters) {
  const size_t last = text.find_last_not_of(characters);
  return text.substr(0, last == kNone ? 0 : last + 1);
}

bool IsNumeral(char32_t c) { return IsAsciiDigit(c) || IsOneOf(c, U"一二两三四五六七八九十"); }

std::u32string_view LastClause(std::u32string_view text) {
  text = TrimRight(text, kClauseEnds);
  return text.substr(BeginOfClause(text, text.size()));
}

std::u32string_view ClauseAround(std::u32string_view text, size_t at) {
  const size_t begin = BeginOfClause(text, at);
  return text.substr(begin, std::min(text.find_first_of(kClauseEnds, at), text.size()) - begin);
}

}  // namespace dongxi::requirement
