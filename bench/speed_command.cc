// dongxi-bench speed: from import files to answers over gRPC, at several sizes.
#include <iostream>
#include <memory>
#include <thread>

#include "bench/command.h"
#include "bench/server_process.h"
#include "bench/speed_stages.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

absl::StatusOr<std::vector<TextQuery>> QueriesOf(const SpeedOptions& options, PaperCorpus& corpus) {
  if (!options.queries.empty()) return ReadQueries(options.queries);
  std::vector<TextQuery> queries;
  for (const nlohmann::ordered_json& paper : corpus.HoldOutEvery(kHoldOutNth)) {
    queries.push_back({paper["id"], paper["title"], paper["abstract"]});
  }
  if (queries.empty())
    return absl::InvalidArgumentError("too few papers to ask any; name queries with --queries");
  return queries;
}

absl::Status MeasureSize(const SpeedOptions& options, size_t evidence, const std::filesystem::path& work,
                         const PaperCorpus& corpus, const std::vector<TextQuery>& queries, Report& report) {
  DX_ASSIGN_OR_RETURN(SpeedRun run, RunOf(evidence, work));
  DX_RETURN_IF_ERROR(MeasureImport(options, corpus, run, report));
  report.Print();
  DX_RETURN_IF_ERROR(MeasureBuild(options, run, report));
  report.Print();
  DX_RETURN_IF_ERROR(MeasureEngine(options, run, queries, report));
  report.Print();
  DX_RETURN_IF_ERROR(MeasureServer(options, run, queries, report));
  report.Print();
  return absl::OkStatus();
}

absl::Status RunSpeed(const SpeedOptions& options) {
  std::string sizes;
  for (const size_t size : options.sizes) sizes += (sizes.empty() ? "" : ",") + std::to_string(size);
  Report report(
      "How fast is the whole path from import files to answers, how large is it, and what does it miss?",
      {{"sizes", sizes},
       {"papers", options.papers},
       {"need-result",
        options.need_result.empty() ? "none: the list of results stays empty" : options.need_result},
       {"queries", options.queries.empty() ? "held-out papers, title and abstract" : options.queries},
       {"calls", std::to_string(options.calls)},
       {"cores", std::to_string(std::thread::hardware_concurrency())}});
  DX_ASSIGN_OR_RETURN(PaperCorpus corpus, PaperCorpus::Read(options.papers));
  DX_ASSIGN_OR_RETURN(const std::vector<TextQuery> queries, QueriesOf(options, corpus));
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<WorkFolder> work, WorkFolder::Make(options.out));
  absl::Status status;
  for (const size_t size : options.sizes) {
    status = MeasureSize(options, size, work->path(), corpus, queries, report);
    if (!status.ok()) break;
  }
  report.Print();
  std::cout << "\nBars not met: " << report.missed() << "\n";
  status.Update(report.Write(options.json));
  return status;
}

}  // namespace

void AddSpeedCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<SpeedOptions>();
  options->server_program = DefaultServerProgram().string();
  CLI::App* command = app.add_subcommand("speed", "The whole path at several sizes, beside its bars");
  command->add_option("--papers", options->papers, "Folder with records.jsonl and institutions.jsonl")
      ->required();
  command->add_option("--need-result", options->need_result,
                      "Folder with results.jsonl, so that the list of results is filled too");
  command->add_option("--sizes", options->sizes, "Evidence records of each run")
      ->delimiter(',')
      ->check(CLI::Range(100, 10'000'000))
      ->capture_default_str();
  command->add_option("--queries", options->queries,
                      "JSON Lines: id, title, text (default: every 50th paper, kept out)");
  command->add_option("--out", options->out, "Folder to keep the data in (default: a temporary one)");
  command->add_option("--calls", options->calls, "Timed calls of each kind")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_option("--threads", options->threads, "Threads of the build; 0: all cores")
      ->capture_default_str();
  command->add_option("--server-program", options->server_program, "The dongxi-server to start");
  AddPolicyOption(*command, options->tables.policy);
  command->add_option("--ranking", options->tables.ranking, "Ranking file")->capture_default_str();
  command->add_option("--lexicon", options->tables.lexicon, "Folder of the lexicon")->capture_default_str();
  AddJsonOption(*command, options->json);
  command->footer(
      "Papers are repeated with edits up to each size. Bars are shown beside the figures they belong to.\n"
      "Example: dongxi-bench speed --papers papers --need-result need-result --sizes 10000,100000 --json "
      "speed.json");
  command->callback([options, &outcome] { outcome.status = RunSpeed(*options); });
}

}  // namespace dongxi::bench
