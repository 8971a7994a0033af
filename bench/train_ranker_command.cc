// dongxi-bench train-ranker: does a ranker learnt from judgements beat the linear fusion, and what does it
// say?
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>

#include "absl/strings/str_format.h"
#include "bench/command.h"
#include "bench/json_lines.h"
#include "bench/judge/engagements.h"
#include "bench/learn/ranker_file.h"
#include "bench/learn/ranker_trial.h"
#include "bench/learning_queries.h"
#include "bench/quality/checks.h"
#include "bench/report.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

struct TrainArguments {
  std::string docs, queries, qrels, engagements, out, json, target = "result";
  std::vector<std::string> doc_fields = {"title", "text"};
  bool accept_anyway = false;
  PropensityOptions propensity;
  QualityOptions engine;
  TrialOptions trial;
};

const std::map<std::string, QualityTarget> kTargets = {{"result", QualityTarget::kResult},
                                                       {"partner", QualityTarget::kPartner},
                                                       {"expert", QualityTarget::kExpert}};

void ShowProgress(size_t done, size_t total) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::cerr << "\r" << done << " of " << total << " queries" << (done == total ? "\n" : "") << std::flush;
}

absl::StatusOr<EngagementLabels> ReadLabels(const TrainArguments& arguments, const Ids& queries) {
  if (arguments.engagements.empty()) return EngagementLabels();
  DX_ASSIGN_OR_RETURN(const std::vector<Engagement> engagements, ReadEngagements(arguments.engagements));
  for (const Engagement& engagement : engagements) {
    if (queries.contains(engagement.need)) continue;
    return absl::InvalidArgumentError(engagement.place + ": need " + engagement.need + " is not in " +
                                      arguments.queries +
                                      "; expected every need with its text; add its line");
  }
  return LabelEngagements(engagements, arguments.propensity);
}

absl::StatusOr<std::vector<LearningQuery>> ReadLearning(const TrainArguments& arguments, Report& report) {
  const QualityTarget target = kTargets.at(arguments.target);
  DX_ASSIGN_OR_RETURN(const std::vector<Record> records,
                      ReadCollection(arguments.docs, target, DocumentFields{arguments.doc_fields}));
  DX_ASSIGN_OR_RETURN(const std::vector<TextQuery> queries, ReadQueries(arguments.queries));
  DX_ASSIGN_OR_RETURN(const Qrels qrels, ReadQrels(arguments.qrels));
  Ids ids;
  for (const TextQuery& query : queries) ids.insert(query.id);
  DX_RETURN_IF_ERROR(CheckQrelsQueries(arguments.qrels, ids));
  DX_ASSIGN_OR_RETURN(const EngagementLabels labels, ReadLabels(arguments, ids));
  QualityOptions options = arguments.engine;
  options.target = target;
  DX_ASSIGN_OR_RETURN(
      std::vector<LearningQuery> learning,
      AskForLearning(records, queries, qrels, labels, arguments.trial.folds, options, ShowProgress));
  size_t judged = 0, found = 0, engaged = 0;
  for (const LearningQuery& query : learning) {
    judged += query.grades.size();
    engaged += query.engaged.size();
    for (const LearnedCandidate& candidate : query.candidates)
      found += query.grades.contains(candidate.name.id) ? 1 : 0;
  }
  report.Section("Learnt from");
  report.Add(
      {"queries", static_cast<double>(learning.size()), "", {}, std::to_string(qrels.size()) + " judged"});
  report.Add({"judgements",
              static_cast<double>(judged),
              "",
              {},
              std::to_string(found) + " of candidates that the engine finds"});
  if (!arguments.engagements.empty()) {
    report.Add({"pairs with engagements",
                static_cast<double>(engaged),
                "",
                {},
                std::to_string(labels.without_position) + " engaged ones without a position weigh 1"});
  }
  return learning;
}

void AddTrial(const Trial& trial, Report& report) {
  report.Section("On queries that the ranker has not seen: " + trial.measure);
  report.Add({"queries scored", static_cast<double>(trial.queries), "", {}, ""});
  report.Add({"linear fusion", trial.linear, "", {}, ""});
  report.Add({"learned, out of fold", trial.learned, "", {}, ""});
  report.Add({"difference",
              trial.learned - trial.linear,
              "",
              {},
              absl::StrFormat("95 %% interval %+.4f to %+.4f, p = %.3f", trial.interval.low,
                              trial.interval.high, trial.p_value)});
  report.details()["trial"] = {{"measure", trial.measure},
                               {"queries", trial.queries},
                               {"linear", trial.linear},
                               {"learned", trial.learned},
                               {"interval", {trial.interval.low, trial.interval.high}},
                               {"p_value", trial.p_value},
                               {"accepted", trial.accepted}};
}

