// Errors as HTTP tells them: AIP-193's JSON form of google.rpc.Status, with the code that belongs to it. Pure
// functions; any thread.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace dongxi {

struct HttpError {
  int code = 500;    // 400, 429 …
  std::string body;  // {"error": {"code": 400, "message": …, "status": "INVALID_ARGUMENT", "details": […]}}
  std::string retry_after;  // whole seconds of google.rpc.RetryInfo, at least 1; empty: none
  std::string message;
  std::string status;  // "INVALID_ARGUMENT"
  std::string reason;  // of google.rpc.ErrorInfo; empty: none
  std::string field;   // of the first violation of google.rpc.BadRequest; empty: none
};

// After google/rpc/code.proto: INVALID_ARGUMENT is 400, RESOURCE_EXHAUSTED 429, CANCELLED 499 …
int HttpCodeOf(grpc::StatusCode code);

// REQUIRES: !status.ok(). The server's own errors carry details; those of gRPC itself do not. `code` 0: the
// one that belongs to the status.
HttpError HttpErrorOf(const grpc::Status& status, int code = 0);

}  // namespace dongxi
