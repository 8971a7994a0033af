// Who publishes, removes and rolls back at the same time, or twice: CURRENT names a whole generation, and a
// roll-back goes back from the generation that it was meant for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "dongxi/v1/admin.grpc.pb.h"
#include "engine/index/manifest.h"
#include "indexer/build/build_folder.h"
#include "server/admin_jobs.h"
#include "server/grpc_status.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr int kRounds = 20;  // one round may find the two one after the other

class GenerationChangesTest : public testing::Test {
 protected:
  // Two generations, of which the second is CURRENT, and copies of both.
  void SetUp() override {
    WriteCatalogue(data(), SmallCatalogue());
    first_ = Build(data());
    Record more;
    more.kind = RecordKind::kResult;
    more.id = "more";
    more.title = "新成果";
    WriteCatalogue(data(), {more});
    second_ = Build(data());
    ASSERT_FALSE(first_.empty());
    ASSERT_NE(second_, first_);
    fs::create_directory(data() / "kept");
    for (const std::string& name : {first_, second_})
      fs::copy(generations() / name, data() / "kept" / name, fs::copy_options::recursive);
  }
  // Without a server, which would hold the catalogue.
  void OpenJobs() {
    auto catalogue = Catalogue::Open(data() / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    catalogue_ = *std::move(catalogue);
    AdminJobsOptions options;
    options.data = data();
    jobs_ = std::make_unique<AdminJobs>(options, catalogue_.get(), &state_, &log_);
  }
  // Both generations there, the second CURRENT.
  void Restore() {
    for (const std::string& name : {first_, second_}) {
      if (!fs::exists(generations() / name))
        fs::copy(data() / "kept" / name, generations() / name, fs::copy_options::recursive);
    }
    const absl::Status published = jobs_->Publish(second_, /*hold=*/false);
    ASSERT_TRUE(published.ok()) << published;
  }
  // Publishes the first generation while `remove` runs.
  template <typename Remove>
  absl::Status PublishWhile(const Remove& remove) {
    absl::Status published;
    std::barrier together(2);
    std::thread other([&] {
      together.arrive_and_wait();
      published = jobs_->Publish(first_, /*hold=*/false);
    });
    together.arrive_and_wait();
    remove();
    other.join();
    return published;
  }
  std::string Current() const {
    const absl::StatusOr<std::string> current = ReadCurrent(generations());
    return current.ok() ? *current : "none";
  }
  fs::path data() const { return folder_.path(); }
  fs::path generations() const { return data() / "generations"; }

  TemporaryFolder folder_;
  std::string first_, second_;
  const OperatorLog log_{nullptr};
  ServingState state_{*LoadPolicy("data/policy"), *LoadRankingConfig("data/ranking/default.json")};
  std::unique_ptr<Catalogue> catalogue_;
  std::unique_ptr<AdminJobs> jobs_;
};

TEST_F(GenerationChangesTest, AGenerationIsEitherPublishedOrDeleted) {
  OpenJobs();
  for (int round = 0; round < kRounds; ++round) {
    absl::Status removed;
    const absl::Status published = PublishWhile([&] { removed = jobs_->Delete(first_); });
    ASSERT_NE(published.ok(), removed.ok()) << published << "; " << removed;
    EXPECT_EQ(Current(), published.ok() ? first_ : second_);
    EXPECT_TRUE(jobs_->generations().Verify(Current()).ok());
    if (published.ok()) {
      EXPECT_EQ(ReasonOf(removed), "GENERATION_IN_SERVICE");
    }
    Restore();
  }
}

TEST_F(GenerationChangesTest, WhatIsToBeRemovedWhileABuildRunsIsToldWhenToTryAgain) {
  OpenJobs();
  {
    const auto build = BuildFolder::Open(generations());
    ASSERT_TRUE(build.ok()) << build.status();
    for (const absl::Status& refused : {jobs_->Delete(first_), jobs_->Prune(/*keep=*/1).status()}) {
      EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
      EXPECT_EQ(ReasonOf(refused), "BUILD_RUNNING");
      EXPECT_GT(RetryOf(refused), absl::ZeroDuration());
    }
  }
  EXPECT_TRUE(jobs_->Delete(first_).ok());
}

TEST_F(GenerationChangesTest, APruneLeavesWhatIsPublishedMeanwhile) {
  OpenJobs();
  for (int round = 0; round < kRounds; ++round) {
    absl::Status pruned;
    const absl::Status published = PublishWhile([&] { pruned = jobs_->Prune(/*keep=*/1).status(); });
    EXPECT_TRUE(pruned.ok()) << pruned;
    EXPECT_EQ(Current(), published.ok() ? first_ : second_);
    EXPECT_TRUE(jobs_->generations().Verify(Current()).ok());
    Restore();
  }
}

TEST_F(GenerationChangesTest, WhatIsPublishedOnlyFromAnotherGenerationIsNotPublished) {
  OpenJobs();
  const absl::Status refused = jobs_->Publish(first_, /*hold=*/true, /*from=*/first_);
  EXPECT_TRUE(absl::IsAborted(refused)) << refused;
  EXPECT_EQ(ReasonOf(refused), "GENERATION_CHANGED");
  EXPECT_EQ(FieldOf(refused), "from");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("generations/" + second_));
  EXPECT_EQ(Current(), second_);
  EXPECT_FALSE(jobs_->BuildsHeld());
  EXPECT_TRUE(jobs_->Publish(first_, /*hold=*/true, /*from=*/second_).ok());
  EXPECT_EQ(Current(), first_);
}

TEST_F(GenerationChangesTest, ARepeatedRollBackGoesBackNoFurther) {
  const Running running = StartServer(OptionsFor(data()));
  ASSERT_NE(running.server, nullptr);
  const auto stub = v1::AdminService::NewStub(running.channel);
  v1::RollBackGenerationRequest request;
  v1::Generation generation;
  const auto roll_back = [&] {
    grpc::ClientContext context;
    return stub->RollBackGeneration(&context, request, &generation);
  };
  request.set_from("generations/" + second_);
  const grpc::Status done = roll_back();
  ASSERT_TRUE(done.ok()) << done.error_message();
  EXPECT_EQ(generation.name(), "generations/" + first_);

  const grpc::Status repeated = roll_back();
  EXPECT_EQ(repeated.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(DetailsOf(repeated).reason, "GENERATION_CHANGED");
  EXPECT_THAT(repeated.error_message(), HasSubstr("generations/" + first_)) << "what is current now";
  EXPECT_EQ(Current(), first_);

  request.set_from(second_);
  EXPECT_EQ(DetailsOf(roll_back()).field, "from");
}

}  // namespace
}  // namespace dongxi
