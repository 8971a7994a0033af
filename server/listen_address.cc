#include "server/listen_address.h"

#include <arpa/inet.h>

#include <charconv>

namespace dongxi {
namespace {

bool IsLoopbackHost(const std::string& host) {
  if (host == "localhost") return true;
  if (in_addr v4 = {}; ::inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  in6_addr v6 = {};
  return ::inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace

absl::StatusOr<ListenAddress> ParseListenAddress(const std::string& text) {
  const absl::Status wrong = absl::InvalidArgumentError(
      "--listen: found '" + text + "', expected HOST:PORT such as 127.0.0.1:7878 or [::1]:7878");
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return wrong;
  ListenAddress address;
  address.host = text.substr(0, colon);
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (error != std::errc() || rest != end) return wrong;
  const bool bracketed = address.host.front() == '[' && address.host.back() == ']';
  if (bracketed) address.host = address.host.substr(1, address.host.size() - 2);
  if (address.host.empty() || bracketed != (address.host.find(':') != std::string::npos)) return wrong;
  address.loopback = IsLoopbackHost(address.host);
  return address;
}

absl::Status CheckPlaintext(const ListenAddress& address, bool has_token, bool insecure_plaintext) {
  if (address.loopback || (has_token && insecure_plaintext)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "--listen " + address.host +
      ": other machines could read every call in plaintext. Give --tls-cert and --tls-key; or listen on "
      "127.0.0.1 behind a proxy that does TLS; or, on a network you trust, give --insecure-plaintext and "
      "have a "
      "token (dongxi-server token create, or --token-file)");
}

}  // namespace dongxi
