// What guards the server: the check of its options, and what is opened before the catalogue.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "server/audit_trail.h"
#include "server/operator_log.h"
#include "server/server.h"
#include "server/token_store.h"

namespace dongxi {

struct Guards {
  std::unique_ptr<OperatorLog> log;
  std::unique_ptr<TokenStore> tokens;
  std::unique_ptr<AuditTrail> audit;
  bool require_token = false;
};

// Mistakes in the options, before anything is opened. `loopback`: only this machine can reach the listener.
// Errors: InvalidArgument, FailedPrecondition, with the option and the remedy.
absl::Status CheckOptions(const ServerOptions& options, bool* loopback);

// Errors: those of the tokens file and of the audit log.
absl::StatusOr<Guards> OpenGuards(const ServerOptions& options, bool loopback);

}  // namespace dongxi
