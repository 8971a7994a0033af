// The clause around a number: read backwards from it to the separator before.
#include "engine/requirement/clause.h"

#include <algorithm>
#include <utility>

#include "engine/requirement/comparison_words.h"
#include "engine/text/characters.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kAfterCharactersMax = 16;
constexpr size_t kBracketCharactersMax = 30;

// (3), (二): the place in a list, no part of a name.
bool IsListMark(std::u32string_view inner) {
  constexpr std::u32string_view kNumerals = U"0123456789一二三四五六七八九十";
  return !inner.empty() && inner.size() <= 2 &&
         inner.find_first_not_of(kNumerals) == std::u32string_view::npos;
}

}  // namespace

bool IsSentenceEnd(char32_t c) { return c == U'。' || c == U';' || c == U'\n' || c == U'!' || c == U'?'; }

bool IsSeparator(char32_t c) {
  constexpr std::u32string_view kMarks = U",、:()[]【】「」“”\"《》<>|→";
  return IsSentenceEnd(c) || kMarks.find(c) != std::u32string_view::npos;
}

std::u32string_view ClauseReader::View(size_t begin, size_t end) const {
  return std::u32string_view(scan_.text).substr(begin, end - begin);
}

std::u32string_view ClauseReader::ViewUpTo(size_t begin, size_t j) const {
  return View(begin, std::max(begin, tokens_[j].begin));
}

Clause ClauseReader::Before(size_t i, bool through_lists) const {
  size_t before = i;  // tokens before that one end the clause
  const auto end_before = [&] { return before == 0 ? 0 : tokens_[before - 1].end; };
  size_t stop = end_before();
  const size_t end = tokens_[i].begin;
  std::vector<size_t> places;
  size_t at = end;
  bool crossed_colon = false;
  std::u32string aside;
  while (at > stop && places.size() < 4 * kNameCharactersMax) {
    const char32_t c = scan_.text[at - 1];
    if (c == U')') {
      const size_t open = OpeningBracket(at - 1);
      if (open == at - 1) break;
      while (open < stop) {
        --before;
        stop = end_before();
      }
      const std::u32string_view inner = View(open + 1, at - 1);
      if (!IsListMark(inner)) aside += inner;
      at = open;
      continue;
    }
    if ((c == U':' || c == U'|') && !crossed_colon && NamesNothing(at, end)) {
      crossed_colon = true;
      --at;
      continue;
    }
    // 钢水[P]不高于0.009%
    if (c == U']' && at >= stop + 3 && scan_.text[at - 3] == U'[' && IsAsciiLetter(scan_.text[at - 2])) {
      places.push_back(at - 2);
      at -= 3;
      continue;
    }
    const bool listed = through_lists && (c == U'、');
    if (c == U'<' || c == U'>') {
      places.push_back(--at);
      continue;
    }
    if (IsSeparator(c) && !listed) break;
    places.push_back(--at);
  }
  std::reverse(places.begin(), places.end());
  Clause clause{.places = std::move(places),
                .begin = at,
                .after_token = before > 0 && at <= stop,
                .aside = std::move(aside)};
  for (const size_t place : clause.places) clause.text.push_back(scan_.text[place]);
  return clause;
}

size_t ClauseReader::OpeningBracket(size_t close) const {
  for (size_t at = close; at > 0 && close - at < kBracketCharactersMax; --at) {
    if (scan_.text[at - 1] == U'(') return at - 1;
  }
  return close;
}

// Blanks, signs of comparison and 约 alone.
bool ClauseReader::IsBlank(size_t begin, size_t end) const {
  for (const char32_t c : View(begin, end)) {
    if (c != U' ' && c != U'≥' && c != U'≤' && c != U'>' && c != U'<' && c != U'=' && c != U'约')
      return false;
  }
  return true;
}

// Those, words of comparison, and 由 of what was before.
bool ClauseReader::NamesNothing(size_t begin, size_t end) const {
  if (IsBlank(begin, end)) return true;
  std::u32string_view words = View(begin, end);
  if (!words.empty() && (words.back() == U'由' || words.back() == U'从')) words.remove_suffix(1);
  return ReadBeforeNumber(words, tables_).name_end == 0;
}

// The next number behind a bracket that closes at `close` is what the name before the bracket is of.
bool ClauseReader::StandsBeforeNumber(size_t i, size_t close) const {
  for (size_t j = i + 1; j < tokens_.size(); ++j) {
    if (tokens_[j].begin > close) return NamesNothing(close + 1, tokens_[j].begin);
  }
  return false;
}

bool ClauseReader::SameClause(size_t i, size_t j) const {
  if (j >= tokens_.size()) return false;
  const std::u32string_view gap = Gap(i, j);
  return std::none_of(gap.begin(), gap.end(),
                      [](char32_t c) { return IsSeparator(c) && c != U'<' && c != U'>'; });
}

bool ClauseReader::NextInSentence(size_t i) const {
  if (i + 1 >= tokens_.size()) return false;
  const std::u32string_view gap = Gap(i, i + 1);
  return std::none_of(gap.begin(), gap.end(), IsSentenceEnd) && gap.size() < kNameCharactersMax;
}

bool ClauseReader::IsAside(size_t i) const {
  const std::u32string& text = scan_.text;
  const size_t begin = tokens_[i].begin, end = tokens_[i].end;
  const size_t close = text.find(U')', end);
  if (close == std::u32string::npos || close - end > kBracketCharactersMax) return false;
  const size_t open = OpeningBracket(close);
  if (open == close || open > begin) return false;
  const std::u32string_view noun = View(end, close);
  if (open + 1 == begin && (noun == U"制" || noun == U"分制" || noun == U"级制" || noun == U"满分"))
    return true;
  // Behind a name, and before its number.
  const bool named = open > 0 && (IsHan(text[open - 1]) || IsWordCharacter(text[open - 1]));
  return named && StandsBeforeNumber(i, close);
}

std::u32string_view ClauseReader::NameOfAside(size_t i) const {
  const size_t bracket = OpeningBracket(scan_.text.find(U')', tokens_[i].end));
  size_t begin = bracket;
  while (begin > 0 && !IsSeparator(scan_.text[begin - 1])) --begin;
  const bool number =
      std::any_of(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(i),
                  [&](const QuantityToken& token) { return token.end > begin && token.end <= bracket; });
  return number ? std::u32string_view() : View(begin, bracket);
}

std::u32string ClauseReader::NameBehind(size_t i, size_t from) const {
  size_t end = from;
  const size_t stop = i + 1 < tokens_.size() ? tokens_[i + 1].begin : scan_.text.size();
  while (end < stop && !IsSeparator(scan_.text[end])) ++end;
  if (end == stop && i + 1 < tokens_.size()) return {};
  std::u32string name(View(from, std::min(end, from + kAfterCharactersMax)));
  while (!name.empty() && (name.front() == U' ' || name.front() == U'的')) name.erase(0, 1);
  return name;
}

}  // namespace dongxi::requirement
