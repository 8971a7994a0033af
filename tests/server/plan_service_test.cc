// Plans over gRPC: making, states, replans, tenants, restarts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/server/plan_service_fixture.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSubsetOf;
using ::testing::Not;
using ::testing::SizeIs;

TEST_F(PlanServiceTest, APlanIsMadeProvenCheckedAndKeptOverARestart) {
  Start();
  const pb::Plan made = Made(SmallEvent());
  EXPECT_EQ(made.title(), "示例对接会");
  EXPECT_EQ(made.state(), pb::Plan::DRAFT);
  EXPECT_EQ(made.revision(), 1);
  EXPECT_EQ(made.party_count(), 5);
  EXPECT_EQ(made.figures().meetings(), 4);
  EXPECT_EQ(made.figures().gap(), 0);
  EXPECT_FALSE(made.has_event()) << "lists and operations have the summary alone";
  Restart();
  const pb::Plan plan = Get(made.name());
  EXPECT_EQ(plan.etag(), made.etag());
  EXPECT_THAT(plan.meetings(), SizeIs(4));
  EXPECT_THAT(plan.prices(), SizeIs(3));
  EXPECT_FALSE(plan.fairness_curve().empty());
  const absl::StatusOr<plan::PlanFile> file = PlanFileOf(plan);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(CheckPlan(file->event, file->plan), IsEmpty());
}

TEST_F(PlanServiceTest, TheSameRequestIdGivesTheSameOperation) {
  Start();
  Operation first, again, other;
  ASSERT_TRUE(StartMaking(SmallEvent(), &first, kUuid).ok());
  ASSERT_TRUE(StartMaking(SmallEvent(), &again, kUuid).ok());
  EXPECT_EQ(first.name(), again.name());
  pb::PlanEvent changed = SmallEvent();
  changed.mutable_pairs(0)->set_score(0.1);
  EXPECT_EQ(DetailsOf(StartMaking(changed, &other, kUuid)).field, "request_id");
  EXPECT_EQ(DetailsOf(StartMaking(changed, &other, "no-uuid")).field, "request_id");
}

TEST_F(PlanServiceTest, WhatACrashLeftIsMadeByTheNextServerAndOnlyOnce) {
  storage::StoredOperation left;
  left.mutable_metadata()->set_kind("plan");
  left.mutable_metadata()->set_state(pb::OperationMetadata::RUNNING);
  left.mutable_metadata()->set_attempts(1);
  storage::PlanJob job;
  *job.mutable_request()->mutable_event() = SmallEvent();
  left.mutable_request()->PackFrom(job);
  const std::string id = "0000000000000001";
  const auto leave = [&] {
    const auto catalogue = Catalogue::Open(folder_.path() / "catalogue");
    ASSERT_TRUE(catalogue.ok());
    ASSERT_TRUE((*catalogue)
                    ->Write(
                        [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
                          WriteBatch batch;
                          batch.puts.push_back({Table::kOperations, id, left.SerializeAsString()});
                          return batch;
                        },
                        1)
                    .ok());
  };
  leave();
  Start();
  pb::Plan plan;
  ASSERT_TRUE(Ended("operations/" + id).response().UnpackTo(&plan));
  EXPECT_EQ(plan.name(), "plans/p-" + id);
  ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
  running_.server.reset();
  leave();  // The plan was stored, the end of the operation was not.
  Start();
  pb::Plan again;
  ASSERT_TRUE(Ended("operations/" + id).response().UnpackTo(&again));
  EXPECT_EQ(again.etag(), plan.etag()) << "it was not made anew";
}

