#include "bench/sample_answers.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "engine/base/parallel.h"

namespace dongxi::bench {
namespace {

// The lists of one need, in the order of kListNames, and whether all of them say "no adequate match".
struct NeedAnswer {
  absl::Status status;
  std::array<RankedDocuments, kLists> lists;
  bool abstains = false;
};

NeedAnswer AnswerOf(const MatchContext& context, const Record& need, double policy_weight) {
  MatchQuestion question = SampleQuestion(need);
  question.settings.policy_weight = policy_weight;
  NeedAnswer answer;
  const absl::StatusOr<MatchAnswer> matched = Match(context, question);
  answer.status = matched.status();
  if (!matched.ok()) return answer;
  const MatchList* lists[] = {&matched->results, &matched->partners, &matched->experts};
  answer.abstains = true;
  for (size_t list = 0; list < kLists; ++list) {
    answer.abstains &= lists[list]->no_adequate_match;
    for (const MatchEntry& entry : lists[list]->entries) {
      RankedDocuments& ranked = answer.lists[list];
      const double score = ranked.empty() ? entry.score : ScoreBehind(ranked.back().score, entry.score);
      ranked.push_back({entry.name.id, score});
    }
  }
  return answer;
}

}  // namespace

absl::StatusOr<SampleAnswers> AnswersOf(const GradedSample& sample, const MatchContext& context,
                                        double policy_weight, int threads) {
  std::vector<const Record*> needs;
  for (const auto& [id, need] : sample.needs) needs.push_back(&need);
  std::vector<NeedAnswer> found(needs.size());
  ParallelChunks(needs.size(), 1, threads > 0 ? threads : DefaultThreads(),
                 [&](size_t i, size_t) { found[i] = AnswerOf(context, *needs[i], policy_weight); });
  SampleAnswers answers;
  for (size_t i = 0; i < needs.size(); ++i) {
    if (!found[i].status.ok()) {
      return absl::Status(found[i].status.code(),
                          "need " + needs[i]->id + ": " + std::string(found[i].status.message()));
    }
    answers.abstains[needs[i]->id] = found[i].abstains;
    for (size_t list = 0; list < kLists; ++list) {
      answers.runs[list].queries[needs[i]->id] = std::move(found[i].lists[list]);
    }
  }
  return answers;
}

ScoreOptions SampleScoreOptions() {
  return {.rel = kAdequateGrade,
          .measures = {{MeasureKind::kNdcgPool, 10},
                       {MeasureKind::kNdcgFull, 10},
                       {MeasureKind::kReciprocalRank, 10},
                       {MeasureKind::kJudged, 10}}};
}

const std::vector<double>& ValuesOf(const Scores& scores, std::string_view measure) {
  const auto at =
      std::find(scores.measures.begin(), scores.measures.end(), measure) - scores.measures.begin();
  return scores.values[static_cast<size_t>(at)];
}

std::string IntervalText(const MeanInterval& interval) {
  return absl::StrFormat("95 %% %.4f to %.4f", interval.low, interval.high);
}

}  // namespace dongxi::bench
