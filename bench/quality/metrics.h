// Measures of one ranking, by the field's definitions (trec_eval's where it has the measure). Pure functions;
// any thread.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "bench/quality/qrels.h"
#include "bench/quality/run_file.h"

namespace dongxi::bench {

// The grade of a document that nobody judged; counts as not relevant. Negative grades of the qrels become 0.
inline constexpr int kUnjudged = std::numeric_limits<int>::min();

// Grades in rank order, best first; grades >= 0 or kUnjudged.
using RankedGrades = std::vector<int>;

// What a grade is worth in nDCG: 2^grade - 1, or the grade itself (as trec_eval's ndcg_cut).
enum class Gain { kExponential, kLinear };

// `cutoff` of every measure below: only the first so many ranks count; 0 means all of them.

// The run as it is: what nobody judged stays in its place.
RankedGrades FullGrades(const RankedDocuments& ranked, const GradesOfQuery& grades);
// Judged documents only, in the run's order; judged ones that the run does not list come last, by name. Asks
// how well the system orders what was judged, so that unjudged finds neither help nor harm.
RankedGrades PoolGrades(const RankedDocuments& ranked, const GradesOfQuery& grades);

// Discounted gain at 1/log2(rank + 1), as a share of what the best order of all judged documents would have;
// 0 if no grade is above 0.
double Ndcg(std::span<const int> ranked, const GradesOfQuery& grades, size_t cutoff, Gain gain);
// 1/rank of the first document of grade >= `rel`; 0 if there is none.
double ReciprocalRank(std::span<const int> ranked, int rel, size_t cutoff);
// Precision at each relevant document, summed and divided by all `relevant` ones of the query; 0 if
// `relevant` is 0.
double AveragePrecision(std::span<const int> ranked, int rel, size_t relevant, size_t cutoff);
// Relevant documents among the first `cutoff`, divided by `cutoff` however many there are. REQUIRES: cutoff
// >= 1.
double Precision(std::span<const int> ranked, int rel, size_t cutoff);
// Relevant documents found, divided by all `relevant` ones; 0 if `relevant` is 0.
double Recall(std::span<const int> ranked, int rel, size_t relevant, size_t cutoff);
// Judged documents among those listed in the first `cutoff`, divided by as many as are listed; 0 for an empty
// list. Low values say that the other measures rest on few judgements.
double JudgedShare(std::span<const int> ranked, size_t cutoff);

// Documents of grade >= `rel`. REQUIRES: rel >= 1.
size_t CountRelevant(const GradesOfQuery& grades, int rel);

}  // namespace dongxi::bench
