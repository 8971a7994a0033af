#include "server/auto_build.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AutoBuildTest : public testing::Test {
 protected:
  AutoBuildTest() {
    options_.changes_min = 5;
    options_.changes_share = 0.5;
    options_.now = [this] { return now_; };
  }
  void Open() {
    auto opened = Catalogue::Open(data() / "catalogue");
    ASSERT_TRUE(opened.ok()) << opened.status();
    catalogue_ = *std::move(opened);
    AutoBuild::Hooks hooks;
    hooks.may_build = [this] { return may_build_; };
    hooks.start = [this] {
      ++started_;
      return absl::OkStatus();
    };
    hooks.last_failed = [this] { return last_failed_; };
    auto_build_ = std::make_unique<AutoBuild>(options_, GenerationFolder(data() / "generations"),
                                              catalogue_.get(), hooks, &log_);
  }
  void Change(int records) {
    for (int i = 0; i < records; ++i) {
      Record record;
      record.kind = RecordKind::kResult;
      record.id = "changed-" + std::to_string(++changed_);
      record.title = "新成果";
      ASSERT_TRUE(catalogue_->Upsert({record}, 1).ok());
    }
  }
  const std::filesystem::path& data() const { return folder_.path(); }

  TemporaryFolder folder_;
  const OperatorLog log_{nullptr};
  absl::Time now_ = absl::Now();
  AutoBuildOptions options_;
  std::unique_ptr<Catalogue> catalogue_;
  std::unique_ptr<AutoBuild> auto_build_;
  bool may_build_ = true;
  bool last_failed_ = false;
  int started_ = 0;
  int changed_ = 0;
};

TEST_F(AutoBuildTest, AnEmptyCatalogueBuildsNothingAndTheFirstWritesBuildOncePaused) {
  Open();
  EXPECT_THAT(auto_build_->Step(), IsEmpty());
  Change(1);
  EXPECT_THAT(auto_build_->Step(), IsEmpty()) << "more may come at once";
  EXPECT_THAT(auto_build_->Step(), HasSubstr("no generation yet"));
  EXPECT_EQ(started_, 1);
}

TEST_F(AutoBuildTest, WritesThatNeverPauseDelayTheFirstBuildTenSecondsAtMost) {
  Open();
  for (int second = 0; second < 10; ++second, now_ += absl::Seconds(1)) {
    Change(1);
    EXPECT_THAT(auto_build_->Step(), IsEmpty());
  }
  Change(1);
  EXPECT_THAT(auto_build_->Step(), HasSubstr("no generation yet"));
}

TEST_F(AutoBuildTest, EnoughChangesBuildAndFewDoNot) {
  WriteCatalogue(data(),
                 SmallCatalogue());  // 12 records: half of them and those that come is the larger bound
  Build(data());
  Open();
  EXPECT_THAT(auto_build_->Step(), IsEmpty());
  Change(12);
  EXPECT_THAT(auto_build_->Step(), IsEmpty()) << "12 of 24 is not more than half";
  Change(1);
  EXPECT_THAT(auto_build_->Step(), HasSubstr("13 records have changed"));
}

TEST_F(AutoBuildTest, AnOldGenerationIsBuiltAnewOnlyIfSomethingHasChanged) {
  WriteCatalogue(data(), SmallCatalogue());
  Build(data());
  Open();
  now_ += absl::Hours(25);
  EXPECT_THAT(auto_build_->Step(), IsEmpty());
  Change(1);
  EXPECT_THAT(auto_build_->Step(), HasSubstr("old"));
}

TEST_F(AutoBuildTest, OneAtATimeAMinuteApartAndLongerAfterFailures) {
  Open();
  Change(1);
  may_build_ = false;
  EXPECT_THAT(auto_build_->Step(), IsEmpty());
  EXPECT_THAT(auto_build_->Step(), IsEmpty());
  may_build_ = true;
  auto_build_->Step();
  EXPECT_THAT(auto_build_->Step(), HasSubstr("no generation yet"));
  EXPECT_THAT(auto_build_->Step(), IsEmpty());
  EXPECT_EQ(started_, 1);
  now_ += absl::Seconds(59);
  EXPECT_THAT(auto_build_->Step(), IsEmpty());
  now_ += absl::Seconds(2);
  last_failed_ = true;
  EXPECT_THAT(auto_build_->Step(), HasSubstr("no generation yet"));
  now_ += absl::Seconds(61);
  EXPECT_THAT(auto_build_->Step(), IsEmpty()) << "two minutes after a failure";
  now_ += absl::Seconds(61);
  EXPECT_THAT(auto_build_->Step(), HasSubstr("no generation yet"));
}

}  // namespace
}  // namespace dongxi
