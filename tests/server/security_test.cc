// Each door of the whole server, tried without, with a wrong, an expired, a revoked, a read-only and another
// tenant's token: every RPC of every registered service by its descriptor, the metrics port, reflection.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <fstream>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/watch.grpc.pb.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/generic/generic_stub.h"
#include "server/access.h"
#include "server/audit_trail.h"
#include "server/token_file.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using grpc::StatusCode;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kAuditKey[] = "audit-key-of-the-test";
constexpr char kReflection[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

std::string ReadText(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return std::string((std::istreambuf_iterator<char>(stream)), {});
}

// One RPC with an empty request, whatever its kind.
grpc::Status CallEmpty(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                       const std::string& token) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(1'500));
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareUnaryCall(&context, method, grpc::ByteBuffer(nullptr, 0), &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, &queue);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return status;
}

struct Rpc {
  std::string path;    // "/dongxi.v1.MatchService/Match"
  std::string method;  // "MatchService.Match"
};

std::vector<Rpc> AllRpcs(const Server& server) {
  std::vector<Rpc> rpcs;
  for (const std::string& name : server.service_names()) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    EXPECT_NE(service, nullptr) << name;
    for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
      const std::string method = service->method(i)->name();
      rpcs.push_back({"/" + name + "/" + method, service->name() + "." + method});
    }
  }
  return rpcs;
}

class SecurityTest : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<Record> records = SmallCatalogue();
    Record mine = records.front();
    mine.id = "of-portal";
    mine.tenant = "portal";
    records.push_back(mine);
    WriteCatalogue(data(), records);
    operator_ = Create("admin", [](Token* token) { token->disclosure = Disclosure::kOrganiser; });
  }

  const std::filesystem::path& data() const { return folder_.path(); }

  std::string Create(const std::string& permissions, const std::function<void(Token*)>& change = {}) {
    Token wanted;
    wanted.permissions = *ParsePermissions(permissions);
    wanted.create_time = absl::UnixEpoch();
    if (change) change(&wanted);
    const NewTokenResult made = NewToken(wanted);
    EXPECT_TRUE(ChangeTokens(data() / kTokenFileName, [&](std::vector<Token>* tokens) {
                  tokens->push_back(made.token);
                  return absl::OkStatus();
                }).ok());
    return made.text;
  }

  void Start() {
    log_ = std::fopen((data() / "log").c_str(), "w");
    ServerOptions options = OptionsFor(data());
    options.log = log_;
    options.audit_key = kAuditKey;
    options.metrics_listen = "127.0.0.1:0";
    options.metrics_token = true;
    options.http.listen = "127.0.0.1:0";
    running_ = StartServer(options);
    ASSERT_NE(running_.server, nullptr);
  }
  // Ends the server; then its log and its audit log are whole.
  void Stop() {
    running_.channel.reset();
    EXPECT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
    running_.server.reset();
    std::fclose(log_);
    log_ = nullptr;
  }
  ~SecurityTest() override {
    running_.server.reset();
    if (log_ != nullptr) std::fclose(log_);
  }

  std::string AuditText() const {
    std::string text;
    for (const auto& entry : std::filesystem::directory_iterator(data() / kAuditFolderName))
      text += ReadText(entry.path());
    return text;
  }
  grpc::Status GetInstitution(const std::string& id, const std::string& token) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + token);
    pb::GetInstitutionRequest request;
    request.set_name("institutions/" + id);
    pb::Institution response;
    return pb::CatalogueService::NewStub(running_.channel)->GetInstitution(&context, request, &response);
  }
  std::string operator_;
  TemporaryFolder folder_;
  Running running_;
  std::FILE* log_ = nullptr;
};

TEST_F(SecurityTest, NoRpcWithoutAValidToken) {
  const std::string expired = Create("admin", [](Token* t) { t->expire_time = absl::UnixEpoch(); });
  const std::string revoked = Create("admin", [](Token* t) { t->revoke_time = absl::UnixEpoch(); });
  Start();
  const std::vector<Rpc> rpcs = AllRpcs(*running_.server);
  ASSERT_GE(rpcs.size(), 15u);
  const std::pair<std::string, std::string> tries[] = {{"", "TOKEN_REQUIRED"},
                                                       {"nonsense", "TOKEN_INVALID"},
                                                       {NewToken({}).text, "TOKEN_INVALID"},
                                                       {expired, "TOKEN_EXPIRED"},
                                                       {revoked, "TOKEN_REVOKED"}};
  for (const Rpc& rpc : rpcs) {
    for (const auto& [token, reason] : tries) {
      const grpc::Status status = CallEmpty(running_.channel, rpc.path, token);
      EXPECT_EQ(status.error_code(), StatusCode::UNAUTHENTICATED)
          << rpc.path << " " << status.error_message();
      EXPECT_EQ(DetailsOf(status).reason, reason) << rpc.path;
      EXPECT_THAT(DetailsOf(status).request_id, Not(IsEmpty()));
    }
  }
}

