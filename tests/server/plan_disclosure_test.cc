// Whom a plan may be shown to, and how many plans a tenant has room for; over gRPC, with tokens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "server/plan_store.h"
#include "tests/server/plan_service_fixture.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST_F(PlanServiceTest, WhatAPlanTellsIsForThoseWhoSeeAsMuchAsItsMakerAndInTheAuditLog) {
  const std::string maker = NewTokenIn(folder_.path(), "park", "write", Disclosure::kOrganiser),
                    everyone = NewTokenOf("park", "write"), reader = NewTokenOf("park", "read"),
                    admin = NewTokenIn(folder_.path(), "", "admin", Disclosure::kOrganiser);
  Start();
  using Stub = pb::PlanService::Stub;
  pb::PlanEvent event = SmallEvent();
  event.mutable_pairs(0)->set_record("results/secret");
  token_ = maker;
  const std::string name = RunningPlan(event);
  pb::GetPlanRequest get;
  get.set_name(name);
  pb::Plan got;
  pb::ReplanRequest replan;
  replan.set_name(name);
  replan.set_request_id(kUuid);
  replan.add_absences()->set_party("O2");
  pb::ReplanResponse replanned;
  ASSERT_TRUE(Call(&Stub::Replan, replan, &replanned).ok());
  pb::RecordOutcomeRequest outcome = OutcomeOfN1O1(name, pb::MEETING_OUTCOME_MET);
  outcome.set_request_id(kOtherUuid);
  MustRecord(outcome);

  for (const std::string& token : {everyone, reader}) {
    token_ = token;
    EXPECT_EQ(DetailsOf(Call(&Stub::GetPlan, get, &got)).reason, "PLAN_DISCLOSURE");
  }
  token_ = everyone;
  pb::RecordOutcomeResponse recorded;
  pb::ReplanRequest preview = replan;
  preview.clear_request_id();
  preview.set_validate_only(true);
  for (const grpc::Status& status :
       {Call(&Stub::Replan, preview, &replanned), Call(&Stub::Replan, replan, &replanned),
        Record(outcome, &recorded), Record(OutcomeOfN1O1(name, pb::MEETING_OUTCOME_SIGNED), &recorded),
        Move(&Stub::ClosePlan, name), Move(&Stub::PublishPlan, name), Move(&Stub::UnpublishPlan, name)}) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << status.error_message();
    EXPECT_EQ(DetailsOf(status).reason, "PLAN_DISCLOSURE") << "of a repeated request_id, too";
  }
  EXPECT_FALSE(replanned.has_plan());
  pb::ListPlansResponse page;
  ASSERT_TRUE(Call(&Stub::ListPlans, pb::ListPlansRequest(), &page).ok());
  ASSERT_THAT(page.plans(), SizeIs(1)) << "that there is one is no secret of its records";
  EXPECT_FALSE(page.plans(0).has_event());

  token_ = maker;
  EXPECT_EQ(Get(name).state(), pb::Plan::RUNNING) << "what was refused has no effect";
  const std::string shown = AuditOf("GetPlan");
  EXPECT_THAT(shown, HasSubstr("\"disclosed\":[\"results/secret\"]"));
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 1) << "refused ones disclosed nothing";
  token_ = admin;
  EXPECT_EQ(Get(name).name(), name);
}

TEST_F(PlanServiceTest, APlanOfTheOperatorIsForTheOperatorAndOneOfAnUnknownLevelForTheHighest) {
  const std::string admin = NewTokenOf("", "admin"), nobody = NewTokenOf("", "write"),
                    high = NewTokenIn(folder_.path(), "", "write", Disclosure::kOrganiser);
  Start();
  using Stub = pb::PlanService::Stub;
  token_ = admin;  // sees the records of every tenant
  pb::GetPlanRequest get;
  get.set_name(Made(SmallEvent()).name());
  pb::Plan whole;
  ASSERT_TRUE(Call(&Stub::GetPlan, get, &whole).ok());
  pb::Plan got;
  for (const std::string& token : {nobody, high}) {
    token_ = token;
    EXPECT_EQ(DetailsOf(Call(&Stub::GetPlan, get, &got)).reason, "PLAN_DISCLOSURE");
  }
  ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
  running_.server.reset();
  // As it was stored before the level was.
  Put({{Table::kPlans, "w" + whole.name().substr(whole.name().find('-') + 1), whole.SerializeAsString()}});
  Start();
  for (const std::string& token : {admin, nobody}) {
    token_ = token;
    EXPECT_EQ(DetailsOf(Call(&Stub::GetPlan, get, &got)).reason, "PLAN_DISCLOSURE");
  }
  token_ = high;
  EXPECT_TRUE(Call(&Stub::GetPlan, get, &got).ok());
  EXPECT_EQ(got.SerializeAsString(), whole.SerializeAsString());
}

TEST_F(PlanServiceTest, ATenantHasAThousandPlansAtMostAndRoomAgainWhenOneIsDeleted) {
  std::vector<TablePut> rows;
  for (int i = 0; i < kPlansMax - 1; ++i) {
    pb::Plan old;
    old.set_name("plans/p-" + std::to_string(1'000'000'000'000'000 + i));
    old.set_tenant("park");
    rows.push_back({Table::kPlans, "s" + std::to_string(1'000'000'000'000'000 + i), old.SerializeAsString()});
  }
  Put(std::move(rows));
  const std::string park = NewTokenOf("park", "write"), other = NewTokenOf("other", "write");
  Start();
  token_ = park;
  const pb::Plan last = Made(SmallEvent());
  EXPECT_FALSE(last.name().empty());
  for (int repeat = 0; repeat < 2; ++repeat) {
    SCOPED_TRACE(repeat);
    Operation operation;
    ASSERT_TRUE(StartMaking(SmallEvent(), &operation).ok());
    const Operation ended = Ended(operation.name());
    EXPECT_EQ(ended.error().code(), static_cast<int>(grpc::StatusCode::RESOURCE_EXHAUSTED));
    EXPECT_THAT(ended.error().message(), HasSubstr("DeletePlan"));
    if (repeat == 0) Restart();
  }
  token_ = other;
  EXPECT_FALSE(Made(SmallEvent()).name().empty()) << "another tenant has room of its own";
  token_ = park;
  pb::DeletePlanRequest remove;
  remove.set_name(last.name());
  google::protobuf::Empty empty;
  ASSERT_TRUE(Call(&pb::PlanService::Stub::DeletePlan, remove, &empty).ok());
  EXPECT_FALSE(Made(SmallEvent()).name().empty());
}

}  // namespace
}  // namespace dongxi
