// dongxi-bench calibrate: does the probability that a match is adequate mean what it says, and below which is
// "no adequate match" the right answer?
#include <algorithm>
#include <iostream>
#include <memory>
#include <set>

#include "absl/strings/str_format.h"
#include "bench/adequacy_fit.h"
#include "bench/adequacy_inputs.h"
#include "bench/command.h"
#include "bench/graded_sample.h"
#include "bench/quality/calibration.h"
#include "bench/report.h"
#include "bench/statistics.h"
#include "bench/threshold.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr size_t kFolds = 5;
constexpr double kWrongShareMax = 0.05;
constexpr double kRightMin = 8;
constexpr size_t kRankingBytesMax = 1 << 20;

struct CalibrateOptions {
  std::string sample = "data/sample";
  ProgramTables tables;
  bool write = false;
  std::string json;
  int threads = 0;
};

// All judged pairs, and the list that each is of.
struct Pairs {
  std::vector<JudgedPair> pairs;
  std::vector<size_t> lists;
  size_t not_offered = 0;  // the engine never lists the candidate for this need
};

using InputsOfNeeds = std::map<std::string, CandidateInputs>;

absl::StatusOr<InputsOfNeeds> InputsOf(const GradedSample& sample) {
  InputsOfNeeds inputs;
  for (const auto& [id, need] : sample.needs) {
    absl::StatusOr<CandidateInputs> of_need = AdequacyInputs(sample.data->context(), need);
    if (!of_need.ok()) {
      return absl::Status(of_need.status().code(),
                          "need " + id + ": " + std::string(of_need.status().message()));
    }
    inputs.emplace(id, *std::move(of_need));
  }
  return inputs;
}

Pairs PairsOf(const GradedSample& sample, const InputsOfNeeds& inputs) {
  Pairs all;
  for (size_t list = 0; list < kLists; ++list) {
    for (const auto& [need, grades] : sample.qrels[list]) {
      const auto& candidates = inputs.at(need)[list];
      for (const auto& [candidate, grade] : grades) {
        const auto found = candidates.find(candidate);
        if (found == candidates.end()) {
          ++all.not_offered;
          continue;
        }
        all.pairs.push_back({need, found->second, grade >= kAdequateGrade});
        all.lists.push_back(list);
      }
    }
  }
  return all;
}

// `list` < kLists: of its pairs alone.
absl::StatusOr<Calibration> CalibrationOf(const Pairs& pairs, const std::vector<double>& probabilities,
                                          size_t list) {
  std::vector<Forecast> forecasts;
  for (size_t i = 0; i < pairs.pairs.size(); ++i) {
    if (list == kLists || pairs.lists[i] == list)
      forecasts.push_back({probabilities[i], pairs.pairs[i].adequate});
  }
  return Calibrate(forecasts);
}

void AddErrors(const std::string& whose, const Calibration& calibration, bool bar, Report& report) {
  const double without_skill = calibration.base_rate * (1 - calibration.base_rate);
  double said = 0;
  for (const ReliabilityBin& bin : calibration.bins) {
    said += bin.predicted * static_cast<double>(bin.count) / static_cast<double>(calibration.count);
  }
  report.Add({"ECE, " + whose,
              calibration.ece,
              "",
              {},
              absl::StrFormat("%d pairs, mean said %.3f, happened %.3f", calibration.count, said,
                              calibration.base_rate)});
  report.Add({"Brier, " + whose, calibration.brier, "",
              bar ? std::optional(AtMost(without_skill)) : std::nullopt,
              absl::StrFormat("%.3f by always saying %.0f %%", without_skill, 100 * calibration.base_rate)});
}

