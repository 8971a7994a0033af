#include "engine/index/dot_product.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/index/dot_product.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace dongxi {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr size_t kLanes = 16;

// Sixteen running sums whatever the register width; the tree below adds them in one order everywhere.
float SumLanes(const float* lanes) {
  float level[kLanes];
  for (size_t i = 0; i < kLanes; ++i) level[i] = lanes[i];
  for (size_t width = kLanes / 2; width > 0; width /= 2) {
    for (size_t i = 0; i < width; ++i) level[i] += level[i + width];
  }
  return level[0];
}

float Dot(const float* HWY_RESTRICT a, const float* HWY_RESTRICT b, size_t dim) {
  const hn::CappedTag<float, kLanes> d;
  constexpr size_t kRegisters = kLanes / hn::MaxLanes(d);
  constexpr size_t kWidth = kLanes / kRegisters;
  HWY_ALIGN float lanes[kLanes];
  for (size_t i = 0; i < kLanes; ++i) lanes[i] = 0;
  size_t at = 0;
  hn::Vec<decltype(d)> sums[kRegisters];
  for (size_t r = 0; r < kRegisters; ++r) sums[r] = hn::Zero(d);
  for (; at + kLanes <= dim; at += kLanes) {
    for (size_t r = 0; r < kRegisters; ++r) {
      // Multiply, then add: a fused operation would round differently on machines without it.
      const auto product = hn::Mul(hn::LoadU(d, a + at + r * kWidth), hn::LoadU(d, b + at + r * kWidth));
      sums[r] = hn::Add(sums[r], product);
    }
  }
  for (size_t r = 0; r < kRegisters; ++r) hn::StoreU(sums[r], d, lanes + r * kWidth);
  for (size_t lane = 0; at < dim; ++at, ++lane) lanes[lane] += a[at] * b[at];
  return SumLanes(lanes);
}

void DotMany(const float* query, const float* rows, size_t dim, size_t count, float* out) {
  for (size_t i = 0; i < count; ++i) out[i] = Dot(query, rows + i * dim, dim);
}

}  // namespace HWY_NAMESPACE
}  // namespace dongxi
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dongxi {

HWY_EXPORT(Dot);
HWY_EXPORT(DotMany);

float DotProduct(const float* a, const float* b, size_t dim) { return HWY_DYNAMIC_DISPATCH(Dot)(a, b, dim); }

void DotProducts(const float* query, const float* rows, size_t dim, size_t count, float* out) {
  HWY_DYNAMIC_DISPATCH(DotMany)(query, rows, dim, count, out);
}

}  // namespace dongxi
#endif
