#include "engine/index/scan_codes.h"

#include <algorithm>
#include <cmath>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/index/scan_codes.cc"
#include "hwy/foreach_target.h"  // IWYU pragma: keep
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace dongxi {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Whole numbers: the order of additions does not matter.
int32_t CodeProduct(const int16_t* HWY_RESTRICT query, const int8_t* HWY_RESTRICT row, size_t dim) {
  const hn::ScalableTag<int16_t> wide;
  const hn::Rebind<int8_t, decltype(wide)> narrow;
  const hn::RepartitionToWide<decltype(wide)> sums;
  auto even = hn::Zero(sums), odd = hn::Zero(sums);
  const size_t lanes = hn::Lanes(wide);
  size_t at = 0;
  for (; at + lanes <= dim; at += lanes) {
    const auto values = hn::PromoteTo(wide, hn::LoadU(narrow, row + at));
    even = hn::ReorderWidenMulAccumulate(sums, hn::LoadU(wide, query + at), values, even, odd);
  }
  int32_t sum = hn::GetLane(hn::SumOfLanes(sums, hn::Add(even, odd)));
  for (; at < dim; ++at) sum += int32_t{query[at]} * row[at];
  return sum;
}

void CodeProducts(const int16_t* query, const int8_t* rows, size_t dim, size_t count, int32_t* out) {
  for (size_t i = 0; i < count; ++i) out[i] = CodeProduct(query, rows + i * dim, dim);
}

}  // namespace HWY_NAMESPACE
}  // namespace dongxi
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace dongxi {

HWY_EXPORT(CodeProducts);

namespace {

constexpr float kRowCodeMax = 127;
constexpr float kQueryCodeMax = 16'383;  // 512 * 16,383 * 127 is below 2^31
// What single precision may lose in sums of up to kDimMax products of unit vectors, twice.
constexpr float kRounding = 1e-4F;

float LengthOf(std::span<const float> values) {
  double squares = 0;
  for (const float x : values) squares += double{x} * x;
  return static_cast<float>(std::sqrt(squares));
}

float LargestOf(std::span<const float> values) {
  float largest = 0;
  for (const float x : values) largest = std::max(largest, std::abs(x));
  return largest;
}

// Rounds values / scale, and returns the length of what that takes away.
template <typename Code>
float Round(std::span<const float> values, float scale, Code* codes) {
  double squares = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    codes[i] = static_cast<Code>(scale > 0 ? std::lround(values[i] / scale) : 0);
    const double left = double{values[i]} - double{scale} * codes[i];
    squares += left * left;
  }
  return static_cast<float>(std::sqrt(squares));
}

}  // namespace

QueryCodes CodesOfQuery(std::span<const float> query) {
  QueryCodes codes;
  codes.values.resize(query.size());
  codes.scale = LargestOf(query) / kQueryCodeMax;
  codes.length = LengthOf(query);
  codes.length_error = Round(query, codes.scale, codes.values.data());
  return codes;
}

ScanCodes::ScanCodes(const float* rows, size_t dim, size_t count)
    : dim_(dim), codes_(dim * count), rows_(count) {
  for (size_t i = 0; i < count; ++i) {
    const std::span<const float> values(rows + i * dim, dim);
    Row& row = rows_[i];
    if (!std::isfinite(LengthOf(values))) {  // of a damaged file: nothing is known of it
      row = {0, 0, std::numeric_limits<float>::max()};
      continue;
    }
    row.scale = LargestOf(values) / kRowCodeMax;
    row.length = LengthOf(values);
    row.length_error = Round(values, row.scale, codes_.data() + i * dim);
  }
}

// query · row = rounded query · rounded row, but for query · (row's rest), and (query's rest) · rounded row:
// each at most the product of the lengths.
void ScanCodes::BoundsOf(const QueryCodes& query, size_t begin, std::span<Bounds> out) const {
  constexpr size_t kRowsAtOnce = 64;
  int32_t products[kRowsAtOnce];
  for (size_t done = 0; done < out.size(); done += kRowsAtOnce) {
    const size_t count = std::min(kRowsAtOnce, out.size() - done);
    HWY_DYNAMIC_DISPATCH(CodeProducts)
    (query.values.data(), codes_.data() + (begin + done) * dim_, dim_, count, products);
    for (size_t i = 0; i < count; ++i) {
      const Row& row = rows_[begin + done + i];
      const auto middle = static_cast<float>(double{query.scale} * row.scale * products[i]);
      const float error = query.length * row.length_error +
                          query.length_error * (row.length + row.length_error) +
                          kRounding * query.length * row.length;
      out[done + i] = {middle - error, middle + error};
    }
  }
}

}  // namespace dongxi
#endif
