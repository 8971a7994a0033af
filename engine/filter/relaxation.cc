// A parsed filter as callers hold it, and what it becomes when its conditions are given up one by one.
#include <algorithm>
#include <array>
#include <utility>

#include "engine/filter/filter_tree.h"

namespace dongxi {
namespace {

constexpr int kNeverGivenUp = -1;
constexpr int kRegionPlace = 6;

// Where an attribute stands in the order of giving up.
int PlaceOf(FilterAttribute attribute) {
  switch (attribute) {
    case FilterAttribute::kYear:
      return 0;
    case FilterAttribute::kValidUntil:
      return 1;
    case FilterAttribute::kMaturity:
      return 2;
    case FilterAttribute::kCondition:
      return 3;
    case FilterAttribute::kMode:
      return 4;
    case FilterAttribute::kField:
      return 5;
    case FilterAttribute::kRegion:
      return kRegionPlace;
    case FilterAttribute::kKind:
    case FilterAttribute::kType:
    case FilterAttribute::kIllustrative:
    case FilterAttribute::kName:
    case FilterAttribute::kTenant:
      break;
  }
  return kNeverGivenUp;
}

constexpr std::array<std::string_view, kRegionPlace + 1> kGivenUp = {
    "不限年份", "不限有效期", "不限成熟度", "不限适用条件", "不限合作方式", "不限领域", "不限地区"};

int PlaceOf(const FilterNode& condition) {
  if (condition.type == FilterNode::Type::kNot) return kNeverGivenUp;
  if (condition.type == FilterNode::Type::kComparison) {
    const bool excludes = condition.comparison.op == FilterOperator::kNotEqual;
    return excludes ? kNeverGivenUp : PlaceOf(condition.comparison.attribute);
  }
  int last = kNeverGivenUp;
  for (const FilterNode& child : condition.children) {
    const int place = PlaceOf(child);
    if (place == kNeverGivenUp) return kNeverGivenUp;
    last = std::max(last, place);
  }
  return last;
}

// Cuts region codes to `digits`; true if one was longer.
bool CutRegions(FilterNode& node, size_t digits) {
  bool cut = false;
  for (FilterNode& child : node.children) cut = CutRegions(child, digits) || cut;
  FilterComparison& comparison = node.comparison;
  if (node.type == FilterNode::Type::kComparison && comparison.attribute == FilterAttribute::kRegion &&
      !comparison.presence && comparison.text.size() > digits) {
    comparison.text.resize(digits);
    cut = true;
  }
  return cut;
}

FilterNode All(std::vector<FilterNode> conditions) {
  return {.type = FilterNode::Type::kAnd, .children = std::move(conditions), .comparison = {}};
}

bool ReadsEvidence(const FilterNode& node) {
  if (node.type == FilterNode::Type::kComparison) {
    switch (node.comparison.attribute) {
      case FilterAttribute::kMaturity:
      case FilterAttribute::kYear:
      case FilterAttribute::kMode:
      case FilterAttribute::kCondition:
        return true;
      default:
        return false;
    }
  }
  return std::any_of(node.children.begin(), node.children.end(), ReadsEvidence);
}

class ParsedFilter : public Filter {
 public:
  explicit ParsedFilter(FilterNode root)
      : root_(std::move(root)), text_(CanonicalText(root_)), reads_evidence_(dongxi::ReadsEvidence(root_)) {}
  bool Matches(const FilterRow& row) const override { return dongxi::Matches(root_, row); }
  bool ReadsEvidence() const override { return reads_evidence_; }
  std::vector<std::string> FailedConditions(const FilterRow& row) const override {
    std::vector<std::string> failed;
    for (const FilterNode* condition : ConditionsOf(root_)) {
      if (!dongxi::Matches(*condition, row)) failed.push_back(CanonicalText(*condition));
    }
    return failed;
  }
  std::vector<FilterRelaxation> Relaxations() const override { return RelaxationsOf(root_); }
  std::string ToString() const override { return text_; }

 private:
  const FilterNode root_;
  const std::string text_;
  const bool reads_evidence_;
};

// Collects the steps; each widens what the one before left.
class Relaxer {
 public:
  explicit Relaxer(const FilterNode& root) {
    for (const FilterNode* condition : ConditionsOf(root)) left_.push_back(*condition);
  }

  void GiveUp(int place) {
    for (size_t i = 0; i < left_.size();) {
      if (PlaceOf(left_[i]) != place) {
        ++i;
        continue;
      }
      const std::string text = CanonicalText(left_[i]);
      left_.erase(left_.begin() + static_cast<std::ptrdiff_t>(i));
      Step(text, std::string(kGivenUp[static_cast<size_t>(place)]));
    }
  }

  void WidenRegions(size_t digits, const std::string& words) {
    std::string text;
    for (FilterNode& condition : left_) {
      if (PlaceOf(condition) != kRegionPlace) continue;
      const std::string before = CanonicalText(condition);
      if (CutRegions(condition, digits)) text += (text.empty() ? "" : " ") + before;
    }
    if (!text.empty()) Step(text, words);
  }

  std::vector<FilterRelaxation> Steps() && { return std::move(steps_); }

 private:
  void Step(const std::string& text, const std::string& words) {
    steps_.push_back({MakeFilter(All(left_)), text, words + "（原条件：" + text + "）"});
  }
  std::vector<FilterNode> left_;
  std::vector<FilterRelaxation> steps_;
};

}  // namespace

std::vector<const FilterNode*> ConditionsOf(const FilterNode& root) {
  if (root.type != FilterNode::Type::kAnd) return {&root};
  std::vector<const FilterNode*> conditions;
  for (const FilterNode& child : root.children) conditions.push_back(&child);
  return conditions;
}

std::vector<FilterRelaxation> RelaxationsOf(const FilterNode& root) {
  Relaxer relaxer(root);
  for (int place = 0; place < kRegionPlace; ++place) relaxer.GiveUp(place);
  relaxer.WidenRegions(4, "地区放宽到市州一级");
  relaxer.WidenRegions(2, "地区放宽到全省");
  relaxer.GiveUp(kRegionPlace);
  return std::move(relaxer).Steps();
}

std::shared_ptr<const Filter> MakeFilter(FilterNode root) {
  return std::make_shared<const ParsedFilter>(std::move(root));
}

}  // namespace dongxi
