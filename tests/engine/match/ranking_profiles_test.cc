#include "engine/match/ranking_profiles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "engine/match/ranking_config.h"

namespace dongxi {
namespace {

using testing::HasSubstr;

absl::StatusOr<std::shared_ptr<const RankingProfiles>> Load(const std::string& content) {
  const std::string file = testing::TempDir() + "/ranking_profiles_test.json";
  std::ofstream(file) << content;
  return RankingProfiles::Load(file);
}

TEST(RankingProfilesTest, ShippedProfilesComeWithTheRankingAndTheFirstChangesNothing) {
  const auto config = LoadRankingConfig("data/ranking/default.json");
  ASSERT_TRUE(config.ok()) << config.status();
  ASSERT_NE((*config)->profiles, nullptr);
  for (const char* name : {"default", "policy_first", "mature_first", "regional_balance"})
    EXPECT_NE((*config)->profiles->Find(name), nullptr) << name;
  EXPECT_EQ((*config)->profiles->Find("no such"), nullptr);
  EXPECT_EQ(Weighed(*config, (*config)->profiles->all().front().weights), *config);
}

// A profile moves a weight by its factor and touches nothing else.
TEST(RankingProfilesTest, WeightsStayWithinTheirBoundsForEveryProfile) {
  const auto config = *LoadRankingConfig("data/ranking/default.json");
  for (const RankingProfile& profile : config->profiles->all()) {
    SCOPED_TRACE(profile.name);
    for (const WeightSpec& spec : WeightSpecs()) {
      EXPECT_GE(profile.weights[spec.kind], spec.low);
      EXPECT_LE(profile.weights[spec.kind], spec.high);
    }
    const auto weighed = Weighed(config, profile.weights);
    EXPECT_EQ(weighed->policy_boost_max, config->policy_boost_max * profile.weights[WeightKind::kPolicy]);
    EXPECT_EQ(weighed->lexical, config->lexical * profile.weights[WeightKind::kLexical]);
    EXPECT_EQ(weighed->adequacy_threshold, config->adequacy_threshold);
    EXPECT_EQ(weighed->partner_votes, config->partner_votes);
  }
}

struct BadFile {
  const char *name, *content, *message;
};
constexpr BadFile kBadFiles[] = {
    {"NotJson", "{", "the one key"},
    {"NoDefault", R"({"profiles": [{"name": "x", "title": "x"}]})", "must be \"default\""},
    {"DefaultThatChanges", R"({"profiles": [{"name": "default", "title": "d", "weights": {"policy": 2}}]})",
     "change nothing"},
    {"OutOfBounds",
     R"({"profiles": [{"name": "default", "title": "d"}, {"name": "x", "title": "x", "weights": {"policy": 2.5}}]})",
     "profile \"x\".weights.policy is 2.5: expected 0.0 to 2.0"},
    {"UnknownWeight", R"({"profiles": [{"name": "default", "title": "d", "weights": {"poliy": 1}}]})",
     "unknown key \"poliy\""},
    {"Twice", R"({"profiles": [{"name": "default", "title": "d"}, {"name": "default", "title": "d"}]})",
     "twice"},
    {"TooDiverse", R"({"profiles": [{"name": "default", "title": "d", "diversity": 0.9}]})", "0.9"},
};

TEST(RankingProfilesTest, BadFilesAreNamed) {
  for (const BadFile& c : kBadFiles) {
    SCOPED_TRACE(c.name);
    EXPECT_THAT(std::string(Load(c.content).status().message()), HasSubstr(c.message));
  }
}

}  // namespace
}  // namespace dongxi