TEST_F(SecurityTest, APermissionOpensItsRpcsAndNoOthers) {
  const std::string reader = Create("read"), writer = Create("write");
  Start();
  for (const Rpc& rpc : AllRpcs(*running_.server)) {
    const Permission needed = AccessOf(rpc.method).permission;
    for (const auto& [token, has] :
         {std::pair(reader, needed == Permission::kRead), std::pair(writer, needed != Permission::kAdmin)}) {
      const grpc::Status status = CallEmpty(running_.channel, rpc.path, token);
      EXPECT_NE(status.error_code(), StatusCode::UNAUTHENTICATED) << rpc.path;
      EXPECT_EQ(DetailsOf(status).reason == "PERMISSION_MISSING", !has) << rpc.path << status.error_message();
      EXPECT_EQ(status.error_code() == StatusCode::PERMISSION_DENIED, !has) << rpc.path;
    }
  }
}

// A handler that gives the gate another name than its RPC's would be guarded by another row of the table.
TEST_F(SecurityTest, EveryRpcPassesTheGateUnderItsOwnName) {
  const std::string scoped = Create("admin", [](Token* t) { t->methods = {"NoService.*"}; });
  Start();
  for (const Rpc& rpc : AllRpcs(*running_.server)) {
    const grpc::Status status = CallEmpty(running_.channel, rpc.path, scoped);
    EXPECT_EQ(DetailsOf(status).reason, "METHOD_NOT_ALLOWED") << rpc.path;
    EXPECT_THAT(status.error_message(), HasSubstr(rpc.method)) << rpc.path;
  }
}

TEST_F(SecurityTest, AMethodScopeIsAGlob) {
  const std::string scoped = Create("admin", [](Token* t) { t->methods = {"CatalogueService.Get*"}; });
  Start();
  EXPECT_TRUE(GetInstitution("tj", scoped).ok());
  EXPECT_EQ(DetailsOf(CallEmpty(running_.channel, "/dongxi.v1.CatalogueService/ListNeeds", scoped)).reason,
            "METHOD_NOT_ALLOWED");
}

