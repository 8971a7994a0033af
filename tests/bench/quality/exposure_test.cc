#include "bench/quality/exposure.h"

#include <cmath>

#include "bench/quality/random.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

const SystemRun kRun = {"t", {{"q1", {{"a", 3}, {"b", 2}, {"c", 1}}}, {"q2", {{"a", 1}}}, {"q3", {}}}};

TEST(ExposureTest, SumsDiscountedPlacesOverQueries) {
  const auto exposure = DocumentExposure(kRun, {"d", "c", "b", "a"}, 2);
  ASSERT_TRUE(exposure.ok()) << exposure.status();
  EXPECT_DOUBLE_EQ(exposure->at("a"), 2);
  EXPECT_DOUBLE_EQ(exposure->at("b"), 1 / std::log2(3.0));
  EXPECT_EQ(exposure->at("c"), 0) << "third, beyond the cutoff";
  EXPECT_EQ(exposure->at("d"), 0);
  EXPECT_EQ(DocumentExposure(kRun, {"a", "b", "c"}, 0)->at("c"), 0.5);
}

TEST(ExposureTest, UnknownDocumentsAndAnEmptyCollectionAreErrors) {
  const auto unknown = DocumentExposure(kRun, {"a", "b"}, 2);
  EXPECT_EQ(unknown.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(unknown.status().message()), testing::HasSubstr("query \"q1\": document \"c\""));
  EXPECT_FALSE(DocumentExposure(kRun, {}, 2).ok());
}

TEST(ExposureTest, GroupsSumTheirDocumentsAndEmptyOnesCount) {
  const ExposureOf groups =
      GroupExposure({{"a", 2}, {"b", 1}, {"c", 4}}, {{"a", "31"}, {"b", "31"}, {"x", "63"}});
  EXPECT_EQ(groups, (ExposureOf{{"31", 3}, {"63", 0}}));
}

TEST(ExposureTest, Summary) {
  const ExposureSummary summary = Summarise({{"a", 3}, {"b", 1}, {"c", 0}, {"d", 0}});
  EXPECT_EQ(summary.items, 4u);
  EXPECT_EQ(summary.shown, 2u);
  EXPECT_EQ(summary.coverage, 0.5);
  EXPECT_EQ(summary.minimum, 0);
  EXPECT_EQ(summary.maximum, 3);
  EXPECT_EQ(summary.mean, 1);
  EXPECT_DOUBLE_EQ(summary.gini, 0.625);  // pairs: 2*(2+3+3+1+1+0)/16 over twice the mean
  EXPECT_EQ(Summarise({}).items, 0u);
}

TEST(GiniTest, EqualsTheMeanDifferenceOfAllPairs) {
  Random random(5);
  for (int round = 0; round < 100; ++round) {
    std::vector<double> values(1 + random.Below(12));
    for (double& value : values) value = static_cast<double>(random.Below(4));
    double differences = 0, sum = 0;
    for (const double a : values) {
      sum += a;
      for (const double b : values) differences += std::abs(a - b);
    }
    const auto count = static_cast<double>(values.size());
    const double slow = sum == 0 ? 0 : differences / (count * count) / (2 * sum / count);
    EXPECT_NEAR(Gini(values), slow, 1e-12);
  }
}

TEST(DiversityTest, MeanOverListsOfTwoOrMore) {
  const auto similarity = [](const std::string& a, const std::string& b) {
    return (a == "a" && b == "b") ? 1.0 : 0.25;
  };
  EXPECT_EQ(IntraListDiversity(kRun, 2, similarity), 0);
  EXPECT_DOUBLE_EQ(IntraListDiversity(kRun, 10, similarity), (0 + 0.75 + 0.75) / 3);
  EXPECT_EQ(IntraListDiversity(kRun, 1, similarity), 0);
}

}  // namespace
}  // namespace dongxi::bench
