// Answers given earlier, over gRPC with a real catalogue and real generations: replayed bit for bit, and
// paged through, after updates, deletions, a swap to a new generation, a restart and changed settings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/time/clock.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/replay.grpc.pb.h"
#include "dongxi/v1/search.grpc.pb.h"
#include "engine/base/files.h"
#include "server/match_history.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kNowUs = 1'760'000'000'000'002;

class ReplayTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(data(), SmallCatalogue());
    generation_ = Build(data());
    // Settings of its own, which change.
    std::filesystem::copy("data/policy", data() / "policy");
    std::filesystem::create_directory(data() / "ranking");
    std::filesystem::copy("data/ranking/default.json", data() / "ranking" / "default.json");
    Start();
  }

  std::filesystem::path data() const { return folder_.path(); }

  void Start() {
    ServerOptions options = OptionsFor(data());
    options.policy_directory = (data() / "policy").string();
    options.ranking_file = (data() / "ranking" / "default.json").string();
    running_ = StartServer(options);
    ASSERT_NE(running_.server, nullptr);
    match_ = pb::MatchService::NewStub(running_.channel);
    search_ = pb::SearchService::NewStub(running_.channel);
    replay_ = pb::ReplayService::NewStub(running_.channel);
  }
  void Stop() {
    ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
    running_.server.reset();
  }
  // Writes as if through the server: with it stopped, since it holds the catalogue.
  void WriteOffline(const std::vector<Record>& records, const std::vector<RecordName>& deleted) {
    const auto catalogue = Catalogue::Open(data() / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    ASSERT_TRUE((*catalogue)->Upsert(records, kNowUs).ok());
    ASSERT_TRUE((*catalogue)->Delete(deleted, kNowUs).ok());
  }
  static Record NewResult(const std::string& id, const std::string& title) {
    Record record;
    record.kind = RecordKind::kResult;
    record.id = id;
    record.title = title;
    return record;
  }

  pb::MatchResponse Match(const pb::MatchRequest& request) {
    grpc::ClientContext context;
    pb::MatchResponse response;
    const grpc::Status status = match_->Match(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  grpc::Status Replay(const std::string& match_id, pb::ReplayMatchResponse* response) {
    grpc::ClientContext context;
    pb::ReplayMatchRequest request;
    request.set_name("matches/" + match_id);
    response->Clear();
    return replay_->ReplayMatch(&context, request, response);
  }
  static pb::MatchRequest LithiumRequest() {
    pb::MatchRequest request;
    request.set_need_name("needs/n-lithium");
    return request;
  }

  TemporaryFolder folder_;
  std::string generation_;
  Running running_;
  std::unique_ptr<pb::MatchService::Stub> match_;
  std::unique_ptr<pb::SearchService::Stub> search_;
  std::unique_ptr<pb::ReplayService::Stub> replay_;
};

TEST_F(ReplayTest, AnswersComeBackBitForBitAfterEverythingHasChanged) {
  // One answer over the bare generation, one over a delta.
  const pb::MatchResponse bare = Match(LithiumRequest());
  Stop();
  WriteOffline({NewResult("new", "高镁锂比卤水提锂新吸附剂"), NewResult("r-goji", "枸杞改题")},
               {{RecordKind::kResult, "r-magnesium"}});
  Start();
  const pb::MatchResponse over_delta = Match(LithiumRequest());
  EXPECT_NE(AnswerChecksum(over_delta.results()), AnswerChecksum(bare.results()));
  grpc::ClientContext search_context;
  pb::SearchRequest search;
  search.set_query("枸杞");
  pb::SearchResponse found;
  ASSERT_TRUE(search_->Search(&search_context, search, &found).ok());
  grpc::ClientContext reverse_context;
  pb::ReverseMatchRequest reverse;
  reverse.set_offer_name("results/r-lithium");
  pb::ReverseMatchResponse needs;
  ASSERT_TRUE(match_->ReverseMatch(&reverse_context, reverse, &needs).ok());

  // Updated, deleted, built anew, restarted, other settings.
  Stop();
  Record need = NewResult("n-lithium", "完全不同的需求");
  need.kind = RecordKind::kNeed;
  WriteOffline({need, NewResult("new", "改成别的")}, {{RecordKind::kResult, "r-lithium"}});
  ASSERT_NE(Build(data()), generation_);
  std::ofstream(data() / "policy" / "meta.tsv", std::ios::app) << "\n";
  std::string ranking = *ReadFile(data() / "ranking" / "default.json", 1 << 20);
  ranking += "\n";
  ASSERT_TRUE(WriteFileAtomically(data() / "ranking" / "default.json", ranking).ok());
  Start();
  const pb::MatchResponse now = Match(LithiumRequest());
  EXPECT_NE(now.provenance().generation(), bare.provenance().generation());
  EXPECT_NE(now.provenance().policy(), bare.provenance().policy());

  for (const pb::MatchResponse& given : {bare, over_delta, now}) {
    pb::ReplayMatchResponse again;
    const grpc::Status status = Replay(given.match_id(), &again);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_TRUE(again.identical());
    EXPECT_EQ(again.match().SerializeAsString(), given.SerializeAsString());
    EXPECT_EQ(again.record().match().need_name(), "needs/n-lithium");
  }
  pb::ReplayMatchResponse again;
  ASSERT_TRUE(Replay(found.match_id(), &again).ok());
  EXPECT_TRUE(again.identical());
  EXPECT_EQ(again.search().SerializeAsString(), found.SerializeAsString());
  ASSERT_TRUE(Replay(needs.match_id(), &again).ok());
  EXPECT_TRUE(again.identical());
  EXPECT_EQ(again.reverse_match().SerializeAsString(), needs.SerializeAsString());
}

TEST_F(ReplayTest, WhatIsGoneIsNamed) {
  const pb::MatchResponse given = Match(LithiumRequest());
  pb::ReplayMatchResponse again;
  EXPECT_EQ(Replay("m-0000000000000000", &again).error_code(), grpc::StatusCode::NOT_FOUND);

  Stop();
  WriteOffline({NewResult("new", "新成果")}, {});
  ASSERT_NE(Build(data()), generation_);
  std::filesystem::remove_all(data() / "generations" / generation_);
  Start();
  const grpc::Status status = Replay(given.match_id(), &again);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr("generations/" + generation_));
  EXPECT_EQ(DetailsOf(status).reason, "REPLAY_SOURCE_GONE");

  Stop();
  const auto catalogue = Catalogue::Open(data() / "catalogue");
  ASSERT_TRUE(catalogue.ok());
  EXPECT_EQ(*PruneMatches(**catalogue, 1, kNowUs), 0u);
  EXPECT_EQ(*PruneMatches(**catalogue, 2, kNowUs), 1u);
  EXPECT_FALSE((*catalogue)->GetTable(Table::kMatches, given.match_id())->has_value());
}

TEST_F(ReplayTest, PagesContinueTheirAnswerAcrossWritesSwapsAndRestarts) {
  pb::MatchRequest request;
  request.set_text("盐湖提锂吸附剂");
  request.add_kinds(pb::RESULT);
  const pb::MatchResponse whole = Match(request);
  ASSERT_GE(whole.results().entries_size(), 3);
  request.set_page_size(1);
  pb::MatchResponse page = Match(request);
  std::vector<std::string> names = {page.results().entries(0).name()};

  Stop();
  WriteOffline({NewResult("new", "盐湖提锂吸附剂")}, {{RecordKind::kResult, "r-magnesium"}});
  ASSERT_NE(Build(data()), generation_);
  Start();
  EXPECT_EQ(Match(request).results().entries(0).name(), "results/new");  // a new answer sees the write
  std::string second_id;
  while (!page.results().next_page_token().empty()) {
    request.set_page_token(page.results().next_page_token());
    page = Match(request);
    for (const pb::MatchEntry& entry : page.results().entries()) names.push_back(entry.name());
    if (second_id.empty()) second_id = page.match_id();
  }
  std::vector<std::string> want;  // but for the record that was deleted since
  for (const pb::MatchEntry& entry : whole.results().entries()) {
    if (entry.name() != "results/r-magnesium") want.push_back(entry.name());
  }
  ASSERT_EQ(want.size() + 1, static_cast<size_t>(whole.results().entries_size()));
  EXPECT_EQ(names, want);

  pb::ReplayMatchResponse again;  // a later page is an answer like any other
  ASSERT_TRUE(Replay(second_id, &again).ok());
  EXPECT_TRUE(again.identical());

  Stop();
  std::filesystem::remove_all(data() / "generations" / generation_);
  Start();
  grpc::ClientContext context;
  const grpc::Status status = match_->Match(&context, request, &page);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED) << status.error_message();
  EXPECT_EQ(DetailsOf(status).reason, "GENERATION_CHANGED");
  EXPECT_EQ(DetailsOf(status).field, "page_token");
}

}  // namespace
}  // namespace dongxi
