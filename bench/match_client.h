// The server as its callers see it, for measurements: one connection, blocking calls. Any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/json_lines.h"
#include "dongxi/v1/health.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"

namespace dongxi::bench {

class MatchClient {
 public:
  // Connects at the first call, in plain text, over a TCP connection of its own. `server` is HOST:PORT.
  explicit MatchClient(const std::string& server);

  // Errors carry the code and message of the server. Calls end after a minute.
  absl::StatusOr<v1::MatchResponse> Match(const v1::MatchRequest& request) const;
  // The cheapest call of the same server: what the transport alone costs.
  absl::StatusOr<v1::ServerStatus> Status() const;

 private:
  std::unique_ptr<v1::MatchService::Stub> match_;
  std::unique_ptr<v1::HealthService::Stub> health_;
};

// A request for all three lists with an inline need, everything else as by default.
v1::MatchRequest RequestOf(const TextQuery& query);

}  // namespace dongxi::bench
