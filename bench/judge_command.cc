// dongxi-bench judge: a blind pool of several runs for people to judge, and their grades back as qrels.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>

#include "absl/strings/str_format.h"
#include "bench/command.h"
#include "bench/json_lines.h"
#include "bench/judge/grades.h"
#include "bench/judge/pool.h"
#include "bench/judge/pool_key.h"
#include "bench/judge/pool_sheet.h"
#include "bench/judge/problems.h"
#include "bench/report.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

struct PoolCommandOptions {
  std::vector<std::string> runs;
  std::string queries, docs, qrels, out, key, json;
  PoolOptions pool;
  bool overwrite = false;
};

struct ImportCommandOptions {
  std::vector<std::string> judges;
  std::string key, qrels, disagreements, json;
  MergeRule merge = MergeRule::kMean;
  bool complete = false;
};

double Count(size_t count) { return static_cast<double>(count); }

// ---- pool

bool IsCsv(const std::string& file) { return std::filesystem::path(file).extension() == ".csv"; }

// A sheet may hold days of a judge's work, and its key is the only way back.
absl::Status CheckOutput(const std::string& file, bool overwrite) {
  if (overwrite || !std::filesystem::exists(file)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      file + ": exists already and may hold judgements; choose another name, or add --overwrite");
}

absl::Status CheckPoolOptions(const PoolCommandOptions& options) {
  const std::string extension = std::filesystem::path(options.out).extension().string();
  if (extension != ".xlsx" && extension != ".csv")
    return absl::InvalidArgumentError("--out " + options.out +
                                      ": expected a name that ends in .xlsx or .csv");
  DX_RETURN_IF_ERROR(CheckOutput(options.out, options.overwrite));
  return CheckOutput(options.key, options.overwrite);
}

absl::StatusOr<std::vector<NamedRun>> ReadRuns(const std::vector<std::string>& files) {
  std::vector<NamedRun> runs;
  for (const std::string& file : files) {
    DX_ASSIGN_OR_RETURN(SystemRun run, ReadRun(file));
    runs.push_back({std::filesystem::path(file).filename().string(), std::move(run)});
  }
  return runs;
}

using Texts = std::unordered_map<std::string, TextQuery>;  // by id

// The first of these keys that has a text: institutions have a name and a statement, papers an abstract.
std::string FirstOf(const nlohmann::json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    std::string text = StringOf(object, key);
    if (!text.empty()) return text;
  }
  return "";
}

// The texts of the pool's candidates; the others are not kept. Errors: a candidate twice, or not there.
absl::StatusOr<Texts> ReadCandidates(const std::string& file, const Pool& pool) {
  Texts texts;
  for (const PoolPair& pair : pool.pairs) texts[pair.candidate] = {};
  DX_RETURN_IF_ERROR(ReadJsonLines(file, [&](const nlohmann::json& object) -> absl::Status {
    const std::string id = StringOf(object, "id");
    if (id.empty()) return absl::InvalidArgumentError("document without \"id\"");
    const auto found = texts.find(id);
    if (found == texts.end()) return absl::OkStatus();
    if (!found->second.id.empty()) return absl::InvalidArgumentError("document id " + id + " stands twice");
    found->second = {id, FirstOf(object, {"title", "name"}),
                     FirstOf(object, {"text", "abstract", "statement"})};
    return absl::OkStatus();
  }));
  for (const PoolPair& pair : pool.pairs) {
    if (!texts[pair.candidate].id.empty()) continue;
    const PoolOrigin& origin = pair.origins.front();
    return absl::InvalidArgumentError(pool.runs[origin.run].file + ": query " + pair.need + ", rank " +
                                      std::to_string(origin.rank) + ": document " + pair.candidate +
                                      " is not in " + file + "; give the documents this run was made for");
  }
  return texts;
}

std::vector<PoolSheetRow> SheetRows(const Pool& pool, const Texts& needs, const Texts& candidates) {
  std::vector<PoolSheetRow> rows;
  const std::string id = PoolId(pool);
  for (size_t i = 0; i < pool.pairs.size(); ++i) {
    const PoolPair& pair = pool.pairs[i];
    const TextQuery& need = needs.at(pair.need);
    const TextQuery& candidate = candidates.at(pair.candidate);
    rows.push_back({PairNumber(id, i), pair.need, need.title, need.text, pair.candidate, candidate.title,
                    candidate.text});
  }
  return rows;
}

