#include "engine/match/ranking_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace dongxi {
namespace {

using nlohmann::json;
using testing::HasSubstr;

absl::StatusOr<std::shared_ptr<const RankingConfig>> Load(const std::string& content) {
  const std::string file = testing::TempDir() + "/ranking_config_test.json";
  std::ofstream(file) << content;
  return LoadRankingConfig(file);
}

json Shipped() { return json::parse(std::ifstream("data/ranking/default.json")); }

TEST(RankingConfigTest, ShippedFileLoads) {
  const auto config = LoadRankingConfig("data/ranking/default.json");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_GT((*config)->adequacy_threshold, 0);
}

TEST(RankingConfigTest, EveryKeyIsNeededAndEveryOtherRefused) {
  json good = Shipped();
  for (const char* optional : {"cool_down_penalty", "expert_open_matches_max", "standing_penalty"})
    good.erase(optional);
  for (const auto& [key, value] : good.items()) {
    json bad = good;
    bad.erase(key);
    EXPECT_THAT(std::string(Load(bad.dump()).status().message()), HasSubstr(key));
  }
  json bad = good;
  bad["lexical_titel"] = 1;
  EXPECT_THAT(std::string(Load(bad.dump()).status().message()), HasSubstr("unknown key \"lexical_titel\""));
}

TEST(RankingConfigTest, FilesOfBeforeLedgerAndStandingCountedLoadWithTheDefaults) {
  json old = Shipped();
  old.erase("standing_penalty");
  old.erase("cool_down_penalty");
  old.erase("expert_open_matches_max");
  const auto config = Load(old.dump());
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ((*config)->cool_down_penalty, RankingConfig().cool_down_penalty);
  EXPECT_EQ((*config)->expert_open_matches_max, RankingConfig().expert_open_matches_max);
  EXPECT_EQ((*config)->standing_penalty, RankingConfig().standing_penalty);
  old["cool_down_penalty"] = -1;
  EXPECT_THAT(std::string(Load(old.dump()).status().message()), HasSubstr("\"cool_down_penalty\" is -1"));
}

TEST(RankingConfigTest, ValuesOutOfRangeAreNamed) {
  json bad = Shipped();
  bad["adequacy_threshold"] = 1.5;
  EXPECT_THAT(std::string(Load(bad.dump()).status().message()), HasSubstr("\"adequacy_threshold\" is 1.5"));
  bad = Shipped();
  bad["votes_max"] = 0;
  EXPECT_THAT(std::string(Load(bad.dump()).status().message()), HasSubstr("votes_max"));
  EXPECT_FALSE(Load("[]").ok());
  EXPECT_FALSE(Load("{").ok());
  EXPECT_FALSE(LoadRankingConfig("no/such/file.json").ok());
}

}  // namespace
}  // namespace dongxi
