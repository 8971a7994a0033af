// Start, health, token, reflection and shutdown of the whole server.
#include "server/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "absl/time/clock.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/embedding.grpc.pb.h"
#include "dongxi/v1/health.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;

constexpr char kToken[] = "0123456789abcdef";

// grpc.health.v1.HealthCheckRequest is one string with number 1, the response one enum with number 1 (1
// serving, 2 not): spoken by hand, because Debian has no package with its .proto.
class AnyServiceClient {
 public:
  explicit AnyServiceClient(const std::shared_ptr<grpc::Channel>& channel) : stub_(channel) {}

  grpc::Status Call(const std::string& method, const std::string& request, std::string* response) {
    grpc::ClientContext context;
    grpc::CompletionQueue queue;
    const grpc::Slice slice(request);
    const auto call = stub_.PrepareUnaryCall(&context, method, grpc::ByteBuffer(&slice, 1), &queue);
    call->StartCall();
    grpc::ByteBuffer answer;
    grpc::Status status;
    call->Finish(&answer, &status, this);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    std::vector<grpc::Slice> slices;
    if (status.ok() && answer.Dump(&slices).ok()) {
      for (const grpc::Slice& part : slices)
        response->append(reinterpret_cast<const char*>(part.begin()), part.size());
    }
    return status;
  }

 private:
  grpc::GenericStub stub_;
};

enum class Health { kServing, kNotServing, kError };

Health HealthOf(const std::shared_ptr<grpc::Channel>& channel, const std::string& service) {
  std::string request, response;
  if (!service.empty()) request = std::string("\x0a") + static_cast<char>(service.size()) + service;
  if (!AnyServiceClient(channel).Call("/grpc.health.v1.Health/Check", request, &response).ok())
    return Health::kError;
  if (response == "\x08\x01") return Health::kServing;
  return response == "\x08\x02" ? Health::kNotServing : Health::kError;
}

grpc::Status StatusOf(const std::shared_ptr<grpc::Channel>& channel, pb::ServerStatus* status,
                      const std::string& token = "") {
  grpc::ClientContext context;
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  return pb::HealthService::NewStub(channel)->GetServerStatus(&context, {}, status);
}

class ServerTest : public testing::Test {
 protected:
  // Once the check of the generation's files, in the background, has ended.
  static pb::ServerStatus VerifiedStatus(const std::shared_ptr<grpc::Channel>& channel) {
    pb::ServerStatus status;
    const absl::Time patience = absl::Now() + absl::Minutes(1);
    do {
      EXPECT_TRUE(StatusOf(channel, &status).ok());
    } while (status.verification() == pb::ServerStatus::RUNNING && absl::Now() < patience);
    return status;
  }
  const std::filesystem::path& data() const { return folder_.path(); }

  TemporaryFolder folder_;
};

TEST_F(ServerTest, WithoutAGenerationTheCatalogueWorksAndMatchNamesTheRemedy) {
  const Running running = StartServer(OptionsFor(data()));
  EXPECT_EQ(HealthOf(running.channel, ""), Health::kNotServing);
  for (const char* service : {"dongxi.v1.MatchService", "dongxi.v1.SearchService"})
    EXPECT_EQ(HealthOf(running.channel, service), Health::kNotServing) << service;
  for (const char* service : {"dongxi.v1.CatalogueService", "dongxi.v1.EngagementService",
                              "dongxi.v1.AdminService", "google.longrunning.Operations"})
    EXPECT_EQ(HealthOf(running.channel, service), Health::kServing) << service;
  EXPECT_EQ(HealthOf(running.channel, "unknown"), Health::kError);

  pb::ServerStatus server_status;
  ASSERT_TRUE(StatusOf(running.channel, &server_status).ok());
  EXPECT_FALSE(server_status.ready());
  EXPECT_THAT(server_status.message(), HasSubstr("dongxi-indexer build"));

  grpc::ClientContext match_context, list_context;
  pb::MatchRequest request;
  request.set_text("盐湖");
  pb::MatchResponse response;
  const grpc::Status status =
      pb::MatchService::NewStub(running.channel)->Match(&match_context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status.error_message(), HasSubstr("dongxi-indexer build"));
  EXPECT_EQ(DetailsOf(status).reason, "NO_GENERATION");

  pb::ListNeedsResponse needs;
  EXPECT_TRUE(pb::CatalogueService::NewStub(running.channel)->ListNeeds(&list_context, {}, &needs).ok());
}

