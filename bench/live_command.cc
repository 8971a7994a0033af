// dongxi-bench live: how soon is a write found while matches run? (Builds and swaps: dongxi-bench swap.)
#include <iostream>
#include <memory>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "bench/command.h"
#include "bench/json_lines.h"
#include "bench/match_client.h"
#include "bench/report.h"
#include "bench/served_data.h"
#include "bench/server_process.h"
#include "bench/statistics.h"
#include "bench/steady_load.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "engine/base/status_macros.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace dongxi::bench {
namespace {

constexpr absl::Duration kReadyTimeout = absl::Minutes(2);
constexpr absl::Duration kWarmUp = absl::Seconds(2);

struct LiveOptions {
  std::string data;
  std::string queries;
  std::string server_program;
  double rate = 50;  // matches a second
  int writes = 200;
  double quiet_seconds = 10;
  int callers = 8;
  ProgramTables tables;
  std::string json;
};

double Milliseconds(absl::Duration duration) { return absl::ToDoubleMilliseconds(duration); }

// Writes results one at a time and looks for them. One thread.
class WriterClient {
 public:
  explicit WriterClient(const std::string& server)
      : match_(server),
        catalogue_(
            v1::CatalogueService::NewStub(grpc::CreateChannel(server, grpc::InsecureChannelCredentials()))) {}

  absl::Status Create(const std::string& id, const std::string& title) const {
    v1::CreateResultRequest request;
    request.set_result_id(id);
    request.mutable_result()->set_title(title);
    request.mutable_result()->set_illustrative(true);
    grpc::ClientContext context;
    v1::Result result;
    return StatusOf(catalogue_->CreateResult(&context, request, &result));
  }
  absl::Status Delete(const std::string& id) const {
    v1::DeleteResultRequest request;
    request.set_name("results/" + id);
    grpc::ClientContext context;
    v1::Result result;
    return StatusOf(catalogue_->DeleteResult(&context, request, &result));
  }
  // True if a match for `title` lists the record.
  absl::StatusOr<bool> Finds(const std::string& id, const std::string& title) const {
    v1::MatchRequest request;
    request.set_text(title);
    request.add_kinds(v1::RESULT);
    request.set_view(v1::MATCH_VIEW_ID_ONLY);
    DX_ASSIGN_OR_RETURN(const v1::MatchResponse response, match_.Match(request));
    for (const v1::MatchEntry& entry : response.results().entries()) {
      if (entry.name() == "results/" + id) return true;
    }
    return false;
  }

