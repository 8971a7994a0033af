#include "server/own_fault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/grpc_status.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kText[] = "/var/lib/dongxi/catalogue: write: IO error: No space left on device";

TEST(OwnFaultTest, FilesAndForeignTextsStayWithTheOperator) {
  for (const absl::StatusCode code : {absl::StatusCode::kInternal, absl::StatusCode::kDataLoss,
                                      absl::StatusCode::kUnknown, absl::StatusCode::kResourceExhausted}) {
    const absl::Status status(code, kText);
    EXPECT_TRUE(IsOwnFault(status)) << status;
    const absl::Status told = ForCallers(status, "request-7");
    EXPECT_EQ(told.code(), code);
    EXPECT_THAT(std::string(told.message()), HasSubstr("under request-7"));
    EXPECT_THAT(std::string(told.message()), Not(HasSubstr("/var")));
    EXPECT_THAT(std::string(told.message()), Not(HasSubstr("IO error")));
  }
  EXPECT_EQ(ReasonOf(ForCallers(absl::ResourceExhaustedError(kText), "r")), kStorageFull);
  EXPECT_EQ(ReasonOf(ForCallers(absl::DataLossError(kText), "r")), "DATA_DAMAGED");
}

TEST(OwnFaultTest, AKeptErrorIsToldAsTheErrorItselfWouldBe) {
  const auto kept = [](const absl::Status& status) {
    google::rpc::Status error;
    error.ParseFromString(ToGrpc(status).error_details());
    return error;
  };
  for (const absl::Status& status : {absl::InternalError(kText), absl::ResourceExhaustedError(kText)}) {
    EXPECT_EQ(ForCallers(kept(status), "r").SerializeAsString(),
              kept(ForCallers(status, "r")).SerializeAsString());
  }
  const google::rpc::Status meant =
      kept(WithReason(absl::ResourceExhaustedError("the report is too large"), "REPORT_TOO_LARGE"));
  EXPECT_EQ(ForCallers(meant, "r").SerializeAsString(), meant.SerializeAsString());
}

TEST(OwnFaultTest, WhatIsSaidToCallersOnPurposeReachesThem) {
  const absl::Status statuses[] = {
      absl::OkStatus(),
      absl::InvalidArgumentError("page_size: too large"),
      absl::NotFoundError("needs/n-1"),
      absl::UnavailableError("the server stops"),
      WithReason(absl::ResourceExhaustedError("too many wait"), "TOO_MANY_OPERATIONS"),
      WithReason(absl::InternalError("the audit log could not be written"), "AUDIT_FAILED")};
  for (const absl::Status& status : statuses) {
    EXPECT_FALSE(IsOwnFault(status)) << status;
    EXPECT_EQ(ForCallers(status, "r"), status);
  }
}

}  // namespace
}  // namespace dongxi
