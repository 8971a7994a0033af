// Two tenants at one server: of the ledger of engagements and of the watches, neither sees nor changes what
// is the other's; of each other's offers they see the shared ones only.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "dongxi/v1/watch.grpc.pb.h"
#include "server/token_file.h"
#include "server/watch_store.h"
#include "tests/server/server_testing.h"
#include "tests/server/tenant_tokens.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using Code = grpc::StatusCode;

constexpr char kUuid[] = "0b8f1c7e-5d2a-4c3b-9e6f-112233445566";
constexpr int64_t kDay = 86'400;
constexpr int64_t kSpring2025 = 1'743'465'600;  // 2025-04-01

class TenantsTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(folder_.path(), SmallCatalogue());
    ASSERT_FALSE(Build(folder_.path()).empty());
    park_ = NewTokenOf("park", "write");
    other_ = NewTokenOf("other", "write");
    operator_ = NewTokenOf("", "admin");
    running_ = StartServer(OptionsFor(folder_.path()));
    ASSERT_NE(running_.server, nullptr);
    catalogue_ = pb::CatalogueService::NewStub(running_.channel);
    engagements_ = pb::EngagementService::NewStub(running_.channel);
    watches_ = pb::WatchService::NewStub(running_.channel);
    CreateNeed("n-park");
    CreateResult("r-park-own", false);
    CreateResult("r-park-shared", true);
  }
  std::string NewTokenOf(const std::string& tenant, const std::string& permissions) {
    return NewTokenIn(folder_.path(), tenant, permissions);
  }
  static void Show(const std::string& token, grpc::ClientContext* context) {
    context->AddMetadata("authorization", "Bearer " + token);
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
  }
  template <typename Stub, typename Request, typename Response>
  Code Call(const std::string& token, const std::unique_ptr<Stub>& stub,
            grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
            const Request& request, Response* response) {
    grpc::ClientContext context;
    Show(token, &context);
    response->Clear();
    return (stub.get()->*method)(&context, request, response).error_code();
  }

  void CreateNeed(const std::string& id) {
    pb::CreateNeedRequest request;
    request.set_need_id(id);
    request.mutable_need()->set_title("园区的盐湖提锂需求");
    request.mutable_need()->set_wanted("低溶损的提锂吸附剂和工艺");
    request.mutable_need()->set_region_code("63");
    pb::Need need;
    ASSERT_EQ(Call(park_, catalogue_, &pb::CatalogueService::Stub::CreateNeed, request, &need), Code::OK);
  }
  void CreateResult(const std::string& id, bool shared) {
    pb::CreateResultRequest request;
    request.set_result_id(id);
    request.mutable_result()->set_title("高镁锂比盐湖卤水提锂新吸附剂");
    request.mutable_result()->set_abstract("低溶损的提锂吸附剂和工艺");
    request.mutable_result()->set_shared(shared);
    pb::Result result;
    ASSERT_EQ(Call(park_, catalogue_, &pb::CatalogueService::Stub::CreateResult, request, &result), Code::OK);
  }

  Code Record(const std::string& token, const std::string& need, const std::string& offer,
              pb::EngagementStep step, pb::RecordEngagementResponse* response,
              const std::string& request_id = "") {
    pb::RecordEngagementRequest request;
    request.set_request_id(request_id);
    request.mutable_engagement()->set_need(need);
    request.mutable_engagement()->set_offer(offer);
    request.mutable_engagement()->set_step(step);
    if (step == pb::ENGAGEMENT_STEP_REFUSED)
      request.mutable_engagement()->set_refusal_reason(pb::REFUSAL_REASON_NO_BUDGET);
    return Call(token, engagements_, &pb::EngagementService::Stub::RecordEngagement, request, response);
  }
  std::vector<std::string> Ledger(const std::string& token) {
    pb::ListEngagementsRequest request;
    pb::ListEngagementsResponse response;
    EXPECT_EQ(Call(token, engagements_, &pb::EngagementService::Stub::ListEngagements, request, &response),
              Code::OK);
    std::vector<std::string> names;
    for (const pb::Engagement& entry : response.engagements()) names.push_back(entry.name());
    return names;
  }
  std::vector<std::string> Exported(const std::string& token) {
    grpc::ClientContext context;
    Show(token, &context);
    pb::ExportEngagementsRequest request;
    request.mutable_filter()->set_whole_ledger(true);
    const auto reader = engagements_->ExportEngagements(&context, request);
    pb::ExportEngagementsResponse response;
    std::vector<std::string> names;
    while (reader->Read(&response)) {
      for (const pb::Engagement& entry : response.engagements()) names.push_back(entry.name());
    }
    EXPECT_TRUE(reader->Finish().ok());
    return names;
  }
  Code GetPair(const std::string& token, const std::string& need, const std::string& offer, pb::Pair* pair) {
    pb::GetPairRequest request;
    request.set_need(need);
    request.set_offer(offer);
    return Call(token, engagements_, &pb::EngagementService::Stub::GetPair, request, pair);
  }
  // An amount of 0: none.
  void RecordOfLithium(const std::string& token, pb::EngagementStep step, int64_t day, double amount) {
    pb::RecordEngagementRequest request;
    pb::Engagement& entry = *request.mutable_engagement();
    entry.set_need("needs/n-lithium");
    entry.set_offer("results/r-lithium");
    entry.set_step(step);
    entry.mutable_event_time()->set_seconds(kSpring2025 + day * kDay);
    if (amount > 0) entry.set_amount_wan(amount);
    pb::RecordEngagementResponse response;
    EXPECT_EQ(Call(token, engagements_, &pb::EngagementService::Stub::RecordEngagement, request, &response),
              Code::OK);
  }
  pb::Pair PairOfLithium(const std::string& token) {
    pb::Pair pair;
    EXPECT_EQ(GetPair(token, "needs/n-lithium", "results/r-lithium", &pair), Code::OK);
    return pair;
  }
  static std::vector<std::string> CodesOf(const pb::Pair& pair) {
    std::vector<std::string> codes;
    for (const pb::EngagementWarning& warning : pair.warnings()) codes.push_back(warning.code());
    return codes;
  }
  Code Withdraw(const std::string& token, const std::string& name) {
    pb::CorrectEngagementRequest request;
    request.set_name(name);
    request.set_withdraw(true);
    request.set_why("登记有误");
    pb::RecordEngagementResponse response;
    return Call(token, engagements_, &pb::EngagementService::Stub::CorrectEngagement, request, &response);
  }
  Code ClearRefusal(const std::string& token, const std::string& need, const std::string& offer) {
    pb::ClearRefusalRequest request;
    request.set_need(need);
    request.set_offer(offer);
    request.set_why("条件已变");
    pb::RecordEngagementResponse response;
    return Call(token, engagements_, &pb::EngagementService::Stub::ClearRefusal, request, &response);
  }
  Code CreateWatch(const std::string& token, const std::string& need, pb::Watch* watch) {
    pb::CreateWatchRequest request;
    request.set_request_id(kUuid);
    request.mutable_watch()->set_need(need);
    request.mutable_watch()->set_min_adequacy(0);
    request.mutable_watch()->add_kinds(pb::RESULT);
    return Call(token, watches_, &pb::WatchService::Stub::CreateWatch, request, watch);
  }
  // Names of everything that is adequate for the watch.
  Code Poll(const std::string& token, const std::string& name, std::vector<std::string>* names) {
    pb::PollWatchRequest request;
    request.set_name(name);
    pb::PollWatchResponse response;
    const Code code = Call(token, watches_, &pb::WatchService::Stub::PollWatch, request, &response);
    names->clear();
    for (const pb::WatchItem& item : response.items()) names->push_back(item.entry().name());
    return code;
  }
  std::vector<std::string> Watches(const std::string& token) {
    pb::ListWatchesResponse response;
    EXPECT_EQ(
        Call(token, watches_, &pb::WatchService::Stub::ListWatches, pb::ListWatchesRequest(), &response),
        Code::OK);
    std::vector<std::string> names;
    for (const pb::Watch& watch : response.watches()) names.push_back(watch.name());
    return names;
  }

  TemporaryFolder folder_;
  std::string park_, other_, operator_;
  Running running_;
  std::unique_ptr<pb::CatalogueService::Stub> catalogue_;
  std::unique_ptr<pb::EngagementService::Stub> engagements_;
  std::unique_ptr<pb::WatchService::Stub> watches_;
};

