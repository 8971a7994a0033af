// A server with a small catalogue and a small event, for the tests of plans over gRPC.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "dongxi/storage/operation.pb.h"
#include "dongxi/storage/plan.pb.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/plan.grpc.pb.h"
#include "engine/plan/check.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "proto/convert/plan_message.h"
#include "server/audit_trail.h"
#include "server/token_file.h"
#include "tests/server/server_testing.h"
#include "tests/server/tenant_tokens.h"

namespace dongxi {

using google::longrunning::Operation;

inline constexpr char kUuid[] = "0b8f1c7e-5d2a-4c3b-9e6f-112233445566";
inline constexpr char kOtherUuid[] = "0b8f1c7e-5d2a-4c3b-9e6f-112233445577";
inline constexpr int64_t kFirstSlot = 1'743'469'200;  // 2025-04-01 09:00 in China

inline void AddParty(const char* id, const char* record, pb::PlanEvent* event) {
  pb::PlanParty& party = *event->add_parties();
  party.set_id(id);
  party.set_name(std::string("示例方") + id);
  party.set_side(id[0] == 'N' ? pb::PlanParty::NEED : pb::PlanParty::OFFER);
  party.set_record(record);
}

inline void AddPair(const char* need, const char* offer, double score, pb::PlanEvent* event) {
  pb::PlanPair& pair = *event->add_pairs();
  pair.set_need(need);
  pair.set_offer(offer);
  pair.set_score(score);
}

// Two needs and two offers of the small catalogue and an offer that is not in it; three slots, two tables.
inline pb::PlanEvent SmallEvent() {
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
  // Into the tables of the catalogue, which no server may hold.
  void Put(std::vector<TablePut> puts) {
    const auto catalogue = Catalogue::Open(folder_.path() / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    const auto plan = [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
      return WriteBatch{.upserts = {}, .deletes = {}, .undeletes = {}, .puts = std::move(puts)};
    };
    ASSERT_TRUE((*catalogue)->Write(plan, 1).ok());
  }
  // The lines of the audit log about a method.
  std::string AuditOf(const std::string& method) const {
    std::string found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path() / kAuditFolderName)) {
      std::ifstream lines(entry.path());
      for (std::string line; std::getline(lines, line);) {
        if (line.find(method) != std::string::npos) found += line + "\n";
      }
    }
    return found;
  }
  std::string NewTokenOf(const std::string& tenant, const std::string& permissions) {
    return NewTokenIn(folder_.path(), tenant, permissions);
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

}  // namespace dongxi
