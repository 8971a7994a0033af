// What wraps every RPC from outside: who calls and what he may, rate and load, deadline, audit, metrics,
// error details, the log line. Thread-safe. Every RPC has a row in access.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/status.h"
#include "server/audit_trail.h"
#include "server/caller.h"
#include "server/load_control.h"
#include "server/metrics.h"
#include "server/operator_log.h"
#include "server/rate_limit.h"
#include "server/stall_watch.h"
#include "server/token_store.h"
#include "server/worker_pool.h"

namespace dongxi {

// What the gate works with. All but `tokens` and `log` may be null; all outlive it.
struct GateParts {
  const TokenStore* tokens = nullptr;
  const OperatorLog* log = nullptr;
  AuditTrail* audit = nullptr;
  LoadControl* load = nullptr;
  RateLimits* rates = nullptr;
  Metrics* metrics = nullptr;
  WorkerPool* workers = nullptr;  // of RunQueued; as many threads as `load` has slots; not null where it has
  bool require_token = false;     // also while there is no token at all
  // What the HTTP door shows to be believed where its callers come from (kPeerKey); empty: there is no door.
  std::string door_secret;
  // How long a stream waits for its peer to send or to take; a call of Cost::kBatch kStallsOfABatch times as
  // long in all, for it holds the only slot.
  absl::Duration stall_max = absl::Seconds(60);
  bool read_only = false;  // this server is a copy: answers only what IsForCopies says
};
inline constexpr int kStallsOfABatch = 5;

// Metadata of a call that came by the HTTP door: the door's secret, a space, and the address of its caller.
inline constexpr char kPeerKey[] = "x-dongxi-peer";

class CallGate {
 public:
  explicit CallGate(const GateParts& parts) : parts_(parts) {}

  // Runs `handler` for a caller who may call `method` ("MatchService.Match"). Errors before the handler runs,
  // in this order: UNAUTHENTICATED (no token, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED), PERMISSION_DENIED
  // (METHOD_NOT_ALLOWED, OPERATOR_ONLY, PERMISSION_MISSING), FAILED_PRECONDITION (SERVER_READ_ONLY),
  // RESOURCE_EXHAUSTED with RetryInfo (RATE_LIMITED, SERVER_OVERLOADED, TOO_MANY_CALLS, TOKEN_STREAMS_OPEN),
  // INVALID_ARGUMENT (REQUEST_TOO_LARGE), UNAVAILABLE for a write that could not be audited,
  // DEADLINE_EXCEEDED. What the handler wrote and disclosed is in the audit log before this returns. The
  // request id goes back in the initial metadata.
  grpc::Status Run(grpc::ServerContext& context, const std::string& method,
                   absl::FunctionRef<absl::Status(const Caller&)> handler) const {
    return Guard(context, method, /*quiet=*/false, handler);
  }

  // The same for calls that come every second from every probe: only failures are logged.
  grpc::Status RunQuietly(grpc::ServerContext& context, const std::string& method,
                          absl::FunctionRef<absl::Status(const Caller&)> handler) const {
    return Guard(context, method, /*quiet=*/true, handler);
  }

  // Run for a heavy call that needs no thread of its own while it waits for its turn: who is turned away is
  // told on this thread, before RunQueued returns; otherwise `handler` runs on a thread of GateParts.workers.
  // `finish` is called once, on the one or the other. `context` and what both refer to live until then.
  using Handler = absl::AnyInvocable<absl::Status(const Caller&)>;
  using Finish = absl::AnyInvocable<void(const grpc::Status&)>;
  void RunQueued(grpc::CallbackServerContext& context, const std::string& method, Handler handler,
                 Finish finish) const;

  // Whether a caller with this value of "authorization" (empty: none was sent) may use `method`: for doors
  // other than RPCs, which tell of all tenants and so are for no tenant's token (OPERATOR_ONLY). Takes one of
  // the token's rate. Log and metrics hear of who is refused, here and by Enter.
  absl::Status Admit(std::string_view authorization, const std::string& method) const;
  // For a stream of a service that is not ours, which no handler of Run answers: lets its caller in to
  // `method` and gives the stream its share of the load, to be kept as long as it is open. Errors: those of
  // Run before the request's size.
  absl::StatusOr<LoadControl::Permit> Enter(const grpc::ServerContextBase& context,
                                            const std::string& method) const;
  // True while the caller of such a stream would still be let in. Takes nothing of his rate.
  bool Admits(const grpc::ServerContextBase& context, const std::string& method) const;

 private:
  struct Call;
  class Control;

  struct Queued;

  grpc::Status Guard(grpc::ServerContext& context, const std::string& method, bool quiet,
                     absl::FunctionRef<absl::Status(const Caller&)> handler) const;
  // The steps of a call: Begin, then Check, then Handle with a permit if Check was ok, then End.
  Call Begin(grpc::ServerContextBase& context, const std::string& method) const;
  absl::Status Check(const grpc::ServerContextBase& context, Call& call) const;
  absl::Status Handle(grpc::ServerContextBase& context, const Call& call,
                      absl::FunctionRef<absl::Status(const Caller&)> handler) const;
  grpc::Status End(const grpc::ServerContextBase& context, const Call& call, absl::Status status,
                   bool quiet) const;
  absl::Status Work(grpc::ServerContextBase& context, Call& call,
                    absl::FunctionRef<absl::Status(const Caller&)> handler) const;
  // Null for an anonymous caller of a server without tokens.
  absl::StatusOr<std::shared_ptr<const Token>> Authenticate(std::string_view authorization) const;
  absl::Status CheckAccess(const Token* token, const std::string& method) const;
  absl::Status CheckRate(const Token* token) const;
  // Authenticate, which sets `token`, CheckAccess and CheckRate.
  absl::Status LetIn(std::string_view authorization, const std::string& method,
                     std::shared_ptr<const Token>* token) const;
  // Tells log and metrics of a call that is none of Run's.
  void TellRefusal(const std::string& method, const Token* token, const absl::Status& status) const;
  // REQUIRES: there are metrics.
  void CountRefusal(const absl::Status& status) const;
  // Where the call came from, for the audit log.
  std::string PeerOf(const grpc::ServerContextBase& context) const;
  static Caller CallerOf(const Call& call);
  static AuditEvent EventOf(const Call& call, std::string peer);
  void Report(const Call& call, const absl::Status& status, absl::Duration duration, bool quiet) const;

  const GateParts parts_;
  const std::unique_ptr<StallWatch> stalls_ = std::make_unique<StallWatch>();
};

}  // namespace dongxi
