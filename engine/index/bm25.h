// The BM25 formula, shared by the fast index and the delta over it: the oracle writes it out again.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

#include "engine/embed/stable_math.h"
#include "engine/index/lexical_index.h"

namespace dongxi {

inline double Bm25Idf(double documents, double document_frequency) {
  return StableLog(1.0 + (documents - document_frequency + 0.5) / (document_frequency + 0.5));
}

// What one posting adds: the only place where the score is computed, in single precision, always in this
// order.
inline float Bm25Part(float weighted_idf, uint32_t frequency, float k1_plus_1, float norm) {
  const auto tf = static_cast<float>(frequency);
  return weighted_idf * (tf * k1_plus_1) / (tf + norm);
}

// idf^(quarters / 4) by square roots, which every machine rounds alike (std::pow differs in the last bit).
inline double IdfPower(double idf, int quarters) {
  double power = 1;
  for (int i = 0; i < quarters / 4; ++i) power *= idf;
  const double root = std::sqrt(idf);
  if (quarters % 4 >= 2) power *= root;
  if (quarters % 2 == 1) power *= std::sqrt(root);
  return power;
}

// Mean and population standard deviation over the documents that have terms (`lengths` > 0); the deviation of
// equal scores is exactly 0.
inline std::pair<double, double> MeanAndDeviation(std::span<const float> scores,
                                                  std::span<const uint32_t> lengths) {
  double sum = 0, squares = 0;
  size_t count = 0;
  float low = std::numeric_limits<float>::max(), high = 0;
  for (size_t doc = 0; doc < scores.size(); ++doc) {
    if (lengths[doc] == 0) continue;
    ++count;
    sum += scores[doc];
    low = std::min(low, scores[doc]);
    high = std::max(high, scores[doc]);
  }
  if (count == 0) return {0, 0};
  const double mean = sum / static_cast<double>(count);
  if (low == high) return {low, 0};
  for (size_t doc = 0; doc < scores.size(); ++doc) {
    if (lengths[doc] > 0) squares += (scores[doc] - mean) * (scores[doc] - mean);
  }
  return {mean, std::sqrt(squares / static_cast<double>(count))};
}

}  // namespace dongxi
