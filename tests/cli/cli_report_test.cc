// dongxi report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "cli/folder_lock.h"
#include "report/json.h"
#include "tests/cli/fake_server.h"
#include "tests/report/sample_report.h"

namespace dongxi::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string ReadAll(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class CliReportTest : public testing::Test {
 protected:
  CliReportTest() {
    std::filesystem::create_directories(folder_);
    for (const char* id : {"n-1", "n-2", "n-3", "n-4", "n-5"}) {
      v1::Need need;
      need.set_name(std::string("needs/") + id);
      need.set_title(std::string("需求 ") + id);
      server_->needs.push_back(need);
    }
    server_->institutions = {{"institutions/i-1", "某盐湖化工研究院"}};
    server_->on_match = [](const v1::MatchRequest&, v1::MatchResponse* response) {
      *response = report::MatchedNeed().answer;
      return grpc::Status::OK;
    };
  }
  ~CliReportTest() override { std::filesystem::remove_all(folder_); }

  CliRun Run(std::vector<std::string> more) {
    std::vector<std::string> arguments{"report", "--server", server_.address(), "--out", html_,
                                       "--jobs", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Dongxi(arguments);
  }

  FakeServer server_;
  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / ("cli_report_" + server_.address());
  const std::string html_ = (folder_ / "report.html").string();
};

TEST_F(CliReportTest, MatchesEveryNeedOfTheCatalogueThroughAllPages) {
  const CliRun run = Run({});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, html_ + "\n") << "data: the path alone";
  EXPECT_EQ(server_->list_calls, 3);
  EXPECT_EQ(server_->match_calls, 5);
  EXPECT_EQ(server_->match_request.page_size(), 5);
  EXPECT_EQ(server_->match_request.view(), v1::MATCH_VIEW_FULL);
  EXPECT_THAT(run.err, HasSubstr("匹配 5/5 项需求"));
  const std::string html = ReadAll(html_);
  for (const char* id : {"n-1", "n-2", "n-3", "n-4", "n-5"})
    EXPECT_THAT(html, HasSubstr(std::string("需求 ") + id));
}

TEST_F(CliReportTest, TakesTheNeedsNamedInTheirOrderAndOnce) {
  const std::string json_file = (folder_ / "report.json").string();
  const CliRun run = Run({"--need", "n-4", "--need", "needs/n-2", "--need", "n-4", "--top", "2", "--title",
                          "测试报告", "--json-out", json_file});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(server_->list_calls, 0);
  EXPECT_EQ(server_->match_request.page_size(), 2);
  const report::Json json = report::Json::parse(ReadAll(json_file), nullptr, false);
  ASSERT_EQ(json["needs"].size(), 2u);
  EXPECT_EQ(json["title"], "测试报告");
  EXPECT_EQ(json["needs"][0]["need"]["id"], "n-4");
  EXPECT_EQ(json["needs"][1]["need"]["id"], "n-2");
}

TEST_F(CliReportTest, LooksUpTheNamesOfInstitutionsOnce) {
  ASSERT_EQ(Run({}).exit_code, 0);
  EXPECT_EQ(server_->institution_calls, 1);
  EXPECT_THAT(ReadAll(html_), HasSubstr("某盐湖化工研究院"));
}

TEST_F(CliReportTest, ANeedThatFailsIsSaidInTheReportAndEndsWith1) {
  server_->on_match = [](const v1::MatchRequest& request, v1::MatchResponse* response) {
    if (request.need_name() == "needs/n-3") return grpc::Status(grpc::StatusCode::NOT_FOUND, "gone");
    *response = report::MatchedNeed().answer;
    return grpc::Status::OK;
  };
  const CliRun run = Run({});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("有 1 项需求未能匹配"));
  EXPECT_THAT(ReadAll(html_), HasSubstr("gone"));
}

TEST_F(CliReportTest, WritesNothingIfNoNeedCouldBeMatched) {
  const CliRun run = Run({"--need", "n-99"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("no such need"));
  EXPECT_FALSE(std::filesystem::exists(html_));
}

TEST_F(CliReportTest, StopsAtAnErrorThatConcernsEveryNeedAndLeavesTheOldReport) {
  std::ofstream(html_) << "old";
  server_->on_match = [](const v1::MatchRequest&, v1::MatchResponse*) {
    return grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, "no generation");
  };
  const CliRun run = Run({});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_EQ(server_->match_calls, 1);
  EXPECT_THAT(run.err, HasSubstr("dongxi-indexer build"));
  EXPECT_EQ(ReadAll(html_), "old");
}

TEST_F(CliReportTest, ACatalogueWithoutNeedsSaysWhatToDo) {
  server_->needs.clear();
  const CliRun run = Run({});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("dongxi-indexer import"));
}