TEST_F(ServerTest, WithAGenerationEveryServiceIsServing) {
  WriteCatalogue(data(), SmallCatalogue());
  const std::string generation = Build(data());
  const Running running = StartServer(OptionsFor(data()));
  for (const char* service : {"", "dongxi.v1.MatchService", "dongxi.v1.SearchService",
                              "dongxi.v1.CatalogueService", "dongxi.v1.HealthService"}) {
    EXPECT_EQ(HealthOf(running.channel, service), Health::kServing) << service;
  }
  pb::ServerStatus status;
  ASSERT_TRUE(StatusOf(running.channel, &status).ok());
  EXPECT_TRUE(status.ready());
  EXPECT_EQ(status.generation(), "generations/" + generation);
  EXPECT_EQ(status.generation_sequence(), 1);
  EXPECT_EQ(status.catalogue_sequence(), 1);
  EXPECT_FALSE(status.version().empty());
  EXPECT_GT(status.generation_build_time().seconds(), 1'600'000'000);
  EXPECT_EQ(status.record_counts().at("results"), 5);
}

TEST_F(ServerTest, TheStatusTellsHowFarMatchesAreBehindTheCatalogue) {
  WriteCatalogue(data(), SmallCatalogue());
  Build(data());
  const Running running = StartServer(OptionsFor(data()));
  for (const char* id : {"a", "b"}) {
    grpc::ClientContext context;
    pb::CreateResultRequest create;
    create.set_result_id(id);
    create.mutable_result()->set_title(std::string("马铃薯脱毒种薯繁育") + id);
    pb::Result result;
    const grpc::Status created =
        pb::CatalogueService::NewStub(running.channel)->CreateResult(&context, create, &result);
    ASSERT_TRUE(created.ok()) << created.error_message();
  }
  pb::ServerStatus status;
  ASSERT_TRUE(StatusOf(running.channel, &status).ok());
  EXPECT_EQ(status.generation_sequence(), 1);
  EXPECT_EQ(status.catalogue_sequence(), 3);
  EXPECT_EQ(status.matched_sequence(), status.catalogue_sequence()) << "a write is matched when it returns";
  EXPECT_EQ(status.delta_size(), 2);
}

TEST_F(ServerTest, TheStatusTellsWhatTheCheckOfTheFilesFound) {
  WriteCatalogue(data(), SmallCatalogue());
  pb::ServerStatus status;
  {
    const Running running = StartServer(OptionsFor(data()));
    ASSERT_TRUE(StatusOf(running.channel, &status).ok());
    EXPECT_EQ(status.verification(), pb::ServerStatus::VERIFICATION_UNSPECIFIED) << "there is nothing yet";
  }
  const std::string generation = Build(data());
  {
    const Running running = StartServer(OptionsFor(data()));
    status = VerifiedStatus(running.channel);
    EXPECT_EQ(status.verification(), pb::ServerStatus::PASSED);
    EXPECT_EQ(status.message(), "");
  }
  Damage(data(), generation);
  const Running running = StartServer(OptionsFor(data()));
  status = VerifiedStatus(running.channel);
  EXPECT_EQ(status.verification(), pb::ServerStatus::FAILED);
  EXPECT_THAT(status.message(), HasSubstr(generation));
}

TEST_F(ServerTest, TheEmbeddingModelIsThatOfTheGenerationAndOfItsVectors) {
  WriteCatalogue(data(), SmallCatalogue());
  const std::string generation = Build(data());
  const Running running = StartServer(OptionsFor(data()));
  const auto embedding = pb::EmbeddingService::NewStub(running.channel);
  grpc::ClientContext get_context, embed_context;
  pb::EmbeddingModel model;
  const grpc::Status got = embedding->GetEmbeddingModel(&get_context, {}, &model);
  ASSERT_TRUE(got.ok()) << got.error_message();
  pb::ServerStatus status;
  ASSERT_TRUE(StatusOf(running.channel, &status).ok());
  EXPECT_FALSE(model.id().empty());
  EXPECT_EQ(model.id(), status.model());
  EXPECT_EQ(model.generation(), "generations/" + generation);
  pb::EmbedRequest request;
  request.add_texts("盐湖卤水提锂");
  pb::EmbedResponse response;
  ASSERT_TRUE(embedding->Embed(&embed_context, request, &response).ok());
  ASSERT_EQ(response.embeddings_size(), 1);
  EXPECT_GT(model.dimensions(), 0);
  EXPECT_EQ(response.embeddings(0).values_size(), model.dimensions());
  EXPECT_EQ(response.model().SerializeAsString(), model.SerializeAsString());
}

TEST_F(ServerTest, WithATokenOnlyHealthIsOpen) {
  std::vector<Record> records = SmallCatalogue();
  WriteCatalogue(data(), records);
  ServerOptions options = OptionsFor(data());
  options.token = kToken;
  const Running running = StartServer(options);
  EXPECT_EQ(HealthOf(running.channel, ""), Health::kNotServing);

  pb::ServerStatus server_status;
  const grpc::Status refused = StatusOf(running.channel, &server_status);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(DetailsOf(refused).reason, "TOKEN_REQUIRED");
  EXPECT_EQ(StatusOf(running.channel, &server_status, "0123456789abcdeX").error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_TRUE(StatusOf(running.channel, &server_status, kToken).ok());
}

TEST_F(ServerTest, CallersWithTheTokenSeeRecordsThatAreNotPublic) {
  WriteCatalogue(data(), SmallCatalogue());
  ServerOptions options = OptionsFor(data());
  options.token = kToken;
  const Running running = StartServer(options);
  grpc::ClientContext context;
  context.AddMetadata("authorization", std::string("Bearer ") + kToken);
  pb::GetResultRequest request;
  request.set_name("results/secret");
  pb::Result result;
  EXPECT_TRUE(pb::CatalogueService::NewStub(running.channel)->GetResult(&context, request, &result).ok());
}

constexpr char kReflection[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
constexpr char kListServices[] = "\x3a\x01*";  // ServerReflectionRequest.list_services = "*"

TEST_F(ServerTest, ReflectionNamesTheServices) {
  const Running running = StartServer(OptionsFor(data()));
  std::string response;
  EXPECT_TRUE(AnyServiceClient(running.channel).Call(kReflection, kListServices, &response).ok());
  EXPECT_THAT(response, HasSubstr("dongxi.v1.MatchService"));
}

TEST_F(ServerTest, ReflectionAsksForTheTokenToo) {
  ServerOptions options = OptionsFor(data());
  options.token = kToken;
  const Running running = StartServer(options);
  std::string response;
  EXPECT_FALSE(AnyServiceClient(running.channel).Call(kReflection, kListServices, &response).ok());
  EXPECT_EQ(response, "");
}

TEST_F(ServerTest, ASecondServerOnTheSameCatalogueIsRefusedWithTheRemedy) {
  const Running running = StartServer(OptionsFor(data()));
  const auto second = Server::Start(OptionsFor(data()));
  EXPECT_TRUE(absl::IsFailedPrecondition(second.status())) << second.status();
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("--server"));
}

TEST_F(ServerTest, ATakenPortIsAnError) {
  const Running running = StartServer(OptionsFor(data()));
  const TemporaryFolder other;
  ServerOptions options = OptionsFor(other.path());
  options.listen = "127.0.0.1:" + std::to_string(running.server->port());
  const auto second = Server::Start(options);
  EXPECT_TRUE(absl::IsUnavailable(second.status())) << second.status();
}

TEST_F(ServerTest, PlaintextBeyondThisMachineIsRefusedBeforeAnythingIsOpened) {
  ServerOptions options = OptionsFor(data());
  options.listen = "0.0.0.0:0";
  EXPECT_TRUE(absl::IsFailedPrecondition(Server::Start(options).status()));
  EXPECT_FALSE(std::filesystem::exists(data() / "catalogue"));
}

TEST_F(ServerTest, MissingTablesAreErrorsThatNameThem) {
  ServerOptions options = OptionsFor(data());
  options.policy_directory = "data/absent";
  EXPECT_THAT(std::string(Server::Start(options).status().message()), HasSubstr("data/absent"));
  options = OptionsFor(data());
  options.ranking_file = "data/absent.json";
  EXPECT_THAT(std::string(Server::Start(options).status().message()), HasSubstr("data/absent.json"));
}

TEST_F(ServerTest, AfterShutdownEveryImportedRecordIsThere) {
  Running running = StartServer(OptionsFor(data()));
  grpc::ClientContext context;
  const auto stream = pb::CatalogueService::NewStub(running.channel)->ImportRecords(&context);
  pb::ImportRecordsRequest request;
  request.add_records()->mutable_result()->set_name("results/a");
  request.mutable_records(0)->mutable_result()->set_title("甲");
  pb::ImportRecordsResponse response;
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->Read(&response));
  // The stream stays open: the server ends it when the grace is over.
  EXPECT_TRUE(running.server->Shutdown(absl::Milliseconds(50)).ok());
  EXPECT_FALSE(stream->Finish().ok());
  const auto catalogue = Catalogue::Open(data() / "catalogue");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  EXPECT_TRUE((*catalogue)->Get(RecordKind::kResult, "a").ok());
}

TEST_F(ServerTest, ReadinessGoesDownBeforeTheListener) {
  WriteCatalogue(data(), SmallCatalogue());
  Build(data());
  ServerOptions options = OptionsFor(data());
  options.drain_delay = absl::Seconds(2);
  Running running = StartServer(options);
  ASSERT_EQ(HealthOf(running.channel, ""), Health::kServing);
  std::thread shutdown([&] { EXPECT_TRUE(running.server->Shutdown(absl::Seconds(5)).ok()); });
  while (HealthOf(running.channel, "") == Health::kServing) {
  }
  // Load balancers go away now; whoever still comes is answered.
  EXPECT_EQ(HealthOf(running.channel, ""), Health::kNotServing);
  pb::ServerStatus status;
  EXPECT_TRUE(StatusOf(running.channel, &status).ok());
  EXPECT_FALSE(status.ready());
  shutdown.join();
  EXPECT_FALSE(StatusOf(running.channel, &status).ok());
}

TEST_F(ServerTest, TheLogHasOneLineACallAndNoTexts) {
  WriteCatalogue(data(), SmallCatalogue());
  Build(data());
  const std::filesystem::path file = data() / "log";
  std::FILE* const log = std::fopen(file.c_str(), "w");
  ServerOptions options = OptionsFor(data());
  options.log = log;
  {
    const Running running = StartServer(options);
    grpc::ClientContext context;
    pb::MatchRequest request;
    request.set_text("机密的盐湖需求");
    pb::MatchResponse response;
    EXPECT_TRUE(pb::MatchService::NewStub(running.channel)->Match(&context, request, &response).ok());
    EXPECT_TRUE(running.server->Shutdown(absl::Seconds(5)).ok());
  }
  std::fclose(log);
  std::ifstream stream(file);
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  EXPECT_THAT(text, HasSubstr("level=info call=MatchService.Match code=OK ms="));
  EXPECT_THAT(text, HasSubstr(" request="));
  EXPECT_THAT(text, HasSubstr("msg=\"shutting down\"\n"));
  EXPECT_EQ(text.find("机密"), std::string::npos);
}

}  // namespace
}  // namespace dongxi
