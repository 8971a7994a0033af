// The bounds of the eight-bit shadows hold for whatever vectors there are, and say enough to be of use.
#include "engine/index/scan_codes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "engine/index/dot_product.h"

namespace dongxi {
namespace {

std::vector<float> Vector(size_t dim, std::mt19937& rng) {
  std::normal_distribution<float> normal;
  const unsigned shape = rng() % 4;
  std::vector<float> values(dim);
  for (float& value : values) {
    value = normal(rng);
    if (shape == 1) value = rng() % 20 == 0 ? value : 0;  // sparse
    if (shape == 2) value = std::exp(4 * value);          // one value beside which all others are small
    if (shape == 3) value *= 1e-20F;
  }
  return values;
}

TEST(ScanCodesTest, EveryProductLiesWithinItsBounds) {
  std::mt19937 rng(20261126);
  for (const size_t dim : {1UL, 7UL, 16UL, 33UL, 256UL, 384UL, ScanCodes::kDimMax}) {
    constexpr size_t kRows = 150;
    std::vector<float> rows;
    for (size_t i = 0; i < kRows; ++i) {
      const std::vector<float> row = Vector(dim, rng);
      rows.insert(rows.end(), row.begin(), row.end());
    }
    const ScanCodes codes(rows.data(), dim, kRows);
    for (int q = 0; q < 20; ++q) {
      const std::vector<float> query = Vector(dim, rng);
      std::vector<ScanCodes::Bounds> bounds(kRows - 3);
      codes.BoundsOf(CodesOfQuery(query), 3, bounds);
      for (size_t i = 0; i < bounds.size(); ++i) {
        const float product = DotProduct(query.data(), rows.data() + (i + 3) * dim, dim);
        EXPECT_LE(bounds[i].low, product) << "dim " << dim;
        EXPECT_GE(bounds[i].high, product) << "dim " << dim;
      }
    }
  }
}

TEST(ScanCodesTest, LargestCodesDoNotOverflow) {
  const std::vector<float> ones(ScanCodes::kDimMax, 1.0F);
  const ScanCodes codes(ones.data(), ones.size(), 1);
  std::vector<ScanCodes::Bounds> bounds(1);
  codes.BoundsOf(CodesOfQuery(ones), 0, bounds);
  EXPECT_NEAR(bounds[0].low, 512, 0.2);
  EXPECT_NEAR(bounds[0].high, 512, 0.2);
}

TEST(ScanCodesTest, BoundsOfUnitVectorsAreNarrow) {
  std::mt19937 rng(7);
  std::normal_distribution<float> normal;
  std::vector<float> row(384), query(384);
  for (float& value : row) value = normal(rng) / std::sqrt(384.0F);
  for (float& value : query) value = normal(rng) / std::sqrt(384.0F);
  const ScanCodes codes(row.data(), row.size(), 1);
  std::vector<ScanCodes::Bounds> bounds(1);
  codes.BoundsOf(CodesOfQuery(query), 0, bounds);
  EXPECT_LT(bounds[0].high - bounds[0].low, 0.03F) << "or too many rows are looked at twice";
}

TEST(ScanCodesTest, OfAVectorThatIsNotFiniteNothingIsSaid) {
  for (const float odd : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN(),
                          std::numeric_limits<float>::max()}) {
    const std::vector<float> row = {0.5F, odd}, query = {0.6F, 0.8F};
    const ScanCodes codes(row.data(), row.size(), 1);
    std::vector<ScanCodes::Bounds> bounds(1);
    codes.BoundsOf(CodesOfQuery(query), 0, bounds);
    EXPECT_LT(bounds[0].low, -1e30F);
    EXPECT_GT(bounds[0].high, 1e30F);
  }
}

}  // namespace
}  // namespace dongxi
