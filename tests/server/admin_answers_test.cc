// What answers of the administration hold: models, checks of one generation, what was pruned; operations that
// are deleted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "dongxi/v1/admin.grpc.pb.h"
#include "dongxi/v1/health.grpc.pb.h"
#include "engine/embed/static_model.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "tests/server/security_fixture.h"

namespace dongxi {
namespace {

namespace lro = google::longrunning;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

class AdminAnswersTest : public SecurityTest {
 protected:
  void StartWith(const std::filesystem::path& model = {}) {
    ServerOptions options = OptionsFor(data());
    options.build.lexicon_directory = "data/lexicon";
    options.build.static_model = model;
    options.build.dim = 8;
    options.build.threads = 1;
    options.build.idle_priority = false;  // on a busy machine it would take for ever
    running_ = StartServer(options);
    ASSERT_NE(running_.server, nullptr);
    admin_ = v1::AdminService::NewStub(running_.channel);
    operations_ = lro::Operations::NewStub(running_.channel);
    health_ = v1::HealthService::NewStub(running_.channel);
  }
  template <typename Stub, typename Request, typename Response>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Stub* stub,
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + operator_);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
    response->Clear();
    return (stub->*method)(&context, request, response);
  }
  lro::Operation Wait(const std::string& name) {
    lro::WaitOperationRequest request;
    request.set_name(name);
    lro::Operation operation;
    const grpc::Status status =
        Call(&lro::Operations::Stub::WaitOperation, operations_.get(), request, &operation);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_TRUE(operation.done());
    return operation;
  }
  lro::Operation VerifyGeneration(const std::string& name) {
    v1::VerifyGenerationRequest request;
    request.set_name(name);
    lro::Operation operation;
    const grpc::Status status =
        Call(&v1::AdminService::Stub::VerifyGeneration, admin_.get(), request, &operation);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return Wait(operation.name());
  }
  v1::VerifyResponse FoundIn(const std::string& name) {
    const lro::Operation operation = VerifyGeneration(name);
    v1::VerifyResponse found;
    EXPECT_TRUE(operation.response().UnpackTo(&found)) << operation.ShortDebugString();
    return found;
  }
  v1::ReloadResponse ReloadModel(bool build = false) {
    v1::ReloadModelRequest request;
    request.set_build(build);
    v1::ReloadResponse response;
    const grpc::Status status = Call(&v1::AdminService::Stub::ReloadModel, admin_.get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  std::string Served() {
    v1::ServerStatus status;
    EXPECT_TRUE(
        Call(&v1::HealthService::Stub::GetServerStatus, health_.get(), v1::GetServerStatusRequest(), &status)
            .ok());
    return status.generation();
  }
  // Another `weight`, another file.
  static void WriteModel(const std::filesystem::path& file, float weight) {
    TokenVectors model;
    model.dim = 2;
    model.sizes = {2};
    model.tokens = {"盐", "湖", "盐湖", "卤", "卤水"};
    model.vectors = {1, 0, 1, 0, 2, 0, 1, 0, 2, weight};
    ASSERT_TRUE(WriteStaticModel(model, file).ok());
  }
  // Two generations of the folder, the second current; their ids.
  std::pair<std::string, std::string> TwoGenerations() {
    const std::string first = Build(data());
    Record more;
    more.kind = RecordKind::kResult;
    more.id = "more";
    more.title = "新成果";
    WriteCatalogue(data(), {more});
    return {first, Build(data())};
  }

  std::unique_ptr<v1::AdminService::Stub> admin_;
  std::unique_ptr<lro::Operations::Stub> operations_;
  std::unique_ptr<v1::HealthService::Stub> health_;
};

TEST_F(AdminAnswersTest, AModelIsReloadedWithTheIdsOfTheFileAndOfTheGenerationServed) {
  const TemporaryFolder models;
  const std::filesystem::path file = models.path() / "model.dxm";
  WriteModel(file, 0.2F);
  StartWith(file);
  const v1::ReloadResponse first = ReloadModel();
  EXPECT_THAT(first.version(), StartsWith("static-2-"));
  EXPECT_EQ(first.previous_version(), "") << "nothing is served";
  EXPECT_FALSE(first.has_operation());
  EXPECT_THAT(AuditText(), HasSubstr("\"written\":[\"settings/model\"]"));

  const v1::ReloadResponse building = ReloadModel(/*build=*/true);
  EXPECT_EQ(building.version(), first.version());
  ASSERT_TRUE(Wait(building.operation().name()).has_response());
  for (const absl::Time end = absl::Now() + absl::Seconds(30); Served().empty() && absl::Now() < end;) {
  }
  WriteModel(file, 1.5F);
  const v1::ReloadResponse second = ReloadModel();
  EXPECT_THAT(second.version(), StartsWith("static-2-"));
  EXPECT_NE(second.version(), first.version());
  EXPECT_EQ(second.previous_version(), first.version());
  EXPECT_EQ(ReloadModel().previous_version(), first.version()) << "until a build has taken the new one";
}

TEST_F(AdminAnswersTest, AModelThatDoesNotLoadIsRefusedAndSoIsAReloadWithoutOne) {
  const TemporaryFolder models;
  const std::filesystem::path file = models.path() / "model.dxm";
  std::ofstream(file) << "no model";
  StartWith(file);
  v1::ReloadResponse response;
  EXPECT_EQ(
      DetailsOf(Call(&v1::AdminService::Stub::ReloadModel, admin_.get(), v1::ReloadModelRequest(), &response))
          .reason,
      "RELOAD_REFUSED");
  ASSERT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
  running_ = {};
  StartWith();
  EXPECT_EQ(Call(&v1::AdminService::Stub::ReloadModel, admin_.get(), v1::ReloadModelRequest(), &response)
                .error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(AuditText(), testing::Not(HasSubstr("settings/model")));
}

TEST_F(AdminAnswersTest, OneGenerationIsCheckedAndItsDamageIsNamed) {
  const auto [first, second] = TwoGenerations();
  Damage(data(), first);
  StartWith();
  const v1::VerifyResponse damaged = FoundIn("generations/" + first);
  ASSERT_THAT(damaged.problems(), SizeIs(1));
  EXPECT_THAT(damaged.problems(0), HasSubstr(first));
  for (const std::string& name : {std::string(), "generations/" + second}) {
    SCOPED_TRACE(name);
    const v1::VerifyResponse whole = FoundIn(name);
    EXPECT_THAT(whole.problems(), IsEmpty()) << "the current one is another than the damaged";
    EXPECT_GT(whole.files(), 5);
    EXPECT_GT(whole.size_bytes(), whole.files());
  }
  EXPECT_EQ(VerifyGeneration("generations/g-9-00000000").error().code(),
            static_cast<int>(grpc::StatusCode::NOT_FOUND));
}

TEST_F(AdminAnswersTest, APruneNamesWhatItRemovedAndTheOldestThatStays) {
  const auto [first, second] = TwoGenerations();
  StartWith();
  v1::PruneRequest request;
  request.set_keep(1);
  v1::PruneResponse response;
  const grpc::Status status = Call(&v1::AdminService::Stub::Prune, admin_.get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_THAT(response.removed_generations(), ElementsAre("generations/" + first));
  EXPECT_FALSE(std::filesystem::exists(data() / "generations" / first));
  EXPECT_TRUE(std::filesystem::exists(data() / "generations" / second));
  EXPECT_EQ(response.oldest_sequence(), 2);
  EXPECT_THAT(AuditText(), HasSubstr("\"written\":[\"generations/" + first + "\"]"));
  ASSERT_TRUE(Call(&v1::AdminService::Stub::Prune, admin_.get(), request, &response).ok());
  EXPECT_THAT(response.removed_generations(), IsEmpty());
}

TEST_F(AdminAnswersTest, ADeletedOperationIsNotThereAnyMoreAndTheOthersAre) {
  TwoGenerations();
  StartWith();
  const std::string name = VerifyGeneration("").name(), other = VerifyGeneration("").name();
  lro::DeleteOperationRequest request;
  request.set_name(name);
  google::protobuf::Empty empty;
  const grpc::Status status =
      Call(&lro::Operations::Stub::DeleteOperation, operations_.get(), request, &empty);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(Call(&lro::Operations::Stub::DeleteOperation, operations_.get(), request, &empty).error_code(),
            grpc::StatusCode::NOT_FOUND);
  lro::GetOperationRequest get;
  lro::Operation operation;
  get.set_name(name);
  EXPECT_EQ(Call(&lro::Operations::Stub::GetOperation, operations_.get(), get, &operation).error_code(),
            grpc::StatusCode::NOT_FOUND);
  get.set_name(other);
  ASSERT_TRUE(Call(&lro::Operations::Stub::GetOperation, operations_.get(), get, &operation).ok());
  EXPECT_TRUE(operation.done());
}

}  // namespace
}  // namespace dongxi
