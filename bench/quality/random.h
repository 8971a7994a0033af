// A small random generator with the same numbers on every platform (the standard library's distributions
// differ). Not thread-safe; not for secrets.
#pragma once

#include <cstdint>

namespace dongxi::bench {

// SplitMix64.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15u;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    return mixed ^ (mixed >> 31);
  }

  // Evenly one of 0 .. limit - 1. REQUIRES: 1 <= limit < 2^32.
  uint64_t Below(uint64_t limit) {
    uint64_t product = (Next() >> 32) * limit;  // the upper half is the number, the lower half its remainder
    if ((product & kLowerHalf) < limit) {
      const uint64_t unfair =
          ((uint64_t{1} << 32) - limit) % limit;  // remainders that would favour some numbers
      while ((product & kLowerHalf) < unfair) product = (Next() >> 32) * limit;
    }
    return product >> 32;
  }

 private:
  static constexpr uint64_t kLowerHalf = 0xFFFFFFFF;
  uint64_t state_;
};

}  // namespace dongxi::bench
