// dongxi-bench report: how long does a report of many needs against a large catalogue take, and how much
// memory?
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "bench/child_process.h"
#include "bench/command.h"
#include "bench/server_process.h"
#include "bench/speed_stages.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

// The bars of the issue: 1,000 needs against 100,000 offers on two cores.
constexpr double kSecondsMax = 180;
constexpr double kBytesMax = 1.5e9;
constexpr absl::Duration kReadyTimeout = absl::Minutes(2);
constexpr absl::Duration kReportTimeout = absl::Minutes(30);
constexpr absl::Duration kPoll = absl::Milliseconds(10);

struct ReportRunOptions {
  std::string papers;
  size_t offers = 100'000;
  size_t needs = 1'000;
  int top = 5;
  std::string out;
  std::string server_program = DefaultServerProgram().string();
  std::string client_program = (DefaultServerProgram().parent_path() / "dongxi").string();
  ProgramTables tables;
  std::string json;
};

// Takes papers out of the corpus: needs whose answer is not their own text.
// REQUIRES: count > 0.
absl::Status WriteNeeds(size_t count, const std::filesystem::path& file, PaperCorpus& corpus) {
  const size_t nth = corpus.papers() / count;
  if (nth < 2) return absl::InvalidArgumentError("too few papers to ask so many; see --needs");
  std::string lines;
  size_t written = 0;
  for (const nlohmann::ordered_json& paper : corpus.HoldOutEvery(nth)) {
    if (written == count) break;
    const std::string text = paper["abstract"].get<std::string>();
    const nlohmann::ordered_json need = {{"id", absl::StrCat("bench-", written)},
                                         {"title", paper["title"]},
                                         {"wanted", text.empty() ? paper["title"].get<std::string>() : text}};
    lines += need.dump() + "\n";
    ++written;
  }
  return WriteFileAtomically(file, lines);
}

// The papers and edited copies of them as results: a folder for SpeedOptions::need_result.
absl::Status WriteOffers(size_t count, const PaperCorpus& corpus, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return absl::InternalError(folder.string() + ": " + error.message());
  std::ofstream out(folder / "results.jsonl");
  for (size_t i = 0; i < count; ++i) {
    const nlohmann::ordered_json paper = corpus.Evidence(i);
    const nlohmann::ordered_json offer = {
        {"id", paper["id"]}, {"title", paper["title"]}, {"abstract", paper["abstract"]}};
    out << offer.dump() << "\n";
  }
  out.close();
  return out ? absl::OkStatus() : absl::InternalError(folder.string() + ": results.jsonl is not written");
}

struct ClientRun {
  double seconds = 0;
  double peak_bytes = 0;
};

// `dongxi report` to its end.
absl::StatusOr<ClientRun> RunClient(std::vector<std::string> words, const std::filesystem::path& log) {
  ClientRun run;
  const absl::Time start = absl::Now();
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<ChildProcess> client, ChildProcess::Start(std::move(words), log));
  while (!client->HasEnded()) {
    if (absl::Now() - start > kReportTimeout)
      return absl::DeadlineExceededError("dongxi report did not end; see " + log.string());
    // The kernel keeps the high-water mark; of a program that has just ended there is nothing to read.
    const absl::StatusOr<uint64_t> peak = PeakMemoryOf(client->pid());
    if (peak.ok()) run.peak_bytes = static_cast<double>(*peak);
    absl::SleepFor(kPoll);
  }
  run.seconds = absl::ToDoubleSeconds(absl::Now() - start);
  DX_ASSIGN_OR_RETURN(const int code, client->Wait(absl::ZeroDuration()));
  if (code == 0) return run;
  return absl::InternalError(absl::StrCat("dongxi report ended with ", code, "; see ", log.string()));
}

