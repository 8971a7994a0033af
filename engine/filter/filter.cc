#include "engine/filter/filter.h"

#include <algorithm>

#include "engine/filter/filter_lexer.h"
#include "engine/filter/filter_tree.h"

namespace dongxi {
namespace {

bool CompareNumber(int found, FilterOperator op, int wanted) {
  if (found == 0) return false;  // absent
  switch (op) {
    case FilterOperator::kEqual:
      return found == wanted;
    case FilterOperator::kNotEqual:
      return found != wanted;
    case FilterOperator::kLess:
      return found < wanted;
    case FilterOperator::kLessEqual:
      return found <= wanted;
    case FilterOperator::kGreater:
      return found > wanted;
    case FilterOperator::kGreaterEqual:
      return found >= wanted;
    case FilterOperator::kHas:
      break;
  }
  return false;
}

// `attribute:*`.
bool IsPresent(FilterAttribute attribute, const FilterRow& row) {
  switch (attribute) {
    case FilterAttribute::kRegion:
      return !row.region().empty();
    case FilterAttribute::kType:
      return !row.type().empty();
    case FilterAttribute::kField:
      return row.HasFieldContaining({});
    case FilterAttribute::kMaturity:
      return row.maturity() != 0;
    case FilterAttribute::kYear:
      return row.year() != 0;
    case FilterAttribute::kMode:
      return row.HasMode({});
    case FilterAttribute::kCondition:
      return row.HasCondition({});
    case FilterAttribute::kName:
      return !row.id().empty();
    case FilterAttribute::kTenant:
      return !row.tenant().empty();
    case FilterAttribute::kValidUntil:
      return row.valid_until_day().has_value();
    case FilterAttribute::kKind:
    case FilterAttribute::kIllustrative:
      break;
  }
  return true;
}

bool CompareDay(std::optional<int32_t> found, FilterOperator op, int wanted) {
  // Shifted alike, so that no day is the 0 that CompareNumber takes for absent.
  constexpr int kFirst = 1 << 28;
  return found.has_value() && CompareNumber(*found + kFirst, op, wanted + kFirst);
}

bool Compare(const FilterComparison& comparison, const FilterRow& row) {
  if (comparison.presence) return IsPresent(comparison.attribute, row);
  const bool equal = comparison.op == FilterOperator::kEqual;
  switch (comparison.attribute) {
    case FilterAttribute::kRegion: {
      const std::string_view region = row.region();
      return !region.empty() && region.starts_with(comparison.text) == equal;
    }
    case FilterAttribute::kKind:
      return (row.kind() == comparison.kind) == equal;
    case FilterAttribute::kType: {
      const std::string_view type = row.type();
      return !type.empty() && (type == comparison.text) == equal;
    }
    case FilterAttribute::kField:
      return row.HasFieldContaining(comparison.normalized);
    case FilterAttribute::kMaturity:
      return CompareNumber(row.maturity(), comparison.op, comparison.number);
    case FilterAttribute::kYear:
      return CompareNumber(row.year(), comparison.op, comparison.number);
    case FilterAttribute::kMode:
      return row.HasMode(comparison.text);
    case FilterAttribute::kCondition:
      return row.HasCondition(comparison.text);
    case FilterAttribute::kIllustrative: {
      const std::optional<bool> illustrative = row.illustrative();
      return illustrative.has_value() && (*illustrative == comparison.flag) == equal;
    }
    case FilterAttribute::kName: {
      const std::string_view id = row.id();
      const bool same =
          id == comparison.normalized && (!comparison.has_kind || row.kind() == comparison.kind);
      return !id.empty() && same == equal;
    }
    case FilterAttribute::kTenant: {
      const std::string_view tenant = row.tenant();
      return !tenant.empty() && (tenant == comparison.text) == equal;
    }
    case FilterAttribute::kValidUntil:
      return CompareDay(row.valid_until_day(), comparison.op, comparison.number);
  }
  return false;
}

std::string QuotedIfNeeded(const std::string& value) {
  if (IsPlainFilterWord(value)) return value;
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted += '"';
}

std::string Joined(const FilterNode& node, std::string_view separator) {
  std::string text;
  for (const FilterNode& child : node.children) {
    if (!text.empty()) text += separator;
    // AND binds looser than OR, so only an AND within an OR needs parentheses.
    const bool wrap = node.type == FilterNode::Type::kOr && child.type == FilterNode::Type::kAnd;
    text += wrap ? "(" + CanonicalText(child) + ")" : CanonicalText(child);
  }
  return text;
}

}  // namespace

std::string_view SpellingOf(FilterOperator op) {
  switch (op) {
    case FilterOperator::kEqual:
      return "=";
    case FilterOperator::kNotEqual:
      return "!=";
    case FilterOperator::kLess:
      return "<";
    case FilterOperator::kLessEqual:
      return "<=";
    case FilterOperator::kGreater:
      return ">";
    case FilterOperator::kGreaterEqual:
      return ">=";
    case FilterOperator::kHas:
      return ":";
  }
  return "";
}

std::string_view SpellingOf(FilterAttribute attribute) {
  switch (attribute) {
    case FilterAttribute::kRegion:
      return "region";
    case FilterAttribute::kKind:
      return "kind";
    case FilterAttribute::kType:
      return "type";
    case FilterAttribute::kField:
      return "field";
    case FilterAttribute::kMaturity:
      return "maturity";
    case FilterAttribute::kYear:
      return "year";
    case FilterAttribute::kMode:
      return "mode";
    case FilterAttribute::kCondition:
      return "condition";
    case FilterAttribute::kIllustrative:
      return "illustrative";
    case FilterAttribute::kName:
      return "name";
    case FilterAttribute::kTenant:
      return "tenant";
    case FilterAttribute::kValidUntil:
      return "valid_until";
  }
  return "";
}

bool Matches(const FilterNode& node, const FilterRow& row) {
  const auto matches = [&row](const FilterNode& child) { return Matches(child, row); };
  switch (node.type) {
    case FilterNode::Type::kAnd:
      return std::all_of(node.children.begin(), node.children.end(), matches);
    case FilterNode::Type::kOr:
      return std::any_of(node.children.begin(), node.children.end(), matches);
    case FilterNode::Type::kNot:
      return !Matches(node.children.front(), row);
    case FilterNode::Type::kComparison:
      return Compare(node.comparison, row);
  }
  return false;
}

std::string CanonicalText(const FilterNode& node) {
  switch (node.type) {
    case FilterNode::Type::kAnd:
      return Joined(node, " ");
    case FilterNode::Type::kOr:
      return Joined(node, " OR ");
    case FilterNode::Type::kNot: {
      const FilterNode& child = node.children.front();
      const bool wrap = child.type != FilterNode::Type::kComparison;
      return wrap ? "-(" + CanonicalText(child) + ")" : "-" + CanonicalText(child);
    }
    case FilterNode::Type::kComparison:
      break;
  }
  std::string text(SpellingOf(node.comparison.attribute));
  text += SpellingOf(node.comparison.op);
  if (node.comparison.presence) return text += '*';
  // A quoted star is the text "*", not a presence.
  return text += node.comparison.text == "*" ? "\"*\"" : QuotedIfNeeded(node.comparison.text);
}

}  // namespace dongxi
