#include "engine/filter/filter_lexer.h"

#include <utility>

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool IsWordCharacter(char c) {
  return !IsSpace(c) && std::string_view("()=!<>:\"\\").find(c) == std::string_view::npos;
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
  for (const char c : text) {
    if (!IsWordCharacter(c)) return false;
  }
  return true;
}

absl::Status FilterError(std::string_view filter, size_t byte, const std::string& problem) {
  return absl::InvalidArgumentError(
      "filter: at character " + std::to_string(CountCharacters(filter.substr(0, byte)) + 1) + ": " + problem);
}

absl::StatusOr<FilterToken> NextFilterToken(std::string_view filter, bool in_value, size_t* position) {
  while (*position < filter.size() && IsSpace(filter[*position])) ++*position;
  FilterToken token;
  token.begin = *position;
  if (*position == filter.size()) return token;
  const char c = filter[*position];
  if (c == '"') return ReadString(filter, position);
  const bool minus = c == '-' && !in_value;
  if (IsWordCharacter(c) && !minus) {
    token.type = FilterToken::Type::kWord;
    size_t end = *position;
    while (end < filter.size() && IsWordCharacter(filter[end])) ++end;
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
