// Every expected value is worked out by hand from the definition.
#include "bench/quality/metrics.h"

#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

using testing::ElementsAre;

// Judged: a 3, b 2, c 0, d 1, e negative. The run lists x (unjudged), b, c, a.
const GradesOfQuery kGrades = {{"a", 3}, {"b", 2}, {"c", 0}, {"d", 1}, {"e", -2}};
const RankedDocuments kRanked = {{"x", 4}, {"b", 3}, {"c", 2}, {"a", 1}};
const double kLog3 = std::log2(3.0), kLog5 = std::log2(5.0);

TEST(GradesTest, FullKeepsUnjudgedInTheirPlaces) {
  EXPECT_THAT(FullGrades(kRanked, kGrades), ElementsAre(kUnjudged, 2, 0, 3));
}

TEST(GradesTest, PoolLeavesUnjudgedOutAndPutsUnlistedLastByName) {
  EXPECT_THAT(PoolGrades(kRanked, kGrades), ElementsAre(2, 0, 3, 1, 0));  // b c a, then d e
  EXPECT_THAT(PoolGrades({}, kGrades), ElementsAre(3, 2, 0, 1, 0));
}

TEST(NdcgTest, FullAndPoolWithBothGains) {
  const RankedGrades full = FullGrades(kRanked, kGrades), pool = PoolGrades(kRanked, kGrades);
  const double best = 7 + 3 / kLog3 + 1.0 / 2;
  EXPECT_NEAR(Ndcg(full, kGrades, 10, Gain::kExponential), (3 / kLog3 + 7 / kLog5) / best, 1e-12);
  EXPECT_NEAR(Ndcg(pool, kGrades, 10, Gain::kExponential), (3 + 7.0 / 2 + 1 / kLog5) / best, 1e-12);
  const double best_linear = 3 + 2 / kLog3 + 1.0 / 2;
  EXPECT_NEAR(Ndcg(full, kGrades, 10, Gain::kLinear), (2 / kLog3 + 3 / kLog5) / best_linear, 1e-12);
}

TEST(NdcgTest, TheCutoffCutsTheIdealToo) {
  const RankedGrades full = FullGrades(kRanked, kGrades);
  EXPECT_EQ(Ndcg(full, kGrades, 1, Gain::kLinear), 0);
  EXPECT_NEAR(Ndcg(full, kGrades, 2, Gain::kLinear), (2 / kLog3) / (3 + 2 / kLog3), 1e-12);
  EXPECT_EQ(Ndcg(full, kGrades, 0, Gain::kLinear), Ndcg(full, kGrades, 4, Gain::kLinear));
}

TEST(NdcgTest, PerfectIsOneAndNothingRelevantIsZero) {
  EXPECT_DOUBLE_EQ(Ndcg(RankedGrades{3, 2, 1}, kGrades, 10, Gain::kExponential), 1);
  EXPECT_EQ(Ndcg(RankedGrades{0}, {{"a", 0}, {"b", -1}}, 10, Gain::kExponential), 0);
}

TEST(ReciprocalRankTest, FirstRelevantWithinTheCutoff) {
  const RankedGrades full = {kUnjudged, 1, 0, 3};
  EXPECT_EQ(ReciprocalRank(full, 1, 10), 0.5);
  EXPECT_EQ(ReciprocalRank(full, 2, 10), 0.25);
  EXPECT_EQ(ReciprocalRank(full, 2, 3), 0);
  EXPECT_EQ(ReciprocalRank(full, 2, 0), 0.25);
  EXPECT_EQ(ReciprocalRank({}, 1, 10), 0);
}

TEST(AveragePrecisionTest, DividesByAllRelevantNotByThoseFound) {
  const RankedGrades full = {1, kUnjudged, 2, 0, 1};
  EXPECT_NEAR(AveragePrecision(full, 1, 4, 0), (1.0 + 2.0 / 3 + 3.0 / 5) / 4, 1e-12);
  EXPECT_NEAR(AveragePrecision(full, 1, 4, 3), (1.0 + 2.0 / 3) / 4, 1e-12);
  EXPECT_NEAR(AveragePrecision(full, 2, 1, 0), 1.0 / 3, 1e-12);
  EXPECT_EQ(AveragePrecision(full, 1, 0, 0), 0);
}

TEST(PrecisionTest, AShortListIsDividedByTheCutoffAllTheSame) {
  EXPECT_EQ(Precision(RankedGrades{1, 1}, 1, 5), 0.4);
  EXPECT_EQ(Precision(RankedGrades{1, 0, 2, 1}, 1, 2), 0.5);
}

TEST(RecallTest, OfAllRelevant) {
  EXPECT_EQ(Recall(RankedGrades{1, 0, 2, 1}, 1, 4, 3), 0.5);
  EXPECT_EQ(Recall(RankedGrades{1, 0, 2, 1}, 1, 4, 0), 0.75);
  EXPECT_EQ(Recall(RankedGrades{0}, 1, 0, 10), 0);
}

TEST(JudgedShareTest, OfWhatIsListed) {
  EXPECT_EQ(JudgedShare(RankedGrades{kUnjudged, 0, 2, kUnjudged}, 3), 2.0 / 3);
  EXPECT_EQ(JudgedShare(RankedGrades{0, 2}, 10), 1);
  EXPECT_EQ(JudgedShare({}, 10), 0);
}

}  // namespace
}  // namespace dongxi::bench