absl::Status MeasureReport(const ReportRunOptions& options, const SpeedRun& run,
                           const std::filesystem::path& needs, Report& report) {
  const std::filesystem::path folder = run.data.parent_path();
  DX_ASSIGN_OR_RETURN(
      const std::unique_ptr<ServerProcess> server,
      ServerProcess::Start(options.server_program, run.data, options.tables, folder / "report-server.log"));
  DX_RETURN_IF_ERROR(server->WaitUntilReady(kReadyTimeout).status());
  DX_ASSIGN_OR_RETURN(const ClientRun client,
                      RunClient({options.client_program, "--server", server->address(), "report",
                                 "--needs-file", needs.string(), "--folder", (folder / "report").string(),
                                 "--top", std::to_string(options.top)},
                                folder / "report-client.log"));
  DX_ASSIGN_OR_RETURN(const uint64_t peak, server->PeakMemory());
  const auto server_bytes = static_cast<double>(peak);
  report.Section(absl::StrCat("A report of ", options.needs, " needs against ", options.offers,
                              " results, all formats"));
  report.Add({"records of all kinds",
              static_cast<double>(run.records),
              "",
              {},
              "institutions, experts and papers too"});
  report.Add({"wall time of dongxi report", client.seconds, "s", AtMost(kSecondsMax), "server ready before"});
  report.Add({"most resident memory of dongxi", client.peak_bytes / 1e6, "MB", {}, "file pages included"});
  report.Add({"most resident memory of dongxi-server", server_bytes / 1e6, "MB", {}, "file pages included"});
  report.Add({"both", (client.peak_bytes + server_bytes) / 1e6, "MB", AtMost(kBytesMax / 1e6), ""});
  return absl::OkStatus();
}

absl::Status RunReport(const ReportRunOptions& options, Outcome& outcome) {
  Report report("How long does a report of many needs against a large catalogue take, and how much memory?",
                {{"papers", options.papers},
                 {"offers", std::to_string(options.offers) + " results: the papers, repeated with edits"},
                 {"needs", std::to_string(options.needs) + " papers that were kept out"},
                 {"top", std::to_string(options.top)},
                 {"cores", std::to_string(std::thread::hardware_concurrency())}});
  DX_ASSIGN_OR_RETURN(PaperCorpus corpus, PaperCorpus::Read(options.papers));
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<WorkFolder> work, WorkFolder::Make(options.out));
  const std::filesystem::path needs = work->path() / "needs.jsonl", offers = work->path() / "offers";
  std::error_code ignored;  // the first file says what is wrong
  std::filesystem::create_directories(work->path(), ignored);
  DX_RETURN_IF_ERROR(WriteNeeds(options.needs, needs, corpus));
  DX_RETURN_IF_ERROR(WriteOffers(options.offers, corpus, offers));
  DX_ASSIGN_OR_RETURN(SpeedRun run, RunOf(corpus.papers(), work->path()));
  // Made as dongxi-bench speed makes them; its figures are not asked for here.
  Report unprinted("import and build of the data", {});
  const SpeedOptions data = {.need_result = offers.string(), .tables = options.tables};
  DX_RETURN_IF_ERROR(MeasureImport(data, corpus, run, unprinted));
  DX_RETURN_IF_ERROR(MeasureBuild(data, run, unprinted));
  DX_RETURN_IF_ERROR(MeasureReport(options, run, needs, report));
  report.Print();
  if (report.missed() > 0) outcome.exit_code = kExitFailed;
  return report.Write(options.json);
}

}  // namespace

void AddReportCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<ReportRunOptions>();
  CLI::App* command = app.add_subcommand(
      "report", "Time and memory of dongxi report over a large catalogue, beside the bars");
  command->add_option("--papers", options->papers, "Folder with records.jsonl and institutions.jsonl")
      ->required();
  command->add_option("--offers", options->offers, "Results: the papers, repeated with edits")
      ->check(CLI::Range(100, 10'000'000))
      ->capture_default_str();
  command->add_option("--needs", options->needs, "Needs: papers kept out, at most half of them")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command->add_option("--top", options->top, "Entries of each list")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  command->add_option("--out", options->out, "Folder to keep data and report in (default: a temporary one)");
  command->add_option("--server-program", options->server_program, "dongxi-server")->capture_default_str();
  command->add_option("--client-program", options->client_program, "dongxi")->capture_default_str();
  AddTableOptions(*command, options->tables);
  AddJsonOption(*command, options->json);
  command->footer(
      "Fails if the report takes over 3 minutes, or dongxi and dongxi-server together over 1.5 GB.\n"
      "Example: dongxi-bench report --papers papers");
  command->callback([options, &outcome] { outcome.status = RunReport(*options, outcome); });
}

}  // namespace dongxi::bench
