#include "bench/adequacy_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr size_t kTurns = 10;  // of choosing documents and fitting
constexpr size_t kSteps = 25;  // of Newton's method a fit
constexpr size_t kHalvings = 20;
constexpr double kRidge = 1;
constexpr double kRounding = 1e4;
constexpr size_t kInputs = 2;
constexpr size_t kWeights = 1 + kInputs;  // the bias first

using Weights = std::array<double, kWeights>;
using Row = std::array<double, kWeights>;  // 1, then the standardised inputs

struct Sheet {
  std::vector<Row> rows;
  std::vector<bool> adequate;
};

double Sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

double Dot(const Weights& weights, const Row& row) {
  double sum = 0;
  for (size_t i = 0; i < kWeights; ++i) sum += weights[i] * row[i];
  return sum;
}

// Negative log-likelihood and the ridge.
double Loss(const Sheet& sheet, const Weights& weights) {
  double loss = 0;
  for (size_t i = 1; i < kWeights; ++i) loss += kRidge / 2 * weights[i] * weights[i];
  for (size_t i = 0; i < sheet.rows.size(); ++i) {
    const double logit = Dot(weights, sheet.rows[i]);
    const double wrong = sheet.adequate[i] ? -logit : logit;
    loss += wrong > 0 ? wrong + std::log1p(std::exp(-wrong)) : std::log1p(std::exp(wrong));
  }
  return loss;
}

struct Derivatives {
  Weights gradient = {};
  std::array<Weights, kWeights> hessian = {};
};

Derivatives DerivativesAt(const Sheet& sheet, const Weights& weights) {
  Derivatives at;
  for (size_t i = 1; i < kWeights; ++i) {
    at.gradient[i] = kRidge * weights[i];
    at.hessian[i][i] = kRidge;
  }
  at.hessian[0][0] = 1e-9;  // where all probabilities are 0 or 1
  for (size_t r = 0; r < sheet.rows.size(); ++r) {
    const Row& row = sheet.rows[r];
    const double p = Sigmoid(Dot(weights, row));
    for (size_t i = 0; i < kWeights; ++i) {
      at.gradient[i] += (p - (sheet.adequate[r] ? 1 : 0)) * row[i];
      for (size_t j = 0; j < kWeights; ++j) at.hessian[i][j] += p * (1 - p) * row[i] * row[j];
    }
  }
  return at;
}

// Solves hessian * step = gradient by elimination over the free weights; the others have step 0. The matrix
// is positive definite, so no pivoting is needed.
Weights NewtonStep(Derivatives at, const std::array<bool, kWeights>& is_free) {
  for (size_t i = 0; i < kWeights; ++i) {
    if (is_free[i]) continue;
    at.gradient[i] = 0;
    for (size_t j = 0; j < kWeights; ++j) at.hessian[i][j] = at.hessian[j][i] = i == j ? 1 : 0;
  }
  for (size_t i = 0; i < kWeights; ++i) {
    for (size_t below = i + 1; below < kWeights; ++below) {
      const double factor = at.hessian[below][i] / at.hessian[i][i];
      for (size_t j = i; j < kWeights; ++j) at.hessian[below][j] -= factor * at.hessian[i][j];
      at.gradient[below] -= factor * at.gradient[i];
    }
  }
  Weights step = {};
  for (size_t i = kWeights; i-- > 0;) {
    double rest = at.gradient[i];
    for (size_t j = i + 1; j < kWeights; ++j) rest -= at.hessian[i][j] * step[j];
    step[i] = rest / at.hessian[i][i];
  }
  return step;
}

Weights Minimise(const Sheet& sheet, const std::array<bool, kWeights>& is_free) {
  Weights weights = {};
  double loss = Loss(sheet, weights);
  for (size_t round = 0; round < kSteps; ++round) {
    Weights step = NewtonStep(DerivativesAt(sheet, weights), is_free);
    for (size_t half = 0; half < kHalvings; ++half) {
      Weights next = weights;
      for (size_t i = 0; i < kWeights; ++i) next[i] -= step[i];
      const double next_loss = Loss(sheet, next);
      if (next_loss <= loss) {
        weights = next;
        loss = next_loss;
        break;
      }
      for (double& part : step) part /= 2;
    }
  }
  return weights;
}

// A slope that would be negative is held at 0, the most negative first.
Weights MinimiseNonNegative(const Sheet& sheet) {
  std::array<bool, kWeights> is_free;
  is_free.fill(true);
  for (;;) {
    const Weights weights = Minimise(sheet, is_free);
    const auto lowest = std::min_element(weights.begin() + 1, weights.end());
    if (*lowest >= 0) return weights;
    is_free[static_cast<size_t>(lowest - weights.begin())] = false;
  }
}

struct Standard {
  double mean = 0;
  double deviation = 1;
};

