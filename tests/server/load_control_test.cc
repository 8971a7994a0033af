// Admission control and rate limits.
#include "server/load_control.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "server/access.h"
#include "server/grpc_status.h"
#include "server/rate_limit.h"
#include "server/spare_time.h"
#include "server/worker_pool.h"

namespace dongxi {
namespace {

constexpr LoadOptions kOneSlot = {.slots = 1, .queue_max = 2, .wait_max = absl::Seconds(10)};

// Waits until `waiting` calls stand in the queue.
void AwaitWaiting(const LoadControl& control, int waiting) {
  while (control.load().waiting != waiting) std::this_thread::yield();
}

TEST(LoadControlTest, ASlotIsGivenBackAndTakenOn) {
  LoadControl control(kOneSlot);
  for (int i = 0; i < 3; ++i) {
    const auto permit = control.Enter(Cost::kHeavy, absl::InfiniteFuture());
    ASSERT_TRUE(permit.ok());
    EXPECT_EQ(control.load().running, 1);
  }
  EXPECT_EQ(control.load().running, 0);
}

// Sixteen callers of GetServerStatus were more than the operator's eight places: one call in 30,000 was
// refused.
TEST(LoadControlTest, ProbesTakeNoPlaceOfTheOperatorAndAreNotRefusedForBeingMany) {
  LoadControl control(LoadOptions{});
  const Cost probe = AccessOf("HealthService.GetServerStatus").cost;
  std::vector<LoadControl::Permit> permits;
  for (int i = 0; i < 48; ++i) {
    auto permit = control.Enter(probe, absl::InfiniteFuture());
    ASSERT_TRUE(permit.ok()) << i << permit.status();
    permits.push_back(*std::move(permit));
  }
  for (int i = 0; i < LoadOptions{}.admin_max; ++i) {
    auto permit = control.Enter(Cost::kAdmin, absl::InfiniteFuture());
    ASSERT_TRUE(permit.ok()) << i << permit.status();
    permits.push_back(*std::move(permit));
  }
  EXPECT_TRUE(absl::IsResourceExhausted(control.Enter(Cost::kAdmin, absl::InfiniteFuture()).status()));
  EXPECT_TRUE(control.Enter(probe, absl::InfiniteFuture()).ok());
}

TEST(SpareTimeTest, AStepBeginsWhereASlotIsFreeAndNotWhileCallsTakeThemAll) {
  LoadControl control(kOneSlot);
  const SpareTime spare(&control, kOneSlot.slots);
  int asked = 0;
  const auto ends_at = [&asked](int most) { return [&asked, most] { return ++asked >= most; }; };
  spare.Await(ends_at(100));
  EXPECT_LE(asked, 1);
  auto permit = std::make_optional(control.Enter(Cost::kHeavy, absl::InfiniteFuture()));
  asked = 0;
  spare.Await(ends_at(3));
  EXPECT_EQ(asked, 3) << "it waited until it was told to end";
  absl::Notification waits;
  std::thread step([&] {
    spare.Await([&waits] {
      if (!waits.HasBeenNotified()) waits.Notify();
      return false;
    });
  });
  waits.WaitForNotification();
  permit.reset();
  step.join();
}

TEST(SpareTimeTest, UnderAnyLoadAStepBeginsInTheEnd) {
  LoadControl control(kOneSlot);
  const auto permit = control.Enter(Cost::kHeavy, absl::InfiniteFuture());
  const absl::Time begin = absl::Now();
  SpareTime(&control, kOneSlot.slots).Await([] { return false; });
  EXPECT_GE(absl::Now() - begin, absl::Seconds(1));
}

TEST(LoadControlTest, TheQueueIsFirstComeFirstServedAndNeverOverfull) {
  LoadControl control(kOneSlot);
  auto first = std::make_optional(control.Enter(Cost::kHeavy, absl::InfiniteFuture()));
  ASSERT_TRUE(first->ok());
  std::vector<int> order;  // Written by one at a time: there is one slot.
  std::vector<std::thread> waiters;
  for (int i = 0; i < 2; ++i) {
    waiters.emplace_back([&control, &order, i] {
      const auto permit = control.Enter(Cost::kHeavy, absl::InfiniteFuture());
      ASSERT_TRUE(permit.ok());
      EXPECT_EQ(control.load().running, 1);
      order.push_back(i);
    });
    AwaitWaiting(control, i + 1);
  }
  // The queue is full: the next is turned away at once, with a delay.
  const absl::Status refused = control.Enter(Cost::kHeavy, absl::InfiniteFuture()).status();
  EXPECT_TRUE(absl::IsResourceExhausted(refused));
  EXPECT_EQ(ReasonOf(refused), "SERVER_OVERLOADED");
  EXPECT_GT(RetryOf(refused), absl::ZeroDuration());
  first.reset();
  for (std::thread& waiter : waiters) waiter.join();
  EXPECT_EQ(order, (std::vector<int>{0, 1}));
  EXPECT_EQ(control.load().running, 0);
}

TEST(LoadControlTest, WhoCannotBeServedInTimeIsTurnedAwayWithoutWaiting) {
  LoadOptions options = kOneSlot;
  options.wait_max = absl::Microseconds(1);  // Less than a call ever takes.
  LoadControl control(options);
  const auto running = control.Enter(Cost::kHeavy, absl::InfiniteFuture());
  EXPECT_TRUE(absl::IsResourceExhausted(control.Enter(Cost::kHeavy, absl::InfiniteFuture()).status()));

  LoadControl patient(kOneSlot);
  const auto other = patient.Enter(Cost::kHeavy, absl::InfiniteFuture());
  // The deadline comes before the estimate of the wait.
  EXPECT_TRUE(
      absl::IsResourceExhausted(patient.Enter(Cost::kHeavy, absl::Now() + absl::Microseconds(100)).status()));
  EXPECT_EQ(patient.load().waiting, 0);
}

TEST(LoadControlTest, ADeadlineThatPassesInTheQueueLeavesIt) {
  LoadControl control(kOneSlot);
  const auto running = control.Enter(Cost::kHeavy, absl::InfiniteFuture());
  const absl::Status status = control.Enter(Cost::kHeavy, absl::Now() + absl::Milliseconds(30)).status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_EQ(control.load().waiting, 0);
}

// What a call without a thread was told, in the order in which they were.
struct Told {
  std::vector<std::pair<std::string, absl::StatusCode>> calls;
  std::map<std::string, LoadControl::Permit> held;

