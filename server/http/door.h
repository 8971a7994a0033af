// HTTP and JSON for front ends that do not speak gRPC: the same messages (routes.h, transcode.h), sent
// through the same gate and handlers by an in-process channel. Also POST /v1/embeddings and GET /v1/models in
// the OpenAI-compatible form.
//
// - Passed on: Authorization, X-Request-Id, traceparent, tracestate. Deadline: X-Request-Timeout (seconds) or
// grpc-timeout;
//   without one 60 s, and none for a stream. The request's id comes back as X-Request-Id.
// - The audit log tells the address of the connection, and the common name of its certificate;
// X-Forwarded-For is
//   not believed.
// - At most 100 headers and 16 KiB of them: 431. A head of more than 32 KiB, or one that is not there 10 s
// after the connection, ends it.
// - One request a connection: what is left unread of its body is never taken for the next.
// - Errors: AIP-193 JSON (http_status.h), Retry-After where the server says when.
// - A server stream is answered as lines of JSON, {"result": …} each, at the end {"error": …} if it broke
// off. A method
//   that takes a stream reads lines of JSON (application/x-ndjson), at most the body limit, one answer each.
// - A page of another origin is refused unless its origin is listed; a body must be application/json, which
// makes browsers
//   ask first. On loopback the Host must be of loopback, so that no name of a foreign page can point here.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"

namespace dongxi {

struct HttpDoorOptions {
  std::string listen;                     // HOST:PORT, see ParseListenAddress; port 0: any free one
  std::vector<std::string> cors_origins;  // "https://portal.example": pages that may call; none by default
  int threads = 32;                       // connections served at a time; the next ones wait
  size_t body_bytes_max = size_t{8} << 20;
  // PEM files, as for gRPC; both empty: plaintext. With `client_ca_file` a client must show a certificate of
  // it.
  std::string certificate_file, key_file, client_ca_file;
  // Shown to the gate with the address of each caller (server/call_gate.h, kPeerKey).
  std::string secret;
};

// Opened by OpenHttpDoor (doorkeeper.h).
class HttpDoor {
 public:
  // As Finish, without waiting.
  virtual ~HttpDoor() = default;

  virtual int port() const = 0;
  // Takes no connection from now on and begins no call: who waits, or has not sent his request to its end, is
  // told UNAVAILABLE. Calls that run go on. Before the server of the calls is shut down; as often as you
  // like.
  virtual void Stop() = 0;
  // As Stop; then waits until no connection is open, and ends those that still are at `deadline`: one that
  // sends or takes a byte now and then would go on for long. Calls that run must end by then by themselves.
  // Once, by one thread.
  virtual void Finish(absl::Time deadline) = 0;
};

}  // namespace dongxi
