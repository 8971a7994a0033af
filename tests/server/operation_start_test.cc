// What is written in one step with a new operation, and how much a tenant may leave waiting or ended.
#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/notification.h"
#include "google/protobuf/wrappers.pb.h"
#include "server/grpc_status.h"
#include "server/operations.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using google::protobuf::Any;
using google::protobuf::StringValue;

constexpr char kKey[] = "of-the-test";
constexpr char kUuid[] = "0b8f1c7e-5d2a-4c3b-9e6f-112233445566";

class OperationStartTest : public testing::Test {
 protected:
  OperationStartTest() {
    auto opened = Catalogue::Open(folder_.path() / "catalogue");
    EXPECT_TRUE(opened.ok()) << opened.status();
    catalogue_ = *std::move(opened);
    runner_ =
        std::make_unique<OperationRunner>(OperationRunnerOptions{.queue_max = 1}, catalogue_.get(), &log_);
    runner_->Register("look", [this](const Any&, OperationContext&) -> absl::StatusOr<Any> {
      StringValue found;
      found.set_value(Value());
      Any any;
      any.PackFrom(found);
      return any;
    });
    runner_->Register("hold", [this](const Any& request, OperationContext&) -> absl::StatusOr<Any> {
      started_.Notify();
      release_.WaitForNotification();
      return request;
    });
    EXPECT_TRUE(runner_->Run().ok());
  }

  std::string Value() const {
    const auto found = catalogue_->GetTable(Table::kSettings, kKey);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? found->value_or("none") : "unread";
  }
  absl::StatusOr<google::longrunning::Operation> Start(const std::string& kind, const char* text,
                                                       const std::string& request_id = "") {
    return runner_->Start(kind, Any(), {}, request_id, {{Table::kSettings, kKey, text}});
  }
  // What the job of a "look" saw.
  std::string Seen(const std::string& name) {
    const auto ended = runner_->Wait(name, absl::Now() + absl::Seconds(30), [] { return false; }, {});
    StringValue value;
    EXPECT_TRUE(ended.ok() && ended->response().UnpackTo(&value)) << ended.status();
    return value.value();
  }

  TemporaryFolder folder_;
  std::unique_ptr<Catalogue> catalogue_;
  const OperatorLog log_{nullptr};
  absl::Notification started_, release_;
  std::unique_ptr<OperationRunner> runner_;
};

// A build ends the hold of a roll-back so: however soon it is done, it finds none.
TEST_F(OperationStartTest, WhatComesWithANewOperationIsThereBeforeItsJobBegins) {
  for (const char* text : {"one", "two", "three"}) EXPECT_EQ(Seen(Start("look", text)->name()), text);
}

TEST_F(OperationStartTest, NothingOfItIsWrittenWhereNoOperationBegins) {
  const std::string first = Start("look", "first", kUuid)->name();
  EXPECT_EQ(Start("look", "again", kUuid)->name(), first) << "the answer again";
  EXPECT_FALSE(Start("unknown", "of an unknown kind").ok());
  ASSERT_EQ(Seen(first), "first");
  ASSERT_TRUE(Start("hold", "held").ok());
  started_.WaitForNotification();
  const std::string waits = Start("look", "waits")->name();
  EXPECT_TRUE(absl::IsResourceExhausted(Start("look", "one too many").status()));
  release_.Notify();
  EXPECT_EQ(Seen(waits), "waits");
}

// A clock of its own, "echo" that ends at once and "hold" that ends when it is told to.
class OperationBoundsTest : public testing::Test {
 protected:
  OperationBoundsTest() {
    auto opened = Catalogue::Open(folder_.path() / "catalogue");
    EXPECT_TRUE(opened.ok()) << opened.status();
    catalogue_ = *std::move(opened);
    options_.now = [this] { return absl::FromUnixSeconds(now_s_); };
    for (Caller* caller : {&tenant_, &other_}) caller->may_admin = false;
    tenant_.viewer.tenant = "a";
    other_.viewer.tenant = "b";
  }

  ~OperationBoundsTest() override {
    if (!release_.HasBeenNotified()) release_.Notify();  // a test that failed ends too
  }

