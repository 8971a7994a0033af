// Both doors look at the token before they decode a body: what is sent without one is never read as a
// message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/generic/generic_stub.h"
#include "server/access.h"
#include "server/admission.h"
#include "tests/server/security_fixture.h"

namespace dongxi {
namespace {

using grpc::StatusCode;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kJson[] = "application/json";
constexpr char kNoMessage[] = "\xff\xff\xff\xff";

// One RPC whose request is no message.
grpc::Status CallWithoutSense(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                              const std::string& token) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  grpc::CompletionQueue queue;
  const grpc::Slice slice(kNoMessage);
  const auto call = stub.PrepareUnaryCall(&context, path, grpc::ByteBuffer(&slice, 1), &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, &queue);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return status;
}

class UndecodedBodyTest : public SecurityTest {
 protected:
  // Paths of all RPCs that take one message, of every kind of access.
  std::vector<std::string> Paths(Permission needed) const {
    std::vector<std::string> paths;
    for (const std::string& name : running_.server->service_names()) {
      const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
      for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
        const auto& method = *service->method(i);
        const bool fits = AccessOf(service->name() + "." + method.name()).permission == needed;
        if (fits && !method.client_streaming()) paths.push_back("/" + name + "/" + method.name());
      }
    }
    return paths;
  }
  httplib::Client Http() const { return httplib::Client("127.0.0.1", running_.server->http_port()); }
  static httplib::Headers With(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }
};

TEST_F(UndecodedBodyTest, WithoutATokenNoRpcLooksAtItsRequest) {
  const std::string revoked = Revoked("admin");
  Start();
  size_t tried = 0;
  for (const Permission needed : {Permission::kRead, Permission::kWrite, Permission::kAdmin}) {
    for (const std::string& path : Paths(needed)) {
      for (const auto& [token, reason] :
           {std::pair(std::string(), "TOKEN_REQUIRED"), std::pair(revoked, "TOKEN_REVOKED")}) {
        const grpc::Status status = CallWithoutSense(running_.channel, path, token);
        EXPECT_EQ(status.error_code(), StatusCode::UNAUTHENTICATED) << path << status.error_message();
        EXPECT_EQ(DetailsOf(status).reason, reason) << path;
        EXPECT_THAT(DetailsOf(status).request_id, Not(IsEmpty())) << path;
        ++tried;
      }
    }
  }
  EXPECT_GE(tried, 150u);
}

TEST_F(UndecodedBodyTest, AReadersTokenOpensNoRequestOfAWrite) {
  const std::string reader = Create("read");
  Start();
  for (const std::string& path : Paths(Permission::kWrite)) {
    EXPECT_EQ(DetailsOf(CallWithoutSense(running_.channel, path, reader)).reason, "PERMISSION_MISSING")
        << path;
  }
  // Whoever may, is told what is wrong with it.
  EXPECT_NE(CallWithoutSense(running_.channel, "/dongxi.v1.MatchService/Match", reader).error_code(),
            StatusCode::UNAUTHENTICATED);
}

TEST_F(UndecodedBodyTest, ACallThatWasTurnedAwayStaysSo) {
  Start();
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + operator_);
  context.AddMetadata(kTurnedAwayKey, "1");
  pb::GetInstitutionRequest request;
  request.set_name("institutions/tj");
  pb::Institution response;
  const grpc::Status status =
      pb::CatalogueService::NewStub(running_.channel)->GetInstitution(&context, request, &response);
  EXPECT_EQ(status.error_code(), StatusCode::ABORTED);
  EXPECT_EQ(DetailsOf(status).reason, "TOKEN_CHANGED");
}

TEST_F(UndecodedBodyTest, TheHttpDoorAsksForTheTokenFirst) {
  const std::string reader = Create("read");
  Start();
  for (const char* path : {"/v1/needs", "/v1/match", "/v1/batchUpsertRecords", "/v1/embeddings"}) {
    for (const char* type : {kJson, "text/plain"}) {
      const auto answer = Http().Post(path, R"({"nope": 1)", type);
      ASSERT_TRUE(answer) << path;
      EXPECT_EQ(answer->status, 401) << path << answer->body;
      EXPECT_THAT(answer->get_header_value("X-Request-Id"), Not(IsEmpty())) << path;
    }
  }
  const auto import = Http().Post("/v1/importRecords", "{", "application/x-ndjson");
  EXPECT_EQ(import->status, 401) << import->body;
  EXPECT_EQ(Http().Post("/v1/needs", With(reader), R"({"nope": 1})", kJson)->status, 403);
  // A client who would keep the connection is answered, though it ends: the body was read to its end.
  httplib::Client kept = Http();
  kept.set_keep_alive(true);
  EXPECT_EQ(kept.Post("/v1/needs", std::string(1 << 20, ' '), kJson)->status, 401);
  EXPECT_EQ(kept.Get("/v1/institutions/tj", With(reader))->status, 200);
}

TEST_F(UndecodedBodyTest, WhatTheHttpDoorRefusesHasARequestIdAndALineInTheLog) {
  Start();
  httplib::Headers headers = With(operator_);
  headers.emplace("X-Request-Id", "bad-body-1");
  const auto bad = Http().Post("/v1/needs", headers, R"({"nope": 1})", kJson);
  EXPECT_EQ(bad->status, 400);
  EXPECT_EQ(bad->get_header_value("X-Request-Id"), "bad-body-1");
  headers = {{"X-Request-Id", "no-token-1"}};
  EXPECT_EQ(Http().Post("/v1/needs", headers, R"({"nope": 1})", kJson)->status, 401);
  httplib::Client metrics("127.0.0.1", running_.server->metrics_port());
  const auto counted = metrics.Get("/metrics", With(operator_));
  EXPECT_THAT(counted->body, HasSubstr("CatalogueService.CreateNeed"));
  EXPECT_THAT(counted->body, HasSubstr("TOKEN_REQUIRED"));
  Stop();
  const std::string log = ReadText(data() / "log");
  EXPECT_THAT(log, HasSubstr("call=CatalogueService.CreateNeed code=INVALID_ARGUMENT"));
  EXPECT_THAT(log, HasSubstr("request=bad-body-1"));
  EXPECT_THAT(log, HasSubstr("request=no-token-1"));
  EXPECT_THAT(log, Not(HasSubstr("nope")));
}

}  // namespace
}  // namespace dongxi
