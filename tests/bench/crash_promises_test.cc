// The yardstick of dongxi-bench crash: what it must call lost, torn or foreign, and what it must let pass.
#include "bench/crash_promises.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dongxi::bench {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

// Every group in one version.
std::map<std::string, v1::Result> Everything(uint64_t version) {
  std::map<std::string, v1::Result> results;
  for (int group = 0; group < kCrashGroups; ++group) {
    for (int member = 0; member < kCrashGroupSize; ++member)
      results[CrashResultName(group, member)] = CrashResult(group, member, version);
  }
  return results;
}

TEST(RecordPromisesTest, WhatWasThereBeforeIsNoViolation) {
  std::map<std::string, v1::Result> there = Everything(500);
  RecordPromises promises;
  promises.StartFrom(there);
  EXPECT_THAT(promises.Check(there), IsEmpty());
  const uint64_t sent = promises.Send(0);
  EXPECT_GT(sent, 500u) << "a new version is not one that was there";
  EXPECT_THAT(promises.Check(there), IsEmpty()) << "sent and not acknowledged: it may be lost";
}

TEST(RecordPromisesTest, LossTearsAndForeignVersionsAreFound) {
  std::map<std::string, v1::Result> there = Everything(1);
  RecordPromises promises;
  promises.StartFrom(there);
  promises.Send(3);
  promises.Acknowledge(3);
  EXPECT_THAT(promises.Check(there), Not(IsEmpty())) << "acknowledged, and not there";

  promises.StartFrom(there);
  const uint64_t sent = promises.Send(3);
  there[CrashResultName(3, 0)] = CrashResult(3, 0, sent);
  EXPECT_THAT(promises.Check(there), Not(IsEmpty())) << "one batch in two versions";

  there = Everything(1);
  promises.StartFrom(there);
  for (int member = 0; member < kCrashGroupSize; ++member)
    there[CrashResultName(5, member)] = CrashResult(5, member, 77);
  EXPECT_THAT(promises.Check(there), Not(IsEmpty())) << "never sent";

  there = Everything(1);
  promises.StartFrom(there);
  there[CrashResultName(5, 1)].set_title(CrashResult(5, 1, 2).title());
  EXPECT_THAT(promises.Check(there), Not(IsEmpty())) << "parts of two versions in one record";
}

}  // namespace
}  // namespace dongxi::bench