TEST_F(TenantsTest, TheLedgerOfOneIsNotTheOthers) {
  pb::RecordEngagementResponse recorded;
  ASSERT_EQ(Record(park_, "needs/n-park", "results/r-lithium", pb::ENGAGEMENT_STEP_MET, &recorded, kUuid),
            Code::OK);
  const std::string entry = recorded.engagement().name();
  EXPECT_EQ(recorded.engagement().tenant(), "park");
  EXPECT_THAT(Ledger(park_), ElementsAre(entry));
  EXPECT_THAT(Ledger(operator_), ElementsAre(entry));
  EXPECT_THAT(Ledger(other_), IsEmpty());
  EXPECT_THAT(Exported(other_), IsEmpty());
  pb::Pair pair;
  EXPECT_EQ(GetPair(other_, "needs/n-park", "results/r-lithium", &pair), Code::NOT_FOUND);
  EXPECT_EQ(Withdraw(other_, entry), Code::NOT_FOUND) << "as if there were none";
  EXPECT_EQ(Withdraw(park_, entry), Code::OK);
  // The same request id of another tenant is another request.
  EXPECT_EQ(
      Record(other_, "needs/n-lithium", "results/r-lithium", pb::ENGAGEMENT_STEP_VIEWED, &recorded, kUuid),
      Code::OK);
  EXPECT_EQ(recorded.engagement().tenant(), "other");
}

