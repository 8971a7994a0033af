// A parsed filter. Internal to engine/filter. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/filter/filter.h"

namespace dongxi {

enum class FilterAttribute : uint8_t {
  kRegion,
  kKind,
  kType,
  kField,
  kMaturity,
  kYear,
  kMode,
  kCondition,
  kIllustrative,
};

enum class FilterOperator : uint8_t { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual, kHas };

// How an operator is written.
std::string_view SpellingOf(FilterOperator op);
std::string_view SpellingOf(FilterAttribute attribute);

// One comparison, its value resolved.
struct FilterComparison {
  FilterAttribute attribute = FilterAttribute::kRegion;
  FilterOperator op = FilterOperator::kEqual;
  std::string
      text;  // code of region, kind, type, mode, condition; true or false; digits; a field's text as written
  std::string normalized;  // of a field's text
  int number = 0;          // maturity, year
  RecordKind kind = RecordKind::kResult;
  bool flag = false;  // illustrative
};

struct FilterNode {
  enum class Type : uint8_t { kAnd, kOr, kNot, kComparison };  // an AND of nothing is true
  Type type = Type::kAnd;
  std::vector<FilterNode> children;
  FilterComparison comparison;
};

bool Matches(const FilterNode& node, const FilterRow& row);
// Never longer, in characters and parentheses, than the text it was read from with its words replaced by
// codes.
std::string CanonicalText(const FilterNode& node);

// Fills in the value of a comparison. InvalidArgument says what was found and expected, without position.
absl::Status ResolveFilterValue(const std::string& value, const ImportVocabulary& vocabulary,
                                FilterComparison& comparison);

}  // namespace dongxi
