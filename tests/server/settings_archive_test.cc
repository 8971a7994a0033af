#include "server/settings_archive.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

class SettingsArchiveTest : public testing::Test {
 protected:
  void SetUp() override {
    auto policy = LoadPolicy("data/policy");
    auto ranking = LoadRankingConfig("data/ranking/default.json");
    ASSERT_TRUE(policy.ok() && ranking.ok());
    policy_ = *std::move(policy);
    ranking_ = *std::move(ranking);
  }
  absl::Status Keep() { return archive_.Keep(*policy_, *ranking_); }

  TemporaryFolder folder_;
  const std::filesystem::path root_ = folder_.path() / "settings";
  absl::Time now_ = absl::UnixEpoch();
  std::shared_ptr<const Policy> policy_;
  std::shared_ptr<const RankingConfig> ranking_;
  SettingsArchive archive_{root_, "data/policy", "data/ranking/default.json", [this] { return now_; }};
};

TEST_F(SettingsArchiveTest, WhatCouldNotBeKeptIsTriedAgainWithoutARestart) {
  std::ofstream(root_) << "in the way of the folder, as a full disk would be";
  EXPECT_FALSE(Keep().ok());
  std::filesystem::remove(root_);
  EXPECT_TRUE(Keep().ok());
  EXPECT_FALSE(archive_.OpenPolicy(policy_->version()).ok()) << "a pause: every answer asks";
  now_ += absl::Minutes(1);
  EXPECT_TRUE(Keep().ok());
  EXPECT_TRUE(archive_.OpenPolicy(policy_->version()).ok());
  EXPECT_TRUE(archive_.OpenRanking(ranking_->digest).ok());
}

TEST_F(SettingsArchiveTest, WhatIsKeptIsNotLookedAtAgain) {
  ASSERT_TRUE(Keep().ok());
  std::filesystem::remove_all(root_);
  now_ += absl::Hours(1);
  EXPECT_TRUE(Keep().ok());
  EXPECT_FALSE(std::filesystem::exists(root_));
}

}  // namespace
}  // namespace dongxi