// How often each feature decides, most often first.
std::string SplitsText(const std::vector<std::string>& dumps) {
  std::vector<std::pair<size_t, std::string>> counts;
  for (size_t i = 0; i < kLearnedFeatures; ++i) {
    const std::string name = "\"f" + std::to_string(i) + "\"";
    size_t count = 0;
    for (const std::string& dump : dumps) {
      for (size_t at = dump.find(name); at != std::string::npos; at = dump.find(name, at + 1)) ++count;
    }
    if (count > 0) counts.emplace_back(count, kLearnedFeatureNames[i]);
  }
  std::sort(counts.rbegin(), counts.rend());
  std::string text;
  for (const auto& [count, name] : counts)
    text += (text.empty() ? "" : ", ") + name + " " + std::to_string(count);
  return text;
}

absl::Status WriteRanker(const TrainArguments& arguments, const std::vector<LearningQuery>& learning,
                         const Trial& trial, Report& report) {
  DX_ASSIGN_OR_RETURN(const TrainedRanker trained,
                      TrainRanker(learning, JudgedBothWays(learning), arguments.trial,
                                  [](const LearningQuery&) { return true; }));
  nlohmann::ordered_json training = {{"rounds", arguments.trial.trees.rounds},
                                     {"depth", arguments.trial.trees.depth},
                                     {"learning_rate", arguments.trial.trees.learning_rate},
                                     {"seed", arguments.trial.trees.seed},
                                     {"folds", arguments.trial.folds},
                                     {"rows", trained.rows},
                                     {"groups", trained.groups},
                                     {"scale", trained.scale},
                                     {"trial", report.details()["trial"]}};
  DX_ASSIGN_OR_RETURN(const std::string text,
                      RankerFile(arguments.target, trained.trees.dumps, trained.scale, training));
  DX_RETURN_IF_ERROR(WriteFileAtomically(arguments.out, text));
  report.Section("Written");
  report.Add({"trees", static_cast<double>(trained.ranker->trees()), "", {}, arguments.out});
  report.Add({"rows", static_cast<double>(trained.rows), "", {}, std::to_string(trained.groups) + " groups"});
  report.Add({"scale", trained.scale, "", {}, "points of score for log odds of 1"});
  std::cout << (trial.accepted ? "accepted" : "not accepted, written all the same (--accept-anyway)")
            << "\nsplits: " << SplitsText(trained.trees.dumps) << "\n";
  return absl::OkStatus();
}

absl::Status RunTrainRanker(TrainArguments& arguments, int& exit_code) {
  arguments.trial.target = arguments.target;
  arguments.trial.measure = arguments.target == "result" ? Measure{MeasureKind::kNdcgPool, 10}
                                                         : Measure{MeasureKind::kReciprocalRank, 10};
  arguments.trial.chance.seed = arguments.trial.trees.seed;
  Report report("Does a ranker learnt from judgements order candidates better than the linear fusion?",
                {{"docs", arguments.docs},
                 {"queries", arguments.queries},
                 {"qrels", arguments.qrels},
                 {"engagements", arguments.engagements},
                 {"target", arguments.target},
                 {"rel", std::to_string(arguments.trial.rel)},
                 {"min-judged", std::to_string(arguments.trial.min_judged)},
                 {"folds", std::to_string(arguments.trial.folds)},
                 {"rounds", std::to_string(arguments.trial.trees.rounds)},
                 {"seed", std::to_string(arguments.trial.trees.seed)},
                 {"ranking", arguments.engine.tables.ranking},
                 {"model", arguments.engine.tables.model}});
  DX_ASSIGN_OR_RETURN(const std::vector<LearningQuery> learning, ReadLearning(arguments, report));
  report.Print();
  DX_ASSIGN_OR_RETURN(const Trial trial, TryRanker(learning, arguments.trial));
  AddTrial(trial, report);
  report.Print();
  if (trial.accepted || arguments.accept_anyway) {
    DX_RETURN_IF_ERROR(WriteRanker(arguments, learning, trial, report));
    report.Print();
  } else {
    std::cout << "not accepted: the interval's lower end is not above 0; nothing was written\n";
    exit_code = kExitFailed;
  }
  return report.Write(arguments.json);
}

