// A recursive-descent parser of the grammar in filter.h; the depth limit bounds the recursion.
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/filter/filter.h"
#include "engine/filter/filter_lexer.h"
#include "engine/filter/filter_tree.h"
#include "engine/text/normalize.h"

namespace dongxi {
namespace {

using Type = FilterToken::Type;

struct AttributeRule {
  FilterAttribute attribute;
  std::string_view operators;  // allowed, as the message lists them
  bool orders;                 // < <= > >= are allowed too
  bool is_list;                // ':' and '=' only
};
constexpr AttributeRule kRules[] = {
    {FilterAttribute::kRegion, "= !=, or :* for any", false, false},
    {FilterAttribute::kKind, "= !=", false, false},
    {FilterAttribute::kType, "= !=, or :* for any", false, false},
    {FilterAttribute::kField, ": =", false, true},
    {FilterAttribute::kMaturity, "= != < <= > >=, or :* for any", true, false},
    {FilterAttribute::kYear, "= != < <= > >=, or :* for any", true, false},
    {FilterAttribute::kMode, ": =", false, true},
    {FilterAttribute::kCondition, ": =", false, true},
    {FilterAttribute::kIllustrative, "= !=", false, false},
    {FilterAttribute::kName, "= !=", false, false},
    {FilterAttribute::kTenant, "= !=, or :* for any", false, false},
    {FilterAttribute::kValidUntil, "= != < <= > >=, or :* for any", true, false},
};
constexpr const char* kAttributes =
    "region, kind, type, field, maturity, year, mode, condition, illustrative, name, tenant, valid_until";

// Every row has these, so asking for their presence would be a mistake.
bool IsOptional(FilterAttribute attribute) {
  return attribute != FilterAttribute::kKind && attribute != FilterAttribute::kIllustrative &&
         attribute != FilterAttribute::kName;
}

bool Allows(const AttributeRule& rule, FilterOperator op) {
  if (op == FilterOperator::kEqual) return true;
  if (op == FilterOperator::kHas) return rule.is_list || IsOptional(rule.attribute);
  if (op == FilterOperator::kNotEqual) return !rule.is_list;
  return rule.orders;
}

// Adds `child` to a list of the same type without a level of its own.
void Append(FilterNode child, FilterNode& list) {
  if (child.type != list.type) {
    list.children.push_back(std::move(child));
    return;
  }
  for (FilterNode& grandchild : child.children) list.children.push_back(std::move(grandchild));
}

FilterNode Simplified(FilterNode list) {
  if (list.children.size() != 1) return list;
  FilterNode only = std::move(list.children.front());
  return only;
}

class Parser {
 public:
  Parser(std::string_view filter, const ImportVocabulary& vocabulary)
      : filter_(filter), vocabulary_(vocabulary) {}

  absl::StatusOr<FilterNode> Parse() {
    DX_RETURN_IF_ERROR(Advance());
    if (token_.type == Type::kEnd) return FilterNode{};
    DX_ASSIGN_OR_RETURN(FilterNode root, Expression());
    if (token_.type == Type::kEnd) return root;
    return Error("found " + token_.Description() + ", expected AND, OR or another comparison");
  }

 private:
  absl::Status Error(const std::string& problem) const { return FilterError(filter_, token_.begin, problem); }

  absl::Status Advance(bool in_value = false) {
    DX_ASSIGN_OR_RETURN(token_, NextFilterToken(filter_, in_value, &position_));
    return absl::OkStatus();
  }
  bool AtKeyword(std::string_view keyword) const {
    return token_.type == Type::kWord && token_.text == keyword;
  }
  bool AtTerm() const {
    if (token_.type == Type::kOpen || token_.type == Type::kMinus || AtKeyword("NOT")) return true;
    return token_.type == Type::kWord && !token_.IsKeyword();
  }

  absl::StatusOr<FilterNode> Expression() {
    FilterNode all{.type = FilterNode::Type::kAnd, .children = {}, .comparison = {}};
    while (true) {
      DX_ASSIGN_OR_RETURN(FilterNode factor, Factor());
      Append(std::move(factor), all);
      if (AtKeyword("AND")) {
        DX_RETURN_IF_ERROR(Advance());
      } else if (!AtTerm()) {
        return Simplified(std::move(all));
      }
    }
  }

  absl::StatusOr<FilterNode> Factor() {
    FilterNode any{.type = FilterNode::Type::kOr, .children = {}, .comparison = {}};
    while (true) {
      DX_ASSIGN_OR_RETURN(FilterNode term, Term());
      Append(std::move(term), any);
      if (!AtKeyword("OR")) return Simplified(std::move(any));
      DX_RETURN_IF_ERROR(Advance());
    }
  }

  absl::StatusOr<FilterNode> Term() {
    if (token_.type != Type::kMinus && !AtKeyword("NOT")) return Simple();
    DX_RETURN_IF_ERROR(Advance());
    FilterNode negation{.type = FilterNode::Type::kNot, .children = {}, .comparison = {}};
    DX_ASSIGN_OR_RETURN(FilterNode child, Simple());
    negation.children.push_back(std::move(child));
    return negation;
  }

