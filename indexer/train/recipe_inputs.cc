#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "engine/base/status_macros.h"
#include "indexer/train/json_lines.h"
#include "indexer/train/recipe.h"

namespace dongxi {
namespace {

constexpr size_t kClassTextsMax = 200;  // a larger class says too little about its texts

using Groups = std::map<std::string, std::vector<uint32_t>>;  // in order of name: the same on every machine

class InputReader {
 public:
  explicit InputReader(TrainingCorpus* corpus) : corpus_(*corpus) {}

  absl::Status Read(const RecipeInput& input, const std::filesystem::path& file) {
    if (input.kind == RecipeInputKind::kLexicon) {
      const std::vector<TrainingPair> pairs = LexiconPairs(*corpus_.lexicon);
      corpus_.synonyms.insert(corpus_.synonyms.end(), pairs.begin(), pairs.end());
      return absl::OkStatus();
    }
    Groups groups;
    Tree tree;
    DX_RETURN_IF_ERROR(ReadJsonRows(file, [&](const JsonRow& row) -> absl::Status {
      DX_ASSIGN_OR_RETURN(const bool wanted, Wanted(input, row));
      if (!wanted) return absl::OkStatus();
      switch (input.kind) {
        case RecipeInputKind::kPapers:
          return AddPaper(row);
        case RecipeInputKind::kKeywords:
          return AddKeywords(input, row);
        case RecipeInputKind::kTree:
          return AddEntry(row, &tree);
        default:
          return AddTitle(input, row, &groups);
      }
    }));
    AddTreePairs(tree);
    const bool owned = input.kind == RecipeInputKind::kOwnedTitles;
    TakeGroups(std::move(groups), owned ? SIZE_MAX : kClassTextsMax,
               owned ? &corpus_.same_owner : &corpus_.same_class);
    return absl::OkStatus();
  }

 private:
  struct Tree {
    std::map<std::string, std::pair<std::string, std::string>> entries;  // code: name, parent
    std::vector<std::string> order;
  };

  static absl::StatusOr<bool> Wanted(const RecipeInput& input, const JsonRow& row) {
    DX_ASSIGN_OR_RETURN(const std::string licence, row.Text("licence"));
    if (!licence.empty() && licence != input.licence) return false;
    if (input.exclude_set.empty()) return true;
    DX_ASSIGN_OR_RETURN(const std::string set, row.Text("set"));
    return set != input.exclude_set;
  }

  absl::Status AddPaper(const JsonRow& row) {
    DX_ASSIGN_OR_RETURN(const std::string id, row.Text("id", /*required=*/true));
    TrainingText text;
    DX_ASSIGN_OR_RETURN(text.title, row.Text("title"));
    DX_ASSIGN_OR_RETURN(text.paragraphs, row.Texts("paragraphs"));
    paper_of_.insert_or_assign(id, static_cast<uint32_t>(corpus_.texts.size()));
    corpus_.texts.push_back(std::move(text));
    return absl::OkStatus();
  }

  absl::Status AddKeywords(const RecipeInput& input, const JsonRow& row) {
    DX_ASSIGN_OR_RETURN(const std::string id, row.Text("id", /*required=*/true));
    DX_ASSIGN_OR_RETURN(const std::vector<std::string> keywords, row.Texts("keywords"));
    const auto paper = paper_of_.find(id);
    if (paper == paper_of_.end()) return absl::OkStatus();
    std::vector<std::string>& to = corpus_.texts[paper->second].keywords;
    for (size_t i = input.skip_first; i < keywords.size(); ++i) to.push_back(keywords[i]);
    return absl::OkStatus();
  }

  absl::Status AddTitle(const RecipeInput& input, const JsonRow& row, Groups* groups) {
    const std::string key = input.kind == RecipeInputKind::kOwnedTitles ? "owners" : input.class_key;
    TrainingText text;
    DX_ASSIGN_OR_RETURN(text.title, row.Text("title", /*required=*/true));
    DX_ASSIGN_OR_RETURN(const std::vector<std::string> names, row.Texts(key));
    for (const std::string& name : names)
      (*groups)[name].push_back(static_cast<uint32_t>(corpus_.texts.size()));
    corpus_.texts.push_back(std::move(text));
    return absl::OkStatus();
  }

  static void TakeGroups(Groups groups, size_t below, std::vector<std::vector<uint32_t>>* to) {
    for (auto& [name, texts] : groups) {
      if (texts.size() >= 2 && texts.size() < below) to->push_back(std::move(texts));
    }
  }

  static absl::Status AddEntry(const JsonRow& row, Tree* tree) {
    DX_ASSIGN_OR_RETURN(const std::string code, row.Text("code", /*required=*/true));
    DX_ASSIGN_OR_RETURN(std::string name, row.Text("name", /*required=*/true));
    DX_ASSIGN_OR_RETURN(std::string parent, row.Text("parent"));
    if (tree->entries.insert_or_assign(code, std::pair(std::move(name), std::move(parent))).second) {
      tree->order.push_back(code);
    }
    return absl::OkStatus();
  }

  // Each name with its parent's, and with its parent's and grandparent's.
  void AddTreePairs(const Tree& tree) {
    for (const std::string& code : tree.order) {
      const auto& [name, parent_code] = tree.entries.at(code);
      const auto parent = tree.entries.find(parent_code);
      if (parent == tree.entries.end() || parent_code == code) continue;
      corpus_.tree.push_back({name, parent->second.first});
      const auto above = tree.entries.find(parent->second.second);
      if (above == tree.entries.end()) continue;
      corpus_.tree.push_back({name, parent->second.first + " " + above->second.first});
    }
  }

  TrainingCorpus& corpus_;
  absl::flat_hash_map<std::string, uint32_t> paper_of_;
};

}  // namespace

absl::StatusOr<TrainingCorpus> ReadInputs(const Recipe& recipe, const std::filesystem::path& folder,
                                          std::shared_ptr<const Lexicon> lexicon,
                                          const std::function<bool(uint64_t, uint64_t)>& go_on) {
  TrainingCorpus corpus;
  corpus.lexicon = std::move(lexicon);
  InputReader reader(&corpus);
  for (size_t i = 0; i < recipe.inputs.size(); ++i) {
    if (go_on && !go_on(i, recipe.inputs.size())) return absl::CancelledError("training cancelled");
    DX_RETURN_IF_ERROR(reader.Read(recipe.inputs[i], folder / recipe.inputs[i].file));
  }
  return corpus;
}

}  // namespace dongxi
