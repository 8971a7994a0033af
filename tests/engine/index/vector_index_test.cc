#include "engine/index/vector_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <random>

#include "engine/base/files.h"
#include "engine/index/dot_product.h"
#include "engine/index/top_k.h"
#include "engine/index/vector_file.h"

namespace dongxi {
namespace {

constexpr unsigned kSeed = 20260101;

std::filesystem::path TempFolder(const std::string& name) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / ("vector_index_test-" + name);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

// Unit vectors around a few centres, as embeddings are: neighbours exist and ties occur.
Matrix RandomVectors(size_t rows, int dim, unsigned seed) {
  constexpr size_t kCentres = 20;
  std::mt19937 rng(kSeed);  // the same centres for vectors and queries
  std::normal_distribution<float> normal;
  std::vector<float> centres(kCentres * static_cast<size_t>(dim));
  for (float& value : centres) value = normal(rng);
  rng.seed(seed);
  Matrix matrix{dim, std::vector<float>(rows * static_cast<size_t>(dim))};
  for (size_t i = 0; i < rows; ++i) {
    const size_t centre = rng() % kCentres;
    double length = 0;
    for (size_t j = 0; j < static_cast<size_t>(dim); ++j) {
      float& value = matrix.row(i)[j];
      value = centres[centre * static_cast<size_t>(dim) + j] + 0.7F * normal(rng);
      length += static_cast<double>(value) * static_cast<double>(value);
    }
    for (float& value : matrix.row(i))
      value = static_cast<float>(static_cast<double>(value) / std::sqrt(length));
  }
  return matrix;
}

using MakeIndexFn = std::unique_ptr<VectorIndex> (*)(const Matrix&);

std::unique_ptr<VectorIndex> MakeExact(const Matrix& vectors) { return NewExactVectorIndex(vectors); }

std::unique_ptr<VectorIndex> Written(const Matrix& vectors, size_t graph_rows_min) {
  const auto folder = TempFolder(testing::UnitTest::GetInstance()->current_test_info()->name());
  const absl::Status written =
      WriteVectorIndex(vectors, folder, {.graph_rows_min = graph_rows_min}, nullptr, nullptr);
  EXPECT_TRUE(written.ok()) << written;
  auto opened = OpenVectorIndex(folder);
  EXPECT_TRUE(opened.ok()) << opened.status();
  return opened.ok() ? std::move(*opened) : nullptr;
}
std::unique_ptr<VectorIndex> MakeScan(const Matrix& vectors) { return Written(vectors, 1'000'000); }
std::unique_ptr<VectorIndex> MakeGraph(const Matrix& vectors) { return Written(vectors, 1); }

class VectorIndexContract : public testing::TestWithParam<MakeIndexFn> {};

TEST_P(VectorIndexContract, ReturnsAllWhenKExceedsSizeBestFirst) {
  const Matrix vectors{2, {1, 0, 0, 1, 0.6F, 0.8F}};
  const auto index = GetParam()(vectors);
  const float query[] = {1, 0};
  const auto found = index->Search(query, 10, nullptr, {});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(*found, testing::ElementsAre(Neighbor{0, 1.0F}, Neighbor{2, 0.6F}, Neighbor{1, 0.0F}));
}

TEST_P(VectorIndexContract, BreaksTiesByLowerDocId) {
  const auto index = GetParam()(Matrix{2, {0, 1, 1, 0, 1, 0, 1, 0}});
  const float query[] = {1, 0};
  const auto found = index->Search(query, 3, nullptr, {});
  ASSERT_TRUE(found.ok());
  EXPECT_THAT(*found, testing::ElementsAre(Neighbor{1, 1.0F}, Neighbor{2, 1.0F}, Neighbor{3, 1.0F}));
}

TEST_P(VectorIndexContract, FilteredSearchIsExactAndNeverShort) {
  const Matrix vectors = RandomVectors(3000, 32, kSeed);
  const auto index = GetParam()(vectors);
  const auto oracle = NewExactVectorIndex(vectors);
  const Matrix queries = RandomVectors(20, 32, kSeed + 11);
  for (const DocId step : {10U, 100U, 1000U}) {
    DocSet allowed;
    for (DocId doc = 3; doc < 3000; doc += step) allowed.docs.push_back(doc);
    for (size_t q = 0; q < queries.rows(); ++q) {
      SCOPED_TRACE(step);
      const auto found = index->Search(queries.row(q), 50, &allowed, {});
      const auto wanted = oracle->Search(queries.row(q), 50, &allowed, {});
      ASSERT_TRUE(found.ok());
      ASSERT_EQ(found->size(), std::min<size_t>(50, allowed.docs.size()));
      for (size_t i = 0; i < found->size(); ++i)
        EXPECT_NEAR((*found)[i].similarity, (*wanted)[i].similarity, 1e-5);
    }
  }
}

TEST_P(VectorIndexContract, UnfilteredRecallIsHigh) {
  const Matrix vectors = RandomVectors(5000, 32, kSeed + 1);
  const auto index = GetParam()(vectors);
  const auto oracle = NewExactVectorIndex(vectors);
  const Matrix queries = RandomVectors(30, 32, kSeed + 2);
  size_t hits = 0;
  for (size_t q = 0; q < queries.rows(); ++q) {
    const auto found = index->Search(queries.row(q), 100, nullptr, {});
    const auto wanted = oracle->Search(queries.row(q), 100, nullptr, {});
    ASSERT_TRUE(found.ok());
    ASSERT_EQ(found->size(), 100U);
    const float last = wanted->back().similarity - 1e-5F;
    for (const Neighbor& neighbor : *found) hits += neighbor.similarity >= last ? 1 : 0;
  }
  EXPECT_GE(static_cast<double>(hits) / (100.0 * static_cast<double>(queries.rows())), 0.99);
}

TEST_P(VectorIndexContract, MomentsAreThoseOfAllSimilarities) {
  const Matrix vectors = RandomVectors(2000, 16, kSeed);
  const auto index = GetParam()(vectors);
  const auto oracle = NewExactVectorIndex(vectors);
  const auto found = index->Moments(vectors.row(7));
  const auto wanted = oracle->Moments(vectors.row(7));
  ASSERT_TRUE(found.ok());
  EXPECT_NEAR(found->mean, wanted->mean, 1e-5);
  EXPECT_NEAR(found->deviation, wanted->deviation, 1e-4);
}

TEST_P(VectorIndexContract, RefusesBrokenRequirements) {
  const auto index = GetParam()(Matrix{2, {1, 0, 0, 1}});
  const float query[] = {1, 0}, short_query[] = {1}, not_a_number[] = {NAN, 0};
  const DocSet outside{{2}};
  EXPECT_EQ(index->Search(short_query, 1, nullptr, {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(index->Search(not_a_number, 1, nullptr, {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(index->Search(query, 0, nullptr, {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(index->Search(query, kNeighborsMax + 1, nullptr, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(index->Search(query, 1, &outside, {}).status().code(), absl::StatusCode::kInvalidArgument);
  const DocId bad[] = {5};
  EXPECT_EQ(index->Similarities(query, bad).status().code(), absl::StatusCode::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(All, VectorIndexContract, testing::Values(&MakeExact, &MakeScan, &MakeGraph));

// Many rows for few neighbours: they are chosen by their codes first. Copies of rows make ties.
TEST(VectorIndexTest, AScanByCodesFindsWhatALookAtAllFinds) {
  constexpr size_t kRows = 6000;
  Matrix vectors = RandomVectors(kRows, 96, kSeed + 3);
  for (size_t i = 0; i < 500; ++i)
    std::copy_n(vectors.row(i * 7).begin(), vectors.row(0).size(), vectors.row(kRows - 1 - i).begin());
  std::fill(vectors.row(17).begin(), vectors.row(17).end(), 0.0F);
  const auto scan = MakeScan(vectors);
  DocSet all, dense, sparse;
  for (DocId doc = 0; doc < kRows; ++doc) {
    all.docs.push_back(doc);
    if (doc % 9 != 0) dense.docs.push_back(doc);
    if (doc % 11 == 0) sparse.docs.push_back(doc);
  }
  const Matrix queries = RandomVectors(20, 96, kSeed + 4);
  for (size_t q = 0; q < queries.rows(); ++q) {
    for (const DocSet* docs : {&all, &dense, &sparse}) {
      const auto similarities = scan->Similarities(queries.row(q), docs->docs);
      for (const size_t k : {1U, 10U, 100U}) {
        TopK top(k);
        for (size_t i = 0; i < docs->docs.size(); ++i) top.Push({docs->docs[i], (*similarities)[i]});
        std::vector<Neighbor> expected;
        for (const ScoredDoc& one : std::move(top).Sorted()) expected.push_back({one.doc, one.score});
        const auto found =
            scan->Search(queries.row(q), static_cast<int>(k), docs == &all ? nullptr : docs, {});
        ASSERT_TRUE(found.ok());
        EXPECT_EQ(*found, expected) << "bit for bit";
      }
    }
  }
}

TEST(VectorIndexTest, CancelledScanStops) {
  const auto index = MakeScan(RandomVectors(100, 8, kSeed));
  const Matrix query = RandomVectors(1, 8, kSeed);
  const auto found = index->Search(query.row(0), 5, nullptr, {[] { return true; }});
  EXPECT_EQ(found.status().code(), absl::StatusCode::kCancelled);
}

TEST(VectorIndexTest, SameVectorsGiveTheSameBytes) {
  const Matrix vectors = RandomVectors(4500, 16, kSeed);
  std::string bytes[2][2];
  for (int round = 0; round < 2; ++round) {
    const auto folder = TempFolder("same-" + std::to_string(round));
    ASSERT_TRUE(WriteVectorIndex(vectors, folder, {.graph_rows_min = 1}, nullptr, nullptr).ok());
    bytes[round][0] = *ReadFile(folder / "vectors.dxv", 1 << 30);
    bytes[round][1] = *ReadFile(folder / "vectors.hnsw", 1 << 30);
  }
  EXPECT_EQ(bytes[0][0], bytes[1][0]);
  EXPECT_EQ(bytes[0][1], bytes[1][1]);
}

TEST(VectorIndexTest, CancelledBuildSaysSoAndLeavesNoGraph) {
  const auto folder = TempFolder("cancel");
  const absl::Status status = WriteVectorIndex(
      RandomVectors(100, 8, kSeed), folder, {.graph_rows_min = 1}, [] { return true; }, nullptr);
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_FALSE(std::filesystem::exists(folder / "vectors.hnsw"));
}

TEST(VectorIndexTest, EmptyCollectionIsSearchable) {
  const auto index = MakeScan(Matrix{4, {}});
  const float query[] = {1, 0, 0, 0};
  const auto found = index->Search(query, 3, nullptr, {});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_TRUE(found->empty());
}

// Whatever a damaged file says, opening gives an error or an index that can be searched without a crash.
TEST(VectorIndexTest, DamagedFilesAreRefusedOrHarmless) {
  const auto folder = TempFolder("damage");
  const Matrix vectors = RandomVectors(60, 8, kSeed);
  ASSERT_TRUE(WriteVectorIndex(vectors, folder, {.graph_rows_min = 1}, nullptr, nullptr).ok());
  for (const char* name : {"vectors.dxv", "vectors.hnsw"}) {
    const std::string good = *ReadFile(folder / name, 1 << 30);
    std::mt19937 rng(kSeed);
    for (int round = 0; round < 200; ++round) {
      std::string bad = good;
      if (round % 2 == 0) {
        bad.resize(rng() % good.size());
      } else {
        // Mostly near the front, where sizes and offsets stand.
        const size_t at = round % 4 == 1 ? rng() % std::min<size_t>(good.size(), 200) : rng() % good.size();
        bad[at] = static_cast<char>(bad[at] ^ (1 << (rng() % 8)));
      }
      std::ofstream(folder / name, std::ios::binary) << bad;
      const auto opened = OpenVectorIndex(folder);
      if (opened.ok()) (void)(*opened)->Search(vectors.row(0), 5, nullptr, {});
    }
    std::ofstream(folder / name, std::ios::binary) << good;
  }
}

TEST(DotProductTest, IsTheSumOfProductsForEveryLength) {
  std::mt19937 rng(kSeed);
  std::uniform_real_distribution<float> uniform(-1, 1);
  for (size_t dim = 0; dim < 70; ++dim) {
    std::vector<float> a(dim), b(dim);
    double sum = 0;
    for (size_t i = 0; i < dim; ++i) {
      a[i] = uniform(rng);
      b[i] = uniform(rng);
      sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    }
    EXPECT_NEAR(DotProduct(a.data(), b.data(), dim), sum, 1e-5) << dim;
  }
}

TEST(DotProductTest, HasTheFixedOrderOfAdditionsOnThisMachine) {
  // The sixteen sums and the tree of dot_product.h, in plain C++.
  std::mt19937 rng(kSeed);
  std::uniform_real_distribution<float> uniform(-1, 1);
  for (int round = 0; round < 50; ++round) {
    std::vector<float> a(256), b(256);
    float lanes[16] = {};
    for (size_t i = 0; i < a.size(); ++i) {
      a[i] = uniform(rng);
      b[i] = uniform(rng);
      const float product = a[i] * b[i];
      lanes[i % 16] += product;
    }
    for (size_t width = 8; width > 0; width /= 2) {
      for (size_t i = 0; i < width; ++i) lanes[i] += lanes[i + width];
    }
    EXPECT_EQ(DotProduct(a.data(), b.data(), a.size()), lanes[0]);
  }
}

TEST(TopKTest, EqualsSortingEverythingAndCutting) {
  std::mt19937 rng(kSeed);
  for (int round = 0; round < 300; ++round) {
    std::vector<ScoredDoc> all(rng() % 50);
    for (size_t i = 0; i < all.size(); ++i) all[i] = {static_cast<DocId>(i), static_cast<float>(rng() % 5)};
    const size_t k = rng() % 12;
    TopK top(k);
    for (const ScoredDoc& item : all) top.Push(item);
    std::sort(all.begin(), all.end(), RanksBefore);
    all.resize(std::min(all.size(), k));
    EXPECT_EQ(std::move(top).Sorted(), all) << "seed " << kSeed << " round " << round;
  }
}

}  // namespace
}  // namespace dongxi
