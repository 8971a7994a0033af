// The ledger of engagements over gRPC: rules, repeats, refusals, lists.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int64_t kDay = 86'400;
constexpr int64_t kSpring2025 = 1'743'465'600;  // 2025-04-01
constexpr char kUuid[] = "123e4567-e89b-42d3-a456-426614174000";

class EngagementServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(folder_.path(), SmallCatalogue());
    ASSERT_FALSE(Build(folder_.path()).empty());
    Start();
  }
  void Start() {
    running_ = StartServer(OptionsFor(folder_.path()));
    ASSERT_NE(running_.server, nullptr);
    engagements_ = pb::EngagementService::NewStub(running_.channel);
    match_ = pb::MatchService::NewStub(running_.channel);
  }

  static pb::RecordEngagementRequest Request(const std::string& need, const std::string& offer,
                                             pb::EngagementStep step, int64_t day) {
    pb::RecordEngagementRequest request;
    pb::Engagement& engagement = *request.mutable_engagement();
    engagement.set_need(need);
    engagement.set_offer(offer);
    engagement.set_step(step);
    engagement.mutable_event_time()->set_seconds(kSpring2025 + day * kDay);
    if (step == pb::ENGAGEMENT_STEP_REFUSED) engagement.set_refusal_reason(pb::REFUSAL_REASON_NO_BUDGET);
    return request;
  }
  static pb::RecordEngagementRequest OfLithium(pb::EngagementStep step, int64_t day) {
    return Request("needs/n-lithium", "results/r-lithium", step, day);
  }

  grpc::Status Record(const pb::RecordEngagementRequest& request,
                      pb::RecordEngagementResponse* response = nullptr) {
    grpc::ClientContext context;
    pb::RecordEngagementResponse unused;
    return engagements_->RecordEngagement(&context, request, response != nullptr ? response : &unused);
  }
  pb::Engagement MustRecord(const pb::RecordEngagementRequest& request) {
    pb::RecordEngagementResponse response;
    const grpc::Status status = Record(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.state(), pb::RecordEngagementResponse::CREATED);
    return response.engagement();
  }
  grpc::Status Correct(const pb::CorrectEngagementRequest& request,
                       pb::RecordEngagementResponse* response = nullptr) {
    grpc::ClientContext context;
    pb::RecordEngagementResponse unused;
    return engagements_->CorrectEngagement(&context, request, response != nullptr ? response : &unused);
  }
  grpc::Status Clear(const std::string& why) {
    grpc::ClientContext context;
    pb::ClearRefusalRequest request;
    request.set_need("needs/n-lithium");
    request.set_offer("results/r-lithium");
    request.set_why(why);
    request.set_actor("青海省科技厅");
    pb::RecordEngagementResponse response;
    return engagements_->ClearRefusal(&context, request, &response);
  }
  pb::Pair Pair() {
    grpc::ClientContext context;
    pb::GetPairRequest request;
    request.set_need("needs/n-lithium");
    request.set_offer("results/r-lithium");
    pb::Pair pair;
    const grpc::Status status = engagements_->GetPair(&context, request, &pair);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return pair;
  }
  // "n-lithium r-lithium 4" for each entry of all pages.
  std::vector<std::string> List(const pb::EngagementFilter& filter, int page_size = 0) {
    std::vector<std::string> all;
    pb::ListEngagementsRequest request;
    *request.mutable_filter() = filter;
    request.set_page_size(page_size);
    do {
      grpc::ClientContext context;
      pb::ListEngagementsResponse response;
      const grpc::Status status = engagements_->ListEngagements(&context, request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      EXPECT_LE(response.engagements_size(), page_size > 0 ? page_size : 50);
      for (const pb::Engagement& entry : response.engagements()) {
        all.push_back(entry.need().substr(6) + " " + entry.offer().substr(entry.offer().find('/') + 1) + " " +
                      std::to_string(entry.step()));
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }
  pb::MatchResponse Match(const std::string& need) {
    grpc::ClientContext context;
    pb::MatchRequest request;
    request.set_need_name(need);
    pb::MatchResponse response;
    const grpc::Status status = match_->Match(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  pb::MatchVerdict Verdict() {
    grpc::ClientContext context;
    pb::ExplainMatchRequest request;
    request.mutable_match()->set_need_name("needs/n-lithium");
    request.set_candidate("results/r-lithium");
    pb::ExplainMatchResponse response;
    const grpc::Status status = match_->ExplainMatch(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.verdict();
  }
  static std::vector<std::string> Names(const pb::MatchList& list) {
    std::vector<std::string> names;
    for (const pb::MatchEntry& entry : list.entries()) names.push_back(entry.name());
    return names;
  }
  std::vector<std::string> NeedsFor(const std::string& offer) {
    grpc::ClientContext context;
    pb::ReverseMatchRequest request;
    request.set_offer_name(offer);
    pb::ReverseMatchResponse response;
    const grpc::Status status = match_->ReverseMatch(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return Names(response.needs());
  }

  TemporaryFolder folder_;
  Running running_;
  std::unique_ptr<pb::EngagementService::Stub> engagements_;
  std::unique_ptr<pb::MatchService::Stub> match_;
};

TEST_F(EngagementServiceTest, AnEntryKeepsWhatStatisticsNeed) {
  pb::RecordEngagementRequest request = OfLithium(pb::ENGAGEMENT_STEP_MET, 1);
  request.mutable_engagement()->set_actor("海西州工信局");
  request.mutable_engagement()->set_mode("转让");
  request.mutable_engagement()->set_tenant("forged");
  request.mutable_engagement()->set_channel("forged");
  const pb::Engagement entry = MustRecord(request);
  EXPECT_THAT(entry.name(), HasSubstr("engagements/e-"));
  EXPECT_EQ(entry.need_region_code(), "63");
  EXPECT_EQ(entry.offer_region_code(), "12");
  EXPECT_EQ(entry.offer_institution(), "institutions/tj");
  EXPECT_EQ(entry.channel(), "keji-yuanqing");
  EXPECT_EQ(entry.task(), "3.2");
  EXPECT_EQ(entry.mode(), "transfer");
  EXPECT_EQ(entry.actor(), "海西州工信局");
  EXPECT_EQ(entry.tenant(), "");
  EXPECT_TRUE(entry.illustrative()) << "sample data stays marked";
  EXPECT_GT(entry.record_time().seconds(), kSpring2025);
  EXPECT_FALSE(entry.policy().empty());
}

TEST_F(EngagementServiceTest, ARepeatHasNoSecondEffect) {
  pb::RecordEngagementRequest request = OfLithium(pb::ENGAGEMENT_STEP_INTERESTED, 1);
  request.set_request_id(kUuid);
  const pb::Engagement first = MustRecord(request);
  EXPECT_EQ(MustRecord(request).name(), first.name()) << "the first answer again: engagement_repeat_test";
  pb::RecordEngagementResponse repeat;
  request.clear_request_id();
  ASSERT_TRUE(Record(request, &repeat).ok()) << "by what it says";
  EXPECT_EQ(repeat.state(), pb::RecordEngagementResponse::UNCHANGED);
  EXPECT_EQ(repeat.engagement().name(), first.name());
  EXPECT_EQ(Pair().history_size(), 1);

  request.set_request_id(kUuid);
  request.mutable_engagement()->set_note("又一次");
  grpc::Status status = Record(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).reason, "REQUEST_ID_REUSED");
  request.clear_request_id();
  status = Record(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(DetailsOf(status).reason, "ENGAGEMENT_EXISTS");
}

TEST_F(EngagementServiceTest, TheLedgerOutlivesARestart) {
  const pb::Engagement entry = MustRecord(OfLithium(pb::ENGAGEMENT_STEP_MET, 1));
  MustRecord(OfLithium(pb::ENGAGEMENT_STEP_REFUSED, 2));
  ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
  Start();
  const pb::Pair pair = Pair();
  ASSERT_EQ(pair.history_size(), 2);
  EXPECT_EQ(pair.history(0).SerializeAsString(), entry.SerializeAsString());
  EXPECT_TRUE(pair.refused());
}

struct WrongCase {
  const char* name;
  std::function<void(pb::Engagement*)> change;
  grpc::StatusCode code;
  const char *reason, *field;
};

TEST_F(EngagementServiceTest, WhatCannotBeTrueIsNotRecorded) {
  const WrongCase cases[] = {
      {"NoNeed", [](pb::Engagement* e) { e->clear_need(); }, grpc::INVALID_ARGUMENT, "INVALID_FIELD",
       "engagement.need"},
      {"AnOfferForANeed", [](pb::Engagement* e) { e->set_need("results/r-lithium"); }, grpc::INVALID_ARGUMENT,
       "INVALID_FIELD", "engagement.need"},
      {"EvidenceIsNoOffer", [](pb::Engagement* e) { e->set_offer("evidence/p-1"); }, grpc::INVALID_ARGUMENT,
       "INVALID_FIELD", "engagement.offer"},
      {"AbsentNeed", [](pb::Engagement* e) { e->set_need("needs/absent"); }, grpc::NOT_FOUND,
       "RECORD_NOT_FOUND", ""},
      {"HiddenOffer", [](pb::Engagement* e) { e->set_offer("results/secret"); }, grpc::NOT_FOUND,
       "RECORD_NOT_FOUND", ""},
      {"NoStep", [](pb::Engagement* e) { e->clear_step(); }, grpc::INVALID_ARGUMENT, "INVALID_FIELD",
       "engagement.step"},
      {"UnknownMode", [](pb::Engagement* e) { e->set_mode("魔法"); }, grpc::INVALID_ARGUMENT, "INVALID_FIELD",
       "engagement.mode"},
      {"NegativeAmount", [](pb::Engagement* e) { e->set_amount_wan(-1); }, grpc::INVALID_ARGUMENT,
       "AMOUNT_INVALID", "engagement.amount_wan"},
      {"Future", [](pb::Engagement* e) { e->mutable_event_time()->set_seconds(32'503'680'000); },
       grpc::INVALID_ARGUMENT, "EVENT_TIME_IN_FUTURE", "engagement.event_time"},
      {"NoTime", [](pb::Engagement* e) { e->mutable_event_time()->set_nanos(-5); }, grpc::INVALID_ARGUMENT,
       "INVALID_FIELD", "engagement.event_time"},
      {"ReasonOfASignature", [](pb::Engagement* e) { e->set_refusal_reason(pb::REFUSAL_REASON_OTHER); },
       grpc::INVALID_ARGUMENT, "REFUSAL_REASON_NOT_EXPECTED", "engagement.refusal_reason"},
      {"BeforeTheMeeting",
       [](pb::Engagement* e) { e->mutable_event_time()->set_seconds(kSpring2025 - 9 * kDay); },
       grpc::FAILED_PRECONDITION, "SIGNED_BEFORE_MET", ""},
      {"UnknownMatch", [](pb::Engagement* e) { e->set_match_id("m-0000000000000000"); }, grpc::NOT_FOUND,
       "MATCH_NOT_FOUND", "engagement.match_id"},
      {"RegisteredWithoutSignature",
       [](pb::Engagement* e) {
         e->set_step(pb::ENGAGEMENT_STEP_REGISTERED);
         e->set_registration_number("2025630100000001");
       },
       grpc::FAILED_PRECONDITION, "SIGNATURE_MISSING", ""},
  };
  MustRecord(OfLithium(pb::ENGAGEMENT_STEP_MET, 0));
  for (const WrongCase& wrong : cases) {
    SCOPED_TRACE(wrong.name);
    pb::RecordEngagementRequest request = OfLithium(pb::ENGAGEMENT_STEP_SIGNED, 5);
    wrong.change(request.mutable_engagement());
    const grpc::Status status = Record(request);
    EXPECT_EQ(status.error_code(), wrong.code) << status.error_message();
    EXPECT_EQ(DetailsOf(status).reason, wrong.reason);
    EXPECT_EQ(DetailsOf(status).field, wrong.field);
  }
  EXPECT_EQ(Pair().history_size(), 1);
}

TEST_F(EngagementServiceTest, OddThingsAreRecordedWithAWarning) {
  const pb::Engagement entry = MustRecord(OfLithium(pb::ENGAGEMENT_STEP_SIGNED, 1));
  ASSERT_EQ(entry.warnings_size(), 1);
  EXPECT_EQ(entry.warnings(0).code(), "NO_MEETING");
  EXPECT_EQ(entry.warnings(0).engagement(), entry.name());
}

TEST_F(EngagementServiceTest, ValidateOnlyWritesNothing) {
  pb::RecordEngagementRequest request = OfLithium(pb::ENGAGEMENT_STEP_SIGNED, 1);
  request.set_validate_only(true);
  pb::RecordEngagementResponse response;
  ASSERT_TRUE(Record(request, &response).ok());
  EXPECT_THAT(response.engagement().name(), IsEmpty());
  EXPECT_EQ(response.engagement().warnings_size(), 1);
  EXPECT_EQ(Pair().history_size(), 0);
}

TEST_F(EngagementServiceTest, OneContractIsRegisteredOnce) {
  MustRecord(OfLithium(pb::ENGAGEMENT_STEP_SIGNED, 1));
  MustRecord(Request("needs/n-goji", "results/r-goji", pb::ENGAGEMENT_STEP_SIGNED, 1));
  pb::RecordEngagementRequest first = OfLithium(pb::ENGAGEMENT_STEP_REGISTERED, 2);
  first.mutable_engagement()->set_registration_number("2025630100000001");
  const pb::Engagement entry = MustRecord(first);
  pb::RecordEngagementRequest second =
      Request("needs/n-goji", "results/r-goji", pb::ENGAGEMENT_STEP_REGISTERED, 2);
  second.mutable_engagement()->set_registration_number("2025630100000001");
  const grpc::Status status = Record(second);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(DetailsOf(status).reason, "REGISTRATION_NUMBER_TAKEN");

  pb::CorrectEngagementRequest withdraw;
  withdraw.set_name(entry.name());
  withdraw.set_withdraw(true);
  withdraw.set_why("编号填错了合同");
  ASSERT_TRUE(Correct(withdraw).ok());
  EXPECT_TRUE(Record(second).ok()) << "a withdrawn number is free again";
}

TEST_F(EngagementServiceTest, ACorrectionAppendsAndIsSeenInItsPlace) {
  pb::RecordEngagementRequest request = OfLithium(pb::ENGAGEMENT_STEP_SIGNED, 3);
  request.mutable_engagement()->set_amount_wan(120);
  const pb::Engagement old = MustRecord(request);
  pb::CorrectEngagementRequest correction;
  correction.set_name(old.name());
  correction.mutable_engagement()->set_step(pb::ENGAGEMENT_STEP_SIGNED);
  correction.mutable_engagement()->set_amount_wan(12);
  EXPECT_EQ(DetailsOf(Correct(correction)).field, "why");
  correction.set_why("多写一个零");
  pb::RecordEngagementResponse corrected;
  const grpc::Status status = Correct(correction, &corrected);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(corrected.engagement().corrects(), old.name());
  EXPECT_EQ(corrected.engagement().event_time().seconds(), old.event_time().seconds());

  const pb::Pair pair = Pair();
  EXPECT_EQ(pair.signed_wan(), 12);
  ASSERT_EQ(pair.history_size(), 2) << "nothing is overwritten";
  EXPECT_EQ(pair.history(0).amount_wan(), 120);
  EXPECT_EQ(pair.history(0).corrected_by(), corrected.engagement().name());
  EXPECT_THAT(List({}), ElementsAre("n-lithium r-lithium 5"));
  pb::EngagementFilter whole;
  whole.set_whole_ledger(true);
  EXPECT_EQ(List(whole).size(), 2u);

  const grpc::Status again = Correct(correction);
  EXPECT_EQ(again.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(DetailsOf(again).reason, "ALREADY_CORRECTED");
  EXPECT_THAT(again.error_message(), HasSubstr(corrected.engagement().name()));
}

TEST_F(EngagementServiceTest, ARefusedPairIsNotShownInEitherDirectionUntilCleared) {
  ASSERT_THAT(Names(Match("needs/n-lithium").results()), Contains("results/r-lithium"));
  ASSERT_THAT(NeedsFor("results/r-lithium"), Contains("needs/n-lithium"));
  MustRecord(OfLithium(pb::ENGAGEMENT_STEP_REFUSED, 1));

  const pb::MatchResponse without = Match("needs/n-lithium");
  EXPECT_THAT(Names(without.results()), Not(Contains("results/r-lithium")));
  EXPECT_THAT(Names(without.results()), Contains("results/r-magnesium"));
  EXPECT_THAT(Names(without.partners()), Contains("institutions/tj")) << "only the named offer is refused";
  EXPECT_EQ(Verdict(), pb::MATCH_VERDICT_REFUSED) << "and it is explained";
  EXPECT_THAT(NeedsFor("results/r-lithium"), Not(Contains("needs/n-lithium")));
  EXPECT_THAT(NeedsFor("results/r-lithium"), Contains("needs/n-goji"));
  EXPECT_TRUE(Pair().refused());
  EXPECT_EQ(Pair().refusal_reason(), pb::REFUSAL_REASON_NO_BUDGET);

  EXPECT_EQ(Clear("").error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const grpc::Status cleared = Clear("落实了经费");
  ASSERT_TRUE(cleared.ok()) << cleared.error_message();
  EXPECT_THAT(Names(Match("needs/n-lithium").results()), Contains("results/r-lithium"));
  EXPECT_THAT(NeedsFor("results/r-lithium"), Contains("needs/n-lithium"));
  const pb::Pair pair = Pair();
  EXPECT_FALSE(pair.refused());
  ASSERT_EQ(pair.history_size(), 2);
  EXPECT_EQ(pair.history(1).kind(), pb::Engagement::KIND_CLEARANCE);
  EXPECT_EQ(pair.history(1).why(), "落实了经费");
  EXPECT_EQ(pair.history(1).actor(), "青海省科技厅");

  EXPECT_EQ(DetailsOf(Clear("又一次")).reason, "NOT_REFUSED");
  MustRecord(OfLithium(pb::ENGAGEMENT_STEP_REFUSED, 1));
  EXPECT_THAT(Names(Match("needs/n-lithium").results()), Not(Contains("results/r-lithium")))
      << "a refusal after the clearance is a new one";
}

TEST_F(EngagementServiceTest, AWithdrawnRefusalHidesNothing) {
  const pb::Engagement refusal = MustRecord(OfLithium(pb::ENGAGEMENT_STEP_REFUSED, 1));
  pb::CorrectEngagementRequest withdraw;
  withdraw.set_name(refusal.name());
  withdraw.set_withdraw(true);
  withdraw.set_why("登记错了对象");
  ASSERT_TRUE(Correct(withdraw).ok());
  EXPECT_FALSE(Pair().refused());
  EXPECT_THAT(Names(Match("needs/n-lithium").results()), Contains("results/r-lithium"));
}

TEST_F(EngagementServiceTest, ABatchTakesTheGoodAndNamesTheBad) {
  pb::BatchRecordEngagementsRequest request;
  *request.add_requests() = OfLithium(pb::ENGAGEMENT_STEP_SIGNED, 1);
  *request.add_requests() = OfLithium(pb::ENGAGEMENT_STEP_DELIVERED, 0);  // before the signature
  *request.add_requests() = OfLithium(pb::ENGAGEMENT_STEP_DELIVERED, 2);  // builds on the first
  *request.add_requests() = OfLithium(pb::ENGAGEMENT_STEP_SIGNED, 1);     // a repeat of it
  grpc::ClientContext context;
  pb::BatchRecordEngagementsResponse response;
  const grpc::Status status = engagements_->BatchRecordEngagements(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(response.outcomes_size(), 4);
  EXPECT_EQ(response.outcomes(0).response().state(), pb::RecordEngagementResponse::CREATED);
  EXPECT_EQ(response.outcomes(1).code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(response.outcomes(1).reason(), "SIGNATURE_MISSING");
  EXPECT_EQ(response.outcomes(2).response().state(), pb::RecordEngagementResponse::CREATED);
  EXPECT_EQ(response.outcomes(3).response().state(), pb::RecordEngagementResponse::UNCHANGED);
  EXPECT_EQ(response.outcomes(3).response().engagement().name(),
            response.outcomes(0).response().engagement().name());
  EXPECT_EQ(Pair().history_size(), 2);
}

TEST_F(EngagementServiceTest, AStepIsTiedToTheMatchThatCausedIt) {
  pb::RecordEngagementRequest request = OfLithium(pb::ENGAGEMENT_STEP_MET, 1);
  request.mutable_engagement()->set_match_id(Match("needs/n-lithium").match_id());
  EXPECT_EQ(MustRecord(request).match_id(), request.engagement().match_id());
  request.mutable_engagement()->set_match_id(Match("needs/n-goji").match_id());
  const grpc::Status status = Record(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).reason, "MATCH_OF_OTHERS");
}

class ManyEngagementsTest : public EngagementServiceTest {
 protected:
  void SetUp() override {
    EngagementServiceTest::SetUp();
    MustRecord(OfLithium(pb::ENGAGEMENT_STEP_MET, 20));
    MustRecord(Request("needs/n-goji", "institutions/js", pb::ENGAGEMENT_STEP_SHOWN, 5));
    MustRecord(OfLithium(pb::ENGAGEMENT_STEP_SHOWN, 1));
    MustRecord(Request("needs/n-goji", "institutions/js", pb::ENGAGEMENT_STEP_MET, 40));
    MustRecord(Request("needs/n-lithium", "experts/e-lithium", pb::ENGAGEMENT_STEP_SHOWN, 30));
  }
};

TEST_F(ManyEngagementsTest, AreListedInOrderOfTimeByPages) {
  const std::vector<std::string> all = {"n-lithium r-lithium 1", "n-goji js 1", "n-lithium r-lithium 4",
                                        "n-lithium e-lithium 1", "n-goji js 4"};
  EXPECT_EQ(List({}), all);
  for (const int page_size : {1, 2, 3, 5}) EXPECT_EQ(List({}, page_size), all) << page_size;
}

// A client takes messages of 4 MiB unless it was told otherwise; these entries have more together.
TEST_F(ManyEngagementsTest, OfLongTextsComeInMessagesThatClientsTake) {
  constexpr int kBatches = 2, kOfABatch = 75, kFew = 5;
  const auto text = [](size_t characters) {
    std::string all;
    for (size_t i = 0; i < characters; ++i) all += "约";
    return all;
  };
  for (int batch = 0; batch < kBatches; ++batch) {
    pb::BatchRecordEngagementsRequest request;
    for (int i = 0; i < kOfABatch; ++i) {
      *request.add_requests() = OfLithium(pb::ENGAGEMENT_STEP_MET, 100 + batch * kOfABatch + i);
      pb::Engagement& engagement = *request.mutable_requests(i)->mutable_engagement();
      engagement.set_note(text(2'000));
      for (int j = 0; j < 20; ++j) engagement.add_evidence(text(500));
    }
    grpc::ClientContext context;
    pb::BatchRecordEngagementsResponse response;
    const grpc::Status status = engagements_->BatchRecordEngagements(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  EXPECT_EQ(List({}, 1'000).size(), static_cast<size_t>(kBatches * kOfABatch + kFew));
  pb::EngagementFilter of_need;
  of_need.set_need("needs/n-lithium");
  EXPECT_EQ(List(of_need, 1'000).size(), static_cast<size_t>(kBatches * kOfABatch + 3));
  grpc::ClientContext context;
  const auto reader = engagements_->ExportEngagements(&context, {});
  pb::ExportEngagementsResponse response;
  int exported = 0;
  while (reader->Read(&response)) exported += response.engagements_size();
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(exported, kBatches * kOfABatch + kFew);
}

TEST_F(ManyEngagementsTest, AreFoundByEveryCondition) {
  const auto filter = [](const std::function<void(pb::EngagementFilter*)>& set) {
    pb::EngagementFilter filter;
    set(&filter);
    return filter;
  };
  EXPECT_THAT(List(filter([](auto* f) {
                f->mutable_start_time()->set_seconds(kSpring2025 + 5 * kDay);
                f->mutable_end_time()->set_seconds(kSpring2025 + 30 * kDay);
              })),
              ElementsAre("n-goji js 1", "n-lithium r-lithium 4"));
  EXPECT_THAT(List(filter([](auto* f) { f->set_need_region_code("64"); }), 1),
              ElementsAre("n-goji js 1", "n-goji js 4"));
  EXPECT_THAT(List(filter([](auto* f) { f->set_offer_region_code("12"); })),
              ElementsAre("n-lithium r-lithium 1", "n-lithium r-lithium 4", "n-lithium e-lithium 1"));
  EXPECT_THAT(List(filter([](auto* f) { f->set_channel("keji-zhining"); })).size(),
              List(filter([](auto* f) { f->set_need_region_code("64"); })).size());
  EXPECT_THAT(List(filter([](auto* f) { f->set_task("3.2"); })).size(), 3u);
  EXPECT_THAT(List(filter([](auto* f) { f->add_steps(pb::ENGAGEMENT_STEP_MET); })),
              ElementsAre("n-lithium r-lithium 4", "n-goji js 4"));
  EXPECT_THAT(List(filter([](auto* f) { f->set_need("needs/n-lithium"); }), 2),
              ElementsAre("n-lithium r-lithium 1", "n-lithium r-lithium 4", "n-lithium e-lithium 1"));
  EXPECT_THAT(List(filter([](auto* f) {
                f->set_need("needs/n-lithium");
                f->set_offer("experts/e-lithium");
              })),
              ElementsAre("n-lithium e-lithium 1"));
  EXPECT_THAT(List(filter([](auto* f) { f->set_offer("institutions/js"); })),
              ElementsAre("n-goji js 1", "n-goji js 4"));
}

TEST_F(ManyEngagementsTest, ATokenOfAnotherFilterIsRefused) {
  pb::ListEngagementsRequest request;
  request.set_page_size(1);
  grpc::ClientContext first, second;
  pb::ListEngagementsResponse response;
  ASSERT_TRUE(engagements_->ListEngagements(&first, request, &response).ok());
  request.set_page_token(response.next_page_token());
  request.mutable_filter()->set_task("3.2");
  const grpc::Status status = engagements_->ListEngagements(&second, request, &response);
  EXPECT_EQ(DetailsOf(status).reason, "PAGE_TOKEN_OF_OTHER_REQUEST");
}

TEST_F(ManyEngagementsTest, AreExportedWhole) {
  grpc::ClientContext context;
  const auto reader = engagements_->ExportEngagements(&context, {});
  std::set<std::string> names;
  pb::ExportEngagementsResponse response;
  while (reader->Read(&response)) {
    for (const pb::Engagement& entry : response.engagements()) names.insert(entry.name());
  }
  ASSERT_TRUE(reader->Finish().ok());
  EXPECT_EQ(names.size(), 5u);
}

}  // namespace
}  // namespace dongxi
