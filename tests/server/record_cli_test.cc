// dongxi record, dongxi replay, and dongxi watch update and delete against a real server, as a person types
// them.
#include <gmock/gmock.h>

#include <sstream>

#include "dongxi/v1/watch.grpc.pb.h"
#include "nlohmann/json.hpp"
#include "tests/cli/run_cli.h"
#include "tests/server/catalogue_fixture.h"

namespace dongxi {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class RecordCliTest : public CatalogueFixture {
 protected:
  // Nobody is at the keyboard.
  int Run(std::vector<std::string> arguments) { return RunWith(nullptr, std::move(arguments)); }
  // Somebody types `line` when asked.
  int Typing(const std::string& line, std::vector<std::string> arguments) {
    std::istringstream keyboard(line + "\n");
    return RunWith(&keyboard, std::move(arguments));
  }
  int RunWith(std::istream* keyboard, std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--server", "127.0.0.1:" + std::to_string(running_.server->port())});
    const cli::CliRun run = cli::Dongxi(arguments, keyboard);
    out_ = run.out;
    err_ = run.err;
    return run.exit_code;
  }
  bool IsThere(const std::string& result) {
    pb::Result unused;
    return Get(result, &unused).ok();
  }

  std::string out_, err_;
};

TEST_F(RecordCliTest, ARecordIsDeletedOnlyOnceItsNameWasTypedAndComesBack) {
  EXPECT_EQ(Run({"record", "delete", "results/r-goji"}), 2) << "nobody can be asked";
  EXPECT_THAT(err_, HasSubstr("--yes"));
  for (const char* wrong : {"r-goji", "", "y", "results/r-blade"}) {
    EXPECT_EQ(Typing(wrong, {"record", "delete", "results/r-goji"}), 1) << wrong;
    EXPECT_THAT(err_, AllOf(HasSubstr("枸杞热泵干燥装备"), HasSubstr("什么也没有改")));
  }
  EXPECT_TRUE(IsThere("results/r-goji"));
  ASSERT_EQ(Typing(" results/r-goji ", {"record", "delete", "results/r-goji"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("已删除 results/r-goji“枸杞热泵干燥装备”"));
  EXPECT_FALSE(IsThere("results/r-goji"));
  ASSERT_EQ(Typing("results/r-goji", {"record", "undelete", "results/r-goji"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("已恢复 results/r-goji"));
  EXPECT_TRUE(IsThere("results/r-goji"));
  EXPECT_EQ(Run({"record", "undelete", "results/r-goji", "--yes"}), 1) << "it is not deleted";
  EXPECT_EQ(Typing("results/r-none", {"record", "delete", "results/r-none"}), 1) << "there is no such record";
  EXPECT_THAT(err_, Not(HasSubstr("照样输入")));
}

TEST_F(RecordCliTest, RecordsOfEveryKindExpireAreDeletedAndComeBack) {
  for (const char* name :
       {"evidence/p-1", "results/r-blade", "experts/e-lithium", "needs/n-goji", "institutions/bj"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(Run({"record", "expire", name, "--yes"}), 0) << err_;
    EXPECT_THAT(out_, AllOf(HasSubstr("已到期 " + std::string(name)), HasSubstr("不再参与匹配")));
    EXPECT_EQ(Run({"record", "delete", name, "--yes"}), 0) << err_;
    EXPECT_EQ(Run({"record", "undelete", name, "--yes"}), 0) << err_;
  }
  pb::Result expired;
  ASSERT_TRUE(Get("results/r-blade", &expired).ok());
  EXPECT_FALSE(expired.valid_until().empty());
  for (const char* wrong : {"r-blade", "watches/w-1"}) {
    EXPECT_EQ(Run({"record", "expire", wrong, "--yes"}), 2);
    EXPECT_THAT(err_, HasSubstr("不是记录的全名"));
  }
}

TEST_F(RecordCliTest, AnAnswerIsReplayedAndSaidToBeTheSame) {
  ASSERT_EQ(Run({"match", "--need", "n-lithium", "--json"}), 0) << err_;
  const nlohmann::json answer = nlohmann::json::parse(out_, nullptr, /*allow_exceptions=*/false);
  const std::string id = answer["match_id"];
  ASSERT_EQ(Run({"record", "delete", "results/r-magnesium", "--yes"}), 0) << err_;
  ASSERT_EQ(Run({"replay", id, "--json"}), 0) << err_;
  EXPECT_THAT(err_, HasSubstr("逐字相同"));
  nlohmann::json replayed = nlohmann::json::parse(out_, nullptr, /*allow_exceptions=*/false);
  EXPECT_EQ(replayed["identical"], true);
  replayed.erase("identical");
  EXPECT_EQ(replayed, answer);
  ASSERT_EQ(Run({"replay", "matches/" + id}), 0) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("高镁锂比卤水吸附提锂工艺"), HasSubstr(id)));
  EXPECT_EQ(Run({"replay", "m-0000000000000000"}), 1) << "there is no such answer";
}

TEST_F(RecordCliTest, AWatchIsChangedInWhatIsSaidAndCancelled) {
  ASSERT_EQ(Run({"watch", "add", "--need", "n-lithium", "--title", "提锂", "--min-adequacy", "0.5"}), 0)
      << err_;
  const size_t at = out_.find("watches/");
  const std::string name = out_.substr(at, out_.find('\n') - at);
  EXPECT_EQ(Run({"watch", "update", name}), 2);
  EXPECT_THAT(err_, HasSubstr("没有写要改什么"));
  ASSERT_EQ(Run({"watch", "update", name, "--filter", "maturity >= 6", "--default-adequacy"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("已改 " + name + "  提锂"));
  ASSERT_EQ(Run({"watch", "list"}), 0) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("提锂"), HasSubstr("maturity >= 6")));
  pb::GetWatchRequest request;
  request.set_name(name);
  grpc::ClientContext context;
  pb::Watch watch;
  ASSERT_TRUE(pb::WatchService::NewStub(running_.channel)->GetWatch(&context, request, &watch).ok());
  EXPECT_FALSE(watch.has_min_adequacy());
  ASSERT_EQ(Run({"watch", "update", name, "--filter", ""}), 0) << err_;
  ASSERT_EQ(Run({"watch", "list"}), 0) << err_;
  EXPECT_THAT(out_, Not(HasSubstr("maturity")));
  ASSERT_EQ(Run({"watch", "delete", name}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("已取消关注 " + name));
  ASSERT_EQ(Run({"watch", "list"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("还没有关注"));
  EXPECT_EQ(Run({"watch", "delete", name}), 1) << "it is gone";
}

}  // namespace
}  // namespace dongxi
