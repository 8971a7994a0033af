// Where the server listens. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace dongxi {

struct ListenAddress {
  std::string host;   // without the brackets of an IPv6 address
  uint16_t port = 0;  // 0: any free one
  // Only this machine can reach it.
  bool loopback = false;
};

// "127.0.0.1:7878", "[::1]:7878", "localhost:7878", "0.0.0.0:7878". InvalidArgument says what was found and
// expected.
absl::StatusOr<ListenAddress> ParseListenAddress(const std::string& text);

// FailedPrecondition, with the remedy, if plaintext on `address` would leave this machine without a token and
// without consent.
absl::Status CheckPlaintext(const ListenAddress& address, bool has_token, bool insecure_plaintext);

}  // namespace dongxi