  absl::StatusOr<FilterNode> Simple() {
    if (token_.type != Type::kOpen) return Comparison();
    const size_t open = token_.begin;
    if (++depth_ > kFilterDepthMax) {
      return Error("more than " + std::to_string(kFilterDepthMax) + " levels of parentheses");
    }
    DX_RETURN_IF_ERROR(Advance());
    DX_ASSIGN_OR_RETURN(FilterNode inside, Expression());
    if (token_.type == Type::kEnd)
      return FilterError(filter_, open, "this '(' is not closed, expected a ')'");
    if (token_.type != Type::kClose) return Error("found " + token_.Description() + ", expected ')'");
    --depth_;
    DX_RETURN_IF_ERROR(Advance());
    return inside;
  }

  absl::StatusOr<const AttributeRule*> Attribute() {
    const std::string expected = std::string(", expected an attribute: ") + kAttributes;
    if (token_.type != Type::kWord || token_.IsKeyword())
      return Error("found " + token_.Description() + expected);
    for (const AttributeRule& rule : kRules) {
      if (SpellingOf(rule.attribute) == token_.text) return &rule;
    }
    const std::string folded = Normalize(token_.text);
    const bool lower_case_keyword = folded == "and" || folded == "or" || folded == "not";
    return Error("found " + token_.Description() + expected +
                 (lower_case_keyword ? "; AND, OR and NOT are written in capitals" : ""));
  }

  absl::StatusOr<FilterNode> Comparison() {
    DX_ASSIGN_OR_RETURN(const AttributeRule* rule, Attribute());
    const std::string name(SpellingOf(rule->attribute));
    if (++terms_ > kFilterTermsMax) {
      return Error("more than " + std::to_string(kFilterTermsMax) + " comparisons");
    }
    DX_RETURN_IF_ERROR(Advance());
    const std::string operators = "an operator that " + name + " has: " + std::string(rule->operators);
    if (token_.type != Type::kOperator)
      return Error("found " + token_.Description() + ", expected " + operators);
    if (!Allows(*rule, token_.op)) {
      const bool negated = rule->is_list && token_.op == FilterOperator::kNotEqual;
      return Error("found " + token_.Description() + ", expected " + operators +
                   (negated ? "; write NOT " + name + " : value" : ""));
    }
    FilterNode node{.type = FilterNode::Type::kComparison, .children = {}, .comparison = {}};
    node.comparison.attribute = rule->attribute;
    node.comparison.op = token_.op;
    const size_t operator_begin = token_.begin;
    DX_RETURN_IF_ERROR(Advance(/*in_value=*/true));
    if (node.comparison.op == FilterOperator::kHas && token_.type == Type::kWord && token_.text == "*") {
      node.comparison.presence = true;
      node.comparison.text = "*";
      DX_RETURN_IF_ERROR(Advance());
      return node;
    }
    if (node.comparison.op == FilterOperator::kHas && !rule->is_list) {
      return FilterError(filter_, operator_begin,
                         "found the operator ':' with a value, expected " + operators);
    }
    DX_RETURN_IF_ERROR(Value(name, node.comparison));
    return node;
  }

  absl::Status Value(const std::string& name, FilterComparison& comparison) {
    const bool is_value = token_.type == Type::kString || (token_.type == Type::kWord && !token_.IsKeyword());
    if (!is_value) return Error("found " + token_.Description() + ", expected a value of " + name);
    const absl::Status resolved = ResolveFilterValue(token_.text, vocabulary_, comparison);
    if (!resolved.ok()) return Error(std::string(resolved.message()));
    return Advance();
  }

  const std::string_view filter_;
  const ImportVocabulary& vocabulary_;
  size_t position_ = 0;
  FilterToken token_;
  int depth_ = 0;
  int terms_ = 0;
};

std::string LimitText(size_t found) {
  return std::to_string(found) + " characters, at most " + std::to_string(kFilterCharactersMax) +
         " are allowed";
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Filter>> ParseFilter(std::string_view text,
                                                          const ImportVocabulary& vocabulary) {
  if (!IsValidUtf8(text))
    return absl::InvalidArgumentError("filter: at character 1: the text is not valid UTF-8");
  const size_t characters = CountCharacters(text);
  if (characters > kFilterCharactersMax) {
    return absl::InvalidArgumentError("filter: at character " + std::to_string(kFilterCharactersMax + 1) +
                                      ": found " + LimitText(characters));
  }
  Parser parser(text, vocabulary);
  DX_ASSIGN_OR_RETURN(FilterNode root, parser.Parse());
  const std::string canonical = CanonicalText(root);
  // Words such as 高校 become longer codes. What is kept must be readable again.
  const size_t canonical_characters = CountCharacters(canonical);
  if (canonical_characters > kFilterCharactersMax) {
    return absl::InvalidArgumentError("filter: at character 1: with codes in place of words it has " +
                                      LimitText(canonical_characters));
  }
  return MakeFilter(std::move(root));
}

}  // namespace dongxi
