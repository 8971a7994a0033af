// dongxi-indexer import --server, against a service in this process that keeps what it gets.
#include <grpcpp/grpcpp.h>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "gmock/gmock.h"
#include "store/record_codec.h"
#include "tests/indexer/command/command_testing.h"

namespace dongxi {
namespace {

using ::testing::AllOf;
using testing::CommandResult;
using ::testing::HasSubstr;
using testing::RunProgram;

// Refuses records whose id ends with "bad"; with a token, callers without it.
class FakeCatalogueService : public pb::CatalogueService::Service {
 public:
  grpc::Status ImportRecords(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<pb::ImportRecordsResponse, pb::ImportRecordsRequest>* stream) override {
    const auto found = context->client_metadata().find("authorization");
    if (!token.empty() && (found == context->client_metadata().end() || found->second != "Bearer " + token)) {
      return {grpc::StatusCode::UNAUTHENTICATED, "no valid token"};
    }
    pb::ImportRecordsRequest request;
    while (stream->Read(&request)) {
      ++messages;
      pb::ImportRecordsResponse response;
      for (const pb::Record& record : request.records()) {
        pb::ImportOutcome& outcome = *response.add_outcomes();
        outcome.set_name(record.result().name());
        if (outcome.name().ends_with("bad")) {
          outcome.set_state(pb::ImportOutcome::REFUSED);
          pb::FieldProblem& problem = *outcome.add_problems();
          problem.set_field("maturity");
          problem.set_found("来自服务器的问题");
          problem.set_expected("1 至 9");
          problem.set_remedy("改正");
        } else {
          outcome.set_state(pb::ImportOutcome::CREATED);
          if (!request.validate_only()) ++written;
        }
      }
      stream->Write(response);
    }
    return grpc::Status::OK;
  }

  std::string token;
  int messages = 0;
  int written = 0;
};

class ServerImportTest : public testing::CommandTest {
 protected:
  void SetUp() override {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    address_ = "127.0.0.1:" + std::to_string(port);
  }
  void TearDown() override { server_->Shutdown(); }
  std::string Results(const std::vector<std::string>& ids) const {
    std::string lines;
    for (const std::string& id : ids)
      lines += "{\"id\": \"" + id + "\", \"title\": \"提锂工艺\", \"abstract\": \"简介\"}\n";
    return WriteFile("results.jsonl", lines);
  }

  FakeCatalogueService service_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

TEST_F(ServerImportTest, StreamsRowsAndPutsTheServersProblemsAtTheirRows) {
  const CommandResult result =
      RunProgram({"import", "--server", address_, Results({"r-1", "r-2-bad", "r-3"})});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(service_.written, 2);
  EXPECT_THAT(result.out, HasSubstr("新增 2 条，更新 0 条，未变 0 条，拒绝 1 行"));
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("results.jsonl 第 2 行"), HasSubstr("来自服务器的问题"), HasSubstr("成熟度")));
  EXPECT_FALSE(std::filesystem::exists(CatalogueFolder(Data())));
}

TEST_F(ServerImportTest, WithoutDataAndServerItAsksWhereTo) {
  const CommandResult result = RunProgram({"import", Results({"r-1"})});
  EXPECT_EQ(result.exit_code, kExitUsage);
  EXPECT_THAT(result.err, AllOf(HasSubstr("--data"), HasSubstr("--server")));
}

TEST_F(ServerImportTest, DryRunAsksTheServerToCheckOnly) {
  const CommandResult result =
      RunProgram({"import", "--data", Data(), "--server", address_, "--dry-run", Results({"r-1"})});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(service_.written, 0);
  EXPECT_EQ(service_.messages, 1);
}

TEST_F(ServerImportTest, SendsBatchesOfAThousand) {
  std::vector<std::string> ids;
  for (int i = 0; i < 2100; ++i) ids.push_back(testing::Numbered("r-", i));
  EXPECT_EQ(RunProgram({"import", "--data", Data(), "--server", address_, Results(ids)}).exit_code, 0);
  EXPECT_EQ(service_.messages, 3);
  EXPECT_EQ(service_.written, 2100);
}

TEST_F(ServerImportTest, SendsTheTokenAndNamesTheOptionWithoutIt) {
  service_.token = "secret";
  const std::string results = Results({"r-1"});
  const CommandResult without = RunProgram({"import", "--data", Data(), "--server", address_, results});
  EXPECT_EQ(without.exit_code, 1);
  EXPECT_THAT(without.err, HasSubstr("--token-file"));
  const std::string token = WriteFile("token", "secret\n");
  EXPECT_EQ(RunProgram({"import", "--data", Data(), "--server", address_, "--token-file", token, results})
                .exit_code,
            0);
}

TEST_F(ServerImportTest, AServerThatDoesNotAnswerIsNamed) {
  server_->Shutdown();
  const CommandResult result =
      RunProgram({"import", "--data", Data(), "--server", address_, Results({"r-1"})});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr(address_), HasSubstr("请确认服务器在运行"), HasSubstr("已导入 0 条")));
}

}  // namespace
}  // namespace dongxi
