#include "bench/soak_windows.h"

#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

SoakWindow Window(double megabytes, int handles, double p50, double p99) {
  return {
      .milliseconds = {.count = 1, .p50 = p50, .p99 = p99}, .anonymous_mb = megabytes, .handles = handles};
}

TEST(GrowthOfTest, ASteadyRunDoesNotGrow) {
  const SoakGrowth growth = GrowthOf(std::vector<SoakWindow>(9, Window(100, 20, 5, 9)));
  EXPECT_EQ(growth.memory, 1);
  EXPECT_EQ(growth.handles, 1);
  EXPECT_EQ(growth.p50, 1);
  EXPECT_EQ(growth.p99, 1);
}

TEST(GrowthOfTest, TheFirstThirdDoesNotCount) {
  std::vector<SoakWindow> windows(6, Window(100, 20, 5, 9));
  windows[0] = windows[1] = Window(10, 2, 50, 90);
  EXPECT_EQ(GrowthOf(windows).memory, 1);
  EXPECT_EQ(GrowthOf(windows).p50, 1);
}

TEST(GrowthOfTest, WhatGrowsIsSeenInItsOwnFigureOnly) {
  std::vector<SoakWindow> windows;
  for (int i = 0; i < 9; ++i) windows.push_back(Window(100 + 10 * i, 20, 5, 9));
  const SoakGrowth growth = GrowthOf(windows);
  EXPECT_DOUBLE_EQ(growth.memory, 170.0 / 140.0);
  EXPECT_EQ(growth.handles, 1);
}

TEST(GrowthOfTest, AMachineThatSlowsIsNotTheServersGrowth) {
  std::vector<SoakWindow> windows(9, Window(100, 20, 5, 9));
  for (SoakWindow& window : windows) window.speed = 1000, window.saturation = 300;
  for (size_t i = 6; i < 9; ++i) {
    windows[i].speed = 500, windows[i].saturation = 150;
    windows[i].milliseconds.p50 = 10, windows[i].milliseconds.p99 = 18;
  }
  const SoakGrowth growth = GrowthOf(windows);
  EXPECT_DOUBLE_EQ(growth.work, 1);
  EXPECT_DOUBLE_EQ(growth.p50, 1);
  EXPECT_DOUBLE_EQ(growth.p99, 1);
}

TEST(GrowthOfTest, AServerThatSlowsOnAMachineThatDoesNotIsSeen) {
  std::vector<SoakWindow> windows(9, Window(100, 20, 5, 9));
  for (SoakWindow& window : windows) window.speed = 1000, window.saturation = 300;
  for (size_t i = 6; i < 9; ++i) {
    windows[i].saturation = 200;
    windows[i].milliseconds.p50 = 7.5;
  }
  EXPECT_DOUBLE_EQ(GrowthOf(windows).work, 1.5);
  EXPECT_DOUBLE_EQ(GrowthOf(windows).p50, 1.5);
}

}  // namespace
}  // namespace dongxi::bench
