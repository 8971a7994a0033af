// dongxi-bench threshold: below which adequacy is "no adequate match" the right answer?
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>

#include "absl/strings/str_format.h"
#include "bench/command.h"
#include "bench/match_client.h"
#include "bench/report.h"
#include "bench/sample.h"
#include "bench/served_data.h"
#include "bench/statistics.h"
#include "bench/threshold.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr double kWrongShareMax = 0.05;
constexpr double kRightMin = 8;
constexpr size_t kRankingBytesMax = 1 << 20;
constexpr char kThresholdKey[] = "adequacy_threshold";

struct ThresholdOptions {
  std::string data, server;
  std::string labels = "data/sample/labels.jsonl";
  std::string write;
  ProgramTables tables;
  std::string json;
};

// The best adequacy of one need over all three lists, and which entry has it.
struct BestEntry {
  double adequacy = 0;
  std::string name;

  void Offer(double candidate, const std::string& candidate_name) {
    if (candidate <= adequacy) return;
    adequacy = candidate;
    name = candidate_name;
  }
};
using BestOfNeed = std::function<absl::StatusOr<BestEntry>(const std::string& need)>;

absl::StatusOr<BestEntry> BestInProcess(const ServedData& served, const std::string& need) {
  DX_ASSIGN_OR_RETURN(Record record, served.catalogue().Get(RecordKind::kNeed, need));
  MatchQuestion question = QuestionOf(std::move(record));
  question.settings.limit = kMatchEntriesMax;
  question.settings.detail = Detail::kNamesOnly;
  DX_ASSIGN_OR_RETURN(const MatchAnswer answer, Match(served.context(), question));
  BestEntry best;
  for (const MatchList* list : {&answer.partners, &answer.experts, &answer.results}) {
    for (const MatchEntry& entry : list->entries)
      best.Offer(entry.adequacy, ResourceName(entry.name.kind, entry.name.id));
  }
  return best;
}

absl::StatusOr<BestEntry> BestFromServer(const MatchClient& client, const std::string& need) {
  v1::MatchRequest request;
  request.set_need_name(ResourceName(RecordKind::kNeed, need));
  request.set_page_size(kMatchEntriesMax);
  request.set_view(v1::MATCH_VIEW_ID_ONLY);
  DX_ASSIGN_OR_RETURN(const v1::MatchResponse answer, client.Match(request));
  BestEntry best;
  for (const v1::MatchList* list : {&answer.partners(), &answer.experts(), &answer.results()}) {
    for (const v1::MatchEntry& entry : list->entries()) best.Offer(entry.adequacy(), entry.name());
  }
  return best;
}

struct JudgedNeeds {
  std::vector<NeedLabel> labels;
  std::vector<BestEntry> best;
  std::vector<LabelledAdequacy> adequacies;
};

absl::StatusOr<JudgedNeeds> Judge(const ThresholdOptions& options, const BestOfNeed& best_of) {
  JudgedNeeds judged;
  DX_ASSIGN_OR_RETURN(judged.labels, ReadLabels(options.labels));
  for (const NeedLabel& label : judged.labels) {
    DX_ASSIGN_OR_RETURN(const BestEntry best, best_of(label.need));
    judged.best.push_back(best);
    judged.adequacies.push_back({best.adequacy, label.adequate});
  }
  return judged;
}

void AddDistribution(const JudgedNeeds& judged, bool adequate, Report& report) {
  std::vector<double> values;
  for (const LabelledAdequacy& need : judged.adequacies) {
    if (need.adequate == adequate) values.push_back(need.best);
  }
  const std::string who = adequate ? "needs with an adequate offer" : "needs without an adequate offer";
  report.Section("Best adequacy of all lists, " + who);
  report.Add({"needs", static_cast<double>(values.size()), "", {}, ""});
  for (const double percent : {1.0, 5.0, 25.0, 50.0, 75.0, 95.0, 100.0}) {
    report.Add({absl::StrFormat("percentile %.0f", percent), Percentile(values, percent), "", {}, ""});
  }
}

void AddAbstentions(const std::string& title, const Abstentions& found, const JudgedNeeds& judged, bool bars,
                    Report& report) {
  const auto adequate = static_cast<double>(std::count_if(judged.adequacies.begin(), judged.adequacies.end(),
                                                          [](const auto& need) { return need.adequate; }));
  const double others = static_cast<double>(judged.adequacies.size()) - adequate;
  report.Section(title);
  report.Add({"right: said so of needs without an adequate offer", static_cast<double>(found.right), "needs",
              bars ? std::optional(AtLeast(kRightMin)) : std::nullopt, absl::StrFormat("of %.0f", others)});
  report.Add({"wrong: said so of the others", static_cast<double>(found.wrong), "needs",
              bars ? std::optional(AtMost(kWrongShareMax * adequate)) : std::nullopt,
              absl::StrFormat("of %.0f", adequate)});
}