Standard StandardOf(const std::vector<AdequacyInput>& inputs, double AdequacyInput::*member) {
  const auto count = static_cast<double>(inputs.size());
  Standard standard;
  for (const AdequacyInput& input : inputs) standard.mean += input.*member / count;
  double variance = 0;
  for (const AdequacyInput& input : inputs) {
    variance += (input.*member - standard.mean) * (input.*member - standard.mean) / count;
  }
  if (variance > 0) standard.deviation = std::sqrt(variance);
  return standard;
}

AdequacyModel FitOne(const std::vector<AdequacyInput>& inputs, const std::vector<bool>& adequate) {
  const Standard lexical = StandardOf(inputs, &AdequacyInput::lexical_share);
  const Standard semantic = StandardOf(inputs, &AdequacyInput::cosine);
  Sheet sheet = {{}, adequate};
  for (const AdequacyInput& input : inputs) {
    sheet.rows.push_back({1, (input.lexical_share - lexical.mean) / lexical.deviation,
                          (input.cosine - semantic.mean) / semantic.deviation});
  }
  const Weights weights = MinimiseNonNegative(sheet);
  AdequacyModel model = {.lexical = weights[1] / lexical.deviation,
                         .semantic = weights[2] / semantic.deviation};
  model.bias = weights[0] - model.lexical * lexical.mean - model.semantic * semantic.mean;
  return model;
}

const AdequacyInput& BestInput(const AdequacyModel& model, const JudgedPair& pair) {
  return *std::max_element(pair.inputs.begin(), pair.inputs.end(),
                           [&](const auto& a, const auto& b) { return model.Logit(a) < model.Logit(b); });
}

double Rounded(double value) { return std::round(value * kRounding) / kRounding; }

// The pairs for which `keep` holds.
template <typename Keep>
std::vector<JudgedPair> Kept(std::span<const JudgedPair> pairs, const Keep& keep) {
  std::vector<JudgedPair> kept;
  std::copy_if(pairs.begin(), pairs.end(), std::back_inserter(kept), keep);
  return kept;
}

}  // namespace

double AdequacyModel::Logit(const AdequacyInput& input) const {
  return bias + lexical * input.lexical_share + semantic * input.cosine;
}

double AdequacyModel::Probability(std::span<const AdequacyInput> inputs) const {
  if (inputs.empty()) return 0;
  double best = Logit(inputs.front());
  for (const AdequacyInput& input : inputs) best = std::max(best, Logit(input));
  return Sigmoid(best);
}

absl::StatusOr<AdequacyModel> FitAdequacy(std::span<const JudgedPair> pairs) {
  std::vector<bool> adequate;
  size_t count = 0;
  for (const JudgedPair& pair : pairs) {
    if (pair.inputs.empty())
      return absl::InvalidArgumentError("need " + pair.need + ": a pair without inputs");
    adequate.push_back(pair.adequate);
    count += pair.adequate ? 1 : 0;
  }
  if (count == 0 || count == pairs.size()) {
    return absl::InvalidArgumentError(std::to_string(count) + " of " + std::to_string(pairs.size()) +
                                      " judged pairs are adequate; expected some and not all");
  }
  AdequacyModel model = {.bias = 0, .lexical = 1, .semantic = 1};
  for (size_t turn = 0; turn < kTurns; ++turn) {
    std::vector<AdequacyInput> inputs;
    for (const JudgedPair& pair : pairs) inputs.push_back(BestInput(model, pair));
    model = FitOne(inputs, adequate);
  }
  return AdequacyModel{Rounded(model.bias), Rounded(model.lexical), Rounded(model.semantic)};
}

absl::StatusOr<AdequacyModel> FitWithout(std::span<const JudgedPair> pairs, std::string_view need) {
  return FitAdequacy(Kept(pairs, [&](const JudgedPair& pair) { return pair.need != need; }));
}

size_t FoldOf(std::string_view need, size_t folds) {
  uint64_t hash = 0xCBF29CE484222325u;  // FNV-1a
  for (const char c : need) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return static_cast<size_t>((hash ^ (hash >> 32)) % folds);
}

absl::StatusOr<std::vector<double>> OutOfFold(std::span<const JudgedPair> pairs, size_t folds) {
  std::vector<double> probabilities(pairs.size());
  for (size_t fold = 0; fold < folds; ++fold) {
    DX_ASSIGN_OR_RETURN(
        const AdequacyModel model,
        FitAdequacy(Kept(pairs, [&](const JudgedPair& pair) { return FoldOf(pair.need, folds) != fold; })));
    for (size_t i = 0; i < pairs.size(); ++i) {
      if (FoldOf(pairs[i].need, folds) == fold) probabilities[i] = model.Probability(pairs[i].inputs);
    }
  }
  return probabilities;
}

}  // namespace dongxi::bench
