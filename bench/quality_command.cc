// dongxi-bench quality: how good are the engine's matches on a judged collection?
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <map>

#include "absl/strings/str_format.h"
#include "bench/command.h"
#include "bench/json_lines.h"
#include "bench/quality/checks.h"
#include "bench/quality/quality_report.h"
#include "bench/quality_engine.h"
#include "bench/ratings.h"
#include "bench/statistics.h"
#include "engine/base/crc32c.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr int kScreenColumns = 120;

struct QualityArguments {
  std::string docs, queries, qrels, ratings, run, json, html, target = "result";
  std::vector<std::string> others, without, doc_fields = {"title", "text"};
  int rel = 1, min_judged = 1;
  bool ablate = false;
  size_t worst = 5;
  QualityOptions options;
};

const std::map<std::string, QualityTarget> kTargets = {{"result", QualityTarget::kResult},
                                                       {"partner", QualityTarget::kPartner},
                                                       {"expert", QualityTarget::kExpert}};

void ShowProgress(const std::string& what, size_t done, size_t total) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::cerr << "\r" << what << ": " << done << " of " << total << " queries" << (done == total ? "\n" : "")
            << std::flush;
}

absl::StatusOr<QualityRun> RunWithout(const QualityArguments& arguments, const std::vector<Record>& records,
                                      const std::vector<TextQuery>& queries, const std::string& name) {
  QualityOptions options = arguments.options;
  options.target = kTargets.at(arguments.target);
  for (const NamedPart& part : kEngineParts) {
    const auto& without = arguments.without;
    if (part.name == name || std::find(without.begin(), without.end(), part.name) != without.end()) {
      options.without.insert(part.part);
    }
  }
  return RunEngine(records, queries, options, [&](size_t done, size_t total) {
    ShowProgress(name.empty() ? "dongxi" : "without " + name, done, total);
  });
}

ReportInput StartInput(const QualityArguments& arguments, const std::vector<TextQuery>& queries,
                       const QualityRun& run) {
  ReportInput input = {.collection = std::filesystem::path(arguments.docs).filename().string(),
                       .worst = arguments.worst};
  input.arguments = {{"docs", arguments.docs},
                     {"queries", arguments.queries},
                     {"qrels", arguments.qrels},
                     {"target", arguments.target},
                     {"rel", std::to_string(arguments.rel)},
                     {"min-judged", std::to_string(arguments.min_judged)},
                     {"ranking", arguments.options.tables.ranking},
                     {"model", arguments.options.tables.model}};
  for (const TextQuery& query : queries) input.texts[query.id] = {query.title, query.text};
  const Spread spread = SpreadOf(run.milliseconds);
  input.notes.push_back(
      absl::StrFormat("build %.1f s; a query p50 %.1f ms, p99 %.1f ms (in process, depth %d)",
                      run.seconds_build, spread.p50, spread.p99, arguments.options.depth));
  return input;
}

absl::Status AddSystem(const Qrels& qrels, const QualityArguments& arguments, const std::string& name,
                       const SystemRun& run, ReportInput* input) {
  const ScoreOptions options = {.rel = arguments.rel, .min_judged = arguments.min_judged};
  DX_ASSIGN_OR_RETURN(Scores scores, ScoreRun(qrels, run, options));
  input->systems.push_back({.name = name, .scores = std::move(scores)});
  return absl::OkStatus();
}

// The share of the documents (or owners) that stand in some query's first ten, and how evenly.
absl::Status AddExposure(const std::vector<Record>& records, QualityTarget target, const SystemRun& run,
                         SystemInput* system) {
  constexpr size_t kTop = 10;
  std::vector<std::string> ids;
  for (const Record& record : records) {
    if (record.kind == KindOf(target)) ids.push_back(record.id);
  }
  DX_ASSIGN_OR_RETURN(const ExposureOf exposure, DocumentExposure(run, ids, kTop));
  system->exposure.push_back({"document", kTop, Summarise(exposure)});
  return absl::OkStatus();
}

