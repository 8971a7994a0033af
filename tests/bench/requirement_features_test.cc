#include "bench/requirement_features.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

using requirement::Outcome;
using requirement::RequirementKind;
using requirement::RequirementVerdict;
using ::testing::Each;
using ::testing::Gt;

// Forty needs with one good and one bad candidate; the served ranking has them the wrong way round.
struct Case {
  FeaturedRun run;
  Qrels qrels;
};
Case MakeCase(const std::vector<double>& good, const std::vector<double>& bad) {
  Case made;
  for (int i = 0; i < 40; ++i) {
    const std::string need = absl::StrCat("n-", i);
    made.run[need] = {{"bad", 2, bad}, {"good", 1.5, good}};
    made.qrels[need] = {{"bad", 0}, {"good", 3}};
  }
  return made;
}

TEST(RequirementFeaturesTest, AFeatureThatKnowsIsChosenInEachFold) {
  std::vector<double> good(RequirementFeatures().size()), bad = good;
  good[0] = 1;
  const Case made = MakeCase(good, bad);
  const absl::StatusOr<FeatureTrial> trial = TryFeature(made.run, made.qrels, 2, 0);
  ASSERT_TRUE(trial.ok()) << trial.status();
  EXPECT_THAT(trial->fold_weights, Each(Gt(0.5)));
  EXPECT_EQ(trial->needs_moved, 40u);
  EXPECT_THAT(trial->gains, Each(Gt(0.3)));
}

TEST(RequirementFeaturesTest, AFeatureThatSaysNothingGetsNoWeight) {
  const std::vector<double> same(RequirementFeatures().size(), 0.5);
  const Case made = MakeCase(same, same);
  const absl::StatusOr<FeatureTrial> trial = TryFeature(made.run, made.qrels, 2, 3);
  ASSERT_TRUE(trial.ok()) << trial.status();
  EXPECT_THAT(trial->fold_weights, Each(0));
  EXPECT_EQ(trial->needs_moved, 0u);
}

TEST(RequirementFeaturesTest, WithoutJudgementsThereIsAnError) {
  const Case made = MakeCase(std::vector<double>(RequirementFeatures().size()),
                             std::vector<double>(RequirementFeatures().size()));
  EXPECT_EQ(TryFeature(made.run, {}, 2, 0).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(RequirementFeaturesTest, SharesAreOfWhatTheNeedAsksForOfThatKind) {
  const std::vector<RequirementVerdict> verdicts = {
      {.kind = RequirementKind::kIndicator, .outcome = Outcome::kMet},
      {.kind = RequirementKind::kIndicator, .outcome = Outcome::kShort},
      {.kind = RequirementKind::kIndicator, .outcome = Outcome::kUnknown},
      {.kind = RequirementKind::kIndicator, .outcome = Outcome::kContradictory},
      {.kind = RequirementKind::kParty, .outcome = Outcome::kContradictory}};
  const std::map<std::string, double> wanted = {{"indicators met", 0.25},
                                                {"indicators short", -0.25},
                                                {"indicators excluded", -0.25},
                                                {"indicators spoken of", 0.75},
                                                {"maturity met", 0},
                                                {"modes met", 0},
                                                {"parties met", 0},
                                                {"parties excluded", -1},
                                                {"conditions met", 0},
                                                {"not available", 0}};
  for (const RequirementFeature& feature : RequirementFeatures()) {
    EXPECT_DOUBLE_EQ(feature.of(verdicts), wanted.at(feature.name)) << feature.name;
    EXPECT_DOUBLE_EQ(feature.of({}), 0) << feature.name;
  }
}

}  // namespace
}  // namespace dongxi::bench
