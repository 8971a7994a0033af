// The small HTTP port for Prometheus and for probes: /metrics, /healthz (the process lives), /readyz (it
// takes calls: 503 until it listens, from the start of a shutdown, and once its HTTP door has ended by
// itself), /readyz/match (it answers matches: 503 also before the first generation). A server without a
// generation is ready, or nobody could fill its catalogue. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/metrics.h"

namespace dongxi {

struct MetricsEndpointOptions {
  std::string listen;  // HOST:PORT; port 0: any free one
  // Asked with the value of the header "authorization" before /metrics is answered; null: nobody is asked.
  // PermissionDenied is answered with 403, ResourceExhausted with 429, other errors with 401. The probes are
  // always open.
  std::function<absl::Status(const std::string& authorization)> admits;
  std::function<bool()> ready, matches;
};

class MetricsEndpoint {
 public:
  // Listens from now on. `metrics` outlives the endpoint. Errors: InvalidArgument for the address;
  // Unavailable if it is taken.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Start(const MetricsEndpointOptions& options,
                                                                Metrics* metrics);
  // Stops listening and ends what it answers, within seconds also for who takes his answer slowly.
  ~MetricsEndpoint();
  MetricsEndpoint(const MetricsEndpoint&) = delete;
  MetricsEndpoint& operator=(const MetricsEndpoint&) = delete;

  int port() const { return port_; }

 private:
  class Http;
  MetricsEndpoint(std::unique_ptr<Http> http, int port);

  std::unique_ptr<Http> http_;
  const int port_;
};

}  // namespace dongxi
