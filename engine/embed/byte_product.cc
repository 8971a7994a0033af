#include "engine/embed/byte_product.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/embed/byte_product.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace dongxi {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Whole numbers: the order of additions does not matter.
int32_t Product(const int8_t* HWY_RESTRICT a, const int8_t* HWY_RESTRICT b, size_t size) {
  const hn::ScalableTag<int16_t> wide;
  const hn::Rebind<int8_t, decltype(wide)> narrow;
  const hn::RepartitionToWide<decltype(wide)> sums;
  auto even = hn::Zero(sums), odd = hn::Zero(sums);
  const size_t lanes = hn::Lanes(wide);
  size_t at = 0;
  for (; at + lanes <= size; at += lanes) {
    const auto left = hn::PromoteTo(wide, hn::LoadU(narrow, a + at));
    const auto right = hn::PromoteTo(wide, hn::LoadU(narrow, b + at));
    even = hn::ReorderWidenMulAccumulate(sums, left, right, even, odd);
  }
  int32_t sum = hn::GetLane(hn::SumOfLanes(sums, hn::Add(even, odd)));
  for (; at < size; ++at) sum += int32_t{a[at]} * b[at];
  return sum;
}

}  // namespace HWY_NAMESPACE
}  // namespace dongxi
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dongxi {

HWY_EXPORT(Product);

int32_t ByteProduct(std::span<const int8_t> a, std::span<const int8_t> b) {
  return HWY_DYNAMIC_DISPATCH(Product)(a.data(), b.data(), a.size());
}

}  // namespace dongxi
#endif
