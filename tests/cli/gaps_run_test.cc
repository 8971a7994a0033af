// Which offers dongxi stats gaps calls idle, from a small server with canned records and matches.
#include "cli/stats/gaps_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "dongxi/v1/engagement.grpc.pb.h"
#include "engine/base/files.h"
#include "engine/statistics/ledger_row.h"
#include "tests/cli/fake_server.h"

namespace dongxi::cli {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// A ledger of these entries.
struct LedgerOfGaps : v1::EngagementService::Service {
  grpc::Status ExportEngagements(grpc::ServerContext*, const v1::ExportEngagementsRequest*,
                                 grpc::ServerWriter<v1::ExportEngagementsResponse>* writer) override {
    v1::ExportEngagementsResponse part;
    for (const v1::Engagement& entry : entries) *part.add_engagements() = entry;
    writer->Write(part);
    return grpc::Status::OK;
  }
  std::vector<v1::Engagement> entries;
};

// Lists these offers beside the needs of FakeServices.
class GapsServer : public FakeServices {
 public:
  GapsServer() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(static_cast<v1::MatchService::Service*>(this));
    builder.RegisterService(static_cast<v1::CatalogueService::Service*>(this));
    builder.RegisterService(&ledger);
    server_ = builder.BuildAndStart();
  }
  ~GapsServer() override { server_->Shutdown(); }

  grpc::Status ListResults(grpc::ServerContext*, const v1::ListResultsRequest*,
                           v1::ListResultsResponse* response) override {
    for (const v1::Result& result : results) *response->add_results() = result;
    return grpc::Status::OK;
  }
  grpc::Status ListExperts(grpc::ServerContext*, const v1::ListExpertsRequest*,
                           v1::ListExpertsResponse*) override {
    return grpc::Status::OK;
  }
  grpc::Status ListInstitutions(grpc::ServerContext*, const v1::ListInstitutionsRequest*,
                                v1::ListInstitutionsResponse* response) override {
    for (const char* name : {"institutions/other", "institutions/owner"})
      response->add_institutions()->set_name(name);
    return grpc::Status::OK;
  }

  void AddResult(const std::string& id, absl::CivilDay created, const std::string& valid_until = "") {
    v1::Result& result = results.emplace_back();
    result.set_name("results/" + id);
    result.mutable_create_time()->set_seconds(ChinaDayStartUs(created) / 1'000'000);
    result.set_valid_until(valid_until);
  }
  void AddNeed(const std::string& id, absl::CivilDay created) {
    v1::Need& need = needs.emplace_back();
    need.set_name("needs/" + id);
    need.mutable_create_time()->set_seconds(ChinaDayStartUs(created) / 1'000'000);
  }
  v1::Engagement& AddEntry(const std::string& need, absl::CivilDay day) {
    v1::Engagement& entry = ledger.entries.emplace_back();
    entry.set_need("needs/" + need);
    entry.mutable_event_time()->set_seconds(ChinaDayStartUs(day) / 1'000'000);
    return entry;
  }
  absl::StatusOr<GapsReport> Run(GapsOptions options) const {
    ConnectionOptions connection;
    connection.server = "127.0.0.1:" + std::to_string(port_);
    const auto client = Client::Open(connection);
    EXPECT_TRUE(client.ok()) << client.status();
    options.jobs = 1;  // FakeServices takes one call at a time
    std::ostringstream out, err;
    return RunGaps(**client, options, Io{out, err});
  }
  GapsReport Gather(const std::string& period) const {
    GapsOptions options;
    options.period = *ParsePeriod(period);
    const auto report = Run(options);
    EXPECT_TRUE(report.ok()) << report.status();
    return *report;
  }

