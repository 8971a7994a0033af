#include "bench/quality/calibration.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace dongxi::bench {
namespace {

std::vector<ReliabilityBin> EmptyBins() {
  std::vector<ReliabilityBin> bins(kReliabilityBins);
  for (size_t i = 0; i < bins.size(); ++i) {
    bins[i].from = static_cast<double>(i) / kReliabilityBins;
    bins[i].to = static_cast<double>(i + 1) / kReliabilityBins;
  }
  return bins;
}

// By the bins' own limits: 0.3 * 10 is not 3 in binary.
ReliabilityBin& BinOf(double probability, std::vector<ReliabilityBin>& bins) {
  const auto next = std::upper_bound(bins.begin() + 1, bins.end(), probability,
                                     [](double p, const ReliabilityBin& bin) { return p < bin.from; });
  return *(next - 1);
}

}  // namespace

absl::StatusOr<Calibration> Calibrate(std::span<const Forecast> forecasts) {
  if (forecasts.empty()) return absl::InvalidArgumentError("no forecast to calibrate");
  Calibration result = {.bins = EmptyBins(), .count = forecasts.size()};
  const auto total = static_cast<double>(forecasts.size());
  for (size_t i = 0; i < forecasts.size(); ++i) {
    const double probability = forecasts[i].probability;
    if (!(probability >= 0 && probability <= 1)) {
      return absl::InvalidArgumentError("forecast " + std::to_string(i) + ": probability " +
                                        std::to_string(probability) + ", expected 0..1");
    }
    const double outcome = forecasts[i].happened ? 1 : 0;
    ReliabilityBin& bin = BinOf(probability, result.bins);
    ++bin.count;
    bin.predicted += probability;
    bin.happened += outcome;
    result.brier += (probability - outcome) * (probability - outcome) / total;
    result.base_rate += outcome / total;
  }
  for (ReliabilityBin& bin : result.bins) {
    if (bin.count == 0) continue;
    result.ece += std::abs(bin.predicted - bin.happened) / total;
    bin.predicted /= static_cast<double>(bin.count);
    bin.happened /= static_cast<double>(bin.count);
  }
  return result;
}

absl::StatusOr<double> GradeCloseness(std::span<const double> predicted, std::span<const double> judged) {
  if (predicted.size() != judged.size() || predicted.empty()) {
    return absl::InvalidArgumentError(std::to_string(predicted.size()) + " predicted and " +
                                      std::to_string(judged.size()) +
                                      " judged grades; expected as many, at least one");
  }
  double error = 0;
  for (size_t i = 0; i < predicted.size(); ++i) error += std::abs(predicted[i] - judged[i]);
  if (!std::isfinite(error)) return absl::InvalidArgumentError("a grade is not finite");
  return 1 / (1 + error / static_cast<double>(predicted.size()));
}

}  // namespace dongxi::bench