// The needs on which the threshold errs, with the entry that decided.
void PrintMistakes(const JudgedNeeds& judged, double threshold) {
  std::cout << "\nNeeds on the wrong side of the threshold:\n";
  for (size_t i = 0; i < judged.labels.size(); ++i) {
    const bool abstains = judged.best[i].adequacy < threshold;
    if (abstains != judged.labels[i].adequate) continue;
    std::cout << absl::StrFormat("  %s  best %.4f by %s  (%s)\n", judged.labels[i].need,
                                 judged.best[i].adequacy,
                                 judged.best[i].name.empty() ? "nothing" : judged.best[i].name,
                                 judged.labels[i].adequate ? "has an adequate offer" : "has none");
  }
}

absl::Status WriteThreshold(const std::string& file, double threshold) {
  DX_ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kRankingBytesMax));
  nlohmann::ordered_json ranking = nlohmann::ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!ranking.is_object() || !ranking.contains(kThresholdKey)) {
    return absl::InvalidArgumentError(file + ": expected a ranking file, a JSON object with " +
                                      kThresholdKey);
  }
  // Four decimals, so that the file says 0.1234 and not its nearest binary number.
  ranking[kThresholdKey] = nlohmann::ordered_json::parse(absl::StrFormat("%.4f", threshold));
  DX_RETURN_IF_ERROR(WriteFileAtomically(file, ranking.dump(2) + "\n"));
  std::cout << "\nWrote " << kThresholdKey << " to " << file << "\n";
  return absl::OkStatus();
}

absl::StatusOr<JudgedNeeds> JudgeWithEngine(const ThresholdOptions& options) {
  if (!options.server.empty()) {
    const MatchClient client(options.server);
    return Judge(options, [&client](const std::string& need) { return BestFromServer(client, need); });
  }
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<ServedData> served,
                      ServedData::Open(options.data, options.tables));
  return Judge(options, [&served](const std::string& need) { return BestInProcess(*served, need); });
}

absl::Status RunThreshold(const ThresholdOptions& options) {
  Report report(
      "Below which adequacy is \"no adequate match\" the right answer for the labelled needs?",
      {{options.server.empty() ? "data" : "server", options.server.empty() ? options.data : options.server},
       {"labels", options.labels},
       {"wrong at most", absl::StrFormat("%.0f %%", kWrongShareMax * 100)}});
  DX_ASSIGN_OR_RETURN(const JudgedNeeds judged, JudgeWithEngine(options));
  const double threshold = ChooseThreshold(judged.adequacies, kWrongShareMax);
  AddDistribution(judged, true, report);
  AddDistribution(judged, false, report);
  report.Section("Choice");
  report.Add({"threshold", threshold, "", {}, ""});
  AddAbstentions("On the needs it was chosen on", AbstentionsAt(threshold, judged.adequacies), judged, true,
                 report);
  AddAbstentions("Cross-validated, leave one need out", CrossValidate(judged.adequacies, kWrongShareMax),
                 judged, true, report);
  report.Print();
  PrintMistakes(judged, threshold);
  for (size_t i = 0; i < judged.labels.size(); ++i) {
    report.details()["needs"].push_back({{"need", judged.labels[i].need},
                                         {"adequate", judged.labels[i].adequate},
                                         {"best", judged.best[i].adequacy},
                                         {"by", judged.best[i].name}});
  }
  if (!options.write.empty()) DX_RETURN_IF_ERROR(WriteThreshold(options.write, threshold));
  return report.Write(options.json);
}

}  // namespace

void AddThresholdCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<ThresholdOptions>();
  CLI::App* command = app.add_subcommand("threshold", "Choose the threshold of adequacy on labelled needs");
  CLI::Option_group* source = command->add_option_group("source");
  source->add_option("--data", options->data,
                     "Data directory with the labelled needs and a generation, opened here");
  source->add_option("--server", options->server, "HOST:PORT of a server that serves them");
  source->require_option(1);
  command->add_option("--labels", options->labels, "Labels: need, task, adequate")->capture_default_str();
  command->add_option("--write", options->write, "Ranking file whose adequacy_threshold is set");
  AddPolicyOption(*command, options->tables.policy);
  command->add_option("--ranking", options->tables.ranking, "Ranking file, with --data")
      ->capture_default_str();
  AddJsonOption(*command, options->json);
  command->footer("Example: dongxi-bench threshold --data demo-data --write data/ranking/default.json");
  command->callback([options, &outcome] { outcome.status = RunThreshold(*options); });
}

}  // namespace dongxi::bench