void ReportPool(const Pool& pool, Report& report) {
  report.Section("Pool P" + PoolId(pool));
  report.Add({"pairs to judge", Count(pool.pairs.size()), "", {}, ""});
  report.Add({"already judged, left out", Count(pool.already_judged), "", {}, ""});
  report.Add({"needs without any answer", Count(pool.unanswered.size()), "", {}, ""});
  for (size_t run = 0; run < pool.runs.size(); ++run) {
    double given = 0, alone = 0;
    for (const PoolPair& pair : pool.pairs) {
      for (const PoolOrigin& origin : pair.origins) given += origin.run == run ? 1 : 0;
      alone += pair.origins.size() == 1 && pair.origins.front().run == run ? 1 : 0;
    }
    report.Add({"pairs of " + pool.runs[run].file, given, "", {}, NumberText(alone) + " from it alone"});
  }
  report.details()["pool"] = PoolId(pool);
  report.details()["unanswered"] = pool.unanswered;
}

absl::Status RunPool(const PoolCommandOptions& options) {
  DX_RETURN_IF_ERROR(CheckPoolOptions(options));
  Report report("Which pairs should people judge? (best answers of all runs, blind)",
                {{"runs", std::to_string(options.runs.size())},
                 {"depth", std::to_string(options.pool.depth)},
                 {"seed", std::to_string(options.pool.seed)}});
  DX_ASSIGN_OR_RETURN(const std::vector<NamedRun> runs, ReadRuns(options.runs));
  DX_ASSIGN_OR_RETURN(const std::vector<TextQuery> queries, ReadQueries(options.queries));
  Qrels judged;
  if (!options.qrels.empty()) {
    DX_ASSIGN_OR_RETURN(judged, ReadQrels(options.qrels));
  }
  std::set<std::string, std::less<>> ids;
  Texts needs;
  for (const TextQuery& query : queries) {
    ids.insert(query.id);
    needs[query.id] = query;
  }
  DX_ASSIGN_OR_RETURN(const Pool pool, MakePool(runs, ids, judged, options.pool));
  DX_ASSIGN_OR_RETURN(const Texts candidates, ReadCandidates(options.docs, pool));
  const std::vector<PoolSheetRow> rows = SheetRows(pool, needs, candidates);
  DX_RETURN_IF_ERROR(WriteFileAtomically(options.key, PoolKeyJson(pool)));
  DX_RETURN_IF_ERROR(IsCsv(options.out) ? WriteFileAtomically(options.out, PoolCsv(rows))
                                        : WritePoolXlsx(rows, options.out));
  ReportPool(pool, report);
  report.Print();
  std::cout << "\nWrote " << options.out << " for the judges, a copy each, and " << options.key
            << " for you alone.\n";
  return report.Write(options.json);
}

// ---- import

std::string IntervalText(const KappaInterval& interval, const Agreement& agreement) {
  if (!interval) return "interval not defined";
  return absl::StrFormat("95%% interval %.3f to %.3f, drawing %s", interval->first, interval->second,
                         agreement.by_need ? "needs" : "pairs (too few needs)");
}

void AddKappa(const char* name, const std::optional<double>& kappa, const KappaInterval& interval,
              const Agreement& agreement, Report& report, nlohmann::ordered_json& json) {
  json[name] = nullptr;
  if (!kappa) return report.Add({name, 0, "", {}, "not defined: both judges gave one same grade throughout"});
  report.Add({name, *kappa, "", {}, IntervalText(interval, agreement)});
  json[name] = {{"value", *kappa}};
  if (interval) json[name]["interval"] = {interval->first, interval->second};
}

void PrintTable(const GradeTable& table) {
  std::vector<std::vector<std::string>> rows = {{"first \\ second", "0", "1", "2", "3"}};
  for (size_t i = 0; i < table.size(); ++i) {
    rows.push_back({std::to_string(i)});
    for (const int64_t count : table[i]) rows.back().push_back(std::to_string(count));
  }
  std::cout << "\n" << AlignedTable(rows, /*numbers=*/true);
}

