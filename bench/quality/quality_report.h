// What a quality run says: systems with their measures and intervals, each against the first one, the worst
// queries. Built here, shown by RenderTable, RenderJson and RenderHtml. Values; any thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/quality/calibration.h"
#include "bench/quality/exposure.h"
#include "bench/quality/scores.h"
#include "bench/quality/significance.h"

namespace dongxi::bench {

struct MeasureResult {
  std::string name;
  double mean = 0;
  MeanInterval interval;       // 95 % bootstrap over queries
  std::vector<double> values;  // by query, in the order of QualityReport::queries
};

// Exposure of the collection's documents, or of groups of them.
struct ExposureResult {
  std::string by;  // "document", "region" ...
  size_t cutoff = 10;
  ExposureSummary summary;
};

// What a caller knows of a system, beside its scores; everything but `name` and `scores` may be left out.
struct SystemInput {
  std::string name;
  Scores scores;
  std::vector<ExposureResult> exposure;
  std::optional<double> diversity;  // intra-list, of the first 10
  std::optional<Calibration> calibration;
  std::optional<double> grade_closeness;  // 1/(1+MAE)
};

struct WorstQuery {
  std::string id;
  double value = 0;  // of the main (first) measure
  std::string title;
  std::string text;
};

struct SystemResult {
  std::string name;
  std::vector<MeasureResult> measures;
  size_t queries_missing = 0;
  std::vector<WorstQuery> worst;  // lowest first, ties by id
  std::vector<ExposureResult> exposure;
  std::optional<double> diversity;
  std::optional<Calibration> calibration;
  std::optional<double> grade_closeness;
};

// One measure of one system minus that of the baseline.
struct MeasureComparison {
  std::string name;
  double mean = 0;
  MeanInterval interval;                    // 95 % paired bootstrap
  double p_value = 1;                       // paired randomisation test, two-sided
  size_t better = 0, equal = 0, worse = 0;  // queries
  std::vector<double> differences;          // by query
};

struct SystemComparison {
  std::string system;
  std::vector<MeasureComparison> measures;
};

struct QualityReport {
  std::string collection;
  std::vector<std::pair<std::string, std::string>> arguments;  // as the run was called, for the reader
  std::vector<std::string> notes;
  size_t queries_judged = 0;                  // of the qrels
  std::vector<std::string> queries;           // scored
  std::map<std::string, std::string> titles;  // of scored queries, as far as known
  std::vector<SystemResult> systems;          // the first is the baseline
  std::vector<SystemComparison> comparisons;  // of the others
  ChanceOptions chance;
};

struct QueryText {
  std::string title;
  std::string text;
};

struct ReportInput {
  std::string collection;
  std::vector<std::pair<std::string, std::string>> arguments;
  std::vector<std::string> notes;
  std::vector<SystemInput> systems;        // the first is the baseline
  std::map<std::string, QueryText> texts;  // by query id, for the worst queries; may lack some
  size_t worst = 10;
  ChanceOptions chance;
};

// InvalidArgument: no system, two systems of one name, or systems that were not scored on the same queries
// and measures.
absl::StatusOr<QualityReport> BuildReport(ReportInput input);

// Aligned tables for a terminal, `screen_columns` wide at most where texts can be cut (0: no limit).
std::string RenderTable(const QualityReport& report, int screen_columns = 0);
// Everything of the report with all per-query values; numbers as they are, keys as the fields above.
std::string RenderJson(const QualityReport& report);
// One file for analysts, in Chinese, with charts; it loads nothing and runs no script.
std::string RenderHtml(const QualityReport& report);

}  // namespace dongxi::bench
