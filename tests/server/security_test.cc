// Each door of the whole server, tried without, with a wrong, an expired, a revoked, a read-only and another
// tenant's token: every RPC of every registered service by its descriptor, the metrics port, reflection.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include "dongxi/v1/admin.grpc.pb.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/health.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/plan.grpc.pb.h"
#include "dongxi/v1/watch.grpc.pb.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "server/access.h"
#include "server/token_file.h"
#include "tests/server/every_rpc.h"
#include "tests/server/security_fixture.h"

namespace dongxi {
namespace {

using grpc::StatusCode;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kReflection[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

TEST_F(SecurityTest, NoRpcWithoutAValidToken) {
  const std::string expired = Expired("admin");
  const std::string revoked = Revoked("admin");
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

// Generations, backups, settings and their operations are those of all tenants.
TEST_F(SecurityTest, ATenantsAdministratorDoesNotAdministerTheServer) {
  const std::string admin = OfTenant("portal", "admin");
  Start();
  int refused = 0;
  for (const Rpc& rpc : AllRpcs(*running_.server)) {
    const bool operators = AccessOf(rpc.method).permission == Permission::kAdmin;
    const grpc::Status status = CallEmpty(running_.channel, rpc.path, admin);
    EXPECT_EQ(DetailsOf(status).reason == "OPERATOR_ONLY", operators)
        << rpc.path << " " << status.error_message();
    refused += operators ? 1 : 0;
  }
  EXPECT_GE(refused, 10);
  // What the operator started is not his to see.
  grpc::ClientContext build_context, get_context;
  build_context.AddMetadata("authorization", "Bearer " + operator_);
  google::longrunning::Operation operation;
  ASSERT_TRUE(pb::AdminService::NewStub(running_.channel)
                  ->BuildGeneration(&build_context, pb::BuildGenerationRequest(), &operation)
                  .ok());
  get_context.AddMetadata("authorization", "Bearer " + admin);
  google::longrunning::GetOperationRequest get;
  get.set_name(operation.name());
  EXPECT_EQ(google::longrunning::Operations::NewStub(running_.channel)
                ->GetOperation(&get_context, get, &operation)
                .error_code(),
            StatusCode::NOT_FOUND);
}

TEST_F(SecurityTest, HowManyRecordsThereAreInAllIsTheOperatorsToKnow) {
  Build(data());
  const std::string reader = OfTenant("other", "read");
  Start();
  for (const auto& [token, sees] : {std::pair(reader, false), std::pair(operator_, true)}) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + token);
    pb::ServerStatus status;
    ASSERT_TRUE(pb::HealthService::NewStub(running_.channel)->GetServerStatus(&context, {}, &status).ok());
    EXPECT_TRUE(status.ready());
    EXPECT_EQ(status.record_counts().empty(), !sees);
  }
}

TEST_F(SecurityTest, WhatIsDamagedIsToldToTheOperatorInTheLogAndNotToTheCaller) {
  {
    const auto catalogue = Catalogue::Open(data() / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    const auto damage = [](const CatalogueReader&) {
      WriteBatch batch;
      batch.puts = {{Table::kPlans, "s0000000000000001", "\xFF"}};
      return batch;
    };
    ASSERT_TRUE((*catalogue)->Write(damage, 1).ok());
  }
  const std::string reader = Create("read");
  Start();
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + reader);
  context.AddMetadata("x-request-id", "plans-1");
  pb::ListPlansResponse response;
  const grpc::Status status = pb::PlanService::NewStub(running_.channel)->ListPlans(&context, {}, &response);
  EXPECT_EQ(status.error_code(), StatusCode::DATA_LOSS);
  EXPECT_THAT(status.error_message(), HasSubstr("under plans-1"));
  EXPECT_THAT(status.error_message(), Not(HasSubstr("entry cannot be read")));
  Stop();
  const std::string log = ReadText(data() / "log");
  const size_t at = log.find("call=PlanService.ListPlans");
  ASSERT_NE(at, std::string::npos) << log;
  const size_t begin = log.rfind('\n', at) + 1;
  const std::string line = log.substr(begin, log.find('\n', at) - begin);
  EXPECT_THAT(line, HasSubstr("level=error"));
  EXPECT_THAT(line, HasSubstr("request=plans-1"));
  EXPECT_THAT(line, HasSubstr("entry cannot be read"));
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
  const std::string portal = OfTenant("portal", "write");
  const std::string other = OfTenant("other", "admin");
  Start();
  EXPECT_TRUE(GetInstitution("of-portal", portal).ok());
  EXPECT_TRUE(GetInstitution("of-portal", operator_).ok());
  const grpc::Status hidden = GetInstitution("of-portal", other), absent = GetInstitution("absent", other);
  EXPECT_EQ(hidden.error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(DetailsOf(hidden).reason, DetailsOf(absent).reason);
}

TEST_F(SecurityTest, ReflectionAndMetricsAskForATokenAndProbesDoNot) {
  const std::string reader = Create("read");
  const std::string expired = Expired("admin");
  Start();
  httplib::Client metrics("127.0.0.1", running_.server->metrics_port());
  for (const std::string& token : {std::string(), std::string("nonsense"), expired}) {
    EXPECT_FALSE(CallEmpty(running_.channel, kReflection, token).ok());
    EXPECT_EQ(metrics.Get("/metrics", {{"Authorization", "Bearer " + token}})->status, 401);
  }
  EXPECT_EQ(metrics.Get("/metrics")->status, 401);
  EXPECT_EQ(metrics.Get("/metrics", {{"Authorization", "Bearer " + reader}})->status, 200);
  EXPECT_EQ(metrics.Get("/healthz")->status, 200);
  EXPECT_EQ(metrics.Get("/readyz")->status, 200) << "the catalogue can be filled";
  EXPECT_EQ(metrics.Get("/readyz/match")->status, 503) << "there is no generation";
  EXPECT_TRUE(CallEmpty(running_.channel, "/grpc.health.v1.Health/Check", "").ok());
}

TEST_F(SecurityTest, GuessingATokenAtReflectionOrMetricsIsLoggedAndCounted) {
  Start();
  httplib::Client metrics("127.0.0.1", running_.server->metrics_port());
  EXPECT_FALSE(CallEmpty(running_.channel, kReflection, "nonsense").ok());
  EXPECT_EQ(metrics.Get("/metrics", {{"Authorization", "Bearer nonsense"}})->status, 401);
  const auto counted = metrics.Get("/metrics", {{"Authorization", "Bearer " + operator_}});
  ASSERT_TRUE(counted);
  EXPECT_THAT(counted->body, HasSubstr("dongxi_authentication_failures_total{reason=\"TOKEN_INVALID\"} 2"));
  Stop();
  const std::string log = ReadText(data() / "log");
  EXPECT_THAT(log, HasSubstr("call=ServerReflection.ServerReflectionInfo code=UNAUTHENTICATED"));
  EXPECT_THAT(log, HasSubstr("call=Metrics.Scrape code=UNAUTHENTICATED"));
}

// They count the records of all.
TEST_F(SecurityTest, MetricsAreForNoTenantsTokenAndSayWhenTheyAreAskedTooOften) {
  const std::string of_tenant = OfTenant("portal", "read");
  const std::string slow = Create("read", [](Token* t) { t->rate = {.per_second = 0.01, .burst = 1}; });
  Start();
  httplib::Client metrics("127.0.0.1", running_.server->metrics_port());
  const auto status = [&](const std::string& token) {
    return metrics.Get("/metrics", {{"Authorization", "Bearer " + token}})->status;
  };
  EXPECT_EQ(status(of_tenant), 403);
  EXPECT_EQ(status(slow), 200);
  EXPECT_EQ(status(slow), 429);
}

TEST_F(SecurityTest, TheHttpDoorAsksForTheSameTokens) {
  const std::string reader = Create("read");
  const std::string expired = Expired("admin");
  const std::string revoked = Revoked("admin");
  const std::string other = OfTenant("other", "write");
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
  AwaitAdmitted(late);
  RevokeLastTokenIn(data());
  AwaitRefused(late);
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

  RevokeLastTokenIn(data());
  while (stream->Read(&news)) {
  }
  EXPECT_EQ(DetailsOf(stream->Finish()).reason, "TOKEN_REVOKED");
  while (import->Write(nothing) && import->Read(&answer)) {
  }
  EXPECT_EQ(DetailsOf(import->Finish()).reason, "TOKEN_REVOKED");
}

TEST_F(SecurityTest, AStreamEndsWhenItsTokenMaySeeSomethingElse) {
  Build(data());
  const std::string token =
      Create("read,write", [](Token* wanted) { wanted->disclosure = Disclosure::kOrganiser; });
  Start();
  grpc::ClientContext create_context, watch_context;
  for (grpc::ClientContext* context : {&create_context, &watch_context}) {
    context->AddMetadata("authorization", "Bearer " + token);
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(2));
  }
  const auto watches = pb::WatchService::NewStub(running_.channel);
  pb::CreateWatchRequest create;
  create.mutable_watch()->set_need("needs/n-goji");
  pb::Watch watch;
  ASSERT_TRUE(watches->CreateWatch(&create_context, create, &watch).ok());
  pb::StreamWatchRequest request;
  request.set_name(watch.name());
  const auto stream = watches->StreamWatch(&watch_context, request);
  pb::PollWatchResponse news;
  ASSERT_TRUE(stream->Read(&news));
  ASSERT_TRUE(ChangeTokens(data() / kTokenFileName, [](std::vector<Token>* tokens) {
                tokens->back().disclosure = Disclosure::kPublic;
                return absl::OkStatus();
              }).ok());
  while (stream->Read(&news)) {
  }
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED) << status.error_message();
  EXPECT_EQ(DetailsOf(status).reason, "TOKEN_CHANGED");
}

TEST_F(SecurityTest, ARevokedTokenGetsNoMoreOfALongListThatIsStreamed) {
  constexpr int kResults = 2'000;
  std::vector<Record> many;
  for (int i = 0; i < kResults; ++i) {
    many.push_back({.kind = RecordKind::kResult,
                    .id = "many-" + std::to_string(i),
                    .title = "枸杞热泵干燥装备 " + std::to_string(i),
                    .text = "低温干燥果实，节约电力",
                    .type = "technology",
                    .owners = {{RecordKind::kInstitution, "tj"}}});
  }
  WriteCatalogue(data(), many);
  Build(data());
  const std::string token = Create("read,write");
  Start();
  grpc::ClientContext create_context, watch_context;
  for (grpc::ClientContext* context : {&create_context, &watch_context}) {
    context->AddMetadata("authorization", "Bearer " + token);
    context->set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(5));
  }
  const auto watches = pb::WatchService::NewStub(running_.channel);
  pb::CreateWatchRequest create;
  create.mutable_watch()->set_need("needs/n-goji");
  create.mutable_watch()->add_kinds(pb::RESULT);
  create.mutable_watch()->set_min_adequacy(0);
  pb::Watch watch;
  ASSERT_TRUE(watches->CreateWatch(&create_context, create, &watch).ok());
  pb::StreamWatchRequest request;
  request.set_name(watch.name());
  const auto stream = watches->StreamWatch(&watch_context, request);
  pb::PollWatchResponse news;
  ASSERT_TRUE(stream->Read(&news));
  ASSERT_TRUE(news.more());

  ASSERT_TRUE(ChangeTokens(data() / kTokenFileName, [&](std::vector<Token>* tokens) {
                tokens->back().revoke_time = absl::UnixEpoch();
                return absl::OkStatus();
              }).ok());
  while (GetInstitution("tj", token).ok()) {
  }
  int items = news.items_size();
  while (stream->Read(&news)) items += news.items_size();
  EXPECT_EQ(DetailsOf(stream->Finish()).reason, "TOKEN_REVOKED");
  EXPECT_LT(items, kResults) << "only what was on its way came";
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