TEST_F(TenantsTest, ALaterEntryOfTheOtherMakesNoPageOfTheList) {
  RecordOfLithium(park_, pb::ENGAGEMENT_STEP_MET, 0, 0);
  RecordOfLithium(other_, pb::ENGAGEMENT_STEP_MET, 5, 0);
  pb::ListEngagementsRequest request;
  request.set_page_size(1);
  pb::ListEngagementsResponse page;
  for (const char* const need : {"", "needs/n-lithium"}) {
    request.mutable_filter()->set_need(need);
    for (const std::string* const token : {&park_, &other_, &operator_}) {
      const auto list = &pb::EngagementService::Stub::ListEngagements;
      ASSERT_EQ(Call(*token, engagements_, list, request, &page), Code::OK);
      EXPECT_EQ(page.engagements_size(), 1);
      EXPECT_EQ(page.next_page_token().empty(), token != &operator_) << "the operator sees both";
    }
  }
}

TEST_F(TenantsTest, OfTheOthersRecordsOnlySharedOffersCanBeEngaged) {
  pb::RecordEngagementResponse recorded;
  const pb::EngagementStep viewed = pb::ENGAGEMENT_STEP_VIEWED;
  EXPECT_EQ(Record(other_, "needs/n-park", "results/r-lithium", viewed, &recorded), Code::NOT_FOUND);
  EXPECT_EQ(Record(other_, "needs/n-lithium", "results/r-park-own", viewed, &recorded), Code::NOT_FOUND);
  EXPECT_EQ(Record(other_, "needs/n-lithium", "results/r-park-shared", viewed, &recorded), Code::OK);
  pb::Pair pair;
  ASSERT_EQ(GetPair(park_, "needs/n-lithium", "results/r-park-shared", &pair), Code::OK);
  EXPECT_THAT(pair.history(), IsEmpty()) << "what the other did with it is the other's";
}

TEST_F(TenantsTest, ARefusalIsClearedByWhoRefusedOrTheOperator) {
  pb::RecordEngagementResponse recorded;
  const std::string need = "needs/n-lithium", offer = "results/r-park-shared";
  ASSERT_EQ(Record(park_, need, offer, pb::ENGAGEMENT_STEP_REFUSED, &recorded), Code::OK);
  EXPECT_EQ(ClearRefusal(other_, need, offer), Code::PERMISSION_DENIED);
  pb::Pair pair;
  ASSERT_EQ(GetPair(park_, need, offer, &pair), Code::OK);
  EXPECT_TRUE(pair.refused());
  EXPECT_EQ(ClearRefusal(park_, need, offer), Code::OK);
  ASSERT_EQ(GetPair(park_, need, offer, &pair), Code::OK);
  EXPECT_FALSE(pair.refused());
}

