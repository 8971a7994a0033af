// Outcomes of a plan over gRPC: in the plan and in the ledger.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/server/plan_service_fixture.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string NoteOfN1O1(const pb::Plan& plan) {
  for (const pb::PlanMeeting& meeting : plan.meetings()) {
    if (meeting.need() == "N1" && meeting.offer() == "O1") return meeting.note();
  }
  return "no such meeting";
}

TEST_F(PlanServiceTest, AnOutcomeGoesIntoThePlanAndIntoTheLedgerWithItsMatch) {
  Start();
  pb::MatchRequest match;
  match.set_need_name("needs/n-lithium");
  pb::MatchResponse answer;
  grpc::ClientContext context;
  ASSERT_TRUE(pb::MatchService::NewStub(running_.channel)->Match(&context, match, &answer).ok());
  pb::PlanEvent event = SmallEvent();
  event.mutable_pairs(0)->set_match_id(answer.match_id());
  const std::string name = RunningPlan(event);
  pb::RecordOutcomeRequest request = OutcomeOfN1O1(name, pb::MEETING_OUTCOME_MET);
  request.set_note("谈得很好");
  request.set_request_id(kUuid);
  request.mutable_event_time()->set_seconds(absl::ToUnixSeconds(absl::Now()));  // the slots are of 2025
  const pb::RecordOutcomeResponse first = MustRecord(request);
  EXPECT_THAT(Steps(first), ElementsAre(pb::ENGAGEMENT_STEP_MET));
  EXPECT_EQ(first.engagements(0).match_id(), answer.match_id());
  EXPECT_THAT(first.engagements(0).evidence(), ElementsAre(name));
  const pb::Plan plan = Get(name);
  for (const pb::PlanMeeting& meeting : plan.meetings()) {
    if (meeting.need() != "N1" || meeting.offer() != "O1") continue;
    EXPECT_EQ(meeting.outcome(), pb::MEETING_OUTCOME_MET);
    EXPECT_TRUE(meeting.held());
    EXPECT_THAT(meeting.engagements(), ElementsAre(first.engagements(0).name()));
  }
  EXPECT_EQ(MustRecord(request).etag(), first.etag()) << "the same request has one effect";
  request.set_request_id(kOtherUuid);
  EXPECT_EQ(MustRecord(request).etag(), first.etag()) << "the same outcome changes nothing";
  EXPECT_THAT(LedgerOfN1O1().history(), SizeIs(1));

  request = OutcomeOfN1O1(name, pb::MEETING_OUTCOME_SIGNED);
  request.set_amount_wan(120);
  request.mutable_event_time()->set_seconds(absl::ToUnixSeconds(absl::Now()));
  EXPECT_THAT(Steps(MustRecord(request)), ElementsAre(pb::ENGAGEMENT_STEP_SIGNED))
      << "the meeting is in the ledger already";
  EXPECT_EQ(LedgerOfN1O1().signed_wan(), 120);
}

TEST_F(PlanServiceTest, ARepeatedOutcomeTellsNoMoreOfARecordThanItsReaderMaySee) {
  const std::string high = NewTokenIn(folder_.path(), "park", "write", Disclosure::kOrganiser);
  const std::string low = NewTokenIn(folder_.path(), "park", "write");
  Start();
  token_ = low;  // whose plan both may read
  pb::PlanEvent event = SmallEvent();
  event.mutable_pairs(0)->set_record("results/secret");
  pb::RecordOutcomeRequest request = OutcomeOfN1O1(RunningPlan(event), pb::MEETING_OUTCOME_MET);
  token_ = high;
  request.set_note("谈到样机的指标");
  request.set_request_id(kUuid);
  const pb::RecordOutcomeResponse first = MustRecord(request);
  ASSERT_THAT(first.engagements(), SizeIs(1));
  EXPECT_EQ(first.engagements(0).offer_title(), "盐湖提锂电渗析膜");
  EXPECT_EQ(first.engagements(0).note(), request.note());
  for (const char* const id : {kUuid, kOtherUuid}) {
    SCOPED_TRACE(id);  // the same request, and another one that says the same
    request.set_request_id(id);
    token_ = low;
    const pb::RecordOutcomeResponse hidden = MustRecord(request);
    ASSERT_THAT(hidden.engagements(), SizeIs(1));
    EXPECT_EQ(hidden.engagements(0).name(), first.engagements(0).name());
    EXPECT_THAT(hidden.engagements(0).offer_title(), IsEmpty());
    EXPECT_THAT(hidden.engagements(0).note(), IsEmpty());
    EXPECT_THAT(hidden.meeting().note(), IsEmpty()) << "the same words";
    EXPECT_EQ(hidden.meeting().outcome(), pb::MEETING_OUTCOME_MET);
    EXPECT_THAT(NoteOfN1O1(Get(request.name())), IsEmpty());
    token_ = high;
    EXPECT_EQ(NoteOfN1O1(Get(request.name())), request.note());
    EXPECT_EQ(MustRecord(request).engagements(0).SerializeAsString(),
              first.engagements(0).SerializeAsString());
  }
}

