// Queries with what the engine measured of their candidates and what is known of these, as rows for the
// trees. Pure functions; any thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "bench/learn/boosted_trees.h"
#include "bench/learn/engagement_labels.h"
#include "bench/quality/qrels.h"
#include "engine/match/matcher.h"

namespace dongxi::bench {

struct LearningQuery {
  std::string id;
  size_t fold = 0;
  std::vector<LearnedCandidate>
      candidates;        // highest base first; the first kLearnedCandidates and every judged one
  GradesOfQuery grades;  // empty: not judged
  std::map<std::string, EngagementLabel> engaged;
};

// True if some judgement says of a candidate that it is not relevant. Where none does, only finds were noted
// (who worked with whom), and a candidate without a judgement counts as grade 0; else it is unknown and not
// learnt from.
bool JudgedBothWays(const std::vector<LearningQuery>& queries);

// The rows of the queries that `wanted` says true of: a group a judged query; and for every engaged candidate
// a group of it and all candidates of the query with a lower grade, with its inverse propensity as the
// group's weight (XGBoost weighs groups, not rows). A candidate beyond the first kLearnedCandidates that
// nobody judged is no row. Groups of one grade teach nothing and are left out. Margins are the candidates'
// bases.
TreeRows RowsOf(const std::vector<LearningQuery>& queries, bool judged_both_ways,
                const std::function<bool(const LearningQuery&)>& wanted);

// What a base is divided by so that the difference of two candidates' bases is the log odds of their order:
// the value of a fixed grid with the highest likelihood over all pairs of different labels, 1 without pairs.
// The trees start from there.
double ScaleOf(const TreeRows& rows);

// 1 for every feature that may only speak for a candidate, 0 for those of the query.
std::vector<int> MonotoneSigns();

}  // namespace dongxi::bench
