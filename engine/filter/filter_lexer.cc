#include "engine/filter/filter_lexer.h"

#include <utility>

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

// How many bytes of white space stand at `at`: of one character, or none. U+3000 is what an input method for
// Chinese writes for a space.
size_t SpaceAt(std::string_view text, size_t at) {
  constexpr std::string_view kIdeographicSpace = "\u3000";
  if (text.substr(at).starts_with(kIdeographicSpace)) return kIdeographicSpace.size();
  return std::string_view(" \t\n\r").find(text[at]) == std::string_view::npos ? 0 : 1;
}

// What such a method writes in place of a character of the language. As a part of a word it would silently
// mean something else.
struct WideCharacter {
  std::string_view wide, plain;
};
constexpr WideCharacter kWideCharacters[] = {{"“", "\""}, {"”", "\""}, {"＂", "\""}, {"（", "("},
                                             {"）", ")"}, {"＝", "="}, {"：", ":"},  {"＜", "<"},
                                             {"＞", ">"}, {"！", "!"}};

const WideCharacter* WideCharacterAt(std::string_view text, size_t at) {
  for (const WideCharacter& character : kWideCharacters) {
    if (text.substr(at).starts_with(character.wide)) return &character;
  }
  return nullptr;
}

// Where the word that begins at `begin` ends; `begin` where there is none.
size_t WordEnd(std::string_view text, size_t begin) {
  size_t end = begin;
  while (end < text.size() && std::string_view("()=!<>:\"\\").find(text[end]) == std::string_view::npos &&
         SpaceAt(text, end) == 0 && WideCharacterAt(text, end) == nullptr) {
    ++end;
  }
  return end;
}

absl::StatusOr<FilterToken> ReadString(std::string_view filter, size_t* position) {
  FilterToken token{.type = FilterToken::Type::kString, .text = {}, .begin = *position};
  for (size_t i = *position + 1; i < filter.size(); ++i) {
    const char c = filter[i];
    if (c == '"') {
      *position = i + 1;
      return token;
    }
    if (c != '\\') {
      token.text += c;
      continue;
    }
    ++i;
    if (i == filter.size() || (filter[i] != '"' && filter[i] != '\\')) {
      return FilterError(filter, i - 1, "found a backslash, expected \\\" or \\\\ inside a quoted string");
    }
    token.text += filter[i];
  }
  return FilterError(filter, *position, "the quoted string has no end, expected a closing \"");
}

absl::StatusOr<FilterToken> ReadOperator(std::string_view filter, size_t* position) {
  // Longer spellings first.
  constexpr std::pair<std::string_view, FilterOperator> kOperators[] = {{"!=", FilterOperator::kNotEqual},
                                                                        {"<=", FilterOperator::kLessEqual},
                                                                        {">=", FilterOperator::kGreaterEqual},
                                                                        {"=", FilterOperator::kEqual},
                                                                        {"<", FilterOperator::kLess},
                                                                        {">", FilterOperator::kGreater},
                                                                        {":", FilterOperator::kHas}};
  for (const auto& [spelling, op] : kOperators) {
    if (!filter.substr(*position).starts_with(spelling)) continue;
    const FilterToken token{.type = FilterToken::Type::kOperator, .text = {}, .op = op, .begin = *position};
    *position += spelling.size();
    return token;
  }
  return FilterError(filter, *position,
                     std::string("found '") + filter[*position] + "', expected one of = != < <= > >= : ( )");
}

}  // namespace

std::string FilterToken::Description() const {
  switch (type) {
    case Type::kEnd:
      return "the end of the filter";
    case Type::kWord:
      return "'" + CutCharacters(text, 40) + "'";
    case Type::kString:
      return "the string \"" + CutCharacters(text, 40) + "\"";
    case Type::kOperator:
      return "the operator '" + std::string(SpellingOf(op)) + "'";
    case Type::kOpen:
      return "'('";
    case Type::kClose:
      return "')'";
    case Type::kMinus:
      return "'-'";
  }
  return "";
}

bool IsPlainFilterWord(std::string_view text) {
  if (text.empty() || text == "AND" || text == "OR" || text == "NOT") return false;
  return WordEnd(text, 0) == text.size();
}

absl::Status FilterError(std::string_view filter, size_t byte, const std::string& problem) {
  return absl::InvalidArgumentError(
      "filter: at character " + std::to_string(CountCharacters(filter.substr(0, byte)) + 1) + ": " + problem);
}

absl::StatusOr<FilterToken> NextFilterToken(std::string_view filter, bool in_value, size_t* position) {
  while (*position < filter.size() && SpaceAt(filter, *position) > 0) *position += SpaceAt(filter, *position);
  FilterToken token;
  token.begin = *position;
  if (*position == filter.size()) return token;
  const char c = filter[*position];
  if (c == '"') return ReadString(filter, position);
  if (const WideCharacter* found = WideCharacterAt(filter, *position)) {
    return FilterError(filter, *position,
                       "found '" + std::string(found->wide) + "', expected a half-width " +
                           std::string(found->plain) +
                           " (a text that holds it is written between half-width \" \")");
  }
  const bool minus = c == '-' && !in_value;
  const size_t end = WordEnd(filter, *position);
  if (end > *position && !minus) {
    token.type = FilterToken::Type::kWord;
    token.text = std::string(filter.substr(*position, end - *position));
    *position = end;
    return token;
  }
  if (c != '(' && c != ')' && !minus) return ReadOperator(filter, position);
  token.type = minus      ? FilterToken::Type::kMinus
               : c == '(' ? FilterToken::Type::kOpen
                          : FilterToken::Type::kClose;
  ++*position;
  return token;
}

}  // namespace dongxi
