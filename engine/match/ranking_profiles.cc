#include "engine/match/ranking_profiles.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/match/ranking_config.h"

namespace dongxi {
namespace {

using nlohmann::json;

constexpr size_t kProfilesBytesMax = 1 << 16;
constexpr char kDefaultName[] = "default";

// Matching quality is measured with the default; within these bounds a profile shifts it without turning it
// over.
constexpr WeightSpec kSpecs[] = {
    {WeightKind::kLexical, "lexical", 0.5, 2},   {WeightKind::kSemantic, "semantic", 0.5, 2},
    {WeightKind::kFeedback, "feedback", 0, 2},   {WeightKind::kPolicy, "policy", 0, 2},
    {WeightKind::kMode, "mode", 0, 3},           {WeightKind::kMaturity, "maturity", 0, 3},
    {WeightKind::kCondition, "condition", 0, 3},
};
static_assert(std::size(kSpecs) == kWeightKinds);

absl::Status Wrong(const std::string& where, const std::string& expected) {
  return absl::InvalidArgumentError(where + ": expected " + expected);
}

// A number within the bounds, or `fallback` if the key is absent.
absl::StatusOr<double> Number(const json& object, const std::string& where, const std::string& key,
                              double low, double high, double fallback) {
  if (!object.contains(key)) return fallback;
  const json& value = object[key];
  if (value.is_number() && value.get<double>() >= low && value.get<double>() <= high)
    return value.get<double>();
  return Wrong(where + "." + key + " is " + value.dump(), json(low).dump() + " to " + json(high).dump());
}

absl::Status KnowsKeys(const json& object, const std::string& where, std::vector<std::string_view> known) {
  if (!object.is_object()) return Wrong(where, "an object");
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) == known.end())
      return absl::InvalidArgumentError(where + ": unknown key \"" + key + "\"");
  }
  return absl::OkStatus();
}

absl::Status ReadWeights(const json& object, const std::string& where, RankingWeights& weights) {
  std::vector<std::string_view> known;
  for (const WeightSpec& spec : kSpecs) known.push_back(spec.name);
  DX_RETURN_IF_ERROR(KnowsKeys(object, where, std::move(known)));
  for (const WeightSpec& spec : kSpecs) {
    DX_ASSIGN_OR_RETURN(weights.factors[static_cast<size_t>(spec.kind)],
                        Number(object, where, std::string(spec.name), spec.low, spec.high, 1));
  }
  return absl::OkStatus();
}

absl::StatusOr<RankingProfile> ReadProfile(const json& object, const std::string& place) {
  DX_RETURN_IF_ERROR(KnowsKeys(
      object, place, {"name", "title", "weights", "diversity", "region_share", "per_institution_max"}));
  RankingProfile profile;
  for (const auto& [key, text] : {std::pair("name", &profile.name), std::pair("title", &profile.title)}) {
    if (!object.contains(key) || !object[key].is_string() || object[key].get<std::string>().empty())
      return Wrong(place + "." + key, "a text");
    *text = object[key].get<std::string>();
  }
  const std::string where = "profile \"" + profile.name + "\"";
  if (object.contains("weights"))
    DX_RETURN_IF_ERROR(ReadWeights(object["weights"], where + ".weights", profile.weights));
  DX_ASSIGN_OR_RETURN(profile.diversity.lambda, Number(object, where, "diversity", 0, kDiversityMax, 0));
  DX_ASSIGN_OR_RETURN(profile.diversity.region_share, Number(object, where, "region_share", 0, 1, 0));
  DX_ASSIGN_OR_RETURN(const double most,
                      Number(object, where, "per_institution_max", 0, kMatchEntriesMax, 0));
  profile.per_institution_max = static_cast<int>(most);
  if (profile.per_institution_max != most) return Wrong(where + ".per_institution_max", "a whole number");
  return profile;
}

bool ChangesNothing(const RankingProfile& profile) {
  return profile.weights == RankingWeights() && profile.diversity == Diversity() &&
         profile.per_institution_max == 0;
}

}  // namespace

std::span<const WeightSpec> WeightSpecs() { return kSpecs; }

const RankingProfile* RankingProfiles::Find(std::string_view name) const {
  const auto found = std::find_if(profiles_.begin(), profiles_.end(),
                                  [name](const RankingProfile& profile) { return profile.name == name; });
  return found == profiles_.end() ? nullptr : &*found;
}

std::shared_ptr<const RankingProfiles> RankingProfiles::DefaultOnly() {
  auto profiles = std::make_shared<RankingProfiles>();
  RankingProfile& only = profiles->profiles_.emplace_back();
  only.name = kDefaultName;
  only.title = "均衡";
  return profiles;
}

absl::StatusOr<std::shared_ptr<const RankingProfiles>> RankingProfiles::Load(const std::string& file) {
  const auto wrong = [&](const std::string& what) { return absl::InvalidArgumentError(file + ": " + what); };
  DX_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, kProfilesBytesMax));
  const json object = json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object() || object.size() != 1 || !object.contains("profiles") ||
      !object["profiles"].is_array()) {
    return wrong("expected an object with the one key \"profiles\", a list");
  }
  auto profiles = std::make_shared<RankingProfiles>();
  for (const json& item : object["profiles"]) {
    const std::string place = "profiles[" + std::to_string(profiles->profiles_.size()) + "]";
    absl::StatusOr<RankingProfile> profile = ReadProfile(item, place);
    if (!profile.ok()) return wrong(std::string(profile.status().message()));
    if (profiles->Find(profile->name) != nullptr) return wrong("profile \"" + profile->name + "\" twice");
    profiles->profiles_.push_back(*std::move(profile));
  }
  if (profiles->profiles_.empty() || profiles->profiles_.front().name != kDefaultName ||
      !ChangesNothing(profiles->profiles_.front())) {
    return wrong("the first profile must be \"default\" and change nothing");
  }
  return std::shared_ptr<const RankingProfiles>(std::move(profiles));
}

std::shared_ptr<const RankingConfig> Weighed(std::shared_ptr<const RankingConfig> base,
                                             const RankingWeights& weights) {
  if (weights == RankingWeights()) return base;
  auto weighed = std::make_shared<RankingConfig>(*base);
  weighed->lexical *= weights[WeightKind::kLexical];
  weighed->semantic *= weights[WeightKind::kSemantic];
  weighed->feedback *= weights[WeightKind::kFeedback];
  weighed->policy_boost_max *= weights[WeightKind::kPolicy];
  weighed->mode_boost_max *= weights[WeightKind::kMode];
  weighed->maturity_boost_max *= weights[WeightKind::kMaturity];
  weighed->condition_boost_max *= weights[WeightKind::kCondition];
  return weighed;
}

}  // namespace dongxi