void ReportAgreement(const JudgeGrades& first, const JudgeGrades& second, const Pool& pool, Report& report) {
  report.Section("Agreement of " + first.file + " and " + second.file);
  const std::vector<DoubleGrade> both = GradesOfBoth(first, second, pool);
  report.Add({"pairs that both graded",
              Count(both.size()),
              "",
              {},
              both.empty() ? "no agreement can be given" : ""});
  if (both.empty()) return report.Print();
  const Agreement agreement = MeasureAgreement(both, {});
  nlohmann::ordered_json json = {{"judges", {first.file, second.file}},
                                 {"pairs", agreement.pairs},
                                 {"needs", agreement.needs},
                                 {"table", agreement.table}};
  AddKappa("raw agreement", agreement.raw, agreement.raw_interval, agreement, report, json);
  AddKappa("kappa", agreement.kappa, agreement.kappa_interval, agreement, report, json);
  AddKappa("kappa, quadratic weights", agreement.weighted_kappa, agreement.weighted_interval, agreement,
           report, json);
  report.details()["agreement"].push_back(std::move(json));
  report.Print();
  PrintTable(agreement.table);
}

void ReportGrades(const std::vector<JudgeGrades>& judges, Report& report) {
  report.Section("Grades");
  for (const JudgeGrades& judge : judges) {
    report.Add({"grades of " + judge.file, Count(judge.judgements.size()), "", {}, ""});
    report.Add({"missing", Count(judge.missing.size()), "", {}, ""});
    report.details()["missing"][judge.file] = judge.missing;
  }
  report.Print();
  for (const JudgeGrades& judge : judges) {
    const size_t shown = std::min(judge.missing.size(), kProblemsShown);
    for (size_t i = 0; i < shown; ++i) std::cout << "  " << judge.missing[i] << "\n";
    if (shown < judge.missing.size()) std::cout << "  ……还有 " << judge.missing.size() - shown << " 处\n";
  }
}

void ReportWide(const std::vector<JudgeGrades>& judges, const Pool& pool, Report& report) {
  const std::vector<Disagreement> all = Disagreements(judges);
  const std::string id = PoolId(pool);
  report.details()["two_or_more_apart"] = nlohmann::ordered_json::array();
  std::string lines;
  size_t wide = 0;
  for (const Disagreement& one : all) {
    if (one.highest - one.lowest < 2) continue;
    const PoolPair& pair = pool.pairs[one.pair];
    report.details()["two_or_more_apart"].push_back({{"number", PairNumber(id, one.pair)},
                                                     {"need", pair.need},
                                                     {"candidate", pair.candidate},
                                                     {"lowest", one.lowest},
                                                     {"highest", one.highest}});
    if (++wide <= kProblemsShown)
      lines += absl::StrFormat("  %s %s %s: %d and %d\n", PairNumber(id, one.pair), pair.need, pair.candidate,
                               one.lowest, one.highest);
  }
  report.Section("Disagreements");
  report.Add({"pairs graded differently", Count(all.size()), "", {}, ""});
  report.Add({"two or more grades apart", Count(wide), "", {}, "to be talked over"});
  report.Print();
  std::cout << lines;
  if (wide > kProblemsShown)
    std::cout << "  and " << wide - kProblemsShown << " more; --disagreements lists all\n";
}

absl::StatusOr<std::vector<JudgeGrades>> ReadJudges(const ImportCommandOptions& options, const Pool& pool) {
  std::vector<JudgeGrades> judges;
  std::set<std::filesystem::path> files;
  for (const std::string& file : options.judges) {
    if (!files.insert(std::filesystem::absolute(file).lexically_normal()).second)
      return absl::InvalidArgumentError(file + ": given twice; give every judge's own file once");
    DX_ASSIGN_OR_RETURN(const GradeSheet sheet, ReadGradeSheet(file));
    DX_ASSIGN_OR_RETURN(JudgeGrades judge, CheckGrades(sheet, pool, options.complete));
    judges.push_back(std::move(judge));
  }
  return judges;
}

