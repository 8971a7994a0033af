#include "engine/requirement/same_quantity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "engine/policy/table_text.h"

namespace dongxi::requirement {
namespace {

// A row's place in its tree: trees and nodes are numbered from 0 and stand in order.
struct Place {
  size_t tree = 0, node = 0;
};

std::optional<size_t> WholeNumber(std::string_view text) {
  double value = 0;
  if (!ParseNumber(text, value) || value < 0 || value > 1e6 || value != std::floor(value))
    return std::nullopt;
  return static_cast<size_t>(value);
}

int FeatureOf(std::string_view name) {
  const auto* found = std::find(std::begin(kPairFeatureNames), std::end(kPairFeatureNames), name);
  return found == std::end(kPairFeatureNames) ? -1 : static_cast<int>(found - kPairFeatureNames);
}

absl::Status Wrong(std::string_view file, const TableRow& row, size_t column, std::string_view expected) {
  constexpr std::string_view kColumns[] = {"tree", "node", "feature", "value", "below", "above"};
  return TableError({file, row.line}, kColumns[column], row.cells[column], expected);
}

}  // namespace

absl::StatusOr<SameQuantityModel> SameQuantityModel::FromRows(std::string_view file,
                                                              const std::vector<TableRow>& rows) {
  SameQuantityModel model;
  std::vector<std::pair<const TableRow*, Place>> splits;  // whose children are still to be checked
  for (const TableRow& row : rows) {
    const std::optional<size_t> tree = WholeNumber(row.cells[0]), node = WholeNumber(row.cells[1]);
    const bool first = node == 0;
    if (!tree || *tree != model.roots_.size() - (first ? 0 : 1) || (model.roots_.empty() && !first))
      return Wrong(file, row, 0, "the number of the tree, from 0, in order");
    if (first) model.roots_.push_back(static_cast<uint32_t>(model.nodes_.size()));
    const size_t root = model.roots_.back();
    if (!node || root + *node != model.nodes_.size() || model.nodes_.size() >= kNodesMax)
      return Wrong(file, row, 1, "the number of the node in its tree, from 0, in order");
    double value = 0;
    if (!ParseNumber(row.cells[3], value) || !(std::abs(value) < 1e6)) return Wrong(file, row, 3, "a number");
    Node one{.value = static_cast<float>(value)};
    if (row.cells[2] != "-") {
      one.feature = FeatureOf(row.cells[2]);
      const std::optional<size_t> below = WholeNumber(row.cells[4]), above = WholeNumber(row.cells[5]);
      if (one.feature < 0) return Wrong(file, row, 2, "a feature that this program knows, or -");
      if (!below || *below <= *node) return Wrong(file, row, 4, "a node of the tree behind this one");
      if (!above || *above <= *node) return Wrong(file, row, 5, "a node of the tree behind this one");
      one.below = static_cast<uint32_t>(root + *below);
      one.above = static_cast<uint32_t>(root + *above);
      splits.push_back({&row, {*tree, *node}});
    }
    model.nodes_.push_back(one);
  }
  for (const auto& [row, place] : splits) {
    const size_t end =
        place.tree + 1 < model.roots_.size() ? model.roots_[place.tree + 1] : model.nodes_.size();
    const Node& node = model.nodes_[model.roots_[place.tree] + place.node];
    if (node.below >= end) return Wrong(file, *row, 4, "a node of the tree behind this one");
    if (node.above >= end) return Wrong(file, *row, 5, "a node of the tree behind this one");
  }
  model.FindBest();
  return model;
}

void SameQuantityModel::FindBest() {
  best_from_.assign(roots_.size(), 0);
  double behind = 0;
  for (size_t tree = roots_.size(); tree-- > 0;) {
    const auto end = tree + 1 < roots_.size() ? nodes_.begin() + roots_[tree + 1] : nodes_.end();
    double best = -std::numeric_limits<double>::infinity();
    for (auto node = nodes_.begin() + roots_[tree]; node != end; ++node) {
      if (node->feature < 0) best = std::max(best, double{node->value});
    }
    behind += best;
    best_from_[tree] = behind;
  }
}

double SameQuantityModel::Probability(const PairFeatures& features, double least) const {
  // Rounding of the sums may not cost a pair its verdict.
  constexpr double kSlack = 1e-9;
  const double needed = std::log(least) - std::log1p(-least) - kSlack;  // -inf of 0
  double sum = 0;
  for (size_t tree = 0; tree < roots_.size(); ++tree) {
    if (sum + best_from_[tree] < needed) return 0;
    const Node* node = &nodes_[roots_[tree]];
    while (node->feature >= 0)
      node = &nodes_[features[static_cast<size_t>(node->feature)] < node->value ? node->below : node->above];
    sum += double{node->value};
  }
  return 1 / (1 + std::exp(-sum));
}

}  // namespace dongxi::requirement