absl::Status AddCalibration(const Pairs& pairs, const AdequacyModel& fitted, const AdequacyModel& present,
                            Report& report) {
  report.Section("Logistic fitted to all judged pairs (in the ranking file until now)");
  report.Add({"adequacy_bias", fitted.bias, "", {}, NumberText(present.bias)});
  report.Add({"adequacy_lexical", fitted.lexical, "", {}, NumberText(present.lexical)});
  report.Add({"adequacy_semantic", fitted.semantic, "", {}, NumberText(present.semantic)});
  report.Add({"judged pairs",
              static_cast<double>(pairs.pairs.size()),
              "",
              {},
              absl::StrFormat("%d more are never listed", pairs.not_offered)});
  DX_ASSIGN_OR_RETURN(const std::vector<double> unseen, OutOfFold(pairs.pairs, kFolds));
  DX_ASSIGN_OR_RETURN(const Calibration all, CalibrationOf(pairs, unseen, kLists));
  report.Section(absl::StrFormat("Reliability, out of fold (%d folds by need): share of grade >= %d", kFolds,
                                 kAdequateGrade));
  for (const ReliabilityBin& bin : all.bins) {
    if (bin.count == 0) continue;
    report.Add({absl::StrFormat("said %.1f to %.1f", bin.from, bin.to),
                bin.happened,
                "",
                {},
                absl::StrFormat("mean %.3f, %d pairs", bin.predicted, bin.count)});
  }
  report.Section("Errors of the probability, out of fold");
  AddErrors("all lists", all, true, report);
  for (size_t list = 0; list < kLists; ++list) {
    DX_ASSIGN_OR_RETURN(const Calibration one, CalibrationOf(pairs, unseen, list));
    AddErrors(kListNames[list].name, one, false, report);
  }
  std::vector<double> before;
  for (const JudgedPair& pair : pairs.pairs) before.push_back(present.Probability(pair.inputs));
  DX_ASSIGN_OR_RETURN(const Calibration calibration, CalibrationOf(pairs, before, kLists));
  AddErrors("all lists, by the ranking file until now", calibration, false, report);
  return absl::OkStatus();
}

std::vector<LabelledAdequacy> BestOfNeeds(const GradedSample& sample, const InputsOfNeeds& inputs,
                                          const AdequacyModel& model) {
  std::vector<LabelledAdequacy> needs;
  for (const NeedLabel& label : sample.labels) {
    needs.push_back({BestProbability(model, inputs.at(label.need)), label.adequate});
  }
  return needs;
}

// Each labelled need judged by a logistic and a threshold that were both chosen without it.
absl::StatusOr<Abstentions> LeaveOneOut(const GradedSample& sample, const InputsOfNeeds& inputs,
                                        const Pairs& pairs, const AdequacyModel& fitted) {
  std::set<std::string_view> graded;
  for (const JudgedPair& pair : pairs.pairs) graded.insert(pair.need);
  std::vector<AdequacyModel> models;
  for (const NeedLabel& label : sample.labels) {
    models.push_back(fitted);
    if (!graded.contains(label.need)) continue;
    DX_ASSIGN_OR_RETURN(models.back(), FitWithout(pairs.pairs, label.need));
  }
  return CrossValidate(
      sample.labels.size(), [&](size_t left_out) { return BestOfNeeds(sample, inputs, models[left_out]); },
      kWrongShareMax);
}

void AddDistribution(const std::vector<LabelledAdequacy>& needs, bool adequate, Report& report) {
  std::vector<double> values;
  for (const LabelledAdequacy& need : needs) {
    if (need.adequate == adequate) values.push_back(need.best);
  }
  report.Section(std::string("Highest probability of any candidate, needs ") +
                 (adequate ? "with" : "without") + " an adequate offer");
  for (const double percent : {0.0, 5.0, 25.0, 50.0, 75.0, 95.0, 100.0}) {
    report.Add({absl::StrFormat("percentile %.0f", percent), Percentile(values, percent), "", {}, ""});
  }
}

void AddAbstentions(const std::string& title, const Abstentions& found,
                    const std::vector<LabelledAdequacy>& needs, Report& report) {
  const auto adequate = static_cast<double>(
      std::count_if(needs.begin(), needs.end(), [](const LabelledAdequacy& need) { return need.adequate; }));
  report.Section(title);
  report.Add({"right: said so of needs without an adequate offer", static_cast<double>(found.right), "needs",
              AtLeast(kRightMin), absl::StrFormat("of %.0f", static_cast<double>(needs.size()) - adequate)});
  report.Add({"wrong: said so of the others", static_cast<double>(found.wrong), "needs",
              AtMost(kWrongShareMax * adequate), absl::StrFormat("of %.0f", adequate)});
}

void PrintMistakes(const GradedSample& sample, const std::vector<LabelledAdequacy>& needs, double threshold) {
  std::cout << "\nNeeds on the wrong side of the threshold:\n";
  for (size_t i = 0; i < needs.size(); ++i) {
    if ((needs[i].best < threshold) != needs[i].adequate) continue;
    std::cout << absl::StrFormat("  %s  %.4f  %s  (%s)\n", sample.labels[i].need, needs[i].best,
                                 sample.needs.at(sample.labels[i].need).title,
                                 needs[i].adequate ? "has an adequate offer" : "has none");
  }
}

