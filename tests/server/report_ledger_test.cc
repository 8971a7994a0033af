// What a report recommends counts as recommended in the ledger, and nothing else: not what was asked for in
// reserve, because a limit of exposure might take something away.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "engine/base/files.h"
#include "nlohmann/json.hpp"
#include "tests/cli/run_cli.h"
#include "tests/server/report_service_fixture.h"

namespace dongxi {
namespace {

constexpr const char* kResults[] = {"results/r-lithium", "results/r-lithium-js", "results/r-magnesium"};

class ReportLedgerTest : public ReportServiceTest {
 protected:
  // Two needs of the same words, and two institutions with a result for them.
  void SetUp() override {
    std::vector<Record> records = SmallCatalogue();
    Record result = records[3], need = records[8];
    ASSERT_EQ(result.id, "r-lithium");
    ASSERT_EQ(need.id, "n-lithium");
    result.id = "r-lithium-js";
    result.owners = {{RecordKind::kInstitution, "js"}};
    need.id = "n-lithium-2";
    records.push_back(result);
    records.push_back(need);
    WriteCatalogue(folder_.path(), records);
    ASSERT_FALSE(Build(folder_.path()).empty());
    Start();
  }

  // Steps of each need and result that name the report's answer to the need: warned of where the report does
  // not show the pair, and only there. Returns how many pairs it shows.
  int ExpectOnlyWhatIsShownIsListed(const nlohmann::json& report) {
    int shown = 0;
    for (const nlohmann::json& need : report["needs"]) {
      std::set<std::string> names;
      for (const nlohmann::json& entry : need["results"]) names.insert(entry["resource_name"]);
      const std::string match_id = need["match_id"];
      if (match_id.empty()) {
        EXPECT_TRUE(names.empty()) << need["need"]["id"];
        continue;
      }
      for (const char* result : kResults) {
        shown += names.contains(result);
        EXPECT_EQ(IsListed(need["need"]["id"], result, match_id), names.contains(result))
            << need["need"]["id"] << " " << result;
      }
    }
    return shown;
  }
  bool IsListed(const std::string& need, const std::string& offer, const std::string& match_id) {
    pb::RecordEngagementRequest request;
    pb::Engagement& entry = *request.mutable_engagement();
    entry.set_need("needs/" + need);
    entry.set_offer(offer);
    entry.set_step(pb::ENGAGEMENT_STEP_INTERESTED);
    entry.mutable_event_time()->set_seconds(absl::ToUnixSeconds(absl::Now()));
    entry.set_match_id(match_id);
    grpc::ClientContext context;
    pb::RecordEngagementResponse response;
    const grpc::Status status =
        pb::EngagementService::NewStub(running_.channel)->RecordEngagement(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    for (const pb::EngagementWarning& warning : response.engagement().warnings()) {
      if (warning.code() == "NOT_LISTED") return false;
    }
    return true;
  }
};

TEST_F(ReportLedgerTest, OfAJobWithALimitOnlyWhatTheReportShowsIsListed) {
  pb::RunReportRequest request;
  for (const char* need : {"needs/n-lithium", "needs/n-lithium-2"}) request.add_needs(need);
  request.add_formats(pb::REPORT_FORMAT_JSON);
  request.mutable_match()->set_page_size(1);
  request.mutable_match()->add_kinds(pb::RESULT);
  request.set_institution_max(1);
  const auto report = nlohmann::json::parse(Text(Made(request), "report.json"));
  EXPECT_EQ(ExpectOnlyWhatIsShownIsListed(report), 2);
  EXPECT_NE(report["needs"][0]["results"][0]["resource_name"],
            report["needs"][1]["results"][0]["resource_name"])
      << "the limit brought up what stood in reserve";
}

TEST_F(ReportLedgerTest, OfAReportOfTheCommandLineLikewise) {
  const std::string folder = (folder_.path() / "报告").string();
  const cli::CliRun run = cli::Dongxi({"report", "--need", "n-lithium", "--need", "n-lithium-2", "--kinds",
                                       "results", "--top", "1", "--institution-max", "1", "--folder", folder,
                                       "--server", "127.0.0.1:" + std::to_string(running_.server->port())});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto report = nlohmann::json::parse(*ReadFile(folder + "/report.json", 1 << 24));
  EXPECT_EQ(ExpectOnlyWhatIsShownIsListed(report), 2);
}

TEST_F(ReportLedgerTest, ALimitThatBindsNothingListsNoReserve) {
  pb::RunReportRequest request = Small();
  request.mutable_match()->set_page_size(1);
  request.set_institution_max(9);
  EXPECT_EQ(ExpectOnlyWhatIsShownIsListed(nlohmann::json::parse(Text(Made(request), "report.json"))), 1);
}

}  // namespace
}  // namespace dongxi
