// Splits a filter into tokens. Internal to engine/filter.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "engine/filter/filter_tree.h"

namespace dongxi {

struct FilterToken {
  enum class Type { kEnd, kWord, kString, kOperator, kOpen, kClose, kMinus };
  Type type = Type::kEnd;
  std::string text;  // of a word, or of a string without its quotes
  FilterOperator op = FilterOperator::kEqual;
  size_t begin = 0;  // byte where it starts

  bool IsKeyword() const { return type == Type::kWord && (text == "AND" || text == "OR" || text == "NOT"); }
  // For messages: 'word', the operator '=', the end of the filter.
  std::string Description() const;
};

// True if the text is one word that is no keyword: it needs no quotes as a value.
bool IsPlainFilterWord(std::string_view text);

// InvalidArgument "filter: at character N: problem", counting characters from 1.
absl::Status FilterError(std::string_view filter, size_t byte, const std::string& problem);

// Reads the token that starts at or after `*position` and moves it behind. A '-' in front of a word is a
// token of its own, except as the first character of a value (`in_value`).
absl::StatusOr<FilterToken> NextFilterToken(std::string_view filter, bool in_value, size_t* position);

}  // namespace dongxi
