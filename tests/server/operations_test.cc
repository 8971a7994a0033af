#include "server/operations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/notification.h"
#include "engine/base/files.h"
#include "google/protobuf/wrappers.pb.h"
#include "server/grpc_status.h"
#include "server/plan_jobs.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using google::longrunning::Operation;
using google::protobuf::Any;
using google::protobuf::StringValue;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using State = v1::OperationMetadata;

Any Text(const std::string& text) {
  StringValue value;
  value.set_value(text);
  Any any;
  any.PackFrom(value);
  return any;
}

std::string TextOf(const Any& any) {
  StringValue value;
  return any.UnpackTo(&value) ? value.value() : "not a text";
}

v1::OperationMetadata MetadataOf(const Operation& operation) {
  v1::OperationMetadata metadata;
  EXPECT_TRUE(operation.metadata().UnpackTo(&metadata));
  return metadata;
}

bool All(const v1::OperationMetadata&) { return true; }

class OperationsTest : public testing::Test {
 protected:
  OperationsTest() {
    auto opened = Catalogue::Open(folder_.path() / "catalogue");
    EXPECT_TRUE(opened.ok()) << opened.status();
    catalogue_ = *std::move(opened);
    options_.now = [this] { return absl::FromUnixSeconds(now_s_); };
    tenant_.viewer.tenant = "a";
    tenant_.may_admin = false;
  }

  // A runner with the jobs "echo" (answers its request), "fail", "hold" (until released or cancelled) and the
  // administration's "secret".
  std::unique_ptr<OperationRunner> MakeRunner() {
    auto runner = std::make_unique<OperationRunner>(options_, catalogue_.get(), &log_);
    runner->Register("echo", [](const Any& request, OperationContext& context) -> absl::StatusOr<Any> {
      context.Progress(0.5, "half");
      return Text(TextOf(request) + " from " + context.name);
    });
    runner->Register("fail", [](const Any&, OperationContext&) -> absl::StatusOr<Any> {
      return WithReason(absl::DataLossError("a file is damaged"), "SOME_REASON");
    });
    runner->Register("hold", [this](const Any& request, OperationContext& context) -> absl::StatusOr<Any> {
      context.Progress(0.25, "holding");
      started_->Notify();
      while (!context.Cancelled() && !release_->WaitForNotificationWithTimeout(absl::Milliseconds(1))) {
      }
      if (context.Cancelled()) return absl::CancelledError("cancelled");
      return request;
    });
    runner->Register(
        "secret", [](const Any& request, OperationContext&) -> absl::StatusOr<Any> { return request; },
        OperationAudience::kAdministration);
    return runner;
  }
  std::unique_ptr<OperationRunner> Running() {
    auto runner = MakeRunner();
    EXPECT_TRUE(runner->Run().ok());
    return runner;
  }
  void Arm() {
    started_ = std::make_unique<absl::Notification>();
    release_ = std::make_unique<absl::Notification>();
  }
  Operation Ended(OperationRunner& runner, const std::string& name, const Caller& caller) {
    const auto ended = runner.Wait(
        name, absl::Now() + absl::Seconds(30), [] { return false; }, caller);
    EXPECT_TRUE(ended.ok()) << ended.status();
    EXPECT_TRUE(ended->done());
    return *ended;
  }
  // What the log says of one operation of a kind that `add` registers; `check` sees the operation.
  std::string LogOf(const std::function<void(OperationRunner&)>& add, const std::string& kind,
                    const Caller& caller, const std::function<void(const Operation&)>& check) {
    const std::filesystem::path file = folder_.path() / "log";
    std::FILE* const stream = std::fopen(file.c_str(), "w");
    const OperatorLog log(stream);
    {
      OperationRunner runner(options_, catalogue_.get(), &log);
      add(runner);
      EXPECT_TRUE(runner.Run().ok());
      check(Ended(runner, runner.Start(kind, Text(""), caller)->name(), caller));
    }
    std::fclose(stream);
    return *ReadFile(file, 1 << 20);
  }
  // Writes an operation as a server that was killed would have left it.
  std::string Left(State::State state, int attempts, const std::string& kind) {
    storage::StoredOperation stored;
    stored.mutable_metadata()->set_kind(kind);
    stored.mutable_metadata()->set_state(state);
    stored.mutable_metadata()->set_attempts(attempts);
    *stored.mutable_request() = Text("left");
    const std::string id = "000000000000000" + std::to_string(++left_);
    const auto written = catalogue_->Write(
        [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
          WriteBatch batch;
          batch.puts.push_back({Table::kOperations, id, stored.SerializeAsString()});
          return batch;
        },
        1);
    EXPECT_TRUE(written.ok());
    return "operations/" + id;
  }
  int KeptOnDisk() {
    int kept = 0;
    EXPECT_TRUE(catalogue_
                    ->ScanTable(Table::kOperations, "",
                                [&](std::string_view, std::string_view) { return ++kept > 0; })
                    .ok());
    return kept;
  }

