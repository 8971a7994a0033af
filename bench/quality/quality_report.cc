#include "bench/quality/quality_report.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

absl::Status CheckInput(const ReportInput& input) {
  if (input.systems.empty()) return absl::InvalidArgumentError("no system to report");
  const Scores& first = input.systems.front().scores;
  if (first.measures.empty() || first.queries.empty())
    return absl::InvalidArgumentError("system \"" + input.systems.front().name + "\" has no scores");
  std::set<std::string> names;
  for (const SystemInput& system : input.systems) {
    if (!names.insert(system.name).second)
      return absl::InvalidArgumentError("two systems are called \"" + system.name +
                                        "\"; give them different names");
    if (system.scores.measures != first.measures || system.scores.queries != first.queries) {
      return absl::InvalidArgumentError("system \"" + system.name +
                                        "\" was scored on other queries or measures than \"" +
                                        input.systems.front().name + "\"");
    }
  }
  return absl::OkStatus();
}

std::vector<WorstQuery> WorstOf(const Scores& scores, const ReportInput& input) {
  const std::vector<double>& values = scores.values.front();
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
  order.resize(std::min(order.size(), input.worst));
  std::vector<WorstQuery> worst;
  for (const size_t query : order) {
    WorstQuery entry = {.id = scores.queries[query], .value = values[query]};
    if (const auto text = input.texts.find(entry.id); text != input.texts.end()) {
      entry.title = text->second.title;
      entry.text = text->second.text;
    }
    worst.push_back(std::move(entry));
  }
  return worst;
}

SystemResult ResultOf(const SystemInput& system, const ReportInput& input) {
  const Scores& scores = system.scores;
  SystemResult result = {.name = system.name,
                         .queries_missing = scores.queries_missing,
                         .worst = WorstOf(scores, input),
                         .exposure = system.exposure,
                         .diversity = system.diversity,
                         .calibration = system.calibration,
                         .grade_closeness = system.grade_closeness};
  for (size_t i = 0; i < scores.measures.size(); ++i) {
    result.measures.push_back({scores.measures[i], scores.means[i],
                               BootstrapInterval(scores.values[i], input.chance), scores.values[i]});
  }
  return result;
}

MeasureComparison Compare(const MeasureResult& baseline, const MeasureResult& other,
                          const ChanceOptions& chance) {
  MeasureComparison comparison = {.name = baseline.name, .mean = other.mean - baseline.mean};
  comparison.differences = Differences(baseline.values, other.values);
  comparison.interval = BootstrapInterval(comparison.differences, chance);
  comparison.p_value = RandomizationPValue(comparison.differences, chance);
  for (const double difference : comparison.differences) {
    ++(difference > 0 ? comparison.better : difference < 0 ? comparison.worse : comparison.equal);
  }
  return comparison;
}

SystemComparison CompareSystems(const SystemResult& baseline, const SystemResult& other,
                                const ChanceOptions& chance) {
  SystemComparison comparison = {.system = other.name};
  for (size_t i = 0; i < baseline.measures.size(); ++i)
    comparison.measures.push_back(Compare(baseline.measures[i], other.measures[i], chance));
  return comparison;
}

}  // namespace

absl::StatusOr<QualityReport> BuildReport(ReportInput input) {
  DX_RETURN_IF_ERROR(CheckInput(input));
  const Scores& first = input.systems.front().scores;
  QualityReport report = {.collection = input.collection,
                          .arguments = input.arguments,
                          .notes = input.notes,
                          .queries_judged = first.queries_judged,
                          .queries = first.queries,
                          .chance = input.chance};
  for (const std::string& query : report.queries) {
    const auto text = input.texts.find(query);
    if (text != input.texts.end() && !text->second.title.empty())
      report.titles.emplace(query, text->second.title);
  }
  for (const SystemInput& system : input.systems) report.systems.push_back(ResultOf(system, input));
  for (size_t i = 1; i < report.systems.size(); ++i) {
    report.comparisons.push_back(CompareSystems(report.systems.front(), report.systems[i], input.chance));
  }
  return report;
}

}  // namespace dongxi::bench
