#include "bench/learn/ranker_trial.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "bench/learn/ranker_file.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

absl::Status CheckSums(const TreeRows& rows, const TrainedRanker& trained) {
  for (size_t row = 0; row < rows.size(); ++row) {
    LearnedFeatures features;
    std::copy_n(rows.features.begin() + static_cast<std::ptrdiff_t>(row * rows.columns), rows.columns,
                features.begin());
    const double ours = trained.ranker->Sum(features) / trained.scale,
                 theirs = double{trained.trees.fitted[row]};
    if (std::abs(ours - theirs) <= 1e-5 * std::max(1.0, std::abs(theirs))) continue;
    return absl::InternalError("row " + std::to_string(row) + ": the engine's sum of the trees is " +
                               std::to_string(ours) + ", XGBoost's " + std::to_string(theirs));
  }
  return absl::OkStatus();
}

// Highest first, equal scores by name: the order of SystemRun.
void Sort(RankedDocuments& ranked) {
  std::sort(ranked.begin(), ranked.end(), [](const RankedDocument& a, const RankedDocument& b) {
    return a.score != b.score ? a.score > b.score : a.document < b.document;
  });
}

absl::StatusOr<Scores> ScoreOf(const std::vector<LearningQuery>& queries, const SystemRun& run,
                               const TrialOptions& options) {
  Qrels qrels;
  for (const LearningQuery& query : queries) {
    if (!query.grades.empty()) qrels[query.id] = query.grades;
  }
  return ScoreRun(qrels, run,
                  {.rel = options.rel, .min_judged = options.min_judged, .measures = {options.measure}});
}

}  // namespace

absl::StatusOr<TrainedRanker> TrainRanker(const std::vector<LearningQuery>& queries, bool judged_both_ways,
                                          const TrialOptions& options,
                                          const std::function<bool(const LearningQuery&)>& wanted) {
  TreeRows rows = RowsOf(queries, judged_both_ways, wanted);
  TrainedRanker trained{.scale = ScaleOf(rows), .rows = rows.size(), .groups = rows.group_sizes.size()};
  for (float& margin : rows.margins) margin = static_cast<float>(double{margin} / trained.scale);
  TreeOptions tree_options = options.trees;
  tree_options.monotone = MonotoneSigns();
  DX_ASSIGN_OR_RETURN(trained.trees, TrainTrees(rows, tree_options));
  DX_ASSIGN_OR_RETURN(const std::string text,
                      RankerFile(options.target, trained.trees.dumps, trained.scale, nullptr));
  DX_ASSIGN_OR_RETURN(trained.ranker, LearnedRanker::Parse("the trained ranker", text));
  DX_RETURN_IF_ERROR(CheckSums(rows, trained));
  return trained;
}

RankedDocuments RankWith(const LearnedRanker* ranker, const LearningQuery& query) {
  RankedDocuments ranked;
  for (size_t i = 0; i < query.candidates.size(); ++i) {
    const LearnedCandidate& candidate = query.candidates[i];
    const bool corrected = ranker != nullptr && i < kLearnedCandidates;
    ranked.push_back(
        {candidate.name.id, candidate.base + (corrected ? ranker->Score(candidate.features) : 0.0)});
  }
  Sort(ranked);
  return ranked;
}

absl::StatusOr<Trial> TryRanker(const std::vector<LearningQuery>& queries, const TrialOptions& options) {
  std::set<size_t> folds;
  for (const LearningQuery& query : queries) {
    if (!query.grades.empty()) folds.insert(query.fold);
  }
  if (folds.size() < 2) {
    return absl::InvalidArgumentError(
        "the judged queries fill " + std::to_string(folds.size()) +
        " fold; a ranker can only be judged on queries that it has not seen: give more");
  }
  const bool both_ways = JudgedBothWays(queries);
  SystemRun linear{.tag = "linear"}, learned{.tag = "learned"};
  for (const size_t fold : folds) {
    DX_ASSIGN_OR_RETURN(const TrainedRanker trained,
                        TrainRanker(queries, both_ways, options,
                                    [&](const LearningQuery& query) { return query.fold != fold; }));
    for (const LearningQuery& query : queries) {
      if (query.fold != fold || query.grades.empty()) continue;
      linear.queries[query.id] = RankWith(nullptr, query);
      learned.queries[query.id] = RankWith(trained.ranker.get(), query);
    }
  }
  DX_ASSIGN_OR_RETURN(const Scores before, ScoreOf(queries, linear, options));
  DX_ASSIGN_OR_RETURN(const Scores after, ScoreOf(queries, learned, options));
  const std::vector<double> differences = Differences(before.values[0], after.values[0]);
  Trial trial{.measure = before.measures[0],
              .queries = before.queries.size(),
              .linear = before.means[0],
              .learned = after.means[0],
              .interval = BootstrapInterval(differences, options.chance),
              .p_value = RandomizationPValue(differences, options.chance)};
  trial.accepted = trial.interval.low > 0;
  return trial;
}

}  // namespace dongxi::bench
