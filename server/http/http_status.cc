#include "server/http/http_status.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "google/protobuf/util/json_util.h"
#include "google/rpc/error_details.pb.h"

namespace dongxi {
namespace {

using Json = nlohmann::json;

// What programs look for in the details.
void ReadDetails(const google::rpc::Status& envelope, HttpError* error) {
  for (const google::protobuf::Any& any : envelope.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad_request;
    google::rpc::RetryInfo retry;
    if (any.Is<google::rpc::ErrorInfo>() && any.UnpackTo(&info)) error->reason = info.reason();
    if (any.Is<google::rpc::BadRequest>() && any.UnpackTo(&bad_request) &&
        bad_request.field_violations_size() > 0)
      error->field = bad_request.field_violations(0).field();
    if (any.Is<google::rpc::RetryInfo>() && any.UnpackTo(&retry)) {
      const auto& delay = retry.retry_delay();
      const int64_t seconds = delay.seconds() + (delay.nanos() > 0 ? 1 : 0);
      error->retry_after = std::to_string(std::max<int64_t>(1, seconds));
    }
  }
}

// The details as JSON; an empty array if one of them is of a type that is not linked in.
Json DetailsOf(const google::rpc::Status& envelope) {
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(envelope, &text).ok()) return Json::array();
  const Json parsed = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return parsed.is_object() && parsed.contains("details") ? parsed["details"] : Json::array();
}

}  // namespace

int HttpCodeOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK:
      return 200;
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::OUT_OF_RANGE:
      return 400;
    case grpc::StatusCode::UNAUTHENTICATED:
      return 401;
    case grpc::StatusCode::PERMISSION_DENIED:
      return 403;
    case grpc::StatusCode::NOT_FOUND:
      return 404;
    case grpc::StatusCode::ABORTED:
    case grpc::StatusCode::ALREADY_EXISTS:
      return 409;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return 429;
    case grpc::StatusCode::CANCELLED:
      return 499;
    case grpc::StatusCode::UNIMPLEMENTED:
      return 501;
    case grpc::StatusCode::UNAVAILABLE:
      return 503;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return 504;
    default:
      return 500;
  }
}

HttpError HttpErrorOf(const grpc::Status& status, int code) {
  HttpError error;
  error.code = code == 0 ? HttpCodeOf(status.error_code()) : code;
  error.message = status.error_message();
  error.status = absl::StatusCodeToString(static_cast<absl::StatusCode>(status.error_code()));
  google::rpc::Status envelope;
  Json details = Json::array();
  if (!status.error_details().empty() && envelope.ParseFromString(status.error_details())) {
    ReadDetails(envelope, &error);
    details = DetailsOf(envelope);
  }
  const Json body = {{"error",
                      {{"code", error.code},
                       {"message", error.message},
                       {"status", error.status},
                       {"details", std::move(details)}}}};
  error.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return error;
}

}  // namespace dongxi
