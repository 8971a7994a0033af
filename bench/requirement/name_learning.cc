#include "bench/requirement/name_learning.h"

#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/status_macros.h"
#include "engine/requirement/compare_indicators.h"
#include "engine/requirement/pair_features.h"

namespace dongxi::bench {
namespace {

using nlohmann::json;
using requirement::Indicator;
using requirement::kPairFeatureNames;
using requirement::kPairFeatures;
using requirement::ParseIndicators;
using requirement::Side;

constexpr size_t kNamesMax = 20'000;
// Each need is also set beside the offers of pairs so much farther on, of other fields.
constexpr size_t kStrangers[] = {1, 7, 19};

// What makes two names more alike may never count against them, nor the other way round, whatever the few
// hundred pairs say by chance.
std::vector<int> Signs() {
  static const std::map<std::string_view, int> kSigns = {{"likeness", 1},
                                                         {"margin", 1},
                                                         {"conflict", -1},
                                                         {"shared_qualifier", 1},
                                                         {"same_quantity", 1},
                                                         {"modifier_cosine", 1},
                                                         {"modifier_shared", 1},
                                                         {"name_shared", 1},
                                                         {"end_cosine", 1},
                                                         {"rest_contained", 1},
                                                         {"same_dimension", 1},
                                                         {"value_distance", -1},
                                                         {"common", 1},
                                                         {"both_rest", -1},
                                                         {"cosine_lead", 1},
                                                         {"likeness_lead", 1},
                                                         {"common_lead", 1},
                                                         {"distance_lead", -1},
                                                         {"need_likeness_lead", 1},
                                                         {"need_common_lead", 1},
                                                         {"need_distance_lead", -1}};
  std::vector<int> signs;
  for (const char* name : kPairFeatureNames) {
    const auto sign = kSigns.find(name);
    signs.push_back(sign == kSigns.end() ? 0 : sign->second);
  }
  return signs;
}

// Chosen by cross-validation over the parts (dongxi-bench train-names prints it).
TreeOptions NameTreeOptions() {
  return {.objective = TreeObjective::kYesOrNo,
          .rounds = 80,
          .depth = 3,
          .learning_rate = 0.15,
          .leaf_weight_min = 3,
          .shrinkage = 2,
          .monotone = Signs()};
}

constexpr char kHead[] =
    "# 两个指标是不是同一个量：提升树，由 dongxi-bench train-names 从人工标注的成对文本训练，不要手工修改。\n"
    "# tree, node: 树号与节点号，从 0 起按顺序；feature: 特征（engine/requirement/same_quantity.h），- "
    "为叶；\n"
    "# value: 叶的值（对数几率），或分界；below, above: 特征小于、不小于分界时去的节点。\n"
    "tree\tnode\tfeature\tvalue\tbelow\tabove\n";

bool Overlap(requirement::ByteSpan a, requirement::ByteSpan b) { return a.begin < b.end && b.begin < a.end; }

// Of each of the need's indicators: where the text of the result has its answer; nothing for those that no
// label holds or that nothing answers.
using Answers = std::vector<std::optional<requirement::ByteSpan>>;
Answers AnswersOf(const LabelledPair& pair, std::span<const Indicator> need) {
  Answers answers(need.size());
  std::vector<bool> used(need.size(), false);
  for (const LabelledIndicator& label : pair.indicators) {
    for (size_t i = 0; i < need.size(); ++i) {
      if (used[i] || !Overlap(need[i].value_span, label.need)) continue;
      used[i] = true;
      answers[i] = label.result;
      break;
    }
  }
  return answers;
}

// A text's answers as it stands, and what is left of it where fewer indicators stand there: each of the
// need's alone, and alone with an offer that does not answer it. Most offers of a catalogue say nothing of
// what a need asks, and many needs ask for one thing.
class RowMaker {
 public:
  explicit RowMaker(requirement::NameForms& names) : names_(names) { rows_.columns = kPairFeatures; }

  void Add(std::span<const Indicator> need, std::span<const Indicator> offer, const Answers& answers) {
    AddRows(need, offer, answers);
    for (size_t i = 0; i < need.size(); ++i) {
      AddRows(need.subspan(i, 1), offer, {answers[i]});
      if (!answers[i].has_value()) continue;
      std::vector<Indicator> others;
      for (const Indicator& one : offer) {
        if (!Overlap(one.value_span, *answers[i])) others.push_back(one);
      }
      AddRows(need.subspan(i, 1), others, {std::nullopt});
    }
  }

