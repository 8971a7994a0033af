// dongxi-bench overload: what is left of the goodput when more is asked than can be done?
#include <time.h>

#include <algorithm>
#include <memory>

#include "absl/strings/str_format.h"
#include "bench/command.h"
#include "bench/load.h"
#include "bench/match_client.h"
#include "bench/open_load.h"
#include "bench/report.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr double kGoodputRatioMin = 0.9;
constexpr double kRejectionMsMax = 50;
constexpr double kBarFactorMax = 4;  // the bars hold up to four times saturation

struct OverloadOptions {
  OpenLoadOptions load;
  std::string queries;
  std::string json;
  std::vector<double> factors = {1, 2, 4, 8};
  int seconds = 5;
  int rounds = 3;     // of each stage, each after a closed loop of as long
  int calls = 1'000;  // of each closed loop of the first look
};

// What the server can do when nobody asks for more.
struct Peak {
  int callers = 1;  // with which it did most
  double calls_per_second = 0;
};

// What this process used so far: generator and server may share their cores.
double OwnCpuSeconds() {
  timespec now = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::vector<std::unique_ptr<MatchClient>> Clients(const OverloadOptions& options, int callers) {
  std::vector<std::unique_ptr<MatchClient>> clients;
  for (int i = 0; i < callers; ++i) clients.push_back(std::make_unique<MatchClient>(options.load.server));
  return clients;
}

absl::StatusOr<LoadResult> RunClosed(const std::vector<std::unique_ptr<MatchClient>>& clients,
                                     const std::vector<v1::MatchRequest>& requests, int calls) {
  return RunLoad(static_cast<int>(clients.size()), calls, [&](int caller, int number) {
    const auto& request = requests[static_cast<size_t>(number) % requests.size()];
    return clients[static_cast<size_t>(caller)]->Match(request).status();
  });
}

// The best throughput of closed loops.
absl::StatusOr<Peak> Saturation(const OverloadOptions& options, const std::vector<v1::MatchRequest>& requests,
                                Report& report) {
  Peak best;
  report.Section("Closed loop: saturation");
  for (const int callers : {1, 2, 4, 8}) {
    const auto clients = Clients(options, callers);
    DX_RETURN_IF_ERROR(RunClosed(clients, requests, std::min(options.calls, 50)).status());
    const double cpu = OwnCpuSeconds();
    DX_ASSIGN_OR_RETURN(const LoadResult load, RunClosed(clients, requests, options.calls));
    const double cores = (OwnCpuSeconds() - cpu) * load.calls_per_second / options.calls;
    report.Add({absl::StrFormat("%d callers", callers),
                load.calls_per_second,
                "calls/s",
                {},
                absl::StrFormat("p99 %.1f ms; the generator used %.2f cores", load.milliseconds.p99, cores)});
    if (load.calls_per_second > best.calls_per_second) best = {callers, load.calls_per_second};
  }
  return best;
}

// The same load several times, each time right after a closed loop: so both meet the machine as it is then.
struct Stage {
  OpenLoadResult all;
  double peak = 0;             // of the closed loops, on average
  double generator_cores = 0;  // under the load
};

absl::StatusOr<Stage> RunStage(const OverloadOptions& options, const std::vector<TextQuery>& queries,
                               const std::vector<v1::MatchRequest>& requests, const Peak& peak,
                               double factor) {
  const auto clients = Clients(options, peak.callers);
  OpenLoadOptions load = options.load;
  load.calls_per_second = peak.calls_per_second * factor;
  load.duration = absl::Seconds(options.seconds);
  const int closed_calls = std::max(1, static_cast<int>(peak.calls_per_second * options.seconds));
  Stage stage;
  for (int round = 0; round < options.rounds; ++round) {
    DX_ASSIGN_OR_RETURN(const LoadResult closed, RunClosed(clients, requests, closed_calls));
    stage.peak += closed.calls_per_second / options.rounds;
    const double cpu = OwnCpuSeconds();
    OpenLoadResult result = RunOpenLoad(load, queries);
    stage.generator_cores += (OwnCpuSeconds() - cpu) / (options.seconds * options.rounds);
    stage.all.Add(result);
  }
  return stage;
}

void AddStage(double factor, const Stage& stage, Report& report) {
  const OpenLoadResult& result = stage.all;
  const double peak = stage.peak;
  const bool barred = factor <= kBarFactorMax;
  const Spread answered = SpreadOf(result.answered), rejected = SpreadOf(result.rejected);
  report.Section(absl::StrFormat("Open loop at %g times saturation", factor));
  report.Add({"sent",
              result.sent_per_second(),
              "calls/s",
              {},
              absl::StrFormat("reached by the generator, which used %.2f cores", stage.generator_cores)});
  report.Add({"peak of the closed loops between", peak, "calls/s", {}, ""});
  report.Add({"goodput", result.goodput(), "calls/s", {}, ""});
  // At saturation itself an open loop leaves gaps; the bar is about more than can be done.
  report.Add({"goodput, of its peak", peak > 0 ? result.goodput() / peak : 0, "",
              barred && factor > 1 ? std::optional<Bar>(AtLeast(kGoodputRatioMin)) : std::nullopt, ""});
  report.Add({"answered p50", answered.p50, "ms", {}, ""});
  report.Add({"answered p99", answered.p99, "ms", {}, ""});
  report.Add({"rejected", static_cast<double>(rejected.count), "calls", {}, ""});
  report.Add({"rejected p50", rejected.p50, "ms", {}, ""});
  report.Add({"rejected p99", rejected.p99, "ms",
              barred ? std::optional<Bar>(AtMost(kRejectionMsMax)) : std::nullopt, ""});
  report.Add(
      {"rejected without RetryInfo", static_cast<double>(result.without_retry), "calls", AtMost(0), ""});
  report.Add({"past their deadline", static_cast<double>(result.late), "calls", {}, ""});
  report.Add({"failed otherwise", static_cast<double>(result.failed), "calls", AtMost(0), result.failure});
}

absl::Status RunOverload(const OverloadOptions& options, Outcome& outcome) {
  Report report(
      "How much goodput is left when more is asked than can be done, and how soon do the rest know?",
      {{"server", options.load.server},
       {"queries", options.queries},
       {"seconds", std::to_string(options.seconds)},
       {"rounds", std::to_string(options.rounds)},
       {"deadline", absl::FormatDuration(options.load.deadline)}});
  DX_ASSIGN_OR_RETURN(const std::vector<TextQuery> queries, ReadQueries(options.queries));
  std::vector<v1::MatchRequest> requests;
  for (const TextQuery& query : queries) requests.push_back(RequestOf(query));
  DX_ASSIGN_OR_RETURN(const Peak peak, Saturation(options, requests, report));
  report.Print();
  for (const double factor : options.factors) {
    DX_ASSIGN_OR_RETURN(const Stage stage, RunStage(options, queries, requests, peak, factor));
    AddStage(factor, stage, report);
    report.Print();
  }
  if (report.missed() > 0) outcome.exit_code = kExitFailed;
  return report.Write(options.json);
}

}  // namespace

void AddOverloadCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<OverloadOptions>();
  CLI::App* command =
      app.add_subcommand("overload", "Goodput and rejections of a running server beyond saturation");
  command->add_option("--server", options->load.server, "HOST:PORT")->required();
  command->add_option("--queries", options->queries, "JSON Lines: id, title, text")->required();
  command->add_option("--factors", options->factors, "Multiples of the saturation load")
      ->delimiter(',')
      ->check(CLI::Range(0.1, 100.0));
  command->add_option("--seconds", options->seconds, "Duration of each stage")
      ->check(CLI::Range(1, 600))
      ->capture_default_str();
  command->add_option("--rounds", options->rounds, "Of each stage, each beside a closed loop of as long")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command->add_option("--calls", options->calls, "Calls of each closed loop of the first look")
      ->check(CLI::Range(10, 1'000'000))
      ->capture_default_str();
  AddJsonOption(*command, options->json);
  command->footer("Example: dongxi-bench overload --server 127.0.0.1:7878 --queries queries.jsonl");
  command->callback([options, &outcome] { outcome.status = RunOverload(*options, outcome); });
}

}  // namespace dongxi::bench
