// How far two judges agree beyond chance. Pure functions, the same answer on every platform for the same
// seed; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bench/judge/pool_sheet.h"

namespace dongxi::bench {

// Pairs by the grades of the first (row) and the second judge (column).
using GradeTable = std::array<std::array<int64_t, kGradesOfJudges>, kGradesOfJudges>;

// Share of pairs with the same grade. REQUIRES: at least one pair.
double RawAgreement(const GradeTable& table);

// Cohen's kappa (1960): (observed - expected) / (1 - expected). Nothing if both judges gave one same grade
// throughout: there chance alone explains everything. REQUIRES: at least one pair.
std::optional<double> CohenKappa(const GradeTable& table);

// Cohen's weighted kappa (1968) with the square of the difference as disagreement. Nothing as above.
std::optional<double> QuadraticKappa(const GradeTable& table);

struct DoubleGrade {
  std::string need;
  int first = 0;
  int second = 0;
};

using KappaInterval = std::optional<std::pair<double, double>>;

struct Agreement {
  size_t pairs = 0;
  size_t needs = 0;
  GradeTable table = {};
  double raw = 0;
  std::optional<double> kappa, weighted_kappa;
  // 95 % percentile bootstrap; nothing where a kappa is not defined in half of the samples.
  KappaInterval raw_interval, kappa_interval, weighted_interval;
  bool by_need =
      false;  // what was drawn: needs (pairs of one need are alike), or pairs if there are too few needs
};

inline constexpr size_t kNeedsToDraw = 10;

struct AgreementOptions {
  size_t rounds = 2'000;
  uint64_t seed = 1;
};

// REQUIRES: grades of 0..3, at least one pair.
Agreement MeasureAgreement(const std::vector<DoubleGrade>& grades, const AgreementOptions& options);

}  // namespace dongxi::bench
