// The trainer's own random numbers: the standard library's distributions differ between libraries.
#pragma once

#include <cstdint>

namespace dongxi {

// SplitMix64 (Steele, Lea, Flood 2014). Not thread-safe; generators of different streams are independent.
class Random {
 public:
  explicit Random(uint64_t seed, uint64_t stream = 0) : state_(Mix(seed + kStep) ^ Mix(stream + 2 * kStep)) {}

  uint64_t Next() { return Mix(state_ += kStep); }
  // In [0, bound). REQUIRES: bound > 0.
  uint32_t Below(size_t bound) { return static_cast<uint32_t>((Next() >> 32) * bound >> 32); }
  // In [0, 1), a multiple of 2^-24.
  float Uniform() { return static_cast<float>(Next() >> 40) * (1.0F / 16777216); }

 private:
  static constexpr uint64_t kStep = 0x9E3779B97F4A7C15;
  static uint64_t Mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
    return x ^ (x >> 31);
  }
  uint64_t state_;
};

}  // namespace dongxi
