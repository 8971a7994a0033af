#include "bench/learn/ranker_trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "bench/learn/ranker_file.h"
#include "bench/quality/random.h"

namespace dongxi::bench {
namespace {

constexpr size_t kCosine = 5;

double Uniform(Random& random) { return static_cast<double>(random.Below(1'000'000)) / 1e6; }

// Queries with 30 judged candidates. The base orders them by half of what makes them relevant; with
// `planted`, the cosine feature holds the other half, else every feature but the base is noise.
std::vector<LearningQuery> Queries(size_t count, bool planted, uint64_t seed) {
  Random random(seed);
  std::vector<LearningQuery> queries;
  for (size_t q = 0; q < count; ++q) {
    LearningQuery query{.id = "q" + std::to_string(q), .fold = q % 5};
    for (int c = 0; c < 30; ++c) {
      const double known = Uniform(random), hidden = Uniform(random);
      LearnedCandidate candidate{.name = {RecordKind::kResult, "c" + std::to_string(c)}, .base = 4 * known};
      for (float& feature : candidate.features) feature = static_cast<float>(Uniform(random));
      candidate.features[0] = static_cast<float>(candidate.base);
      if (planted) candidate.features[kCosine] = static_cast<float>(hidden);
      query.grades[candidate.name.id] = known + hidden > 1.5 ? 2 : known + hidden > 1.2 ? 1 : 0;
      query.candidates.push_back(std::move(candidate));
    }
    std::sort(query.candidates.begin(), query.candidates.end(),
              [](const LearnedCandidate& a, const LearnedCandidate& b) { return a.base > b.base; });
    queries.push_back(std::move(query));
  }
  return queries;
}

TrialOptions Options() {
  return {.target = "result",
          .trees = {.rounds = 60},
          .measure = {MeasureKind::kNdcgPool, 10},
          .chance = {.rounds = 1'000}};
}

TEST(RankerTrialTest, APlantedFeatureIsAccepted) {
  const auto trial = TryRanker(Queries(80, true, 1), Options());
  ASSERT_TRUE(trial.ok()) << trial.status();
  EXPECT_TRUE(trial->accepted);
  EXPECT_GT(trial->learned, trial->linear + 0.05);
  EXPECT_GT(trial->interval.low, 0);
  EXPECT_EQ(trial->measure, "nDCG@10 pool");
  EXPECT_EQ(trial->queries, 80u);
}

TEST(RankerTrialTest, NoiseIsRefused) {
  for (const uint64_t seed : {2, 3, 4}) {
    const auto trial = TryRanker(Queries(80, false, seed), Options());
    ASSERT_TRUE(trial.ok()) << trial.status();
    EXPECT_FALSE(trial->accepted) << "seed " << seed;
  }
}

TEST(RankerTrialTest, NeedsQueriesItHasNotSeen) {
  std::vector<LearningQuery> queries = Queries(10, true, 1);
  for (LearningQuery& query : queries) query.fold = 3;
  EXPECT_TRUE(absl::IsInvalidArgument(TryRanker(queries, Options()).status()));
}

bool All(const LearningQuery&) { return true; }

TEST(TrainRankerTest, TheEnginesSumsAreXgboostsAndRunsAreTheSame) {
  const std::vector<LearningQuery> queries = Queries(40, true, 5);
  const auto trained = TrainRanker(queries, true, Options(), All);
  ASSERT_TRUE(trained.ok()) << trained.status();
  const TreeRows rows = RowsOf(queries, true, All);
  ASSERT_EQ(trained->trees.fitted.size(), rows.size());
  ASSERT_EQ(trained->trees.dumps.size(), 60u);
  double largest = 0;
  for (size_t row = 0; row < rows.size(); ++row) {
    LearnedFeatures features;
    std::copy_n(rows.features.begin() + static_cast<std::ptrdiff_t>(row * rows.columns), rows.columns,
                features.begin());
    const double theirs = double{trained->trees.fitted[row]};
    EXPECT_NEAR(trained->ranker->Sum(features) / trained->scale, theirs, 1e-5);
    largest = std::max(largest, std::abs(theirs));
  }
  EXPECT_GT(largest, 0.1) << "the trees say something";
  EXPECT_EQ(TrainRanker(queries, true, Options(), All)->trees.dumps, trained->trees.dumps);
}

TEST(TrainRankerTest, AHigherFeatureNeverLowersTheScore) {
  const auto trained = TrainRanker(Queries(40, true, 6), true, Options(), All);
  ASSERT_TRUE(trained.ok()) << trained.status();
  Random random(7);
  for (int round = 0; round < 2'000; ++round) {
    LearnedFeatures features;
    for (float& feature : features) feature = static_cast<float>(Uniform(random));
    const size_t raised = random.Below(9);  // not the query's own
    LearnedFeatures higher = features;
    higher[raised] += static_cast<float>(Uniform(random));
    EXPECT_GE(trained->ranker->Score(higher), trained->ranker->Score(features) - 1e-9)
        << kLearnedFeatureNames[raised];
    EXPECT_GE(trained->ranker->Score(features), 0);
  }
}

TEST(RankWithTest, OnlyTheFirstAreCorrectedAndTheRestStandBehind) {
  LearningQuery query = Queries(1, true, 8)[0];
  const std::vector<LearnedCandidate> few = query.candidates;
  for (int i = 0; i < 250; ++i) {
    LearnedCandidate candidate = few[0];
    candidate.name.id = "late" + std::to_string(i);
    candidate.base = -1.0 - i;
    query.candidates.push_back(candidate);
  }
  const auto trained = TrainRanker(Queries(40, true, 8), true, Options(), All);
  ASSERT_TRUE(trained.ok()) << trained.status();
  const RankedDocuments ranked = RankWith(trained->ranker.get(), query);
  ASSERT_EQ(ranked.size(), 280u);
  for (size_t i = kLearnedCandidates; i < ranked.size(); ++i)
    EXPECT_EQ(ranked[i].document, query.candidates[i].name.id);
}

TEST(RankerFileTest, RefusesWhatIsNoDump) {
  for (
      const char* dump :
      {"", "[]", R"({"nodeid":0})", R"({"nodeid":0,"split":"f99","split_condition":1})",
       R"({"nodeid":0,"split":"f1","split_condition":1,"yes":1,"no":2,"children":[{"nodeid":1,"leaf":1}]})"}) {
    EXPECT_TRUE(absl::IsInternal(RankerFile("result", {dump}, 1, nullptr).status())) << dump;
  }
}

}  // namespace
}  // namespace dongxi::bench
