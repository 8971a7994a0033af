// dongxi-bench sample-quality: how good are the matches of the sample, what does the policy cost, and has
// either become worse?
#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <memory>

#include "absl/strings/str_format.h"
#include "bench/command.h"
#include "bench/graded_sample.h"
#include "bench/quality/scores.h"
#include "bench/quality/significance.h"
#include "bench/quality_gate.h"
#include "bench/report.h"
#include "bench/sample_answers.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr double kPolicyCostMax = 0.01;
constexpr double kPolicyWeights[] = {0, 1};
constexpr size_t kWithout = 0, kWith = 1;  // policy; places in kPolicyWeights
constexpr const char* kNdcg = kSampleNdcg;
constexpr char kReciprocal[] = "MRR@10";

struct SampleQualityOptions {
  std::string sample = "data/sample";
  std::string gate = "data/sample/quality-gate.json";
  ProgramTables tables;
  bool update_gate = false;
  std::string json;
  int threads = 0;
};

// By list, then by place in kPolicyWeights.
using AllScores = std::array<std::array<Scores, std::size(kPolicyWeights)>, kLists>;

absl::StatusOr<AllScores> ScoresOf(const GradedSample& sample,
                                   const std::array<SampleAnswers, std::size(kPolicyWeights)>& answers) {
  const ScoreOptions options = SampleScoreOptions();
  AllScores scores;
  for (size_t list = 0; list < kLists; ++list) {
    // The runs hold the needs without judgements too; those are not scored.
    for (size_t weight = 0; weight < std::size(kPolicyWeights); ++weight) {
      DX_ASSIGN_OR_RETURN(scores[list][weight],
                          ScoreRun(sample.qrels[list], answers[weight].runs[list], options));
    }
  }
  return scores;
}

void AddPolicyCost(const AllScores& scores, Report& report) {
  report.Section("Cost of the policy in nDCG@10 (without it minus with it)");
  std::map<std::string, std::vector<double>> of_need;
  const auto add = [&](const std::string& name, const std::vector<double>& costs) {
    double mean = 0;
    for (const double cost : costs) mean += cost / static_cast<double>(costs.size());
    report.Add({name, mean, "", AtMost(kPolicyCostMax),
                absl::StrFormat("%s, p %.3f, %d needs", IntervalText(BootstrapInterval(costs, {})),
                                RandomizationPValue(costs, {}), costs.size())});
  };
  for (size_t list = 0; list < kLists; ++list) {
    const std::vector<double> costs =
        Differences(ValuesOf(scores[list][kWith], kNdcg), ValuesOf(scores[list][kWithout], kNdcg));
    for (size_t i = 0; i < costs.size(); ++i) of_need[scores[list][kWith].queries[i]].push_back(costs[i]);
    add(kListNames[list].name, costs);
  }
  std::vector<double> means;
  for (const auto& [need, costs] : of_need) {
    double mean = 0;
    for (const double cost : costs) mean += cost / static_cast<double>(costs.size());
    means.push_back(mean);
  }
  add("mean of a need's lists", means);
}

// What the gate compares: nDCG and MRR of each list with either policy weight, then abstention. Bars come
// from the gate.
std::vector<Figure> FiguresOf(const GradedSample& sample, const AllScores& scores,
                              const SampleAnswers& with_policy) {
  std::vector<Figure> figures;
  for (const size_t weight : {kWith, kWithout}) {
    for (size_t list = 0; list < kLists; ++list) {
      for (const char* measure : {kNdcg, kReciprocal}) {
        const Scores& of_list = scores[list][weight];
        figures.push_back(
            {absl::StrFormat("%s %s, policy %g", kListNames[list].name, measure, kPolicyWeights[weight]),
             of_list.MeanOf(measure),
             "",
             {},
             IntervalText(BootstrapInterval(ValuesOf(of_list, measure), {}))});
      }
    }
  }
  double right = 0, without = 0, answered = 0, with = 0;
  for (const NeedLabel& label : sample.labels) {
    const bool abstains = with_policy.abstains.at(label.need);
    (label.adequate ? with : without) += 1;
    if (label.adequate) answered += abstains ? 0 : 1;
    if (!label.adequate) right += abstains ? 1 : 0;
  }
  figures.push_back({"needs without an adequate offer that are told so",
                     without > 0 ? right / without : 0,
                     "",
                     {},
                     absl::StrFormat("%.0f of %.0f", right, without)});
  figures.push_back({"needs with an adequate offer that are not told so",
                     with > 0 ? answered / with : 0,
                     "",
                     {},
                     absl::StrFormat("%.0f of %.0f", answered, with)});
  return figures;
}

