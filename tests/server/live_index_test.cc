// Writes are matched at once, survive a restart and a swap, and answers show records as they were matched.
#include "server/live_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "absl/time/clock.h"
#include "engine/match/matcher.h"
#include "engine/match/ranking_config.h"
#include "engine/policy/policy.h"
#include "server/catalogue_records.h"
#include "server/generation_watcher.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int64_t kNowUs = 1'760'000'000'000'001;

Record NewResult(const std::string& id, const std::string& title) {
  Record record;
  record.kind = RecordKind::kResult;
  record.id = id;
  record.title = title;
  return record;
}

// Embeds as `inner` does, but for every deadline it is too late.
class LateEmbedder : public Embedder {
 public:
  LateEmbedder(std::shared_ptr<const Embedder> inner, bool remote)
      : inner_(std::move(inner)), remote_(remote) {}
  const std::string& model_id() const override { return inner_->model_id(); }
  int dim() const override { return inner_->dim(); }
  bool optional() const override { return remote_; }
  absl::StatusOr<Matrix> Embed(std::span<const EmbedInput> inputs, absl::Time deadline) const override {
    if (deadline < absl::InfiniteFuture()) return absl::DeadlineExceededError("too late");
    return inner_->Embed(inputs, deadline);
  }

 private:
  const std::shared_ptr<const Embedder> inner_;
  const bool remote_;
};

bool HasVector(const Generation& generation, const std::string& result) {
  std::vector<float> vector(static_cast<size_t>(generation.embedder->dim()));
  const DocId doc = *generation.offers.documents->Find(RecordKind::kResult, result);
  EXPECT_TRUE(generation.offers.vectors->CopyVector(doc, vector).ok());
  return std::any_of(vector.begin(), vector.end(), [](float x) { return x != 0; });
}

class LiveIndexTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(folder_.path(), SmallCatalogue());
    name_ = Build(folder_.path());
    state_ = std::make_unique<ServingState>(*LoadPolicy("data/policy"),
                                            *LoadRankingConfig("data/ranking/default.json"));
    Open();
  }
  void TearDown() override { Close(); }

  void Open() {
    catalogue_ = *Catalogue::Open(folder_.path() / "catalogue");
    live_ = std::make_unique<LiveIndex>(catalogue_.get(), state_.get(), &log_);
    const absl::Status served = Serve(name_);
    ASSERT_TRUE(served.ok()) << served;
  }
  void Close() {
    live_.reset();
    catalogue_.reset();
  }
  absl::StatusOr<std::shared_ptr<const Generation>> OpenBase(const std::string& name) {
    GenerationWatcherOptions options;
    options.generations = folder_.path() / "generations";
    return OpenServedGeneration(options, name);
  }
  absl::Status Serve(const std::string& name) {
    auto base = OpenBase(name);
    if (!base.ok()) return base.status();
    return live_->Serve(*std::move(base), absl::UnixEpoch(), Verification::kPassed, "");
  }
  // The generation with an embedder that is late for every deadline.
  std::shared_ptr<const Generation> OpenLateBase(bool remote) {
    const auto base = OpenBase(name_);
    EXPECT_TRUE(base.ok()) << base.status();
    const auto late = std::const_pointer_cast<Generation>(*base);  // nobody else has it
    late->embedder = std::make_shared<LateEmbedder>(late->embedder, remote);
    return late;
  }
  void Write(const Record& record) {
    const auto written = catalogue_->Upsert({record}, kNowUs);
    ASSERT_TRUE(written.ok()) << written.status();
  }
  void Delete(const RecordName& name) {
    const auto deleted = catalogue_->Delete({&name, 1}, kNowUs);
    ASSERT_TRUE(deleted.ok()) << deleted.status();
  }
  // "id title score" of every result found.
  std::vector<std::string> Find(const std::string& text, const Snapshot& from) {
    MatchQuestion question;
    question.need.kind = RecordKind::kNeed;
    question.need.title = text;
    question.settings.today = absl::CivilDay(2026, 1, 1);
    const CatalogueRecords records(*catalogue_, Caller{}, from.sequence);
    const auto answer = Match({from.generation, from.policy, from.ranking, &records}, question);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::vector<std::string> lines;
    for (const MatchEntry& entry : answer->results.entries)
      lines.push_back(entry.name.id + " " + entry.title + " " + std::to_string(entry.score));
    return lines;
  }
  std::vector<std::string> Find(const std::string& text) { return Find(text, *state_->Current()); }

  TemporaryFolder folder_;
  std::string name_;
  OperatorLog log_{nullptr};
  std::unique_ptr<ServingState> state_;
  std::unique_ptr<Catalogue> catalogue_;
  std::unique_ptr<LiveIndex> live_;
};

