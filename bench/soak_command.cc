// dongxi-bench soak: does anything grow while a server works for long? Matches at a share of what it can do,
// a changed record every second, a build and its swap now and then.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <thread>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "bench/administration.h"
#include "bench/command.h"
#include "bench/load.h"
#include "bench/machine_speed.h"
#include "bench/match_client.h"
#include "bench/report.h"
#include "bench/server_process.h"
#include "bench/soak_windows.h"
#include "bench/steady_load.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr absl::Duration kReadyTimeout = absl::Minutes(2);
constexpr int kCallers = 8;
constexpr int kSaturationCalls = 1'000;
constexpr int kChangedRecords = 200;  // changed in turn: the catalogue does not grow, its history does
constexpr double kMemoryGrowthMax = 1.05;
constexpr double kHandlesGrowthMax = 1.1;
constexpr double kLatencyGrowthMax = 1.25;  // of the median; the tail is the machine's as much as ours
constexpr double kWorkGrowthMax = 1.1;
constexpr absl::Duration kSpeedTime = absl::Seconds(1);

struct SoakOptions {
  std::string data;
  std::string queries;
  std::string program = DefaultServerProgram().string();
  ProgramTables tables;
  double minutes = 60;
  double share = 0.7;
  double window_s = 60;
  double build_minutes = 10;
  std::string json;
};

absl::StatusOr<double> Saturation(const std::string& server, const std::vector<TextQuery>& queries) {
  std::vector<std::unique_ptr<MatchClient>> clients;
  for (int i = 0; i < kCallers; ++i) clients.push_back(std::make_unique<MatchClient>(server));
  const auto match = [&](int caller, int number) {
    const auto& query = queries[static_cast<size_t>(number) % queries.size()];
    return clients[static_cast<size_t>(caller)]->Match(RequestOf(query)).status();
  };
  DX_RETURN_IF_ERROR(RunLoad(kCallers, kSaturationCalls / 5, match).status());
  DX_ASSIGN_OR_RETURN(const LoadResult load, RunLoad(kCallers, kSaturationCalls, match));
  return load.calls_per_second;
}

// Changes records and builds until it is destroyed. `status()` is the first error.
class Changes {
 public:
  Changes(const std::string& server, absl::Duration build_every)
      : thread_([this, server, build_every] { Run(Administration(server), build_every); }) {}
  ~Changes() {
    stop_ = true;
    thread_.join();
  }
  // How many writes and builds were made so far.
  int writes() const { return writes_; }
  int builds() const { return builds_; }
  int failed() const { return failed_; }

 private:
  void Run(const Administration& administration, absl::Duration build_every) {
    absl::Time next_build = absl::Now() + build_every;
    while (!stop_) {
      const std::string name = absl::StrFormat("results/dongxi-bench-soak-%d", writes_ % kChangedRecords);
      if (!administration.ChangeRecord(name).ok()) ++failed_;
      ++writes_;
      if (absl::Now() >= next_build) {
        if (!administration.Build().ok()) ++failed_;
        ++builds_;
        next_build = absl::Now() + build_every;
      }
      absl::SleepFor(absl::Seconds(1));
    }
  }

  std::atomic<bool> stop_{false};
  std::atomic<int> writes_{0}, builds_{0}, failed_{0};
  std::thread thread_;  // last: it uses the others
};

void Print(const SoakWindow& window, int tables) {
  absl::PrintF(
      "  %6.1f min  machine %6.0f  saturation %5.1f/s  p50 %6.1f ms  p99 %7.1f ms  %6.1f MB own memory  "
      "%4d handles and %d tables  %d failed  %d overdue\n",
      window.minutes, window.speed, window.saturation, window.milliseconds.p50, window.milliseconds.p99,
      window.anonymous_mb, window.handles, tables, window.failed, window.overdue);
  (void)std::fflush(stdout);  // a run of hours is followed through a pipe or a file
}

// The share is of what server and machine can do right before the window: at a rate that was set once, a
// machine that slows by a third would be asked for more than it can do.
absl::StatusOr<SoakWindow> RunWindow(const SoakOptions& options, const std::vector<TextQuery>& queries,
                                     const ServerProcess& server, absl::Time start) {
  SoakWindow window;
  window.speed =
      MachineSpeed(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())), kSpeedTime);
  DX_ASSIGN_OR_RETURN(window.saturation, Saturation(server.address(), queries));
  SteadyLoad load(server.address(), queries, window.saturation * options.share, kCallers);
  absl::SleepFor(absl::Seconds(options.window_s));
  window.overdue = load.Overdue();
  const SteadyLoad::Taken taken = load.Take();
  DX_ASSIGN_OR_RETURN(const ProcessMemory memory, server.Memory());
  DX_ASSIGN_OR_RETURN(const ServerProcess::Handles handles, server.OpenHandles());
  window.handles = handles.others;
  window.minutes = absl::ToDoubleMinutes(absl::Now() - start);
  window.milliseconds = SpreadOf(taken.milliseconds);
  window.failed = taken.failed;
  window.anonymous_mb = static_cast<double>(memory.anonymous) / 1e6;
  Print(window, handles.tables);
  return window;
}

