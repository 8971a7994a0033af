// A server that is a copy (--read-only), over gRPC and HTTP with a real catalogue and a real generation: it
// refuses what changes something, answers as the server did whose copy it is, and begins no work of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include "absl/time/clock.h"
#include "dongxi/v1/admin.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/operations.pb.h"
#include "dongxi/v1/replay.grpc.pb.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "indexer/backup/backup.h"
#include "server/access.h"
#include "server/admin_jobs.h"
#include "server/operations.h"
#include "tests/server/every_rpc.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;
namespace lro = google::longrunning;
using google::protobuf::Any;
using ::testing::HasSubstr;

class ReadOnlyTest : public testing::Test {
 protected:
  void SetUp() override {
    WriteCatalogue(data(), SmallCatalogue());
    ASSERT_FALSE(Build(data()).empty());
  }
  const fs::path& data() const { return folder_.path(); }

  // Builds as soon as one record has changed, if it builds by itself.
  void Start(const fs::path& data, bool read_only) {
    ServerOptions options = OptionsFor(data);
    options.read_only = read_only;
    options.http.listen = "127.0.0.1:0";
    options.metrics_listen = "127.0.0.1:0";
    options.build.lexicon_directory = "data/lexicon";
    options.build.dim = 8;
    options.build.threads = 1;
    options.auto_build.on = true;
    options.auto_build.changes_min = 0;
    options.auto_build.changes_share = 0;
    options.auto_build.interval = absl::Milliseconds(1);
    running_ = StartServer(options);
    ASSERT_NE(running_.server, nullptr);
    admin_ = v1::AdminService::NewStub(running_.channel);
    operations_ = lro::Operations::NewStub(running_.channel);
    match_ = v1::MatchService::NewStub(running_.channel);
    replay_ = v1::ReplayService::NewStub(running_.channel);
  }
  void StartCopy() { Start(data(), /*read_only=*/true); }
  void Stop() {
    ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(10)).ok());
    running_ = {};
  }

  template <typename Stub, typename Request, typename Response>
  static void Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Stub* stub,
                   const Request& request, Response* response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
    const grpc::Status status = (stub->*method)(&context, request, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
  v1::MatchResponse Match() {
    v1::MatchRequest request;
    request.set_need_name("needs/n-lithium");
    v1::MatchResponse response;
    Call(&v1::MatchService::Stub::Match, match_.get(), request, &response);
    return response;
  }
  // One result a page.
  v1::MatchResponse Page(const std::string& page_token) {
    v1::MatchRequest request;
    request.set_text("盐湖提锂吸附剂");
    request.add_kinds(v1::RESULT);
    request.set_page_size(1);
    request.set_page_token(page_token);
    v1::MatchResponse response;
    Call(&v1::MatchService::Stub::Match, match_.get(), request, &response);
    return response;
  }
  // Without what differs between two calls of the same question.
  static std::string AnswerOf(v1::MatchResponse response) {
    response.clear_match_id();
    response.mutable_provenance()->clear_read_time();
    return response.SerializeAsString();
  }

  // Backs the stopped server's folder up and restores it into `target`.
  void ShipTo(const fs::path& target) {
    auto catalogue = Catalogue::Open(data() / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    BackupOptions options;
    options.data = data();
    options.to = data() / "backups";
    options.time = absl::Now();
    const auto backup = MakeBackup(**catalogue, options);
    ASSERT_TRUE(backup.ok()) << backup.status();
    const auto restored = RestoreBackup(backup->directory, target, {});
    ASSERT_TRUE(restored.ok()) << restored.status();
  }
  // So that a build is due.
  void ChangeARecord() const {
    Record changed = SmallCatalogue().front();
    changed.text = "盐湖卤水提锂，改过的";
    WriteCatalogue(data(), {changed});
  }
  // A build that a server was asked for and ended before it began; its operation.
  std::string LeaveABuild() {
    auto catalogue = Catalogue::Open(data() / "catalogue");
    EXPECT_TRUE(catalogue.ok()) << catalogue.status();
    if (!catalogue.ok()) return "";
    const OperatorLog log(nullptr);
    OperationRunner runner({}, catalogue->get(), &log);
    runner.Register(
        kBuildKind, [](const Any& request, OperationContext&) -> absl::StatusOr<Any> { return request; },
        OperationAudience::kAdministration);
    Any request;
    request.PackFrom(v1::BuildGenerationRequest());
    const auto left = runner.Start(kBuildKind, request, Caller());
    EXPECT_TRUE(left.ok()) << left.status();
    return left.ok() ? left->name() : "";
  }
  lro::Operation Wait(const std::string& name) {
    lro::WaitOperationRequest request;
    request.set_name(name);
    lro::Operation operation;
    Call(&lro::Operations::Stub::WaitOperation, operations_.get(), request, &operation);
    EXPECT_TRUE(operation.done());
    return operation;
  }
  // The whole data folder, by an operation that a copy does too.
  void Check() {
    lro::Operation check;
    Call(&v1::AdminService::Stub::Verify, admin_.get(), v1::VerifyRequest(), &check);
    EXPECT_FALSE(Wait(check.name()).has_error());
  }
  std::vector<v1::OperationMetadata> Builds() {
    lro::ListOperationsResponse response;
    Call(&lro::Operations::Stub::ListOperations, operations_.get(), lro::ListOperationsRequest(), &response);
    std::vector<v1::OperationMetadata> builds;
    for (const lro::Operation& operation : response.operations()) {
      v1::OperationMetadata metadata;
      EXPECT_TRUE(operation.metadata().UnpackTo(&metadata));
      if (metadata.kind() == kBuildKind) builds.push_back(metadata);
    }
    return builds;
  }
  std::string MetricsText() const {
    return httplib::Client("127.0.0.1", running_.server->metrics_port()).Get("/metrics")->body;
  }

  TemporaryFolder folder_;
  Running running_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
  std::unique_ptr<lro::Operations::Stub> operations_;
  std::unique_ptr<v1::MatchService::Stub> match_;
  std::unique_ptr<v1::ReplayService::Stub> replay_;
};

// access_test says which those are by another rule than the table's.
TEST_F(ReadOnlyTest, EveryMethodThatChangesSomethingIsRefusedAndNoOther) {
  StartCopy();
  int refused = 0;
  for (const Rpc& rpc : AllRpcs(*running_.server)) {
    SCOPED_TRACE(rpc.method);
    const bool answered = IsForCopies(AccessOf(rpc.method));
    const grpc::Status status = CallEmpty(running_.channel, rpc.path, "");
    EXPECT_EQ(DetailsOf(status).reason == "SERVER_READ_ONLY", !answered) << status.error_message();
    if (answered) continue;
    ++refused;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    EXPECT_THAT(status.error_message(), HasSubstr("the primary server"));
  }
  EXPECT_GE(refused, 50);
}

TEST_F(ReadOnlyTest, TheHttpDoorRefusesWritesAndAnswersQuestions) {
  StartCopy();
  httplib::Client http("127.0.0.1", running_.server->http_port());
  const auto written = http.Post(
      "/v1/needs", R"({"title": "盐湖提锂", "wanted": "吸附剂", "regionCode": "63"})", "application/json");
  ASSERT_TRUE(written);
  EXPECT_EQ(written->status, 400);
  EXPECT_THAT(written->body, HasSubstr("SERVER_READ_ONLY"));
  const auto asked = http.Post("/v1/match", R"({"needName": "needs/n-lithium"})", "application/json");
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->status, 200) << asked->body;
}

