// dongxi match and dongxi search.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "absl/synchronization/notification.h"
#include "report/json.h"
#include "tests/cli/fake_server.h"
#include "tests/report/sample_report.h"

namespace dongxi::cli {
namespace {

using report::Json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class CliMatchTest : public testing::Test {
 protected:
  CliMatchTest() {
    server_->on_match = [](const v1::MatchRequest&, v1::MatchResponse* response) {
      *response = report::MatchedNeed().answer;
      return grpc::Status::OK;
    };
  }
  ~CliMatchTest() override { std::filesystem::remove_all(folder_); }

  CliRun Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--server", server_.address()});
    return Dongxi(arguments);
  }
  std::string WriteFile(const std::string& name, const std::string& bytes) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return (folder_ / name).string();
  }

  FakeServer server_;
  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / ("cli_match_" + server_.address());
};

TEST_F(CliMatchTest, TheCallThatStaysValidForGood) {
  const CliRun run = Dongxi({"match", "--server", server_.address(), "--text", "高镁锂比盐湖卤水提锂吸附剂",
                             "--region", "63", "--top", "10", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.err, "");
  const Json json = Json::parse(run.out, nullptr, false);
  ASSERT_TRUE(json.is_object()) << run.out;
  for (const char* list : {"partners", "experts", "results"}) EXPECT_TRUE(json[list].is_array()) << list;
  for (const char* name : {"generation", "model", "policy"}) EXPECT_TRUE(json[name].is_string()) << name;
  const Json& partner = json["partners"][0];
  for (const char* key : {"id", "name", "region", "score", "reasons"})
    EXPECT_TRUE(partner.contains(key)) << key;
  EXPECT_TRUE(json["results"][0].contains("title"));

  const v1::MatchRequest& request = server_->match_request;
  EXPECT_EQ(request.text(), "高镁锂比盐湖卤水提锂吸附剂");
  EXPECT_EQ(request.region_code(), "63");
  EXPECT_EQ(request.filter(), "") << "--region filters nothing";
  EXPECT_EQ(request.page_size(), 10);
  EXPECT_EQ(request.view(), v1::MATCH_VIEW_FULL);
  EXPECT_FALSE(request.has_policy_weight()) << "the server's default holds";
  EXPECT_EQ(server_->authorization, "") << "no token unless asked";
}

TEST_F(CliMatchTest, SendsEveryOption) {
  const CliRun run =
      Run({"match", "--need", "n-1", "--partner-region", "44", "--partner-region", "31", "--filter",
           "maturity >= 6", "--kinds", "partners,results", "--policy-weight", "0", "--top", "3"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const v1::MatchRequest& request = server_->match_request;
  EXPECT_EQ(request.need_name(), "needs/n-1");
  EXPECT_EQ(request.filter(), "(region = \"44\" OR region = \"31\") AND (maturity >= 6)");
  EXPECT_THAT(request.kinds(), ElementsAre(v1::INSTITUTION, v1::RESULT));
  EXPECT_TRUE(request.has_policy_weight());
  EXPECT_EQ(request.policy_weight(), 0);
  EXPECT_EQ(request.page_size(), 3);
  EXPECT_EQ(request.region_code(), "");
}

TEST_F(CliMatchTest, SendsTheNeedOfAFile) {
  const std::string file =
      WriteFile("need.json", R"({"title": "老卤提锂", "region": "6328", "modes": ["转让"]})");
  const CliRun run = Run({"match", "--need-file", file, "--region", "63"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(server_->match_request.need().title(), "老卤提锂");
  EXPECT_THAT(server_->match_request.need().modes(), ElementsAre("transfer"));
  EXPECT_EQ(server_->match_request.region_code(), "63") << "overrides the need's own";
}

TEST_F(CliMatchTest, PrintsATableWithMarksForAdequacyAndSampleData) {
  const CliRun run = Run({"match", "--text", "提锂"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  for (const char* words :
       {"通道：科技援青", "3.2 盐湖产业 86%", "合作机构", "[示例数据]示例·天津某盐湖化工研究院", "合适 64%",
        "接近 20%", "共有词语：吸附剂、提锂", "专家：未找到合适匹配", "generations/00007"}) {
    EXPECT_THAT(run.out, HasSubstr(words));
  }
}

TEST_F(CliMatchTest, PrintsTheConsortiumWhatStaysOpenAndTheQuestion) {
  const CliRun run = Run({"match", "--text", "提锂"});
  for (const char* words :
       {"创新联合体：2 个成员覆盖 4 项要素中的 3 项；已证明没有更省的组合\n",
        "  机构 [示例数据]示例·天津某盐湖化工研究院（institutions/i-1）覆盖 考核指标：锂收率 "
        "≥80%；产品：低溶损吸附剂\n",
        "  成果 某膜 <b>浓缩</b> 工艺（results/r-2）覆盖 方法：配套工艺\n", "  未覆盖 环境条件：高海拔\n",
        "建议向需求方提问：对“年溶损”有没有要求？候选的数值从 2% 到 9%。\n"}) {
    EXPECT_THAT(run.out, HasSubstr(words));
  }
}

TEST_F(CliMatchTest, AConsortiumThatIsNotProvenSaysItsBoundAndNoneIsNotPrinted) {
  server_->on_match = [](const v1::MatchRequest&, v1::MatchResponse* response) {
    *response = report::MatchedNeed().answer;
    response->mutable_consortium()->set_exact(false);
    response->mutable_consortium()->set_lower_bound(1.5);
    return grpc::Status::OK;
  };
  EXPECT_THAT(Run({"match", "--text", "提锂"}).out, HasSubstr("费用 2.12，任何组合不低于 1.50"));
  server_->on_match = [](const v1::MatchRequest&, v1::MatchResponse* response) {
    *response = report::UnmatchedNeed().answer;
    return grpc::Status::OK;
  };
  const CliRun none = Run({"match", "--text", "提锂"});
  EXPECT_THAT(none.out, Not(HasSubstr("创新联合体")));
  EXPECT_THAT(none.out, Not(HasSubstr("建议向需求方提问")));
}

TEST_F(CliMatchTest, PrintsOnlyTheListsAskedFor) {
  const CliRun run = Run({"match", "--text", "提锂", "--kinds", "results"});
  EXPECT_THAT(run.out, HasSubstr("成果"));
  EXPECT_THAT(run.out, Not(HasSubstr("合作机构")));
}

TEST_F(CliMatchTest, AnOfferIsMatchedToNeeds) {
  server_->reverse_answer = report::FromText<v1::ReverseMatchResponse>(R"(
    match_id: "m-9" provenance { generation: "generations/1" }
    needs { entries { name: "needs/n-1" kind: NEED title: "老卤提锂" region_code: "6328" score: 1 adequate: true } })");
  CliRun run = Run({"match", "--offer", "results/r-1", "--partner-region", "63", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(server_->reverse_request.offer_name(), "results/r-1");
  EXPECT_EQ(server_->reverse_request.filter(), "region = \"63\"");
  const Json json = Json::parse(run.out, nullptr, false);
  EXPECT_EQ(json["needs"][0]["title"], "老卤提锂");
  EXPECT_EQ(json["match_id"], "m-9");
  run = Run({"match", "--offer", "results/r-1"});
  EXPECT_THAT(run.out, HasSubstr("青海海西"));
}

struct UsageCase {
  const char* name;
  std::vector<std::string> arguments;
  const char* problem;
};

TEST_F(CliMatchTest, WrongCallsEndWith2AndAskNothing) {
  const UsageCase cases[] = {
      {"NoCommand", {}, "要写一个命令"},
      {"UnknownCommand", {"mach"}, "不认识的参数：mach"},
      {"NothingToMatch", {"match"}, "--need、--need-file、--text、--offer"},
      {"EmptyText", {"match", "--text", ""}, "不能是空的"},
      {"TwoThingsToMatch", {"match", "--text", "a", "--need", "n-1"}, "现在给了 2 个"},
      {"UnknownOption", {"match", "--text", "a", "--colour"}, "不认识的参数：--colour"},
      {"MissingValue", {"match", "--text"}, "--text 缺少值"},
      {"RegionName", {"match", "--text", "a", "--region", "青海"}, "青海的代码是 63"},
      {"RegionTooLong", {"match", "--text", "a", "--region", "6328011"}, "2 至 6 位"},
      {"PartnerRegion", {"match", "--text", "a", "--partner-region", "x"}, "--partner-region"},
      {"TopZero", {"match", "--text", "a", "--top", "0"}, "1 至 1000"},
      {"TopTooHigh", {"match", "--text", "a", "--top", "1001"}, "1 至 1000"},
      {"TopNegative", {"match", "--text", "a", "--top", "-1"}, "1 至 1000"},
      {"TopNoNumber", {"match", "--text", "a", "--top", "ten"}, "--top = ten"},
      {"Kind", {"match", "--text", "a", "--kinds", "needs"}, "partners、experts、results"},
      {"PolicyWeight", {"match", "--text", "a", "--policy-weight", "1.5"}, "0 至 1"},
      {"PolicyWeightNan", {"match", "--text", "a", "--policy-weight", "nan"}, "0 至 1"},
      {"OfferWithoutKind", {"match", "--offer", "r-1"}, "results/编号"},
      {"OfferWithRegion", {"match", "--offer", "results/r-1", "--region", "63"}, "--partner-region"},
      {"Timeout", {"match", "--text", "a", "--timeout", "0"}, "--timeout"},
      {"SearchWithoutText", {"search"}, "--text"},
      {"ReportOutTwice", {"report", "--out", "a", "--json-out", "a"}, "同一个文件"},
      {"NoAction", {"plan"}, "dongxi plan 后面要写做什么：make、check、"},
      {"NoArgument", {"plan", "outcome", "日程"}, "缺少必填的参数：--need（需求方编号）"},
      {"NoPlan", {"plan", "publish"}, "缺少必填的参数：plan（计划的文件夹"},
      {"ShareTooHigh", {"plan", "make", "a.xlsx", "--fair-share", "200"}, "“200”不是 0 到 100 的数"},
      {"Hint", {"plan", "make", "a.xlsx", "--colour"}, "用 dongxi plan make --help 查看用法"},
      {"HintWithoutCommand", {"mach"}, "用 dongxi --help 查看用法"},
  };
  for (const UsageCase& c : cases) {
    SCOPED_TRACE(c.name);
    const CliRun run = Run(c.arguments);
    EXPECT_EQ(run.exit_code, 2) << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_THAT(run.err, HasSubstr(c.problem));
  }
  EXPECT_EQ(server_->match_calls, 0);
  EXPECT_EQ(Dongxi({"match", "--text", "a", "--server", "localhost"}).exit_code, 2);
}

TEST_F(CliMatchTest, HelpGoesToStandardOutputAndHasExamples) {
  for (const char* command : {"match", "search", "report"}) {
    const CliRun run = Dongxi({command, "--help"});
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_THAT(run.out, HasSubstr(std::string("  dongxi ") + command));
    EXPECT_EQ(run.err, "");
  }
  EXPECT_THAT(Dongxi({"--help"}).out, HasSubstr("--server HOST:PORT"));
  EXPECT_THAT(Dongxi({"--version"}).out, HasSubstr("dongxi "));
}

TEST_F(CliMatchTest, HelpOfAnActionHasTheExamplesOfItsCommand) {
  struct ActionCase {
    std::vector<std::string> arguments;
    const char* example;
  };
  const ActionCase cases[] = {{{"admin", "build", "--help"}, "  dongxi admin "},
                              {{"plan", "replan", "--help"}, "  dongxi plan "},
                              {{"reports", "get", "--help"}, "  dongxi reports "},
                              {{"engage", "record", "--help"}, "  dongxi engage "}};
  for (const ActionCase& c : cases) {
    SCOPED_TRACE(c.example);
    const CliRun run = Dongxi(c.arguments);
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_THAT(run.out, HasSubstr(c.example));
    EXPECT_THAT(run.out, Not(HasSubstr("  dongxi match ")));
    EXPECT_THAT(run.out, HasSubstr("全局选项"));
  }
}

TEST_F(CliMatchTest, HelpMarksWhatIsRequiredInChinese) {
  const CliRun run = Dongxi({"plan", "outcome", "--help"});
  EXPECT_THAT(run.out, AllOf(HasSubstr("（必填）"), HasSubstr("参数:"), HasSubstr("未到")));
  for (const char* english : {"REQUIRED", "Positionals", "NONNEGATIVE"})
    EXPECT_THAT(run.out, Not(HasSubstr(english))) << english;
}

TEST_F(CliMatchTest, AnErrorOfTheServerEndsWith1AndNamesTheField) {
  server_->on_match = [](const v1::MatchRequest&, v1::MatchResponse*) {
    return RichError(grpc::StatusCode::INVALID_ARGUMENT, "bad filter", "FILTER_SYNTAX", "filter",
                     "第 3 个字符处");
  };
  const CliRun run = Run({"match", "--text", "a", "--filter", "x ="});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, HasSubstr("字段 filter：第 3 个字符处"));
  EXPECT_THAT(run.err, HasSubstr("FILTER_SYNTAX"));
}

TEST_F(CliMatchTest, AServerThatIsNotThereEndsWith1AtOnceAndSaysHowToStartIt) {
  std::string address;
  { address = FakeServer().address(); }  // free again
  const CliRun run = Dongxi({"match", "--server", address, "--text", "a", "--json"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, HasSubstr("请先运行 ./run serve"));
  EXPECT_THAT(run.err, HasSubstr(address));
  EXPECT_THAT(run.err, HasSubstr("--ca-file")) << "it may speak TLS";
}

TEST_F(CliMatchTest, WaitsNoLongerThanTheTimeout) {
  // Shared: the call may reach the server only after this test has given up on it.
  const auto asked_enough = std::make_shared<absl::Notification>();
  server_->on_match = [asked_enough](const v1::MatchRequest&, v1::MatchResponse*) {
    asked_enough->WaitForNotification();
    return grpc::Status::OK;
  };
  const CliRun run = Run({"match", "--text", "a", "--timeout", "0.2"});
  asked_enough->Notify();
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("在 0.2 秒内没有答复"));
}

TEST_F(CliMatchTest, SendsTheTokenOfTheFileWithoutItsLineBreak) {
  const CliRun run = Run({"match", "--text", "a", "--token-file", WriteFile("token", "s3cret\n")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(server_->authorization, "Bearer s3cret");
}

TEST_F(CliMatchTest, ABadTokenFileIsNamedAndItsTextIsNotPrinted) {
  for (const std::string& bytes : {std::string(), std::string("a\nb"), std::string("秘密")}) {
    const CliRun run = Run({"match", "--text", "a", "--token-file", WriteFile("token", bytes)});
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_THAT(run.err, HasSubstr("--token-file"));
    EXPECT_THAT(run.err, Not(HasSubstr("秘密")));
  }
  EXPECT_EQ(Run({"match", "--text", "a", "--token-file", "/nonexistent"}).exit_code, 1);
  EXPECT_EQ(server_->match_calls, 0);
}

TEST_F(CliMatchTest, SearchSendsItsOptionsAndPrintsHits) {
  server_->search_answer = report::FromText<v1::SearchResponse>(R"(
    provenance { generation: "generations/1" }
    hits { name: "results/r-1" kind: RESULT title: "吸附提锂" region_name: "天津" score: 2.5 snippet: "…卤水提锂…" illustrative: true })");
  CliRun run = Run(
      {"search", "--text", "提锂", "--kinds", "results,needs", "--filter", "region = \"12\"", "--top", "7"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(server_->search_request.query(), "提锂");
  EXPECT_THAT(server_->search_request.kinds(), ElementsAre(v1::RESULT, v1::NEED));
  EXPECT_EQ(server_->search_request.filter(), "region = \"12\"");
  EXPECT_EQ(server_->search_request.page_size(), 7);
  EXPECT_THAT(run.out, HasSubstr("[示例数据]吸附提锂"));
  run = Run({"search", "--text", "提锂", "--json"});
  EXPECT_EQ(Json::parse(run.out, nullptr, false)["hits"][0]["id"], "r-1");
}

TEST_F(CliMatchTest, SearchWithoutHitsSaysSo) {
  const CliRun run = Run({"search", "--text", "提锂"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.out, HasSubstr("没有找到"));
}

}  // namespace
}  // namespace dongxi::cli
