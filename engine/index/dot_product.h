// Dot products of vectors in memory, with the widest SIMD instructions of this machine.
// The order of additions is fixed (16 lanes, then a fixed tree), so the result is the same bit for bit on
// every machine. Pure functions; any thread.
#pragma once

#include <cstddef>

namespace dongxi {

float DotProduct(const float* a, const float* b, size_t dim);

// out[i] = query · rows[i] for `count` consecutive rows of `dim` values.
void DotProducts(const float* query, const float* rows, size_t dim, size_t count, float* out);

}  // namespace dongxi
