// What wraps every RPC from outside: the token, the deadline, error details, the log line. Thread-safe.
#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/status.h"
#include "server/caller.h"
#include "server/operator_log.h"

namespace dongxi {

class CallGate {
 public:
  // An empty token: none is asked for, and nobody is trusted. `log` outlives the gate.
  CallGate(std::string token, const OperatorLog* log) : token_(std::move(token)), log_(log) {}

  // Runs `handler` for a caller who may call, and logs method, code and duration. UNAUTHENTICATED without the
  // token; DEADLINE_EXCEEDED if the deadline has passed before or while the handler worked.
  grpc::Status Run(const grpc::ServerContext& context, const std::string& method,
                   absl::FunctionRef<absl::Status(const Caller&)> handler) const;

  // The same for calls that come every second from every probe: only failures are logged.
  grpc::Status RunQuietly(const grpc::ServerContext& context, const std::string& method,
                          absl::FunctionRef<absl::Status(const Caller&)> handler) const;

  // True if no token is asked for or the call shows it.
  bool Admits(const grpc::ServerContextBase& context) const;

 private:
  absl::Status Guarded(const grpc::ServerContext& context,
                       absl::FunctionRef<absl::Status(const Caller&)> handler) const;

  const std::string token_;
  const OperatorLog* const log_;
};

}  // namespace dongxi