 private:
  static absl::Status StatusOf(const grpc::Status& status) {
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  }
  MatchClient match_;
  std::unique_ptr<v1::CatalogueService::Stub> catalogue_;
};

struct WriteTimes {
  std::vector<double> acknowledged, found;  // both from the moment the write was sent
  int missed = 0;                           // first matches after the acknowledgement that did not show it
};

// One write and the matches until it shows. `wanted`: the record is to be there, or to be gone.
absl::Status TimeWrite(const WriterClient& client, const std::string& id, const std::string& title,
                       bool wanted, WriteTimes* times) {
  const absl::Time start = absl::Now();
  DX_RETURN_IF_ERROR(wanted ? client.Create(id, title) : client.Delete(id));
  times->acknowledged.push_back(Milliseconds(absl::Now() - start));
  for (bool first = true;; first = false) {
    DX_ASSIGN_OR_RETURN(const bool found, client.Finds(id, title));
    if (found == wanted) break;
    if (first) ++times->missed;
    if (absl::Now() - start > absl::Seconds(30))
      return absl::DeadlineExceededError("results/" + id + ": the write does not show");
  }
  times->found.push_back(Milliseconds(absl::Now() - start));
  return absl::OkStatus();
}

void AddTimes(const std::string& name, const WriteTimes& times, Report& report) {
  const Spread acknowledged = SpreadOf(times.acknowledged), found = SpreadOf(times.found);
  report.Add({name + " acknowledged p50", acknowledged.p50, "ms", {}, "durable"});
  report.Add({name + " acknowledged p99", acknowledged.p99, "ms", {}, ""});
  report.Add({name + " to match that shows it p50", found.p50, "ms", {}, "write and match together"});
  report.Add(
      {name + " to match that shows it p99", found.p99, "ms", AtMost(100), "write and match together"});
  report.Add({name + " not shown by the next match", static_cast<double>(times.missed), "", AtMost(0),
              "of " + std::to_string(found.count)});
}

absl::Status MeasureWrites(const LiveOptions& options, const std::string& server, Report& report) {
  const WriterClient client(server);
  const std::string run = std::to_string(absl::ToUnixMicros(absl::Now()));
  const auto id = [&](int i) { return "live-" + run + "-" + std::to_string(i); };
  const auto title = [&](int i) { return "实时测量样机 live" + run + "n" + std::to_string(i); };
  WriteTimes writes, deletes;
  for (int i = 0; i < options.writes; ++i)
    DX_RETURN_IF_ERROR(TimeWrite(client, id(i), title(i), /*wanted=*/true, &writes));
  for (int i = 0; i < options.writes; ++i)
    DX_RETURN_IF_ERROR(TimeWrite(client, id(i), title(i), /*wanted=*/false, &deletes));
  AddTimes("write", writes, report);
  AddTimes("delete", deletes, report);
  return absl::OkStatus();
}

void AddMatches(const std::string& name, const SteadyLoad::Taken& taken, Report& report) {
  const Spread spread = SpreadOf(taken.milliseconds);
  report.Add({name + " p50", spread.p50, "ms", {}, std::to_string(spread.count) + " matches, from when due"});
  report.Add({name + " p99", spread.p99, "ms", {}, ""});
  report.Add({name + " failed", static_cast<double>(taken.failed), "", AtMost(0), ""});
}

absl::Status MeasurePhases(const LiveOptions& options, const std::string& server,
                           const std::vector<TextQuery>& queries, Report& report) {
  SteadyLoad load(server, queries, options.rate, options.callers);
  absl::SleepFor(kWarmUp);
  load.Take();
  absl::SleepFor(absl::Seconds(options.quiet_seconds));
  report.Section("matches alone");
  AddMatches("match", load.Take(), report);
  report.Print();
  report.Section("writes and deletes, one at a time, beside the matches");
  DX_RETURN_IF_ERROR(MeasureWrites(options, server, report));
  AddMatches("match meanwhile", load.Take(), report);
  return absl::OkStatus();
}

absl::Status RunLive(const LiveOptions& options) {
  Report report("How soon is a write found while matches run?",
                {{"data", options.data},
                 {"queries", options.queries},
                 {"matches a second", NumberText(options.rate)},
                 {"writes", std::to_string(options.writes)},
                 {"cores", std::to_string(std::thread::hardware_concurrency())}});
  DX_ASSIGN_OR_RETURN(const std::vector<TextQuery> queries, ReadQueries(options.queries));
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<ServerProcess> server,
                      ServerProcess::Start(options.server_program, options.data, options.tables,
                                           std::filesystem::path(options.data) / "bench-live-server.log"));
  DX_RETURN_IF_ERROR(server->WaitUntilReady(kReadyTimeout).status());
  absl::Status status = MeasurePhases(options, server->address(), queries, report);
  report.Print();
  std::cout << "\nBars not met: " << report.missed() << "\n";
  status.Update(report.Write(options.json));
  return status;
}

}  // namespace

void AddLiveCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<LiveOptions>();
  options->server_program = DefaultServerProgram().string();
  CLI::App* command = app.add_subcommand("live", "Writes and deletes found while matches run");
  command->add_option("--data", options->data, "Data folder with a generation; records are written into it")
      ->required();
  command->add_option("--queries", options->queries, "JSON Lines: id, title, text")->required();
  command->add_option("--rate", options->rate, "Matches a second")
      ->check(CLI::Range(0.1, 1e5))
      ->capture_default_str();
  command->add_option("--writes", options->writes, "Writes, and as many deletes")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_option("--quiet-seconds", options->quiet_seconds, "Matches without writes")
      ->check(CLI::Range(1.0, 3600.0))
      ->capture_default_str();
  command->add_option("--callers", options->callers, "Matches under way at a time, at most")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--server-program", options->server_program, "The dongxi-server to start");
  AddTableOptions(*command, options->tables);
  AddJsonOption(*command, options->json);
  command->footer("Example: dongxi-bench live --data data --queries queries.jsonl --rate 50 --writes 200");
  command->callback([options, &outcome] { outcome.status = RunLive(*options); });
}

}  // namespace dongxi::bench
