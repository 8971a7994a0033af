#include "engine/match/learned_ranker.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

using nlohmann::json;

constexpr size_t kFileBytesMax = 64 << 20;
constexpr char kFormat[] = "dongxi-learned-ranker";
constexpr int kVersion = 1;

struct TargetKind {
  const char* name;
  RecordKind kind;
};
constexpr TargetKind kTargets[] = {
    {"result", RecordKind::kResult}, {"partner", RecordKind::kInstitution}, {"expert", RecordKind::kExpert}};

absl::Status Wrong(const std::string& what) { return absl::InvalidArgumentError(what); }

// A number that a float holds.
std::optional<double> FiniteNumber(const json& value) {
  if (!value.is_number()) return std::nullopt;
  const double number = value.get<double>();
  if (!(std::abs(number) <= double{std::numeric_limits<float>::max()})) return std::nullopt;
  return number;
}

std::optional<size_t> IndexBelow(const json& value, size_t limit) {
  if (!value.is_number_integer()) return std::nullopt;
  const auto number = value.get<int64_t>();
  if (number < 0 || static_cast<uint64_t>(number) >= limit) return std::nullopt;
  return static_cast<size_t>(number);
}

}  // namespace

class LearnedRankerReader {
 public:
  absl::StatusOr<std::shared_ptr<const LearnedRanker>> Read(const json& object) {
    DX_RETURN_IF_ERROR(CheckKeys(object));
    DX_RETURN_IF_ERROR(CheckHead(object));
    DX_RETURN_IF_ERROR(CheckFeatures(object["features"]));
    const json& trees = object["trees"];
    if (!trees.is_array() || trees.empty() || trees.size() > LearnedRanker::kTreesMax) {
      return Wrong("\"trees\" must be a list of 1 to " + std::to_string(LearnedRanker::kTreesMax) + " trees");
    }
    for (size_t i = 0; i < trees.size(); ++i) {
      const absl::Status added = AddTree(trees[i]);
      if (!added.ok()) return Wrong("tree " + std::to_string(i) + ": " + std::string(added.message()));
    }
    return std::shared_ptr<const LearnedRanker>(std::move(ranker_));
  }

 private:
  static absl::Status CheckKeys(const json& object) {
    if (!object.is_object()) return Wrong("not a JSON object");
    const std::set<std::string> expected = {"format", "version", "target", "features", "trees", "training"};
    for (const auto& [key, value] : object.items()) {
      if (!expected.contains(key)) return Wrong("unknown key \"" + key + "\"");
    }
    for (const std::string& key : expected) {
      if (key != "training" && !object.contains(key)) return Wrong("no key \"" + key + "\"");
    }
    return absl::OkStatus();
  }

  absl::Status CheckHead(const json& object) {
    if (object["format"] != kFormat) {
      return Wrong("\"format\" is " + object["format"].dump() + ", expected \"" + kFormat + "\"");
    }
    if (object["version"] != kVersion) {
      return Wrong("\"version\" is " + object["version"].dump() + ", this program reads " +
                   std::to_string(kVersion) + "; train it anew with dongxi-bench train-ranker");
    }
    for (const TargetKind& target : kTargets) {
      if (object["target"] != target.name) continue;
      ranker_->kind_ = target.kind;
      return absl::OkStatus();
    }
    return Wrong("\"target\" is " + object["target"].dump() +
                 ", expected \"result\", \"partner\" or \"expert\"");
  }

  static absl::Status CheckFeatures(const json& features) {
    if (!features.is_array() || features.size() != kLearnedFeatures) {
      return Wrong("\"features\" must be a list of " + std::to_string(kLearnedFeatures) +
                   " names; train it anew with dongxi-bench train-ranker");
    }
    for (size_t i = 0; i < kLearnedFeatures; ++i) {
      if (features[i] == kLearnedFeatureNames[i]) continue;
      return Wrong("feature " + std::to_string(i) + " is " + features[i].dump() + ", expected \"" +
                   kLearnedFeatureNames[i] + "\"; train it anew with dongxi-bench train-ranker");
    }
    return absl::OkStatus();
  }

