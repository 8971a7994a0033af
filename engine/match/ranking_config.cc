#include "engine/match/ranking_config.h"

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <type_traits>

#include "engine/base/crc32c.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/match/learned_ranker.h"
#include "engine/match/ranking_profiles.h"

namespace dongxi {
namespace {

using nlohmann::json;

constexpr size_t kConfigBytesMax = 1 << 16;
constexpr size_t kLearnedBytesMax = size_t{64} << 20;
constexpr char kLearnedKey[] = "learned_ranker";

struct NumberKey {
  const char* key;
  double RankingConfig::*member;
  double low, high;
  bool optional = false;  // files of before the key, among them those kept for replay, do not have it
};

constexpr NumberKey kNumbers[] = {
    {"lexical", &RankingConfig::lexical, 0, 100},
    {"semantic", &RankingConfig::semantic, 0, 100},
    {"feedback", &RankingConfig::feedback, 0, 100},
    {"centrality_slope", &RankingConfig::centrality_slope, 0, 1000},
    {"concept_weight", &RankingConfig::concept_weight, 0, 10},
    {"partner_decay", &RankingConfig::partner_decay, 0, 1},
    {"expert_decay", &RankingConfig::expert_decay, 0, 1},
    {"policy_boost_max", &RankingConfig::policy_boost_max, 0, 100},
    {"mode_boost_max", &RankingConfig::mode_boost_max, 0, 100},
    {"maturity_boost_max", &RankingConfig::maturity_boost_max, 0, 100},
    {"condition_boost_max", &RankingConfig::condition_boost_max, 0, 100},
    {"cool_down_penalty", &RankingConfig::cool_down_penalty, 0, 100, true},
    {"standing_penalty", &RankingConfig::standing_penalty, 0, 100, true},
    {"adequacy_bias", &RankingConfig::adequacy_bias, -100, 100},
    {"adequacy_lexical", &RankingConfig::adequacy_lexical, 0, 1000},
    {"adequacy_semantic", &RankingConfig::adequacy_semantic, 0, 1000},
    {"adequacy_threshold", &RankingConfig::adequacy_threshold, 0, 1},
};

struct CountKey {
  const char* key;
  int RankingConfig::*member;
  int low, high;
  bool optional = false;
};

constexpr CountKey kCounts[] = {
    {"feedback_documents", &RankingConfig::feedback_documents, 1, 100},
    {"idf_power_quarters", &RankingConfig::idf_power_quarters, 0, 12},
    {"partner_votes", &RankingConfig::partner_votes, 1, 100},
    {"expert_votes", &RankingConfig::expert_votes, 1, 100},
    {"expert_open_matches_max", &RankingConfig::expert_open_matches_max, 1, 1'000, true},
};

// Reads the value of `key` if it is of the right kind and within [low, high].
template <typename Value, typename Key>
absl::Status ReadKey(const json& object, const Key& key, RankingConfig* config) {
  if (key.optional && !object.contains(key.key)) return absl::OkStatus();
  const bool wanted =
      object.contains(key.key) &&
      (std::is_integral_v<Value> ? object[key.key].is_number_integer() : object[key.key].is_number());
  if (!wanted) {
    return absl::InvalidArgumentError("key \"" + std::string(key.key) + "\" must be a " +
                                      (std::is_integral_v<Value> ? "whole number" : "number"));
  }
  const double value = object[key.key].template get<double>();
  if (!(value >= key.low && value <= key.high)) {
    return absl::InvalidArgumentError("key \"" + std::string(key.key) + "\" is " + object[key.key].dump() +
                                      ", expected " + json(key.low).dump() + " to " + json(key.high).dump());
  }
  (*config).*key.member = static_cast<Value>(value);
  return absl::OkStatus();
}

// The key may be absent.
absl::Status ReadLearned(const json& object, const std::string& file, RankingConfig* config) {
  if (!object.contains(kLearnedKey)) return absl::OkStatus();
  if (!object[kLearnedKey].is_string()) {
    return absl::InvalidArgumentError(file + ": key \"" + kLearnedKey + "\" must be a text");
  }
  const auto path = object[kLearnedKey].get<std::string>();
  if (path.empty()) return absl::OkStatus();
  DX_ASSIGN_OR_RETURN(config->learned, LearnedRanker::Load(std::filesystem::path(file).parent_path() / path));
  config->learned_file = path;
  return absl::OkStatus();
}

absl::Status SetDigest(const std::string& file, std::string_view bytes, RankingConfig* config) {
  uint32_t crc = Crc32c(bytes);
  if (!config->learned_file.empty()) {
    DX_ASSIGN_OR_RETURN(
        const std::string learned,
        ReadFile(std::filesystem::path(file).parent_path() / config->learned_file, kLearnedBytesMax));
    crc = Crc32c(learned, crc);
  }
  if (config->profiles != nullptr) {
    DX_ASSIGN_OR_RETURN(const std::string profiles,
                        ReadFile(std::filesystem::path(file).parent_path() / kProfilesFile, kConfigBytesMax));
    crc = Crc32c(profiles, crc);
  }
  char hex[16];
  std::snprintf(hex, sizeof(hex), "%08x", crc);
  config->digest = hex;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const RankingConfig>> LoadRankingConfig(const std::string& file) {
  const auto wrong = [&](const std::string& what) { return absl::InvalidArgumentError(file + ": " + what); };
  DX_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, kConfigBytesMax));
  const json object = json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return wrong("not a JSON object");
  auto config = std::make_shared<RankingConfig>();
  std::set<std::string> expected = {"name", kLearnedKey};
  if (!object.contains("name") || !object["name"].is_string()) return wrong("key \"name\" must be a text");
  config->name = object["name"].get<std::string>();
  for (const NumberKey& key : kNumbers) {
    expected.insert(key.key);
    const absl::Status read = ReadKey<double>(object, key, config.get());
    if (!read.ok()) return wrong(std::string(read.message()));
  }
  for (const CountKey& key : kCounts) {
    expected.insert(key.key);
    const absl::Status read = ReadKey<int>(object, key, config.get());
    if (!read.ok()) return wrong(std::string(read.message()));
  }
  for (const auto& [key, value] : object.items()) {
    if (!expected.contains(key)) return wrong("unknown key \"" + key + "\"");
  }
  DX_RETURN_IF_ERROR(ReadLearned(object, file, config.get()));
  const std::filesystem::path profiles = std::filesystem::path(file).parent_path() / kProfilesFile;
  if (std::error_code error; std::filesystem::exists(profiles, error)) {
    DX_ASSIGN_OR_RETURN(config->profiles, RankingProfiles::Load(profiles.string()));
  }
  DX_RETURN_IF_ERROR(SetDigest(file, bytes, config.get()));
  return std::shared_ptr<const RankingConfig>(std::move(config));
}

}  // namespace dongxi
