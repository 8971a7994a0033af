// The whole server in one object: catalogue, generation, services. main.cc and tests start it. Thread-safe.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/admin_jobs.h"
#include "server/auto_build.h"
#include "server/generation_watcher.h"

namespace dongxi {

struct ServerOptions {
  std::filesystem::path data;    // holds catalogue/ (made if missing) and generations/
  std::string listen;            // see ParseListenAddress
  std::string policy_directory;  // of the policy tables
  std::string ranking_file;
  std::string token;                // empty: none is asked for
  bool insecure_plaintext = false;  // consents to plaintext beyond this machine, which needs a token too
  std::string embedding_url;        // for generations built by a remote embedder
  std::string embedding_model;
  int threads = 64;               // calls in work at a time; more are refused with RESOURCE_EXHAUSTED
  std::filesystem::path backups;  // folder of backups; empty: data/backups
  BuildBudget build;              // of the generations that the server builds
  AutoBuildOptions auto_build;    // when it builds by itself
  std::FILE* log = nullptr;       // null: no log
};

class Server {
 public:
  // Opens the catalogue for writing, opens the current generation if there is one, listens. A missing or
  // damaged generation is no error: the server then says so and waits for one. Errors: those of the catalogue
  // (another writer, a restore that did not end), of the policy and ranking files; FailedPrecondition for
  // plaintext beyond this machine; Unavailable if the address is taken.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options);
  // Shuts down without waiting for calls if Shutdown was not called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The port listened on.
  int port() const;

  // Not ready from now on; no new calls; waits up to `grace` for running ones, then cancels them; flushes and
  // closes the catalogue. Errors: that of the flush. Call once.
  absl::Status Shutdown(absl::Duration grace);

 private:
  class Parts;
  explicit Server(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace dongxi
