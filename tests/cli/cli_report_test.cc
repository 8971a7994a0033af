// dongxi report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "report/json.h"
#include "tests/cli/fake_server.h"
#include "tests/report/sample_report.h"

namespace dongxi::cli {
namespace {

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
    std::vector<std::string> arguments{"report", "--server", server_.address(), "--out", html_};
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
}

}  // namespace
}  // namespace dongxi::cli