void AddInputOptions(CLI::App& command, TrainArguments& arguments) {
  command.add_option("--docs", arguments.docs, "JSON Lines: id, title, text; owners for partner and expert")
      ->required();
  command.add_option("--queries", arguments.queries, "JSON Lines: id, title, text")->required();
  command.add_option("--qrels", arguments.qrels, "Judgements: query 0 document grade")->required();
  command.add_option("--engagements", arguments.engagements,
                     "Also learn from these: JSON Lines need, candidate, step, time, position");
  std::vector<std::string> targets;
  for (const auto& [name, target] : kTargets) targets.push_back(name);
  command.add_option("--target", arguments.target, "What is ranked")
      ->check(CLI::IsMember(targets))
      ->capture_default_str();
  command.add_option("--doc-fields", arguments.doc_fields, "Keys of a document that are searched")
      ->delimiter(',')
      ->capture_default_str();
  command.add_option("--rel", arguments.trial.rel, "Lowest grade that counts as relevant")
      ->check(CLI::Range(1, kGradeMax))
      ->capture_default_str();
  command
      .add_option("--min-judged", arguments.trial.min_judged,
                  "Score only queries with so many judged documents")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command.add_option("--depth", arguments.engine.depth, "Candidates a query")
      ->check(CLI::Range(static_cast<int>(kLearnedCandidates), kMatchEntriesMax))
      ->capture_default_str();
}

void AddTrainingOptions(CLI::App& command, TrainArguments& arguments) {
  command.add_option("--folds", arguments.trial.folds, "Of queries, for the trial")
      ->check(CLI::Range(2, 100))
      ->capture_default_str();
  command.add_option("--rounds", arguments.trial.trees.rounds, "Trees")
      ->check(CLI::Range(1, static_cast<int>(LearnedRanker::kTreesMax)))
      ->capture_default_str();
  command.add_option("--tree-depth", arguments.trial.trees.depth, "Of a tree")
      ->check(CLI::Range(1, 8))
      ->capture_default_str();
  command.add_option("--learning-rate", arguments.trial.trees.learning_rate, "Share of a tree that counts")
      ->check(CLI::Range(0.001, 1.0))
      ->capture_default_str();
  command.add_option("--seed", arguments.trial.trees.seed, "Of training and of the bootstrap")
      ->capture_default_str();
  command
      .add_option("--eta", arguments.propensity.eta,
                  "A candidate shown at rank r is looked at with probability 1/r^eta")
      ->check(CLI::Range(0.0, 5.0))
      ->capture_default_str();
  command.add_option("--weight-max", arguments.propensity.weight_max, "Of one engagement")
      ->check(CLI::Range(1.0, 1000.0))
      ->capture_default_str();
  command.add_flag("--accept-anyway", arguments.accept_anyway, "Write the ranker even if it is not better");
}

}  // namespace

void AddTrainRankerCommand(CLI::App& app, Outcome& outcome) {
  CLI::App* command = app.add_subcommand(
      "train-ranker", "Learn a re-ranker from judgements; write it only if it beats the linear fusion");
  auto arguments = std::make_shared<TrainArguments>();
  AddInputOptions(*command, *arguments);
  command
      ->add_option("--out", arguments->out, "The ranker's file, for \"learned_ranker\" in the ranking file")
      ->required();
  AddTrainingOptions(*command, *arguments);
  AddJsonOption(*command, arguments->json);
  ProgramTables& tables = arguments->engine.tables;
  command->add_option("--ranking", tables.ranking, "Ranking weights")->capture_default_str();
  command->add_option("--model", tables.model, "Embedding model")->capture_default_str();
  command->add_option("--lexicon", tables.lexicon, "Folder of the lexicon")->capture_default_str();
  AddPolicyOption(*command, tables.policy);
  command->add_option("--threads", arguments->engine.threads, "0: all cores; training itself uses one")
      ->capture_default_str();
  command->footer(
      "Example: dongxi-bench train-ranker --docs results.jsonl --queries queries.jsonl --qrels qrels.txt \\\n"
      "           --target result --rel 2 --min-judged 10 --out ranker.json");
  command->callback(
      [arguments, &outcome] { outcome.status = RunTrainRanker(*arguments, outcome.exit_code); });
}

}  // namespace dongxi::bench
