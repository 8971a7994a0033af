// What tenants see and change of each other's records, with tokens against the whole server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "engine/policy/policy.h"
#include "server/catalogue_convert.h"
#include "server/catalogue_page.h"
#include "server/token_file.h"
#include "tests/server/server_testing.h"
#include "tests/server/tenant_tokens.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kUuid[] = "0b8f1c7e-5d2a-4c3b-9e6f-112233445566";

// Two tenants and the operator, each with a token of his own.
class CatalogueTenantsTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(folder_.path(), SmallCatalogue());
    park_ = NewTokenOf("park", "write");
    other_ = NewTokenOf("other", "write");
    reader_ = NewTokenOf("park", "read");
    operator_ = NewTokenOf("", "admin");
    running_ = StartServer(OptionsFor(folder_.path()));
    ASSERT_NE(running_.server, nullptr);
    stub_ = pb::CatalogueService::NewStub(running_.channel);
  }
  std::string NewTokenOf(const std::string& tenant, const std::string& permissions) {
    return NewTokenIn(folder_.path(), tenant, permissions);
  }
  template <typename Request, typename Response>
  grpc::StatusCode Call(const std::string& token,
                        grpc::Status (pb::CatalogueService::Stub::*method)(grpc::ClientContext*,
                                                                           const Request&, Response*),
                        const Request& request, Response* response) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + token);
    response->Clear();
    return (stub_.get()->*method)(&context, request, response).error_code();
  }
  grpc::StatusCode Create(const std::string& token, const std::string& id, bool shared, pb::Result* result) {
    pb::CreateResultRequest request;
    request.set_result_id(id);
    request.set_request_id(kUuid);
    request.mutable_result()->set_title("园区的成果");
    request.mutable_result()->set_shared(shared);
    return Call(token, &pb::CatalogueService::Stub::CreateResult, request, result);
  }
  grpc::StatusCode Expire(const std::string& token, const std::string& name) {
    pb::ExpireResultRequest request;
    request.set_name(name);
    pb::Result result;
    return Call(token, &pb::CatalogueService::Stub::ExpireResult, request, &result);
  }
  std::string Exported(const std::string& token) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + token);
    const auto reader = stub_->ExportRecords(&context, pb::ExportRecordsRequest());
    std::string text;
    pb::ExportRecordsResponse message;
    while (reader->Read(&message)) text += message.ShortDebugString();
    EXPECT_TRUE(reader->Finish().ok());
    return text;
  }

  TemporaryFolder folder_;
  std::string park_, other_, reader_, operator_;
  Running running_;
  std::unique_ptr<pb::CatalogueService::Stub> stub_;
};

