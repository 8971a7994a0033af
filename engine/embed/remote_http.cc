#include "engine/embed/remote_http.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstdint>
#include <new>

namespace dongxi {
namespace {

struct CurlUrl {
  CURLU* handle = ::curl_url();
  CurlUrl() = default;
  ~CurlUrl() { ::curl_url_cleanup(handle); }
  CurlUrl(const CurlUrl&) = delete;
  CurlUrl& operator=(const CurlUrl&) = delete;

  // Empty if the URL has no such part.
  std::string Part(CURLUPart part) const {
    char* text = nullptr;
    if (::curl_url_get(handle, part, &text, 0) != CURLUE_OK) return "";
    const std::string value = text;
    ::curl_free(text);
    return value;
  }
};

bool IsLoopback(const std::string& host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

struct Body {
  std::string bytes;
  size_t bytes_max = 0;
  bool too_long = false;
};

size_t Receive(char* data, size_t size, size_t count, void* user) {
  Body& body = *static_cast<Body*>(user);
  const size_t bytes = size * count;
  body.too_long = body.bytes.size() + bytes > body.bytes_max;
  if (body.too_long) return 0;  // makes curl stop
  try {
    body.bytes.append(data, bytes);
  } catch (const std::bad_alloc&) {  // must not fly through C code
    body.too_long = true;
    return 0;
  }
  return bytes;
}

bool MayPass(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return true;
    default:
      return false;
  }
}

}  // namespace

absl::StatusOr<HttpUrl> ParseHttpUrl(const std::string& url) {
  const std::string expected = ", expected one such as http://127.0.0.1:8080/v1/embeddings";
  const CurlUrl parsed;
  if (parsed.handle == nullptr) return absl::InternalError("embedding url: out of memory");
  if (::curl_url_set(parsed.handle, CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    return absl::InvalidArgumentError("embedding url: not a URL" + expected);
  }
  const std::string scheme = parsed.Part(CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    return absl::InvalidArgumentError("embedding url: found scheme '" + scheme + "', expected http or https");
  }
  if (!parsed.Part(CURLUPART_USER).empty() || !parsed.Part(CURLUPART_PASSWORD).empty()) {
    return absl::InvalidArgumentError(
        "embedding url: a user name or password in it; put the key into the environment "
        "variable of the options instead");
  }
  const std::string host = parsed.Part(CURLUPART_HOST);
  if (host.empty()) return absl::InvalidArgumentError("embedding url: no host" + expected);
  const std::string port = parsed.Part(CURLUPART_PORT);
  HttpUrl result;
  result.full = url;
  result.shown = scheme + "://" + host + (port.empty() ? "" : ":" + port) + parsed.Part(CURLUPART_PATH);
  result.encrypted = scheme == "https";
  result.loopback = IsLoopback(host);
  return result;
}

struct HttpClient::Handles {
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;
};

HttpClient::HttpClient(const HttpUrl& url, const std::string& bearer, const std::string& traceparent)
    : shown_(url.shown), handles_(std::make_unique<Handles>()) {
  // Once a process; thread-safe by the language.
  [[maybe_unused]] static const CURLcode initialised = ::curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* easy = handles_->easy = ::curl_easy_init();
  if (easy == nullptr) return;  // Post says so
  const auto add_header = [this](const std::string& line) {
    handles_->headers = ::curl_slist_append(handles_->headers, line.c_str());
  };
  add_header("Content-Type: application/json");
  add_header("Expect:");  // some servers never answer "100-continue", which costs a second
  if (!bearer.empty()) add_header("Authorization: Bearer " + bearer);
  if (!traceparent.empty()) add_header("traceparent: " + traceparent);
  ::curl_easy_setopt(easy, CURLOPT_URL, url.full.c_str());
  ::curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  ::curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  ::curl_easy_setopt(easy, CURLOPT_HTTPHEADER, handles_->headers);
  ::curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  ::curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Receive);
}

HttpClient::~HttpClient() {
  ::curl_easy_cleanup(handles_->easy);
  ::curl_slist_free_all(handles_->headers);
}

absl::StatusOr<HttpAnswer> HttpClient::Post(const std::string& json, absl::Duration timeout,
                                            size_t body_bytes_max) {
  CURL* easy = handles_->easy;
  if (easy == nullptr) return absl::InternalError(shown_ + ": libcurl cannot start");
  Body body{.bytes = {}, .bytes_max = body_bytes_max};
  char reason[CURL_ERROR_SIZE] = "";
  ::curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, reason);
  ::curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
  ::curl_easy_setopt(easy, CURLOPT_POSTFIELDS, json.data());
  ::curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json.size()));
  const int64_t timeout_ms = std::clamp<int64_t>(
      absl::ToInt64Milliseconds(absl::Ceil(timeout, absl::Milliseconds(1))), 1, INT32_MAX);
  ::curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_ms));
  const CURLcode done = ::curl_easy_perform(easy);
  ::curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, nullptr);  // it dies with this call
  if (body.too_long) {
    return absl::InternalError(
        shown_ + ": the answer is longer than " + std::to_string(body_bytes_max) +
        " bytes; use a smaller batch, or check that the path is that of /v1/embeddings");
  }
  if (done != CURLE_OK) {
    const std::string message = shown_ + ": " + (*reason == '\0' ? ::curl_easy_strerror(done) : reason);
    return MayPass(done) ? absl::UnavailableError(message) : absl::InternalError(message);
  }
  HttpAnswer answer;
  long code = 0;
  ::curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
  curl_off_t retry_after_s = 0;
  ::curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after_s);
  answer.code = static_cast<int>(code);
  answer.retry_after = absl::Seconds(static_cast<int64_t>(retry_after_s));
  answer.body = std::move(body.bytes);
  return answer;
}

}  // namespace dongxi
