// Requests to the ledger that come again under the same request_id: one effect, the first answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "dongxi/v1/engagement.grpc.pb.h"
#include "server/audit_trail.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using Response = pb::RecordEngagementResponse;
using Stub = pb::EngagementService::Stub;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kUuid[] = "123e4567-e89b-42d3-a456-426614174000";
constexpr char kOtherUuid[] = "123e4567-e89b-42d3-a456-426614174001";
constexpr char kThirdUuid[] = "123e4567-e89b-42d3-a456-426614174002";

class EngagementRepeatTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(folder_.path(), SmallCatalogue());
    Start();
  }
  void Start() {
    running_ = StartServer(OptionsFor(folder_.path()));
    ASSERT_NE(running_.server, nullptr);
    engagements_ = pb::EngagementService::NewStub(running_.channel);
  }

  // Of n-lithium and r-lithium, without a time of its own.
  static pb::RecordEngagementRequest Step(pb::EngagementStep step, const std::string& request_id) {
    pb::RecordEngagementRequest request;
    request.set_request_id(request_id);
    pb::Engagement& entry = *request.mutable_engagement();
    entry.set_need("needs/n-lithium");
    entry.set_offer("results/r-lithium");
    entry.set_step(step);
    if (step == pb::ENGAGEMENT_STEP_REFUSED) entry.set_refusal_reason(pb::REFUSAL_REASON_NO_BUDGET);
    return request;
  }
  template <typename Request, typename Answer>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Answer*),
                    const Request& request, Answer* answer) {
    grpc::ClientContext context;
    answer->Clear();
    return (engagements_.get()->*method)(&context, request, answer);
  }
  template <typename Request>
  Response Must(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request) {
    Response response;
    const grpc::Status status = Call(method, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  Response Record(const pb::RecordEngagementRequest& request) {
    return Must(&Stub::RecordEngagement, request);
  }
  pb::Pair Pair() {
    pb::GetPairRequest request;
    request.set_need("needs/n-lithium");
    request.set_offer("results/r-lithium");
    pb::Pair pair;
    EXPECT_TRUE(Call(&Stub::GetPair, request, &pair).ok());
    return pair;
  }
  // The bytes of an answer but for the mark of a repeat.
  static std::string Unmarked(Response response) {
    response.clear_repeat();
    return response.SerializeAsString();
  }
  std::string AuditText() const {
    std::string text;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / kAuditFolderName)) {
      std::ifstream stream(entry.path());
      text.append(std::istreambuf_iterator<char>(stream), {});
    }
    return text;
  }

  TemporaryFolder folder_;
  Running running_;
  std::unique_ptr<Stub> engagements_;
};

TEST_F(EngagementRepeatTest, ARepeatHasNoSecondEffectAndGetsTheFirstAnswer) {
  pb::RecordEngagementRequest request = Step(pb::ENGAGEMENT_STEP_MET, kUuid);
  const Response first = Record(request);
  EXPECT_EQ(first.state(), Response::CREATED);
  EXPECT_FALSE(first.repeat());
  pb::CorrectEngagementRequest correct;
  correct.set_name(first.engagement().name());
  *correct.mutable_engagement() = request.engagement();
  correct.mutable_engagement()->set_note("在西宁");
  correct.set_why("补记地点");
  correct.set_request_id(kOtherUuid);
  const Response corrected = Must(&Stub::CorrectEngagement, correct);

  const Response again = Record(request);
  EXPECT_TRUE(again.repeat());
  EXPECT_EQ(Unmarked(again), first.SerializeAsString()) << "as it was answered, before it was corrected";
  const Response corrected_again = Must(&Stub::CorrectEngagement, correct);
  EXPECT_TRUE(corrected_again.repeat());
  EXPECT_EQ(Unmarked(corrected_again), corrected.SerializeAsString());
  EXPECT_THAT(Pair().history(), SizeIs(2)) << "a meeting without a time was not recorded again";

  request.mutable_engagement()->set_note("别的内容");
  Response none;
  const grpc::Status reused = Call(&Stub::RecordEngagement, request, &none);
  EXPECT_EQ(reused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(reused).reason, "REQUEST_ID_REUSED");
}

TEST_F(EngagementRepeatTest, WhatWasThereBeforeStaysUnchangedInTheRepeat) {
  const Response first = Record(Step(pb::ENGAGEMENT_STEP_VIEWED, ""));
  const Response second = Record(Step(pb::ENGAGEMENT_STEP_VIEWED, kUuid));
  EXPECT_EQ(second.state(), Response::UNCHANGED);
  EXPECT_FALSE(second.repeat()) << "another request, though it says the same";
  EXPECT_EQ(second.engagement().name(), first.engagement().name());
  const Response third = Record(Step(pb::ENGAGEMENT_STEP_VIEWED, kUuid));
  EXPECT_TRUE(third.repeat());
  EXPECT_EQ(Unmarked(third), second.SerializeAsString());
}

