// The inner product of two vectors of 8-bit values. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>

namespace dongxi {

// Exact, so the same on every machine. REQUIRES: a.size() == b.size(), at most 65,536 values of -127 to 127.
int32_t ByteProduct(std::span<const int8_t> a, std::span<const int8_t> b);

}  // namespace dongxi
