// The ledger of engagements over gRPC: rules, repeats, refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/engagement_service_fixture.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

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

TEST_F(EngagementServiceTest, APairSumsEachKindOfAmountApart) {
  MustRecord(OfLithium(pb::ENGAGEMENT_STEP_MET, 0));
  pb::RecordEngagementRequest step = OfLithium(pb::ENGAGEMENT_STEP_SIGNED, 1);
  step.mutable_engagement()->set_amount_wan(120);
  MustRecord(step);
  step = OfLithium(pb::ENGAGEMENT_STEP_REGISTERED, 2);
  step.mutable_engagement()->set_registration_number("2025630100000001");
  step.mutable_engagement()->set_amount_wan(100);
  MustRecord(step);
  step = OfLithium(pb::ENGAGEMENT_STEP_PAID, 3);
  step.mutable_engagement()->set_amount_wan(30);
  MustRecord(step);
  const pb::Pair pair = Pair();
  EXPECT_EQ(pair.signed_wan(), 120);
  EXPECT_EQ(pair.registered_wan(), 100);
  EXPECT_EQ(pair.paid_wan(), 30);
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

TEST_F(EngagementServiceTest, ACorrectionClearsATaskThatItsMaskNamesAndKeepsOneThatIsOnlyAbsent) {
  const pb::Engagement old = MustRecord(OfLithium(pb::ENGAGEMENT_STEP_SIGNED, 3));
  ASSERT_EQ(old.task(), "3.2");
  pb::CorrectEngagementRequest correction;
  correction.set_name(old.name());
  correction.mutable_engagement()->set_step(pb::ENGAGEMENT_STEP_SIGNED);
  correction.mutable_engagement()->set_amount_wan(12);
  correction.set_why("补金额");
  pb::RecordEngagementResponse corrected;
  ASSERT_TRUE(Correct(correction, &corrected).ok());
  EXPECT_EQ(corrected.engagement().task(), "3.2");
  correction.set_name(corrected.engagement().name());
  correction.clear_engagement();
  correction.mutable_engagement();
  correction.mutable_update_mask()->add_paths("task");
  correction.set_why("不属于任何一项任务");
  const grpc::Status status = Correct(correction, &corrected);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(corrected.engagement().task(), "");
  EXPECT_EQ(corrected.engagement().amount_wan(), 12) << "what the mask does not name stays";
}

TEST_F(EngagementServiceTest, ARefusedPairIsNotShownInEitherDirectionUntilCleared) {
  ASSERT_THAT(Names(Match("needs/n-lithium").results()), Contains("results/r-lithium"));
  ASSERT_THAT(NeedsFor("results/r-lithium"), Contains("needs/n-lithium"));
  const pb::Engagement refusal = MustRecord(OfLithium(pb::ENGAGEMENT_STEP_REFUSED, 1));

  const pb::MatchResponse without = Match("needs/n-lithium");
  EXPECT_THAT(Names(without.results()), Not(Contains("results/r-lithium")));
  EXPECT_THAT(Names(without.results()), Contains("results/r-magnesium"));
  EXPECT_THAT(Names(without.partners()), Contains("institutions/tj")) << "only the named offer is refused";
  EXPECT_EQ(Verdict(), pb::MATCH_VERDICT_REFUSED) << "and it is explained";
  EXPECT_THAT(NeedsFor("results/r-lithium"), Not(Contains("needs/n-lithium")));
  EXPECT_THAT(NeedsFor("results/r-lithium"), Contains("needs/n-goji"));
  EXPECT_TRUE(Pair().refused());
  EXPECT_EQ(Pair().refusal_reason(), pb::REFUSAL_REASON_NO_BUDGET);
  EXPECT_EQ(Pair().refusal_time().seconds(), refusal.event_time().seconds());
  EXPECT_EQ(refusal.event_time().seconds(), kSpring2025 + kDay)
      << "when it happened, not when it was written";

  EXPECT_EQ(Clear("").error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const grpc::Status cleared = Clear("落实了经费");
  ASSERT_TRUE(cleared.ok()) << cleared.error_message();
  EXPECT_THAT(Names(Match("needs/n-lithium").results()), Contains("results/r-lithium"));
  EXPECT_THAT(NeedsFor("results/r-lithium"), Contains("needs/n-lithium"));
  const pb::Pair pair = Pair();
  EXPECT_FALSE(pair.refused());
  EXPECT_FALSE(pair.has_refusal_time());
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

std::string Characters(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "约";
  return text;
}

// Meetings with notes, over all pairs of the catalogue's needs with `offers` in turn.
pb::BatchRecordEngagementsRequest MeetingsWith(const std::vector<std::string>& offers, int meetings,
                                               int note_characters) {
  const std::string note = Characters(note_characters);
  pb::BatchRecordEngagementsRequest request;
  for (int i = 0; i < meetings; ++i) {
    const std::string need = i % 2 == 0 ? "needs/n-lithium" : "needs/n-goji";
    pb::Engagement& entry = *request.add_requests()->mutable_engagement();
    entry.set_need(need);
    entry.set_offer(offers[static_cast<size_t>(i / 2) % offers.size()]);
    entry.set_step(pb::ENGAGEMENT_STEP_MET);
    entry.mutable_event_time()->set_seconds(kSpring2025 - i * kDay);
    entry.set_note(note);
  }
  return request;
}

TEST_F(EngagementServiceTest, ABatchThatIsTooLongIsRefusedWholeAndItsHalvesAreTaken) {
  const auto send = [&](const pb::BatchRecordEngagementsRequest& batch,
                        pb::BatchRecordEngagementsResponse* response) {
    grpc::ClientContext context;
    return engagements_->BatchRecordEngagements(&context, batch, response);
  };
  constexpr int kMeetings = 540;
  const pb::BatchRecordEngagementsRequest request = MeetingsWith(
      {"results/r-lithium", "results/r-magnesium", "institutions/js", "institutions/tj", "experts/e-lithium"},
      kMeetings, 2'000);
  ASSERT_GT(request.ByteSizeLong(), size_t{3} << 20);
  pb::BatchRecordEngagementsResponse response;
  const grpc::Status status = send(request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).reason, "BATCH_TOO_LARGE");
  EXPECT_THAT(status.error_message(), HasSubstr("two halves"));
  EXPECT_THAT(List({}), IsEmpty()) << "nothing of it was recorded";
  for (const int begin : {0, kMeetings / 2}) {
    pb::BatchRecordEngagementsRequest half;
    for (int i = begin; i < begin + kMeetings / 2; ++i) *half.add_requests() = request.requests(i);
    ASSERT_TRUE(send(half, &response).ok());
    EXPECT_EQ(response.outcomes_size(), kMeetings / 2);
  }
  EXPECT_EQ(List({}, 1'000).size(), static_cast<size_t>(kMeetings));
}

TEST_F(EngagementServiceTest, ABatchThatGrowsTooLongByWhatTheServerAddsIsRefusedToo) {
  // Short to send; what comes back has the title of the offer.
  const auto catalogue = pb::CatalogueService::NewStub(running_.channel);
  std::vector<std::string> offers;
  for (int i = 0; i < 10; ++i) {
    pb::CreateResultRequest create;
    create.set_result_id("r-long-" + std::to_string(i));
    create.mutable_result()->set_title(Characters(495) + std::to_string(i));
    offers.push_back("results/" + create.result_id());
    grpc::ClientContext context;
    pb::Result result;
    const grpc::Status created = catalogue->CreateResult(&context, create, &result);
    ASSERT_TRUE(created.ok()) << created.error_message();
  }
  pb::BatchRecordEngagementsRequest request = MeetingsWith(offers, 1'000, 600);
  ASSERT_LT(request.ByteSizeLong(), size_t{3} << 20);
  request.set_validate_only(true);
  grpc::ClientContext context;
  pb::BatchRecordEngagementsResponse response;
  EXPECT_EQ(DetailsOf(engagements_->BatchRecordEngagements(&context, request, &response)).reason,
            "BATCH_TOO_LARGE");
}

TEST_F(EngagementServiceTest, AHistoryComesInPagesAndItsStateIsThatOfAll) {
  MustRecord(OfLithium(pb::ENGAGEMENT_STEP_MET, 0));
  pb::RecordEngagementRequest contract = OfLithium(pb::ENGAGEMENT_STEP_SIGNED, 1);
  contract.mutable_engagement()->set_amount_wan(120);
  MustRecord(contract);
  for (int day = 2; day < 7; ++day) MustRecord(OfLithium(pb::ENGAGEMENT_STEP_MET, day));
  const pb::Pair whole = Pair();
  ASSERT_EQ(whole.history_size(), 7);
  EXPECT_EQ(whole.total_size(), 7);
  EXPECT_THAT(whole.next_page_token(), IsEmpty());
  for (const int page_size : {1, 3, 7}) {
    SCOPED_TRACE(page_size);
    pb::GetPairRequest request;
    request.set_need("needs/n-lithium");
    request.set_offer("results/r-lithium");
    request.set_page_size(page_size);
    std::vector<std::string> names;
    do {
      grpc::ClientContext context;
      pb::Pair page;
      const grpc::Status status = engagements_->GetPair(&context, request, &page);
      ASSERT_TRUE(status.ok()) << status.error_message();
      EXPECT_LE(page.history_size(), page_size);
      EXPECT_EQ(page.signed_wan(), 120) << "of all pages, on each";
      EXPECT_EQ(page.total_size(), 7);
      for (const pb::Engagement& entry : page.history()) names.push_back(entry.name());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    ASSERT_EQ(names.size(), 7u);
    for (int i = 0; i < 7; ++i) EXPECT_EQ(names[static_cast<size_t>(i)], whole.history(i).name());
  }
  pb::GetPairRequest request;
  request.set_need("needs/n-lithium");
  request.set_offer("results/r-lithium");
  request.set_page_size(1);
  grpc::ClientContext first, second;
  pb::Pair page;
  ASSERT_TRUE(engagements_->GetPair(&first, request, &page).ok());
  request.set_page_token(page.next_page_token());
  request.set_offer("institutions/js");
  EXPECT_EQ(DetailsOf(engagements_->GetPair(&second, request, &page)).reason, "PAGE_TOKEN_OF_OTHER_REQUEST");
}

TEST_F(EngagementServiceTest, AStepIsTiedToTheMatchThatCausedIt) {
  pb::RecordEngagementRequest request = OfLithium(pb::ENGAGEMENT_STEP_MET, 1);
  request.mutable_engagement()->clear_event_time();
  request.mutable_engagement()->set_match_id(Match("needs/n-lithium").match_id());
  EXPECT_EQ(MustRecord(request).match_id(), request.engagement().match_id());
  request.mutable_engagement()->set_match_id(Match("needs/n-goji").match_id());
  const grpc::Status status = Record(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).reason, "MATCH_OF_OTHERS");
}

}  // namespace
}  // namespace dongxi
