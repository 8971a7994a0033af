// Two tenants at one server: whose refusals hold for whom, and that neither what pairs went through, nor the
// load of experts, nor statistics and their reports tell one tenant of the other's ledger.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "absl/time/clock.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/statistics.grpc.pb.h"
#include "engine/base/files.h"
#include "server/convert.h"
#include "server/token_file.h"
#include "tests/cli/run_cli.h"
#include "tests/server/server_testing.h"
#include "tests/server/tenant_tokens.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Code = grpc::StatusCode;

class LedgerTenantsTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(folder_.path(), SmallCatalogue());
    ASSERT_FALSE(Build(folder_.path()).empty());
    a_ = NewTokenOf("a", "write");
    b_ = NewTokenOf("b", "write");
    common_ = NewTokenOf("", "write");
    operator_ = NewTokenOf("", "admin");
    running_ = StartServer(OptionsFor(folder_.path()));
    ASSERT_NE(running_.server, nullptr);
    catalogue_ = pb::CatalogueService::NewStub(running_.channel);
    engagements_ = pb::EngagementService::NewStub(running_.channel);
    match_ = pb::MatchService::NewStub(running_.channel);
    statistics_ = pb::StatisticsService::NewStub(running_.channel);
  }
  std::string NewTokenOf(const std::string& tenant, const std::string& permissions) {
    return NewTokenIn(folder_.path(), tenant, permissions);
  }
  static void Show(const std::string& token, grpc::ClientContext* context) {
    context->AddMetadata("authorization", "Bearer " + token);
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
  }
  template <typename Stub, typename Request, typename Response>
  grpc::Status Call(const std::string& token, const std::unique_ptr<Stub>& stub,
                    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    Show(token, &context);
    response->Clear();
    return (stub.get()->*method)(&context, request, response);
  }

  void CreateResult(const std::string& token, const std::string& id, bool shared) {
    pb::CreateResultRequest request;
    request.set_result_id(id);
    request.mutable_result()->set_title("高镁锂比盐湖卤水提锂新吸附剂 " + id);
    request.mutable_result()->set_abstract("低溶损的提锂吸附剂和工艺");
    request.mutable_result()->set_shared(shared);
    pb::Result result;
    ASSERT_TRUE(Call(token, catalogue_, &pb::CatalogueService::Stub::CreateResult, request, &result).ok());
  }
  void CreateNeed(const std::string& token, const std::string& id, bool shared) {
    pb::CreateNeedRequest request;
    request.set_need_id(id);
    request.mutable_need()->set_title("盐湖提锂需求 " + id);
    request.mutable_need()->set_wanted("低溶损的提锂吸附剂和工艺");
    request.mutable_need()->set_region_code("63");
    request.mutable_need()->set_shared(shared);
    pb::Need need;
    ASSERT_TRUE(Call(token, catalogue_, &pb::CatalogueService::Stub::CreateNeed, request, &need).ok());
  }
  grpc::Status Record(const std::string& token, pb::EngagementStep step, int days_ago,
                      const std::string& need, const std::string& offer, std::string* name = nullptr) {
    pb::RecordEngagementRequest request;
    pb::Engagement& entry = *request.mutable_engagement();
    entry.set_need(need);
    entry.set_offer(offer);
    entry.set_step(step);
    entry.mutable_event_time()->set_seconds(absl::ToUnixSeconds(now_ - absl::Hours(24 * days_ago)));
    if (step == pb::ENGAGEMENT_STEP_REFUSED) entry.set_refusal_reason(pb::REFUSAL_REASON_NO_BUDGET);
    if (step == pb::ENGAGEMENT_STEP_SIGNED) entry.set_amount_wan(77);
    pb::RecordEngagementResponse response;
    const grpc::Status status =
        Call(token, engagements_, &pb::EngagementService::Stub::RecordEngagement, request, &response);
    if (name != nullptr) *name = response.engagement().name();
    return status;
  }
  // "OK", or the reason of the error.
  std::string CorrectToSigned(const std::string& token, const std::string& name, int days_ago,
                              double amount) {
    pb::CorrectEngagementRequest request;
    request.set_name(name);
    pb::Engagement& entry = *request.mutable_engagement();
    entry.set_step(pb::ENGAGEMENT_STEP_SIGNED);
    entry.mutable_event_time()->set_seconds(absl::ToUnixSeconds(now_ - absl::Hours(24 * days_ago)));
    entry.set_amount_wan(amount);
    request.set_why("录错");
    pb::RecordEngagementResponse response;
    const grpc::Status status =
        Call(token, engagements_, &pb::EngagementService::Stub::CorrectEngagement, request, &response);
    return status.ok() ? "OK" : DetailsOf(status).reason;
  }
  Code Clear(const std::string& token, const std::string& need, const std::string& offer) {
    pb::ClearRefusalRequest request;
    request.set_need(need);
    request.set_offer(offer);
    request.set_why("条件已变");
    pb::RecordEngagementResponse response;
    return Call(token, engagements_, &pb::EngagementService::Stub::ClearRefusal, request, &response)
        .error_code();
  }
  bool Refused(const std::string& token, const std::string& need, const std::string& offer) {
    pb::GetPairRequest request;
    request.set_need(need);
    request.set_offer(offer);
    pb::Pair pair;
    const grpc::Status status =
        Call(token, engagements_, &pb::EngagementService::Stub::GetPair, request, &pair);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return pair.refused();
  }
  pb::MatchResponse Match(const std::string& token, const std::string& need) {
    pb::MatchRequest request;
    request.set_need_name(need);
    pb::MatchResponse response;
    const grpc::Status status = Call(token, match_, &pb::MatchService::Stub::Match, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  std::vector<pb::Engagement> Exported(const std::string& token) {
    grpc::ClientContext context;
    Show(token, &context);
    const auto reader = engagements_->ExportEngagements(&context, pb::ExportEngagementsRequest());
    std::vector<pb::Engagement> entries;
    for (pb::ExportEngagementsResponse part; reader->Read(&part);)
      entries.insert(entries.end(), part.engagements().begin(), part.engagements().end());
    EXPECT_TRUE(reader->Finish().ok());
    return entries;
  }
  // What the figure of meetings of the last two weeks opens to.
  std::vector<pb::Engagement> OpenedMeetings(const std::string& token) {
    pb::OpenFigureRequest request;
    request.mutable_start_time()->set_seconds(EndOfToday() - 14 * 86'400);
    request.mutable_end_time()->set_seconds(EndOfToday());
    request.set_figure(pb::FIGURE_KIND_MET);
    pb::OpenFigureResponse response;
    const grpc::Status status =
        Call(token, statistics_, &pb::StatisticsService::Stub::OpenFigure, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return {response.engagements().begin(), response.engagements().end()};
  }
  bool Listed(const std::string& token, const std::string& need, const std::string& offer) {
    const pb::MatchResponse answer = Match(token, need);
    for (const pb::MatchEntry& entry : answer.results().entries()) {
      if (entry.name() == offer) return true;
    }
    return false;
  }
  bool ListedInReverse(const std::string& token, const std::string& need, const std::string& offer) {
    pb::ReverseMatchRequest request;
    request.set_offer_name(offer);
    pb::ReverseMatchResponse response;
    EXPECT_TRUE(Call(token, match_, &pb::MatchService::Stub::ReverseMatch, request, &response).ok());
    for (const pb::MatchEntry& entry : response.needs().entries()) {
      if (entry.name() == need) return true;
    }
    return false;
  }
  static pb::MatchEntry Entry(const pb::MatchList& list, const std::string& name) {
    for (const pb::MatchEntry& entry : list.entries()) {
      if (entry.name() == name) return entry;
    }
    ADD_FAILURE() << name << " is not listed";
    return {};
  }

  // Every RPC of statistics in one text, without the sequence, which tells of writes and not of their
  // content.
  std::string StatisticsOf(const std::string& token) {
    pb::ComputeStatisticsRequest request;
    request.mutable_start_time()->set_seconds(kYear2020);
    request.mutable_end_time()->set_seconds(EndOfToday());
    for (int dimension = pb::STATISTICS_DIMENSION_YEAR; dimension <= pb::STATISTICS_DIMENSION_PAIRING;
         ++dimension)
      request.add_group_by(static_cast<pb::StatisticsDimension>(dimension));
    request.set_include_engagements(true);
    pb::Statistics statistics;
    grpc::Status status =
        Call(token, statistics_, &pb::StatisticsService::Stub::ComputeStatistics, request, &statistics);
    EXPECT_TRUE(status.ok()) << status.error_message();
    statistics.clear_catalogue_sequence();
    std::string text = statistics.ShortDebugString();
    for (int figure = pb::FIGURE_KIND_SHOWN; figure <= pb::FIGURE_KIND_MATCHED; ++figure) {
      pb::OpenFigureRequest open;
      *open.mutable_start_time() = request.start_time();
      *open.mutable_end_time() = request.end_time();
      open.set_figure(static_cast<pb::FigureKind>(figure));
      pb::OpenFigureResponse opened;
      status = Call(token, statistics_, &pb::StatisticsService::Stub::OpenFigure, open, &opened);
      EXPECT_TRUE(status.ok()) << status.error_message();
      text += opened.ShortDebugString();
    }
    pb::EstimateSigningRequest estimate;
    *estimate.mutable_end_time() = request.end_time();
    pb::SigningEstimate signing;
    status = Call(token, statistics_, &pb::StatisticsService::Stub::EstimateSigning, estimate, &signing);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return text + signing.ShortDebugString();
  }
  int64_t EndOfToday() const {
    return absl::ToUnixSeconds(absl::FromCivil(DayInChina(now_) + 1, absl::FixedTimeZone(8 * 3600)));
  }
  // All that `dongxi stats report` writes and prints with that token.
  std::string ReportOf(const std::string& token, const std::string& folder) {
    const std::filesystem::path token_file = folder_.path() / (folder + ".token");
    std::ofstream(token_file) << token;
    std::filesystem::permissions(token_file, std::filesystem::perms::owner_read);
    const std::string out = (folder_.path() / folder).string();
    const std::string year = std::to_string(DayInChina(now_).year());
    const cli::CliRun run = cli::Dongxi({"stats", "report", "--period", year, "--out", out, "--gaps",
                                         "--token-file", token_file.string(), "--server",
                                         "127.0.0.1:" + std::to_string(running_.server->port())});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    std::string text = run.out;
    for (const char* file : {"绩效评估报告.html", "evaluation.json"}) {
      const auto bytes = ReadFile(std::filesystem::path(out) / file, 16 << 20);
      EXPECT_TRUE(bytes.ok()) << bytes.status();
      text += bytes.value_or("");
    }
    return text;
  }

  static constexpr int64_t kYear2020 = 1'577'808'000;  // 2020-01-01 in China
  const absl::Time now_ = absl::Now();
  TemporaryFolder folder_;
  std::string a_, b_, common_, operator_;
  Running running_;
  std::unique_ptr<pb::CatalogueService::Stub> catalogue_;
  std::unique_ptr<pb::EngagementService::Stub> engagements_;
  std::unique_ptr<pb::MatchService::Stub> match_;
  std::unique_ptr<pb::StatisticsService::Stub> statistics_;
};

struct RefusalCase {
  const char* name;
  const char *by, *need, *offer;
  // Whether it holds for a, for b, for a token without a tenant, for the operator.
  bool a, b, common, all;
};

TEST_F(LedgerTenantsTest, ARefusalHoldsForWhomItShould) {
  CreateResult(a_, "r-a", /*shared=*/true);
  CreateResult(b_, "r-b", /*shared=*/true);
  CreateNeed(a_, "n-a", /*shared=*/true);
  const RefusalCase cases[] = {
      {"TwoCommonRecordsByATenant", "a", "needs/n-lithium", "results/r-lithium", true, false, false, false},
      {"TwoCommonRecordsWithoutATenant", "common", "needs/n-lithium", "results/r-lithium", true, true, true,
       true},
      {"TwoCommonRecordsByTheOperator", "operator", "needs/n-lithium", "results/r-lithium", true, true, true,
       true},
      {"ItsOwnOffer", "a", "needs/n-lithium", "results/r-a", true, true, true, true},
      {"ItsOwnNeed", "a", "needs/n-a", "results/r-lithium", true, true, true, true},
      {"TheOthersNeedAndACommonOffer", "b", "needs/n-a", "results/r-lithium", false, true, false, false},
      {"TheOthersNeedAndItsOwnOffer", "b", "needs/n-a", "results/r-b", true, true, true, true},
  };
  const std::map<std::string, std::string> tokens = {
      {"a", a_}, {"b", b_}, {"common", common_}, {"operator", operator_}};
  for (const RefusalCase& one : cases) {
    SCOPED_TRACE(one.name);
    const grpc::Status refused =
        Record(tokens.at(one.by), pb::ENGAGEMENT_STEP_REFUSED, 1, one.need, one.offer);
    ASSERT_TRUE(refused.ok()) << refused.error_message();
    const std::pair<const char*, bool> expected[] = {
        {"a", one.a}, {"b", one.b}, {"common", one.common}, {"operator", one.all}};
    for (const auto& [who, holds] : expected) {
      SCOPED_TRACE(who);
      EXPECT_EQ(Refused(tokens.at(who), one.need, one.offer), holds);
      EXPECT_EQ(Listed(tokens.at(who), one.need, one.offer), !holds);
      EXPECT_EQ(ListedInReverse(tokens.at(who), one.need, one.offer), !holds);
    }
    EXPECT_EQ(Clear(tokens.at(one.by), one.need, one.offer), Code::OK);
    EXPECT_FALSE(Refused(tokens.at(one.by), one.need, one.offer));
  }
}

TEST_F(LedgerTenantsTest, ARefusalThatDoesNotHoldNeitherHindersNorShows) {
  const std::string need = "needs/n-lithium", offer = "results/r-lithium";
  ASSERT_TRUE(Record(a_, pb::ENGAGEMENT_STEP_REFUSED, 9, need, offer).ok());
  EXPECT_EQ(Clear(b_, need, offer), Code::FAILED_PRECONDITION) << "to b the pair is not refused";
  EXPECT_TRUE(Record(b_, pb::ENGAGEMENT_STEP_MET, 5, need, offer).ok());
  EXPECT_TRUE(Record(b_, pb::ENGAGEMENT_STEP_SIGNED, 4, need, offer).ok());
  EXPECT_EQ(DetailsOf(Record(a_, pb::ENGAGEMENT_STEP_SIGNED, 4, need, offer)).reason, "REFUSAL_NOT_CLEARED");
  EXPECT_EQ(Clear(operator_, need, offer), Code::OK) << "the operator clears everybody's";
  EXPECT_FALSE(Refused(a_, need, offer));
}

TEST_F(LedgerTenantsTest, ACorrectionDoesNotGetRoundTheOthersRefusal) {
  CreateNeed(b_, "n-b", /*shared=*/true);
  const std::string need = "needs/n-b", before = "results/r-magnesium", after = "results/r-goji",
                    talked = "results/r-lithium";
  std::string met, signed_before, signed_after;
  ASSERT_TRUE(Record(a_, pb::ENGAGEMENT_STEP_SIGNED, 9, need, before, &signed_before).ok());
  ASSERT_TRUE(Record(a_, pb::ENGAGEMENT_STEP_SIGNED, 3, need, after, &signed_after).ok());
  for (const std::string& offer : {before, after, talked})
    ASSERT_TRUE(Record(b_, pb::ENGAGEMENT_STEP_REFUSED, 5, need, offer).ok());
  ASSERT_TRUE(Record(a_, pb::ENGAGEMENT_STEP_MET, 4, need, talked, &met).ok());
  EXPECT_EQ(CorrectToSigned(a_, met, 4, 77), "REFUSAL_NOT_CLEARED");
  EXPECT_EQ(CorrectToSigned(a_, signed_before, 5, 77), "REFUSAL_NOT_CLEARED");
  EXPECT_EQ(CorrectToSigned(a_, signed_before, 8, 80), "OK") << "signed before it was refused";
  EXPECT_EQ(CorrectToSigned(a_, signed_after, 3, 80), "OK") << "as it stood, but for the amount";
  ASSERT_EQ(Clear(b_, need, talked), Code::OK);
  EXPECT_EQ(CorrectToSigned(a_, met, 4, 77), "OK");
}

TEST_F(LedgerTenantsTest, WhoOwnsNeitherSideDoesNotRefuseByACorrectionEither) {
  CreateNeed(b_, "n-b", /*shared=*/true);
  CreateResult(b_, "r-b", /*shared=*/true);
  std::string met;
  ASSERT_TRUE(Record(a_, pb::ENGAGEMENT_STEP_MET, 4, "needs/n-b", "results/r-b", &met).ok());
  pb::CorrectEngagementRequest request;
  request.set_name(met);
  request.set_why("录错");
  request.mutable_engagement()->set_step(pb::ENGAGEMENT_STEP_REFUSED);
  pb::RecordEngagementResponse response;
  const auto correct = &pb::EngagementService::Stub::CorrectEngagement;
  EXPECT_EQ(DetailsOf(Call(a_, engagements_, correct, request, &response)).reason, "NOT_OWNER");
}

TEST_F(LedgerTenantsTest, ARegistrationNumberNeitherTellsOfNorHindersAnotherTenant) {
  const std::string need = "needs/n-lithium", offer = "results/r-lithium";
  const auto register_it = [&](const std::string& token, const std::string& number, const std::string& of) {
    pb::RecordEngagementRequest request;
    pb::Engagement& entry = *request.mutable_engagement();
    entry.set_need(need);
    entry.set_offer(of);
    entry.set_step(pb::ENGAGEMENT_STEP_REGISTERED);
    entry.mutable_event_time()->set_seconds(absl::ToUnixSeconds(now_ - absl::Hours(24)));
    entry.set_registration_number(number);
    pb::RecordEngagementResponse response;
    return Call(token, engagements_, &pb::EngagementService::Stub::RecordEngagement, request, &response);
  };
  for (const std::string& token : {a_, b_}) {
    for (const char* of : {"results/r-lithium", "results/r-magnesium"})
      ASSERT_TRUE(Record(token, pb::ENGAGEMENT_STEP_SIGNED, 50, need, of).ok());
  }
  EXPECT_TRUE(register_it(a_, "2025-63-1", offer).ok());
  EXPECT_TRUE(register_it(b_, "2025-63-1", offer).ok()) << "what a holds is not b's to know";
  EXPECT_EQ(register_it(b_, "2025631", "results/r-magnesium").error_code(), Code::ALREADY_EXISTS);
}

TEST_F(LedgerTenantsTest, WhatAPairWentThroughIsItsTenantsAndTheOperators) {
  const std::string need = "needs/n-lithium", offer = "results/r-lithium", expert = "experts/e-lithium";
  std::string met, contract;
  std::vector<std::string> needs;
  for (int i = 0; i < 5; ++i) {
    needs.push_back("n-load-" + std::to_string(i));
    CreateNeed(common_, needs.back(), /*shared=*/false);
  }
  const std::string before = Match(b_, need).results().SerializeAsString();
  const std::string experts = Match(b_, need).experts().SerializeAsString();
  ASSERT_TRUE(Record(a_, pb::ENGAGEMENT_STEP_MET, 100, need, offer, &met).ok());
  for (const std::string& other : needs)
    ASSERT_TRUE(Record(a_, pb::ENGAGEMENT_STEP_MET, 10, "needs/" + other, expert).ok());
  EXPECT_THAT(Entry(Match(a_, need).experts(), expert).ShortDebugString(), HasSubstr("SHORT"));
  EXPECT_NE(Match(a_, need).experts().SerializeAsString(), experts) << "the expert is full, as a knows";
  EXPECT_THAT(Entry(Match(a_, need).results(), offer).pair_history().engagements(), Contains(met));
  EXPECT_EQ(Match(b_, need).results().SerializeAsString(), before);
  EXPECT_EQ(Match(b_, need).experts().SerializeAsString(), experts);
  EXPECT_EQ(Match(common_, need).results().SerializeAsString(), before);
  EXPECT_EQ(Entry(Match(operator_, need).results(), offer).pair_history().state(),
            pb::PairHistory::COOL_DOWN);

  // Who sees the ledgers of both sees the contract; each sees its own.
  ASSERT_TRUE(Record(b_, pb::ENGAGEMENT_STEP_SIGNED, 50, need, offer, &contract).ok());
  EXPECT_EQ(Entry(Match(operator_, need).results(), offer).pair_history().state(), pb::PairHistory::EXTEND);
  EXPECT_THAT(Entry(Match(b_, need).results(), offer).pair_history().engagements(), Contains(contract));
  EXPECT_EQ(Entry(Match(a_, need).results(), offer).pair_history().state(), pb::PairHistory::COOL_DOWN);
}

TEST_F(LedgerTenantsTest, StatisticsAndReportsOfOneNeverTellOfTheOther) {
  CreateNeed(b_, "n-secret-b", /*shared=*/false);
  CreateResult(b_, "r-secret-b", /*shared=*/false);
  std::vector<std::string> of_a, of_b;
  // Today: the report is this year's.
  const auto record = [&](const std::string& token, std::vector<std::string>* names, pb::EngagementStep step,
                          const std::string& need, const std::string& offer) {
    const grpc::Status status = Record(token, step, 0, need, offer, &names->emplace_back());
    ASSERT_TRUE(status.ok()) << status.error_message();
  };
  const std::string need = "needs/n-lithium", offer = "results/r-lithium";
  record(a_, &of_a, pb::ENGAGEMENT_STEP_MET, need, offer);
  record(a_, &of_a, pb::ENGAGEMENT_STEP_SIGNED, need, offer);
  const std::string figures = StatisticsOf(a_), report = ReportOf(a_, "before");
  for (const std::string& name : of_a) {
    EXPECT_THAT(figures, HasSubstr(name));
    EXPECT_THAT(report, HasSubstr(name.substr(name.find('/') + 1)));
  }

  // The same pair, another one, its own records; refused, corrected.
  record(b_, &of_b, pb::ENGAGEMENT_STEP_MET, need, offer);
  record(b_, &of_b, pb::ENGAGEMENT_STEP_SIGNED, need, offer);
  record(b_, &of_b, pb::ENGAGEMENT_STEP_REFUSED, "needs/n-goji", "results/r-goji");
  record(b_, &of_b, pb::ENGAGEMENT_STEP_SIGNED, "needs/n-secret-b", "results/r-secret-b");
  pb::CorrectEngagementRequest correction;
  correction.set_name(of_b[1]);
  correction.mutable_engagement()->set_step(pb::ENGAGEMENT_STEP_SIGNED);
  correction.mutable_engagement()->set_amount_wan(98'765);
  correction.set_why("合同额录错");
  pb::RecordEngagementResponse corrected;
  ASSERT_TRUE(
      Call(b_, engagements_, &pb::EngagementService::Stub::CorrectEngagement, correction, &corrected).ok());
  of_b[1] = corrected.engagement().name();

  EXPECT_EQ(StatisticsOf(a_), figures) << "to the last figure as if b had done nothing";
  const std::string after = ReportOf(a_, "after"), theirs = StatisticsOf(b_), all = StatisticsOf(operator_);
  for (const std::string& name : of_b) {
    const std::string id = name.substr(name.find('/') + 1);
    EXPECT_THAT(after, Not(HasSubstr(id)));
    EXPECT_THAT(theirs, HasSubstr(id)) << "the test looks for what is there";
    EXPECT_THAT(all, HasSubstr(id));
  }
  for (const char* secret : {"n-secret-b", "r-secret-b", "98765", "98,765"}) {
    EXPECT_THAT(figures, Not(HasSubstr(secret)));
    EXPECT_THAT(after, Not(HasSubstr(secret)));
  }
  for (const std::string& name : of_a) EXPECT_THAT(theirs, Not(HasSubstr(name)));
  EXPECT_THAT(ReportOf(b_, "theirs"), HasSubstr("98765"));
  EXPECT_THAT(StatisticsOf(common_), Not(HasSubstr("engagements/")));
}

TEST_F(LedgerTenantsTest, AnEntryTellsNoMoreOfARecordThanItsReaderMaySee) {
  const std::string high = NewTokenIn(folder_.path(), "a", "write", Disclosure::kOrganiser);
  pb::CreateResultRequest create;
  create.set_result_id("inner");
  create.mutable_result()->set_title("内部提锂成果");
  create.mutable_result()->set_disclosure(pb::ORGANISER);
  pb::Result made;
  // A running server takes new tokens within a second.
  grpc::Status status;
  do {
    status = Call(high, catalogue_, &pb::CatalogueService::Stub::CreateResult, create, &made);
  } while (status.error_code() == Code::UNAUTHENTICATED);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_TRUE(Record(high, pb::ENGAGEMENT_STEP_MET, 3, "needs/n-lithium", "results/inner").ok());
  ASSERT_TRUE(Record(high, pb::ENGAGEMENT_STEP_MET, 2, "needs/n-lithium", "results/r-lithium").ok());
  const auto list = [this](const std::string& token) {
    pb::ListEngagementsResponse response;
    EXPECT_TRUE(Call(token, engagements_, &pb::EngagementService::Stub::ListEngagements,
                     pb::ListEngagementsRequest(), &response)
                    .ok());
    return response;
  };
  const auto pair = [this](const std::string& token) {
    pb::GetPairRequest request;
    request.set_need("needs/n-lithium");
    request.set_offer("results/inner");
    pb::Pair response;
    return Call(token, engagements_, &pb::EngagementService::Stub::GetPair, request, &response).error_code();
  };
  const auto expect_hidden = [&] {
    const pb::ListEngagementsResponse seen = list(high), hidden = list(a_);
    ASSERT_EQ(seen.engagements_size(), 2);
    ASSERT_EQ(hidden.engagements_size(), 2) << "that the step happened is the tenant's own";
    EXPECT_EQ(seen.engagements(0).offer_title(), "内部提锂成果");
    EXPECT_THAT(hidden.engagements(0).offer_title(), IsEmpty());
    EXPECT_THAT(hidden.engagements(0).need_title(), Not(IsEmpty()));
    EXPECT_THAT(hidden.engagements(1).offer_title(), Not(IsEmpty()));
    EXPECT_EQ(pair(high), Code::OK);
    EXPECT_EQ(pair(a_), Code::NOT_FOUND);
  };
  expect_hidden();
  for (const auto& entries : {Exported(a_), OpenedMeetings(a_)}) {
    ASSERT_EQ(entries.size(), 2u);
    EXPECT_THAT(entries[0].offer_title(), IsEmpty());
    EXPECT_THAT(entries[0].need_title(), Not(IsEmpty()));
    EXPECT_THAT(entries[1].offer_title(), Not(IsEmpty()));
  }
  for (const auto& entries : {Exported(high), OpenedMeetings(high)}) {
    ASSERT_EQ(entries.size(), 2u);
    EXPECT_EQ(entries[0].offer_title(), "内部提锂成果");
  }
  pb::DeleteResultRequest remove;
  remove.set_name("results/inner");
  ASSERT_TRUE(Call(high, catalogue_, &pb::CatalogueService::Stub::DeleteResult, remove, &made).ok());
  expect_hidden();  // Deleted it is as secret as before.
}

}  // namespace
}  // namespace dongxi
