#include "engine/statistics/signing_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace dongxi {
namespace {

constexpr double kPenalty = 1.0;  // on standardised weights: as one prior case in a unit of variance
constexpr int kIterationsMax = 50;
constexpr double kConverged = 1e-10;
constexpr size_t kColumns = kSigningFeatures + 1;  // the intercept last

using Row = std::array<double, kColumns>;
using Matrix = std::array<Row, kColumns>;

double Sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

bool IsSigned(const SigningCase& one) { return one.outcome == SigningOutcome::kSigned; }

struct Scale {
  std::array<double, kSigningFeatures> mean{}, deviation{};
};

Scale ScaleOf(std::span<const SigningCase* const> cases) {
  Scale scale;
  const double n = static_cast<double>(cases.size());
  for (size_t f = 0; f < kSigningFeatures; ++f) {
    for (const SigningCase* one : cases) scale.mean[f] += one->features[f] / n;
    double variance = 0;
    for (const SigningCase* one : cases) {
      const double distance = one->features[f] - scale.mean[f];
      variance += distance * distance / n;
    }
    // A feature that never changes says nothing: its weight stays 0.
    scale.deviation[f] = variance > 1e-12 ? std::sqrt(variance) : 0;
  }
  return scale;
}

Row StandardRow(const SigningCase& one, const Scale& scale) {
  Row row{};
  for (size_t f = 0; f < kSigningFeatures; ++f) {
    row[f] = scale.deviation[f] > 0 ? (one.features[f] - scale.mean[f]) / scale.deviation[f] : 0;
  }
  row[kSigningFeatures] = 1;
  return row;
}

// Solves a x = b for a symmetric positive definite `a` by Cholesky.
Row Solve(Matrix a, Row b) {
  for (size_t j = 0; j < kColumns; ++j) {
    for (size_t k = 0; k < j; ++k) a[j][j] -= a[j][k] * a[j][k];
    a[j][j] = std::sqrt(a[j][j]);
    for (size_t i = j + 1; i < kColumns; ++i) {
      for (size_t k = 0; k < j; ++k) a[i][j] -= a[i][k] * a[j][k];
      a[i][j] /= a[j][j];
    }
  }
  for (size_t i = 0; i < kColumns; ++i) {
    for (size_t k = 0; k < i; ++k) b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  for (size_t i = kColumns; i-- > 0;) {
    for (size_t k = i + 1; k < kColumns; ++k) b[i] -= a[k][i] * b[k];
    b[i] /= a[i][i];
  }
  return b;
}

double Dot(const Row& a, const Row& b) {
  double sum = 0;
  for (size_t i = 0; i < kColumns; ++i) sum += a[i] * b[i];
  return sum;
}

// FNV-1a: the folds of a need stay the same from run to run.
size_t FoldOf(const std::string& need) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : need) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return (hash >> 17) % kSigningFolds;
}

// The forecast for every case by a model that has not seen its need.
std::vector<double> CrossValidated(std::span<const SigningCase* const> cases, double base_rate) {
  std::vector<double> forecasts(cases.size(), base_rate);
  for (size_t fold = 0; fold < kSigningFolds; ++fold) {
    std::vector<const SigningCase*> seen;
    for (const SigningCase* one : cases) {
      if (FoldOf(one->need) != fold) seen.push_back(one);
    }
    const auto hits =
        std::count_if(seen.begin(), seen.end(), [](const SigningCase* one) { return IsSigned(*one); });
    if (hits == 0 || hits == static_cast<std::ptrdiff_t>(seen.size())) continue;
    const SigningModel model = FitSigning(seen);
    for (size_t i = 0; i < cases.size(); ++i) {
      if (FoldOf(cases[i]->need) == fold) forecasts[i] = model.Predict(cases[i]->features);
    }
  }
  return forecasts;
}

std::vector<ReliabilityBin> ReliabilityOf(std::span<const SigningCase* const> cases,
                                          const std::vector<double>& forecasts) {
  std::vector<size_t> order(cases.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return std::pair(forecasts[a], a) < std::pair(forecasts[b], b); });
  std::vector<ReliabilityBin> bins;
  for (size_t bin = 0; bin < kReliabilityBins; ++bin) {
    const size_t begin = bin * order.size() / kReliabilityBins;
    const size_t end = (bin + 1) * order.size() / kReliabilityBins;
    ReliabilityBin one;
    for (size_t at = begin; at < end; ++at) {
      one.forecast += forecasts[order[at]];
      one.signed_share += IsSigned(*cases[order[at]]) ? 1 : 0;
    }
    one.cases = static_cast<int64_t>(end - begin);
    if (one.cases == 0) continue;
    one.forecast /= static_cast<double>(one.cases);
    one.signed_share /= static_cast<double>(one.cases);
    bins.push_back(one);
  }
  return bins;
}

