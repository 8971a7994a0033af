// The BM25 formula, shared by the fast index and nothing else: the oracle writes it out again.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "engine/embed/stable_math.h"
#include "engine/index/lexical_index.h"

namespace dongxi {

inline double Bm25Idf(double documents, double document_frequency) {
  return StableLog(1.0 + (documents - document_frequency + 0.5) / (document_frequency + 0.5));
}

// Mean and population standard deviation; the deviation of equal scores is exactly 0.
inline std::pair<double, double> MeanAndDeviation(std::span<const float> scores) {
  if (scores.empty()) return {0, 0};
  double sum = 0;
  for (const float score : scores) sum += score;
  const double mean = sum / static_cast<double>(scores.size());
  const auto [low, high] = std::minmax_element(scores.begin(), scores.end());
  if (*low == *high) return {*low, 0};
  double squares = 0;
  for (const float score : scores) squares += (score - mean) * (score - mean);
  return {mean, std::sqrt(squares / static_cast<double>(scores.size()))};
}

}  // namespace dongxi