  void AddStranger(std::span<const Indicator> need, std::span<const Indicator> offer) {
    AddRows(need, offer, Answers(need.size()));
  }

  TreeRows Rows() && {
    rows_.group_sizes = {static_cast<unsigned>(rows_.size())};
    rows_.group_weights = {1};
    return std::move(rows_);
  }

 private:
  void AddRows(std::span<const Indicator> need, std::span<const Indicator> offer, const Answers& answers) {
    const requirement::FormsOfNames forms = requirement::FormsOf(need, names_);
    for (const requirement::IndicatorPair& one : requirement::ReadPairs(need, offer, forms, names_)) {
      const auto& answer = answers[one.need];
      const bool same = answer.has_value() && Overlap(offer[one.offer].value_span, *answer);
      rows_.features.insert(rows_.features.end(), one.features.begin(), one.features.end());
      rows_.labels.push_back(same ? 1 : 0);
      rows_.margins.push_back(0);
    }
  }

  requirement::NameForms& names_;
  TreeRows rows_;
};

// XGBoost calls the columns f0, f1, ...
std::optional<size_t> ColumnOf(const json& node) {
  if (!node.contains("split") || !node["split"].is_string()) return std::nullopt;
  const std::string name = node["split"].get<std::string>();
  size_t column = 0;
  const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), column);
  if (error != std::errc() || end != name.data() + name.size() || column >= kPairFeatures)
    return std::nullopt;
  return column;
}

struct Row {
  std::string feature = "-", value, below = "-", above = "-";
};

// Adds the node and all below it; children stand behind their parent.
absl::Status AddNode(const json& node, std::vector<Row>& rows) {
  if (node.contains("leaf")) {
    rows.push_back({.value = absl::StrFormat("%.9g", node["leaf"].get<double>())});
    return absl::OkStatus();
  }
  const std::optional<size_t> column = ColumnOf(node);
  if (!column || !node.contains("split_condition") || !node.contains("children"))
    return absl::InternalError("XGBoost dumped a node that is neither leaf nor split: " + node.dump());
  const size_t place = rows.size();
  rows.push_back({.feature = kPairFeatureNames[*column],
                  .value = absl::StrFormat("%.9g", node["split_condition"].get<double>())});
  for (const char* side : {"yes", "no"}) {
    (side[0] == 'y' ? rows[place].below : rows[place].above) = std::to_string(rows.size());
    for (const json& child : node["children"]) {
      if (child["nodeid"] == node[side]) DX_RETURN_IF_ERROR(AddNode(child, rows));
    }
  }
  return absl::OkStatus();
}

}  // namespace

TreeRows NameRows(std::span<const LabelledPair> pairs, const requirement::RequirementTables& tables,
                  const std::shared_ptr<const StaticModel>& model) {
  requirement::NameForms names(tables, model, kNamesMax);
  RowMaker maker(names);
  std::vector<std::vector<Indicator>> needs, offers;
  for (const LabelledPair& pair : pairs) {
    needs.push_back(ParseIndicators(pair.need, {.side = Side::kNeed}, tables));
    offers.push_back(ParseIndicators(pair.result, {.side = Side::kOffer}, tables));
    maker.Add(needs.back(), offers.back(), AnswersOf(pair, needs.back()));
  }
  // Most offers of a catalogue say nothing of what a need asks.
  for (size_t i = 0; i < pairs.size(); ++i) {
    for (const size_t step : kStrangers) maker.AddStranger(needs[i], offers[(i + step) % pairs.size()]);
  }
  return std::move(maker).Rows();
}

std::string NoNameModel() { return kHead; }

absl::StatusOr<std::string> LearnNames(const TreeRows& rows) {
  DX_ASSIGN_OR_RETURN(const BoostedTrees trees, TrainTrees(rows, NameTreeOptions()));
  std::string text = kHead;
  for (size_t tree = 0; tree < trees.dumps.size(); ++tree) {
    std::vector<Row> nodes;
    DX_RETURN_IF_ERROR(AddNode(json::parse(trees.dumps[tree], nullptr, /*allow_exceptions=*/false), nodes));
    for (size_t i = 0; i < nodes.size(); ++i) {
      absl::StrAppend(&text, tree, "\t", i, "\t", nodes[i].feature, "\t", nodes[i].value, "\t",
                      nodes[i].below, "\t", nodes[i].above, "\n");
    }
  }
  return text;
}

}  // namespace dongxi::bench
