#include "bench/learn/learning_set.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace dongxi::bench {
namespace {

// A candidate of a group.
struct Labelled {
  const LearnedCandidate* candidate;
  int grade;
};

void AddGroup(const std::vector<Labelled>& group, double weight, TreeRows& rows) {
  const auto differs = [&](const Labelled& one) { return one.grade != group.front().grade; };
  if (std::none_of(group.begin(), group.end(), differs)) return;
  for (const auto& [candidate, grade] : group) {
    rows.features.insert(rows.features.end(), candidate->features.begin(), candidate->features.end());
    rows.labels.push_back(static_cast<float>(grade));
    rows.margins.push_back(static_cast<float>(candidate->base));
  }
  rows.group_sizes.push_back(static_cast<unsigned>(group.size()));
  rows.group_weights.push_back(static_cast<float>(weight));
}

void AddJudged(const LearningQuery& query, bool judged_both_ways, TreeRows& rows) {
  if (query.grades.empty()) return;
  std::vector<Labelled> group;
  for (size_t i = 0; i < query.candidates.size(); ++i) {
    const LearnedCandidate& candidate = query.candidates[i];
    const auto grade = query.grades.find(candidate.name.id);
    if (grade != query.grades.end()) {
      group.push_back({&candidate, std::max(grade->second, 0)});
    } else if (!judged_both_ways && i < kLearnedCandidates) {
      group.push_back({&candidate, 0});
    }
  }
  AddGroup(group, 1, rows);
}

void AddEngaged(const LearningQuery& query, TreeRows& rows) {
  const auto grade_of = [&](const LearnedCandidate& candidate) {
    const auto found = query.engaged.find(candidate.name.id);
    return found == query.engaged.end() ? -1 : found->second.grade;  // -1: never shown
  };
  for (const LearnedCandidate& engaged : query.candidates) {
    const int grade = grade_of(engaged);
    if (grade <= 0) continue;
    std::vector<Labelled> group = {{&engaged, grade}};
    for (const LearnedCandidate& other : query.candidates) {
      const int lower = grade_of(other);
      if (lower >= 0 && lower < grade) group.push_back({&other, lower});
    }
    AddGroup(group, query.engaged.at(engaged.name.id).weight, rows);
  }
}

// Mean over pairs of different labels of log(1 + exp(-(difference of bases) / scale)).
double LossAt(const TreeRows& rows, double scale) {
  double loss = 0, weights = 0;
  size_t begin = 0;
  for (size_t g = 0; g < rows.group_sizes.size(); ++g) {
    const size_t end = begin + rows.group_sizes[g];
    for (size_t i = begin; i < end; ++i) {
      for (size_t j = begin; j < end; ++j) {
        if (!(rows.labels[i] > rows.labels[j])) continue;
        const double odds = (double{rows.margins[i]} - double{rows.margins[j]}) / scale;
        const double weight = double{rows.group_weights[g]};
        loss += weight * (odds > 0 ? std::log1p(std::exp(-odds)) : std::log1p(std::exp(odds)) - odds);
        weights += weight;
      }
    }
    begin = end;
  }
  return weights > 0 ? loss / weights : 0;
}

}  // namespace

bool JudgedBothWays(const std::vector<LearningQuery>& queries) {
  return std::any_of(queries.begin(), queries.end(), [](const LearningQuery& query) {
    return std::any_of(query.grades.begin(), query.grades.end(),
                       [](const auto& grade) { return grade.second <= 0; });
  });
}

TreeRows RowsOf(const std::vector<LearningQuery>& queries, bool judged_both_ways,
                const std::function<bool(const LearningQuery&)>& wanted) {
  TreeRows rows{.columns = kLearnedFeatures};
  for (const LearningQuery& query : queries) {
    if (!wanted(query)) continue;
    AddJudged(query, judged_both_ways, rows);
    AddEngaged(query, rows);
  }
  return rows;
}

double ScaleOf(const TreeRows& rows) {
  double best = 1, best_loss = LossAt(rows, 1);
  for (int halves = -6; halves <= 16; ++halves) {  // 1/8 to 256, by the square root of 2
    const double scale = std::pow(2.0, halves / 2.0);
    const double loss = LossAt(rows, scale);
    if (loss < best_loss) {
      best = scale;
      best_loss = loss;
    }
  }
  return best;
}

std::vector<int> MonotoneSigns() {
  std::vector<int> signs;
  for (const std::string_view name : kLearnedFeatureNames)
    signs.push_back(name.starts_with("query_") ? 0 : 1);
  return signs;
}

}  // namespace dongxi::bench