TEST_F(PlanServiceTest, BadEventsAreToldWithTheirFieldBeforeAnyWork) {
  Start();
  const auto refused = [&](const std::function<void(pb::PlanEvent*)>& spoil) {
    pb::PlanEvent event = SmallEvent();
    spoil(&event);
    Operation operation;
    const grpc::Status status = StartMaking(event, &operation);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
    return DetailsOf(status).field;
  };
  EXPECT_EQ(refused([](pb::PlanEvent* e) { e->Clear(); }), "event.parties");
  EXPECT_EQ(refused([](pb::PlanEvent* e) { e->clear_slots(); }), "event.slots");
  EXPECT_EQ(refused([](pb::PlanEvent* e) { e->mutable_parties(1)->set_id("N1"); }), "event.parties[1].id");
  EXPECT_EQ(refused([](pb::PlanEvent* e) { e->mutable_parties(2)->clear_name(); }), "event.parties[2].name");
  EXPECT_EQ(refused([](pb::PlanEvent* e) { e->mutable_pairs(3)->set_offer("O9"); }), "event.pairs[3].offer");
  EXPECT_EQ(refused([](pb::PlanEvent* e) { e->mutable_pairs(0)->set_score(1.5); }), "event.pairs[0].score");
  EXPECT_EQ(refused([](pb::PlanEvent* e) { e->mutable_slots(1)->set_date("昨天"); }), "event.slots[1].date");
  EXPECT_EQ(refused([](pb::PlanEvent* e) { e->mutable_parties(0)->set_record("results/r-goji"); }),
            "event.parties[0].record");
  EXPECT_EQ(refused([](pb::PlanEvent* e) {
              for (int i = 0; i < 257; ++i) *e->add_slots() = e->slots(0);
            }),
            "event.slots");
  pb::GetPlanRequest get;
  get.set_name("p-1");
  pb::Plan plan;
  EXPECT_EQ(DetailsOf(Call(&pb::PlanService::Stub::GetPlan, get, &plan)).field, "name");
  get.set_name("plans/p-0000000000000000");
  EXPECT_EQ(DetailsOf(Call(&pb::PlanService::Stub::GetPlan, get, &plan)).reason, "PLAN_NOT_FOUND");
  pb::ListPlansRequest list;
  list.set_page_size(-1);
  pb::ListPlansResponse page;
  EXPECT_EQ(DetailsOf(Call(&pb::PlanService::Stub::ListPlans, list, &page)).field, "page_size");
  EXPECT_EQ(page.plans_size(), 0);
}

TEST_F(PlanServiceTest, WhatLooksOddIsPlannedWithAWarning) {
  Start();
  pb::PlanEvent event = SmallEvent();
  event.mutable_parties(4)->add_slots("none");
  const pb::Plan plan = Get(Made(event).name());
  ASSERT_FALSE(plan.warnings().empty());
  EXPECT_THAT(plan.warnings(0).field(), HasSubstr("parties[4]"));
  EXPECT_EQ(plan.figures().meetings(), 3);
}

