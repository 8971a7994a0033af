#include "bench/quality/metrics.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>
#include <unordered_set>

namespace dongxi::bench {
namespace {

std::span<const int> Cut(std::span<const int> ranked, size_t cutoff) {
  return cutoff == 0 || ranked.size() <= cutoff ? ranked : ranked.first(cutoff);
}

double GainOf(int grade, Gain gain) {
  if (grade <= 0) return 0;
  return gain == Gain::kLinear ? grade : std::ldexp(1.0, grade) - 1;
}

double DiscountedGain(std::span<const int> grades, Gain gain) {
  double sum = 0;
  for (size_t i = 0; i < grades.size(); ++i)
    sum += GainOf(grades[i], gain) / std::log2(static_cast<double>(i) + 2);
  return sum;
}

size_t CountHits(std::span<const int> grades, int rel) {
  return static_cast<size_t>(
      std::count_if(grades.begin(), grades.end(), [rel](int grade) { return grade >= rel; }));
}

double Share(size_t part, size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

RankedGrades FullGrades(const RankedDocuments& ranked, const GradesOfQuery& grades) {
  RankedGrades full;
  full.reserve(ranked.size());
  for (const RankedDocument& entry : ranked) {
    const auto judged = grades.find(entry.document);
    full.push_back(judged == grades.end() ? kUnjudged : std::max(judged->second, 0));
  }
  return full;
}

RankedGrades PoolGrades(const RankedDocuments& ranked, const GradesOfQuery& grades) {
  RankedGrades pool;
  std::unordered_set<std::string_view> listed;
  for (const RankedDocument& entry : ranked) {
    const auto judged = grades.find(entry.document);
    if (judged == grades.end()) continue;
    pool.push_back(std::max(judged->second, 0));
    listed.insert(judged->first);
  }
  for (const auto& [document, grade] : grades) {
    if (!listed.contains(document)) pool.push_back(std::max(grade, 0));
  }
  return pool;
}

double Ndcg(std::span<const int> ranked, const GradesOfQuery& grades, size_t cutoff, Gain gain) {
  RankedGrades ideal;
  for (const auto& [document, grade] : grades) ideal.push_back(grade);
  std::sort(ideal.begin(), ideal.end(), std::greater<>());
  const double best = DiscountedGain(Cut(ideal, cutoff), gain);
  return best > 0 ? DiscountedGain(Cut(ranked, cutoff), gain) / best : 0;
}

double ReciprocalRank(std::span<const int> ranked, int rel, size_t cutoff) {
  const std::span<const int> top = Cut(ranked, cutoff);
  const auto first = std::find_if(top.begin(), top.end(), [rel](int grade) { return grade >= rel; });
  return first == top.end() ? 0 : 1.0 / static_cast<double>(first - top.begin() + 1);
}

double AveragePrecision(std::span<const int> ranked, int rel, size_t relevant, size_t cutoff) {
  const std::span<const int> top = Cut(ranked, cutoff);
  double sum = 0;
  size_t hits = 0;
  for (size_t i = 0; i < top.size(); ++i) {
    if (top[i] >= rel) sum += Share(++hits, i + 1);
  }
  return relevant == 0 ? 0 : sum / static_cast<double>(relevant);
}

double Precision(std::span<const int> ranked, int rel, size_t cutoff) {
  return Share(CountHits(Cut(ranked, cutoff), rel), cutoff);
}

double Recall(std::span<const int> ranked, int rel, size_t relevant, size_t cutoff) {
  return Share(CountHits(Cut(ranked, cutoff), rel), relevant);
}

double JudgedShare(std::span<const int> ranked, size_t cutoff) {
  const std::span<const int> top = Cut(ranked, cutoff);
  const auto unjudged = static_cast<size_t>(std::count(top.begin(), top.end(), kUnjudged));
  return Share(top.size() - unjudged, top.size());
}

size_t CountRelevant(const GradesOfQuery& grades, int rel) {
  return static_cast<size_t>(std::count_if(grades.begin(), grades.end(),
                                           [rel](const auto& judged) { return judged.second >= rel; }));
}

}  // namespace dongxi::bench
