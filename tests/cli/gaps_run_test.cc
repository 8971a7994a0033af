// Which offers dongxi stats gaps calls idle, from a small server with canned records and matches.
#include "cli/stats/gaps_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "engine/statistics/ledger_row.h"
#include "tests/cli/fake_server.h"

namespace dongxi::cli {
namespace {

using ::testing::ElementsAre;

// Lists these offers beside the needs of FakeServices.
class GapsServer : public FakeServices {
 public:
  GapsServer() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(static_cast<v1::MatchService::Service*>(this));
    builder.RegisterService(static_cast<v1::CatalogueService::Service*>(this));
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
  GapsReport Gather(const std::string& period) const {
    ConnectionOptions connection;
    connection.server = "127.0.0.1:" + std::to_string(port_);
    const auto client = Client::Open(connection);
    EXPECT_TRUE(client.ok()) << client.status();
    GapsOptions options;
    options.period = *ParsePeriod(period);
    std::ostringstream out, err;
    const auto report = RunGaps(**client, options, Io{out, err});
    EXPECT_TRUE(report.ok()) << report.status();
    return *report;
  }

  std::vector<v1::Result> results;

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

}  // namespace
}  // namespace dongxi::cli
