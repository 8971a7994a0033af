// How occasions of answers come back: what is in memory is shared, what is made anew stops with its caller,
// and the key of page tokens stays. Over a real catalogue and a real generation.
#include "server/match_history.h"

#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "engine/match/ranking_config.h"
#include "engine/policy/policy.h"
#include "server/grpc_status.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

constexpr int64_t kNowUs = 1'760'000'000'000'001;

class MatchHistoryTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(folder_.path(), SmallCatalogue());
    const std::string name = Build(folder_.path());
    catalogue_ = *Catalogue::Open(folder_.path() / "catalogue");
    live_ = std::make_unique<LiveIndex>(catalogue_.get(), &state_, &log_);
    auto base = OpenServedGeneration(Generations(), name);
    ASSERT_TRUE(base.ok()) << base.status();
    ASSERT_TRUE(live_->Serve(*std::move(base), absl::UnixEpoch(), Verification::kPassed, "").ok());
    Write("first");
  }
  GenerationWatcherOptions Generations() const {
    GenerationWatcherOptions options;
    options.generations = folder_.path() / "generations";
    return options;
  }
  // As after a restart: nothing is pinned.
  std::unique_ptr<MatchHistory> NewHistory() {
    return std::make_unique<MatchHistory>(catalogue_.get(), &state_, live_.get(), Generations(), &settings_,
                                          &log_);
  }
  void Write(const std::string& id) {
    Record record;
    record.kind = RecordKind::kResult;
    record.id = id;
    record.title = "铷铯萃取分离";
    ASSERT_TRUE(catalogue_->Upsert({record}, kNowUs).ok());
  }
  Occasion Now() const {
    Occasion occasion;
    occasion.snapshot = state_.Current();
    occasion.read_time = absl::FromUnixSeconds(1'760'000'000);
    occasion.viewer.tenant = "park";
    return occasion;
  }
  // Notes an answer of this moment.
  void Note(MatchHistory& history, const std::string& match_id) {
    Occasion occasion = Now();
    occasion.first_page = match_id;
    history.Note(match_id, occasion, pb::MatchRecord(), {});
  }
  static const Generation* GenerationOf(MatchHistory& history, const std::string& match_id) {
    const auto occasion = history.OccasionOf(match_id, {});
    EXPECT_TRUE(occasion.ok()) << occasion.status();
    return occasion.ok() ? occasion->snapshot->generation.get() : nullptr;
  }

  TemporaryFolder folder_;
  OperatorLog log_{nullptr};
  ServingState state_{*LoadPolicy("data/policy"), *LoadRankingConfig("data/ranking/default.json")};
  SettingsArchive settings_{folder_.path() / "settings", "data/policy", "data/ranking/default.json"};
  std::unique_ptr<Catalogue> catalogue_;
  std::unique_ptr<LiveIndex> live_;
};

TEST_F(MatchHistoryTest, AnAnswerOfTheStateThatIsServedComesBackWithIt) {
  const auto history = NewHistory();
  Note(*history, "m-1");
  EXPECT_EQ(GenerationOf(*history, "m-1"), state_.Current()->generation.get());
}

TEST_F(MatchHistoryTest, AnswersOfOneEarlierStateShareIt) {
  const auto history = NewHistory();
  Note(*history, "m-1");
  Note(*history, "m-2");
  const uint64_t sequence = state_.Current()->sequence;
  Write("second");
  Note(*history, "m-3");
  const Generation* const made = GenerationOf(*history, "m-1");
  EXPECT_NE(made, state_.Current()->generation.get());
  EXPECT_EQ(GenerationOf(*history, "m-2"), made);
  EXPECT_EQ(GenerationOf(*history, "m-1"), made);
  EXPECT_EQ(GenerationOf(*history, "m-3"), state_.Current()->generation.get());
  EXPECT_EQ(history->OccasionOf("m-2", {})->snapshot->sequence, sequence);
}

TEST_F(MatchHistoryTest, ManyAnswersOfFewStatesStayInMemoryAndManyStatesDoNot) {
  const auto history = NewHistory();
  const std::shared_ptr<const Snapshot> first = state_.Current();
  for (int i = 0; i < 500; ++i) history->Pin("m-a" + std::to_string(i), Now());
  EXPECT_EQ(history->OccasionOf("m-a0", {})->snapshot, first);
  for (size_t i = 0; i < MatchHistory::kPinnedSnapshotsMax; ++i) {
    Write("w" + std::to_string(i));
    history->Pin("m-b" + std::to_string(i), Now());
  }
  EXPECT_TRUE(absl::IsNotFound(history->OccasionOf("m-a0", {}).status()));  // it was never noted
  EXPECT_TRUE(history->OccasionOf("m-b0", {}).ok());
}

