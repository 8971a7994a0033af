#include "bench/quality/scores.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

absl::Status CheckOptions(const ScoreOptions& options) {
  if (options.rel < 1 || options.rel > kGradeMax) {
    return absl::InvalidArgumentError("rel is " + std::to_string(options.rel) + ", expected 1.." +
                                      std::to_string(kGradeMax));
  }
  if (options.min_judged < 1) {
    return absl::InvalidArgumentError("min_judged is " + std::to_string(options.min_judged) +
                                      ", expected 1 or more");
  }
  for (const Measure& measure : options.measures) {
    if (measure.kind == MeasureKind::kPrecision && measure.cutoff == 0)
      return absl::InvalidArgumentError("precision needs a cutoff");
  }
  return absl::OkStatus();
}

// Why no query was scored; the first reason that explains all of them.
absl::Status NothingToScore(const Qrels& qrels, const ScoreOptions& options) {
  size_t relevant = 0, judged_most = 0;
  int grade_highest = 0;
  for (const auto& [query, grades] : qrels) {
    relevant += CountRelevant(grades, options.rel) > 0 ? 1 : 0;
    judged_most = std::max(judged_most, grades.size());
    for (const auto& [document, grade] : grades) grade_highest = std::max(grade_highest, grade);
  }
  std::string why = "no query can be scored: ";
  if (relevant == 0) {
    why += "none of the " + std::to_string(qrels.size()) +
           " judged queries has a document of grade >= " + std::to_string(options.rel) +
           " (highest grade: " + std::to_string(grade_highest) + "); give a lower --rel";
  } else {
    why += "none of the " + std::to_string(relevant) +
           " queries with a document of grade >= " + std::to_string(options.rel) + " has " +
           std::to_string(options.min_judged) +
           " judged documents (most of any query: " + std::to_string(judged_most) +
           "); give a lower --min-judged";
  }
  return absl::InvalidArgumentError(why);
}

// The order of trec_eval: it reads scores into floats, and sorts equal ones by name, highest first.
RankedDocuments InTrecEvalOrder(RankedDocuments ranked) {
  std::sort(ranked.begin(), ranked.end(), [](const RankedDocument& a, const RankedDocument& b) {
    const auto score_a = static_cast<float>(a.score), score_b = static_cast<float>(b.score);
    return score_a != score_b ? score_a > score_b : a.document > b.document;
  });
  return ranked;
}

// What the measures of one query look at.
struct JudgedRanking {
  const GradesOfQuery& grades;
  RankedGrades full;
  RankedGrades pool;
  size_t relevant = 0;
};

double ValueOf(const Measure& measure, const JudgedRanking& ranking, const ScoreOptions& options) {
  switch (measure.kind) {
    case MeasureKind::kNdcgPool:
      return Ndcg(ranking.pool, ranking.grades, measure.cutoff, options.gain);
    case MeasureKind::kNdcgFull:
      return Ndcg(ranking.full, ranking.grades, measure.cutoff, options.gain);
    case MeasureKind::kReciprocalRank:
      return ReciprocalRank(ranking.full, options.rel, measure.cutoff);
    case MeasureKind::kAveragePrecision:
      return AveragePrecision(ranking.full, options.rel, ranking.relevant, measure.cutoff);
    case MeasureKind::kPrecision:
      return Precision(ranking.full, options.rel, measure.cutoff);
    case MeasureKind::kRecall:
      return Recall(ranking.full, options.rel, ranking.relevant, measure.cutoff);
    case MeasureKind::kJudged:
      return JudgedShare(ranking.full, measure.cutoff);
  }
  std::abort();  // every kind returns above
}

void ScoreQuery(const std::string& query, const GradesOfQuery& grades, const RankedDocuments* ranked,
                const ScoreOptions& options, Scores* scores) {
  scores->queries.push_back(query);
  if (ranked == nullptr) {
    ++scores->queries_missing;
    for (std::vector<double>& values : scores->values) values.push_back(0);
    return;
  }
  const RankedDocuments order = options.ties == TieOrder::kTrecEval ? InTrecEvalOrder(*ranked) : *ranked;
  const JudgedRanking ranking = {grades, FullGrades(order, grades), PoolGrades(order, grades),
                                 CountRelevant(grades, options.rel)};
  for (size_t i = 0; i < options.measures.size(); ++i)
    scores->values[i].push_back(ValueOf(options.measures[i], ranking, options));
}

double Mean(const std::vector<double>& values) {
  return values.empty()
             ? 0
             : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::string NameOf(const Measure& measure) {
  const std::string at = measure.cutoff == 0 ? "" : "@" + std::to_string(measure.cutoff);
  switch (measure.kind) {
    case MeasureKind::kNdcgPool:
      return "nDCG" + at + " pool";
    case MeasureKind::kNdcgFull:
      return "nDCG" + at + " full";
    case MeasureKind::kReciprocalRank:
      return "MRR" + at;
    case MeasureKind::kAveragePrecision:
      return "MAP" + at;
    case MeasureKind::kPrecision:
      return "P" + at;
    case MeasureKind::kRecall:
      return "R" + at;
    case MeasureKind::kJudged:
      return "judged" + at;
  }
  std::abort();  // every kind returns above
}

std::vector<Measure> StandardMeasures() {
  return {
      {MeasureKind::kNdcgPool, 10},  {MeasureKind::kNdcgFull, 10},        {MeasureKind::kReciprocalRank, 10},
      {MeasureKind::kRecall, 10},    {MeasureKind::kRecall, 100},         {MeasureKind::kPrecision, 5},
      {MeasureKind::kPrecision, 10}, {MeasureKind::kAveragePrecision, 0}, {MeasureKind::kJudged, 10}};
}

double Scores::MeanOf(std::string_view measure) const {
  return means[static_cast<size_t>(std::find(measures.begin(), measures.end(), measure) - measures.begin())];
}

absl::StatusOr<Scores> ScoreRun(const Qrels& qrels, const SystemRun& run, const ScoreOptions& options) {
  DX_RETURN_IF_ERROR(CheckOptions(options));
  Scores scores;
  for (const Measure& measure : options.measures) scores.measures.push_back(NameOf(measure));
  scores.values.resize(options.measures.size());
  scores.queries_judged = qrels.size();
  for (const auto& [query, grades] : qrels) {
    if (grades.size() < static_cast<size_t>(options.min_judged)) continue;
    if (CountRelevant(grades, options.rel) == 0) continue;
    const auto answered = run.queries.find(query);
    ScoreQuery(query, grades, answered == run.queries.end() ? nullptr : &answered->second, options, &scores);
  }
  if (scores.queries.empty()) return NothingToScore(qrels, options);
  for (const std::vector<double>& values : scores.values) scores.means.push_back(Mean(values));
  for (const auto& [query, ranked] : run.queries) scores.queries_unjudged += qrels.contains(query) ? 0 : 1;
  return scores;
}

void AddMeasure(const std::string& name, const std::map<std::string, double>& value_of_query,
                Scores* scores) {
  std::vector<double> values;
  for (const std::string& query : scores->queries) {
    const auto found = value_of_query.find(query);
    values.push_back(found == value_of_query.end() ? 0 : found->second);
  }
  scores->measures.push_back(name);
  scores->means.push_back(Mean(values));
  scores->values.push_back(std::move(values));
}

}  // namespace dongxi::bench