TEST_F(PlanServiceTest, StatesFollowEachOther) {
  Start();
  using Stub = pb::PlanService::Stub;
  const std::string name = Made(SmallEvent()).name();
  const auto refused = [&](const grpc::Status& status) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    EXPECT_EQ(DetailsOf(status).reason, "PLAN_STATE");
    return status.error_message();
  };
  EXPECT_THAT(refused(Move(&Stub::StartPlan, name)), HasSubstr("下一步只能发布"));
  EXPECT_EQ(Move(&Stub::PublishPlan, name, "stale").error_code(), grpc::StatusCode::ABORTED);
  EXPECT_TRUE(Move(&Stub::PublishPlan, name, Get(name).etag()).ok());
  refused(Move(&Stub::PublishPlan, name));
  EXPECT_TRUE(Move(&Stub::UnpublishPlan, name).ok());
  EXPECT_TRUE(Move(&Stub::PublishPlan, name).ok());
  pb::DeletePlanRequest remove;
  remove.set_name(name);
  google::protobuf::Empty empty;
  refused(Call(&Stub::DeletePlan, remove, &empty));
  EXPECT_TRUE(Move(&Stub::StartPlan, name).ok());
  refused(Move(&Stub::UnpublishPlan, name));
  EXPECT_TRUE(Move(&Stub::ClosePlan, name).ok());
  EXPECT_EQ(Get(name).state(), pb::Plan::CLOSED);
  pb::ReplanRequest replan;
  replan.set_name(name);
  pb::ReplanResponse replanned;
  refused(Call(&Stub::Replan, replan, &replanned));
  EXPECT_TRUE(Call(&Stub::DeletePlan, remove, &empty).ok());
  pb::GetPlanRequest get;
  get.set_name(name);
  pb::Plan plan;
  EXPECT_EQ(Call(&Stub::GetPlan, get, &plan).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(PlanServiceTest, PlansAreListedByPagesTheNewestFirst) {
  Start();
  std::vector<std::string> made, listed;
  for (int i = 0; i < 3; ++i) made.insert(made.begin(), Made(SmallEvent()).name());
  pb::ListPlansRequest request;
  request.set_page_size(2);
  pb::ListPlansResponse page;
  do {
    ASSERT_TRUE(Call(&pb::PlanService::Stub::ListPlans, request, &page).ok());
    for (const pb::Plan& plan : page.plans()) listed.push_back(plan.name());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, made);
  EXPECT_EQ(page.plans_size(), 1);
  EXPECT_FALSE(page.plans(0).has_event());
}

TEST_F(PlanServiceTest, AReplanKeepsWhatCanStayAndIsBoundToTheStateItSaw) {
  Start();
  const pb::Plan before = Get(Made(SmallEvent()).name());
  pb::ReplanRequest request;
  request.set_name(before.name());
  request.set_etag(before.etag());
  request.add_absences()->set_party("O2");
  request.set_validate_only(true);
  pb::ReplanResponse preview, done, again;
  ASSERT_TRUE(Call(&pb::PlanService::Stub::Replan, request, &preview).ok());
  EXPECT_EQ(preview.plan().revision(), 2);
  EXPECT_EQ(Get(before.name()).revision(), 1) << "a preview changes nothing";
  EXPECT_THAT(preview.changes(), SizeIs(2));
  EXPECT_EQ(preview.forced_changes(), 2);
  EXPECT_EQ(preview.changes(0).kind(), pb::PlanChange::CANCELLED);
  EXPECT_THAT(preview.changes(0).text(), HasSubstr("取消"));
  EXPECT_THAT(preview.tell(), ElementsAre("N1", "N2", "O2"));

  request.set_validate_only(false);
  request.set_max_changes(1);
  EXPECT_EQ(DetailsOf(Call(&pb::PlanService::Stub::Replan, request, &done)).reason, "TOO_FEW_CHANGES");
  request.clear_max_changes();
  request.set_request_id(kUuid);
  ASSERT_TRUE(Call(&pb::PlanService::Stub::Replan, request, &done).ok());
  ASSERT_TRUE(Call(&pb::PlanService::Stub::Replan, request, &again).ok());
  EXPECT_EQ(again.plan().etag(), done.plan().etag()) << "the same request has one effect";
  request.clear_request_id();
  const grpc::Status stale = Call(&pb::PlanService::Stub::Replan, request, &done);
  EXPECT_EQ(stale.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(DetailsOf(stale).reason, "PLAN_CHANGED");
  const pb::Plan after = Get(before.name());
  EXPECT_EQ(after.revision(), 2);
  EXPECT_EQ(after.create_time().seconds(), before.create_time().seconds());
  EXPECT_THAT(after.meetings(), SizeIs(2));
  for (const pb::PlanMeeting& meeting : after.meetings()) EXPECT_NE(meeting.offer(), "O2");
}

TEST_F(PlanServiceTest, AReplanSaysWhatBecomesOfTheRoadShows) {
  Start();
  pb::PlanEvent event = SmallEvent();
  pb::PlanSession& show = *event.add_sessions();
  show.set_id("R1");
  show.set_name("盐湖专题路演");
  show.set_slot("S3");
  show.add_participants("O3");
  show.add_invited("N1");
  pb::ReplanRequest request;
  request.set_name(Made(event).name());
  request.add_absences()->set_party("O3");
  pb::ReplanResponse response;
  ASSERT_TRUE(Call(&pb::PlanService::Stub::Replan, request, &response).ok());
  EXPECT_THAT(response.session_changes(), ElementsAre(HasSubstr("取消活动：“盐湖专题路演”")));
  EXPECT_THAT(response.changes(), SizeIs(1)) << "the meeting of O3 and N2; the road show is not one of them";
  EXPECT_THAT(response.tell(), ElementsAre("N2", "O3"));
}

bool HasN1AndO1(const pb::Plan& plan) {
  return std::any_of(plan.meetings().begin(), plan.meetings().end(), [](const pb::PlanMeeting& meeting) {
    return meeting.need() == "N1" && meeting.offer() == "O1";
  });
}

TEST_F(PlanServiceTest, ACancelledPairIsToldAndNotPlacedAgainByALaterReplan) {
  Start();
  pb::ReplanRequest request;
  request.set_name(Made(SmallEvent()).name());
  ASSERT_TRUE(HasN1AndO1(Get(request.name())));
  pb::PlanCancellation& cancelled = *request.add_cancelled();
  cancelled.set_need("N1");
  cancelled.set_offer("O1");
  pb::ReplanResponse response;
  ASSERT_TRUE(Call(&pb::PlanService::Stub::Replan, request, &response).ok());
  ASSERT_THAT(response.changes(), SizeIs(1));
  EXPECT_EQ(response.changes(0).kind(), pb::PlanChange::CANCELLED);
  EXPECT_THAT(response.changes(0).text(), HasSubstr("组织方取消"));
  EXPECT_THAT(response.tell(), ElementsAre("N1", "O1"));
  ASSERT_THAT(Get(request.name()).event().requests(), SizeIs(1));
  EXPECT_EQ(Get(request.name()).event().requests(0).wish(), pb::PlanRequest::NO);

  request.clear_cancelled();
  request.set_max_changes(9);
  ASSERT_TRUE(Call(&pb::PlanService::Stub::Replan, request, &response).ok());
  EXPECT_FALSE(HasN1AndO1(Get(request.name())));
}

TEST_F(PlanServiceTest, AMeetingThatWasHeldIsNotCancelled) {
  Start();
  pb::ReplanRequest request;
  request.set_name(RunningPlan(SmallEvent()));
  MustRecord(OutcomeOfN1O1(request.name(), pb::MEETING_OUTCOME_MET));
  request.set_now("S1");
  pb::PlanCancellation& cancelled = *request.add_cancelled();
  cancelled.set_need("N1");
  cancelled.set_offer("O1");
  pb::ReplanResponse response;
  const grpc::Status status = Call(&pb::PlanService::Stub::Replan, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).field, "cancelled");
  EXPECT_THAT(status.error_message(), HasSubstr("已经谈过"));
}

// Slots of the meetings of O2.
std::set<std::string> SlotsOfO2(const pb::Plan& plan) {
  std::set<std::string> slots;
  for (const pb::PlanMeeting& meeting : plan.meetings()) {
    if (meeting.offer() == "O2") slots.insert(meeting.slot());
  }
  return slots;
}

TEST_F(PlanServiceTest, ANoShowWhoTurnsUpLaterGetsItsSlotsAndMeetingsBack) {
  Start();
  pb::PlanEvent event = SmallEvent();
  event.mutable_parties(3)->set_min(2);  // O2
  pb::ReplanRequest request;
  request.set_name(Made(event).name());
  pb::PlanAbsence& absence = *request.add_absences();
  absence.set_party("O2");
  pb::ReplanResponse response;
  ASSERT_TRUE(Call(&pb::PlanService::Stub::Replan, request, &response).ok());
  EXPECT_THAT(response.plan().kept_absences(), IsEmpty()) << "a part, of GetPlan only";
  const pb::Plan gone = Get(request.name());
  EXPECT_THAT(SlotsOfO2(gone), IsEmpty());
  ASSERT_THAT(gone.kept_absences(), SizeIs(1));
  EXPECT_EQ(gone.kept_absences(0).party(), "O2");
  EXPECT_THAT(gone.kept_absences(0).slots(), ElementsAre("S1", "S2", "S3"));
  EXPECT_EQ(gone.kept_absences(0).min_meetings(), 2);

  ASSERT_TRUE(Move(&pb::PlanService::Stub::PublishPlan, request.name()).ok());
  Restart();
  absence.set_to("S2");
  const grpc::Status status = Call(&pb::PlanService::Stub::Replan, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_FALSE(response.changes().empty());
  const pb::Plan late = Get(request.name());
  EXPECT_THAT(SlotsOfO2(late), Not(IsEmpty()));
  EXPECT_THAT(SlotsOfO2(late), IsSubsetOf({"S2", "S3"}));
  EXPECT_THAT(late.event().parties(3).slots(), ElementsAre("S2", "S3"));
  EXPECT_EQ(late.event().parties(3).min(), 2);
  ASSERT_THAT(late.kept_absences(), SizeIs(1)) << "of S1, until it is there in S1 too";
  EXPECT_THAT(late.kept_absences(0).slots(), ElementsAre("S1"));
}

TEST_F(PlanServiceTest, ALateArrivalThatGivesNothingBackIsRefusedWithAWord) {
  Start();
  pb::ReplanRequest request;
  request.set_name(Made(SmallEvent()).name());
  pb::PlanAbsence& absence = *request.add_absences();
  absence.set_party("O2");
  pb::ReplanResponse response;
  ASSERT_TRUE(Call(&pb::PlanService::Stub::Replan, request, &response).ok());
  absence.set_to("S1");
  ASSERT_TRUE(Call(&pb::PlanService::Stub::Replan, request, &response).ok());
  const pb::Plan back = Get(request.name());
  EXPECT_THAT(back.kept_absences(), IsEmpty()) << "it has everything again";
  EXPECT_THAT(back.meetings(), SizeIs(4));
  const grpc::Status status = Call(&pb::PlanService::Stub::Replan, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(DetailsOf(status).field, "absences");
  EXPECT_THAT(status.error_message(), HasSubstr("这次迟到什么也不改"));
  EXPECT_EQ(Get(request.name()).revision(), 3);
}

TEST_F(PlanServiceTest, WrongIncidentsNameTheirField) {
  Start();
  const std::string name = Made(SmallEvent()).name();
  const auto field = [&](const std::function<void(pb::ReplanRequest*)>& set) {
    pb::ReplanRequest request;
    request.set_name(name);
    set(&request);
    pb::ReplanResponse response;
    return DetailsOf(Call(&pb::PlanService::Stub::Replan, request, &response)).field;
  };
  EXPECT_EQ(field([](pb::ReplanRequest* r) { r->set_now("S9"); }), "now");
  EXPECT_EQ(field([](pb::ReplanRequest* r) { r->set_max_changes(-1); }), "max_changes");
  EXPECT_EQ(field([](pb::ReplanRequest* r) { r->add_absences()->set_party("X"); }), "absences[0].party");
  EXPECT_EQ(field([](pb::ReplanRequest* r) {
              pb::PlanLock& lock = *r->add_locks();
              lock.set_need("N1"), lock.set_offer("O3"), lock.set_slot("S1");
            }),
            "locks[0].offer");
  EXPECT_EQ(field([](pb::ReplanRequest* r) { r->add_cancelled()->set_need("X"); }), "cancelled[0].need");
  EXPECT_EQ(field([](pb::ReplanRequest* r) {
              pb::PlanCancellation& cancelled = *r->add_cancelled();
              cancelled.set_need("N1"), cancelled.set_offer("O3");
            }),
            "cancelled[0].offer");
}

TEST_F(PlanServiceTest, ATenantNeverSeesAnothersPlans) {
  const std::string park = NewTokenOf("park", "write"), other = NewTokenOf("other", "write"),
                    reader = NewTokenOf("park", "read"), admin = NewTokenOf("", "admin");
  Start();
  token_ = park;
  Operation operation;
  ASSERT_TRUE(StartMaking(SmallEvent(), &operation, kUuid).ok());
  pb::Plan plan;
  ASSERT_TRUE(Ended(operation.name()).response().UnpackTo(&plan));
  EXPECT_EQ(plan.tenant(), "park");
  using Stub = pb::PlanService::Stub;
  pb::GetPlanRequest get;
  get.set_name(plan.name());
  pb::ReplanRequest replan;
  replan.set_name(plan.name());
  pb::ListPlansRequest list;
  pb::Plan got;
  pb::ReplanResponse replanned;
  pb::RecordOutcomeResponse recorded;
  pb::ListPlansResponse page;
  pb::DeletePlanRequest remove;
  remove.set_name(plan.name());
  google::protobuf::Empty empty;

  token_ = other;
  for (const grpc::Status& status :
       {Call(&Stub::GetPlan, get, &got), Call(&Stub::Replan, replan, &replanned),
        Move(&Stub::PublishPlan, plan.name()), Move(&Stub::StartPlan, plan.name()),
        Call(&Stub::DeletePlan, remove, &empty),
        Record(OutcomeOfN1O1(plan.name(), pb::MEETING_OUTCOME_MET), &recorded)}) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
    EXPECT_EQ(DetailsOf(status).reason, "PLAN_NOT_FOUND");
    EXPECT_EQ(status.error_message(), plan.name() + ": no such plan") << "as of one that is not there";
  }
  ASSERT_TRUE(Call(&Stub::ListPlans, list, &page).ok());
  EXPECT_THAT(page.plans(), IsEmpty());
  Operation own;
  ASSERT_TRUE(StartMaking(SmallEvent(), &own, kUuid).ok()) << "another tenant's id is another request";
  EXPECT_NE(own.name(), operation.name());
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + other);
  google::longrunning::GetOperationRequest look;
  look.set_name(operation.name());
  EXPECT_EQ(operations_->GetOperation(&context, look, &own).error_code(), grpc::StatusCode::NOT_FOUND);

  token_ = reader;
  EXPECT_TRUE(Call(&Stub::GetPlan, get, &got).ok());
  EXPECT_EQ(Move(&Stub::PublishPlan, plan.name()).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  token_ = admin;
  EXPECT_TRUE(Call(&Stub::GetPlan, get, &got).ok()) << "the operator sees all";
  EXPECT_EQ(got.state(), pb::Plan::DRAFT);
}

}  // namespace
}  // namespace dongxi
