#include "server/generation_watcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/files.h"
#include "engine/index/manifest.h"
#include "server/grpc_status.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;

class GenerationWatcherTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(data(), SmallCatalogue());
    state_ = std::make_unique<ServingState>(*LoadPolicy("data/policy"),
                                            *LoadRankingConfig("data/ranking/default.json"));
    GenerationWatcherOptions options;
    options.generations = data() / "generations";
    options.retry_looks = 2;
    watcher_ = std::make_unique<GenerationWatcher>(options, state_.get(), &log_, [this] { ++changes_; });
  }

  const std::filesystem::path& data() const { return folder_.path(); }

  // A catalogue with one more record: the next build gives another generation.
  std::string BuildNext() {
    Record more;
    more.kind = RecordKind::kResult;
    more.id = "more-" + std::to_string(++added_);
    more.title = "新成果";
    WriteCatalogue(data(), {more});
    return Build(data());
  }

  std::string Served() const {
    const auto snapshot = state_->Current();
    return snapshot ? snapshot->generation->manifest.generation : "";
  }

  TemporaryFolder folder_;
  const OperatorLog log_{nullptr};
  std::unique_ptr<ServingState> state_;
  std::unique_ptr<GenerationWatcher> watcher_;
  int changes_ = 0;
  int added_ = 0;
};

TEST_F(GenerationWatcherTest, WithoutAGenerationNothingIsServedAndTheRemedyIsTold) {
  watcher_->OpenFirst();
  EXPECT_EQ(Served(), "");
  EXPECT_FALSE(state_->health().ready);
  EXPECT_EQ(state_->health().verification, Verification::kNone);
  const absl::Status status = state_->Serving().status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_EQ(ReasonOf(status), "NO_GENERATION");
  EXPECT_THAT(std::string(status.message()), HasSubstr("dongxi-indexer build"));
}

TEST_F(GenerationWatcherTest, FirstGenerationIsServedAtOnceAndVerifiedLater) {
  const std::string generation = Build(data());
  watcher_->OpenFirst();
  EXPECT_EQ(Served(), generation);
  EXPECT_TRUE(state_->health().ready);
  EXPECT_EQ(state_->health().verification, Verification::kRunning);
  watcher_->VerifyFirst();
  EXPECT_EQ(state_->health().verification, Verification::kPassed);
  EXPECT_EQ(state_->health().message, "");
  EXPECT_EQ(changes_, 2);
}

TEST_F(GenerationWatcherTest, ANewlyPublishedGenerationIsServedAndARequestKeepsItsOld) {
  const std::string first = Build(data());
  watcher_->OpenFirst();
  const std::shared_ptr<const Snapshot> request = state_->Current();
  const std::string second = BuildNext();
  ASSERT_NE(first, second);
  watcher_->Look();
  EXPECT_EQ(Served(), second);
  EXPECT_EQ(state_->health().verification, Verification::kPassed);
  EXPECT_EQ(request->generation->manifest.generation, first);
}

TEST_F(GenerationWatcherTest, ALookWithoutAChangeDoesNothing) {
  Build(data());
  watcher_->OpenFirst();
  const std::shared_ptr<const Snapshot> before = state_->Current();
  watcher_->Look();
  watcher_->Look();
  EXPECT_EQ(state_->Current(), before);
  EXPECT_EQ(changes_, 1);
}

TEST_F(GenerationWatcherTest, AGenerationPublishedAfterTheStartIsServed) {
  watcher_->OpenFirst();
  const std::string generation = Build(data());
  watcher_->Look();
  EXPECT_EQ(Served(), generation);
}

TEST_F(GenerationWatcherTest, DamageFoundInTheBackgroundFallsBackToTheGenerationBefore) {
  const std::string first = Build(data());
  const std::string second = BuildNext();
  Damage(data(), second);
  watcher_->OpenFirst();
  watcher_->VerifyFirst();
  EXPECT_EQ(Served(), first);
  const ServingHealth health = state_->health();
  EXPECT_TRUE(health.ready);
  EXPECT_EQ(health.verification, Verification::kFailed);
  EXPECT_THAT(health.message, HasSubstr(second));
  EXPECT_THAT(health.message, HasSubstr(kPostingsFile));
  EXPECT_THAT(health.message, HasSubstr("serving " + first));
  watcher_->Look();
  EXPECT_EQ(Served(), first) << "CURRENT still names the damaged one";
}

TEST_F(GenerationWatcherTest, DamageWithoutAnotherGenerationEndsServing) {
  const std::string only = Build(data());
  Damage(data(), only);
  watcher_->OpenFirst();
  watcher_->VerifyFirst();
  EXPECT_EQ(Served(), "");
  EXPECT_FALSE(state_->health().ready);
  EXPECT_EQ(state_->health().verification, Verification::kFailed);
  EXPECT_THAT(std::string(state_->Serving().status().message()), HasSubstr(only));
}

TEST_F(GenerationWatcherTest, AMissingManifestAtStartFallsBack) {
  const std::string first = Build(data());
  const std::string second = BuildNext();
  std::filesystem::remove(data() / "generations" / second / kManifestName);
  watcher_->OpenFirst();
  EXPECT_EQ(Served(), "");
  watcher_->VerifyFirst();
  EXPECT_EQ(Served(), first);
}

