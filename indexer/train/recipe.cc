#include "indexer/train/recipe.h"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <type_traits>

#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

using Json = nlohmann::json;

constexpr size_t kRecipeBytesMax = size_t{1} << 20;
constexpr std::array<std::string_view, 6> kKindNames = {"papers",         "keywords", "owned_titles",
                                                        "classed_titles", "tree",     "lexicon"};

// An object of the recipe with its place in the file; takes its keys one by one and at the end asks whether
// one is left.
class Keys {
 public:
  static absl::StatusOr<Keys> Of(const Json& value, std::string place) {
    if (!value.is_object()) {
      place.resize(place.find_last_not_of(".: ") + 1);
      return absl::InvalidArgumentError(place + ": expected an object");
    }
    return Keys(value, std::move(place));
  }

  absl::Status Error(const std::string& key, const std::string& what) const {
    return absl::InvalidArgumentError(place_ + key + ": " + what);
  }

  // Leaves `value` as it is if the key is absent.
  template <typename T>
  absl::Status Number(const std::string& key, T* value) {
    const Json* found = Take(key);
    if (found == nullptr) return absl::OkStatus();
    if constexpr (std::is_integral_v<T>) {
      const bool fits = found->is_number_unsigned() &&
                        found->get<uint64_t>() <= static_cast<uint64_t>(std::numeric_limits<T>::max());
      if (!fits) return Error(key, "expected a whole number, 0 or more");
    } else if (!found->is_number()) {
      return Error(key, "expected a number");
    }
    *value = found->get<T>();
    return absl::OkStatus();
  }

  absl::Status Text(const std::string& key, bool required, std::string* value) {
    const Json* found = Take(key);
    if (found == nullptr) return required ? Error(key, "missing; expected a text") : absl::OkStatus();
    if (!found->is_string() || found->get_ref<const std::string&>().empty()) {
      return Error(key, "expected a text that is not empty");
    }
    *value = found->get<std::string>();
    return absl::OkStatus();
  }

  // Null if the key is absent.
  const Json* Take(const std::string& key) {
    const auto found = object_->find(key);
    if (found == object_->end()) return nullptr;
    taken_.push_back(key);
    return &*found;
  }

  absl::Status NothingLeft() const {
    for (const auto& [key, value] : object_->items()) {
      if (std::find(taken_.begin(), taken_.end(), key) == taken_.end())
        return Error(key, "unknown key; remove it");
    }
    return absl::OkStatus();
  }

 private:
  Keys(const Json& object, std::string place) : object_(&object), place_(std::move(place)) {}
  const Json* object_;
  std::string place_;  // "file: inputs[2]."
  std::vector<std::string> taken_;
};

absl::Status ReadSizes(Keys& keys, TrainOptions* options) {
  const Json* sizes = keys.Take("sizes");
  if (sizes == nullptr) return absl::OkStatus();
  options->sizes.clear();
  if (!sizes->is_array()) return keys.Error("sizes", "expected a list of whole numbers");
  for (const Json& size : *sizes) {
    if (!size.is_number_unsigned()) return keys.Error("sizes", "expected a list of whole numbers");
    options->sizes.push_back(size.get<int>());
  }
  return absl::OkStatus();
}

absl::Status ReadOptions(const Json& value, const std::string& place, TrainOptions* options) {
  DX_ASSIGN_OR_RETURN(Keys keys, Keys::Of(value, place));
  DX_RETURN_IF_ERROR(keys.Number("dim", &options->dim));
  DX_RETURN_IF_ERROR(ReadSizes(keys, options));
  DX_RETURN_IF_ERROR(keys.Number("vocabulary_max", &options->vocabulary_max));
  DX_RETURN_IF_ERROR(keys.Number("df_min", &options->df_min));
  DX_RETURN_IF_ERROR(keys.Number("steps", &options->steps));
  DX_RETURN_IF_ERROR(keys.Number("batch", &options->batch));
  DX_RETURN_IF_ERROR(keys.Number("learning_rate", &options->learning_rate));
  DX_RETURN_IF_ERROR(keys.Number("temperature", &options->temperature));
  DX_RETURN_IF_ERROR(keys.Number("hard_share", &options->hard_share));
  DX_RETURN_IF_ERROR(keys.Number("seed", &options->seed));
  return keys.NothingLeft();
}

