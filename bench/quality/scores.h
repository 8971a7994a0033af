// A run scored against judgements: every measure for every query, and the means. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/quality/metrics.h"
#include "bench/quality/qrels.h"
#include "bench/quality/run_file.h"

namespace dongxi::bench {

enum class MeasureKind {
  kNdcgPool,
  kNdcgFull,
  kReciprocalRank,
  kAveragePrecision,
  kPrecision,
  kRecall,
  kJudged
};

struct Measure {
  MeasureKind kind = MeasureKind::kNdcgPool;
  size_t cutoff = 0;  // 0: the whole list; not for kPrecision
};

// "nDCG@10 pool", "nDCG@10 full", "MRR@10", "MAP", "P@5", "R@100", "judged@10".
std::string NameOf(const Measure& measure);

// nDCG@10 pool and full, MRR@10, R@10, R@100, P@5, P@10, MAP, judged@10. The first is the main one: worst
// queries and charts go by it.
std::vector<Measure> StandardMeasures();

// Equal scores: by name, as read; or as trec_eval does it: scores in single precision, equal ones by name
// from the end.
enum class TieOrder { kByName, kTrecEval };

struct ScoreOptions {
  int rel = 1;         // lowest grade that counts as relevant, 1..kGradeMax
  int min_judged = 1;  // queries with fewer judged documents are left out; at least 1
  Gain gain = Gain::kExponential;
  TieOrder ties = TieOrder::kByName;
  std::vector<Measure> measures = StandardMeasures();
};

struct Scores {
  std::vector<std::string> measures;        // names, in the order of the options
  std::vector<std::string> queries;         // scored ones, in byte order
  std::vector<std::vector<double>> values;  // [measure][query]
  std::vector<double> means;                // [measure]
  size_t queries_judged = 0;                // of the qrels, scored or not
  size_t queries_missing = 0;               // scored as 0 because the run has no line for them
  size_t queries_unjudged = 0;              // in the run and not in the qrels: not scored

  // The mean of a measure by its name. REQUIRES: it is one of `measures`.
  double MeanOf(std::string_view measure) const;
};

// Scores every query of the qrels that has a document of grade >= rel and at least min_judged judged
// documents; one that the run lacks counts 0. Errors: InvalidArgument for options out of range, and if no
// query can be scored (says why).
absl::StatusOr<Scores> ScoreRun(const Qrels& qrels, const SystemRun& run, const ScoreOptions& options);

// Adds values of your own per query as one more measure, "ordered right" for example. Queries that the map
// lacks count 0.
void AddMeasure(const std::string& name, const std::map<std::string, double>& value_of_query, Scores* scores);

}  // namespace dongxi::bench