// In how many of five folds of queries the part that was switched off helps: a gain that one fold gives is
// none.
std::string FoldNote(const std::string& part, const std::string& measure, const Scores& whole,
                     const Scores& without) {
  constexpr size_t kFolds = 5;
  const auto at = static_cast<size_t>(std::find(whole.measures.begin(), whole.measures.end(), measure) -
                                      whole.measures.begin());
  std::array<double, kFolds> gains = {};
  for (size_t i = 0; i < whole.queries.size(); ++i) {
    gains[Crc32c(whole.queries[i]) % kFolds] += whole.values.at(at)[i] - without.values.at(at)[i];
  }
  const auto helped = std::count_if(gains.begin(), gains.end(), [](double gain) { return gain > 0; });
  return part + ": " + measure + " is higher with it in " + std::to_string(helped) + " of " +
         std::to_string(kFolds) + " folds of queries";
}

absl::Status AddAblations(const Qrels& qrels, const QualityArguments& arguments,
                          const std::vector<Record>& records, const std::vector<TextQuery>& queries,
                          ReportInput* input) {
  // Where only owners that fit are judged, ranking the judged ones says nothing.
  const std::string measure = arguments.target == "result" ? "nDCG@10 pool" : "MRR@10";
  for (const NamedPart& part : kEngineParts) {
    if (part.part == EnginePart::kVotes && arguments.target == "result") continue;
    DX_ASSIGN_OR_RETURN(const QualityRun other, RunWithout(arguments, records, queries, part.name));
    DX_RETURN_IF_ERROR(AddSystem(qrels, arguments, std::string("without ") + part.name, other.run, input));
    input->notes.push_back(
        FoldNote(part.name, measure, input->systems.front().scores, input->systems.back().scores));
  }
  return absl::OkStatus();
}

absl::Status WriteReport(const QualityArguments& arguments, ReportInput input) {
  DX_ASSIGN_OR_RETURN(const QualityReport report, BuildReport(std::move(input)));
  std::cout << RenderTable(report, kScreenColumns);
  if (!arguments.json.empty()) DX_RETURN_IF_ERROR(WriteFileAtomically(arguments.json, RenderJson(report)));
  if (arguments.html.empty()) return absl::OkStatus();
  DX_RETURN_IF_ERROR(WriteFileAtomically(arguments.html, RenderHtml(report)));
  std::cout << "\nWrote " << arguments.html << "\n";
  return absl::OkStatus();
}

absl::Status CheckQueries(const QualityArguments& arguments, const std::vector<TextQuery>& queries) {
  Ids ids;
  for (const TextQuery& query : queries) ids.insert(query.id);
  return CheckQrelsQueries(arguments.qrels, ids);
}

absl::Status Judge(const QualityArguments& arguments, const std::vector<Record>& records,
                   const std::vector<TextQuery>& queries, const QualityRun& run) {
  DX_ASSIGN_OR_RETURN(const Qrels qrels, ReadQrels(arguments.qrels));
  DX_RETURN_IF_ERROR(CheckQueries(arguments, queries));
  ReportInput input = StartInput(arguments, queries, run);
  DX_RETURN_IF_ERROR(AddSystem(qrels, arguments, run.run.tag, run.run, &input));
  DX_RETURN_IF_ERROR(AddExposure(records, kTargets.at(arguments.target), run.run, &input.systems.back()));
  for (const std::string& file : arguments.others) {
    DX_ASSIGN_OR_RETURN(const SystemRun other, ReadRun(file));
    DX_RETURN_IF_ERROR(
        AddSystem(qrels, arguments, std::filesystem::path(file).filename().string(), other, &input));
  }
  if (arguments.ablate) DX_RETURN_IF_ERROR(AddAblations(qrels, arguments, records, queries, &input));
  return WriteReport(arguments, std::move(input));
}

