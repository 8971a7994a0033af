// One HTTP POST by libcurl, the only file that includes its headers is remote_http.cc. Internal to
// engine/embed.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace dongxi {

struct HttpAnswer {
  int code = 0;  // 200, 429 …
  std::string body;
  absl::Duration retry_after = absl::ZeroDuration();  // from the header; zero if there was none
};

// A URL that requests can go to.
struct HttpUrl {
  std::string full;   // as sent
  std::string shown;  // for messages: without the query, where some services put a key
  bool encrypted = false;
  bool loopback = false;
};
// InvalidArgument says what is wrong, without user name, password and query.
absl::StatusOr<HttpUrl> ParseHttpUrl(const std::string& url);

// Keeps its connection between requests. Not thread-safe.
class HttpClient {
 public:
  // `bearer` may be empty; it is sent to `url` only: redirects are not followed. `traceparent`: a header of
  // every request; empty: none.
  HttpClient(const HttpUrl& url, const std::string& bearer, const std::string& traceparent);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // The answer, whatever its code. Errors: Unavailable (no connection, broken off, no answer within
  // `timeout`; all of them may pass); Internal (body longer than `body_bytes_max`, a certificate that is not
  // trusted, anything else).
  absl::StatusOr<HttpAnswer> Post(const std::string& json, absl::Duration timeout, size_t body_bytes_max);

 private:
  struct Handles;
  const std::string shown_;
  const std::unique_ptr<Handles> handles_;
};

}  // namespace dongxi
