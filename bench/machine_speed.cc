#include "bench/machine_speed.h"

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "absl/time/clock.h"

namespace dongxi::bench {
namespace {

constexpr size_t kWords = size_t{1} << 15;  // 256 KB: what a core has to itself
constexpr int kStepsOfRound = 20'000;

// Each read's place depends on the one before.
uint64_t Round(const std::vector<uint64_t>& words, uint64_t state) {
  for (int i = 0; i < kStepsOfRound; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    state ^= words[(state >> 33) % kWords];
  }
  return state;
}

}  // namespace

double MachineSpeed(int threads, absl::Duration duration) {
  std::vector<uint64_t> words(kWords);
  for (size_t i = 0; i < kWords; ++i) words[i] = i * 0x9E3779B97F4A7C15U;
  std::atomic<uint64_t> rounds{0}, kept{0};  // what is kept cannot be left out by the compiler
  const absl::Time start = absl::Now();
  {
    std::vector<std::jthread> all;
    for (int i = 0; i < threads; ++i) {
      all.emplace_back([&, state = static_cast<uint64_t>(i)]() mutable {
        for (; absl::Now() - start < duration; ++rounds) state = Round(words, state);
        kept ^= state;
      });
    }
  }
  return static_cast<double>(rounds) / absl::ToDoubleSeconds(absl::Now() - start);
}

}  // namespace dongxi::bench