TEST_F(CliReportTest, AFolderThatIsNotThereIsNamed) {
  const CliRun run =
      Dongxi({"report", "--server", server_.address(), "--out", (folder_ / "no/such/report.html").string()});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("写不了文件"));
  EXPECT_THAT(run.err, Not(HasSubstr("core")));
  EXPECT_EQ(server_->list_calls, 0) << "before any need is matched";
}

TEST_F(CliReportTest, AFileThatCannotBeWrittenIsFoundBeforeAnyNeedIsMatched) {
  std::filesystem::create_directories(folder_ / "taken.json");
  const CliRun run = Run({"--json-out", (folder_ / "taken.json").string()});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, AllOf(HasSubstr("taken.json"), HasSubstr("没有开始匹配")));
  EXPECT_EQ(server_->match_calls, 0);
}

TEST_F(CliReportTest, NamesAreAskedForAgainWhenABusyServerSays) {
  int calls = 0;
  server_->on_lookup = [&calls] { return ++calls % 2 == 1 ? BusyFor(1) : grpc::Status::OK; };
  const CliRun run = Run({"--need", "n-4"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(calls, 4) << "the need and an institution, twice each";
  EXPECT_THAT(ReadAll(html_), AllOf(HasSubstr("需求 n-4"), HasSubstr("某盐湖化工研究院")));
}

// Into a folder, with every format.
class CliReportFolderTest : public CliReportTest {
 protected:
  CliRun RunFolder(std::vector<std::string> more) {
    std::vector<std::string> arguments{"report", "--server", server_.address(), "--folder", target_,
                                       "--jobs", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Dongxi(arguments);
  }
  std::filesystem::path File(const char* name) const { return std::filesystem::path(target_) / name; }
  const std::string target_ = (folder_ / "对接会").string();
};

TEST_F(CliReportFolderTest, WritesEveryFormatSideBySideAndNoJournalStays) {
  const CliRun run = RunFolder({});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  for (const char* name : {"匹配报告.html", "匹配报告.xlsx", "匹配报告.pdf", "report.json",
                           "csv/partners.csv", "csv/consortium.csv"}) {
    EXPECT_TRUE(std::filesystem::exists(File(name))) << name;
  }
  EXPECT_FALSE(std::filesystem::exists(File(".report.journal")));
}

TEST_F(CliReportFolderTest, TheSameAnswersGiveTheSameBytesInEveryFormat) {
  ASSERT_EQ(RunFolder({"--reproducible"}).exit_code, 0);
  std::map<std::string, std::string> first;
  for (const char* name :
       {"匹配报告.html", "匹配报告.xlsx", "匹配报告.pdf", "report.json", "csv/partners.csv"})
    first[name] = ReadAll(File(name));
  ASSERT_EQ(RunFolder({"--reproducible"}).exit_code, 0);
  for (const auto& [name, bytes] : first) EXPECT_EQ(ReadAll(File(name.c_str())), bytes) << name;
}

TEST_F(CliReportFolderTest, ContinuesWhereItWasInterrupted) {
  int allowed = 2;
  server_->on_match = [&](const v1::MatchRequest&, v1::MatchResponse* response) {
    if (allowed-- <= 0) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "going down");
    *response = report::MatchedNeed().answer;
    return grpc::Status::OK;
  };
  EXPECT_EQ(RunFolder({}).exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(File("匹配报告.html")));
  allowed = 100;
  server_->match_calls = 0;
  const CliRun run = RunFolder({});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(server_->match_calls, 3) << "two of five were answered before";
  EXPECT_THAT(run.err, HasSubstr("已有 2 项需求的答案"));
}

TEST_F(CliReportFolderTest, ABusyServerIsAskedAgainWhenItSaysAndNoNeedIsLost) {
  server_->on_match = [&](const v1::MatchRequest&, v1::MatchResponse* response) {
    if (server_->match_calls % 2 == 1) return BusyFor(1);
    *response = report::MatchedNeed().answer;
    return grpc::Status::OK;
  };
  const CliRun run = RunFolder({"--formats", "json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(server_->match_calls, 10);
  EXPECT_THAT(run.err, AllOf(HasSubstr("服务忙"), Not(HasSubstr("未能匹配"))));
  EXPECT_THAT(ReadAll(File("report.json")), Not(HasSubstr("RATE_LIMITED")));
}

TEST_F(CliReportFolderTest, AServerThatStaysBusyEndsTheRunAndTheAnswersAreKept) {
  int allowed = 2;
  server_->on_match = [&](const v1::MatchRequest&, v1::MatchResponse* response) {
    if (allowed-- <= 0) return BusyFor(3'600'000);
    *response = report::MatchedNeed().answer;
    return grpc::Status::OK;
  };
  EXPECT_EQ(RunFolder({}).exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(File("report.json")));
  allowed = 100;
  server_->match_calls = 0;
  EXPECT_EQ(RunFolder({"--formats", "json"}).exit_code, 0);
  EXPECT_EQ(server_->match_calls, 3);
}

TEST_F(CliReportFolderTest, WhatCouldNotBeMatchedIsAllThatTheNextRunAsksFor) {
  bool gone = true;
  server_->on_match = [&](const v1::MatchRequest& request, v1::MatchResponse* response) {
    if (gone && request.need_name() == "needs/n-3") return grpc::Status(grpc::StatusCode::NOT_FOUND, "gone");
    *response = report::MatchedNeed().answer;
    return grpc::Status::OK;
  };
  const CliRun first = RunFolder({"--formats", "json"});
  EXPECT_EQ(first.exit_code, 1);
  EXPECT_THAT(first.err, HasSubstr("再运行同样的命令只匹配这些"));
  gone = false;
  server_->match_calls = 0;
  const CliRun second = RunFolder({"--formats", "json"});
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_EQ(server_->match_calls, 1);
  EXPECT_EQ(server_->match_request.need_name(), "needs/n-3");
  EXPECT_FALSE(std::filesystem::exists(File(".report.journal")));
}

TEST_F(CliReportFolderTest, SaysWhenItCannotGoOnWithAnEarlierRun) {
  int allowed = 2;
  server_->on_match = [&](const v1::MatchRequest&, v1::MatchResponse* response) {
    if (allowed-- <= 0) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "going down");
    *response = report::MatchedNeed().answer;
    return grpc::Status::OK;
  };
  EXPECT_EQ(RunFolder({"--formats", "json"}).exit_code, 1);
  allowed = 100;
  server_->match_calls = 0;
  const CliRun run = RunFolder({"--formats", "json", "--top", "7"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(server_->match_calls, 5);
  EXPECT_THAT(run.err, HasSubstr("已变，从头匹配"));
}

TEST_F(CliReportFolderTest, IsRefusedWhileAnotherCommandWritesTheFolder) {
  {
    const absl::StatusOr<FolderLock> first = TakeFolder(target_);
    ASSERT_TRUE(first.ok()) << first.status();
    const CliRun second = RunFolder({});
    EXPECT_EQ(second.exit_code, 1);
    EXPECT_THAT(second.err, AllOf(HasSubstr("另一个 dongxi 命令正在写"), HasSubstr(target_)));
    EXPECT_EQ(server_->match_calls, 0);
  }
  EXPECT_EQ(RunFolder({"--formats", "json"}).exit_code, 0);
}

TEST_F(CliReportFolderTest, OtherFormatsOfAnEarlierReportDoNotStay) {
  ASSERT_EQ(RunFolder({}).exit_code, 0);
  ASSERT_TRUE(std::filesystem::exists(File("report.json")));
  ASSERT_EQ(RunFolder({"--formats", "html"}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(File("匹配报告.html")));
  EXPECT_FALSE(std::filesystem::exists(File("report.json"))) << "dongxi plan would plan from it";
}

TEST_F(CliReportFolderTest, TakesNeedsOfASpreadsheetThatAreNotInTheCatalogue) {
  const std::string file = (folder_ / "需求表.csv").string();
  std::ofstream(file)
      << "标题,希望得到,地区\n老卤提锂收率低,低溶损吸附剂,青海\n牦牛冻精活力低,提高活力的方法,西藏\n";
  const CliRun run = RunFolder({"--needs-file", file, "--formats", "json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(server_->match_request.need().title(), "牦牛冻精活力低");
  EXPECT_EQ(server_->match_request.need().name(), "");
  EXPECT_EQ(server_->match_request.need().region_code(), "54");
  EXPECT_FALSE(std::filesystem::exists(File("匹配报告.pdf")));
}

TEST_F(CliReportFolderTest, AWrongRowOfTheSpreadsheetIsNamedAndNothingIsMatched) {
  const std::string file = (folder_ / "需求表.csv").string();
  std::ofstream(file) << "标题,希望得到,地区,成熟度\n老卤提锂收率低,低溶损吸附剂,青海,很高\n";
  const CliRun run = RunFolder({"--needs-file", file});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, HasSubstr("很高"));
  EXPECT_EQ(server_->match_calls, 0);
}

TEST_F(CliReportFolderTest, PassesTheChoiceOfCandidatesOn) {
  ASSERT_EQ(RunFolder({"--kinds", "partners,experts", "--partner-region", "12", "--filter", "maturity >= 6",
                       "--policy-weight", "0.5", "--top", "7", "--formats", "json"})
                .exit_code,
            0);
  EXPECT_EQ(server_->match_request.kinds_size(), 2);
  EXPECT_THAT(server_->match_request.filter(), testing::AllOf(HasSubstr("12"), HasSubstr("maturity >= 6")));
  EXPECT_EQ(server_->match_request.policy_weight(), 0.5);
  EXPECT_EQ(server_->match_request.page_size(), 7);
}

TEST_F(CliReportFolderTest, WithCandidatesLeftOutNobodyIsSaidToBeWantedByNone) {
  // The small server has no lists of offers: asking for them would be said.
  EXPECT_THAT(RunFolder({"--formats", "json"}).err, HasSubstr("没有列出无人问津"));
  for (const char* const option : {"--filter", "--partner-region"}) {
    const std::string value = option == std::string("--filter") ? "maturity >= 6" : "12";
    EXPECT_THAT(RunFolder({"--formats", "json", option, value}).err, Not(HasSubstr("没有列出无人问津")));
    EXPECT_TRUE(report::Json::parse(ReadAll(File("report.json")), nullptr, false)["idle_offers"].is_null());
  }
}

TEST_F(CliReportFolderTest, TheShortFormHasTwoEntriesAListUnlessTopSaysOtherwise) {
  ASSERT_EQ(RunFolder({"--brief", "--formats", "html"}).exit_code, 0);
  EXPECT_EQ(server_->match_request.page_size(), 2);
  EXPECT_THAT(ReadAll(File("匹配报告.html")), Not(HasSubstr("<p class=\"evidence\">")));
  ASSERT_EQ(RunFolder({"--formats", "html"}).exit_code, 0);
  EXPECT_THAT(ReadAll(File("匹配报告.html")), HasSubstr("<p class=\"evidence\">"));
  ASSERT_EQ(RunFolder({"--brief", "--top", "4", "--formats", "html"}).exit_code, 0);
  EXPECT_EQ(server_->match_request.page_size(), 4);
  EXPECT_EQ(RunFolder({"--brief", "--job"}).exit_code, 2) << "the server makes the whole form";
}

TEST_F(CliReportFolderTest, TellsHowFarItHasWritten) {
  EXPECT_THAT(RunFolder({"--formats", "html,json"}).err,
              testing::AllOf(HasSubstr("写文件 0/2"), HasSubstr("写文件 2/2")));
}

TEST_F(CliReportFolderTest, ComparesWithAnEarlierReport) {
  ASSERT_EQ(RunFolder({"--formats", "json"}).exit_code, 0);
  const std::string earlier = (folder_ / "earlier.json").string();
  std::filesystem::copy_file(File("report.json"), earlier);
  server_->needs.pop_back();
  ASSERT_EQ(RunFolder({"--compare", earlier}).exit_code, 0);
  EXPECT_THAT(ReadAll(File("匹配报告.html")), HasSubstr("本次没有这项需求"));
}

TEST_F(CliReportFolderTest, AFolderStandsForTheEarlierReportInIt) {
  ASSERT_EQ(RunFolder({"--formats", "json"}).exit_code, 0);
  const std::string earlier = (folder_ / "去年").string();
  std::filesystem::create_directories(earlier);
  CliRun run = RunFolder({"--compare", earlier});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.err, AllOf(HasSubstr("去年/report.json：没有这个文件"), HasSubstr("--formats 要有 json")));
  std::filesystem::copy_file(File("report.json"), std::filesystem::path(earlier) / "report.json");
  run = RunFolder({"--compare", earlier, "--formats", "html，json"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(ReadAll(File("匹配报告.html")), HasSubstr("与以前的报告相比"));
}

TEST_F(CliReportFolderTest, AnEarlierReportThatIsNoneIsFoundBeforeAnyCall) {
  const std::string other = (folder_ / "other.json").string();
  std::ofstream(other) << "{\"meetings\": []}";
  for (const std::string& earlier : {(folder_ / "none.json").string(), other}) {
    const CliRun run = RunFolder({"--compare", earlier});
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_THAT(run.err, HasSubstr(earlier));
  }
  EXPECT_EQ(server_->list_calls, 0);
  EXPECT_EQ(server_->match_calls, 0);
}

TEST_F(CliReportFolderTest, ContradictoryOptionsAreRefusedBeforeAnyCall) {
  EXPECT_EQ(RunFolder({"--need", "n-1", "--need-filter", "region = \"63\""}).exit_code, 2);
  EXPECT_EQ(RunFolder({"--formats", "docx"}).exit_code, 2);
  EXPECT_EQ(RunFolder({"--jobs", "0"}).exit_code, 2);
  EXPECT_EQ(RunFolder({"--ignore-unknown-columns"}).exit_code, 2);
  EXPECT_EQ(server_->list_calls, 0);
}

}  // namespace
}  // namespace dongxi::cli
