#include "engine/match/ranking_config.h"

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

using nlohmann::json;

constexpr size_t kConfigBytesMax = 1 << 16;

struct NumberKey {
  const char* key;
  double RankingConfig::*member;
  double low, high;
};

constexpr NumberKey kNumbers[] = {
    {"lexical_title", &RankingConfig::lexical_title, 0, 100},
    {"lexical_text", &RankingConfig::lexical_text, 0, 100},
    {"semantic_title", &RankingConfig::semantic_title, 0, 100},
    {"semantic_text", &RankingConfig::semantic_text, 0, 100},
    {"partner_decay", &RankingConfig::partner_decay, 0, 1},
    {"expert_decay", &RankingConfig::expert_decay, 0, 1},
    {"policy_boost_max", &RankingConfig::policy_boost_max, 0, 100},
    {"mode_boost_max", &RankingConfig::mode_boost_max, 0, 100},
    {"maturity_boost_max", &RankingConfig::maturity_boost_max, 0, 100},
    {"condition_boost_max", &RankingConfig::condition_boost_max, 0, 100},
    {"adequacy_title", &RankingConfig::adequacy_title, 0, 1},
    {"adequacy_text", &RankingConfig::adequacy_text, 0, 1},
    {"adequacy_semantic", &RankingConfig::adequacy_semantic, 0, 1},
    {"adequacy_threshold", &RankingConfig::adequacy_threshold, 0, 1},
};

constexpr int kVotesLimit = 100;

}  // namespace

absl::StatusOr<std::shared_ptr<const RankingConfig>> LoadRankingConfig(const std::string& file) {
  const auto wrong = [&](const std::string& what) { return absl::InvalidArgumentError(file + ": " + what); };
  DX_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, kConfigBytesMax));
  const json object = json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return wrong("not a JSON object");
  auto config = std::make_shared<RankingConfig>();
  std::set<std::string> expected = {"name", "votes_max"};
  if (!object.contains("name") || !object["name"].is_string()) return wrong("key \"name\" must be a text");
  config->name = object["name"].get<std::string>();
  if (!object.contains("votes_max") || !object["votes_max"].is_number_integer()) {
    return wrong("key \"votes_max\" must be a whole number");
  }
  const auto votes = object["votes_max"].get<int64_t>();
  if (votes < 1 || votes > kVotesLimit) return wrong("key \"votes_max\" must lie in 1 to 100");
  config->votes_max = static_cast<int>(votes);
  for (const NumberKey& number : kNumbers) {
    expected.insert(number.key);
    if (!object.contains(number.key) || !object[number.key].is_number()) {
      return wrong("key \"" + std::string(number.key) + "\" must be a number");
    }
    const double value = object[number.key].get<double>();
    if (!(value >= number.low && value <= number.high)) {
      return wrong("key \"" + std::string(number.key) + "\" is " + object[number.key].dump() + ", expected " +
                   json(number.low).dump() + " to " + json(number.high).dump());
    }
    (*config).*number.member = value;
  }
  for (const auto& [key, value] : object.items()) {
    if (!expected.contains(key)) return wrong("unknown key \"" + key + "\"");
  }
  return std::shared_ptr<const RankingConfig>(std::move(config));
}

}  // namespace dongxi