  absl::Status AddTree(const json& tree) {
    if (!tree.is_array() || tree.empty() || tree.size() > LearnedRanker::kNodesMax) {
      return Wrong("must be a list of 1 to " + std::to_string(LearnedRanker::kNodesMax) + " nodes");
    }
    const auto root = static_cast<uint32_t>(ranker_->nodes_.size());
    ranker_->roots_.push_back(root);
    double lowest = std::numeric_limits<double>::infinity();
    std::vector<bool> has_parent(tree.size(), false);
    has_parent[0] = true;
    for (size_t i = 0; i < tree.size(); ++i) {
      const std::string place = "node " + std::to_string(i) + ": ";
      if (!has_parent[i]) return Wrong(place + "no node before it leads here");
      absl::StatusOr<LearnedRanker::Node> node = ReadNode(tree[i], i, tree.size());
      if (!node.ok()) return Wrong(place + std::string(node.status().message()));
      if (node->feature < 0) {
        lowest = std::min(lowest, node->value);
      } else {
        for (uint32_t* child : {&node->left, &node->right}) {
          if (has_parent[*child])
            return Wrong(place + "node " + std::to_string(*child) + " is the child of another already");
          has_parent[*child] = true;
          *child += root;
        }
      }
      ranker_->nodes_.push_back(*node);
    }
    ranker_->lowest_ += lowest;
    return absl::OkStatus();
  }

  // [value] or [feature, threshold, left, right]; children stand after their parent, so every walk ends.
  static absl::StatusOr<LearnedRanker::Node> ReadNode(const json& value, size_t at, size_t count) {
    LearnedRanker::Node node;
    if (value.is_array() && value.size() == 1) {
      const std::optional<double> leaf = FiniteNumber(value[0]);
      if (!leaf) return Wrong("value is " + value[0].dump() + ", expected a finite number");
      node.value = *leaf;
      return node;
    }
    if (!value.is_array() || value.size() != 4)
      return Wrong("expected [value] or [feature, threshold, left, right]");
    const std::optional<size_t> feature = IndexBelow(value[0], kLearnedFeatures);
    if (!feature) {
      return Wrong("feature is " + value[0].dump() + ", expected 0 to " +
                   std::to_string(kLearnedFeatures - 1));
    }
    const std::optional<double> threshold = FiniteNumber(value[1]);
    if (!threshold) return Wrong("threshold is " + value[1].dump() + ", expected a finite number");
    node.feature = static_cast<int>(*feature);
    node.threshold = static_cast<float>(*threshold);
    for (const auto& [name, index, child] :
         {std::tuple{"left", 2, &node.left}, std::tuple{"right", 3, &node.right}}) {
      const json& given = value[static_cast<size_t>(index)];
      const std::optional<size_t> found = IndexBelow(given, count);
      if (!found || *found <= at) {
        return Wrong(std::string(name) + " is " + given.dump() + ", expected a node after this one, up to " +
                     std::to_string(count - 1));
      }
      *child = static_cast<uint32_t>(*found);
    }
    return node;
  }

  std::shared_ptr<LearnedRanker> ranker_ = std::shared_ptr<LearnedRanker>(new LearnedRanker());
};

absl::StatusOr<std::shared_ptr<const LearnedRanker>> LearnedRanker::Load(const std::filesystem::path& file) {
  DX_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, kFileBytesMax));
  return Parse(file.string(), bytes);
}

absl::StatusOr<std::shared_ptr<const LearnedRanker>> LearnedRanker::Parse(const std::string& file_name,
                                                                          std::string_view content) {
  const json object = json::parse(content, nullptr, /*allow_exceptions=*/false);
  absl::StatusOr<std::shared_ptr<const LearnedRanker>> ranker = LearnedRankerReader().Read(object);
  if (!ranker.ok()) return Wrong(file_name + ": " + std::string(ranker.status().message()));
  return ranker;
}

double LearnedRanker::Sum(const LearnedFeatures& features) const {
  double sum = 0;
  for (const uint32_t root : roots_) {
    const Node* node = &nodes_[root];
    while (node->feature >= 0) {
      node =
          &nodes_[features[static_cast<size_t>(node->feature)] < node->threshold ? node->left : node->right];
    }
    sum += node->value;
  }
  return sum;
}

}  // namespace dongxi
