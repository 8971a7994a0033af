// Plans over gRPC: making, states, replans, outcomes in the ledger, tenants, restarts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dongxi/storage/operation.pb.h"
#include "dongxi/storage/plan.pb.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/plan.grpc.pb.h"
#include "engine/plan/check.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "proto/convert/plan_message.h"
#include "server/token_file.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using google::longrunning::Operation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kUuid[] = "0b8f1c7e-5d2a-4c3b-9e6f-112233445566";
constexpr char kOtherUuid[] = "0b8f1c7e-5d2a-4c3b-9e6f-112233445577";
constexpr int64_t kFirstSlot = 1'743'469'200;  // 2025-04-01 09:00 in China

void AddParty(const char* id, const char* record, pb::PlanEvent* event) {
  pb::PlanParty& party = *event->add_parties();
  party.set_id(id);
  party.set_name(std::string("示例方") + id);
  party.set_side(id[0] == 'N' ? pb::PlanParty::NEED : pb::PlanParty::OFFER);
  party.set_record(record);
}

void AddPair(const char* need, const char* offer, double score, pb::PlanEvent* event) {
  pb::PlanPair& pair = *event->add_pairs();
  pair.set_need(need);
  pair.set_offer(offer);
  pair.set_score(score);
}

// Two needs and two offers of the small catalogue and an offer that is not in it; three slots, two tables.
pb::PlanEvent SmallEvent() {
  pb::PlanEvent event;
  event.mutable_settings()->set_title("示例对接会");
  for (int s = 0; s < 3; ++s) {
    pb::PlanSlot& slot = *event.add_slots();
    slot.set_id("S" + std::to_string(s + 1));
    slot.set_date("2025-04-01");
    slot.set_begin("09:" + std::to_string(s) + "0");
    slot.set_end("09:" + std::to_string(s) + "9");
  }
  event.add_tables()->set_id("A1");
  event.add_tables()->set_id("A2");
  AddParty("N1", "needs/n-lithium", &event);
  AddParty("N2", "needs/n-goji", &event);
  AddParty("O1", "institutions/tj", &event);
  AddParty("O2", "institutions/js", &event);
  AddParty("O3", "", &event);
  AddPair("N1", "O1", 0.9, &event);
  AddPair("N1", "O2", 0.3, &event);
  AddPair("N2", "O2", 0.8, &event);
  AddPair("N2", "O3", 0.4, &event);
  return event;
}

class PlanServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(folder_.path(), SmallCatalogue());
    ASSERT_FALSE(Build(folder_.path()).empty());
  }
  void Start() {
    running_ = StartServer(OptionsFor(folder_.path()));
    ASSERT_NE(running_.server, nullptr);
    plans_ = pb::PlanService::NewStub(running_.channel);
    operations_ = google::longrunning::Operations::NewStub(running_.channel);
  }
  void Restart() {
    ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
    Start();
  }
  std::string NewTokenOf(const std::string& tenant, const std::string& permissions) {
    Token wanted;
    wanted.permissions = *ParsePermissions(permissions);
    wanted.create_time = absl::UnixEpoch();
    wanted.tenant = tenant;
    const NewTokenResult made = NewToken(wanted);
    EXPECT_TRUE(ChangeTokens(folder_.path() / kTokenFileName, [&](std::vector<Token>* tokens) {
                  tokens->push_back(made.token);
                  return absl::OkStatus();
                }).ok());
    return made.text;
  }

  // Any unary method of the service, with `token_` if there is one.
  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (pb::PlanService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                  Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    if (!token_.empty()) context.AddMetadata("authorization", "Bearer " + token_);
    response->Clear();
    return (plans_.get()->*method)(&context, request, response);
  }
  grpc::Status StartMaking(const pb::PlanEvent& event, Operation* operation, const std::string& id = "") {
    pb::MakePlanRequest request;
    *request.mutable_event() = event;
    request.set_request_id(id);
    return Call(&pb::PlanService::Stub::MakePlan, request, operation);
  }
  Operation Ended(const std::string& name) {
    google::longrunning::WaitOperationRequest request;
    request.set_name(name);
    request.mutable_timeout()->set_seconds(60);
    grpc::ClientContext context;
    if (!token_.empty()) context.AddMetadata("authorization", "Bearer " + token_);
    Operation operation;
    const grpc::Status status = operations_->WaitOperation(&context, request, &operation);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_TRUE(operation.done());
    return operation;
  }
  pb::Plan Made(const pb::PlanEvent& event) {
    Operation operation;
    const grpc::Status status = StartMaking(event, &operation);
    EXPECT_TRUE(status.ok()) << status.error_message();
    pb::Plan plan;
    const Operation ended = Ended(operation.name());
    EXPECT_TRUE(ended.response().UnpackTo(&plan)) << ended.ShortDebugString();
    return plan;
  }
  pb::Plan Get(const std::string& name) {
    pb::GetPlanRequest request;
    request.set_name(name);
    pb::Plan plan;
    const grpc::Status status = Call(&pb::PlanService::Stub::GetPlan, request, &plan);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return plan;
  }
  template <typename Request>
  grpc::Status Move(grpc::Status (pb::PlanService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                  pb::Plan*),
                    const std::string& name, const std::string& etag = "") {
    Request request;
    request.set_name(name);
    request.set_etag(etag);
    pb::Plan plan;
    return Call(method, request, &plan);
  }
  // A plan that runs.
  std::string RunningPlan(const pb::PlanEvent& event) {
    const std::string name = Made(event).name();
    EXPECT_TRUE(Move(&pb::PlanService::Stub::PublishPlan, name).ok());
    EXPECT_TRUE(Move(&pb::PlanService::Stub::StartPlan, name).ok());
    return name;
  }
  pb::RecordOutcomeRequest OutcomeOfN1O1(const std::string& plan, pb::MeetingOutcome outcome) {
    pb::RecordOutcomeRequest request;
    request.set_name(plan);
    request.set_need("N1");
    request.set_offer("O1");
    request.set_outcome(outcome);
    if (outcome == pb::MEETING_OUTCOME_REFUSED) request.set_refusal_reason(pb::REFUSAL_REASON_NO_BUDGET);
    return request;
  }
  grpc::Status Record(const pb::RecordOutcomeRequest& request, pb::RecordOutcomeResponse* response) {
    return Call(&pb::PlanService::Stub::RecordOutcome, request, response);
  }
  pb::RecordOutcomeResponse MustRecord(const pb::RecordOutcomeRequest& request) {
    pb::RecordOutcomeResponse response;
    const grpc::Status status = Record(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  pb::Pair LedgerOfN1O1() {
    pb::GetPairRequest request;
    request.set_need("needs/n-lithium");
    request.set_offer("institutions/tj");
    grpc::ClientContext context;
    pb::Pair pair;
    const grpc::Status status =
        pb::EngagementService::NewStub(running_.channel)->GetPair(&context, request, &pair);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return pair;
  }
  static std::vector<pb::EngagementStep> Steps(const pb::RecordOutcomeResponse& response) {
    std::vector<pb::EngagementStep> steps;
    for (const pb::Engagement& entry : response.engagements()) steps.push_back(entry.step());
    return steps;
  }

  TemporaryFolder folder_;
  Running running_;
  std::string token_;
  std::unique_ptr<pb::PlanService::Stub> plans_;
  std::unique_ptr<google::longrunning::Operations::Stub> operations_;
};

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
  const pb::RecordOutcomeResponse first = MustRecord(request);
  EXPECT_THAT(Steps(first), ElementsAre(pb::ENGAGEMENT_STEP_MET));
  EXPECT_EQ(first.engagements(0).match_id(), answer.match_id());
  EXPECT_THAT(first.engagements(0).evidence(), ElementsAre(name));
  const pb::Plan plan = Get(name);
  int slot = 0;
  for (const pb::PlanMeeting& meeting : plan.meetings()) {
    if (meeting.need() != "N1" || meeting.offer() != "O1") continue;
    slot = meeting.slot().back() - '1';
    EXPECT_EQ(meeting.outcome(), pb::MEETING_OUTCOME_MET);
    EXPECT_TRUE(meeting.held());
    EXPECT_THAT(meeting.engagements(), ElementsAre(first.engagements(0).name()));
  }
  EXPECT_EQ(first.engagements(0).event_time().seconds(), kFirstSlot + slot * 600);
  EXPECT_EQ(MustRecord(request).etag(), first.etag()) << "the same request has one effect";
  request.set_request_id(kOtherUuid);
  EXPECT_EQ(MustRecord(request).etag(), first.etag()) << "the same outcome changes nothing";
  EXPECT_THAT(LedgerOfN1O1().history(), SizeIs(1));

  request = OutcomeOfN1O1(name, pb::MEETING_OUTCOME_SIGNED);
  request.set_amount_wan(120);
  EXPECT_THAT(Steps(MustRecord(request)), ElementsAre(pb::ENGAGEMENT_STEP_SIGNED))
      << "the meeting is in the ledger already";
  EXPECT_EQ(LedgerOfN1O1().signed_wan(), 120);
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