  LoadControl::Entered Entered(const std::string& name) {
    return [this, name](absl::StatusOr<LoadControl::Permit> permit) {
      calls.emplace_back(name, permit.status().code());
      if (permit.ok()) held.emplace(name, *std::move(permit));
    };
  }
  // The next one is told before this returns, and may be held then.
  void Leave(const std::string& name) { held.extract(name); }
};

TEST(LoadControlTest, CallsWithoutAThreadTakeTheirTurnAmongTheOthers) {
  LoadControl control(kOneSlot);
  Told told;
  control.EnterLater(absl::InfiniteFuture(), told.Entered("first"));
  ASSERT_EQ(told.held.count("first"), 1u);
  std::thread with_thread([&] {
    const auto permit = control.Enter(Cost::kHeavy, absl::InfiniteFuture());
    ASSERT_TRUE(permit.ok());
    EXPECT_EQ(told.calls.size(), 2u) << "the last one waits until this one leaves";
  });
  AwaitWaiting(control, 1);
  control.EnterLater(absl::InfiniteFuture(), told.Entered("last"));
  EXPECT_EQ(control.load().waiting, 2);
  control.EnterLater(absl::InfiniteFuture(), told.Entered("too many"));
  EXPECT_EQ(told.calls.back(), std::make_pair(std::string("too many"), absl::StatusCode::kResourceExhausted));
  told.Leave("first");
  with_thread.join();
  EXPECT_EQ(told.calls.back(), std::make_pair(std::string("last"), absl::StatusCode::kOk));
  EXPECT_EQ(control.load().running, 1);
  told.Leave("last");
  EXPECT_EQ(control.load().running, 0);
}

TEST(LoadControlTest, WhoseDeadlinePassedWithoutAThreadIsToldSoWhenHisTurnComesAndTakesNoSlot) {
  LoadControl control(kOneSlot);
  Told told;
  const absl::Time begin = absl::Now();
  control.EnterLater(absl::InfiniteFuture(), told.Entered("first"));
  const absl::Time begun = absl::Now();
  const double service_seconds = control.load().service_seconds;
  const absl::Time soon = absl::Now() + absl::Milliseconds(30);
  control.EnterLater(soon, told.Entered("late"));
  control.EnterLater(absl::InfiniteFuture(), told.Entered("next"));
  ASSERT_EQ(control.load().waiting, 2);
  while (absl::Now() < soon) std::this_thread::yield();
  const absl::Time leaves = absl::Now();
  told.Leave("first");
  const absl::Time left = absl::Now();
  using Call = std::pair<std::string, absl::StatusCode>;
  // Who may begin is told first.
  EXPECT_EQ(told.calls, (std::vector<Call>{{"first", absl::StatusCode::kOk},
                                           {"next", absl::StatusCode::kOk},
                                           {"late", absl::StatusCode::kDeadlineExceeded}}));
  // The call that did no work does not count: a twentieth of the first one's time is taken over, no more.
  const auto smoothed = [&](absl::Duration work) {
    return service_seconds + 0.05 * (absl::ToDoubleSeconds(work) - service_seconds);
  };
  EXPECT_GE(control.load().service_seconds, smoothed(leaves - begun));
  EXPECT_LE(control.load().service_seconds, smoothed(left - begin));
  EXPECT_EQ(control.load().waiting, 0);
}

TEST(LoadControlTest, WhoseDeadlinePassedWithoutAThreadTakesNoPlaceInTheQueue) {
  LoadControl control(kOneSlot);
  Told told;
  control.EnterLater(absl::InfiniteFuture(), told.Entered("first"));
  const absl::Time soon = absl::Now() + absl::Milliseconds(30);
  for (const char* name : {"late 1", "late 2"}) control.EnterLater(soon, told.Entered(name));
  ASSERT_EQ(control.load().waiting, kOneSlot.queue_max);
  while (absl::Now() < soon) std::this_thread::yield();
  control.EnterLater(absl::InfiniteFuture(), told.Entered("next"));
  EXPECT_EQ(control.load().waiting, 1);
  ASSERT_EQ(told.calls.size(), 3u);
  EXPECT_EQ(told.calls[1], std::make_pair(std::string("late 1"), absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(told.calls[2], std::make_pair(std::string("late 2"), absl::StatusCode::kDeadlineExceeded));
  told.Leave("first");
  EXPECT_EQ(told.calls.back(), std::make_pair(std::string("next"), absl::StatusCode::kOk));
}

TEST(WorkerPoolTest, WhatIsGivenIsDoneByItsThreadsAllOfItBeforeItEnds) {
  std::atomic<int> done = 0;
  std::atomic<bool> elsewhere = true;
  const std::thread::id here = std::this_thread::get_id();
  {
    WorkerPool pool(2);
    for (int i = 0; i < 1000; ++i) {
      pool.Give([&, own = std::make_unique<int>(i)] {
        done += *own >= 0 ? 1 : 0;
        if (std::this_thread::get_id() == here) elsewhere = false;
      });
    }
  }
  EXPECT_EQ(done, 1000);
  EXPECT_TRUE(elsewhere);
}

TEST(LoadControlTest, TheOperatorGetsThroughWhenEverythingElseIsFull) {
  LoadOptions options = kOneSlot;
  options.queue_max = 0;
  options.light_max = options.batch_max = options.stream_max = 1;
  LoadControl control(options);
  std::vector<absl::StatusOr<LoadControl::Permit>> held;
  for (const Cost cost : {Cost::kHeavy, Cost::kLight, Cost::kBatch, Cost::kStream}) {
    held.push_back(control.Enter(cost, absl::InfiniteFuture()));
    ASSERT_TRUE(held.back().ok());
    const absl::Status status = control.Enter(cost, absl::InfiniteFuture()).status();
    EXPECT_TRUE(absl::IsResourceExhausted(status));
    EXPECT_GT(RetryOf(status), absl::ZeroDuration());
  }
  EXPECT_TRUE(control.Enter(Cost::kAdmin, absl::InfiniteFuture()).ok());
}

TEST(LoadControlTest, OneTokenGetsAQuarterOfTheStreams) {
  LoadOptions options = kOneSlot;
  options.stream_max = 8;
  LoadControl control(options);
  const auto enter = [&control](const std::string& token) {
    return control.Enter(Cost::kStream, absl::InfiniteFuture(), token);
  };
  auto first = std::make_optional(enter("a"));
  const auto second = enter("a");
  ASSERT_TRUE(first->ok() && second.ok());
  const absl::Status refused = enter("a").status();
  EXPECT_EQ(ReasonOf(refused), "TOKEN_STREAMS_OPEN") << refused;
  EXPECT_GT(RetryOf(refused), absl::ZeroDuration());
  EXPECT_TRUE(enter("b").ok()) << "another token has its own share";
  first.reset();
  EXPECT_TRUE(enter("a").ok()) << "a closed stream gives its share back";
  std::vector<absl::StatusOr<LoadControl::Permit>> nobodys;
  for (int i = 0; i < 7; ++i) nobodys.push_back(enter(""));
  EXPECT_TRUE(nobodys.back().ok()) << "without tokens there are no shares";
  EXPECT_EQ(ReasonOf(enter("b").status()), "TOO_MANY_CALLS") << "all together are bounded as before";
}

TEST(LoadControlTest, LongCallsTakeTurnsBesideTheHeavyOnesAndWaitALittle) {
  LoadOptions options = kOneSlot;
  options.long_wait_max = absl::Milliseconds(20);
  LoadControl control(options);
  auto first = std::make_optional(control.Enter(Cost::kLong, absl::InfiniteFuture()));
  ASSERT_TRUE(first->ok());
  EXPECT_TRUE(control.Enter(Cost::kHeavy, absl::InfiniteFuture()).ok()) << "the match slots stay free";
  const absl::Status busy = control.Enter(Cost::kLong, absl::InfiniteFuture()).status();
  EXPECT_TRUE(absl::IsResourceExhausted(busy)) << busy;
  EXPECT_TRUE(
      absl::IsDeadlineExceeded(control.Enter(Cost::kLong, absl::Now() + absl::Milliseconds(5)).status()));
  options.long_wait_max = absl::Seconds(30);
  LoadControl patient(options);
  auto held = std::make_optional(patient.Enter(Cost::kLong, absl::InfiniteFuture()));
  std::thread next([&] { EXPECT_TRUE(patient.Enter(Cost::kLong, absl::InfiniteFuture()).ok()); });
  held.reset();
  next.join();
}

TEST(RateLimitsTest, ABatchOwesWhatItTakesBeyondTheBurst) {
  RateLimits limits;
  const Rate rate = {.per_second = 10, .burst = 5};
  absl::Time now = absl::FromUnixSeconds(1'760'000'000);
  EXPECT_EQ(limits.Take("a", rate, now), absl::ZeroDuration());
  EXPECT_EQ(limits.Charge("a", rate, 4, now), absl::ZeroDuration()) << "the burst was enough";
  EXPECT_EQ(limits.Charge("a", rate, 20, now), absl::Seconds(2));
  EXPECT_EQ(limits.Take("a", rate, now), absl::Milliseconds(2'100));
  now += absl::Milliseconds(2'100);
  EXPECT_EQ(limits.Take("a", rate, now), absl::ZeroDuration());
  EXPECT_EQ(limits.Charge("b", {}, 1'000, now), absl::ZeroDuration()) << "no rate is no limit";
}

TEST(RateLimitsTest, ABurstThenTheRate) {
  RateLimits limits;
  const Rate rate = {.per_second = 10, .burst = 3};
  absl::Time now = absl::FromUnixSeconds(1'760'000'000);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limits.Take("a", rate, now), absl::ZeroDuration());
  EXPECT_EQ(limits.Take("a", rate, now), absl::Milliseconds(100));
  EXPECT_EQ(limits.Take("b", rate, now), absl::ZeroDuration()) << "another token has its own bucket";
  now += absl::Milliseconds(100);
  EXPECT_EQ(limits.Take("a", rate, now), absl::ZeroDuration());
  EXPECT_GT(limits.Take("a", rate, now), absl::ZeroDuration());
  now += absl::Hours(1);  // No more than the burst is saved up.
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limits.Take("a", rate, now), absl::ZeroDuration());
  EXPECT_GT(limits.Take("a", rate, now), absl::ZeroDuration());
}

TEST(RateLimitsTest, NoRateIsNoLimitAndTimeGoingBackGivesNothing) {
  RateLimits limits;
  const absl::Time now = absl::FromUnixSeconds(1'760'000'000);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(limits.Take("a", {}, now), absl::ZeroDuration());
  const Rate one = {.per_second = 1, .burst = 1};
  EXPECT_EQ(limits.Take("b", one, now), absl::ZeroDuration());
  EXPECT_GT(limits.Take("b", one, now - absl::Hours(1)), absl::ZeroDuration());
}

}  // namespace
}  // namespace dongxi