TEST_F(ReadOnlyTest, ACopyAnswersAsThePrimaryDidAndItsOwnAnswersArePagedAndReplayed) {
  Start(data(), /*read_only=*/false);
  EXPECT_THAT(MetricsText(), HasSubstr("dongxi_read_only 0"));
  const std::string before = AnswerOf(Match());
  Stop();
  const TemporaryFolder machine;
  ShipTo(machine.path() / "data");
  Start(machine.path() / "data", /*read_only=*/true);
  EXPECT_THAT(MetricsText(), HasSubstr("dongxi_read_only 1"));
  EXPECT_EQ(AnswerOf(Match()), before);

  const v1::MatchResponse first = Page("");
  ASSERT_FALSE(first.results().next_page_token().empty());
  const v1::MatchResponse second = Page(first.results().next_page_token());
  ASSERT_EQ(second.results().entries_size(), 1);
  EXPECT_NE(second.results().entries(0).name(), first.results().entries(0).name());
  v1::ReplayMatchRequest request;
  request.set_name("matches/" + first.match_id());
  v1::ReplayMatchResponse replayed;
  Call(&v1::ReplayService::Stub::ReplayMatch, replay_.get(), request, &replayed);
  EXPECT_TRUE(replayed.identical());
}

TEST_F(ReadOnlyTest, ACopyBeginsNoBuildThatIsDue) {
  ChangeARecord();
  StartCopy();
  Check();
  EXPECT_TRUE(Builds().empty());
  Stop();

  Start(data(), /*read_only=*/false);
  const absl::Time patience = absl::Now() + absl::Minutes(1);
  while (Builds().empty()) ASSERT_LT(absl::Now(), patience) << "none was due";
}

TEST_F(ReadOnlyTest, ABuildThatWasLeftWaitsUntilTheCopyIsPromoted) {
  ChangeARecord();
  const std::string left = LeaveABuild();
  StartCopy();
  Check();  // in the same queue: what stood before it would have ended before it
  const std::vector<v1::OperationMetadata> builds = Builds();
  ASSERT_EQ(builds.size(), 1u);
  EXPECT_EQ(builds.front().state(), v1::OperationMetadata::QUEUED);
  EXPECT_EQ(builds.front().attempts(), 0);
  Stop();

  Start(data(), /*read_only=*/false);
  EXPECT_TRUE(Wait(left).has_response());
}

}  // namespace
}  // namespace dongxi
