// P(signed): how likely a pair that enters the ledger is to be signed within kSigningPatienceDays, learnt
// from the cohort of pairs that entered at least so long ago (SigningCase::ripe), so that slow outcomes weigh
// as much as quick ones. Logistic regression with an L2 penalty, by Newton's method; checked by
// cross-validation in which all pairs of a need are in one fold. The forecast of an open pair is conditional
// on its still being open at its age, by Bayes' rule from how long signed and failed pairs of the cohort
// stayed open. Nothing is shown below kDecidedMin and kSignedMin, nor where the model is no better than the
// base rate. Pure functions; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/statistics/signing_features.h"

namespace dongxi {

inline constexpr int64_t kDecidedMin = 200;  // ripe pairs
inline constexpr int64_t kSignedMin = 40;    // signed ones among them; as many failed ones are asked for
inline constexpr int kSigningFolds = 5;
inline constexpr int kReliabilityBins = 10;

struct SigningModel {
  double intercept = 0;
  std::array<double, kSigningFeatures> weights{};  // of features as they are, not standardised
  double Predict(const std::array<double, kSigningFeatures>& features) const;  // in (0, 1)
};

// Fits cases. REQUIRES: both outcomes occur.
SigningModel FitSigning(std::span<const SigningCase* const> cases);

// Cases with about the same forecast: what was forecast and what came.
struct ReliabilityBin {
  int64_t cases = 0;
  double forecast = 0;  // mean
  double signed_share = 0;
};

struct SigningForecast {
  std::string need, offer;
  double probability = 0;  // of a signature before the pair is kSigningPatienceDays old
};

struct SigningEstimate {
  // Ripe cases, those of them that were signed, open cases, and younger ones that are decided already.
  int64_t decided = 0, signed_pairs = 0, open = 0, early = 0;
  int64_t simulated = 0;        // ripe cases with simulated entries
  int64_t simulated_young = 0;  // younger ones, open or decided
  bool enough = false;          // at least kDecidedMin ripe, kSignedMin signed, kSignedMin failed
  // The following only if `enough`. Of the forecasts made by cross-validation: the mean squared error (Brier
  // 1950), and that of the share of signed pairs as everybody's forecast.
  double brier = 0, base_brier = 0;
  std::vector<ReliabilityBin> reliability;  // ten bins of equal size, by forecast
  bool useful = false;                      // brier < base_brier
  SigningModel model;                       // fitted to all ripe cases
  // Open pairs, most probable first, ties by name. Only if `useful`.
  std::vector<SigningForecast> forecasts;
};

SigningEstimate EstimateSigning(std::span<const SigningCase> cases);

}  // namespace dongxi
