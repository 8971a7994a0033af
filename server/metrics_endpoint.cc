#include "server/metrics_endpoint.h"

#include <httplib.h>

#include <thread>

#include "absl/synchronization/notification.h"
#include "engine/base/status_macros.h"
#include "server/http/bounded_server.h"
#include "server/listen_address.h"

namespace dongxi {
namespace {

constexpr char kTextFormat[] = "text/plain; version=0.0.4; charset=utf-8";
constexpr char kPlain[] = "text/plain";
constexpr int kThreads = 4;
constexpr size_t kBodyBytesMax = 1 << 10;  // No request here has a body.
// A connection holds a thread: who says nothing, or too slowly, is soon dropped, so that none keeps the
// probes waiting, by which the platform judges whether the server lives.
constexpr absl::Duration kHeadTime = absl::Seconds(2);
constexpr absl::Duration kWriteTime = absl::Seconds(5);
// What is being answered at the end has so long.
constexpr absl::Duration kEndTime = absl::Seconds(2);

std::unique_ptr<httplib::Server> NewServer(OpenConnections* open) {
  BoundedServerOptions options;
  options.threads = kThreads;
  options.open = open;
  // A body is read as far as it is there already, and not waited for.
  options.bounds = {.head_time = kHeadTime, .write_time = kWriteTime, .body_bytes_max = kBodyBytesMax};
  return NewBoundedServer(options);
}

void Refuse(const absl::Status& refused, httplib::Response* response) {
  if (absl::IsPermissionDenied(refused)) {
    response->status = 403;
    response->set_content("this token is not for the metrics of the server\n", kPlain);
  } else if (absl::IsResourceExhausted(refused)) {
    response->status = 429;
    response->set_content("more calls a second than this token may make\n", kPlain);
  } else {
    response->status = 401;
    response->set_header("WWW-Authenticate", "Bearer");
    response->set_content("a token is needed: authorization: Bearer TOKEN\n", kPlain);
  }
}

}  // namespace

// The server of the library and the thread that it listens on.
class MetricsEndpoint::Http {
 public:
  Http(const MetricsEndpointOptions& options, Metrics* metrics) : options_(options), metrics_(metrics) {
    server_->set_payload_max_length(kBodyBytesMax);
    server_->Get("/metrics", [this](const httplib::Request& request, httplib::Response& response) {
      const absl::Status admitted =
          options_.admits ? options_.admits(request.get_header_value("Authorization")) : absl::OkStatus();
      if (!admitted.ok()) return Refuse(admitted, &response);
      response.set_content(metrics_->Text(), kTextFormat);
    });
    server_->Get("/healthz", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("ok\n", kPlain);
    });
    server_->Get("/readyz", [this](const httplib::Request&, httplib::Response& response) {
      const bool ready = options_.ready(), matches = !options_.matches || options_.matches();
      response.status = ready ? 200 : 503;
      response.set_content(
          !ready     ? "not ready: starting, shutting down, or without its HTTP door (see the log)\n"
          : !matches ? "ready, but for matches: no generation is served yet\n"
                     : "ready\n",
          kPlain);
    });
    server_->Get("/readyz/match", [this](const httplib::Request&, httplib::Response& response) {
      const bool matches = options_.matches();
      response.status = matches ? 200 : 503;
      response.set_content(matches ? "ready\n" : "not ready: no generation is served\n", kPlain);
    });
  }
  ~Http() {
    server_->stop();
    if (!thread_.joinable()) return;
    if (!served_.WaitForNotificationWithTimeout(kEndTime)) open_.Cut();
    thread_.join();
  }

  // The port, or -1.
  int Listen(const ListenAddress& address) {
    const int port = address.port == 0 ? server_->bind_to_any_port(address.host)
                     : server_->bind_to_port(address.host, address.port) ? address.port
                                                                         : -1;
    if (port < 0) return port;
    thread_ = std::thread([this] {
      server_->listen_after_bind();
      served_.Notify();
    });
    // Before it runs, stop() would find nothing to stop.
    while (!server_->is_running()) std::this_thread::yield();
    return port;
  }

 private:
  const MetricsEndpointOptions options_;
  Metrics* const metrics_;
  OpenConnections open_;
  absl::Notification served_;  // no connection is open nor will be
  const std::unique_ptr<httplib::Server> server_ = NewServer(&open_);
  std::thread thread_;
};

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Start(const MetricsEndpointOptions& options,
                                                                        Metrics* metrics) {
  DX_ASSIGN_OR_RETURN(const ListenAddress address, ParseListenAddress(options.listen));
  auto http = std::make_unique<Http>(options, metrics);
  const int port = http->Listen(address);
  if (port >= 0) return std::unique_ptr<MetricsEndpoint>(new MetricsEndpoint(std::move(http), port));
  return absl::UnavailableError("cannot listen on " + options.listen +
                                ": the port is taken or the address is none of this machine; choose another "
                                "with --metrics-listen, or none with --metrics-listen ''");
}

MetricsEndpoint::MetricsEndpoint(std::unique_ptr<Http> http, int port)
    : http_(std::move(http)), port_(port) {}
MetricsEndpoint::~MetricsEndpoint() = default;

}  // namespace dongxi
