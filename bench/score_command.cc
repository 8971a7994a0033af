// dongxi-bench score: what are these runs worth on these judgements, and is one better than the other?
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>

#include "bench/bigrams.h"
#include "bench/command.h"
#include "bench/json_lines.h"
#include "bench/quality/checks.h"
#include "bench/quality/quality_report.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr size_t kTop = 10;  // ranks that exposure and diversity look at
constexpr int kScreenColumns = 120;

struct ScoreArguments {
  std::string qrels, queries, docs;
  std::vector<std::string> runs, groups;
  int rel = 1, min_judged = 1;
  size_t worst = 10;
  bool linear = false, trec_eval_ties = false;
  std::string json, html;
};

struct RunFile {
  std::string file;
  SystemRun run;
};

// What --docs says of the collection.
struct Documents {
  Ids ids;
  std::unordered_map<std::string, std::vector<uint64_t>> bigrams;  // of the titles
  std::map<std::string, GroupOf> groups;                           // by --group
};

absl::StatusOr<Documents> ReadDocuments(const ScoreArguments& arguments) {
  Documents documents;
  DX_RETURN_IF_ERROR(ReadJsonLines(arguments.docs, [&](const nlohmann::json& object) -> absl::Status {
    const std::string id = StringOf(object, "id");
    if (id.empty()) return absl::InvalidArgumentError("document without \"id\"");
    if (!documents.ids.insert(id).second)
      return absl::InvalidArgumentError("document id " + id + " stands twice");
    documents.bigrams.emplace(id, BigramsOf(StringOf(object, "title")));
    for (const std::string& key : arguments.groups) {
      const std::string group = StringOf(object, key.c_str());
      if (!group.empty()) documents.groups[key].emplace(id, group);
    }
    return absl::OkStatus();
  }));
  if (documents.ids.empty())
    return absl::InvalidArgumentError(arguments.docs + ": no document; expected lines with \"id\"");
  for (const std::string& key : arguments.groups) {
    if (!documents.groups.contains(key))
      return absl::InvalidArgumentError(arguments.docs + ": no document has a string \"" + key +
                                        "\" to group by");
  }
  return documents;
}

// The tag of the run; the file's name, or all of its path, where others have the same.
std::vector<std::string> SystemNames(const std::vector<RunFile>& runs) {
  std::map<std::string, int> tags, files;
  const auto file_name = [](const RunFile& run) {
    return std::filesystem::path(run.file).filename().string();
  };
  for (const RunFile& run : runs) {
    ++tags[run.run.tag];
    ++files[file_name(run)];
  }
  std::vector<std::string> names;
  for (const RunFile& run : runs) {
    const bool tag = !run.run.tag.empty() && tags[run.run.tag] == 1;
    names.push_back(tag ? run.run.tag : files[file_name(run)] == 1 ? file_name(run) : run.file);
  }
  return names;
}

absl::Status AddExposure(const Documents& documents, const SystemRun& run, SystemInput* system) {
  const std::vector<std::string> ids(documents.ids.begin(), documents.ids.end());
  DX_ASSIGN_OR_RETURN(const ExposureOf exposure, DocumentExposure(run, ids, kTop));
  system->exposure.push_back({"document", kTop, Summarise(exposure)});
  for (const auto& [key, group_of] : documents.groups)
    system->exposure.push_back({key, kTop, Summarise(GroupExposure(exposure, group_of))});
  system->diversity = IntraListDiversity(run, kTop, [&](const std::string& a, const std::string& b) {
    return Jaccard(documents.bigrams.at(a), documents.bigrams.at(b));
  });
  return absl::OkStatus();
}

absl::Status ReadTexts(const ScoreArguments& arguments, ReportInput* input) {
  if (arguments.queries.empty()) return absl::OkStatus();
  DX_ASSIGN_OR_RETURN(const std::vector<TextQuery> queries, ReadQueries(arguments.queries));
  Ids ids;
  for (const TextQuery& query : queries) {
    ids.insert(query.id);
    input->texts[query.id] = {query.title, query.text};
  }
  return CheckQrelsQueries(arguments.qrels, ids);
}

absl::StatusOr<std::vector<RunFile>> ReadRuns(const ScoreArguments& arguments, const Documents* documents) {
  std::vector<RunFile> runs;
  for (const std::string& file : arguments.runs) {
    DX_ASSIGN_OR_RETURN(SystemRun run, ReadRun(file));
    if (documents != nullptr) DX_RETURN_IF_ERROR(CheckRunDocuments(file, documents->ids));
    runs.push_back({file, std::move(run)});
  }
  return runs;
}