TEST_F(SecurityTest, AnotherTenantsRecordIsAsAbsentAsNone) {
  const std::string portal = Create("write", [](Token* t) { t->tenant = "portal"; });
  const std::string other = Create("admin", [](Token* t) { t->tenant = "other"; });
  Start();
  EXPECT_TRUE(GetInstitution("of-portal", portal).ok());
  EXPECT_TRUE(GetInstitution("of-portal", operator_).ok());
  const grpc::Status hidden = GetInstitution("of-portal", other), absent = GetInstitution("absent", other);
  EXPECT_EQ(hidden.error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(DetailsOf(hidden).reason, DetailsOf(absent).reason);
}

TEST_F(SecurityTest, ReflectionAndMetricsAskForATokenAndProbesDoNot) {
  const std::string reader = Create("read");
  const std::string expired = Create("admin", [](Token* t) { t->expire_time = absl::UnixEpoch(); });
  Start();
  httplib::Client metrics("127.0.0.1", running_.server->metrics_port());
  for (const std::string& token : {std::string(), std::string("nonsense"), expired}) {
    EXPECT_FALSE(CallEmpty(running_.channel, kReflection, token).ok());
    EXPECT_EQ(metrics.Get("/metrics", {{"Authorization", "Bearer " + token}})->status, 401);
  }
  EXPECT_EQ(metrics.Get("/metrics")->status, 401);
  EXPECT_EQ(metrics.Get("/metrics", {{"Authorization", "Bearer " + reader}})->status, 200);
  EXPECT_EQ(metrics.Get("/healthz")->status, 200);
  EXPECT_EQ(metrics.Get("/readyz")->status, 503) << "there is no generation";
  EXPECT_TRUE(CallEmpty(running_.channel, "/grpc.health.v1.Health/Check", "").ok());
}

TEST_F(SecurityTest, TheHttpDoorAsksForTheSameTokens) {
  const std::string reader = Create("read");
  const std::string expired = Create("admin", [](Token* t) { t->expire_time = absl::UnixEpoch(); });
  const std::string revoked = Create("admin", [](Token* t) { t->revoke_time = absl::UnixEpoch(); });
  const std::string other = Create("write", [](Token* t) { t->tenant = "other"; });
  Start();
  httplib::Client http("127.0.0.1", running_.server->http_port());
  const auto headers = [](const std::string& token) {
    return httplib::Headers{{"Authorization", "Bearer " + token}};
  };
  EXPECT_EQ(http.Get("/v1/institutions/tj")->status, 401);
  for (const std::string& token : {std::string("nonsense"), NewToken({}).text, expired, revoked})
    EXPECT_EQ(http.Get("/v1/institutions/tj", headers(token))->status, 401) << token;
  EXPECT_EQ(http.Get("/v1/institutions/tj", headers(reader))->status, 200);
  EXPECT_EQ(http.Post("/v1/needs", headers(reader), "{}", "application/json")->status, 403);
  EXPECT_EQ(http.Get("/v1/institutions/of-portal", headers(other))->status, 404);
}

TEST_F(SecurityTest, ReflectionCanBeSwitchedOff) {
  ServerOptions options = OptionsFor(data());
  options.reflection = false;
  running_ = StartServer(options);
  EXPECT_FALSE(CallEmpty(running_.channel, kReflection, operator_).ok());
}

TEST_F(SecurityTest, ATokenMayNotCallFasterThanItsRate) {
  const std::string slow = Create("read", [](Token* t) { t->rate = {.per_second = 0.01, .burst = 2}; });
  Start();
  EXPECT_TRUE(GetInstitution("tj", slow).ok());
  EXPECT_TRUE(GetInstitution("tj", slow).ok());
  const grpc::Status status = GetInstitution("tj", slow);
  EXPECT_EQ(status.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(DetailsOf(status).reason, "RATE_LIMITED");
  EXPECT_GT(DetailsOf(status).retry_seconds, 1);
  EXPECT_TRUE(GetInstitution("tj", operator_).ok()) << "others are not slowed down";
}

TEST_F(SecurityTest, WritesAndDisclosuresAreAuditedAndReadsOfPublicRecordsAreNot) {
  Start();
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + operator_);
  context.AddMetadata("x-request-id", "import-1");
  const auto stream = pb::CatalogueService::NewStub(running_.channel)->ImportRecords(&context);
  pb::ImportRecordsRequest request;
  request.add_records()->mutable_result()->set_name("results/written");
  request.mutable_records(0)->mutable_result()->set_title("甲");
  pb::ImportRecordsResponse response;
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->Read(&response));
  // The line is there before the stream ends: as soon as its answer is.
  EXPECT_THAT(AuditText(), HasSubstr("\"written\":[\"results/written\"]"));
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());

  grpc::ClientContext get_context;
  get_context.AddMetadata("authorization", "Bearer " + operator_);
  pb::GetResultRequest get;
  get.set_name("results/secret");
  pb::Result result;
  ASSERT_TRUE(pb::CatalogueService::NewStub(running_.channel)->GetResult(&get_context, get, &result).ok());
  EXPECT_TRUE(GetInstitution("tj", operator_).ok());
  Stop();
  const std::string audit = AuditText();
  EXPECT_THAT(audit, HasSubstr("\"request\":\"import-1\""));
  EXPECT_THAT(audit, HasSubstr("\"disclosed\":[\"results/secret\"]"));
  EXPECT_THAT(audit, HasSubstr("\"level\":\"organiser\""));
  EXPECT_EQ(audit.find("institutions/tj"), std::string::npos);
  const auto report = VerifyAudit(data() / kAuditFolderName, kAuditKey, false);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->findings, IsEmpty());
}

TEST_F(SecurityTest, TheLogNamesCallsAndHoldsNoSecretAndNoText) {
  Build(data());
  Start();
  constexpr char kTrace[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + operator_);
  context.AddMetadata("x-request-id", "my-request");
  context.AddMetadata("traceparent", kTrace);
  pb::MatchRequest request;
  request.set_text("机密的盐湖需求，联系人张三");
  pb::MatchResponse response;
  ASSERT_TRUE(pb::MatchService::NewStub(running_.channel)->Match(&context, request, &response).ok());
  const auto& sent_back = context.GetServerInitialMetadata();
  ASSERT_EQ(sent_back.count("x-request-id"), 1u);
  EXPECT_EQ(sent_back.find("x-request-id")->second, "my-request");
  grpc::ClientContext forged;
  forged.AddMetadata("x-request-id", "two words");
  pb::MatchResponse none;
  const grpc::Status refused = pb::MatchService::NewStub(running_.channel)->Match(&forged, request, &none);
  EXPECT_NE(DetailsOf(refused).request_id, "two words");
  Stop();
  const std::string log = ReadText(data() / "log"), audit = AuditText();
  EXPECT_THAT(log, HasSubstr("call=MatchService.Match code=OK ms="));
  EXPECT_THAT(log, HasSubstr("request=my-request token=" + operator_.substr(3, 12)));
  EXPECT_THAT(log, HasSubstr(std::string("trace=") + kTrace));
  for (const std::string& text : {log, audit}) {
    EXPECT_EQ(text.find(operator_.substr(operator_.rfind('-') + 1)), std::string::npos);
    EXPECT_EQ(text.find("机密"), std::string::npos);
    EXPECT_EQ(text.find("张三"), std::string::npos);
    EXPECT_EQ(text.find("two words"), std::string::npos);
  }
}