  TemporaryFolder folder_;
  const OperatorLog log_{nullptr};
  std::unique_ptr<Catalogue> catalogue_;
  std::atomic<int64_t> now_s_{1'800'000'000};  // read by workers
  OperationRunnerOptions options_;
  const Caller operator_;
  Caller tenant_;
  std::unique_ptr<absl::Notification> started_, release_;
  int left_ = 0;
};

TEST_F(OperationsTest, AJobRunsAndItsResponseIsKeptOverARestart) {
  std::string name;
  {
    const auto runner = Running();
    const auto started = runner->Start("echo", Text("hello"), tenant_);
    ASSERT_TRUE(started.ok()) << started.status();
    name = started->name();
    const Operation ended = Ended(*runner, name, tenant_);
    EXPECT_EQ(TextOf(ended.response()), "hello from " + name);
    EXPECT_EQ(MetadataOf(ended).state(), State::SUCCEEDED);
    EXPECT_EQ(MetadataOf(ended).progress(), 1);
    EXPECT_EQ(MetadataOf(ended).attempts(), 1);
  }
  const auto next = Running();
  const auto kept = next->Get(name, tenant_);
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_EQ(TextOf(kept->response()), "hello from " + name);
}

TEST_F(OperationsTest, WhatRunsIsTimedByItsKind) {
  Arm();
  const auto runner = Running();
  const auto held = runner->Start("hold", Text(""), tenant_);
  ASSERT_TRUE(held.ok()) << held.status();
  started_->WaitForNotification();
  now_s_ += 7'200;
  const std::map<std::string, absl::Duration> ages = runner->OldestRunning();
  EXPECT_EQ(ages.at("hold"), absl::Hours(2));
  EXPECT_EQ(ages.at("echo"), absl::ZeroDuration());
  release_->Notify();
  Ended(*runner, held->name(), tenant_);
  EXPECT_EQ(runner->OldestRunning().at("hold"), absl::ZeroDuration());
}

TEST_F(OperationsTest, AnErrorIsToldAsACallWouldTellIt) {
  const auto runner = Running();
  const Operation ended = Ended(*runner, runner->Start("fail", Text(""), tenant_)->name(), tenant_);
  EXPECT_EQ(ended.error().code(), static_cast<int>(absl::StatusCode::kDataLoss));
  EXPECT_EQ(ended.error().message(), "a file is damaged");
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(ended.error().details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "SOME_REASON");
}

// A filter, a name: what the caller sent comes back to him, and not into the log.
TEST_F(OperationsTest, TheLogOfAFailedJobHasItsCodeAndReasonButNoTextOfTheCaller) {
  const std::string text = LogOf(
      [&](OperationRunner& runner) {
        runner.Register("refuse", [](const Any&, OperationContext&) -> absl::StatusOr<Any> {
          return WithReason(absl::NotFoundError("没有需求符合 title:机密盐湖"), "NO_NEEDS");
        });
      },
      "refuse", tenant_,
      [](const Operation& ended) { EXPECT_THAT(ended.error().message(), HasSubstr("机密盐湖")); });
  EXPECT_THAT(text, HasSubstr("(refuse) ended: NOT_FOUND NO_NEEDS"));
  EXPECT_EQ(text.find("机密"), std::string::npos) << text;
}

TEST_F(OperationsTest, AFaultOfOurOwnIsForTheLogAndForTheOperatorAlone) {
  const auto add = [](OperationRunner& runner) {
    const auto job = [](const Any&, OperationContext&) -> absl::StatusOr<Any> {
      return absl::InternalError("/data/dongxi/file: cannot be opened");
    };
    runner.Register("broken", job);
    runner.Register("broken-admin", job, OperationAudience::kAdministration);
  };
  const std::string text = LogOf(add, "broken", tenant_, [](const Operation& ended) {
    EXPECT_EQ(ended.error().code(), static_cast<int>(absl::StatusCode::kInternal));
    EXPECT_EQ(ended.error().message().find("/data"), std::string::npos) << ended.error().message();
    EXPECT_THAT(ended.error().message(), HasSubstr(ended.name()));
  });
  EXPECT_THAT(text, HasSubstr("level=error"));
  EXPECT_THAT(text, HasSubstr("/data/dongxi/file"));
  LogOf(add, "broken-admin", operator_,
        [](const Operation& ended) { EXPECT_THAT(ended.error().message(), HasSubstr("/data/dongxi/file")); });
}

TEST_F(OperationsTest, ARunningJobShowsItsProgressAndEndsWhenItIsCancelled) {
  Arm();
  const auto runner = Running();
  const std::string name = runner->Start("hold", Text(""), tenant_)->name();
  started_->WaitForNotification();
  const v1::OperationMetadata metadata = MetadataOf(*runner->Get(name, tenant_));
  EXPECT_EQ(metadata.state(), State::RUNNING);
  EXPECT_EQ(metadata.stage(), "holding");
  EXPECT_EQ(metadata.progress(), 0.25);
  EXPECT_TRUE(absl::IsFailedPrecondition(runner->Delete(name, tenant_)));
  ASSERT_TRUE(runner->Cancel(name, tenant_).ok());
  const Operation ended = Ended(*runner, name, tenant_);
  EXPECT_EQ(ended.error().code(), static_cast<int>(absl::StatusCode::kCancelled));
  EXPECT_EQ(MetadataOf(ended).state(), State::CANCELLED);
  EXPECT_TRUE(runner->Cancel(name, tenant_).ok()) << "no effect on an ended one";
  EXPECT_TRUE(runner->Delete(name, tenant_).ok());
  EXPECT_TRUE(absl::IsNotFound(runner->Get(name, tenant_).status()));
  EXPECT_EQ(KeptOnDisk(), 0);
}

TEST_F(OperationsTest, TheQueueIsBoundedAndAQueuedOneIsCancelledAtOnce) {
  Arm();
  options_.queue_max = 2;
  const auto runner = Running();
  const std::string first = runner->Start("hold", Text(""), tenant_)->name();
  started_->WaitForNotification();
  const std::string second = runner->Start("echo", Text("2"), tenant_)->name();
  const std::string third = runner->Start("echo", Text("3"), tenant_)->name();
  const absl::Status refused = runner->Start("echo", Text("4"), tenant_).status();
  EXPECT_TRUE(absl::IsResourceExhausted(refused)) << refused;
  EXPECT_GT(RetryOf(refused), absl::ZeroDuration());
  ASSERT_TRUE(runner->Cancel(second, tenant_).ok());
  EXPECT_EQ(MetadataOf(*runner->Get(second, tenant_)).state(), State::CANCELLED);
  release_->Notify();
  EXPECT_EQ(TextOf(Ended(*runner, third, tenant_).response()), "3 from " + third);
}

TEST_F(OperationsTest, ALongReportKeepsNoOtherJobWaitingNorFillsItsQueue) {
  Arm();
  options_.queue_max = 1;
  const auto runner = MakeRunner();
  runner->Register(
      "long",
      [this](const Any& request, OperationContext&) -> absl::StatusOr<Any> {
        started_->Notify();
        release_->WaitForNotification();
        return request;
      },
      OperationAudience::kTenant, OperationLane::kReports);
  runner->Register(
      "short", [](const Any& request, OperationContext&) -> absl::StatusOr<Any> { return request; },
      OperationAudience::kTenant, OperationLane::kReports);
  ASSERT_TRUE(runner->Run().ok());
  const std::string report = runner->Start("long", Text("1"), tenant_)->name();
  started_->WaitForNotification();
  const std::string next = runner->Start("short", Text("2"), tenant_)->name();
  EXPECT_TRUE(absl::IsResourceExhausted(runner->Start("short", Text("3"), tenant_).status()));
  const std::string other = runner->Start("echo", Text("4"), tenant_)->name();
  EXPECT_EQ(TextOf(Ended(*runner, other, tenant_).response()), "4 from " + other);
  EXPECT_EQ(MetadataOf(*runner->Get(next, tenant_)).state(), State::QUEUED) << "of one lane one at a time";
  release_->Notify();
  EXPECT_EQ(TextOf(Ended(*runner, next, tenant_).response()), "2");
}

// A build takes as long as matches leave it no processor.
TEST_F(OperationsTest, ABuildKeepsNoPlanWaiting) {
  Arm();
  const auto runner = MakeRunner();
  PlanJobs plans(catalogue_.get());
  plans.RegisterWith(runner.get());
  ASSERT_TRUE(runner->Run().ok());
  const std::string build = runner->Start("hold", Text(""), operator_)->name();
  started_->WaitForNotification();
  const Operation plan =
      Ended(*runner, runner->Start(kPlanKind, Text("no request of a plan"), tenant_)->name(), tenant_);
  EXPECT_TRUE(plan.has_error());
  EXPECT_FALSE(runner->Get(build, operator_)->done());
  release_->Notify();
  Ended(*runner, build, operator_);
}

TEST_F(OperationsTest, WaitEndsAtItsDeadlineWhenTheCallerIsGoneAndWhenTheServerStops) {
  Arm();
  options_.waiters_max = 1;
  const auto runner = Running();
  const std::string name = runner->Start("hold", Text(""), tenant_)->name();
  started_->WaitForNotification();
  const auto late = runner->Wait(
      name, absl::Now() + absl::Milliseconds(5), [] { return false; }, tenant_);
  ASSERT_TRUE(late.ok());
  EXPECT_FALSE(late->done());
  EXPECT_FALSE(runner
                   ->Wait(
                       name, absl::InfiniteFuture(), [] { return true; }, tenant_)
                   ->done());
  std::thread waiter([&] {
    (void)runner->Wait(
        name, absl::InfiniteFuture(), [] { return false; }, tenant_);
  });
  runner->Stop();
  waiter.join();
}

TEST_F(OperationsTest, WhatHasEndedOrIsNotThereIsToldHoweverManyWait) {
  Arm();
  options_.waiters_max = 0;
  const auto runner = Running();
  const auto ask = [&](const std::string& name) {
    return runner->Wait(
        name, absl::InfiniteFuture(), [] { return false; }, tenant_);
  };
  const std::string running = runner->Start("hold", Text(""), tenant_)->name();
  started_->WaitForNotification();
  const absl::Status refused = ask(running).status();
  EXPECT_EQ(ReasonOf(refused), "TOO_MANY_WAITERS");
  EXPECT_GT(RetryOf(refused), absl::ZeroDuration());
  EXPECT_TRUE(absl::IsNotFound(ask("operations/none").status()));
  const std::string queued = runner->Start("echo", Text(""), tenant_)->name();
  ASSERT_TRUE(runner->Cancel(queued, tenant_).ok());
  const auto ended = ask(queued);
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_TRUE(ended->done());
  EXPECT_EQ(ReasonOf(runner->Delete(running, tenant_)), "OPERATION_NOT_ENDED");
}

TEST_F(OperationsTest, WhatWaitedOrRanIsStartedAgainByTheNextServer) {
  Arm();
  std::string running, waiting;
  {
    const auto runner = Running();
    running = runner->Start("hold", Text("again"), tenant_)->name();
    waiting = runner->Start("echo", Text("later"), tenant_)->name();
    started_->WaitForNotification();
  }
  Arm();
  release_->Notify();
  const auto next = Running();
  const Operation ended = Ended(*next, running, tenant_);
  EXPECT_EQ(TextOf(ended.response()), "again");
  EXPECT_EQ(MetadataOf(ended).attempts(), 1) << "an orderly stop is no crash";
  EXPECT_EQ(TextOf(Ended(*next, waiting, tenant_).response()), "later from " + waiting);
}

TEST_F(OperationsTest, AJobThatWasRunningAtThreeCrashesIsFailed) {
  const std::string twice = Left(State::RUNNING, 2, "echo");
  const std::string thrice = Left(State::RUNNING, 3, "echo");
  const std::string unknown = Left(State::QUEUED, 0, "of-another-version");
  const auto runner = Running();
  EXPECT_EQ(MetadataOf(Ended(*runner, twice, operator_)).attempts(), 3);
  const Operation given_up = Ended(*runner, thrice, operator_);
  EXPECT_EQ(MetadataOf(given_up).state(), State::FAILED);
  EXPECT_THAT(given_up.error().message(), HasSubstr("3 times"));
  EXPECT_EQ(MetadataOf(Ended(*runner, unknown, operator_)).state(), State::FAILED);
}

TEST_F(OperationsTest, EndedOnesAreForgottenAfterAWeek) {
  const auto runner = Running();
  const std::string name = runner->Start("echo", Text(""), tenant_)->name();
  Ended(*runner, name, tenant_);
  now_s_ += 7 * 24 * 3'600 - 1;
  EXPECT_TRUE(runner->Get(name, tenant_).ok());
  now_s_ += 2;
  EXPECT_TRUE(absl::IsNotFound(runner->Get(name, tenant_).status()));
  Ended(*runner, runner->Start("echo", Text(""), tenant_)->name(), tenant_);
  EXPECT_EQ(KeptOnDisk(), 1);
}

TEST_F(OperationsTest, ARepeatedRequestIdGivesTheSameOperation) {
  const auto runner = Running();
  const std::string id = "6f1c0b0e-2c55-4f43-9a55-3f6a0d1c9b11";
  const std::string name = runner->Start("echo", Text("x"), tenant_, id)->name();
  EXPECT_EQ(runner->Start("echo", Text("x"), tenant_, id)->name(), name);
  EXPECT_EQ(FieldOf(runner->Start("echo", Text("y"), tenant_, id).status()), "request_id");
  Caller other = tenant_;
  other.viewer.tenant = "b";
  EXPECT_NE(runner->Start("echo", Text("x"), other, id)->name(), name);
  now_s_ += 25 * 3'600;
  EXPECT_NE(runner->Start("echo", Text("x"), tenant_, id)->name(), name);
}

TEST_F(OperationsTest, AnEndedOneKeepsOfItsRequestWhatTellsARepeat) {
  const auto runner = Running();
  const std::string id = "6f1c0b0e-2c55-4f43-9a55-3f6a0d1c9b12", large(1 << 20, 'x');
  const std::string name = runner->Start("fail", Text(large), tenant_, id)->name();
  Ended(*runner, name, tenant_);
  EXPECT_TRUE(catalogue_
                  ->ScanTable(Table::kOperations, "",
                              [](std::string_view, std::string_view value) {
                                EXPECT_LT(value.size(), 1'000u);
                                return true;
                              })
                  .ok());
  EXPECT_EQ(runner->Start("fail", Text(large), tenant_, id)->name(), name);
  EXPECT_EQ(FieldOf(runner->Start("fail", Text(large + "y"), tenant_, id).status()), "request_id");
}

TEST_F(OperationsTest, ARequestIdIsOfTheTenantInAnyCaseOfLetters) {
  const auto runner = Running();
  const std::string id = "6f1c0b0e-2c55-4f43-9a55-3f6a0d1c9b11";
  const std::string name = runner->Start("echo", Text("x"), tenant_, id)->name();
  EXPECT_EQ(runner->Start("echo", Text("x"), tenant_, "6F1C0B0E-2C55-4F43-9A55-3F6A0D1C9B11")->name(), name);
  Caller colleague = tenant_;
  colleague.token_id = "another token of the tenant";
  EXPECT_EQ(runner->Start("echo", Text("x"), colleague, id)->name(), name);
  EXPECT_EQ(ReasonOf(runner->Start("echo", Text("y"), colleague, id).status()), "REQUEST_ID_REUSED");
}

TEST_F(OperationsTest, ARepeatAfterTheDeletionStartsNothing) {
  const std::string id = "6f1c0b0e-2c55-4f43-9a55-3f6a0d1c9b11";
  std::string name;
  {
    const auto runner = Running();
    name = runner->Start("echo", Text("x"), tenant_, id)->name();
    Ended(*runner, name, tenant_);
    ASSERT_TRUE(runner->Delete(name, tenant_).ok());
    EXPECT_TRUE(absl::IsNotFound(runner->Get(name, tenant_).status()));
    EXPECT_TRUE(absl::IsNotFound(runner->Delete(name, tenant_)));
  }
  const auto runner = Running();  // The next server knows it too.
  EXPECT_EQ(ReasonOf(runner->Start("echo", Text("x"), tenant_, id).status()), "OPERATION_DELETED");
  EXPECT_EQ(ReasonOf(runner->Start("echo", Text("y"), tenant_, id).status()), "REQUEST_ID_REUSED");
  bool more = false;
  EXPECT_THAT(*runner->List(&All, "", 10, tenant_, &more), SizeIs(0));
  EXPECT_FALSE(runner->Busy("echo"));
  now_s_ += 25 * 3'600;
  const std::string next = runner->Start("echo", Text("x"), tenant_, id)->name();
  EXPECT_NE(next, name);
  Ended(*runner, next, tenant_);
  EXPECT_EQ(KeptOnDisk(), 1);
}

TEST_F(OperationsTest, TenantsSeeTheirOwnAndOperatorsTheAdministrations) {
  const auto runner = Running();
  const std::string own = runner->Start("echo", Text(""), tenant_)->name();
  const std::string secret = runner->Start("secret", Text(""), operator_)->name();
  Caller other = tenant_;
  other.viewer.tenant = "b";
  Caller all = tenant_;
  all.viewer.tenant = "";
  all.viewer.all_tenants = true;
  EXPECT_TRUE(runner->Get(own, tenant_).ok());
  EXPECT_TRUE(runner->Get(own, all).ok());
  EXPECT_TRUE(absl::IsNotFound(runner->Get(own, other).status()));
  EXPECT_TRUE(absl::IsNotFound(runner->Cancel(own, other)));
  EXPECT_TRUE(absl::IsNotFound(runner->Delete(own, other)));
  EXPECT_TRUE(absl::IsNotFound(runner->Get(secret, tenant_).status()));
  EXPECT_TRUE(absl::IsNotFound(runner->Get(secret, all).status())) << "may see all records, is no operator";
  EXPECT_TRUE(runner->Get(secret, operator_).ok());
  bool more = false;
  EXPECT_THAT(*runner->List(&All, "", 10, tenant_, &more), SizeIs(1));
}

TEST_F(OperationsTest, PagesGoFromNewToOldAndRepeatNothing) {
  const auto runner = Running();
  std::vector<std::string> names;
  for (int i = 0; i < 5; ++i) names.push_back(runner->Start("echo", Text(""), tenant_)->name());
  bool more = false;
  const auto first = runner->List(&All, "", 2, tenant_, &more);
  ASSERT_THAT(*first, SizeIs(2));
  EXPECT_TRUE(more);
  EXPECT_EQ(first->front().name(), names[4]);
  runner->Start("echo", Text("new"), tenant_).IgnoreError();
  const std::string after = first->back().name().substr(sizeof("operations/") - 1);
  const auto rest = runner->List(&All, after, 10, tenant_, &more);
  ASSERT_THAT(*rest, SizeIs(3));
  EXPECT_FALSE(more);
  EXPECT_EQ(rest->front().name(), names[2]);
}

}  // namespace
}  // namespace dongxi
