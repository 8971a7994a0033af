#include "server/guards.h"

#include <vector>

#include "engine/base/status_macros.h"
#include "server/listen_address.h"
#include "server/tls.h"
#include "server/token_audit.h"
#include "server/token_file.h"

namespace dongxi {

absl::StatusOr<Guards> OpenGuards(const ServerOptions& options, bool loopback) {
  Guards guards;
  guards.log = std::make_unique<OperatorLog>(options.log);
  DX_ASSIGN_OR_RETURN(guards.tokens,
                      TokenStore::Open(options.data / kTokenFileName, options.token, guards.log.get()));
  guards.require_token = options.require_token || !loopback;
  AuditOptions audit;
  audit.directory = options.data / kAuditFolderName;
  audit.key = options.audit_key;
  audit.sync_always = options.audit_sync;
  audit.files_max = options.audit_files_max;
  DX_ASSIGN_OR_RETURN(guards.audit, AuditTrail::Open(audit));
  AuditTokens(guards.tokens.get(), guards.audit.get(), guards.log.get());
  return guards;
}

absl::Status CheckOptions(const ServerOptions& options, bool* loopback) {
  constexpr int kThreadsMin = 16;
  DX_ASSIGN_OR_RETURN(const ListenAddress address, ParseListenAddress(options.listen));
  *loopback = address.loopback;
  ListenAddress http = {.host = "", .loopback = true};
  if (!options.http.listen.empty()) {
    DX_ASSIGN_OR_RETURN(http, ParseListenAddress(options.http.listen));
  }
  // Who comes by HTTP reaches the gate from this process: both doors must be of this machine to need no
  // token.
  *loopback = *loopback && http.loopback;
  if (!options.tls.enabled()) {
    DX_ASSIGN_OR_RETURN(const std::vector<Token> tokens, ReadTokens(options.data / kTokenFileName));
    const bool has_token = !options.token.empty() || !tokens.empty();
    DX_RETURN_IF_ERROR(CheckPlaintext(address, has_token, options.insecure_plaintext));
    DX_RETURN_IF_ERROR(CheckPlaintext(http, has_token, options.insecure_plaintext));
  }
  DX_RETURN_IF_ERROR(CheckTlsFiles(options.tls));
  if (options.threads < kThreadsMin) {
    return absl::InvalidArgumentError("--threads: at least " + std::to_string(kThreadsMin));
  }
  if (options.metrics_listen.empty()) return absl::OkStatus();
  DX_ASSIGN_OR_RETURN(const ListenAddress metrics, ParseListenAddress(options.metrics_listen));
  if (metrics.loopback || options.insecure_metrics) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "--metrics-listen " + metrics.host +
      ": this port speaks plaintext; listen on 127.0.0.1, or give "
      "--insecure-metrics on a network you trust (scrapers then show a token)");
}

}  // namespace dongxi
