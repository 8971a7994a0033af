#include "bench/learn/ranker_file.h"

#include <charconv>
#include <optional>

#include "engine/base/status_macros.h"
#include "engine/match/learned_ranker.h"

namespace dongxi::bench {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// XGBoost calls the columns f0, f1, ...
std::optional<size_t> ColumnOf(const json& node) {
  if (!node.contains("split") || !node["split"].is_string()) return std::nullopt;
  const std::string name = node["split"].get<std::string>();
  size_t column = 0;
  const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), column);
  if (name.empty() || name[0] != 'f' || error != std::errc() || end != name.data() + name.size() ||
      column >= kLearnedFeatures) {
    return std::nullopt;
  }
  return column;
}

const json* ChildOf(const json& node, const char* side) {
  if (!node.contains(side) || !node.contains("children") || !node["children"].is_array()) return nullptr;
  for (const json& child : node["children"]) {
    if (child.is_object() && child.contains("nodeid") && child["nodeid"] == node[side]) return &child;
  }
  return nullptr;
}

// Adds the node and all below it; children stand after their parent.
absl::Status AddNode(const json& node, double scale, ordered_json& nodes) {
  if (node.is_object() && node.contains("leaf") && node["leaf"].is_number()) {
    nodes.push_back({node["leaf"].get<double>() * scale});
    return absl::OkStatus();
  }
  const std::optional<size_t> column = node.is_object() ? ColumnOf(node) : std::nullopt;
  if (!column || !node.contains("split_condition") || !node["split_condition"].is_number()) {
    return absl::InternalError("XGBoost dumped a node that is neither leaf nor split: " + node.dump());
  }
  const size_t place = nodes.size();
  nodes.push_back({*column, node["split_condition"].get<double>(), 0, 0});
  size_t at = 2;
  for (const char* side : {"yes", "no"}) {
    const json* child = ChildOf(node, side);
    if (child == nullptr)
      return absl::InternalError("XGBoost dumped a split without its children: " + node.dump());
    nodes[place][at++] = nodes.size();
    DX_RETURN_IF_ERROR(AddNode(*child, scale, nodes));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> RankerFile(const std::string& target, const std::vector<std::string>& dumps,
                                       double scale, const ordered_json& training) {
  ordered_json file = {{"format", "dongxi-learned-ranker"}, {"version", 1}, {"target", target}};
  file["features"] = kLearnedFeatureNames;
  if (!training.is_null()) file["training"] = training;
  // A tree a line, so that two files can be compared.
  std::string text = file.dump(1);
  text.erase(text.rfind('\n'));
  text += ",\n \"trees\": [";
  for (size_t i = 0; i < dumps.size(); ++i) {
    const json tree = json::parse(dumps[i], nullptr, /*allow_exceptions=*/false);
    ordered_json nodes = ordered_json::array();
    DX_RETURN_IF_ERROR(AddNode(tree, scale, nodes));
    text += (i == 0 ? "\n  " : ",\n  ") + nodes.dump();
  }
  return text + "\n ]\n}\n";
}

}  // namespace dongxi::bench
