// absl::Status to grpc::Status with the details of AIP-193; no other file makes a grpc::Status from an error.
// What a client may react on travels inside the absl::Status as payloads. Pure functions; any thread.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/support/status.h"

namespace dongxi {

inline constexpr char kErrorDomain[] = "dongxi";
// Longer messages are cut: status and details travel in trailers, of which clients accept 8 KiB.
inline constexpr size_t kStatusMessageBytesMax = 800;

// InvalidArgument "<field>: <message>" about one field of the request ("page_size", "need.title").
absl::Status FieldError(const std::string& field, const std::string& message);
// The same error, about that field; a field already named stays.
absl::Status WithField(absl::Status status, const std::string& field);
// The same error with a stable reason for programs, UPPER_SNAKE_CASE; a reason already given stays.
absl::Status WithReason(absl::Status status, const std::string& reason);
// The same error, worth another try after `delay`; a delay already given stays.
absl::Status WithRetry(absl::Status status, absl::Duration delay);

// Empty if none.
std::string FieldOf(const absl::Status& status);
// The reason given, or the one that belongs to the code: "INVALID_FIELD", "NOT_FOUND" …
std::string ReasonOf(const absl::Status& status);
// True if WithReason gave one.
bool HasReason(const absl::Status& status);
// Zero if none is given.
absl::Duration RetryOf(const absl::Status& status);

// The same code and message; every error carries google.rpc.ErrorInfo, one about a field
// google.rpc.BadRequest as well, one with a delay google.rpc.RetryInfo, and google.rpc.RequestInfo if
// `request_id` is not empty.
grpc::Status ToGrpc(const absl::Status& status, const std::string& request_id = "");

}  // namespace dongxi
