// The report as JSON.
#include "bench/quality/quality_report.h"
#include "nlohmann/json.hpp"

namespace dongxi::bench {
namespace {

using Json = nlohmann::ordered_json;

Json IntervalJson(const MeanInterval& interval) { return Json::array({interval.low, interval.high}); }

// {"N003": 0.5, ...}
Json ByQuery(const std::vector<std::string>& queries, const std::vector<double>& values) {
  Json json = Json::object();
  for (size_t i = 0; i < queries.size(); ++i) json[queries[i]] = values[i];
  return json;
}

Json ExposureJson(const ExposureResult& exposure) {
  const ExposureSummary& summary = exposure.summary;
  return {{"by", exposure.by},          {"cutoff", exposure.cutoff},    {"items", summary.items},
          {"shown", summary.shown},     {"coverage", summary.coverage}, {"gini", summary.gini},
          {"minimum", summary.minimum}, {"maximum", summary.maximum},   {"mean", summary.mean}};
}

Json CalibrationJson(const Calibration& calibration) {
  Json bins = Json::array();
  for (const ReliabilityBin& bin : calibration.bins) {
    bins.push_back({{"from", bin.from},
                    {"to", bin.to},
                    {"count", bin.count},
                    {"predicted", bin.predicted},
                    {"happened", bin.happened}});
  }
  return {{"count", calibration.count},
          {"ece", calibration.ece},
          {"brier", calibration.brier},
          {"base_rate", calibration.base_rate},
          {"bins", bins}};
}

Json SystemJson(const QualityReport& report, const SystemResult& system) {
  Json json = {{"name", system.name}, {"queries_missing", system.queries_missing}};
  json["measures"] = Json::object();
  for (const MeasureResult& measure : system.measures) {
    json["measures"][measure.name] = {{"mean", measure.mean},
                                      {"interval", IntervalJson(measure.interval)},
                                      {"queries", ByQuery(report.queries, measure.values)}};
  }
  json["worst"] = Json::array();
  for (const WorstQuery& query : system.worst) {
    json["worst"].push_back(
        {{"query", query.id}, {"value", query.value}, {"title", query.title}, {"text", query.text}});
  }
  if (!system.exposure.empty()) json["exposure"] = Json::array();
  for (const ExposureResult& exposure : system.exposure) json["exposure"].push_back(ExposureJson(exposure));
  if (system.diversity) json["diversity"] = *system.diversity;
  if (system.calibration) json["calibration"] = CalibrationJson(*system.calibration);
  if (system.grade_closeness) json["grade_closeness"] = *system.grade_closeness;
  return json;
}

Json ComparisonJson(const QualityReport& report, const SystemComparison& comparison) {
  Json json = {{"system", comparison.system}, {"baseline", report.systems.front().name}};
  json["measures"] = Json::object();
  for (const MeasureComparison& measure : comparison.measures) {
    json["measures"][measure.name] = {{"difference", measure.mean},
                                      {"interval", IntervalJson(measure.interval)},
                                      {"p_value", measure.p_value},
                                      {"better", measure.better},
                                      {"equal", measure.equal},
                                      {"worse", measure.worse},
                                      {"queries", ByQuery(report.queries, measure.differences)}};
  }
  return json;
}

}  // namespace

std::string RenderJson(const QualityReport& report) {
  Json json = {{"collection", report.collection}};
  json["arguments"] = Json::object();
  for (const auto& [name, value] : report.arguments) json["arguments"][name] = value;
  json["notes"] = report.notes;
  json["queries_judged"] = report.queries_judged;
  json["queries_scored"] = report.queries.size();
  json["chance"] = {{"rounds", report.chance.rounds}, {"seed", report.chance.seed}};
  json["systems"] = Json::array();
  for (const SystemResult& system : report.systems) json["systems"].push_back(SystemJson(report, system));
  json["comparisons"] = Json::array();
  for (const SystemComparison& comparison : report.comparisons)
    json["comparisons"].push_back(ComparisonJson(report, comparison));
  // Texts come from files of others: bytes that are not UTF-8 must not stop the report.
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

}  // namespace dongxi::bench