TEST_F(TenantsTest, OfAContractThatBothPartiesRecordedThePairOfTheOperatorTellsOnce) {
  for (const std::string& token : {park_, other_}) {
    RecordOfLithium(token, pb::ENGAGEMENT_STEP_MET, 0, 0);
    RecordOfLithium(token, pb::ENGAGEMENT_STEP_SIGNED, 10, 120);
  }
  const pb::Pair both = PairOfLithium(operator_);
  EXPECT_EQ(both.signed_wan(), 120);
  EXPECT_EQ(both.furthest_step(), pb::ENGAGEMENT_STEP_SIGNED);
  EXPECT_THAT(CodesOf(both), IsEmpty());
  EXPECT_EQ(both.history_size(), 4) << "the history shows what each of them recorded";
  // A second contract of which one party alone told.
  RecordOfLithium(other_, pb::ENGAGEMENT_STEP_SIGNED, 100, 30);
  EXPECT_EQ(PairOfLithium(operator_).signed_wan(), 150);
  EXPECT_THAT(CodesOf(PairOfLithium(operator_)), ElementsAre("SIGNED_AGAIN"));
  EXPECT_EQ(PairOfLithium(other_).signed_wan(), 150);
  EXPECT_EQ(PairOfLithium(park_).signed_wan(), 120);
  EXPECT_THAT(CodesOf(PairOfLithium(park_)), IsEmpty());
  // What the second party corrected to what the first had told is not counted as it was before, either.
  RecordOfLithium(park_, pb::ENGAGEMENT_STEP_SIGNED, 100, 33);
  EXPECT_EQ(PairOfLithium(operator_).signed_wan(), 183) << "another amount is another contract";
  pb::CorrectEngagementRequest correction;
  correction.set_name(PairOfLithium(park_).history(2).name());
  correction.mutable_engagement()->set_step(pb::ENGAGEMENT_STEP_SIGNED);
  correction.mutable_engagement()->set_amount_wan(30);
  correction.set_why("金额录错");
  pb::RecordEngagementResponse corrected;
  ASSERT_EQ(
      Call(park_, engagements_, &pb::EngagementService::Stub::CorrectEngagement, correction, &corrected),
      Code::OK);
  EXPECT_EQ(PairOfLithium(operator_).signed_wan(), 150);
}

TEST_F(TenantsTest, TheWatchesOfOneAreNotTheOthers) {
  pb::Watch watch, others;
  ASSERT_EQ(CreateWatch(park_, "needs/n-park", &watch), Code::OK);
  EXPECT_EQ(CreateWatch(other_, "needs/n-park", &others), Code::NOT_FOUND);
  ASSERT_EQ(CreateWatch(other_, "needs/n-lithium", &others), Code::OK);
  EXPECT_NE(watch.name(), others.name()) << "the same request id of another tenant is another request";
  EXPECT_THAT(Watches(park_), ElementsAre(watch.name()));
  EXPECT_THAT(Watches(other_), ElementsAre(others.name()));

  pb::GetWatchRequest get;
  get.set_name(watch.name());
  pb::Watch seen;
  EXPECT_EQ(Call(other_, watches_, &pb::WatchService::Stub::GetWatch, get, &seen), Code::NOT_FOUND);
  std::vector<std::string> names;
  EXPECT_EQ(Poll(other_, watch.name(), &names), Code::NOT_FOUND);
  pb::UpdateWatchRequest update;
  *update.mutable_watch() = watch;
  update.mutable_watch()->set_title("别人的");
  EXPECT_EQ(Call(other_, watches_, &pb::WatchService::Stub::UpdateWatch, update, &seen), Code::NOT_FOUND);
  pb::DeleteWatchRequest remove;
  remove.set_name(watch.name());
  pb::DeleteWatchResponse removed;
  EXPECT_EQ(Call(other_, watches_, &pb::WatchService::Stub::DeleteWatch, remove, &removed), Code::NOT_FOUND);
  grpc::ClientContext context;
  Show(other_, &context);
  pb::StreamWatchRequest stream;
  stream.set_name(watch.name());
  const auto reader = watches_->StreamWatch(&context, stream);
  pb::PollWatchResponse news;
  EXPECT_FALSE(reader->Read(&news));
  EXPECT_EQ(reader->Finish().error_code(), Code::NOT_FOUND);
  ASSERT_EQ(Call(park_, watches_, &pb::WatchService::Stub::GetWatch, get, &seen), Code::OK);
  EXPECT_EQ(seen.title(), "");
}