TEST_F(CatalogueTenantsTest, RecordIsItsTenantsAloneUnlessShared) {
  pb::Result created, seen;
  ASSERT_EQ(Create(park_, "of-park", false, &created), grpc::StatusCode::OK);
  EXPECT_EQ(created.tenant(), "park");
  pb::GetResultRequest get;
  get.set_name("results/of-park");
  const auto read = &pb::CatalogueService::Stub::GetResult;
  EXPECT_EQ(Call(park_, read, get, &seen), grpc::StatusCode::OK);
  EXPECT_EQ(Call(operator_, read, get, &seen), grpc::StatusCode::OK);
  EXPECT_EQ(Call(other_, read, get, &seen), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Expire(other_, "results/of-park"), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(Exported(park_), HasSubstr("of-park"));
  EXPECT_THAT(Exported(other_), Not(HasSubstr("of-park")));
  // The same request id of another tenant is another request.
  EXPECT_EQ(Create(other_, "of-other", true, &seen), grpc::StatusCode::OK);
  EXPECT_EQ(seen.tenant(), "other");
  EXPECT_EQ(Expire(park_, "results/of-other"), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Expire(park_, "results/r-goji"), grpc::StatusCode::PERMISSION_DENIED);  // common
  EXPECT_EQ(Expire(operator_, "results/of-other"), grpc::StatusCode::OK);
  EXPECT_EQ(Expire(operator_, "results/r-goji"), grpc::StatusCode::OK);
  EXPECT_EQ(Expire(reader_, "results/of-park"), grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(CatalogueTenantsTest, AHiddenRecordBehindTheLastVisibleOneMakesNoPage) {
  pb::Result created;
  ASSERT_EQ(Create(park_, "z-of-park", false, &created), grpc::StatusCode::OK);
  const auto token_behind_the_last = [&](const std::string& token) {
    pb::ListResultsRequest request;
    request.set_page_size(100);
    pb::ListResultsResponse page;
    const auto list = &pb::CatalogueService::Stub::ListResults;
    EXPECT_EQ(Call(token, list, request, &page), grpc::StatusCode::OK);
    request.set_page_size(page.results_size());
    EXPECT_EQ(Call(token, list, request, &page), grpc::StatusCode::OK);
    EXPECT_EQ(page.results_size(), request.page_size());
    return page.next_page_token();
  };
  EXPECT_THAT(token_behind_the_last(park_), IsEmpty());
  EXPECT_THAT(token_behind_the_last(other_), IsEmpty()) << "z-of-park follows";
}

// `limit` results that a caller of the park sees behind the id `after`.
RecordPage PageOfThePark(const Catalogue& catalogue, const std::string& after, int limit) {
  const auto policy = LoadPolicy("data/policy");
  EXPECT_TRUE(policy.ok()) << policy.status();
  ListCall call = *DecodeList(RecordKind::kResult, limit, "", "", **policy);
  call.after = after;
  Caller caller;
  caller.viewer.tenant = "park";
  auto page = ReadPage(catalogue, RecordKind::kResult, call, caller, 0, [] { return false; });
  EXPECT_TRUE(page.ok()) << page.status();
  return page.ok() ? *std::move(page) : RecordPage();
}

std::vector<std::string> IdsOf(const RecordPage& page) {
  std::vector<std::string> ids;
  for (const Record& record : page.records) ids.push_back(record.id);
  return ids;
}

// A token holds the id that its page ends with.
TEST(RecordPageTest, EndsWithARecordThatItsCallerSeesHoweverManyOthersFollow) {
  TemporaryFolder folder;
  std::vector<Record> records;
  const auto add = [&records](const std::string& id, const std::string& tenant) {
    Record record;
    record.kind = RecordKind::kResult;
    record.id = id;
    record.title = "成果";
    record.tenant = tenant;
    records.push_back(record);
  };
  for (const char* const id : {"a", "b", "z"}) add(id, "park");
  for (int i = 0; i < 20'100; ++i) add("m-" + std::to_string(i), "other");
  WriteCatalogue(folder.path(), records);
  const auto catalogue = Catalogue::Open(folder.path() / "catalogue");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  for (const int limit : {2, 3}) {
    const RecordPage first = PageOfThePark(**catalogue, "", limit);
    EXPECT_THAT(IdsOf(first), ElementsAre("a", "b")) << "of " << limit;
    EXPECT_EQ(first.last_id, "b");
    EXPECT_TRUE(first.more) << "what follows so many was not read";
  }
  const RecordPage last = PageOfThePark(**catalogue, "b", 2);
  EXPECT_THAT(IdsOf(last), ElementsAre("z"));
  EXPECT_FALSE(last.more);
  const RecordPage none = PageOfThePark(**catalogue, "z", 2);
  EXPECT_THAT(IdsOf(none), IsEmpty());
  EXPECT_FALSE(none.more);
}

TEST_F(CatalogueTenantsTest, AnUpsertOverAHiddenRecordSaysThatTheIdIsTakenAndNotByWhom) {
  pb::Result created;
  ASSERT_EQ(Create(other_, "of-other", false, &created), grpc::StatusCode::OK);
  pb::BatchUpsertRecordsRequest upsert;
  upsert.set_mode(pb::BatchUpsertRecordsRequest::PARTIAL);
  for (const char* name : {"results/of-other", "results/secret", "results/r-goji"}) {
    upsert.add_records()->mutable_result()->set_name(name);
    upsert.mutable_records(upsert.records_size() - 1)->mutable_result()->set_title("园区的成果");
  }
  pb::BatchUpsertRecordsResponse response;
  const auto method = &pb::CatalogueService::Stub::BatchUpsertRecords;
  ASSERT_EQ(Call(park_, method, upsert, &response), grpc::StatusCode::OK);
  for (const pb::ImportOutcome& outcome : response.outcomes()) {
    ASSERT_EQ(outcome.state(), pb::ImportOutcome::REFUSED) << outcome.ShortDebugString();
    ASSERT_EQ(outcome.problems_size(), 1);
  }
  const std::string hidden = response.outcomes(0).problems(0).remedy();
  EXPECT_THAT(hidden, HasSubstr("无权查看"));
  EXPECT_THAT(hidden, Not(HasSubstr("其他单位")));
  EXPECT_EQ(response.outcomes(1).problems(0).remedy(), hidden)
      << "above the level, of another tenant: the same";
  EXPECT_THAT(response.outcomes(2).problems(0).remedy(), HasSubstr("其他单位"));
}

}  // namespace
}  // namespace dongxi
