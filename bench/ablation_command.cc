// dongxi-bench ablation: what does each boost and penalty of the ranking do to the order of the sample?
#include <algorithm>
#include <array>
#include <memory>

#include "absl/strings/str_format.h"
#include "bench/command.h"
#include "bench/graded_sample.h"
#include "bench/report.h"
#include "bench/sample_answers.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

struct AblationOptions {
  std::string sample = "data/sample";
  ProgramTables tables;
  std::string json;
  int threads = 0;
};

// What is taken out of the ranking at a time. The cool-down of pairs is not among them: it needs a ledger,
// and the sample's needs have none.
struct Part {
  const char* name;
  double RankingConfig::*weight;
};
constexpr Part kParts[] = {{"policy_boost_max", &RankingConfig::policy_boost_max},
                           {"mode_boost_max", &RankingConfig::mode_boost_max},
                           {"maturity_boost_max", &RankingConfig::maturity_boost_max},
                           {"condition_boost_max", &RankingConfig::condition_boost_max},
                           {"standing_penalty", &RankingConfig::standing_penalty},
                           {"feedback", &RankingConfig::feedback},
                           {"semantic", &RankingConfig::semantic}};
constexpr double kPolicyWeight = 1;
constexpr size_t kShown = 10;

struct Graded {
  SampleAnswers answers;
  std::array<Scores, kLists> scores;
};

absl::StatusOr<Graded> GradedWith(const GradedSample& sample, std::shared_ptr<const RankingConfig> ranking,
                                  int threads) {
  MatchContext context = sample.data->context();
  context.ranking = std::move(ranking);
  Graded graded;
  DX_ASSIGN_OR_RETURN(graded.answers, AnswersOf(sample, context, kPolicyWeight, threads));
  for (size_t list = 0; list < kLists; ++list) {
    DX_ASSIGN_OR_RETURN(graded.scores[list],
                        ScoreRun(sample.qrels[list], graded.answers.runs[list], SampleScoreOptions()));
  }
  return graded;
}

bool SameOrder(const RankedDocuments& a, const RankedDocuments& b) {
  const size_t shown = std::min(kShown, std::max(a.size(), b.size()));
  if (a.size() < shown || b.size() < shown) return false;
  return std::equal(a.begin(), a.begin() + static_cast<ptrdiff_t>(shown), b.begin(),
                    [](const auto& one, const auto& other) { return one.document == other.document; });
}

size_t NeedsMoved(const SystemRun& a, const SystemRun& b) {
  return static_cast<size_t>(std::count_if(a.queries.begin(), a.queries.end(), [&](const auto& query) {
    return !SameOrder(query.second, b.queries.at(query.first));
  }));
}

absl::Status AddPart(const GradedSample& sample, const Graded& whole, const Part& part, int threads,
                     Report& report) {
  auto ranking = std::make_shared<RankingConfig>(*sample.data->context().ranking);
  report.Section(absl::StrFormat("%s 0 instead of %g", part.name, (*ranking).*part.weight));
  (*ranking).*part.weight = 0;
  DX_ASSIGN_OR_RETURN(const Graded without, GradedWith(sample, ranking, threads));
  for (size_t list = 0; list < kLists; ++list) {
    const std::vector<double> gains =
        Differences(ValuesOf(without.scores[list], kSampleNdcg), ValuesOf(whole.scores[list], kSampleNdcg));
    double mean = 0;
    for (const double gain : gains) mean += gain / static_cast<double>(gains.size());
    report.Add({std::string(kListNames[list].name) + ", gain in nDCG@10",
                mean,
                "",
                {},
                absl::StrFormat("%s, p %.3f; another top 10 in %d of %d needs",
                                IntervalText(BootstrapInterval(gains, {})), RandomizationPValue(gains, {}),
                                NeedsMoved(whole.answers.runs[list], without.answers.runs[list]),
                                whole.answers.runs[list].queries.size())});
  }
  return absl::OkStatus();
}

absl::Status RunAblation(const AblationOptions& options) {
  Report report("What does each boost and penalty of the ranking do to the order of the sample?",
                {{"sample", options.sample}, {"ranking", options.tables.ranking}});
  DX_ASSIGN_OR_RETURN(const GradedSample sample,
                      OpenGradedSample(options.sample, options.tables, options.threads));
  DX_ASSIGN_OR_RETURN(const Graded whole,
                      GradedWith(sample, sample.data->context().ranking, options.threads));
  for (const Part& part : kParts) DX_RETURN_IF_ERROR(AddPart(sample, whole, part, options.threads, report));
  report.Print();
  return report.Write(options.json);
}

}  // namespace

void AddAblationCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<AblationOptions>();
  CLI::App* command = app.add_subcommand(
      "ablation", "What each boost and penalty of the ranking does to the sample's graded matches");
  command->add_option("--sample", options->sample, "Folder of the sample, its labels and judgements")
      ->capture_default_str();
  AddTableOptions(*command, options->tables);
  command->add_option("--threads", options->threads, "0: all cores")->capture_default_str();
  AddJsonOption(*command, options->json);
  command->footer(
      "A gain is nDCG@10 with the part less nDCG@10 without it, need by need.\n"
      "Example: dongxi-bench ablation --json ablation.json");
  command->callback([options, &outcome] { outcome.status = RunAblation(*options); });
}

}  // namespace dongxi::bench
