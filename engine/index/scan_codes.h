// Eight-bit shadows of the vectors of one index: a scan looks at a quarter of the bytes and knows of each
// vector between which bounds its cosine lies, so that only those that may be among the nearest are looked at
// in full. What is found is the same, bit for bit, as by looking at all. Immutable; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace dongxi {

// A query in sixteen bits, with what rounding it may cost.
struct QueryCodes {
  std::vector<int16_t> values;
  float scale = 0;         // value * scale is nearly the query's
  float length = 0;        // of the query
  float length_error = 0;  // length of what rounding took away
};
QueryCodes CodesOfQuery(std::span<const float> query);

class ScanCodes {
 public:
  // Of `count` consecutive rows of `dim` values; of a row that is not finite nothing is said. REQUIRES: dim
  // <= kDimMax.
  ScanCodes(const float* rows, size_t dim, size_t count);
  static constexpr size_t kDimMax = 512;  // beyond, the sums would not fit into 32 bits

  struct Bounds {
    float low, high;
  };
  // Between which values DotProduct(query, row) lies, for rows [begin, begin + out.size()).
  void BoundsOf(const QueryCodes& query, size_t begin, std::span<Bounds> out) const;

 private:
  struct Row {
    float scale;         // code * scale is nearly the value
    float length;        // of the row
    float length_error;  // length of what rounding took away
  };
  size_t dim_;
  std::vector<int8_t> codes_;
  std::vector<Row> rows_;
};

}  // namespace dongxi