  void Open() {
    runner_ = std::make_unique<OperationRunner>(options_, catalogue_.get(), &log_);
    runner_->Register("echo",
                      [](const Any& request, OperationContext&) -> absl::StatusOr<Any> { return request; });
    runner_->Register("hold", [this](const Any& request, OperationContext&) -> absl::StatusOr<Any> {
      started_.Notify();
      release_.WaitForNotification();
      return request;
    });
    ASSERT_TRUE(runner_->Run().ok());
  }
  absl::Status Start(const Caller& caller, const std::string& kind = "echo") {
    return runner_->Start(kind, Any(), caller).status();
  }
  // The name of an operation that has ended, a second later than all before.
  std::string Ended(const Caller& caller, const std::string& request_id = "") {
    ++now_s_;
    const auto started = runner_->Start("echo", Any(), caller, request_id);
    EXPECT_TRUE(started.ok()) << started.status();
    if (!started.ok()) return "";
    const auto ended = runner_->Wait(
        started->name(), absl::Now() + absl::Seconds(30), [] { return false; }, caller);
    EXPECT_TRUE(ended.ok() && ended->done()) << ended.status();
    return started->name();
  }
  bool IsThere(const std::string& name, const Caller& caller) { return runner_->Get(name, caller).ok(); }
  int KeptOnDisk() {
    int kept = 0;
    EXPECT_TRUE(catalogue_
                    ->ScanTable(Table::kOperations, "",
                                [&](std::string_view, std::string_view) { return ++kept > 0; })
                    .ok());
    return kept;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Catalogue> catalogue_;
  const OperatorLog log_{nullptr};
  std::atomic<int64_t> now_s_{1'800'000'000};  // read by workers
  OperationRunnerOptions options_;
  const Caller operator_;
  Caller tenant_, other_;
  absl::Notification started_, release_;
  std::unique_ptr<OperationRunner> runner_;
};

TEST_F(OperationBoundsTest, BeyondTheBoundTheOldestEndedOneOfTheTenantMakesPlace) {
  options_.ended_max = 2;
  Open();
  const std::string others = Ended(other_), first = Ended(tenant_), second = Ended(tenant_);
  EXPECT_TRUE(IsThere(first, tenant_));
  const std::string third = Ended(tenant_);
  EXPECT_FALSE(IsThere(first, tenant_));
  EXPECT_TRUE(IsThere(second, tenant_));
  EXPECT_TRUE(IsThere(third, tenant_));
  EXPECT_TRUE(IsThere(others, other_)) << "older, but of another tenant";
  EXPECT_EQ(KeptOnDisk(), 3);
}

TEST_F(OperationBoundsTest, WhatARepeatMayAskForIsKeptAndANewOneRefused) {
  options_.ended_max = 1;
  Open();
  const std::string first = Ended(tenant_, kUuid);
  const absl::Status refused = Start(tenant_);
  EXPECT_EQ(ReasonOf(refused), "TOO_MANY_OPERATIONS") << refused;
  EXPECT_GT(RetryOf(refused), absl::Hours(23));
  EXPECT_EQ(Ended(tenant_, kUuid), first) << "the answer again";
  ASSERT_TRUE(runner_->Delete(first, tenant_).ok());
  EXPECT_EQ(ReasonOf(Start(tenant_)), "TOO_MANY_OPERATIONS") << "a deletion leaves the note for repeats";
  EXPECT_TRUE(IsThere(Ended(other_), other_));
  now_s_ += 24 * 3'600;
  EXPECT_TRUE(IsThere(Ended(tenant_), tenant_));
}

TEST_F(OperationBoundsTest, OneTenantLeavesPlaceInTheQueueForOthers) {
  options_.queue_max = 4;
  options_.queue_tenant_max = 1;
  Open();
  ASSERT_TRUE(Start(tenant_, "hold").ok());
  started_.WaitForNotification();
  ASSERT_TRUE(Start(tenant_).ok());
  const absl::Status refused = Start(tenant_);
  EXPECT_EQ(ReasonOf(refused), "TOO_MANY_OPERATIONS") << refused;
  EXPECT_GT(RetryOf(refused), absl::ZeroDuration());
  EXPECT_TRUE(Start(other_).ok());
  EXPECT_TRUE(Start(operator_).ok());
  EXPECT_TRUE(Start(operator_).ok()) << "who runs the server may fill the queue";
  EXPECT_TRUE(absl::IsResourceExhausted(Start(operator_)));
  release_.Notify();
}

}  // namespace
}  // namespace dongxi