// Without a time limit: only the commit, and then the shutdown, can end the wait.
TEST_F(LiveIndexTest, WhoWaitsForNewerIsWokenByTheCommitAndByTheShutdown) {
  const uint64_t before = state_->Current()->sequence;
  std::atomic<uint64_t> seen = 0;
  std::thread waiter([&] {
    seen = state_->AwaitNewer(before, absl::InfiniteFuture())->sequence;
    state_->AwaitNewer(seen, absl::InfiniteFuture());
  });
  Write(NewResult("new", "铷铯萃取分离新工艺"));
  while (seen == 0) std::this_thread::yield();
  EXPECT_EQ(seen, before + 1);
  state_->BeginShutdown();
  waiter.join();
  EXPECT_EQ(state_->AwaitNewer(seen, absl::Now())->sequence, seen) << "the time is up: what is served";
}

TEST_F(LiveIndexTest, AWriteIsMatchedWhenItReturnsAndADeletedRecordIsNot) {
  Write(NewResult("new", "铷铯萃取分离新工艺"));
  EXPECT_EQ(state_->Current()->sequence, catalogue_->sequence());
  EXPECT_EQ(state_->Current()->delta_size, 1u);
  EXPECT_THAT(Find("铷铯萃取分离").front(), HasSubstr("new 铷铯萃取分离新工艺"));
  Delete({RecordKind::kResult, "new"});
  EXPECT_THAT(Find("铷铯萃取分离"), Not(Contains(HasSubstr("铷铯"))));
}

TEST_F(LiveIndexTest, ASnapshotShowsRecordsAsTheyWereMatched) {
  Write(NewResult("new", "铷铯萃取分离新工艺"));
  const std::shared_ptr<const Snapshot> before = state_->Current();
  const auto then = Find("铷铯萃取分离", *before);
  Write(NewResult("new", "改成风机叶片涂层"));
  Delete({RecordKind::kResult, "r-lithium"});
  EXPECT_EQ(Find("铷铯萃取分离", *before), then);
  EXPECT_THAT(Find("风机叶片涂层"), Contains(HasSubstr("new 改成风机叶片涂层")));
}

TEST_F(LiveIndexTest, ResultsOfTheGenerationFollowAnInstitutionThatMoved) {
  const auto region = [](const Generation& generation) {
    const DocumentTable& offers = *generation.offers.documents;
    return std::string(offers.region(*offers.Find(RecordKind::kResult, "r-lithium")));
  };
  const std::shared_ptr<const Snapshot> before = state_->Current();
  EXPECT_EQ(region(*before->generation), "12");
  Record moved = *catalogue_->Get(RecordKind::kInstitution, "tj");
  moved.region = "44";
  Write(moved);
  EXPECT_EQ(region(*state_->Current()->generation), "44");
  EXPECT_EQ(state_->Current()->delta_size, 1u) << "the institution alone";
  EXPECT_EQ(region(*before->generation), "12");
  Close();
  Open();
  EXPECT_EQ(region(*state_->Current()->generation), "44");
  const auto base = OpenBase(name_);
  ASSERT_TRUE(base.ok()) << base.status();
  const auto past = GenerationAt(*catalogue_, *base, before->sequence);
  ASSERT_TRUE(past.ok()) << past.status();
  EXPECT_EQ(region(**past), "12");
  ASSERT_TRUE(Serve(Build(folder_.path())).ok());
  EXPECT_EQ(state_->Current()->delta_size, 0u);
  EXPECT_EQ(region(*state_->Current()->generation), "44");
}