absl::Status RunQuality(const QualityArguments& arguments) {
  if (arguments.qrels.empty() && arguments.ratings.empty()) {
    return absl::InvalidArgumentError("give --qrels FILE, or --ratings FILE with --target partner or expert");
  }
  DX_ASSIGN_OR_RETURN(
      const std::vector<Record> records,
      ReadCollection(arguments.docs, kTargets.at(arguments.target), DocumentFields{arguments.doc_fields}));
  DX_ASSIGN_OR_RETURN(const std::vector<TextQuery> queries, ReadQueries(arguments.queries));
  DX_ASSIGN_OR_RETURN(const QualityRun run, RunWithout(arguments, records, queries, ""));
  DX_ASSIGN_OR_RETURN(const std::string text, RunText(run.run));
  DX_RETURN_IF_ERROR(WriteFileAtomically(arguments.run, text));
  std::cerr << "Wrote " << arguments.run << "\n";
  if (!arguments.ratings.empty()) {
    DX_ASSIGN_OR_RETURN(const std::vector<Rating> ratings, ReadRatings(arguments.ratings));
    DX_RETURN_IF_ERROR(ReportRatings(ratings, run, arguments.json));
  }
  return arguments.qrels.empty() ? absl::OkStatus() : Judge(arguments, records, queries, run);
}

void AddInputOptions(CLI::App& command, QualityArguments& arguments) {
  command.add_option("--docs", arguments.docs, "JSON Lines: id, title, text; owners for partner and expert")
      ->required();
  command.add_option("--queries", arguments.queries, "JSON Lines: id, title, text")->required();
  command.add_option("--qrels", arguments.qrels, "Judgements: query 0 document grade");
  command.add_option("--ratings", arguments.ratings,
                     "Instead of qrels: expert, query, rating with a header line, separated by tabs");
  std::vector<std::string> targets;
  for (const auto& [name, target] : kTargets) targets.push_back(name);
  command.add_option("--target", arguments.target, "What is ranked")
      ->check(CLI::IsMember(targets))
      ->capture_default_str();
  command.add_option("--doc-fields", arguments.doc_fields, "Keys of a document that are searched")
      ->delimiter(',')
      ->capture_default_str();
  command.add_option("--depth", arguments.options.depth, "Entries a query")
      ->check(CLI::Range(1, kMatchEntriesMax))
      ->capture_default_str();
  command.add_option("--rel", arguments.rel, "Lowest grade that counts as relevant")
      ->check(CLI::Range(1, kGradeMax))
      ->capture_default_str();
  command.add_option("--min-judged", arguments.min_judged, "Leave out queries with fewer judged documents")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
}

void AddEngineOptions(CLI::App& command, QualityArguments& arguments) {
  AddTableOptions(command, arguments.options.tables);
  std::vector<std::string> parts;
  for (const NamedPart& part : kEngineParts) parts.push_back(part.name);
  command.add_option("--without", arguments.without, "Switch parts of the engine off")
      ->delimiter(',')
      ->check(CLI::IsMember(parts));
  command.add_flag("--ablate", arguments.ablate, "Also run without each part in turn and compare");
  command.add_option("--threads", arguments.options.threads, "0: all cores")->capture_default_str();
}

}  // namespace

void AddQualityCommand(CLI::App& app, Outcome& outcome) {
  CLI::App* command = app.add_subcommand(
      "quality", "How good are the engine's matches on a judged collection, and what does each part give?");
  auto arguments = std::make_shared<QualityArguments>();
  AddInputOptions(*command, *arguments);
  command->add_option("--run", arguments->run, "The TREC run to write")->required();
  command->add_option("--other", arguments->others, "Runs of other systems, to compare");
  command->add_option("--worst", arguments->worst, "Worst queries to show")
      ->check(CLI::Range(0, 1'000))
      ->capture_default_str();
  AddJsonOption(*command, arguments->json);
  command->add_option("--html", arguments->html, "Also write a report with charts to this HTML file");
  AddEngineOptions(*command, *arguments);
  command->footer(
      "Example: dongxi-bench quality --docs results.jsonl --queries queries.jsonl --qrels qrels.txt \\\n"
      "           --target result --run out.trec --rel 2 --min-judged 10 --ablate --html out.html");
  command->callback([arguments, &outcome] { outcome.status = RunQuality(*arguments); });
}

}  // namespace dongxi::bench
