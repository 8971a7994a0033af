#include "engine/embed/byte_product.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace dongxi {
namespace {

int32_t OneByOne(const std::vector<int8_t>& a, const std::vector<int8_t>& b) {
  int32_t sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += int32_t{a[i]} * b[i];
  return sum;
}

TEST(ByteProductTest, IsTheSumOfTheProductsOfEverySize) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> value(-127, 127);
  for (size_t size = 0; size < 300; ++size) {
    std::vector<int8_t> a(size), b(size);
    for (int8_t& x : a) x = static_cast<int8_t>(value(random));
    for (int8_t& x : b) x = static_cast<int8_t>(value(random));
    EXPECT_EQ(ByteProduct(a, b), OneByOne(a, b)) << size;
  }
}

TEST(ByteProductTest, DoesNotOverflowAtItsLargest) {
  const std::vector<int8_t> most(65'536, 127), least(65'536, -127);
  EXPECT_EQ(ByteProduct(most, most), 65'536 * 127 * 127);
  EXPECT_EQ(ByteProduct(most, least), -65'536 * 127 * 127);
}

}  // namespace
}  // namespace dongxi