absl::Status AddSystems(const ScoreArguments& arguments, const Documents* documents, ReportInput* input) {
  DX_ASSIGN_OR_RETURN(const Qrels qrels, ReadQrels(arguments.qrels));
  if (documents != nullptr) DX_RETURN_IF_ERROR(CheckQrelsDocuments(arguments.qrels, documents->ids));
  DX_ASSIGN_OR_RETURN(const std::vector<RunFile> runs, ReadRuns(arguments, documents));
  const ScoreOptions options = {.rel = arguments.rel,
                                .min_judged = arguments.min_judged,
                                .gain = arguments.linear ? Gain::kLinear : Gain::kExponential,
                                .ties = arguments.trec_eval_ties ? TieOrder::kTrecEval : TieOrder::kByName};
  const std::vector<std::string> names = SystemNames(runs);
  for (size_t i = 0; i < runs.size(); ++i) {
    absl::StatusOr<Scores> scores = ScoreRun(qrels, runs[i].run, options);
    if (!scores.ok()) {
      return absl::Status(scores.status().code(),
                          arguments.qrels + ": " + std::string(scores.status().message()));
    }
    if (scores->queries_unjudged > 0) {
      input->notes.push_back(runs[i].file + ": " + std::to_string(scores->queries_unjudged) +
                             " queries are not in " + arguments.qrels + "; not scored");
    }
    SystemInput system = {.name = names[i], .scores = *std::move(scores)};
    if (documents != nullptr) DX_RETURN_IF_ERROR(AddExposure(*documents, runs[i].run, &system));
    input->systems.push_back(std::move(system));
  }
  return absl::OkStatus();
}

ReportInput StartInput(const ScoreArguments& arguments) {
  ReportInput input = {.collection = std::filesystem::path(arguments.qrels).filename().string(),
                       .worst = arguments.worst};
  input.arguments = {{"qrels", arguments.qrels},
                     {"queries", arguments.queries},
                     {"docs", arguments.docs},
                     {"rel", std::to_string(arguments.rel)},
                     {"min-judged", std::to_string(arguments.min_judged)},
                     {"gain", arguments.linear ? "grade" : "2^grade - 1"},
                     {"ties", arguments.trec_eval_ties ? "as trec_eval" : "by name"}};
  for (const std::string& run : arguments.runs) input.arguments.emplace_back("run", run);
  return input;
}

absl::Status RunScore(const ScoreArguments& arguments) {
  ReportInput input = StartInput(arguments);
  DX_RETURN_IF_ERROR(ReadTexts(arguments, &input));
  std::unique_ptr<const Documents> documents;
  if (!arguments.docs.empty()) {
    DX_ASSIGN_OR_RETURN(Documents read, ReadDocuments(arguments));
    documents = std::make_unique<const Documents>(std::move(read));
  }
  DX_RETURN_IF_ERROR(AddSystems(arguments, documents.get(), &input));
  DX_ASSIGN_OR_RETURN(const QualityReport report, BuildReport(std::move(input)));
  std::cout << RenderTable(report, kScreenColumns);
  if (!arguments.json.empty()) DX_RETURN_IF_ERROR(WriteFileAtomically(arguments.json, RenderJson(report)));
  if (arguments.html.empty()) return absl::OkStatus();
  DX_RETURN_IF_ERROR(WriteFileAtomically(arguments.html, RenderHtml(report)));
  std::cout << "\nWrote " << arguments.html << "\n";
  return absl::OkStatus();
}

void AddScoreOptions(CLI::App& command, ScoreArguments& arguments) {
  command.add_option("--qrels", arguments.qrels, "Judgements: query 0 document grade")->required();
  command.add_option("--run", arguments.runs, "A TREC run; the first of several is the baseline")->required();
  command.add_option("--queries", arguments.queries, "JSON Lines: id, title, text; for the worst queries");
  CLI::Option* docs =
      command.add_option("--docs", arguments.docs,
                         "JSON Lines: id, title; refuses unknown documents, adds coverage and exposure");
  command.add_option("--group", arguments.groups, "Also exposure by this key of the documents (region ...)")
      ->needs(docs);
  command.add_option("--rel", arguments.rel, "Lowest grade that counts as relevant")
      ->check(CLI::Range(1, kGradeMax))
      ->capture_default_str();
  command.add_option("--min-judged", arguments.min_judged, "Leave out queries with fewer judged documents")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command.add_flag("--linear", arguments.linear, "nDCG's gain is the grade, not 2^grade - 1");
  command.add_flag("--trec-eval-ties", arguments.trec_eval_ties,
                   "Order equal scores as trec_eval does; default: by name");
  command.add_option("--worst", arguments.worst, "Worst queries to show a run")
      ->check(CLI::Range(0, 1'000))
      ->capture_default_str();
  AddJsonOption(command, arguments.json);
  command.add_option("--html", arguments.html, "Also write a report with charts to this HTML file");
}

}  // namespace

void AddScoreCommand(CLI::App& app, Outcome& outcome) {
  const auto arguments = std::make_shared<ScoreArguments>();
  CLI::App* command =
      app.add_subcommand("score", "Score TREC runs of any systems against judgements and compare them");
  AddScoreOptions(*command, *arguments);
  command->footer(
      "Every judged query with a relevant document counts; one that a run lacks counts 0.\n"
      "Example: dongxi-bench score --qrels qrels.txt --run bm25.trec --run ours.trec \\\n"
      "           --queries queries.jsonl --rel 2 --min-judged 10 --html report.html");
  command->callback([arguments, &outcome] { outcome.status = RunScore(*arguments); });
}

}  // namespace dongxi::bench
