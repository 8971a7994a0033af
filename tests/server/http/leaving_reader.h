// A reader of a streamed watch over HTTP who hangs up after one piece of the answer.
#pragma once

#include <httplib.h>

#include <functional>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace dongxi {

struct Piece {
  int status = 0;  // of the answer; 0: none came
  std::string text;
};

// Posts {} to `path` and leaves with the connection once something of the answer is there. `client` is a
// Client or an SSLClient of httplib.
template <typename Client>
Piece ReadAndLeave(Client& client, const std::string& path, const httplib::Headers& headers = {}) {
  Piece piece;
  httplib::Request request;
  request.method = "POST";
  request.path = path;
  request.body = "{}";
  request.headers = headers;
  request.set_header("Content-Type", "application/json");
  request.response_handler = [&piece](const httplib::Response& response) {
    piece.status = response.status;
    return true;
  };
  request.content_receiver = [&piece](const char* data, size_t size, uint64_t, uint64_t) {
    piece.text.append(data, size);
    return false;
  };
  (void)client.send(request);
  return piece;
}

// Reads until the server lets a reader in, a minute at most; what the last one was told.
inline Piece ReadOnceLetIn(const std::function<Piece()>& read) {
  const absl::Time patience = absl::Now() + absl::Minutes(1);
  Piece piece;
  do {
    piece = read();
  } while (piece.status != 200 && absl::Now() < patience);
  return piece;
}

}  // namespace dongxi