// Sets the four keys and keeps all others and their order.
absl::Status WriteRanking(const std::string& file, const AdequacyModel& model, double threshold) {
  DX_ASSIGN_OR_RETURN(const std::string text, ReadFile(file, kRankingBytesMax));
  nlohmann::ordered_json ranking = nlohmann::ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  const std::pair<const char*, double> values[] = {{"adequacy_bias", model.bias},
                                                   {"adequacy_lexical", model.lexical},
                                                   {"adequacy_semantic", model.semantic},
                                                   {"adequacy_threshold", threshold}};
  for (const auto& [key, value] : values) {
    if (!ranking.is_object() || !ranking.contains(key)) {
      return absl::InvalidArgumentError(file + ": expected a ranking file, a JSON object with " + key);
    }
    // Four decimals, so that the file says 0.1234 and not its nearest binary number.
    ranking[key] = nlohmann::ordered_json::parse(absl::StrFormat("%.4f", value));
  }
  DX_RETURN_IF_ERROR(WriteFileAtomically(file, ranking.dump(2) + "\n"));
  std::cout << "\nWrote the adequacy's four values to " << file << "\n";
  return absl::OkStatus();
}

absl::Status RunCalibrate(const CalibrateOptions& options) {
  Report report(
      "Does the probability that a match is adequate mean what it says, and below which is \"no adequate "
      "match\" right?",
      {{"sample", options.sample}, {"ranking", options.tables.ranking}, {"model", options.tables.model}});
  DX_ASSIGN_OR_RETURN(const GradedSample sample,
                      OpenGradedSample(options.sample, options.tables, options.threads));
  const RankingConfig& ranking = *sample.data->context().ranking;
  DX_ASSIGN_OR_RETURN(const InputsOfNeeds inputs, InputsOf(sample));
  const Pairs pairs = PairsOf(sample, inputs);
  DX_ASSIGN_OR_RETURN(const AdequacyModel fitted, FitAdequacy(pairs.pairs));
  DX_RETURN_IF_ERROR(AddCalibration(
      pairs, fitted, {ranking.adequacy_bias, ranking.adequacy_lexical, ranking.adequacy_semantic}, report));
  const std::vector<LabelledAdequacy> needs = BestOfNeeds(sample, inputs, fitted);
  const double threshold = ChooseThreshold(needs, kWrongShareMax);
  AddDistribution(needs, true, report);
  AddDistribution(needs, false, report);
  report.Section("Threshold");
  report.Add({"adequacy_threshold", threshold, "", {}, NumberText(ranking.adequacy_threshold)});
  AddAbstentions("On the needs it was chosen on", AbstentionsAt(threshold, needs), needs, report);
  DX_ASSIGN_OR_RETURN(const Abstentions left_out, LeaveOneOut(sample, inputs, pairs, fitted));
  AddAbstentions("Leave one need out, of the logistic too", left_out, needs, report);
  report.Print();
  PrintMistakes(sample, needs, threshold);
  for (size_t i = 0; i < needs.size(); ++i) {
    report.details()["needs"].push_back(
        {{"need", sample.labels[i].need}, {"adequate", needs[i].adequate}, {"best", needs[i].best}});
  }
  if (options.write) DX_RETURN_IF_ERROR(WriteRanking(options.tables.ranking, fitted, threshold));
  return report.Write(options.json);
}

}  // namespace

void AddCalibrateCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<CalibrateOptions>();
  CLI::App* command = app.add_subcommand(
      "calibrate", "Fit the probability of adequacy to the sample's graded pairs and choose its threshold");
  command->add_option("--sample", options->sample, "Folder of the sample, its labels and judgements")
      ->capture_default_str();
  AddTableOptions(*command, options->tables);
  command->add_flag("--write", options->write, "Put the values into the ranking file");
  command->add_option("--threads", options->threads, "0: all cores")->capture_default_str();
  AddJsonOption(*command, options->json);
  command->footer("Example: dongxi-bench calibrate --write");
  command->callback([options, &outcome] { outcome.status = RunCalibrate(*options); });
}

}  // namespace dongxi::bench
