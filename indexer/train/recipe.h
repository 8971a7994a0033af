// The recipe of a trained model: which data enter, under which licence, and with which options. File:
// models/recipe.json.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/embed/train/static_trainer.h"
#include "engine/text/terms.h"

namespace dongxi {

enum class RecipeInputKind : uint8_t {
  kPapers,         // id, title, paragraphs (the abstract first)
  kKeywords,       // id of a paper read before, keywords
  kOwnedTitles,    // title, owners: titles of one owner are pairs
  kClassedTitles,  // title and a list of classes: titles of one class are pairs
  kTree,           // code, name, parent: a name and the names above it are pairs
  kLexicon,        // the program's lexicon; no file
};

// A row with a key `licence` that is not the input's is left out.
struct RecipeInput {
  RecipeInputKind kind = RecipeInputKind::kPapers;
  std::string file;         // below the folder of inputs; JSON Lines, .xz if packed
  std::string licence;      // required, so that a reader sees what the model may be used for
  std::string attribution;  // required
  size_t skip_first = 0;    // keywords: so many at the front of each list are left out (kept for measuring)
  std::string exclude_set;  // rows with this `set` are left out
  std::string class_key;    // classed_titles: key of the list of classes
};

struct Recipe {
  std::vector<RecipeInput> inputs;
  TrainOptions options;  // those that the result depends on
};

// Errors name file and key: InvalidArgument for anything unknown, missing or out of place.
absl::StatusOr<Recipe> ReadRecipe(const std::filesystem::path& file);

// Reads the inputs in their order. `go_on(done, total)`, files, may be null; false stops with Cancelled.
// Errors name file, line and key.
absl::StatusOr<TrainingCorpus> ReadInputs(const Recipe& recipe, const std::filesystem::path& folder,
                                          std::shared_ptr<const Lexicon> lexicon,
                                          const std::function<bool(uint64_t, uint64_t)>& go_on);

}  // namespace dongxi
