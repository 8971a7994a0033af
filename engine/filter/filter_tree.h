// A parsed filter. Internal to engine/filter. Plain data.
#pragma once

#include <cstdint>
#include <memory>
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
  kName,
  kTenant,
  kValidUntil,
};

enum class FilterOperator : uint8_t { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual, kHas };

// How an operator is written.
std::string_view SpellingOf(FilterOperator op);
std::string_view SpellingOf(FilterAttribute attribute);

// One comparison, its value resolved.
struct FilterComparison {
  FilterAttribute attribute = FilterAttribute::kRegion;
  FilterOperator op = FilterOperator::kEqual;
  std::string text;  // code of region, kind, type, mode, condition; true or false; digits; a field's text,
                     // name, tenant or date as written; * of a presence
  std::string normalized;                 // of a field's text
  int number = 0;                         // maturity, year; valid_until: days since 1970-01-01
  bool presence = false;                  // attribute:*
  RecordKind kind = RecordKind::kResult;  // kind; of a name with its collection
  bool has_kind = false;                  // the name has its collection
  bool flag = false;                      // illustrative
};

struct FilterNode {
  enum class Type : uint8_t { kAnd, kOr, kNot, kComparison };  // an AND of nothing is true
  Type type = Type::kAnd;
  std::vector<FilterNode> children;
  FilterComparison comparison;
};

// The conditions that are joined by AND at the top; the node itself if it is none.
std::vector<const FilterNode*> ConditionsOf(const FilterNode& root);
std::vector<FilterRelaxation> RelaxationsOf(const FilterNode& root);
std::shared_ptr<const Filter> MakeFilter(FilterNode root);

bool Matches(const FilterNode& node, const FilterRow& row);
// Never longer, in characters and parentheses, than the text it was read from with its words replaced by
// codes.
std::string CanonicalText(const FilterNode& node);

// Fills in the value of a comparison. InvalidArgument says what was found and expected, without position.
absl::Status ResolveFilterValue(const std::string& value, const ImportVocabulary& vocabulary,
                                FilterComparison& comparison);

}  // namespace dongxi