absl::Status RunImport(const ImportCommandOptions& options) {
  Report report("What did the judges decide, and how far do they agree?",
                {{"judges", std::to_string(options.judges.size())}, {"key", options.key}});
  DX_ASSIGN_OR_RETURN(const Pool pool, ReadPoolKey(options.key));
  DX_ASSIGN_OR_RETURN(const std::vector<JudgeGrades> judges, ReadJudges(options, pool));
  ReportGrades(judges, report);
  for (size_t second = 1; second < judges.size(); ++second) {
    for (size_t first = 0; first < second; ++first)
      ReportAgreement(judges[first], judges[second], pool, report);
  }
  if (judges.size() == 1) {
    std::cout << "\nOne judge: agreement cannot be given. Let a second person judge the same sheet.\n";
    report.details()["agreement"] = nullptr;
  } else {
    ReportWide(judges, pool, report);
  }
  const Qrels qrels = MergeGrades(judges, pool, options.merge);
  DX_RETURN_IF_ERROR(WriteFileAtomically(options.qrels, QrelsLines(qrels)));
  if (!options.disagreements.empty())
    DX_RETURN_IF_ERROR(WriteFileAtomically(options.disagreements, DisagreementsCsv(judges, pool)));
  std::cout << "\nWrote " << options.qrels << "\n";
  return report.Write(options.json);
}

void AddPool(CLI::App& judge, Outcome& outcome) {
  const auto options = std::make_shared<PoolCommandOptions>();
  CLI::App* command =
      judge.add_subcommand("pool", "Write the best answers of all runs as a blind sheet for judges");
  command->add_option("--run", options->runs, "TREC run; once for every system")->required();
  command->add_option("--queries", options->queries, "JSON Lines: id, title, text")->required();
  command
      ->add_option("--docs", options->docs, "JSON Lines: id, title (or name), text (or abstract, statement)")
      ->required();
  command->add_option("--depth", options->pool.depth, "Answers of a run for a query")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command->add_option("--seed", options->pool.seed, "Of the order")->capture_default_str();
  command->add_option("--qrels", options->qrels, "Judgements there are: their pairs are left out");
  command->add_option("--out", options->out, "The sheet: .xlsx or .csv")->required();
  command->add_option("--key", options->key, "JSON for the analyst: which run gave which pair")->required();
  command->add_flag("--overwrite", options->overwrite, "Replace a sheet and key that exist");
  AddJsonOption(*command, options->json);
  command->footer(
      "Example: dongxi-bench judge pool --run a.trec --run b.trec --queries q.jsonl --docs d.jsonl --out "
      "pool.xlsx --key key.json");
  command->callback([options, &outcome] { outcome.status = RunPool(*options); });
}

void AddImport(CLI::App& judge, Outcome& outcome) {
  const auto options = std::make_shared<ImportCommandOptions>();
  CLI::App* command = judge.add_subcommand("import", "Read filled sheets, report agreement, write qrels");
  command->add_option("--judge", options->judges, "Filled sheet, .xlsx or .csv; once for every judge")
      ->required();
  command->add_option("--key", options->key, "The key that judge pool wrote")->required();
  command->add_option("--qrels", options->qrels, "Judgements to write")->required();
  const std::map<std::string, MergeRule> rules = {
      {"mean", MergeRule::kMean}, {"max", MergeRule::kMax}, {"min", MergeRule::kMin}};
  command
      ->add_option("--merge", options->merge,
                   "Of several judges' grades: mean (halves up; default), max or min")
      ->transform(CLI::CheckedTransformer(rules));
  command->add_option("--disagreements", options->disagreements,
                      "CSV of the pairs that judges grade differently");
  command->add_flag("--complete", options->complete, "A missing grade is an error");
  AddJsonOption(*command, options->json);
  command->footer(
      "Example: dongxi-bench judge import --judge a.xlsx --judge b.xlsx --key key.json --qrels qrels.txt "
      "--disagreements talk.csv");
  command->callback([options, &outcome] { outcome.status = RunImport(*options); });
}

}  // namespace

void AddJudgeCommand(CLI::App& app, Outcome& outcome) {
  CLI::App* judge =
      app.add_subcommand("judge", "Blind pools for people to judge, and their grades back as qrels");
  judge->require_subcommand(1);
  AddPool(*judge, outcome);
  AddImport(*judge, outcome);
}

}  // namespace dongxi::bench
