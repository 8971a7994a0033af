// What tenants see and change of each other's records, with tokens against the whole server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "server/token_file.h"
#include "tests/server/server_testing.h"
#include "tests/server/tenant_tokens.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
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

}  // namespace
}  // namespace dongxi
