// dongxi-bench requirement-features: would the verdicts on requirements, as features of the ranker, rank the
// sample better?
#include <algorithm>
#include <array>
#include <memory>
#include <numeric>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "bench/command.h"
#include "bench/graded_sample.h"
#include "bench/quality/significance.h"
#include "bench/report.h"
#include "bench/requirement_features.h"
#include "engine/base/parallel.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr int kDepth = 100;

struct FeatureOptions {
  std::string sample = "data/sample";
  ProgramTables tables;
  std::string json;
  int threads = 0;
};

std::vector<FeaturedCandidate> CandidatesOf(const MatchList& list) {
  std::vector<FeaturedCandidate> candidates;
  for (const MatchEntry& entry : list.entries) {
    FeaturedCandidate& candidate = candidates.emplace_back();
    candidate.id = entry.name.id;
    candidate.score = entry.score;
    for (const RequirementFeature& feature : RequirementFeatures()) {
      candidate.features.push_back(feature.of(entry.requirements));
    }
  }
  return candidates;
}

absl::StatusOr<std::array<FeaturedRun, kLists>> RunsOf(const GradedSample& sample, int threads) {
  std::vector<const Record*> needs;
  for (const auto& [id, need] : sample.needs) needs.push_back(&need);
  std::vector<absl::Status> errors(needs.size());
  std::vector<std::array<std::vector<FeaturedCandidate>, kLists>> found(needs.size());
  ParallelChunks(needs.size(), 1, threads > 0 ? threads : DefaultThreads(), [&](size_t i, size_t) {
    MatchQuestion question = SampleQuestion(*needs[i]);
    question.settings.detail = Detail::kFull;
    question.settings.limit = kDepth;
    const absl::StatusOr<MatchAnswer> answer = Match(sample.data->context(), question);
    errors[i] = answer.status();
    if (!answer.ok()) return;
    found[i] = {CandidatesOf(answer->results), CandidatesOf(answer->partners), CandidatesOf(answer->experts)};
  });
  std::array<FeaturedRun, kLists> runs;
  for (size_t i = 0; i < needs.size(); ++i) {
    DX_RETURN_IF_ERROR(errors[i]);
    for (size_t list = 0; list < kLists; ++list) runs[list][needs[i]->id] = std::move(found[i][list]);
  }
  return runs;
}

void AddTrial(const FeatureTrial& trial, Report& report) {
  const double mean = std::accumulate(trial.gains.begin(), trial.gains.end(), 0.0) /
                      static_cast<double>(std::max<size_t>(1, trial.gains.size()));
  const MeanInterval interval = BootstrapInterval(trial.gains, {});
  const auto helped = std::count_if(trial.fold_gains.begin(), trial.fold_gains.end(),
                                    [](double gain) { return gain > 1e-9; });
  report.Add(
      {trial.name,
       mean,
       "",
       {},
       absl::StrFormat("95 %% %+.4f to %+.4f; better in %d of %d folds, %d of %d needs moved; weights %s",
                       interval.low, interval.high, helped, kFeatureFolds, trial.needs_moved,
                       trial.gains.size(), absl::StrJoin(trial.fold_weights, " "))});
}

absl::Status Run(const FeatureOptions& options) {
  DX_ASSIGN_OR_RETURN(const GradedSample sample,
                      OpenGradedSample(options.sample, options.tables, options.threads));
  DX_ASSIGN_OR_RETURN(const auto runs, RunsOf(sample, options.threads));
  Report report("Would the verdicts on requirements rank better, one at a time?",
                {{"sample", options.sample}});
  for (size_t list = 0; list < kLists; ++list) {
    report.Section(absl::StrFormat(
        "%s: gain in nDCG@10 (judged pool) over the served ranking, weight from the other folds",
        kListNames[list].name));
    for (size_t feature = 0; feature < RequirementFeatures().size(); ++feature) {
      DX_ASSIGN_OR_RETURN(const FeatureTrial trial,
                          TryFeature(runs[list], sample.qrels[list], kAdequateGrade, feature));
      AddTrial(trial, report);
    }
  }
  report.Print();
  return report.Write(options.json);
}

}  // namespace

void AddRequirementFeaturesCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<FeatureOptions>();
  CLI::App* command = app.add_subcommand(
      "requirement-features",
      "Verdicts on requirements as features of the ranker, each with its gain across folds");
  command->add_option("--sample", options->sample, "Folder of the graded sample")->capture_default_str();
  command->add_option("--threads", options->threads, "0: all cores")->check(CLI::Range(0, 1024));
  AddTableOptions(*command, options->tables);
  AddJsonOption(*command, options->json);
  command->footer("Example: dongxi-bench requirement-features");
  command->callback([options, &outcome] { outcome.status = Run(*options); });
}

}  // namespace dongxi::bench
