// The metrics and the port that serves them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <set>
#include <sstream>

#include "dongxi/v1/health.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/search.grpc.pb.h"
#include "server/call_names.h"
#include "server/generation_gauges.h"
#include "server/metrics.h"
#include "server/metrics_endpoint.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// Names of the "# TYPE" lines.
std::set<std::string> NamesIn(const std::string& text) {
  std::set<std::string> names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("# TYPE ", 0) == 0) names.insert(line.substr(7, line.find(' ', 7) - 7));
  }
  return names;
}

TEST(MetricsTest, TheListOfNamesIsWhatIsServed) {
  Metrics metrics;
  metrics.RpcDone("MatchService.Match", "OK", 0.003);
  metrics.StageDone(MatchStage::kQuery, 0.001);
  metrics.QueueWaited(0.1);
  metrics.Rejected("SERVER_OVERLOADED");
  metrics.AuthenticationFailed("TOKEN_INVALID");
  metrics.EmbedderUsed(/*answered=*/false, /*healthy=*/true);
  metrics.AuditErrors(2);
  metrics.Info({"1.0", "g-1", "lsa", "p-1"});
  metrics.OperationRunning("build", 0);
  std::set<std::string> listed;
  for (const std::string_view name : kMetricNames) listed.emplace(name);
  EXPECT_EQ(NamesIn(metrics.Text()), listed);
}

TEST(MetricsTest, CallsAreCountedByMethodAndCode) {
  Metrics metrics;
  metrics.RpcDone("MatchService.Match", "OK", 0.003);
  metrics.RpcDone("MatchService.Match", "OK", 0.3);
  metrics.RpcDone("MatchService.Match", "NOT_FOUND", 0.001);
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("dongxi_rpcs_total{code=\"OK\",method=\"MatchService.Match\"} 2"));
  EXPECT_THAT(text, HasSubstr("dongxi_rpcs_total{code=\"NOT_FOUND\",method=\"MatchService.Match\"} 1"));
  EXPECT_THAT(text, HasSubstr("dongxi_rpc_seconds_bucket{method=\"MatchService.Match\",le=\"0.005\"} 2"));
}

TEST(MetricsTest, WhatIsServedIsToldByOneSeriesWhoseLabelsAreThoseOfNow) {
  Metrics metrics;
  metrics.Info({"1.0", "g-1", "lsa", "p-1"});
  metrics.Info({"1.0", "g-1", "lsa", "p-1"});
  EXPECT_THAT(metrics.Text(),
              HasSubstr("dongxi_info{generation=\"g-1\",model=\"lsa\",policy=\"p-1\",version=\"1.0\"} 1\n"));
  metrics.Info({"1.0", "g-2", "lsa", "p-1"});
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("dongxi_info{generation=\"g-2\""));
  EXPECT_EQ(text.find("g-1"), std::string::npos) << text;
}

TEST(MetricsTest, CollectorsRunAtEveryScrapeAndTheProcessIsMeasured) {
  Metrics metrics;
  int scrapes = 0;
  metrics.OnScrape([&](Metrics& m) { m.Set(Metrics::Gauge::kQueueLength, ++scrapes); });
  (void)metrics.Text();
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("dongxi_queue_length 2"));
  EXPECT_EQ(text.find("dongxi_process_resident_bytes 0\n"), std::string::npos);
  EXPECT_EQ(text.find("dongxi_process_open_handles 0\n"), std::string::npos);
}