TEST_F(GenerationWatcherTest, ADamagedNewGenerationIsNeverServed) {
  const std::string first = Build(data());
  watcher_->OpenFirst();
  watcher_->VerifyFirst();
  const std::string second = BuildNext();
  Damage(data(), second);
  watcher_->Look();
  EXPECT_EQ(Served(), first);
  const ServingHealth health = state_->health();
  EXPECT_TRUE(health.ready);
  EXPECT_EQ(health.verification, Verification::kFailed);
  EXPECT_THAT(health.message, HasSubstr(second));
}

TEST_F(GenerationWatcherTest, ATruncatedFileAndAMissingFileAreDamageToo) {
  const std::string first = Build(data());
  watcher_->OpenFirst();
  const std::filesystem::path second = data() / "generations" / BuildNext();
  std::filesystem::resize_file(second / kOffersName / kDocumentsFile, 100);
  watcher_->Look();
  EXPECT_EQ(Served(), first);
  const std::filesystem::path third = data() / "generations" / BuildNext();
  std::filesystem::remove(third / kNeedsName / kPostingsFile);
  watcher_->Look();
  EXPECT_EQ(Served(), first);
}

TEST_F(GenerationWatcherTest, AGenerationOfAnotherModelIsRefusedWithTheRemedy) {
  const std::string generation = Build(data());
  const std::filesystem::path directory = data() / "generations" / generation;
  Manifest manifest = *ReadManifest(directory);
  manifest.embedder = "remote";
  manifest.model = "remote:bge-m3";
  ASSERT_TRUE(WriteFileAtomically(directory / kManifestName, SerializeManifest(manifest)).ok());
  watcher_->OpenFirst();
  watcher_->VerifyFirst();
  EXPECT_EQ(Served(), "");
  const absl::Status status = state_->Serving().status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("remote:bge-m3"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("--embedding-url"));
}

// Any token may ask for the state: it learns what is damaged and what to do, not where this server keeps it.
TEST_F(GenerationWatcherTest, CallersAreToldTheGenerationAndTheRemedyAndTheLogThePath) {
  const std::filesystem::path log_file = data() / "log";
  std::FILE* const stream = std::fopen(log_file.c_str(), "w");
  ASSERT_NE(stream, nullptr);
  const OperatorLog log(stream);
  GenerationWatcherOptions options;
  options.generations = data() / "generations";
  GenerationWatcher watcher(options, state_.get(), &log, [] {});
  std::vector<std::string> told;
  watcher.OpenFirst();
  told.push_back(std::string(state_->Serving().status().message()));
  const std::string first = Build(data());
  Damage(data(), first);
  watcher.Look();
  told.push_back(std::string(state_->Serving().status().message()));
  EXPECT_THAT(told.back(), HasSubstr(first + "/"));
  BuildNext();
  watcher.Look();
  EXPECT_EQ(state_->health().message, "");
  const std::string third = BuildNext();
  Damage(data(), third);
  watcher.Look();
  told.push_back(state_->health().message);
  EXPECT_THAT(told.back(), HasSubstr(third + "/"));
  for (const std::string& text : told) {
    EXPECT_THAT(text, HasSubstr("dongxi-indexer build"));
    EXPECT_EQ(text.find(data().string()), std::string::npos) << text;
  }
  std::fclose(stream);
  const auto logged = ReadFile(log_file, 1 << 20);
  ASSERT_TRUE(logged.ok()) << logged.status();
  for (const std::string& name : {first, third})
    EXPECT_THAT(*logged, HasSubstr((data() / "generations" / name).string() + "/"));
}

TEST_F(GenerationWatcherTest, OfATroubleWithMoreThanTheFilesCallersAreReferredToTheLog) {
  const std::string generation = Build(data());
  const std::filesystem::path directory = data() / "generations" / generation;
  Manifest manifest = *ReadManifest(directory);
  manifest.embedder = "remote";
  ASSERT_TRUE(WriteFileAtomically(directory / kManifestName, SerializeManifest(manifest)).ok());
  GenerationWatcherOptions options;
  options.generations = data() / "generations";
  options.embedding_url = "ftp://internal.example/v1";
  options.embedding_model = "bge-m3";
  GenerationWatcher watcher(options, state_.get(), &log_, [] {});
  watcher.OpenFirst();
  const std::string told(state_->Serving().status().message());
  EXPECT_THAT(told, HasSubstr(generation));
  EXPECT_THAT(told, HasSubstr("the server's log"));
  EXPECT_EQ(told.find("ftp"), std::string::npos) << told;
}

TEST_F(GenerationWatcherTest, TheThreadOpensWhatIsPublishedAndStopsAtOnce) {
  absl::Mutex mutex;
  int changed = 0;
  GenerationWatcherOptions options;
  options.generations = data() / "generations";
  options.interval = absl::Milliseconds(1);
  GenerationWatcher watcher(options, state_.get(), &log_, [&] {
    const absl::MutexLock lock(&mutex);
    ++changed;
  });
  watcher.OpenFirst();
  watcher.Start();
  const std::string generation = Build(data());
  {
    const absl::MutexLock lock(&mutex);
    const auto served = [&changed] { return changed >= 2; };
    ASSERT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&served), absl::Seconds(30)));
  }
  watcher.Stop();
  EXPECT_EQ(Served(), generation);
}

}  // namespace
}  // namespace dongxi
