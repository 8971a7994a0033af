// At which priority long work runs: what decides whether it ends on a server that is never at rest.
#include "server/background_thread.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>

#include <stdexcept>
#include <thread>

namespace dongxi {
namespace {

struct Priority {
  int policy = -1, nice = -1;
  bool operator==(const Priority&) const = default;
};
Priority OfThisThread() { return {::sched_getscheduler(0), ::getpriority(PRIO_PROCESS, 0)}; }

// Of the work, and of a thread that it starts.
struct Both {
  Priority work, child;
};
Both PrioritiesOf(ProcessorShare share) {
  Both both;
  RunInBackground(share, [&] {
    both.work = OfThisThread();
    std::thread([&] { both.child = OfThisThread(); }).join();
  });
  return both;
}

TEST(RunInBackgroundTest, ASmallShareIsNeverNone) {
  const Both both = PrioritiesOf(ProcessorShare::kSmall);
  EXPECT_EQ(both.work.policy, SCHED_BATCH) << "SCHED_IDLE stands still beside threads that never rest";
  EXPECT_EQ(both.work.nice, 15);
  EXPECT_EQ(both.child, both.work);
}

TEST(RunInBackgroundTest, IdleWorkAndItsThreadsAreIdle) {
  const Both both = PrioritiesOf(ProcessorShare::kIdle);
  EXPECT_EQ(both.work.policy, SCHED_IDLE);
  EXPECT_EQ(both.child.policy, SCHED_IDLE);
}

TEST(RunInBackgroundTest, WhoCallsItKeepsItsPriority) {
  const Priority before = OfThisThread();
  EXPECT_EQ(PrioritiesOf(ProcessorShare::kEqual).work, before);
  PrioritiesOf(ProcessorShare::kSmall);
  PrioritiesOf(ProcessorShare::kIdle);
  EXPECT_EQ(OfThisThread(), before);
}

TEST(RunInBackgroundTest, WhatTheWorkThrowsReachesTheCaller) {
  EXPECT_THROW(RunInBackground(ProcessorShare::kSmall, [] { throw std::runtime_error("full"); }),
               std::runtime_error);
}

}  // namespace
}  // namespace dongxi
