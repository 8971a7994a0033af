#include "server/grpc_status.h"

#include <algorithm>
#include <cstdlib>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "engine/text/normalize.h"
#include "google/rpc/error_details.pb.h"

namespace dongxi {
namespace {

constexpr char kFieldPayload[] = "dongxi/field";
constexpr char kReasonPayload[] = "dongxi/reason";
constexpr char kRetryPayload[] = "dongxi/retry";  // whole microseconds

absl::Status WithPayload(absl::Status status, const char* url, const std::string& value) {
  if (!status.ok() && !status.GetPayload(url)) status.SetPayload(url, absl::Cord(value));
  return status;
}

std::string PayloadOf(const absl::Status& status, const char* url) {
  const auto payload = status.GetPayload(url);
  return payload ? std::string(*payload) : std::string();
}

// Cut between two characters.
std::string CutMessage(std::string message) {
  if (message.size() <= kStatusMessageBytesMax) return message;
  size_t end = kStatusMessageBytesMax;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0) == 0x80) --end;
  message.resize(end);
  return message + "…";
}

std::string ReasonOfCode(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
      return "INVALID_FIELD";
    case absl::StatusCode::kDataLoss:
      return "DATA_DAMAGED";
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      return "INTERNAL";
    default:
      return absl::StatusCodeToString(code);
  }
}

}  // namespace

absl::Status FieldError(const std::string& field, const std::string& message) {
  return WithField(absl::InvalidArgumentError(field + ": " + message), field);
}

absl::Status WithField(absl::Status status, const std::string& field) {
  return WithPayload(std::move(status), kFieldPayload, field);
}

absl::Status WithReason(absl::Status status, const std::string& reason) {
  return WithPayload(std::move(status), kReasonPayload, reason);
}

absl::Status WithRetry(absl::Status status, absl::Duration delay) {
  const int64_t microseconds = std::max<int64_t>(1, absl::ToInt64Microseconds(delay));
  return WithPayload(std::move(status), kRetryPayload, std::to_string(microseconds));
}

std::string FieldOf(const absl::Status& status) { return PayloadOf(status, kFieldPayload); }

std::string ReasonOf(const absl::Status& status) {
  const std::string given = PayloadOf(status, kReasonPayload);
  return given.empty() ? ReasonOfCode(status.code()) : given;
}

bool HasReason(const absl::Status& status) { return status.GetPayload(kReasonPayload).has_value(); }

absl::Duration RetryOf(const absl::Status& status) {
  return absl::Microseconds(std::strtoll(PayloadOf(status, kRetryPayload).c_str(), nullptr, 10));
}

grpc::Status ToGrpc(const absl::Status& status, const std::string& request_id) {
  if (status.ok()) return grpc::Status::OK;
  std::string message = CutMessage(std::string(status.message()));
  // An excerpt of what the caller sent can end within a character; protobuf would not read such details back.
  if (!IsValidUtf8(message)) message = EncodeUtf8(DecodeUtf8(message));
  google::rpc::Status envelope;
  envelope.set_code(static_cast<int>(status.code()));
  envelope.set_message(message);
  google::rpc::ErrorInfo info;
  info.set_reason(ReasonOf(status));
  info.set_domain(kErrorDomain);
  envelope.add_details()->PackFrom(info);
  if (const std::string field = FieldOf(status); !field.empty()) {
    google::rpc::BadRequest bad_request;
    google::rpc::BadRequest::FieldViolation* violation = bad_request.add_field_violations();
    violation->set_field(field);
    violation->set_description(message);
    envelope.add_details()->PackFrom(bad_request);
  }
  if (const absl::Duration delay = RetryOf(status); delay > absl::ZeroDuration()) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(delay));
    retry.mutable_retry_delay()->set_nanos(
        static_cast<int32_t>(absl::ToInt64Nanoseconds(delay % absl::Seconds(1))));
    envelope.add_details()->PackFrom(retry);
  }
  if (!request_id.empty()) {
    google::rpc::RequestInfo request;
    request.set_request_id(request_id);
    envelope.add_details()->PackFrom(request);
  }
  // Canonical codes have the same numbers on both sides.
  return {static_cast<grpc::StatusCode>(status.code()), message, envelope.SerializeAsString()};
}

}  // namespace dongxi