void AddFigures(const SoakOptions& options, const std::vector<SoakWindow>& windows, Report& report) {
  const SoakGrowth growth = GrowthOf(windows);
  std::vector<double> rates;
  double failed = 0, matches = 0, overdue = 0;
  for (const SoakWindow& window : windows) {
    rates.push_back(window.saturation * options.share);
    failed += window.failed;
    overdue += window.overdue;
    matches += static_cast<double>(window.milliseconds.count);
  }
  report.Section("Growth: the last third of the run beside its middle third (medians of the windows)");
  report.Add({"own memory", growth.memory, "", AtMost(kMemoryGrowthMax),
              absl::StrFormat("%.0f MB at the end", windows.back().anonymous_mb)});
  report.Add({"handles", growth.handles, "", AtMost(kHandlesGrowthMax),
              absl::StrFormat("%d at the end", windows.back().handles)});
  report.Add({"work of a match", growth.work, "", AtMost(kWorkGrowthMax),
              "at saturation, by the machine's own speed at that moment"});
  report.Add(
      {"match p50", growth.p50, "", AtMost(kLatencyGrowthMax),
       absl::StrFormat("%.1f ms at the end; by the machine's speed", windows.back().milliseconds.p50)});
  report.Add(
      {"match p99",
       growth.p99,
       "",
       {},
       absl::StrFormat("%.1f ms at the end; by the machine's speed", windows.back().milliseconds.p99)});
  report.Section("Matches");
  report.Add({"a second", Percentile(rates, 50), "", {}, "median of the windows"});
  report.Add({"failed", failed, "", AtMost(0), absl::StrFormat("of %.0f", matches)});
  report.Add(
      {"due and not begun", overdue, "", {}, "at the ends of the windows: the machine slowed in them"});
}

absl::Status Measure(const SoakOptions& options, const std::vector<TextQuery>& queries,
                     const ServerProcess& server, Report& report) {
  std::vector<SoakWindow> windows;
  int writes = 0, builds = 0, failed_changes = 0;
  {
    const Changes changes(server.address(), absl::Minutes(options.build_minutes));
    const absl::Time start = absl::Now();
    while (absl::Now() - start < absl::Minutes(options.minutes)) {
      DX_ASSIGN_OR_RETURN(windows.emplace_back(), RunWindow(options, queries, server, start));
    }
    writes = changes.writes(), builds = changes.builds(), failed_changes = changes.failed();
  }
  if (windows.size() < 3) return absl::InvalidArgumentError("--minutes must hold three windows at least");
  AddFigures(options, windows, report);
  report.Add({"writes or builds failed", static_cast<double>(failed_changes), "", AtMost(0),
              absl::StrFormat("%d writes, %d builds", writes, builds)});
  return absl::OkStatus();
}

absl::Status RunSoak(const SoakOptions& options, Outcome& outcome) {
  Report report("Does anything grow while a server works for long?",
                {{"data", options.data},
                 {"queries", options.queries},
                 {"minutes", NumberText(options.minutes)},
                 {"share of saturation", NumberText(options.share)}});
  DX_ASSIGN_OR_RETURN(const std::vector<TextQuery> queries, ReadQueries(options.queries));
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<ServerProcess> server,
                      ServerProcess::Start(options.program, options.data, options.tables,
                                           std::filesystem::path(options.data) / "soak-server.log"));
  DX_RETURN_IF_ERROR(server->WaitUntilReady(kReadyTimeout).status());
  DX_RETURN_IF_ERROR(Measure(options, queries, *server, report));
  report.Print();
  outcome.exit_code = report.missed() == 0 ? kExitOk : kExitFailed;
  return report.Write(options.json);
}

}  // namespace

void AddSoakCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<SoakOptions>();
  CLI::App* command =
      app.add_subcommand("soak", "A long run under load: does memory, do handles, does latency grow?");
  command->add_option("--data", options->data, "Data folder with a generation; records are added to it")
      ->required();
  command->add_option("--queries", options->queries, "JSON Lines: id, title, text")->required();
  command->add_option("--server-program", options->program, "dongxi-server")->capture_default_str();
  command->add_option("--minutes", options->minutes, "Duration")
      ->check(CLI::Range(0.05, 1e5))
      ->capture_default_str();
  command
      ->add_option("--share", options->share, "Of the saturation load, which is measured before each window")
      ->check(CLI::Range(0.01, 1.0))
      ->capture_default_str();
  command->add_option("--window", options->window_s, "Seconds of each window")
      ->check(CLI::Range(1.0, 3600.0))
      ->capture_default_str();
  command->add_option("--build-minutes", options->build_minutes, "Minutes between builds")
      ->check(CLI::Range(0.01, 1e5))
      ->capture_default_str();
  AddTableOptions(*command, options->tables);
  AddJsonOption(*command, options->json);
  command->footer("Example: dongxi-bench soak --data DIR --queries queries.jsonl --minutes 60");
  command->callback([options, &outcome] { outcome.status = RunSoak(*options, outcome); });
}

}  // namespace dongxi::bench