void AddDetails(const AllScores& scores, Report& report) {
  report.Section("Beside the gate (unjudged entries count as not relevant)");
  for (size_t list = 0; list < kLists; ++list) {
    const Scores& with = scores[list][kWith];
    const std::string name = kListNames[list].name;
    report.Add({name + " nDCG@10 full, policy 1", with.MeanOf("nDCG@10 full"), "", {}, ""});
    report.Add({name + " judged@10, policy 1", with.MeanOf("judged@10"), "", {}, ""});
    for (size_t i = 0; i < with.queries.size(); ++i) {
      report.details()[name].push_back({{"need", with.queries[i]},
                                        {"policy 1", ValuesOf(with, kNdcg)[i]},
                                        {"policy 0", ValuesOf(scores[list][kWithout], kNdcg)[i]}});
    }
  }
}

absl::Status RunSampleQuality(const SampleQualityOptions& options, Outcome& outcome) {
  Report report(
      "How good are the matches of the sample, what does the policy cost, and has either become worse?",
      {{"sample", options.sample},
       {"gate", options.gate},
       {"ranking", options.tables.ranking},
       {"model", options.tables.model}});
  DX_ASSIGN_OR_RETURN(const GradedSample sample,
                      OpenGradedSample(options.sample, options.tables, options.threads));
  std::array<SampleAnswers, std::size(kPolicyWeights)> answers;
  for (size_t weight = 0; weight < answers.size(); ++weight) {
    DX_ASSIGN_OR_RETURN(answers[weight],
                        AnswersOf(sample, sample.data->context(), kPolicyWeights[weight], options.threads));
  }
  DX_ASSIGN_OR_RETURN(const AllScores scores, ScoresOf(sample, answers));
  const MatchContext& context = sample.data->context();
  std::vector<Figure> figures = FiguresOf(sample, scores, answers[kWith]);
  QualityGate now = {context.generation->embedder->model_id(), context.ranking->name, {}};
  for (const Figure& figure : figures) now.figures.push_back({figure.name, figure.value});
  if (options.update_gate) DX_RETURN_IF_ERROR(WriteGate(options.gate, now));
  DX_ASSIGN_OR_RETURN(const QualityGate committed, ReadGate(options.gate));
  DX_ASSIGN_OR_RETURN(const std::vector<double> lowest, LowestPassing(committed, now.figures));
  report.Section("Gate: committed with " + committed.ranking + " and " + committed.model + ", less " +
                 NumberText(kGateSlack));
  for (size_t i = 0; i < figures.size(); ++i) {
    figures[i].bar = AtLeast(lowest[i]);
    report.Add(std::move(figures[i]));
  }
  const int fallen = report.missed();
  AddPolicyCost(scores, report);
  AddDetails(scores, report);
  report.Print();
  if (fallen > 0) {
    outcome.exit_code = kExitFailed;
    std::cerr << "dongxi-bench sample-quality: " << fallen << " figures are below " << options.gate
              << "; find out why, or, if the fall is meant, commit the file that --update-gate writes\n";
  }
  return report.Write(options.json);
}

}  // namespace

void AddSampleQualityCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<SampleQualityOptions>();
  CLI::App* command = app.add_subcommand(
      "sample-quality", "Quality of the sample's graded matches; fails if it is below the committed gate");
  command->add_option("--sample", options->sample, "Folder of the sample, its labels and judgements")
      ->capture_default_str();
  command->add_option("--gate", options->gate, "The committed figures")->capture_default_str();
  command->add_flag("--update-gate", options->update_gate, "Write the figures of this run into that file");
  AddTableOptions(*command, options->tables);
  command->add_option("--threads", options->threads, "0: all cores")->capture_default_str();
  AddJsonOption(*command, options->json);
  command->footer("Example: dongxi-bench sample-quality --update-gate");
  command->callback([options, &outcome] { outcome.status = RunSampleQuality(*options, outcome); });
}

}  // namespace dongxi::bench