TEST_F(SecurityTest, ATokenWorksAndEndsWhileTheServerRuns) {
  Start();
  const std::string late = Create("read");
  // The server looks at the file at most four times a second.
  while (!GetInstitution("tj", late).ok()) {
  }
  ASSERT_TRUE(ChangeTokens(data() / kTokenFileName, [&](std::vector<Token>* tokens) {
                tokens->back().revoke_time = absl::UnixEpoch();
                return absl::OkStatus();
              }).ok());
  while (GetInstitution("tj", late).ok()) {
  }
  EXPECT_EQ(DetailsOf(GetInstitution("tj", late)).reason, "TOKEN_REVOKED");
}

TEST_F(SecurityTest, ARevokedTokenEndsTheStreamsThatItOpened) {
  Build(data());
  const std::string token = Create("read,write");
  Start();
  const auto show = [&token](grpc::ClientContext* context) {
    context->AddMetadata("authorization", "Bearer " + token);
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(2));
  };
  const auto watches = pb::WatchService::NewStub(running_.channel);
  grpc::ClientContext create_context, watch_context, import_context;
  for (grpc::ClientContext* context : {&create_context, &watch_context, &import_context}) show(context);
  pb::CreateWatchRequest create;
  create.mutable_watch()->set_need("needs/n-goji");
  pb::Watch watch;
  const grpc::Status made = watches->CreateWatch(&create_context, create, &watch);
  ASSERT_TRUE(made.ok()) << made.error_message();
  pb::StreamWatchRequest request;
  request.set_name(watch.name());
  const auto stream = watches->StreamWatch(&watch_context, request);
  pb::PollWatchResponse news;
  ASSERT_TRUE(stream->Read(&news));
  const auto import = pb::CatalogueService::NewStub(running_.channel)->ImportRecords(&import_context);
  pb::ImportRecordsRequest nothing;
  pb::ImportRecordsResponse answer;
  ASSERT_TRUE(import->Write(nothing) && import->Read(&answer));

  ASSERT_TRUE(ChangeTokens(data() / kTokenFileName, [&](std::vector<Token>* tokens) {
                tokens->back().revoke_time = absl::UnixEpoch();
                return absl::OkStatus();
              }).ok());
  while (stream->Read(&news)) {
  }
  EXPECT_EQ(DetailsOf(stream->Finish()).reason, "TOKEN_REVOKED");
  while (import->Write(nothing) && import->Read(&answer)) {
  }
  EXPECT_EQ(DetailsOf(import->Finish()).reason, "TOKEN_REVOKED");
}

TEST_F(SecurityTest, AnImportThatFallsSilentIsCutOff) {
  log_ = std::fopen((data() / "log").c_str(), "w");
  ServerOptions options = OptionsFor(data());
  options.log = log_;
  options.stall_max = absl::Seconds(2);
  running_ = StartServer(options);
  ASSERT_NE(running_.server, nullptr);
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + operator_);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(2));
  const auto import = pb::CatalogueService::NewStub(running_.channel)->ImportRecords(&context);
  pb::ImportRecordsResponse answer;
  ASSERT_TRUE(import->Write({}) && import->Read(&answer));
  EXPECT_FALSE(import->Read(&answer)) << "nothing more was sent";
  EXPECT_EQ(import->Finish().error_code(), StatusCode::CANCELLED);
  Stop();
  EXPECT_THAT(ReadText(data() / "log"), HasSubstr("DEADLINE_EXCEEDED"));
}

TEST_F(SecurityTest, BeyondLoopbackAndOnRequestNobodyCallsWithoutAToken) {
  std::filesystem::remove(data() / kTokenFileName);
  ServerOptions options = OptionsFor(data());
  options.require_token = true;
  running_ = StartServer(options);
  EXPECT_EQ(DetailsOf(CallEmpty(running_.channel, "/dongxi.v1.CatalogueService/ListNeeds", "")).reason,
            "TOKEN_REQUIRED");
}

}  // namespace
}  // namespace dongxi
