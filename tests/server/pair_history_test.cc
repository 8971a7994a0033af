// What pairs went through, from the ledger to answers over gRPC: cool-downs, contracts, the load of experts;
// by tenant, across restarts, in replays, and with ledgers of before there was an index.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/replay.grpc.pb.h"
#include "engine/base/files.h"
#include "engine/engagement/cool_down.h"
#include "nlohmann/json.hpp"
#include "server/convert.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr double kPenalty = 1.5;  // data/ranking/default.json

class PairHistoryTest : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<Record> records = SmallCatalogue();
    for (const char* id : {"n-2", "n-3"}) {
      Record need;
      need.kind = RecordKind::kNeed;
      need.id = id;
      need.title = "盐湖卤水提锂吸附剂";
      need.region = "63";
      records.push_back(need);
    }
    WriteCatalogue(data(), records);
    ASSERT_FALSE(Build(data()).empty());
    // A ranking of its own: an expert is full with one need.
    nlohmann::json ranking = nlohmann::json::parse(*ReadFile("data/ranking/default.json", 1 << 20));
    ASSERT_EQ(ranking["cool_down_penalty"], kPenalty);
    ranking["expert_open_matches_max"] = 1;
    std::filesystem::create_directory(data() / "ranking");
    ASSERT_TRUE(WriteFileAtomically(data() / "ranking" / "default.json", ranking.dump()).ok());
    Start();
  }
  std::filesystem::path data() const { return folder_.path(); }
  void Start() {
    ServerOptions options = OptionsFor(data());
    options.ranking_file = (data() / "ranking" / "default.json").string();
    running_ = StartServer(options);
    ASSERT_NE(running_.server, nullptr);
    engagements_ = pb::EngagementService::NewStub(running_.channel);
    match_ = pb::MatchService::NewStub(running_.channel);
    replay_ = pb::ReplayService::NewStub(running_.channel);
  }
  void Stop() {
    ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
    running_.server.reset();
  }
  // With the server stopped, since it holds the catalogue.
  void PutOffline(std::vector<TablePut> puts) {
    const auto catalogue = Catalogue::Open(data() / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    const auto plan = [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
      WriteBatch batch;
      batch.puts = std::move(puts);
      return batch;
    };
    ASSERT_TRUE((*catalogue)->Write(plan, absl::ToUnixMicros(absl::Now())).ok());
  }

  pb::Engagement MustRecord(pb::EngagementStep step, int days_ago,
                            const std::string& need = "needs/n-lithium",
                            const std::string& offer = "results/r-lithium") {
    grpc::ClientContext context;
    pb::RecordEngagementRequest request;
    pb::Engagement& entry = *request.mutable_engagement();
    entry.set_need(need);
    entry.set_offer(offer);
    entry.set_step(step);
    entry.mutable_event_time()->set_seconds(absl::ToUnixSeconds(DaysAgo(days_ago)));
    if (step == pb::ENGAGEMENT_STEP_REFUSED) entry.set_refusal_reason(pb::REFUSAL_REASON_NO_BUDGET);
    pb::RecordEngagementResponse response;
    const grpc::Status status = engagements_->RecordEngagement(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.engagement();
  }
  void Clear() {
    grpc::ClientContext context;
    pb::ClearRefusalRequest request;
    request.set_need("needs/n-lithium");
    request.set_offer("results/r-lithium");
    request.set_why("落实了经费");
    pb::RecordEngagementResponse response;
    ASSERT_TRUE(engagements_->ClearRefusal(&context, request, &response).ok());
  }
  void Withdraw(const std::string& name) {
    grpc::ClientContext context;
    pb::CorrectEngagementRequest request;
    request.set_name(name);
    request.set_withdraw(true);
    request.set_why("登记错了");
    pb::RecordEngagementResponse response;
    ASSERT_TRUE(engagements_->CorrectEngagement(&context, request, &response).ok());
  }
  absl::Time DaysAgo(int days) const { return now_ - absl::Hours(24 * days); }

  pb::MatchResponse Match(pb::MatchView view = pb::MATCH_VIEW_FULL, int page_size = 0,
                          const std::string& page_token = "") {
    grpc::ClientContext context;
    pb::MatchRequest request;
    request.set_need_name("needs/n-lithium");
    request.set_view(view);
    request.set_page_size(page_size);
    request.set_page_token(page_token);
    if (page_size > 0) request.add_kinds(pb::RESULT);
    pb::MatchResponse response;
    const grpc::Status status = match_->Match(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  pb::ReverseMatchResponse Reverse(const std::string& offer = "results/r-lithium") {
    grpc::ClientContext context;
    pb::ReverseMatchRequest request;
    request.set_offer_name(offer);
    pb::ReverseMatchResponse response;
    const grpc::Status status = match_->ReverseMatch(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  static pb::MatchEntry Entry(const pb::MatchList& list, const std::string& name) {
    for (const pb::MatchEntry& entry : list.entries()) {
      if (entry.name() == name) return entry;
    }
    ADD_FAILURE() << name << " is not listed";
    return {};
  }
  static pb::MatchEntry Lithium(const pb::MatchResponse& answer) {
    return Entry(answer.results(), "results/r-lithium");
  }
  static double HistoryPoints(const pb::MatchEntry& entry) {
    for (const pb::ScorePart& part : entry.score_parts()) {
      if (part.part() == "history") return part.contribution();
    }
    return 0;
  }
  void ExpectReplaysAlike(const pb::MatchResponse& given) {
    grpc::ClientContext context;
    pb::ReplayMatchRequest request;
    request.set_name("matches/" + given.match_id());
    pb::ReplayMatchResponse again;
    const grpc::Status status = replay_->ReplayMatch(&context, request, &again);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_TRUE(again.identical());
    EXPECT_EQ(again.match().SerializeAsString(), given.SerializeAsString());
  }
  // What is said of the expert's load; empty if nothing is.
  static std::pair<pb::RequirementVerdict::Outcome, std::string> Load(const pb::MatchEntry& entry) {
    for (const pb::RequirementVerdict& verdict : entry.requirements()) {
      if (verdict.reason().find("正在进行") != std::string::npos)
        return {verdict.outcome(), verdict.reason()};
    }
    return {};
  }

  const absl::Time now_ = absl::Now();
  TemporaryFolder folder_;
  Running running_;
  std::unique_ptr<pb::EngagementService::Stub> engagements_;
  std::unique_ptr<pb::MatchService::Stub> match_;
  std::unique_ptr<pb::ReplayService::Stub> replay_;
};

TEST_F(PairHistoryTest, AMeetingWithoutFollowUpCoolsDownInBothDirections) {
  const pb::MatchEntry before = Lithium(Match());
  EXPECT_FALSE(before.has_pair_history());
  const double need_before = Entry(Reverse().needs(), "needs/n-lithium").score();
  const pb::Engagement met = MustRecord(pb::ENGAGEMENT_STEP_MET, 100);

  const pb::MatchResponse answer = Match();
  const pb::MatchEntry after = Lithium(answer);
  EXPECT_NEAR(after.score(), before.score() - kPenalty, 1e-9);
  EXPECT_EQ(HistoryPoints(after), -kPenalty);
  EXPECT_EQ(after.adequacy(), before.adequacy());
  ASSERT_TRUE(after.has_pair_history());
  EXPECT_EQ(after.pair_history().state(), pb::PairHistory::COOL_DOWN);
  EXPECT_THAT(after.pair_history().engagements(), ElementsAre(met.name()));
  const absl::CivilDay until = DayInChina(DaysAgo(100)) + 180;
  EXPECT_EQ(DayInChina(absl::FromUnixSeconds(after.pair_history().until().seconds())), until);
  EXPECT_THAT(after.pair_history().text(), HasSubstr(absl::FormatCivilTime(until)));
  EXPECT_THAT(after.reasons(), Contains(after.pair_history().text()));
  EXPECT_FALSE(Entry(answer.partners(), "institutions/tj").has_pair_history())
      << "the pair is the need and the named offer";

  const pb::MatchEntry basic = Lithium(Match(pb::MATCH_VIEW_BASIC));
  EXPECT_EQ(basic.pair_history().SerializeAsString(), after.pair_history().SerializeAsString());
  const pb::MatchEntry id_only = Lithium(Match(pb::MATCH_VIEW_ID_ONLY));
  EXPECT_FALSE(id_only.has_pair_history());
  EXPECT_EQ(id_only.score(), after.score()) << "the order is the same in every view";

  const pb::MatchEntry need = Entry(Reverse().needs(), "needs/n-lithium");
  EXPECT_NEAR(need.score(), need_before - kPenalty, 1e-9);
  EXPECT_EQ(need.pair_history().SerializeAsString(), after.pair_history().SerializeAsString());

  grpc::ClientContext context;
  pb::ExplainMatchRequest request;
  request.mutable_match()->set_need_name("needs/n-lithium");
  request.set_candidate("results/r-lithium");
  pb::ExplainMatchResponse explained;
  ASSERT_TRUE(match_->ExplainMatch(&context, request, &explained).ok());
  EXPECT_EQ(explained.entry().SerializeAsString(), after.SerializeAsString());
}

TEST_F(PairHistoryTest, WhatFollowsOrTakesBackTheMeetingEndsTheCoolDown) {
  const double score = Lithium(Match()).score();
  const pb::Engagement met = MustRecord(pb::ENGAGEMENT_STEP_MET, 100);
  EXPECT_LT(Lithium(Match()).score(), score);
  Withdraw(met.name());
  EXPECT_EQ(Lithium(Match()).score(), score);
  EXPECT_FALSE(Lithium(Match()).has_pair_history());

  MustRecord(pb::ENGAGEMENT_STEP_MET, 99);
  EXPECT_LT(Lithium(Match()).score(), score);
  MustRecord(pb::ENGAGEMENT_STEP_MET, 10);
  EXPECT_EQ(Lithium(Match()).score(), score) << "they talk: within the days of grace";

  const pb::Engagement contract = MustRecord(pb::ENGAGEMENT_STEP_SIGNED, 5);
  const pb::MatchEntry extend = Lithium(Match());
  EXPECT_EQ(extend.score(), score) << "not moved";
  EXPECT_EQ(HistoryPoints(extend), 0);
  EXPECT_EQ(extend.pair_history().state(), pb::PairHistory::EXTEND);
  EXPECT_FALSE(extend.pair_history().has_until());
  EXPECT_THAT(extend.pair_history().engagements(), ElementsAre(contract.name()));
  EXPECT_THAT(extend.reasons(), Contains(HasSubstr("可延续合作")));
}

TEST_F(PairHistoryTest, AClearedRefusalCoolsDownByItsReason) {
  const double score = Lithium(Match()).score();
  MustRecord(pb::ENGAGEMENT_STEP_REFUSED, 40);
  Clear();
  const pb::MatchEntry entry = Lithium(Match());
  EXPECT_NEAR(entry.score(), score - kPenalty, 1e-9);
  const absl::CivilDay day = DayInChina(DaysAgo(40));
  EXPECT_EQ(DayInChina(absl::FromUnixSeconds(entry.pair_history().until().seconds())),
            BuiltInCoolDowns().Of(RefusalReason::kNoBudget).EndFrom(day));
  EXPECT_THAT(entry.pair_history().text(), HasSubstr("无经费"));
  EXPECT_EQ(entry.pair_history().engagements_size(), 2);
}

TEST_F(PairHistoryTest, ACopyOfANeedHasThePastOfTheNeedThatItNamesAsLongAsThatIsThere) {
  pb::MatchRequest request;
  request.mutable_need()->set_name("needs/n-2");
  request.mutable_need()->set_title("盐湖卤水提锂吸附剂");
  request.mutable_need()->set_region_code("63");
  const auto match = [&] {
    grpc::ClientContext context;
    pb::MatchResponse response;
    const grpc::Status status = match_->Match(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  };
  const auto verdict = [&] {
    grpc::ClientContext context;
    pb::ExplainMatchRequest explain;
    *explain.mutable_match() = request;
    explain.set_candidate("results/r-lithium");
    pb::ExplainMatchResponse explained;
    EXPECT_TRUE(match_->ExplainMatch(&context, explain, &explained).ok());
    return explained.verdict();
  };
  MustRecord(pb::ENGAGEMENT_STEP_MET, 100, "needs/n-2");
  const pb::MatchResponse met = match();
  EXPECT_TRUE(Lithium(met).has_pair_history());
  MustRecord(pb::ENGAGEMENT_STEP_REFUSED, 50, "needs/n-2");
  const pb::MatchResponse refused = match();
  for (const pb::MatchEntry& entry : refused.results().entries())
    EXPECT_NE(entry.name(), "results/r-lithium");
  EXPECT_EQ(verdict(), pb::MATCH_VERDICT_REFUSED);
  ExpectReplaysAlike(met);
  ExpectReplaysAlike(refused);

  grpc::ClientContext context;
  pb::DeleteNeedRequest deletion;
  deletion.set_name("needs/n-2");
  pb::Need deleted;
  ASSERT_TRUE(pb::CatalogueService::NewStub(running_.channel)->DeleteNeed(&context, deletion, &deleted).ok());
  EXPECT_FALSE(Lithium(match()).has_pair_history()) << "a name of what cannot be seen tells nothing";
  EXPECT_EQ(verdict(), pb::MATCH_VERDICT_LISTED);
}

TEST_F(PairHistoryTest, AnswersReplayAsTheLedgerStoodAndPagesGoOnSo) {
  const pb::MatchResponse untouched = Match();
  MustRecord(pb::ENGAGEMENT_STEP_MET, 100);
  MustRecord(pb::ENGAGEMENT_STEP_MET, 20, "needs/n-2", "experts/e-lithium");
  const pb::MatchResponse cooled = Match();
  const pb::MatchResponse first = Match(pb::MATCH_VIEW_FULL, 1);
  MustRecord(pb::ENGAGEMENT_STEP_SIGNED, 5);
  MustRecord(pb::ENGAGEMENT_STEP_SIGNED, 5, "needs/n-lithium", "results/r-magnesium");
  MustRecord(pb::ENGAGEMENT_STEP_MET, 20, "needs/n-3", "experts/e-lithium");
  const pb::MatchResponse extended = Match();
  EXPECT_NE(Lithium(cooled).SerializeAsString(), Lithium(extended).SerializeAsString());
  EXPECT_NE(Load(cooled.experts().entries(0)), Load(extended.experts().entries(0)));
  Stop();
  Start();
  for (const pb::MatchResponse& given : {untouched, cooled, first, extended}) ExpectReplaysAlike(given);

  // The second page is that of the first one's answer: nothing twice, nothing left out, the old ledger.
  const pb::MatchResponse second = Match(pb::MATCH_VIEW_FULL, 1, first.results().next_page_token());
  EXPECT_EQ(first.results().entries(0).SerializeAsString(), cooled.results().entries(0).SerializeAsString());
  ASSERT_EQ(second.results().entries_size(), 1);
  EXPECT_EQ(second.results().entries(0).SerializeAsString(), cooled.results().entries(1).SerializeAsString());
  ExpectReplaysAlike(second);
}

TEST_F(PairHistoryTest, AnAnswerOfBeforeTheLedgerWasNotedReplaysWithoutIt) {
  const pb::MatchResponse given = Match(pb::MATCH_VIEW_FULL, 50);  // results: of experts the load is told
  MustRecord(pb::ENGAGEMENT_STEP_MET, 100);
  Stop();
  std::string line;
  {
    const auto view = OpenCatalogueView(data() / "catalogue");
    ASSERT_TRUE(view.ok());
    pb::MatchRecord record;
    ASSERT_TRUE(record.ParseFromString((*view)->GetTable(Table::kMatches, given.match_id())->value()));
    const size_t with_pin = record.ByteSizeLong();
    record.DiscardUnknownFields();
    ASSERT_LT(record.ByteSizeLong(), with_pin);
    line = record.SerializeAsString();
  }
  PutOffline({{Table::kMatches, given.match_id(), line}});
  Start();
  ExpectReplaysAlike(given);
  grpc::ClientContext context;
  pb::GetMatchRecordRequest request;
  request.set_name("matches/" + Match().match_id());
  pb::MatchRecord record;
  ASSERT_TRUE(replay_->GetMatchRecord(&context, request, &record).ok());
  EXPECT_TRUE(record.GetReflection()->GetUnknownFields(record).empty()) << "what is pinned is the server's";
}

TEST_F(PairHistoryTest, ALedgerOfBeforeTheIndexIsIndexedAtTheStart) {
  MustRecord(pb::ENGAGEMENT_STEP_MET, 100);
  MustRecord(pb::ENGAGEMENT_STEP_SHOWN, 120);
  MustRecord(pb::ENGAGEMENT_STEP_SIGNED, 5, "needs/n-lithium", "results/r-magnesium");
  const pb::MatchResponse with = Match();
  Stop();
  std::vector<TablePut> puts = {{Table::kEngagements, "v", std::nullopt}};
  {
    const auto view = OpenCatalogueView(data() / "catalogue");
    ASSERT_TRUE(view.ok());
    ASSERT_TRUE((*view)
                    ->ScanTable(Table::kEngagements, "h",
                                [&](std::string_view key, std::string_view) {
                                  if (key.front() != 'h') return false;
                                  puts.push_back({Table::kEngagements, std::string(key), std::nullopt});
                                  return true;
                                })
                    .ok());
  }
  ASSERT_EQ(puts.size(), 5u) << "two entries by both ends; what was only shown is left out";
  PutOffline(puts);
  Start();
  const pb::MatchResponse again = Match();
  EXPECT_EQ(Lithium(again).SerializeAsString(), Lithium(with).SerializeAsString());
  EXPECT_EQ(again.results().SerializeAsString(), with.results().SerializeAsString());
  ExpectReplaysAlike(with);
}

TEST_F(PairHistoryTest, AnExpertsOpenMatchesLowerAndThenBlock) {
  const auto expert = [&] { return Entry(Match().experts(), "experts/e-lithium"); };
  EXPECT_THAT(Load(expert()).second, IsEmpty());
  MustRecord(pb::ENGAGEMENT_STEP_SHOWN, 20, "needs/n-2", "experts/e-lithium");
  MustRecord(pb::ENGAGEMENT_STEP_INTERESTED, 500, "needs/n-3", "experts/e-lithium");
  EXPECT_THAT(Load(expert()).second, IsEmpty()) << "shown is not under way, nor is what is older than a year";
  MustRecord(pb::ENGAGEMENT_STEP_INTERESTED, 20, "needs/n-2", "experts/e-lithium");
  EXPECT_EQ(Load(expert()).first, pb::RequirementVerdict::SHORT);
  EXPECT_THAT(Load(expert()).second, HasSubstr("正在进行 1 项，上限 1 项"));
  const pb::Engagement met = MustRecord(pb::ENGAGEMENT_STEP_MET, 5, "needs/n-3", "experts/e-lithium");
  EXPECT_EQ(Load(expert()).first, pb::RequirementVerdict::CONTRADICTORY);
  EXPECT_EQ(Load(Reverse("experts/e-lithium").needs().entries(0)).first,
            pb::RequirementVerdict::CONTRADICTORY)
      << "the same of a need found for him";
  Withdraw(met.name());
  EXPECT_EQ(Load(expert()).first, pb::RequirementVerdict::SHORT);
  MustRecord(pb::ENGAGEMENT_STEP_REFUSED, 3, "needs/n-2", "experts/e-lithium");
  EXPECT_THAT(Load(expert()).second, IsEmpty());
}

TEST_F(PairHistoryTest, AnExpertSaysHimselfHowManyHeTakesAndTheAnswerTellsBoth) {
  const auto expert = [&](pb::MatchView view = pb::MATCH_VIEW_FULL) {
    return Entry(Match(view).experts(), "experts/e-lithium");
  };
  MustRecord(pb::ENGAGEMENT_STEP_INTERESTED, 20, "needs/n-2", "experts/e-lithium");
  EXPECT_EQ(expert().expert_load().open_matches(), 1);
  EXPECT_EQ(expert().expert_load().open_matches_max(), 1) << "that of the ranking";
  EXPECT_FALSE(expert().expert_load().with_this_need());
  EXPECT_EQ(Load(expert()).first, pb::RequirementVerdict::SHORT);
  const auto takes = [&](int number) {
    grpc::ClientContext context;
    pb::UpdateExpertRequest request;
    request.mutable_expert()->set_name("experts/e-lithium");
    request.mutable_expert()->set_open_matches_max(number);
    request.mutable_update_mask()->add_paths("open_matches_max");
    pb::Expert expert;
    return pb::CatalogueService::NewStub(running_.channel)->UpdateExpert(&context, request, &expert);
  };
  ASSERT_TRUE(takes(3).ok());
  EXPECT_EQ(expert().expert_load().open_matches_max(), 3);
  EXPECT_THAT(Load(expert()).second, IsEmpty()) << "he takes more than others";
  EXPECT_EQ(expert(pb::MATCH_VIEW_BASIC).expert_load().open_matches(), 1);
  EXPECT_FALSE(expert(pb::MATCH_VIEW_ID_ONLY).has_expert_load());
  EXPECT_FALSE(Lithium(Match()).has_expert_load()) << "of experts alone";
  MustRecord(pb::ENGAGEMENT_STEP_INTERESTED, 20, "needs/n-lithium", "experts/e-lithium");
  EXPECT_EQ(expert().expert_load().open_matches(), 2);
  EXPECT_TRUE(expert().expert_load().with_this_need());
  MustRecord(pb::ENGAGEMENT_STEP_REFUSED, 10, "needs/n-2", "experts/e-lithium");
  EXPECT_EQ(expert().expert_load().open_matches(), 1);
  EXPECT_TRUE(expert().expert_load().with_this_need());
  const grpc::Status wrong = takes(1'001);
  EXPECT_EQ(wrong.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(DetailsOf(wrong).field, HasSubstr("open_matches_max"));
}

}  // namespace
}  // namespace dongxi
