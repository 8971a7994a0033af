#include "bench/judge/agreement.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "bench/quality/random.h"

namespace dongxi::bench {
namespace {

constexpr size_t kSide = kGradesOfJudges;

struct Margins {
  std::array<double, kSide> first = {}, second = {};
  double total = 0;
};

Margins MarginsOf(const GradeTable& table) {
  Margins margins;
  for (size_t i = 0; i < kSide; ++i) {
    for (size_t j = 0; j < kSide; ++j) {
      const auto count = static_cast<double>(table[i][j]);
      margins.first[i] += count;
      margins.second[j] += count;
      margins.total += count;
    }
  }
  return margins;
}

// 1 - observed disagreement / disagreement expected of independent judges with these margins.
std::optional<double> KappaOf(const GradeTable& table, const std::function<double(double)>& weight) {
  const Margins margins = MarginsOf(table);
  double observed = 0, expected = 0;
  for (size_t i = 0; i < kSide; ++i) {
    for (size_t j = 0; j < kSide; ++j) {
      const double w = weight(static_cast<double>(i) - static_cast<double>(j));
      observed += w * static_cast<double>(table[i][j]);
      expected += w * margins.first[i] * margins.second[j] / margins.total;
    }
  }
  if (expected == 0) return std::nullopt;
  return 1 - observed / expected;
}

void AddTo(GradeTable& sum, const GradeTable& table) {
  for (size_t i = 0; i < kSide; ++i) {
    for (size_t j = 0; j < kSide; ++j) sum[i][j] += table[i][j];
  }
}

KappaInterval IntervalOf(std::vector<double> values, size_t rounds) {
  if (values.empty() || values.size() * 2 < rounds) return std::nullopt;
  std::sort(values.begin(), values.end());
  const auto at = [&values](double share) {
    return values[static_cast<size_t>(std::lround(share * static_cast<double>(values.size() - 1)))];
  };
  return std::pair(at(0.025), at(0.975));
}

void Bootstrap(const std::vector<GradeTable>& units, const AgreementOptions& options, Agreement& agreement) {
  Random random(options.seed);
  std::vector<double> raw, kappa, weighted;
  for (size_t round = 0; round < options.rounds; ++round) {
    GradeTable drawn = {};
    for (size_t i = 0; i < units.size(); ++i) AddTo(drawn, units[random.Below(units.size())]);
    raw.push_back(RawAgreement(drawn));
    if (const auto value = CohenKappa(drawn)) kappa.push_back(*value);
    if (const auto value = QuadraticKappa(drawn)) weighted.push_back(*value);
  }
  agreement.raw_interval = IntervalOf(std::move(raw), options.rounds);
  if (agreement.kappa) agreement.kappa_interval = IntervalOf(std::move(kappa), options.rounds);
  if (agreement.weighted_kappa) agreement.weighted_interval = IntervalOf(std::move(weighted), options.rounds);
}

}  // namespace

double RawAgreement(const GradeTable& table) {
  double same = 0;
  for (size_t i = 0; i < kSide; ++i) same += static_cast<double>(table[i][i]);
  return same / MarginsOf(table).total;
}

std::optional<double> CohenKappa(const GradeTable& table) {
  return KappaOf(table, [](double difference) { return difference == 0 ? 0.0 : 1.0; });
}

std::optional<double> QuadraticKappa(const GradeTable& table) {
  return KappaOf(table, [](double difference) { return difference * difference; });
}

Agreement MeasureAgreement(const std::vector<DoubleGrade>& grades, const AgreementOptions& options) {
  std::map<std::string, GradeTable> by_need;
  std::vector<GradeTable> units;
  Agreement agreement;
  for (const DoubleGrade& grade : grades) {
    GradeTable one = {};
    one[static_cast<size_t>(grade.first)][static_cast<size_t>(grade.second)] = 1;
    AddTo(agreement.table, one);
    AddTo(by_need[grade.need], one);
    units.push_back(one);
  }
  agreement.pairs = grades.size();
  agreement.needs = by_need.size();
  agreement.raw = RawAgreement(agreement.table);
  agreement.kappa = CohenKappa(agreement.table);
  agreement.weighted_kappa = QuadraticKappa(agreement.table);
  agreement.by_need = by_need.size() >= kNeedsToDraw;
  if (agreement.by_need) {
    units.clear();
    for (const auto& [need, table] : by_need) units.push_back(table);
  }
  Bootstrap(units, options, agreement);
  return agreement;
}

}  // namespace dongxi::bench