TEST_F(TenantsTest, AWatchBringsItsOwnAndSharedOffersOnly) {
  pb::Watch own, others;
  ASSERT_EQ(CreateWatch(park_, "needs/n-park", &own), Code::OK);
  ASSERT_EQ(CreateWatch(other_, "needs/n-lithium", &others), Code::OK);
  std::vector<std::string> names;
  ASSERT_EQ(Poll(park_, own.name(), &names), Code::OK);
  EXPECT_THAT(names, Contains("results/r-park-own"));
  EXPECT_THAT(names, Contains("results/r-park-shared"));
  ASSERT_EQ(Poll(other_, others.name(), &names), Code::OK);
  EXPECT_THAT(names, Not(Contains("results/r-park-own")));
  EXPECT_THAT(names, Contains("results/r-park-shared"));
}

TEST_F(TenantsTest, ATenantHasTenThousandWatchesAtMostAndRoomAgainWhenOneIsDeleted) {
  ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
  running_.server.reset();
  std::vector<TablePut> rows;
  for (int i = 0; i < kWatchesMax - 1; ++i) {
    pb::Watch old;
    old.set_name("watches/w-" + std::to_string(1'000'000'000'000'000 + i));
    old.set_tenant("park");
    rows.push_back({Table::kWatches, "w" + old.name(), old.SerializeAsString()});
  }
  {
    const auto catalogue = Catalogue::Open(folder_.path() / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    const auto plan = [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
      return WriteBatch{.upserts = {}, .deletes = {}, .undeletes = {}, .puts = std::move(rows)};
    };
    ASSERT_TRUE((*catalogue)->Write(plan, 1).ok());
  }
  running_ = StartServer(OptionsFor(folder_.path()));
  ASSERT_NE(running_.server, nullptr);
  watches_ = pb::WatchService::NewStub(running_.channel);
  pb::Watch last, more;
  ASSERT_EQ(CreateWatch(park_, "needs/n-park", &last), Code::OK);
  pb::CreateWatchRequest request;
  request.mutable_watch()->set_need("needs/n-lithium");
  const auto create = [&] {
    grpc::ClientContext context;
    Show(park_, &context);
    return watches_->CreateWatch(&context, request, &more);
  };
  const grpc::Status refused = create();
  EXPECT_EQ(refused.error_code(), Code::RESOURCE_EXHAUSTED);
  EXPECT_EQ(DetailsOf(refused).reason, "TOO_MANY_WATCHES");
  pb::Watch again;
  EXPECT_EQ(CreateWatch(park_, "needs/n-park", &again), Code::OK) << "a repeat of the last one";
  EXPECT_EQ(again.name(), last.name());
  EXPECT_EQ(CreateWatch(other_, "needs/n-lithium", &again), Code::OK) << "another tenant has its own";
  pb::DeleteWatchRequest remove;
  remove.set_name(last.name());
  pb::DeleteWatchResponse removed;
  ASSERT_EQ(Call(park_, watches_, &pb::WatchService::Stub::DeleteWatch, remove, &removed), Code::OK);
  EXPECT_TRUE(create().ok());
  EXPECT_EQ(DetailsOf(create()).reason, "TOO_MANY_WATCHES");
}

}  // namespace
}  // namespace dongxi
