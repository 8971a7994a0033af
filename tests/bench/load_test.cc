#include "bench/load.h"

#include <mutex>
#include <set>

#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

TEST(RunLoadTest, MakesEveryCallOnceWhateverTheNumberOfCallers) {
  for (const int callers : {1, 3, 16}) {
    std::mutex mutex;
    std::multiset<int> numbers;
    const auto load = RunLoad(callers, 100, [&](int caller, int number) {
      EXPECT_GE(caller, 0);
      EXPECT_LT(caller, callers);
      const std::lock_guard lock(mutex);
      numbers.insert(number);
      return absl::OkStatus();
    });
    ASSERT_TRUE(load.ok()) << load.status();
    EXPECT_EQ(numbers.size(), 100u);
    EXPECT_EQ(std::set<int>(numbers.begin(), numbers.end()).size(), 100u);
    EXPECT_EQ(load->milliseconds.count, 100u);
    EXPECT_GT(load->calls_per_second, 0);
  }
}

TEST(RunLoadTest, AFailedCallEndsTheRunWithItsError) {
  const auto load = RunLoad(4, 1'000'000, [](int, int number) {
    return number == 10 ? absl::UnavailableError("server gone") : absl::OkStatus();
  });
  EXPECT_EQ(load.status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace dongxi::bench