TEST_F(LiveIndexTest, ARestartAndAPastSequenceGiveTheSameAnswers) {
  Write(NewResult("new", "铷铯萃取分离新工艺"));
  Write(NewResult("r-goji", "枸杞与铷铯"));
  const std::shared_ptr<const Snapshot> before = state_->Current();
  const auto then = Find("铷铯萃取分离");
  Close();
  Open();
  EXPECT_EQ(Find("铷铯萃取分离"), then);
  EXPECT_EQ(state_->Current()->delta_size, 2u);

  Write(NewResult("new", "别的"));
  const auto base = OpenBase(name_);
  ASSERT_TRUE(base.ok());
  const auto past = GenerationAt(*catalogue_, *base, before->sequence);
  ASSERT_TRUE(past.ok()) << past.status();
  Snapshot snapshot = *before;
  snapshot.generation = *past;
  EXPECT_EQ(Find("铷铯萃取分离", snapshot), then);
}

// Else a big batch or a long log would lose all its vectors to the time that it takes.
TEST_F(LiveIndexTest, AModelOfOurOwnHasTheTimeItNeedsAtWritesAtCatchingUpAndForReplays) {
  Write(NewResult("in-log", "盐湖卤水提锂吸附剂"));
  const std::shared_ptr<const Generation> base = OpenLateBase(/*remote=*/false);
  ASSERT_TRUE(live_->Serve(base, absl::UnixEpoch(), Verification::kPassed, "").ok());
  Write(NewResult("at-once", "盐湖卤水提锂吸附剂"));
  Write(NewResult("next", "盐湖卤水提锂吸附剂"));
  const auto past = GenerationAt(*catalogue_, base, catalogue_->sequence());
  ASSERT_TRUE(past.ok()) << past.status();
  for (const char* const id : {"in-log", "at-once", "next"}) {
    EXPECT_TRUE(HasVector(*state_->Current()->generation, id)) << id;
    EXPECT_TRUE(HasVector(**past, id)) << id;
  }
}

TEST_F(LiveIndexTest, ARemoteModelThatIsLateHoldsUpNoWrite) {
  const std::shared_ptr<const Generation> base = OpenLateBase(/*remote=*/true);
  ASSERT_TRUE(live_->Serve(base, absl::UnixEpoch(), Verification::kPassed, "").ok());
  Write(NewResult("new", "盐湖卤水提锂吸附剂"));
  EXPECT_FALSE(HasVector(*state_->Current()->generation, "new"));
  EXPECT_THAT(Find("盐湖卤水提锂吸附剂"), Contains(HasSubstr("new 盐湖卤水提锂吸附剂"))) << "by its words";
}

TEST_F(LiveIndexTest, ASwapKeepsWhatWasWrittenSinceTheBuild) {
  Write(NewResult("in-build", "铷铯萃取分离新工艺"));
  const std::string next = Build(folder_.path());
  Write(NewResult("after", "铷铯吸附分离"));
  Delete({RecordKind::kResult, "r-blade"});
  ASSERT_TRUE(Serve(next).ok());
  EXPECT_EQ(state_->Current()->generation->manifest.generation, next);
  EXPECT_EQ(state_->Current()->sequence, catalogue_->sequence());
  EXPECT_EQ(state_->Current()->delta_size, 2u);
  EXPECT_THAT(Find("铷铯分离"), Contains(HasSubstr("in-build")));
  EXPECT_THAT(Find("铷铯分离"), Contains(HasSubstr("after")));
  EXPECT_THAT(Find("风机叶片"), Not(Contains(HasSubstr("r-blade"))));
}

TEST_F(LiveIndexTest, NothingIsLostWhileWritersAndSwapsRace) {
  const std::string next = Build(folder_.path());
  std::atomic<bool> writing = true;
  std::thread swaps([&] {
    for (int i = 0; writing.load(); ++i) EXPECT_TRUE(Serve(i % 2 == 0 ? next : name_).ok());
  });
  for (int i = 0; i < 40; ++i) {
    Write(NewResult("w" + std::to_string(i), "铷铯萃取分离第" + std::to_string(i)));
    const std::shared_ptr<const Snapshot> now = state_->Current();
    EXPECT_EQ(now->sequence, catalogue_->sequence());
    EXPECT_TRUE(now->generation->offers.documents->Find(RecordKind::kResult, "w" + std::to_string(i)));
  }
  writing = false;
  swaps.join();
  EXPECT_EQ(state_->Current()->delta_size, 40u);
}

}  // namespace
}  // namespace dongxi
