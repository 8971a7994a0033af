// What a failed call says to a person: in Chinese, with the remedy. Pure function; any thread.
#pragma once

#include <grpcpp/support/status.h>

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace dongxi::cli {

struct CallContext {
  std::string server;    // as given by the user
  double timeout_s = 0;  // of the call
  bool tls = false;
  bool has_token = false;
};

// The same code with a message of one or more lines: what happened, the server's words, the fields that
// google.rpc.BadRequest names, the reason of google.rpc.ErrorInfo, and what to do. Control characters are
// removed. OK for an OK status. Keeps what RetryDelayOf reads.
absl::Status FromGrpc(const grpc::Status& status, const CallContext& context);

// The reason of google.rpc.ErrorInfo in the details (BATCH_TOO_LARGE …); empty without one.
std::string ReasonOf(const grpc::Status& status);

// How long the server asks to wait before the same call is made again (google.rpc.RetryInfo): it is busy, or
// the token calls too often. Zero if it does not ask for that.
absl::Duration RetryDelayOf(const absl::Status& error);

// True if the next call to the same server would fail in the same way, whatever it asks for; a server that
// asks to wait is one.
bool ConcernsEveryCall(const absl::Status& status);

}  // namespace dongxi::cli
