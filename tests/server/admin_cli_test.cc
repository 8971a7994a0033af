// dongxi admin … against a real server, as an operator types it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "cli/cli.h"
#include "cli/io.h"
#include "cli/operation_wait.h"
#include "dongxi/v1/admin.grpc.pb.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A server of two generations that notes from which of them it is to roll back.
class TwoGenerations final : public v1::AdminService::Service {
 public:
  grpc::Status ListGenerations(grpc::ServerContext*, const v1::ListGenerationsRequest*,
                               v1::ListGenerationsResponse* response) override {
    response->add_generations()->set_name("generations/g-1");
    v1::Generation* const current = response->add_generations();
    current->set_name("generations/g-2");
    current->set_current(true);
    return grpc::Status::OK;
  }
  grpc::Status RollBackGeneration(grpc::ServerContext*, const v1::RollBackGenerationRequest* request,
                                  v1::Generation* response) override {
    from = request->from();
    response->set_name("generations/g-1");
    return grpc::Status::OK;
  }

  std::string from;
};

class AdminCliTest : public testing::Test {
 protected:
  AdminCliTest() {
    WriteCatalogue(folder_.path(), SmallCatalogue());
    ServerOptions options = OptionsFor(folder_.path());
    options.build.lexicon_directory = "data/lexicon";
    options.build.dim = 8;
    options.build.threads = 1;
    running_ = StartServer(options);
  }

  // Runs `dongxi admin ARGUMENTS` against running_, or what listens on `port`; its output is in out_ and
  // err_.
  int Admin(std::vector<std::string> arguments, int port = 0) {
    if (port == 0) port = running_.server->port();
    std::vector<std::string> all = {"dongxi", "admin"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    all.insert(all.end(), {"--server", "127.0.0.1:" + std::to_string(port)});
    std::vector<const char*> argv;
    for (const std::string& argument : all) argv.push_back(argument.c_str());
    std::ostringstream out, err;
    const int code = cli::RunCli(static_cast<int>(argv.size()), argv.data(), cli::Io{out, err});
    out_ = out.str();
    err_ = err.str();
    return code;
  }
  // The first word after `before` in the output.
  std::string WordAfter(const std::string& before) const {
    const size_t begin = out_.find(before) + before.size();
    return out_.substr(begin, out_.find_first_of(" \n（", begin) - begin);
  }

  TemporaryFolder folder_;
  Running running_;
  std::string out_, err_;
};

TEST_F(AdminCliTest, BuildsListsChecksBacksUpAndDeletes) {
  EXPECT_EQ(Admin({"generations"}), 0);
  EXPECT_THAT(out_, HasSubstr("还没有索引版本"));
  ASSERT_EQ(Admin({"build"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("已建成并换上 g-1-"));
  EXPECT_EQ(Admin({"generations"}), 0);
  EXPECT_THAT(out_, HasSubstr("当前"));
  ASSERT_EQ(Admin({"build"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("没有变化，沿用"));
  EXPECT_EQ(Admin({"verify"}), 0);
  EXPECT_THAT(out_, HasSubstr("全部完好"));
  ASSERT_EQ(Admin({"backup"}), 0) << err_;
  const std::string backup = WordAfter("已备份 ");
  EXPECT_EQ(Admin({"backups"}), 0);
  EXPECT_THAT(out_, HasSubstr(backup));
  EXPECT_EQ(Admin({"verify", backup}), 0);
  EXPECT_EQ(Admin({"delete", backup}), 0) << err_;
  EXPECT_EQ(Admin({"backups"}), 0);
  EXPECT_THAT(out_, Not(HasSubstr(backup)));
  EXPECT_EQ(Admin({"operations", "--filter", "kind = \"build\""}), 0);
  EXPECT_THAT(out_, HasSubstr("建立索引"));
  EXPECT_THAT(out_, Not(HasSubstr("检查备份")));
}

TEST(OperationWordsTest, KindsAndStagesAreInChinese) {
  for (const char* kind :
       {"build", "backup", "verify", "verify-generation", "verify-backup", "plan", "report"}) {
    EXPECT_EQ(cli::KindText(kind).find_first_of("abcdefghijklmnopqrstuvwxyz"), std::string::npos) << kind;
  }
  for (const char* stage : {"", "read", "terms", "train", "embed", "graph", "verify", "publish", "copy",
                            "checkpoint", "catalogue", "generations", "files", "plan", "match", "write"}) {
    EXPECT_EQ(cli::StageText(stage).find_first_of("abcdefghijklmnopqrstuvwxyz"), std::string::npos) << stage;
  }
  EXPECT_EQ(cli::KindText("plan"), "规划会谈");
  EXPECT_EQ(cli::KindText("report"), "生成报告");
}

TEST_F(AdminCliTest, DamageIsExitCodeOneAndNamed) {
  ASSERT_EQ(Admin({"build"}), 0) << err_;
  Damage(folder_.path(), WordAfter("已建成并换上 "));
  EXPECT_EQ(Admin({"verify"}), 1);
  EXPECT_THAT(out_, HasSubstr("损坏"));
  EXPECT_EQ(Admin({"backup"}), 1);
  EXPECT_THAT(err_, HasSubstr("服务没有做完"));
}

TEST_F(AdminCliTest, ARollBackNamesTheGenerationThatItGoesBackFrom) {
  TwoGenerations admin;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&admin);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(Admin({"rollback"}, port), 0) << err_;
  EXPECT_EQ(admin.from, "generations/g-2");
  EXPECT_THAT(out_, HasSubstr("已退回 g-1"));
}

TEST_F(AdminCliTest, ErrorsAndWrongUsageAreInChinese) {
  EXPECT_EQ(Admin({"rollback"}), 1);
  EXPECT_THAT(err_, HasSubstr("NO_PREVIOUS_GENERATION"));
  EXPECT_EQ(Admin({"reload", "policy"}), 0);
  EXPECT_THAT(out_, HasSubstr("现用"));
  EXPECT_EQ(Admin({"cancel", "operations/none"}), 1);
  EXPECT_EQ(Admin({"publish"}), 2);
  EXPECT_EQ(Admin({"reload", "everything"}), 2);
}

}  // namespace
}  // namespace dongxi
