// The whole server in one object: catalogue, generation, services. main.cc and tests start it. Thread-safe.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/admin_jobs.h"
#include "server/auto_build.h"
#include "server/generation_watcher.h"
#include "server/http/door.h"
#include "server/limits.h"
#include "server/match_log_limit.h"
#include "server/tls.h"

namespace grpc {
class Channel;
}

namespace dongxi {

struct ServerOptions {
  std::filesystem::path data;    // holds catalogue/ (made if missing), generations/, tokens, audit/
  std::string listen;            // see ParseListenAddress
  std::string policy_directory;  // of the policy tables
  std::string ranking_file;
  std::string embedding_url;  // for generations built by a remote embedder
  std::string embedding_model;
  std::filesystem::path backups;  // folder of backups; empty: data/backups
  BuildBudget build;              // of the generations that the server builds
  AutoBuildOptions auto_build;    // when it builds by itself
  MatchLogLimits match_log;       // how much of the answers is kept for replay
  // A copy of another server's data: answers what IsForCopies says (access.h), builds nothing by itself and
  // leaves alone what the other one had begun. Its own answers are noted, for later pages and replay.
  bool read_only = false;
  HttpDoorOptions http;      // `listen` empty: no HTTP
  std::FILE* log = nullptr;  // null: no log

  // Who may call. While there is no token at all, callers of a loopback address are the operator; elsewhere
  // there is no access without a token.
  std::string token;                // the operator's own, beside those of DATA/tokens; empty: none
  bool require_token = false;       // on a loopback address too
  TlsFiles tls;                     // required beyond this machine …
  bool insecure_plaintext = false;  // … but for this consent, which needs a token
  bool reflection = true;
  std::string audit_key;    // of the audit log's HMAC; empty: none
  bool audit_sync = false;  // see AuditOptions.sync_always
  int audit_files_max = 0;  // see AuditOptions.files_max

  // How much at a time.
  ConnectionLimits limits;
  int threads = 256;    // of calls: what waits and what works; each budget of load control is a part of it
  int heavy_slots = 0;  // heavy calls at a time; 0: as many as cores
  absl::Duration queue_wait_max = absl::Milliseconds(500);
  absl::Duration stall_max = absl::Seconds(60);  // see GateParts

  std::string metrics_listen;     // HOST:PORT of MetricsEndpoint; empty: none
  bool metrics_optional = false;  // a taken metrics port is a warning: for the default, of several servers
  bool insecure_metrics = false;  // consents to a metrics port beyond this machine, which is plaintext
  bool metrics_token = false;     // /metrics asks for a token on a loopback address too
  absl::Duration drain_delay;     // from "not ready" to the end of listening: for load balancers to notice
};

class Server {
 public:
  // Opens the catalogue for writing, opens the current generation if there is one, listens. A missing or
  // damaged generation is no error: the server then says so and waits for one. Errors: those of the catalogue
  // (another writer, a restore that did not end), of the policy and ranking files, of the tokens,
  // certificates and the audit log; FailedPrecondition for plaintext beyond this machine; Unavailable if an
  // address is taken.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options);
  // Shuts down without waiting for calls if Shutdown was not called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The port listened on.
  int port() const;
  // That of the metrics; 0 if there is none.
  int metrics_port() const;
  // Full names of all services that are registered, our own only.
  std::vector<std::string> service_names() const;
  // That of HTTP; 0: off.
  int http_port() const;
  // To this server past the sockets, with all that a call passes through. Not to be used after Shutdown.
  std::shared_ptr<grpc::Channel> InProcessChannel() const;

  // Not ready from now on; new calls are still answered for the drain delay, then none; waits up to `grace`
  // for running ones, then cancels them; flushes and closes the catalogue. Errors: that of the flush. Call
  // once.
  absl::Status Shutdown(absl::Duration grace);

 private:
  class Parts;
  explicit Server(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace dongxi