void Evaluate(std::span<const SigningCase* const> ripe, SigningEstimate* estimate) {
  const double n = static_cast<double>(ripe.size());
  const double rate = static_cast<double>(estimate->signed_pairs) / n;
  const std::vector<double> forecasts = CrossValidated(ripe, rate);
  for (size_t i = 0; i < ripe.size(); ++i) {
    const double came = IsSigned(*ripe[i]) ? 1 : 0;
    estimate->brier += (forecasts[i] - came) * (forecasts[i] - came) / n;
    estimate->base_brier += (rate - came) * (rate - came) / n;
  }
  estimate->reliability = ReliabilityOf(ripe, forecasts);
  estimate->useful = estimate->brier < estimate->base_brier;
  estimate->model = FitSigning(ripe);
}

// How long the pairs of the cohort stayed open.
class OpenTimes {
 public:
  explicit OpenTimes(std::span<const SigningCase* const> ripe) {
    for (const SigningCase* one : ripe) (IsSigned(*one) ? signed_ : failed_).push_back(one->open_days);
    std::sort(signed_.begin(), signed_.end());
    std::sort(failed_.begin(), failed_.end());
  }
  // A probability at entry, for a pair that is still open after so many days.
  double Conditional(double probability, double days) const {
    const double hit = probability * ShareBeyond(signed_, days);
    const double miss = (1 - probability) * ShareBeyond(failed_, days);
    return hit + miss > 0 ? hit / (hit + miss) : 0;
  }

 private:
  static double ShareBeyond(const std::vector<double>& sorted, double days) {
    const auto beyond = std::upper_bound(sorted.begin(), sorted.end(), days);
    return static_cast<double>(sorted.end() - beyond) / static_cast<double>(sorted.size());
  }
  std::vector<double> signed_, failed_;
};

}  // namespace

double SigningModel::Predict(const std::array<double, kSigningFeatures>& features) const {
  double sum = intercept;
  for (size_t f = 0; f < kSigningFeatures; ++f) sum += weights[f] * features[f];
  return Sigmoid(sum);
}

SigningModel FitSigning(std::span<const SigningCase* const> cases) {
  const Scale scale = ScaleOf(cases);
  std::vector<Row> rows;
  for (const SigningCase* one : cases) rows.push_back(StandardRow(*one, scale));
  Row weights{};
  for (int iteration = 0; iteration < kIterationsMax; ++iteration) {
    Matrix curvature{};
    Row slope{};
    for (size_t f = 0; f < kSigningFeatures; ++f) {
      curvature[f][f] = kPenalty;
      slope[f] = -kPenalty * weights[f];
    }
    for (size_t i = 0; i < rows.size(); ++i) {
      const double p = Sigmoid(Dot(weights, rows[i]));
      const double rest = (IsSigned(*cases[i]) ? 1 : 0) - p;
      for (size_t a = 0; a < kColumns; ++a) {
        slope[a] += rest * rows[i][a];
        for (size_t b = 0; b <= a; ++b) curvature[a][b] += p * (1 - p) * rows[i][a] * rows[i][b];
      }
    }
    const Row step = Solve(curvature, slope);
    double moved = 0;
    for (size_t a = 0; a < kColumns; ++a) {
      weights[a] += step[a];
      moved = std::max(moved, std::abs(step[a]));
    }
    if (moved < kConverged) break;
  }
  SigningModel model;
  model.intercept = weights[kSigningFeatures];
  for (size_t f = 0; f < kSigningFeatures; ++f) {
    if (scale.deviation[f] == 0) continue;
    model.weights[f] = weights[f] / scale.deviation[f];
    model.intercept -= model.weights[f] * scale.mean[f];
  }
  return model;
}

SigningEstimate EstimateSigning(std::span<const SigningCase> cases) {
  SigningEstimate estimate;
  std::vector<const SigningCase*> ripe, open;
  for (const SigningCase& one : cases) {
    if (one.simulated) ++(one.ripe ? estimate.simulated : estimate.simulated_young);
    if (one.ripe) {
      ripe.push_back(&one);
      estimate.signed_pairs += IsSigned(one) ? 1 : 0;
    } else if (one.outcome == SigningOutcome::kOpen) {
      open.push_back(&one);
    } else {
      ++estimate.early;
    }
  }
  estimate.decided = static_cast<int64_t>(ripe.size());
  estimate.open = static_cast<int64_t>(open.size());
  estimate.enough = estimate.decided >= kDecidedMin && estimate.signed_pairs >= kSignedMin &&
                    estimate.decided - estimate.signed_pairs >= kSignedMin;
  if (!estimate.enough) return estimate;
  Evaluate(ripe, &estimate);
  if (!estimate.useful) return estimate;
  const OpenTimes times(ripe);
  for (const SigningCase* one : open) {
    const double probability = times.Conditional(estimate.model.Predict(one->features), one->open_days);
    estimate.forecasts.push_back({one->need, one->offer, probability});
  }
  std::sort(estimate.forecasts.begin(), estimate.forecasts.end(),
            [](const SigningForecast& a, const SigningForecast& b) {
              return std::tuple(-a.probability, std::string_view(a.need), std::string_view(a.offer)) <
                     std::tuple(-b.probability, std::string_view(b.need), std::string_view(b.offer));
            });
  return estimate;
}

}  // namespace dongxi
