#include "server/grpc_status.h"

#include <gtest/gtest.h>

#include "engine/text/normalize.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

TEST(ToGrpcTest, OkHasNoDetails) {
  const grpc::Status status = ToGrpc(absl::OkStatus());
  EXPECT_TRUE(status.ok());
  EXPECT_TRUE(status.error_details().empty());
}

TEST(ToGrpcTest, FieldErrorCarriesErrorInfoAndBadRequest) {
  const grpc::Status status = ToGrpc(FieldError("page_size", "found -1, expected 1 to 1000"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "page_size: found -1, expected 1 to 1000");
  const ErrorDetails details = DetailsOf(status);
  EXPECT_EQ(details.reason, "INVALID_FIELD");
  EXPECT_EQ(details.domain, "dongxi");
  EXPECT_EQ(details.field, "page_size");
}

// Found by the RPC fuzzer: an excerpt cut within a character made details that no client could read.
TEST(ToGrpcTest, AMessageThatEndsWithinACharacterHasReadableDetails) {
  const std::string cut = std::string("青海").substr(0, 4);
  const grpc::Status status = ToGrpc(FieldError("region_code", "found '" + cut + "'"), "id");
  EXPECT_TRUE(IsValidUtf8(status.error_message()));
  EXPECT_EQ(DetailsOf(status).field, "region_code");
  EXPECT_EQ(DetailsOf(status).request_id, "id");
}

struct ReasonCase {
  const char* name;
  absl::Status status;
  grpc::StatusCode code;
  const char* reason;
};

TEST(ToGrpcTest, EveryErrorHasAReason) {
  const ReasonCase cases[] = {
      {"NotFound", absl::NotFoundError("x"), grpc::StatusCode::NOT_FOUND, "NOT_FOUND"},
      {"Deadline", absl::DeadlineExceededError("x"), grpc::StatusCode::DEADLINE_EXCEEDED,
       "DEADLINE_EXCEEDED"},
      {"Damage", absl::DataLossError("x"), grpc::StatusCode::DATA_LOSS, "DATA_DAMAGED"},
      {"Unknown", absl::UnknownError("x"), grpc::StatusCode::UNKNOWN, "INTERNAL"},
      {"Given", WithReason(absl::AbortedError("x"), "GENERATION_CHANGED"), grpc::StatusCode::ABORTED,
       "GENERATION_CHANGED"},
      {"FirstGivenStays", WithReason(WithReason(absl::AbortedError("x"), "FIRST"), "SECOND"),
       grpc::StatusCode::ABORTED, "FIRST"},
  };
  for (const ReasonCase& c : cases) {
    SCOPED_TRACE(c.name);
    const grpc::Status status = ToGrpc(c.status);
    EXPECT_EQ(status.error_code(), c.code);
    EXPECT_EQ(DetailsOf(status).reason, c.reason);
    EXPECT_EQ(DetailsOf(status).domain, "dongxi");
    EXPECT_EQ(DetailsOf(status).field, "");
  }
}

TEST(ToGrpcTest, LongMessageIsCutBetweenCharacters) {
  std::string message;
  for (int i = 0; i < 1'000; ++i) message += "盐";
  const grpc::Status status = ToGrpc(FieldError("text", message));
  EXPECT_LE(status.error_message().size(), kStatusMessageBytesMax + 3);
  EXPECT_TRUE(IsValidUtf8(status.error_message()));
  EXPECT_EQ(status.error_message().substr(status.error_message().size() - 3), "…");
}

TEST(GrpcStatusTest, ThrottlingSaysWhenToTryAgainAndEveryErrorNamesItsCall) {
  const absl::Status status = WithRetry(WithReason(absl::ResourceExhaustedError("full"), "SERVER_OVERLOADED"),
                                        absl::Milliseconds(1'250));
  EXPECT_EQ(RetryOf(status), absl::Milliseconds(1'250));
  google::rpc::Status envelope;
  ASSERT_TRUE(envelope.ParseFromString(ToGrpc(status, "request-1").error_details()));
  ASSERT_EQ(envelope.details_size(), 3);
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(envelope.details(1).UnpackTo(&retry));
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 250'000'000);
  google::rpc::RequestInfo request;
  ASSERT_TRUE(envelope.details(2).UnpackTo(&request));
  EXPECT_EQ(request.request_id(), "request-1");
  EXPECT_EQ(RetryOf(absl::NotFoundError("x")), absl::ZeroDuration());
}

}  // namespace
}  // namespace dongxi
