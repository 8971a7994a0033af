// The graded sample answered by one ranking, in the form that the measures take.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/graded_sample.h"
#include "bench/quality/scores.h"
#include "bench/quality/significance.h"
#include "bench/trec.h"
#include "engine/match/matcher.h"

namespace dongxi::bench {

inline constexpr char kSampleNdcg[] = "nDCG@10 pool";

// All needs of the sample.
struct SampleAnswers {
  std::array<SystemRun, kLists> runs;    // in the order of kListNames
  std::map<std::string, bool> abstains;  // by need: all its lists say "no adequate match"
};

// With `context`, which is the sample's own or that with another ranking. Errors name the need. `threads` 0:
// all cores.
absl::StatusOr<SampleAnswers> AnswersOf(const GradedSample& sample, const MatchContext& context,
                                        double policy_weight, int threads);

// nDCG@10 of the pool and of all, MRR@10, judged@10.
ScoreOptions SampleScoreOptions();

// Of each query of the scores, in their order. REQUIRES: `measure` is one of those scored.
const std::vector<double>& ValuesOf(const Scores& scores, std::string_view measure);

// "95 % 0.0010 to 0.0123".
std::string IntervalText(const MeanInterval& interval);

}  // namespace dongxi::bench
