// What one connection and one call may ask of the server. Plain data; defaults are documented in
// docs/security.md. Lists, texts and pages have limits of their own where they are decoded.
#pragma once

#include "absl/time/time.h"

namespace dongxi {

struct ConnectionLimits {
  int message_bytes_max = 8 << 20;  // a text of a million characters has 3 MB and shall get our own error
  int metadata_bytes_max = 16 << 10;
  int streams_max = 256;                        // calls at a time on one connection
  absl::Duration age_max = absl::Hours(1);      // then the client is asked to connect anew: balances load
  absl::Duration age_grace = absl::Minutes(5);  // for calls that still run then
  absl::Duration idle_max = absl::Minutes(30);
  absl::Duration keepalive = absl::Minutes(1);  // pings of the server to a silent client
  absl::Duration keepalive_timeout = absl::Seconds(20);
  absl::Duration ping_interval_min =
      absl::Seconds(10);  // of the client; three that come sooner end the connection
};

}  // namespace dongxi
