// The yardstick of dongxi-bench crash for single changes and watches: what it must call lost, torn or
// foreign, and what it must let pass.
#include "bench/crash_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dongxi::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// What a server that loses nothing has.
struct Stored {
  std::map<std::string, v1::Result> live, deleted;
  int revision = 0;

  Stored() {
    for (size_t number = 0; number < kCrashSingles; ++number)
      live[CrashSingleName(number)] = CrashRecord(CrashSingleName(number), 0);
  }
  v1::Result Apply(const SingleChange& change) {
    const std::string name = change.record.name();
    v1::Result record = change.record;
    if (change.step == ChangeStep::kDelete) record = live.at(name);
    if (change.step == ChangeStep::kUndelete) record = deleted.at(name);
    live.erase(name);
    deleted.erase(name);
    record.clear_delete_time();
    if (change.step == ChangeStep::kDelete) record.mutable_delete_time()->set_seconds(1'760'000'000);
    record.set_etag(std::to_string(++revision));
    (change.step == ChangeStep::kDelete ? deleted : live)[name] = record;
    return record;
  }
};

// The promises are taken by value: a check takes what it finds as what is promised.
Violations CheckOf(ChangePromises promises, const Stored& stored) {
  return promises.Check(stored.live, stored.deleted);
}

// Sends, does and acknowledges changes up to the first one of `step`; the state before that.
Stored ChangeUntil(ChangeStep step, ChangePromises* promises, Stored* stored) {
  for (;;) {
    Stored before = *stored;
    const SingleChange change = promises->Send();
    promises->Acknowledge(stored->Apply(change));
    if (change.step == step) return before;
  }
}

TEST(ChangePromisesTest, AnAcknowledgedUpdateDeletionOrUndeletionThatIsUndoneIsFound) {
  for (const ChangeStep step : {ChangeStep::kUpdate, ChangeStep::kDelete, ChangeStep::kUndelete}) {
    SCOPED_TRACE(static_cast<int>(step));
    ChangePromises promises;
    Stored stored;
    const Stored before = ChangeUntil(step, &promises, &stored);
    EXPECT_THAT(CheckOf(promises, stored), IsEmpty());
    EXPECT_THAT(CheckOf(promises, before), Not(IsEmpty()));
    EXPECT_GE(promises.acknowledged(step), 1u);
  }
}

TEST(ChangePromisesTest, WhatWasSentAndNotAcknowledgedMayBeThereOrNotAndThenStays) {
  ChangePromises promises;
  const Stored before;
  Stored after;
  after.Apply(promises.Send());
  EXPECT_THAT(CheckOf(promises, before), IsEmpty());
  EXPECT_THAT(promises.Check(after.live, after.deleted), IsEmpty());
  EXPECT_THAT(CheckOf(promises, before), Not(IsEmpty())) << "it was seen, and is gone";
}

TEST(ChangePromisesTest, TheEtagOfTheAnswerIsThatOfTheRecord) {
  ChangePromises promises;
  Stored stored;
  const SingleChange change = promises.Send();
  promises.Acknowledge(stored.Apply(change));
  stored.live[change.record.name()].set_etag("another");
  EXPECT_THAT(CheckOf(promises, stored), ElementsAre(HasSubstr("etag another")));
}

TEST(ChangePromisesTest, TheNextChangeHasTheEtagOfTheAnswerBefore) {
  ChangePromises promises;
  Stored stored;
  std::map<std::string, std::string> etags;
  for (size_t sent = 0; sent < 5 * kCrashSingles; ++sent) {
    const SingleChange change = promises.Send();
    EXPECT_EQ(change.record.etag(), etags[change.record.name()]);
    const v1::Result answer = stored.Apply(change);
    etags[answer.name()] = answer.etag();
    promises.Acknowledge(answer);
  }
}

TEST(ChangePromisesTest, ATornLostOrDoubleRecordIsFound) {
  const ChangePromises promises;
  const std::string name = CrashSingleName(4);
  Stored stored;
  stored.live[name].set_title(CrashRecord(name, 7).title());
  EXPECT_THAT(CheckOf(promises, stored), Not(IsEmpty())) << "parts of two versions";
  stored = Stored();
  stored.live.erase(name);
  EXPECT_THAT(CheckOf(promises, stored), Not(IsEmpty())) << "neither there nor deleted";
  stored = Stored();
  stored.deleted[name] = stored.live[name];
  EXPECT_THAT(CheckOf(promises, stored), Not(IsEmpty())) << "there and deleted";
  stored = Stored();
  stored.live[name].mutable_delete_time()->set_seconds(1);
  EXPECT_THAT(CheckOf(promises, stored), Not(IsEmpty())) << "there, with delete_time";
}

TEST(ChangePromisesTest, ARefusalIsToldAndAServerThatIsGoneIsNot) {
  ChangePromises promises;
  const Stored stored;
  promises.Send();
  promises.Fail(absl::UnavailableError("connection reset"));
  EXPECT_THAT(CheckOf(promises, stored), IsEmpty());
  promises.Fail(absl::AbortedError("etag: was changed"));
  EXPECT_THAT(CheckOf(promises, stored), ElementsAre(HasSubstr("etag: was changed")));
}

TEST(ChangePromisesTest, LiveTellsWhatHasToBeDeleted) {
  ChangePromises promises;
  Stored stored;
  ChangeUntil(ChangeStep::kDelete, &promises, &stored);
  ASSERT_EQ(stored.deleted.size(), 1u);
  for (const auto& [name, live] : promises.Live()) EXPECT_EQ(live, stored.live.contains(name)) << name;
}

v1::Watch Created(const v1::CreateWatchRequest& request, const std::string& name) {
  v1::Watch watch = request.watch();
  watch.set_name(name);
  watch.set_etag("e-" + name);
  return watch;
}

TEST(WatchPromisesTest, ARequestWithoutAnAnswerIsSentAgain) {
  WatchPromises promises;
  const v1::CreateWatchRequest first = promises.Send();
  EXPECT_EQ(promises.Send().request_id(), first.request_id());
  promises.Acknowledge(Created(first, "watches/w-1"));
  EXPECT_NE(promises.Send().request_id(), first.request_id());
  EXPECT_EQ(promises.acknowledged(), 1u);
}

TEST(WatchPromisesTest, ALostChangedDoubleOrForeignWatchIsFound) {
  WatchPromises acknowledged;
  const v1::Watch watch = Created(acknowledged.Send(), "watches/w-1");
  acknowledged.Acknowledge(watch);
  const auto check = [&](const std::vector<v1::Watch>& watches) {
    WatchPromises promises = acknowledged;
    return promises.Check(watches);
  };
  EXPECT_THAT(check({watch}), IsEmpty());
  EXPECT_THAT(check({}), Not(IsEmpty())) << "lost";
  v1::Watch changed = watch;
  changed.set_need("needs/another");
  EXPECT_THAT(check({changed}), Not(IsEmpty()));
  v1::Watch twice = watch;
  twice.set_name("watches/w-2");
  EXPECT_THAT(check({watch, twice}), Not(IsEmpty()));
  v1::Watch foreign = watch;
  foreign.set_name("watches/w-3");
  foreign.set_title("crash-99");
  EXPECT_THAT(check({watch, foreign}), Not(IsEmpty())) << "never sent";
}

TEST(WatchPromisesTest, AWatchThatWasSentAndNotAnsweredMayBeThereAndThenStays) {
  WatchPromises promises;
  const v1::Watch watch = Created(promises.Send(), "watches/w-1");
  EXPECT_THAT(promises.Check({}), IsEmpty());
  EXPECT_THAT(promises.Check({watch}), IsEmpty());
  EXPECT_THAT(promises.Check({}), Not(IsEmpty()));
}

}  // namespace
}  // namespace dongxi::bench