  std::vector<v1::Result> results;
  LedgerOfGaps ledger;

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST(GapsRunTest, NeitherWhatIsOverNorWhoIsBehindAnAdequateResultIsIdleNorWhatWasNotThereBefore) {
  GapsServer server;
  server.AddResult("wanted", absl::CivilDay(2024, 1, 1));
  server.AddResult("old", absl::CivilDay(2024, 1, 1));
  server.AddResult("new", absl::CivilDay(2026, 5, 1));
  server.AddResult("over", absl::CivilDay(2024, 1, 1), "2025-06-30");
  v1::Need& need = server.needs.emplace_back();
  need.set_name("needs/n");
  need.mutable_create_time()->set_seconds(ChinaDayStartUs(absl::CivilDay(2025, 3, 1)) / 1'000'000);
  server.on_match = [](const v1::MatchRequest&, v1::MatchResponse* response) {
    v1::MatchEntry& entry = *response->mutable_results()->add_entries();
    entry.set_name("results/wanted");
    entry.set_adequate(true);
    entry.add_institutions("institutions/owner");
    return grpc::Status::OK;
  };
  const GapsReport report = server.Gather("2026");
  const Gaps::IdleCount& results = report.gaps.of(OfferedKind::kResult);
  EXPECT_EQ(results.offers, 3);
  EXPECT_EQ(results.idle, 2);
  EXPECT_EQ(results.idle_before, 1);
  EXPECT_EQ(report.gaps.of(OfferedKind::kInstitution).idle, 1);
  std::vector<std::string> idle;
  for (const IdleGroup& group : report.gaps.idle_groups) {
    for (const size_t place : group.offers) idle.push_back(report.offers[place].name);
  }
  EXPECT_THAT(idle, ElementsAre("results/old", "results/new", "institutions/other"));
}

TEST(GapsRunTest, ANeedIsThereFromItsFirstEntryOfTheLedgerAtTheLatest) {
  GapsServer server;
  server.AddNeed("silent", absl::CivilDay(2026, 11, 1));
  server.AddNeed("told", absl::CivilDay(2026, 11, 1));
  server.AddEntry("told", absl::CivilDay(2025, 3, 1));
  server.AddEntry("told", absl::CivilDay(2025, 6, 1));
  server.AddEntry("told", absl::CivilDay(2024, 6, 1)).set_simulated(true);
  server.AddEntry("deleted", absl::CivilDay(2025, 3, 1));
  const GapsReport report = server.Gather("2025");
  EXPECT_EQ(report.gaps.needs, 1);
  EXPECT_EQ(report.gaps.unmet, 1);
  EXPECT_EQ(report.gaps.needs_before, 0);
}

TEST(GapsRunTest, OfTheAnswersOnlyWhatCountsIsAskedForAndNeedsKeepTheirOrder) {
  GapsServer server;
  server.institutions["institutions/owner"] = "某所";
  for (const char* id : {"a", "b", "c"}) server.AddNeed(id, absl::CivilDay(2026, 1, 1));
  server.on_match = [](const v1::MatchRequest& request, v1::MatchResponse* response) {
    if (request.need_name() == "needs/b") return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no text");
    v1::MatchEntry& entry = *response->mutable_results()->add_entries();
    entry.set_name("results/for-" + request.need_name().substr(6));
    entry.set_adequate(request.need_name() == "needs/c");
    entry.add_institutions("institutions/owner");
    return grpc::Status::OK;
  };
  const GapsReport report = server.Gather("2026");
  ASSERT_EQ(report.needs.size(), 2u);
  EXPECT_EQ(report.failed, 1);
  EXPECT_EQ(report.needs[0].name, "needs/a");
  EXPECT_THAT(report.needs[0].adequate, ElementsAre());
  EXPECT_EQ(report.needs[1].name, "needs/c");
  EXPECT_THAT(report.needs[1].adequate, ElementsAre("institutions/owner", "results/for-c"));
  EXPECT_EQ(server.match_request.page_size(), 50);
  EXPECT_EQ(server.match_request.view(), v1::MATCH_VIEW_BASIC);
  EXPECT_THAT(server.match_request.read_mask().paths(), ElementsAre("name", "adequate", "institutions"));
  EXPECT_EQ(server.institution_calls, 0);
}

TEST(GapsRunTest, WhenNoNeedCanBeMatchedTheErrorIsTold) {
  GapsServer server;
  server.AddNeed("a", absl::CivilDay(2026, 1, 1));
  server.on_match = [](const v1::MatchRequest&, v1::MatchResponse*) {
    return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "no text");
  };
  GapsOptions options;
  options.period = *ParsePeriod("2026");
  EXPECT_EQ(server.Run(options).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(GapsRunTest, AnEarlierRunOfAnotherRegionOrTopIsNotComparedWith) {
  GapsServer server;
  v1::Need& need = server.needs.emplace_back();
  need.set_name("needs/n");
  need.set_region_code("632800");
  need.mutable_create_time()->set_seconds(ChinaDayStartUs(absl::CivilDay(2026, 1, 1)) / 1'000'000);
  const std::string file = testing::TempDir() + "gaps_run_test_earlier.json";
  GapsOptions options;
  options.period = *ParsePeriod("2026");
  options.region = "63";
  options.top = 20;
  const auto earlier = server.Run(options);
  ASSERT_TRUE(earlier.ok()) << earlier.status();
  const auto compared_with = [&](const report::Json& json, const GapsOptions& asked) {
    GapsOptions compares = asked;
    compares.compare = file;
    EXPECT_TRUE(WriteFileAtomically(file, report::JsonText(json)).ok());
    return server.Run(compares);
  };
  const report::Json json = GapsToJson(*earlier);
  const auto same = compared_with(json, options);
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_EQ(same->gaps.unmet_before, 1);
  EXPECT_THAT(same->remarks, Not(Contains(HasSubstr("--compare"))));

  GapsOptions nation = options, longer = options;
  nation.region.clear();
  longer.top = 50;
  EXPECT_THAT(std::string(compared_with(json, nation).status().message()),
              AllOf(HasSubstr("青海"), HasSubstr("全国"), HasSubstr("--region")));
  EXPECT_THAT(std::string(compared_with(json, longer).status().message()),
              AllOf(HasSubstr("前 20 条"), HasSubstr("前 50 条"), HasSubstr("--top")));

  report::Json of_before = json;
  of_before.erase("region");
  of_before.erase("top");
  const auto unsaid = compared_with(of_before, options);
  ASSERT_TRUE(unsaid.ok()) << unsaid.status();
  EXPECT_THAT(unsaid->remarks, Contains(HasSubstr("没有写明地区")));
}

}  // namespace
}  // namespace dongxi::cli