absl::Status ReadShares(const Json& value, const std::string& place, TrainOptions* options) {
  DX_ASSIGN_OR_RETURN(Keys keys, Keys::Of(value, place));
  options->shares = {};  // a kind that is not named has no share
  for (size_t i = 0; i < kPairKinds; ++i) {
    DX_RETURN_IF_ERROR(keys.Number(std::string(kPairKindNames[i]), &options->shares[i]));
  }
  return keys.NothingLeft();
}

absl::StatusOr<RecipeInputKind> ReadKind(Keys& keys) {
  std::string name;
  DX_RETURN_IF_ERROR(keys.Text("kind", true, &name));
  const auto found = std::find(kKindNames.begin(), kKindNames.end(), name);
  if (found != kKindNames.end()) return static_cast<RecipeInputKind>(found - kKindNames.begin());
  std::string expected;
  for (const std::string_view kind : kKindNames)
    expected += (expected.empty() ? "" : ", ") + std::string(kind);
  return keys.Error("kind", "found '" + name + "', expected one of " + expected);
}

absl::StatusOr<RecipeInput> ReadInput(const Json& value, const std::string& place) {
  DX_ASSIGN_OR_RETURN(Keys keys, Keys::Of(value, place));
  RecipeInput input;
  DX_ASSIGN_OR_RETURN(input.kind, ReadKind(keys));
  DX_RETURN_IF_ERROR(keys.Text("licence", true, &input.licence));
  DX_RETURN_IF_ERROR(keys.Text("attribution", true, &input.attribution));
  if (input.kind != RecipeInputKind::kLexicon) DX_RETURN_IF_ERROR(keys.Text("file", true, &input.file));
  if (input.kind == RecipeInputKind::kKeywords)
    DX_RETURN_IF_ERROR(keys.Number("skip_first", &input.skip_first));
  if (input.kind == RecipeInputKind::kClassedTitles) {
    DX_RETURN_IF_ERROR(keys.Text("class", true, &input.class_key));
  }
  DX_RETURN_IF_ERROR(keys.Text("exclude_set", false, &input.exclude_set));
  DX_RETURN_IF_ERROR(keys.NothingLeft());
  return input;
}

}  // namespace

absl::StatusOr<Recipe> ReadRecipe(const std::filesystem::path& file) {
  DX_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, kRecipeBytesMax));
  const Json json = Json::parse(bytes, nullptr, false);
  const std::string place = file.string() + ": ";
  if (json.is_discarded()) return absl::InvalidArgumentError(place + "not valid JSON");
  DX_ASSIGN_OR_RETURN(Keys keys, Keys::Of(json, place));
  Recipe recipe;
  std::string about;
  DX_RETURN_IF_ERROR(keys.Text("about", false, &about));
  if (const Json* options = keys.Take("options")) {
    DX_RETURN_IF_ERROR(ReadOptions(*options, place + "options.", &recipe.options));
  }
  if (const Json* shares = keys.Take("shares")) {
    DX_RETURN_IF_ERROR(ReadShares(*shares, place + "shares.", &recipe.options));
  }
  const Json* inputs = keys.Take("inputs");
  if (inputs == nullptr || !inputs->is_array() || inputs->empty()) {
    return keys.Error("inputs", "expected a list of inputs, at least one");
  }
  for (size_t i = 0; i < inputs->size(); ++i) {
    DX_ASSIGN_OR_RETURN(RecipeInput input,
                        ReadInput((*inputs)[i], place + "inputs[" + std::to_string(i) + "]."));
    recipe.inputs.push_back(std::move(input));
  }
  DX_RETURN_IF_ERROR(keys.NothingLeft());
  return recipe;
}

}  // namespace dongxi