TEST_F(PlanServiceTest, AWrongOutcomeIsCorrectedWithAReasonAndItsEntriesAreWithdrawn) {
  Start();
  const std::string name = RunningPlan(SmallEvent());
  EXPECT_THAT(Steps(MustRecord(OutcomeOfN1O1(name, pb::MEETING_OUTCOME_REFUSED))),
              ElementsAre(pb::ENGAGEMENT_STEP_MET, pb::ENGAGEMENT_STEP_REFUSED));
  EXPECT_TRUE(LedgerOfN1O1().refused());
  pb::RecordOutcomeRequest request = OutcomeOfN1O1(name, pb::MEETING_OUTCOME_NO_SHOW);
  pb::RecordOutcomeResponse response;
  const grpc::Status refused = Record(request, &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(DetailsOf(refused).reason, "OUTCOME_RECORDED");
  request.set_why("记错了行");
  response = MustRecord(request);
  EXPECT_FALSE(response.meeting().held());
  EXPECT_THAT(response.meeting().engagements(), IsEmpty());
  EXPECT_FALSE(LedgerOfN1O1().refused());
  EXPECT_EQ(LedgerOfN1O1().furthest_step(), pb::ENGAGEMENT_STEP_UNSPECIFIED);
  EXPECT_THAT(Steps(MustRecord(OutcomeOfN1O1(name, pb::MEETING_OUTCOME_MET))),
              ElementsAre(pb::ENGAGEMENT_STEP_MET))
      << "who did not come may come later";
}

TEST_F(PlanServiceTest, OutcomesAreCheckedAndNeedARunningPlan) {
  Start();
  const std::string name = Made(SmallEvent()).name();
  pb::RecordOutcomeResponse response;
  EXPECT_EQ(DetailsOf(Record(OutcomeOfN1O1(name, pb::MEETING_OUTCOME_MET), &response)).reason, "PLAN_STATE");
  ASSERT_TRUE(Move(&pb::PlanService::Stub::PublishPlan, name).ok());
  ASSERT_TRUE(Move(&pb::PlanService::Stub::StartPlan, name).ok());
  const auto details = [&](const std::function<void(pb::RecordOutcomeRequest*)>& set) {
    pb::RecordOutcomeRequest request = OutcomeOfN1O1(name, pb::MEETING_OUTCOME_MET);
    set(&request);
    return DetailsOf(Record(request, &response));
  };
  EXPECT_EQ(details([](auto* r) { r->clear_outcome(); }).field, "outcome");
  EXPECT_EQ(details([](auto* r) { r->set_refusal_reason(pb::REFUSAL_REASON_OTHER); }).field,
            "refusal_reason");
  EXPECT_EQ(details([](auto* r) { r->set_outcome(pb::MEETING_OUTCOME_REFUSED); }).field, "refusal_reason");
  EXPECT_EQ(details([](auto* r) { r->set_amount_wan(3); }).field, "amount_wan");
  for (const double amount : {-5.0, 1e9, std::numeric_limits<double>::quiet_NaN()}) {
    const auto signed_for = [amount](auto* r) {
      r->set_need("N2"), r->set_offer("O3");  // no record: the ledger does not see the amount
      r->set_outcome(pb::MEETING_OUTCOME_SIGNED);
      r->set_amount_wan(amount);
    };
    EXPECT_EQ(details(signed_for).field, "amount_wan") << amount;
  }
  EXPECT_EQ(details([](auto* r) { r->set_note(std::string(7'000, 'x')); }).field, "note");
  EXPECT_EQ(details([](auto* r) { r->set_offer("O3"); }).reason, "MEETING_NOT_FOUND");
  EXPECT_EQ(details([](auto* r) { r->set_etag("stale"); }).reason, "PLAN_CHANGED");
  EXPECT_EQ(details([](auto* r) { r->mutable_event_time()->set_seconds(9'000'000'000); }).reason,
            "EVENT_TIME_IN_FUTURE");
  EXPECT_THAT(LedgerOfN1O1().history(), IsEmpty()) << "both or neither";
  pb::RecordOutcomeRequest unknown = OutcomeOfN1O1(name, pb::MEETING_OUTCOME_MET);
  unknown.set_need("N2"), unknown.set_offer("O3");
  response = MustRecord(unknown);
  EXPECT_THAT(response.not_in_ledger(), HasSubstr("示例方O3"));
  EXPECT_THAT(response.engagements(), IsEmpty());
  EXPECT_EQ(response.meeting().outcome(), pb::MEETING_OUTCOME_MET);
}

TEST_F(PlanServiceTest, AMatchThatIsLaterThanTheMeetingDoesNotHideThatTheyMet) {
  Start();
  pb::MatchRequest match;
  match.set_need_name("needs/n-lithium");
  pb::MatchResponse answer;
  grpc::ClientContext context;
  ASSERT_TRUE(pb::MatchService::NewStub(running_.channel)->Match(&context, match, &answer).ok());
  pb::PlanEvent event = SmallEvent();
  event.mutable_pairs(0)->set_match_id(answer.match_id());
  const pb::RecordOutcomeResponse response =
      MustRecord(OutcomeOfN1O1(RunningPlan(event), pb::MEETING_OUTCOME_MET));
  ASSERT_THAT(Steps(response), ElementsAre(pb::ENGAGEMENT_STEP_MET));
  const int slot = response.meeting().slot().back() - '1';
  EXPECT_EQ(response.engagements(0).event_time().seconds(), kFirstSlot + slot * 600);
  EXPECT_EQ(response.engagements(0).match_id(), "");
  EXPECT_THAT(response.not_in_ledger(), HasSubstr("晚于会谈的日期"));
}

TEST_F(PlanServiceTest, AMatchThatIsForgottenDoesNotHideThatTheyMet) {
  Start();
  pb::PlanEvent event = SmallEvent();
  event.mutable_pairs(0)->set_match_id("m-long-gone");
  const pb::RecordOutcomeResponse response =
      MustRecord(OutcomeOfN1O1(RunningPlan(event), pb::MEETING_OUTCOME_MET));
  EXPECT_THAT(Steps(response), ElementsAre(pb::ENGAGEMENT_STEP_MET));
  EXPECT_EQ(response.engagements(0).match_id(), "");
  EXPECT_THAT(response.not_in_ledger(), HasSubstr("m-long-gone"));
}

TEST_F(PlanServiceTest, ANeedThatIsNotInTheCatalogueHasItsOutcomeInThePlanAlone) {
  Start();
  pb::PlanEvent event = SmallEvent();
  event.mutable_parties(0)->set_record("needs/of-a-spreadsheet");
  const pb::RecordOutcomeResponse response =
      MustRecord(OutcomeOfN1O1(RunningPlan(event), pb::MEETING_OUTCOME_MET));
  EXPECT_THAT(response.engagements(), IsEmpty());
  EXPECT_THAT(response.not_in_ledger(), HasSubstr("needs/of-a-spreadsheet"));
  EXPECT_EQ(response.meeting().outcome(), pb::MEETING_OUTCOME_MET);
}

TEST_F(PlanServiceTest, AnOutcomeIsAboutTheResultThatTheMatchProposed) {
  Start();
  pb::PlanEvent event = SmallEvent();
  event.mutable_pairs(0)->set_record("results/r-lithium");
  const pb::RecordOutcomeResponse response =
      MustRecord(OutcomeOfN1O1(RunningPlan(event), pb::MEETING_OUTCOME_MET));
  ASSERT_EQ(response.engagements_size(), 1);
  EXPECT_EQ(response.engagements(0).offer(), "results/r-lithium");
  EXPECT_EQ(response.engagements(0).offer_institution(), "institutions/tj");
}

}  // namespace
}  // namespace dongxi
