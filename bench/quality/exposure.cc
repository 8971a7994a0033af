#include "bench/quality/exposure.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dongxi::bench {
namespace {

size_t Top(const RankedDocuments& ranked, size_t cutoff) {
  return cutoff == 0 ? ranked.size() : std::min(cutoff, ranked.size());
}

}  // namespace

absl::StatusOr<ExposureOf> DocumentExposure(const SystemRun& run, const std::vector<std::string>& documents,
                                            size_t cutoff) {
  if (documents.empty())
    return absl::InvalidArgumentError("no document; exposure is shared among all that could be shown");
  ExposureOf exposure;
  for (const std::string& document : documents) exposure.emplace(document, 0);
  for (const auto& [query, ranked] : run.queries) {
    for (size_t i = 0; i < ranked.size(); ++i) {
      const auto found = exposure.find(ranked[i].document);
      if (found == exposure.end()) {
        return absl::InvalidArgumentError("run \"" + run.tag + "\", query \"" + query + "\": document \"" +
                                          ranked[i].document + "\" is not in the collection");
      }
      if (i < Top(ranked, cutoff)) found->second += 1 / std::log2(static_cast<double>(i) + 2);
    }
  }
  return exposure;
}

ExposureOf GroupExposure(const ExposureOf& documents, const GroupOf& group_of) {
  ExposureOf groups;
  for (const auto& [document, group] : group_of) {
    double& sum = groups[group];
    if (const auto found = documents.find(document); found != documents.end()) sum += found->second;
  }
  return groups;
}

double Gini(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  if (sum <= 0) return 0;
  const auto count = static_cast<double>(values.size());
  double weighted = 0;
  for (size_t i = 0; i < values.size(); ++i) weighted += (2 * static_cast<double>(i) + 1 - count) * values[i];
  return weighted / (count * sum);
}

ExposureSummary Summarise(const ExposureOf& exposure) {
  ExposureSummary summary;
  if (exposure.empty()) return summary;
  std::vector<double> values;
  for (const auto& [name, value] : exposure) values.push_back(value);
  summary.items = values.size();
  summary.shown =
      static_cast<size_t>(std::count_if(values.begin(), values.end(), [](double v) { return v > 0; }));
  summary.coverage = static_cast<double>(summary.shown) / static_cast<double>(summary.items);
  summary.minimum = *std::min_element(values.begin(), values.end());
  summary.maximum = *std::max_element(values.begin(), values.end());
  summary.mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  summary.gini = Gini(std::move(values));
  return summary;
}

double IntraListDiversity(
    const SystemRun& run, size_t cutoff,
    const std::function<double(const std::string& first, const std::string& second)>& similarity) {
  double sum = 0;
  size_t lists = 0;
  for (const auto& [query, ranked] : run.queries) {
    const size_t top = Top(ranked, cutoff);
    if (top < 2) continue;
    double unlike = 0;
    for (size_t i = 0; i < top; ++i) {
      for (size_t j = i + 1; j < top; ++j) unlike += 1 - similarity(ranked[i].document, ranked[j].document);
    }
    sum += unlike / (static_cast<double>(top) * static_cast<double>(top - 1) / 2);
    ++lists;
  }
  return lists == 0 ? 0 : sum / static_cast<double>(lists);
}

}  // namespace dongxi::bench
