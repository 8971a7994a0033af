#include "bench/recall.h"

#include <cmath>
#include <random>

#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

Matrix RandomUnitVectors(size_t rows, int dim, uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  Matrix matrix;
  matrix.dim = dim;
  matrix.values.resize(rows * static_cast<size_t>(dim));
  for (size_t i = 0; i < rows; ++i) {
    float square = 0;
    for (float& value : matrix.row(i)) {
      value = normal(random);
      square += value * value;
    }
    for (float& value : matrix.row(i)) value /= std::sqrt(square);
  }
  return matrix;
}

// Answers with every second of the true neighbours.
class HalfIndex : public VectorIndex {
 public:
  explicit HalfIndex(const VectorIndex& exact) : exact_(exact) {}
  int dim() const override { return exact_.dim(); }
  size_t size() const override { return exact_.size(); }
  absl::StatusOr<std::vector<Neighbor>> Search(std::span<const float> query, int k, const DocSet* allowed,
                                               const SearchLimits& limits) const override {
    auto found = exact_.Search(query, k, allowed, limits);
    if (!found.ok()) return found;
    std::vector<Neighbor> half;
    for (size_t i = 0; i < found->size(); i += 2) half.push_back((*found)[i]);
    return half;
  }
  absl::StatusOr<std::vector<float>> Similarities(std::span<const float> query,
                                                  std::span<const DocId> docs) const override {
    return exact_.Similarities(query, docs);
  }
  absl::Status CopyVector(DocId doc, std::span<float> out) const override {
    return exact_.CopyVector(doc, out);
  }
  absl::StatusOr<SimilarityMoments> Moments(std::span<const float> query) const override {
    return exact_.Moments(query);
  }

 private:
  const VectorIndex& exact_;
};

TEST(RecallTest, OfTheExactIndexIsOneWithAndWithoutFilter) {
  const auto exact = NewExactVectorIndex(RandomUnitVectors(300, 8, 1));
  const Matrix queries = RandomUnitVectors(10, 8, 2);
  const DocSet kept = RandomDocs(300, 0.1, 3);
  for (const DocSet* allowed : {static_cast<const DocSet*>(nullptr), &kept}) {
    const auto result = MeasureRecall(*exact, *exact, queries, 20, allowed);
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->recall, 1);
    EXPECT_EQ(result->short_answers, 0u);
    EXPECT_EQ(result->milliseconds.count, 10u);
  }
}

TEST(RecallTest, CountsMissingNeighboursAndShortAnswers) {
  const auto exact = NewExactVectorIndex(RandomUnitVectors(300, 8, 1));
  const auto result = MeasureRecall(HalfIndex(*exact), *exact, RandomUnitVectors(10, 8, 2), 20, nullptr);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_DOUBLE_EQ(result->recall, 0.5);
  EXPECT_DOUBLE_EQ(result->lowest, 0.5);
  EXPECT_EQ(result->short_answers, 10u);
}

TEST(RecallTest, AsManyAsExistAreEnough) {
  const auto exact = NewExactVectorIndex(RandomUnitVectors(5, 8, 1));
  const auto result = MeasureRecall(*exact, *exact, RandomUnitVectors(3, 8, 2), 100, nullptr);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->recall, 1);
  EXPECT_EQ(result->short_answers, 0u);
}

TEST(RecallTest, QueriesWithoutKnownTermsAreNoMeasure) {
  const auto exact = NewExactVectorIndex(RandomUnitVectors(5, 8, 1));
  Matrix zero;
  zero.dim = 8;
  zero.values.assign(16, 0);
  EXPECT_FALSE(MeasureRecall(*exact, *exact, zero, 3, nullptr).ok());
}

TEST(RandomDocsTest, AreAscendingDistinctAndAsManyAsTheShareSays) {
  for (const double share : {1.0, 0.1, 0.001, 1e-9}) {
    const DocSet docs = RandomDocs(2000, share, 7);
    EXPECT_EQ(docs.docs.size(), std::max<size_t>(1, static_cast<size_t>(share * 2000)));
    for (size_t i = 1; i < docs.docs.size(); ++i) EXPECT_LT(docs.docs[i - 1], docs.docs[i]);
    EXPECT_LT(docs.docs.back(), 2000u);
    EXPECT_EQ(docs.docs, RandomDocs(2000, share, 7).docs);
  }
}

}  // namespace
}  // namespace dongxi::bench