TEST_F(MatchHistoryTest, AStateIsNotMadeForACallerWhoIsGoneOrTooLate) {
  const auto history = NewHistory();
  Note(*history, "m-1");
  Write("second");
  RunLimits gone;
  gone.cancelled = [] { return true; };
  EXPECT_TRUE(absl::IsCancelled(history->OccasionOf("m-1", gone).status()));
  RunLimits late;
  late.deadline = absl::InfinitePast();
  EXPECT_TRUE(absl::IsDeadlineExceeded(history->OccasionOf("m-1", late).status()));
  EXPECT_TRUE(history->OccasionOf("m-1", {}).ok());
}

TEST_F(MatchHistoryTest, APinnedAnswerWhoseHistoryIsNotKeptAnyMoreIsGoneAsOneThatIsMadeAnew) {
  const auto history = NewHistory();
  Note(*history, "m-1");
  Note(*history, "m-2");
  history->Pin("m-1", Now());
  Write("second");
  ASSERT_TRUE(history->OccasionOf("m-1", {}).ok());
  ASSERT_TRUE(catalogue_->Prune(catalogue_->sequence(), kNowUs).ok());
  for (const char* const id : {"m-1", "m-2"}) {
    const absl::Status gone = history->OccasionOf(id, {}).status();
    EXPECT_TRUE(absl::IsFailedPrecondition(gone)) << id << ": " << gone;
    EXPECT_EQ(ReasonOf(gone), "REPLAY_SOURCE_GONE") << id;
  }
}

TEST_F(MatchHistoryTest, WhoMayNotGoOnIsToldSoBeforeAnythingIsMade) {
  const auto history = NewHistory();
  Note(*history, "m-1");
  Write("second");
  RunLimits gone;  // whatever is made ends with this
  gone.cancelled = [] { return true; };
  Viewer heard;
  const auto refuse = [&heard](const Viewer& asked, absl::Time read_time) {
    heard = asked;
    return absl::PermissionDeniedError(absl::FormatTime(read_time));
  };
  const absl::Status noted = history->OccasionOf("m-1", gone, refuse).status();
  EXPECT_TRUE(absl::IsPermissionDenied(noted)) << noted;
  EXPECT_EQ(noted.message(), absl::FormatTime(Now().read_time));
  EXPECT_EQ(heard.tenant, "park");
  ASSERT_TRUE(history->OccasionOf("m-1", {}).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(history->OccasionOf("m-1", gone, refuse).status())) << "in memory too";
}

TEST_F(MatchHistoryTest, ALaterPageKnowsWhoWasRefusedBeforeItsFirstPageAndWhoSince) {
  const auto history = NewHistory();
  const std::vector<RecordName> before = {{RecordKind::kResult, "r-goji"}};
  const std::vector<RecordName> since = {{RecordKind::kResult, "r-blade"},
                                         {RecordKind::kExpert, "e-lithium"}};
  Occasion first = Now();
  first.first_page = "m-1";
  first.excluded = before;
  Occasion later = first;
  later.refused_since = since;
  history->Note("m-2", later, pb::MatchRecord(), {});
  const auto noted = history->Read("m-2");
  ASSERT_TRUE(noted.ok()) << noted.status();
  const absl::Status gone = history->Reopen(*noted, {}).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(gone)) << "its first page is not in the log: " << gone;
  history->Note("m-1", first, pb::MatchRecord(), {});
  const auto reopened = history->Reopen(*noted, {});
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_EQ(reopened->excluded, before);
  EXPECT_EQ(reopened->refused_since, since);
}

TEST_F(MatchHistoryTest, ALaterPageForOneWhoSeesLessKeepsTheOrderOfItsFirstPage) {
  const auto history = NewHistory();
  Occasion first = Now();
  first.first_page = "m-1";
  first.viewer.disclosure_max = Disclosure::kOrganiser;
  history->Note("m-1", first, pb::MatchRecord(), {});
  Occasion later = first;
  later.shown_max = Disclosure::kRegistered;
  history->Note("m-2", later, pb::MatchRecord(), {});
  const auto noted = history->Read("m-2");
  ASSERT_TRUE(noted.ok()) << noted.status();
  EXPECT_EQ(noted->record.viewer().disclosure_max(), static_cast<int32_t>(Disclosure::kRegistered));
  const auto reopened = history->Reopen(*noted, {});
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_EQ(reopened->viewer, first.viewer);
  EXPECT_EQ(reopened->Reader(), later.Reader());
  EXPECT_NE(reopened->Reader(), reopened->viewer);
}

TEST_F(MatchHistoryTest, TheKeyOfPageTokensIsMadeOnce) {
  const std::string key = NewHistory()->token_key();
  EXPECT_EQ(key.size(), 64u);
  EXPECT_EQ(NewHistory()->token_key(), key);
}

}  // namespace
}  // namespace dongxi
