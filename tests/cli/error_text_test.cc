#include "cli/error_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "tests/cli/fake_server.h"
#include "tests/cli/run_cli.h"

namespace dongxi::cli {
namespace {

using grpc::StatusCode;
using testing::HasSubstr;
using testing::Not;

std::string TextOf(const grpc::Status& status, bool has_token = false, bool tls = false) {
  return std::string(FromGrpc(status, {"127.0.0.1:7878", 30, tls, has_token}).message());
}

struct RemedyCase {
  StatusCode code;
  const char* remedy;
};

TEST(FromGrpcTest, NamesTheRemedy) {
  const RemedyCase cases[] = {
      {StatusCode::UNAVAILABLE, "请先运行 ./run serve"},
      {StatusCode::DEADLINE_EXCEEDED, "--timeout"},
      {StatusCode::INVALID_ARGUMENT, "改正"},
      {StatusCode::NOT_FOUND, "dongxi search"},
      {StatusCode::FAILED_PRECONDITION, "dongxi admin build"},
      {StatusCode::UNAUTHENTICATED, "--token-file"},
      {StatusCode::ABORTED, "重新运行"},
      {StatusCode::RESOURCE_EXHAUSTED, "--top"},
      {StatusCode::UNIMPLEMENTED, "同一版本"},
      {StatusCode::DATA_LOSS, "dongxi-indexer verify"},
      {StatusCode::INTERNAL, "服务日志"},
  };
  for (const RemedyCase& c : cases) {
    SCOPED_TRACE(static_cast<int>(c.code));
    const grpc::Status status(c.code, "server's words");
    EXPECT_THAT(TextOf(status), HasSubstr(c.remedy));
    EXPECT_THAT(TextOf(status), HasSubstr("server's words"));
    EXPECT_EQ(static_cast<int>(FromGrpc(status, {}).code()), static_cast<int>(c.code));
  }
}

TEST(FromGrpcTest, AReasonSaysMoreThanItsCode) {
  struct ReasonCase {
    StatusCode code;
    const char *reason, *headline;
  };
  const ReasonCase cases[] = {
      {StatusCode::FAILED_PRECONDITION, "NO_GENERATION", "dongxi-indexer build），服务一秒内换上，不用重启"},
      {StatusCode::ABORTED, "GENERATION_CHANGED", "索引刚换了版本"},
      {StatusCode::ABORTED, "PLAN_CHANGED", "这份计划"},
      {StatusCode::ABORTED, "ETAG_MISMATCH", "重新读取，按新的 etag"},
      {StatusCode::ABORTED, "TOKEN_CHANGED", "令牌的权限刚被改过"},
      {StatusCode::ABORTED, "SOMETHING_NEW", "数据刚换了版本"},
      {StatusCode::RESOURCE_EXHAUSTED, "RATE_LIMITED", "服务限制这个令牌每秒调用的次数：请稍后再试"},
      {StatusCode::RESOURCE_EXHAUSTED, "STORAGE_FULL", "腾出空间"},
      {StatusCode::FAILED_PRECONDITION, "SIGNED_BEFORE_MET", "台账不接受这一步"},
      {StatusCode::FAILED_PRECONDITION, "SERVER_READ_ONLY", "改连主服务"},
      {StatusCode::FAILED_PRECONDITION, "REFUSAL_NOT_CLEARED", "engage clear"},
      {StatusCode::FAILED_PRECONDITION, "NOT_REFUSED", "没有被拒绝"},
      {StatusCode::FAILED_PRECONDITION, "PLAN_STATE", "现在不能这样做"},
      {StatusCode::ALREADY_EXISTS, "REGISTRATION_NUMBER_TAKEN", "登记编号已经登记过"},
      {StatusCode::ALREADY_EXISTS, "SOMETHING_NEW", "已经有了"},
      {StatusCode::NOT_FOUND, "MATCH_NOT_FOUND", "没有这次匹配"},
      {StatusCode::NOT_FOUND, "RECORD_NOT_FOUND", "目录里没有这条记录"},
      {StatusCode::RESOURCE_EXHAUSTED, "LEDGER_TOO_LARGE", "--period 止于更早的一年"},
      {StatusCode::RESOURCE_EXHAUSTED, "PAIR_TOO_LONG", "查清是谁在反复登记"},
  };
  for (const ReasonCase& c : cases) {
    SCOPED_TRACE(c.reason);
    EXPECT_THAT(TextOf(RichError(c.code, "words", c.reason, "", "")), HasSubstr(c.headline));
  }
}

TEST(FromGrpcTest, AnAnswerThatIsTooLargeSaysHowToAskForLess) {
  const grpc::Status status(StatusCode::RESOURCE_EXHAUSTED,
                            "CLIENT: Received message larger than max (268435999 vs. 268435456)");
  for (const char* remedy : {"--period", "--region", "--top"}) EXPECT_THAT(TextOf(status), HasSubstr(remedy));
  EXPECT_THAT(TextOf(status), Not(HasSubstr("稍后再试"))) << "it would be as large then";
}

TEST(FromGrpcTest, WhatChangedMeanwhileOrCallsTooOftenIsNotLaidToTheDataOrTheSize) {
  for (const char* reason : {"PLAN_CHANGED", "ETAG_MISMATCH", "TOKEN_CHANGED"}) {
    EXPECT_THAT(TextOf(RichError(StatusCode::ABORTED, "words", reason, "", "")),
                Not(HasSubstr("数据刚换了版本")))
        << reason;
  }
  EXPECT_THAT(TextOf(BusyFor(50)), Not(HasSubstr("--top")));
}

TEST(FromGrpcTest, DecodesFieldsAndReason) {
  const std::string text = TextOf(
      RichError(StatusCode::INVALID_ARGUMENT, "bad request", "FILTER_SYNTAX", "filter", "第 3 个字符"));
  EXPECT_THAT(text, HasSubstr("字段 filter：第 3 个字符"));
  EXPECT_THAT(text, HasSubstr("原因代码：FILTER_SYNTAX"));
}

TEST(FromGrpcTest, AFaultOfTheServerNamesTheRequestThatTheOperatorLooksFor) {
  const auto status_of = [](StatusCode code, const std::string& reason) {
    google::rpc::Status rich;
    google::rpc::ErrorInfo info;
    info.set_reason(reason);
    rich.add_details()->PackFrom(info);
    google::rpc::RequestInfo request;
    request.set_request_id("r-77");
    rich.add_details()->PackFrom(request);
    return grpc::Status(code, "words", rich.SerializeAsString());
  };
  EXPECT_THAT(TextOf(status_of(StatusCode::INTERNAL, "INTERNAL")), HasSubstr("请求号：r-77"));
  EXPECT_THAT(TextOf(status_of(StatusCode::DATA_LOSS, "DATA_DAMAGED")), HasSubstr("请求号：r-77"));
  const std::string full = TextOf(status_of(StatusCode::RESOURCE_EXHAUSTED, "STORAGE_FULL"));
  EXPECT_THAT(full, HasSubstr("磁盘"));
  EXPECT_THAT(full, HasSubstr("请求号：r-77"));
  const std::string busy = TextOf(status_of(StatusCode::RESOURCE_EXHAUSTED, "SERVER_OVERLOADED"));
  EXPECT_THAT(busy, HasSubstr("--top"));
  EXPECT_THAT(busy, Not(HasSubstr("r-77"))) << "a caller can mend it himself";
}

TEST(FromGrpcTest, SaysAFieldErrorOnce) {
  const std::string text = TextOf(
      RichError(StatusCode::INVALID_ARGUMENT, "filter: bad", "INVALID_FIELD", "filter", "filter: bad"));
  EXPECT_EQ(text.find("filter: bad"), text.rfind("filter: bad"));
}

TEST(FromGrpcTest, AServerThatSaysItIsBusyIsNotAServerThatIsMissing) {
  const std::string text = TextOf(RichError(StatusCode::UNAVAILABLE, "stopping", "STOPPING", "", ""));
  EXPECT_THAT(text, Not(HasSubstr("./run serve")));
  EXPECT_THAT(text, HasSubstr("稍后再试"));
}

TEST(FromGrpcTest, ForeignDetailsAreNoTrouble) {
  EXPECT_THAT(TextOf(grpc::Status(StatusCode::INTERNAL, "x", "\xFF\xFFnot a message")),
              HasSubstr("服务出错"));
}

TEST(FromGrpcTest, ATokenThatWasSentIsTheWrongOne) {
  EXPECT_THAT(TextOf(grpc::Status(StatusCode::UNAUTHENTICATED, ""), true), HasSubstr("令牌不对"));
  EXPECT_THAT(TextOf(grpc::Status(StatusCode::UNAVAILABLE, ""), false, true), HasSubstr("--ca-file"));
}

TEST(FromGrpcTest, ServersCannotSteerTheTerminal) {
  EXPECT_THAT(TextOf(grpc::Status(StatusCode::INTERNAL, "a\x1b[2Jb")), Not(HasSubstr("\x1b")));
}

TEST(ReportOptionsTest, ANumberBelowNothingIsRefusedInPlainWords) {
  for (const char* option : {"--institution-max", "--province-max", "--county-min", "--expert-max"}) {
    SCOPED_TRACE(option);
    const CliRun run = Dongxi({"report", option, "-1"});
    EXPECT_NE(run.exit_code, 0);
    EXPECT_THAT(run.err, HasSubstr("应为不小于 0 的整数"));
    EXPECT_THAT(run.err, Not(HasSubstr("1797")));
  }
}

TEST(ConcernsEveryCallTest, TellsTheServerFromTheRecord) {
  EXPECT_TRUE(ConcernsEveryCall(absl::UnavailableError("")));
  EXPECT_TRUE(ConcernsEveryCall(absl::UnauthenticatedError("")));
  EXPECT_TRUE(ConcernsEveryCall(absl::FailedPreconditionError("")));
  EXPECT_FALSE(ConcernsEveryCall(absl::NotFoundError("")));
  EXPECT_FALSE(ConcernsEveryCall(absl::InvalidArgumentError("")));
  EXPECT_FALSE(ConcernsEveryCall(absl::OkStatus()));
  EXPECT_TRUE(ConcernsEveryCall(FromGrpc(BusyFor(50), {}))) << "a busy server";
  EXPECT_FALSE(ConcernsEveryCall(FromGrpc({StatusCode::RESOURCE_EXHAUSTED, "too large"}, {})));
}

TEST(RetryDelayOfTest, IsWhatTheServerAsksFor) {
  EXPECT_EQ(RetryDelayOf(FromGrpc(BusyFor(1'250), {})), absl::Milliseconds(1'250));
  EXPECT_EQ(RetryDelayOf(FromGrpc({StatusCode::RESOURCE_EXHAUSTED, "too large"}, {})), absl::ZeroDuration());
  EXPECT_EQ(RetryDelayOf(absl::OkStatus()), absl::ZeroDuration());
}

}  // namespace
}  // namespace dongxi::cli