TEST(MetricsTest, WhatIsToldOfAGenerationEndsWithIt) {
  auto generation = std::make_shared<Generation>();
  generation->manifest.embedder = "remote";
  generation->manifest.catalogue_sequence = 7;
  Snapshot served;
  served.generation = generation;
  served.build_time = absl::FromUnixSeconds(1'000);
  served.delta_size = 3;
  Metrics metrics;
  metrics.EmbedderUsed(/*answered=*/false, /*healthy=*/false);
  MeasureGeneration(&served, absl::FromUnixSeconds(1'060), metrics);
  EXPECT_THAT(
      metrics.Text(),
      AllOf(HasSubstr("dongxi_generation_age_seconds 60\n"), HasSubstr("dongxi_generation_sequence 7\n"),
            HasSubstr("dongxi_delta_records 3\n"), HasSubstr("dongxi_embedder_healthy 0\n")));
  MeasureGeneration(nullptr, absl::FromUnixSeconds(1'120), metrics);
  EXPECT_THAT(metrics.Text(),
              AllOf(HasSubstr("dongxi_generation_age_seconds 0\n"),
                    HasSubstr("dongxi_generation_sequence 0\n"), HasSubstr("dongxi_delta_records 0\n")));
  generation->manifest.embedder = "built-in";  // a generation that asks no service
  MeasureGeneration(&served, absl::FromUnixSeconds(1'180), metrics);
  EXPECT_THAT(metrics.Text(), HasSubstr("dongxi_embedder_healthy 1\n"));
}

TEST(MetricsTest, EveryKindOfQuestionIsTimedByItsStages) {
  const TemporaryFolder folder;
  WriteCatalogue(folder.path(), SmallCatalogue());
  Build(folder.path());
  ServerOptions options = OptionsFor(folder.path());
  options.metrics_listen = "127.0.0.1:0";
  const Running running = StartServer(options);
  ASSERT_NE(running.server, nullptr);
  // Counts of the stages in the order of MatchStage.
  const auto counts = [&] {
    const std::string text =
        httplib::Client("127.0.0.1", running.server->metrics_port()).Get("/metrics")->body;
    std::vector<int> found;
    for (const char* stage : {"query", "candidates", "rank", "explain"}) {
      const std::string line = "dongxi_stage_seconds_count{stage=\"" + std::string(stage) + "\"} ";
      const size_t at = text.find(line);
      found.push_back(at == std::string::npos ? 0 : std::stoi(text.substr(at + line.size())));
    }
    return found;
  };
  v1::ReverseMatchRequest reverse;
  reverse.set_offer_name("results/r-lithium");
  v1::ReverseMatchResponse needs;
  grpc::ClientContext reverse_context;
  ASSERT_TRUE(
      v1::MatchService::NewStub(running.channel)->ReverseMatch(&reverse_context, reverse, &needs).ok());
  // Candidates are looked for once or more: a list is made in layers.
  EXPECT_THAT(counts(), testing::ElementsAre(1, testing::Ge(1), 1, 1));
  v1::SearchRequest search;
  search.set_query("枸杞");
  v1::SearchResponse hits;
  grpc::ClientContext search_context;
  ASSERT_TRUE(v1::SearchService::NewStub(running.channel)->Search(&search_context, search, &hits).ok());
  EXPECT_THAT(counts(), testing::ElementsAre(2, testing::Ge(2), 2, 2));
}

TEST(MetricsEndpointTest, MetricsAreGuardedAndProbesAreOpen) {
  Metrics metrics;
  bool ready = false;
  MetricsEndpointOptions options;
  options.listen = "127.0.0.1:0";
  options.admits = [](const std::string& authorization) {
    if (authorization == "Bearer too often") return absl::ResourceExhaustedError("later");
    if (authorization == "Bearer of a tenant") return absl::PermissionDeniedError("not for you");
    return authorization == "Bearer right" ? absl::OkStatus() : absl::UnauthenticatedError("who is that?");
  };
  bool matches = false;
  options.ready = [&] { return ready; };
  options.matches = [&] { return matches; };
  const auto endpoint = MetricsEndpoint::Start(options, &metrics);
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  httplib::Client client("127.0.0.1", (*endpoint)->port());
  EXPECT_EQ(client.Get("/metrics")->status, 401);
  EXPECT_EQ(client.Get("/metrics", {{"Authorization", "Bearer wrong"}})->status, 401);
  EXPECT_EQ(client.Get("/metrics", {{"Authorization", "Bearer of a tenant"}})->status, 403);
  EXPECT_EQ(client.Get("/metrics", {{"Authorization", "Bearer too often"}})->status, 429);
  const auto found = client.Get("/metrics", {{"Authorization", "Bearer right"}});
  ASSERT_EQ(found->status, 200);
  EXPECT_THAT(found->body, HasSubstr("dongxi_ready"));
  EXPECT_EQ(client.Get("/healthz")->status, 200);
  EXPECT_EQ(client.Get("/readyz")->status, 503);
  ready = true;
  EXPECT_EQ(client.Get("/readyz")->status, 200);
  EXPECT_THAT(client.Get("/readyz")->body, HasSubstr("no generation"));
  EXPECT_EQ(client.Get("/readyz/match")->status, 503);
  matches = true;
  EXPECT_EQ(client.Get("/readyz/match")->status, 200);
  EXPECT_EQ(client.Get("/elsewhere")->status, 404);

  options.listen = "127.0.0.1:" + std::to_string((*endpoint)->port());
  EXPECT_TRUE(absl::IsUnavailable(MetricsEndpoint::Start(options, &metrics).status()));
}

// The probe by which the platform judges whether the server lives comes by the same port.
TEST(MetricsEndpointTest, ConnectionsThatStayOpenKeepNoProbeWaiting) {
  Metrics metrics;
  MetricsEndpointOptions options;
  options.listen = "127.0.0.1:0";
  options.ready = [] { return true; };
  const auto endpoint = MetricsEndpoint::Start(options, &metrics);
  ASSERT_TRUE(endpoint.ok()) << endpoint.status();
  std::vector<std::unique_ptr<httplib::Client>> scrapers;
  for (int i = 0; i < 8; ++i) {
    scrapers.push_back(std::make_unique<httplib::Client>("127.0.0.1", (*endpoint)->port()));
    scrapers.back()->set_keep_alive(true);
    const auto answer = scrapers.back()->Get("/metrics");
    ASSERT_TRUE(answer) << "of scraper " << i;
    EXPECT_EQ(answer->status, 200);
  }
  httplib::Client probe("127.0.0.1", (*endpoint)->port());
  probe.set_read_timeout(std::chrono::seconds(1));
  const auto answer = probe.Get("/healthz");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
}

// Callers of loopback need no token then; whoever reaches this port does.
TEST(MetricsTest, ATokenIsAskedForAlsoWhileThereIsNone) {
  const TemporaryFolder folder;
  for (const bool beyond_loopback : {false, true}) {
    ServerOptions options = OptionsFor(folder.path());
    options.metrics_listen = beyond_loopback ? "0.0.0.0:0" : "127.0.0.1:0";
    options.insecure_metrics = beyond_loopback;
    options.metrics_token = !beyond_loopback;
    const Running running = StartServer(options);
    ASSERT_NE(running.server, nullptr);
    httplib::Client client("127.0.0.1", running.server->metrics_port());
    EXPECT_EQ(client.Get("/metrics")->status, 401);
    EXPECT_EQ(client.Get("/metrics", {{"Authorization", "Bearer anything"}})->status, 401);
    EXPECT_EQ(client.Get("/readyz")->status, 200);
  }
}

// The labels that a page of a dashboard tells one answer from another by.
TEST(MetricsTest, TheServerTellsWhatItServesHowManyRecordsAndWhichOperationsRun) {
  const TemporaryFolder folder;
  WriteCatalogue(folder.path(), SmallCatalogue());
  ServerOptions options = OptionsFor(folder.path());
  options.metrics_listen = "127.0.0.1:0";
  const auto text_of = [](const Running& running) {
    return httplib::Client("127.0.0.1", running.server->metrics_port()).Get("/metrics")->body;
  };
  {
    const Running running = StartServer(options);
    ASSERT_NE(running.server, nullptr);
    EXPECT_THAT(text_of(running), HasSubstr("dongxi_info{generation=\"\",model=\"\",policy=\""));
  }
  const std::string generation = Build(folder.path());
  const Running running = StartServer(options);
  ASSERT_NE(running.server, nullptr);
  grpc::ClientContext context;
  v1::ServerStatus status;
  ASSERT_TRUE(v1::HealthService::NewStub(running.channel)->GetServerStatus(&context, {}, &status).ok());
  const std::string text = text_of(running);
  EXPECT_THAT(text,
              HasSubstr("dongxi_info{generation=\"" + generation + "\",model=\"" + status.model() +
                        "\",policy=\"" + status.policy() + "\",version=\"" + status.version() + "\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("dongxi_catalogue_records " + std::to_string(SmallCatalogue().size()) + "\n"));
  for (const char* kind : {"build", "backup"})
    EXPECT_THAT(text, HasSubstr("dongxi_operation_running_seconds{kind=\"" + std::string(kind) + "\"} 0\n"));
}

TEST(MetricsTest, DiskBackupsBuildsAndTheMatchLogAreMeasured) {
  const TemporaryFolder folder;
  WriteCatalogue(folder.path(), SmallCatalogue());
  ServerOptions options = OptionsFor(folder.path());
  options.metrics_listen = "127.0.0.1:0";
  const Running running = StartServer(options);
  ASSERT_NE(running.server, nullptr);
  const std::string text = httplib::Client("127.0.0.1", running.server->metrics_port()).Get("/metrics")->body;
  EXPECT_EQ(text.find("dongxi_disk_free_bytes 0\n"), std::string::npos);
  EXPECT_THAT(text, HasSubstr("dongxi_last_backup_age_seconds +Inf"));
  EXPECT_THAT(text, HasSubstr("dongxi_last_build_failed 0"));
  EXPECT_THAT(text, HasSubstr("dongxi_match_log_rows 0"));
}

TEST(CallNamesTest, OnlyHarmlessIdsAreAccepted) {
  EXPECT_TRUE(IsRequestId("a-B_3.c"));
  for (const std::string& wrong :
       {std::string(), std::string("a b"), std::string("a\nb"), std::string(65, 'a')})
    EXPECT_FALSE(IsRequestId(wrong)) << wrong;
  EXPECT_TRUE(IsRequestId(NewRequestId()));
  EXPECT_NE(NewRequestId(), NewRequestId());
}

TEST(CallNamesTest, TraceContextOfTheRecommendation) {
  EXPECT_TRUE(IsTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
  for (const char* wrong : {"", "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
                            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"}) {
    EXPECT_FALSE(IsTraceparent(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace dongxi
