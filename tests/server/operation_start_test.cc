// What is written in one step with a new operation.
#include <gtest/gtest.h>

#include "absl/synchronization/notification.h"
#include "google/protobuf/wrappers.pb.h"
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

}  // namespace
}  // namespace dongxi
