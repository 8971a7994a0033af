// Random rankings with many ties: the scorer against a slow version that works on names, rank by rank.
#include <algorithm>
#include <cmath>
#include <set>

#include "bench/quality/random.h"
#include "bench/quality/scores.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

constexpr uint64_t kSeed = 20'230;
constexpr int kRounds = 300;

struct Case {
  GradesOfQuery grades;
  std::map<std::string, double> run;
  int rel = 1;
};

Case RandomCase(Random& random) {
  Case c;
  c.rel = 1 + static_cast<int>(random.Below(3));
  const uint64_t documents = 1 + random.Below(30);
  for (uint64_t d = 0; d < documents; ++d) {
    const std::string name = "d" + std::to_string(d);
    if (random.Below(2) == 0) c.grades[name] = static_cast<int>(random.Below(5)) - 1;
    if (random.Below(3) > 0) c.run[name] = static_cast<double>(random.Below(4));
  }
  c.grades["relevant"] = 3;
  if (c.run.empty()) c.run["d0"] = 1;
  return c;
}

int GradeOf(const Case& c, const std::string& name) {
  return c.grades.contains(name) ? std::max(c.grades.at(name), 0) : 0;
}

// The names, best first: repeatedly takes the best of those left.
std::vector<std::string> Order(const Case& c) {
  std::vector<std::string> order;
  std::map<std::string, double> left = c.run;
  while (!left.empty()) {
    auto best = left.begin();  // the map is in name order: only a higher score displaces
    for (auto it = left.begin(); it != left.end(); ++it) {
      if (it->second > best->second) best = it;
    }
    order.push_back(best->first);
    left.erase(best);
  }
  return order;
}

double Gained(const Case& c, const std::vector<std::string>& names) {
  double sum = 0;
  for (size_t rank = 1; rank <= 10 && rank <= names.size(); ++rank)
    sum += (std::pow(2, GradeOf(c, names[rank - 1])) - 1) * std::log(2) /
           std::log(static_cast<double>(rank) + 1);
  return sum;
}

double SlowNdcg(const Case& c, const std::vector<std::string>& names) {
  std::vector<std::string> ideal;
  for (int grade = kGradeMax; grade >= 0; --grade) {
    for (const auto& [name, unused] : c.grades) {
      if (GradeOf(c, name) == grade) ideal.push_back(name);
    }
  }
  return Gained(c, names) / Gained(c, ideal);
}

std::vector<std::string> Pool(const Case& c) {
  std::vector<std::string> pool;
  for (const std::string& name : Order(c)) {
    if (c.grades.contains(name)) pool.push_back(name);
  }
  for (const auto& [name, grade] : c.grades) {
    if (!c.run.contains(name)) pool.push_back(name);
  }
  return pool;
}

// Relevant names among the first `cutoff`.
double Hits(const Case& c, size_t cutoff) {
  double hits = 0;
  const std::vector<std::string> order = Order(c);
  for (size_t i = 0; i < order.size() && i < cutoff; ++i) hits += GradeOf(c, order[i]) >= c.rel ? 1 : 0;
  return hits;
}

std::map<std::string, double> SlowScores(const Case& c) {
  const std::vector<std::string> order = Order(c);
  double relevant = 0, reciprocal = 0, precisions = 0, judged = 0;
  for (const auto& [name, grade] : c.grades) relevant += grade >= c.rel ? 1 : 0;
  for (size_t rank = 1; rank <= order.size(); ++rank) {
    const bool hit = GradeOf(c, order[rank - 1]) >= c.rel;
    if (hit) precisions += Hits(c, rank) / static_cast<double>(rank);
    if (hit && reciprocal == 0 && rank <= 10) reciprocal = 1 / static_cast<double>(rank);
    if (rank <= 10 && c.grades.contains(order[rank - 1])) judged += 1;
  }
  return {{"nDCG@10 pool", SlowNdcg(c, Pool(c))},
          {"nDCG@10 full", SlowNdcg(c, order)},
          {"MRR@10", reciprocal},
          {"R@10", Hits(c, 10) / relevant},
          {"R@100", Hits(c, 100) / relevant},
          {"P@5", Hits(c, 5) / 5},
          {"P@10", Hits(c, 10) / 10},
          {"MAP", precisions / relevant},
          {"judged@10", judged / static_cast<double>(std::min<size_t>(10, order.size()))}};
}

TEST(ScoreRunTest, EqualsTheSlowVersionOnRandomRankings) {
  Random random(kSeed);
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const Case c = RandomCase(random);
    std::string lines;
    for (const auto& [name, score] : c.run) lines.insert(0, "q " + name + " " + std::to_string(score) + "\n");
    const auto run = ParseRun("random", lines);
    ASSERT_TRUE(run.ok()) << run.status();
    const auto scores = ScoreRun({{"q", c.grades}}, *run, {.rel = c.rel});
    ASSERT_TRUE(scores.ok()) << scores.status();
    const std::map<std::string, double> slow = SlowScores(c);
    ASSERT_EQ(scores->measures.size(), slow.size());
    for (const auto& [measure, value] : slow) EXPECT_NEAR(scores->MeanOf(measure), value, 1e-12) << measure;
  }
}

}  // namespace
}  // namespace dongxi::bench
