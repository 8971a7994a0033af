#include "server/http/door.h"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "engine/base/status_macros.h"
#include "server/grpc_status.h"
#include "server/http/bounded_server.h"
#include "server/http/door_tls.h"
#include "server/http/doorkeeper.h"
#include "server/http/web_call.h"
#include "server/listen_address.h"

namespace dongxi {
namespace {

constexpr size_t kPathBytesMax = 1'024;
// As much as the metadata of an RPC may have.
constexpr size_t kHeadersMax = 100;
constexpr size_t kHeaderBytesMax = size_t{16} << 10;
constexpr absl::Duration kHeadTime = absl::Seconds(10);
constexpr absl::Duration kReadTime = absl::Seconds(10);
constexpr absl::Duration kWriteTime = absl::Seconds(30);
constexpr absl::Duration kLingerTime = absl::Seconds(1);
// A body that is too long is read to here before the connection is given up, so that the answer is seen.
constexpr size_t kDrainFactor = 4;

std::string LowerCase(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

void Put(const WebAnswer& answer, httplib::Response* response) {
  response->status = answer.code;
  for (const auto& [name, value] : answer.headers) response->set_header(name, value);
  if (answer.lines == nullptr) {
    response->set_content(answer.body, answer.content_type);
    return;
  }
  response->set_chunked_content_provider(answer.content_type, [answer](size_t, httplib::DataSink& sink) {
    bool reader_is_there = true;
    answer.lines({.write =
                      [&](const std::string& line) {
                        reader_is_there = sink.write(line.data(), line.size());
                        return reader_is_there;
                      },
                  .reader_is_there =
                      [&] {
                        reader_is_there = sink.is_writable();
                        return reader_is_there;
                      }});
    if (reader_is_there) sink.done();
    return reader_is_there;
  });
}

bool HasBody(const httplib::Request& request) {
  return request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
}

// False: it is longer than `bytes_max`, or was not read to its end. `body` null: it is dropped.
bool ReadBody(const httplib::Request& request, const httplib::ContentReader& reader, size_t bytes_max,
              std::string* body) {
  if (!HasBody(request)) return true;
  size_t size = 0;
  const bool read = reader([&](const char* data, size_t length) {
    size += length;
    if (size <= bytes_max && body != nullptr) body->append(data, length);
    return size <= kDrainFactor * bytes_max;
  });
  return read && size <= bytes_max;
}

class HttplibDoor : public HttpDoor {
 public:
  HttplibDoor(HttpDoorOptions options, ListenAddress address, std::shared_ptr<grpc::Channel> channel,
              Doorkeeper keeper)
      : options_(std::move(options)),
        certificate_{options_.certificate_file, options_.key_file, options_.client_ca_file},
        address_(std::move(address)),
        ended_(keeper.ended),
        calls_(std::move(channel), RouteTable(RoutesOf(LinkedApiServices())), options_.secret,
               std::move(keeper)) {}
  ~HttplibDoor() override { Finish(absl::InfinitePast()); }

  absl::Status Listen();
  int port() const override { return port_; }
  void Stop() override {
    // The second time the library would close what has the number of the socket by then.
    if (server_ != nullptr && !stopped_.exchange(true)) server_->stop();
    calls_.Close();
  }
  void Finish(absl::Time deadline) override {
    Stop();
    if (!listener_.joinable()) return;
    if (!served_.WaitForNotificationWithDeadline(deadline)) open_.Cut();
    listener_.join();
  }

 private:
  using Request = httplib::Request;
  using Response = httplib::Response;

  std::unique_ptr<httplib::Server> NewServer();
  void SetUp();
  // What is refused before a service is asked; also sets what browsers need to see.
  bool Refused(const Request& request, Response* response) const;
  bool HostFits(const std::string& host) const;
  void Handle(const Request& request, Response* response, const httplib::ContentReader* reader) const;
  void Preflight(const Request& request, Response* response) const;
  static std::string PeerOf(const Request& request);

  const HttpDoorOptions options_;
  const DoorCertificate certificate_;
  const ListenAddress address_;
  const std::function<void()> ended_;
  WebCalls calls_;
  int port_ = 0;
  std::atomic<bool> stopped_ = false;  // or ended by itself
  OpenConnections open_;
  absl::Notification served_;  // no connection is open nor will be
  std::unique_ptr<httplib::Server> server_;
  std::thread listener_;
};

std::unique_ptr<httplib::Server> HttplibDoor::NewServer() {
  BoundedServerOptions options;
  options.threads = options_.threads;
  options.open = &open_;
  options.bounds = {.head_time = kHeadTime,
                    .read_time = kReadTime,
                    .write_time = kWriteTime,
                    .linger_time = kLingerTime,
                    .body_bytes_max = kDrainFactor * options_.body_bytes_max};
  options.ended = [this] {
    if (!stopped_.exchange(true) && ended_) ended_();
  };
  return certificate_.certificate_file.empty() ? NewBoundedServer(options)
                                               : NewBoundedTlsServer(options, &certificate_);
}

absl::Status HttplibDoor::Listen() {
  server_ = NewServer();
  if (!server_->is_valid()) {
    return absl::UnavailableError("--http-listen: the certificate or its key does not load: " +
                                  options_.certificate_file + ", " + options_.key_file);
  }
  SetUp();
  if (address_.port == 0) {
    port_ = server_->bind_to_any_port(address_.host);
  } else if (server_->bind_to_port(address_.host, address_.port)) {
    port_ = address_.port;
  }
  if (port_ <= 0) {
    return absl::UnavailableError(
        "cannot listen on " + options_.listen +
        ": the port is taken or the address is none of this machine; choose another with "
        "--http-listen");
  }
  listener_ = std::thread([this] {
    server_->listen_after_bind();
    served_.Notify();
  });
  // Stop has no effect before that.
  while (!server_->is_running()) std::this_thread::yield();
  return absl::OkStatus();
}

void HttplibDoor::SetUp() {
  httplib::Server& server = *server_;
  server.set_tcp_nodelay(true);
  server.set_payload_max_length(options_.body_bytes_max);
  const auto without_body = [this](const Request& request, Response& response) {
    Handle(request, &response, nullptr);
  };
  const auto with_body = [this](const Request& request, Response& response,
                                const httplib::ContentReader& reader) {
    Handle(request, &response, &reader);
  };
  constexpr char kAll[] = "/.*";
  server.Get(kAll, without_body);
  server.Post(kAll, with_body);
  server.Put(kAll, with_body);
  server.Patch(kAll, with_body);
  server.Delete(kAll, with_body);
  server.Options(kAll, [this](const Request& request, Response& response) { Preflight(request, &response); });
  server.set_pre_routing_handler([this](const Request& request, Response& response) {
    return Refused(request, &response) ? httplib::Server::HandlerResponse::Handled
                                       : httplib::Server::HandlerResponse::Unhandled;
  });
  // What httplib refuses by itself.
  server.set_error_handler([](const Request&, Response& response) {
    if (!response.body.empty()) return;
    const int code = response.status;
    Put(ErrorAnswer(absl::InvalidArgumentError("not a request that this server reads"), code), &response);
  });
}

bool HttplibDoor::HostFits(const std::string& host) const {
  if (!address_.loopback) return true;
  const absl::StatusOr<ListenAddress> named = ParseListenAddress(
      host.find_last_of(":]") == std::string::npos || host.ends_with(']') ? host + ":80" : host);
  return named.ok() && named->loopback;
}

bool HttplibDoor::Refused(const Request& request, Response* response) const {
  const auto refuse = [&](const std::string& message, int code) {
    Put(ErrorAnswer(code == 403 ? absl::PermissionDeniedError(message) : absl::InvalidArgumentError(message),
                    code),
        response);
    return true;
  };
  if (request.path.size() > kPathBytesMax) return refuse("the path is too long", 414);
  size_t header_bytes = 0;
  for (const auto& [name, value] : request.headers) header_bytes += name.size() + value.size();
  if (request.headers.size() > kHeadersMax || header_bytes > kHeaderBytesMax)
    return refuse("headers: at most 100, and 16 KiB of them all", 431);
  if (!HostFits(request.get_header_value("Host")))
    return refuse("Host: this server listens on loopback and takes requests to localhost only", 421);
  const std::string origin = request.get_header_value("Origin");
  if (origin.empty()) return false;
  if (std::ranges::find(options_.cors_origins, origin) == options_.cors_origins.end())
    return refuse("Origin: pages of " + origin.substr(0, 200) + " may not call; see --http-cors-origin", 403);
  response->set_header("Access-Control-Allow-Origin", origin);
  response->set_header("Access-Control-Expose-Headers", "X-Request-Id, Retry-After");
  response->set_header("Vary", "Origin");
  return false;
}

void HttplibDoor::Preflight(const Request& request, Response* response) const {
  response->status = 204;
  if (request.get_header_value("Origin").empty()) return;
  response->set_header("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE");
  response->set_header(
      "Access-Control-Allow-Headers",
      "Authorization, Content-Type, X-Request-Id, X-Request-Timeout, traceparent, tracestate");
  response->set_header("Access-Control-Max-Age", "600");
}

// The other end of the connection: what a header says of it anybody may write.
std::string HttplibDoor::PeerOf(const Request& request) {
  const bool v6 = request.remote_addr.find(':') != std::string::npos;
  std::string peer = "http:" + (v6 ? "[" + request.remote_addr + "]" : request.remote_addr) + ":" +
                     std::to_string(request.remote_port);
  const std::string client = request.ssl == nullptr ? "" : ClientNameOf(request.ssl);
  if (!client.empty()) peer += " CN=" + client;
  return peer;
}

void HttplibDoor::Handle(const Request& request, Response* response,
                         const httplib::ContentReader* reader) const {
  WebRequest call;
  call.verb = request.method == "HEAD" ? "GET" : request.method;
  call.path = request.path;
  for (const auto& [name, value] : request.params) call.query.emplace_back(name, value);
  for (const auto& [name, value] : request.headers) call.headers.emplace(LowerCase(name), value);
  call.peer = PeerOf(request);
  call.turned_away = !calls_.Admits(call);
  const size_t bytes_max = options_.body_bytes_max;
  // The library would take such a body apart itself, with callbacks that we do not have.
  const bool in_parts = request.is_multipart_form_data() && HasBody(request);
  call.body_unread = reader != nullptr && in_parts && !call.turned_away;
  if (reader != nullptr && !in_parts &&
      !ReadBody(request, *reader, bytes_max, call.turned_away ? nullptr : &call.body)) {
    const std::string message = "body: at most " + std::to_string(bytes_max) + " bytes, sent to its end";
    return Put(ErrorAnswer(absl::InvalidArgumentError(message), 413), response);
  }
  response->set_header("Cache-Control", "no-store");
  response->set_header("X-Content-Type-Options", "nosniff");
  Put(calls_.Answer(call), response);
}

absl::Status CheckOrigins(const std::vector<std::string>& origins) {
  for (const std::string& origin : origins) {
    const size_t scheme = origin.find("://");
    const bool known = origin.starts_with("http://") || origin.starts_with("https://");
    if (!known || origin.find('/', scheme + 3) != std::string::npos ||
        origin.find('*') != std::string::npos) {
      return absl::InvalidArgumentError("--http-cors-origin: found '" + origin +
                                        "', expected an origin such as https://portal.example");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpDoor>> OpenHttpDoor(const HttpDoorOptions& options,
                                                       std::shared_ptr<grpc::Channel> channel,
                                                       Doorkeeper keeper) {
  DX_ASSIGN_OR_RETURN(ListenAddress address, ParseListenAddress(options.listen));
  DX_RETURN_IF_ERROR(CheckOrigins(options.cors_origins));
  if (options.threads < 1) return absl::InvalidArgumentError("--http-threads: at least 1");
  auto door =
      std::make_unique<HttplibDoor>(options, std::move(address), std::move(channel), std::move(keeper));
  DX_RETURN_IF_ERROR(door->Listen());
  return std::unique_ptr<HttpDoor>(std::move(door));
}

}  // namespace dongxi