TEST_F(EngagementRepeatTest, ACorrectedDateKeepsNoFractionOfTheOldOneAndIsFoundAgain) {
  pb::RecordEngagementRequest request = Step(pb::ENGAGEMENT_STEP_SIGNED, "");
  google::protobuf::Timestamp& time = *request.mutable_engagement()->mutable_event_time();
  time.set_seconds(1'743'465'600);
  time.set_nanos(250'000'000);
  request.mutable_engagement()->set_amount_wan(120);
  const Response first = Record(request);
  time.set_seconds(1'743'552'000);
  time.set_nanos(0);
  pb::CorrectEngagementRequest correct;
  correct.set_name(first.engagement().name());
  *correct.mutable_engagement() = request.engagement();
  correct.set_why("签约日期录错");
  const Response corrected = Must(&Stub::CorrectEngagement, correct);
  EXPECT_EQ(corrected.engagement().event_time().SerializeAsString(), time.SerializeAsString());
  const Response again = Record(request);
  EXPECT_EQ(again.state(), Response::UNCHANGED) << "one contract, counted once";
  EXPECT_EQ(again.engagement().name(), corrected.engagement().name());
}

TEST_F(EngagementRepeatTest, ARepeatedClearanceDoesNotClearALaterRefusal) {
  Record(Step(pb::ENGAGEMENT_STEP_REFUSED, kUuid));
  pb::ClearRefusalRequest clear;
  clear.set_need("needs/n-lithium");
  clear.set_offer("results/r-lithium");
  clear.set_why("经费已落实");
  clear.set_request_id(kOtherUuid);
  const Response cleared = Must(&Stub::ClearRefusal, clear);
  EXPECT_FALSE(Pair().refused());
  Record(Step(pb::ENGAGEMENT_STEP_REFUSED, kThirdUuid));
  const Response again = Must(&Stub::ClearRefusal, clear);
  EXPECT_TRUE(again.repeat());
  EXPECT_EQ(Unmarked(again), cleared.SerializeAsString());
  EXPECT_TRUE(Pair().refused());
}

TEST_F(EngagementRepeatTest, ARepeatIsKnownAfterARestartAndIsNoWriteInTheAuditLog) {
  const pb::RecordEngagementRequest request = Step(pb::ENGAGEMENT_STEP_MET, kUuid);
  const Response first = Record(request);
  ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
  Start();
  EXPECT_EQ(Unmarked(Record(request)), first.SerializeAsString());
  const std::string written = "\"written\":[\"" + first.engagement().name() + "\"]", audit = AuditText();
  const size_t at = audit.find(written);
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(audit.find(written, at + 1), std::string::npos);
}

TEST_F(EngagementRepeatTest, WithinABatchTheSecondOfTwoIsTheRepeatAndACheckNamesNothingUnwritten) {
  pb::BatchRecordEngagementsRequest request;
  *request.add_requests() = Step(pb::ENGAGEMENT_STEP_MET, kUuid);
  *request.add_requests() = Step(pb::ENGAGEMENT_STEP_MET, kUuid);
  pb::BatchRecordEngagementsResponse checked, recorded;
  request.set_validate_only(true);
  ASSERT_TRUE(Call(&Stub::BatchRecordEngagements, request, &checked).ok());
  for (const pb::EngagementOutcome& outcome : checked.outcomes()) {
    EXPECT_EQ(outcome.code(), 0) << outcome.message();
    EXPECT_THAT(outcome.response().engagement().name(), IsEmpty());
  }
  request.set_validate_only(false);
  ASSERT_TRUE(Call(&Stub::BatchRecordEngagements, request, &recorded).ok());
  ASSERT_EQ(recorded.outcomes_size(), 2);
  const Response &one = recorded.outcomes(0).response(), &two = recorded.outcomes(1).response();
  EXPECT_THAT(one.engagement().name(), HasSubstr("engagements/"));
  EXPECT_FALSE(one.repeat());
  EXPECT_TRUE(two.repeat());
  EXPECT_EQ(Unmarked(two), one.SerializeAsString());
  request.set_validate_only(true);
  ASSERT_TRUE(Call(&Stub::BatchRecordEngagements, request, &checked).ok());
  EXPECT_EQ(checked.outcomes(0).response().engagement().name(), one.engagement().name())
      << "what is in the ledger has its name";
}

}  // namespace
}  // namespace dongxi
