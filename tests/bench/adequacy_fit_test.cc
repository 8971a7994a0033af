#include "bench/adequacy_fit.h"

#include <cmath>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

constexpr uint32_t kSeed = 5;

// Pairs whose outcomes are drawn from a known logistic.
std::vector<JudgedPair> PairsFrom(const AdequacyModel& truth, size_t count, size_t inputs_max) {
  std::mt19937 random(kSeed);
  const auto unit = [&] { return static_cast<double>(random() % 10'000) / 10'000; };
  std::vector<JudgedPair> pairs;
  for (size_t i = 0; i < count; ++i) {
    JudgedPair pair{.need = "n-" + std::to_string(i % 40), .inputs = {}};
    for (size_t j = 0; j <= random() % inputs_max; ++j) pair.inputs.push_back({unit(), unit()});
    pair.adequate = unit() < truth.Probability(pair.inputs);
    pairs.push_back(pair);
  }
  return pairs;
}

TEST(FitAdequacyTest, FindsTheLogisticThatMadeTheOutcomes) {
  const AdequacyModel truth{-3, 4, 2};
  const auto fitted = FitAdequacy(PairsFrom(truth, 20'000, 1));
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  EXPECT_NEAR(fitted->bias, truth.bias, 0.2);
  EXPECT_NEAR(fitted->lexical, truth.lexical, 0.2);
  EXPECT_NEAR(fitted->semantic, truth.semantic, 0.2);
}

TEST(FitAdequacyTest, TheBestOfSeveralDocumentsCounts) {
  const AdequacyModel truth{-5, 4, 2};
  const auto fitted = FitAdequacy(PairsFrom(truth, 20'000, 6));
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  EXPECT_NEAR(fitted->lexical, truth.lexical, 0.4);
  EXPECT_NEAR(fitted->semantic, truth.semantic, 0.4);
}

TEST(FitAdequacyTest, TheMeanProbabilityIsTheShareOfAdequatePairs) {
  // Holds of every logistic regression with a free bias: the derivative by the bias is 0.
  const std::vector<JudgedPair> pairs = PairsFrom({-2, 3, 1}, 500, 1);
  const auto fitted = FitAdequacy(pairs);
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  double predicted = 0, happened = 0;
  for (const JudgedPair& pair : pairs) {
    predicted += fitted->Probability(pair.inputs);
    happened += pair.adequate ? 1 : 0;
  }
  EXPECT_NEAR(predicted, happened, 0.05);
}

TEST(FitAdequacyTest, ASlopeIsNeverNegative) {
  const auto fitted = FitAdequacy(PairsFrom({0, 3, -4}, 2'000, 1));
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  EXPECT_EQ(fitted->semantic, 0);
  EXPECT_GT(fitted->lexical, 1);
}

TEST(FitAdequacyTest, SeparablePairsStayFinite) {
  std::vector<JudgedPair> pairs;
  for (int i = 0; i < 50; ++i) pairs.push_back({"n", {{i / 50.0, 0.5}}, i >= 25});
  const auto fitted = FitAdequacy(pairs);
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  EXPECT_TRUE(std::isfinite(fitted->bias));
  EXPECT_LT(fitted->lexical, 100);
  EXPECT_EQ(fitted->semantic, 0);  // says nothing
}

TEST(FitAdequacyTest, NeedsBothOutcomesAndInputs) {
  EXPECT_TRUE(absl::IsInvalidArgument(FitAdequacy({}).status()));
  const std::vector<JudgedPair> alike = {{"a", {{0.1, 0.2}}, true}, {"b", {{0.3, 0.2}}, true}};
  EXPECT_TRUE(absl::IsInvalidArgument(FitAdequacy(alike).status()));
  const std::vector<JudgedPair> without = {{"a", {}, true}, {"b", {{0.3, 0.2}}, false}};
  EXPECT_THAT(std::string(FitAdequacy(without).status().message()), testing::HasSubstr("need a"));
}

TEST(OutOfFoldTest, ANeedsOwnOutcomesDoNotReachItsProbabilities) {
  std::vector<JudgedPair> pairs = PairsFrom({-2, 3, 1}, 400, 2);
  const auto before = OutOfFold(pairs, 5);
  ASSERT_TRUE(before.ok()) << before.status();
  for (JudgedPair& pair : pairs) {
    if (pair.need == "n-7") pair.adequate = !pair.adequate;
  }
  const auto after = OutOfFold(pairs, 5);
  ASSERT_TRUE(after.ok()) << after.status();
  bool others_changed = false;
  for (size_t i = 0; i < pairs.size(); ++i) {
    const bool changed = (*before)[i] != (*after)[i];
    if (FoldOf(pairs[i].need, 5) == FoldOf("n-7", 5)) {
      EXPECT_FALSE(changed) << pairs[i].need;
    } else {
      others_changed |= changed;
    }
  }
  EXPECT_TRUE(others_changed);
}

TEST(FoldOfTest, SpreadsNeeds) {
  std::vector<int> counts(5);
  for (int i = 1; i <= 100; ++i) ++counts[FoldOf("n-g-" + std::to_string(i), 5)];
  for (const int count : counts) EXPECT_GT(count, 8);
}

}  // namespace
}  // namespace dongxi::bench
