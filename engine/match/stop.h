// How scans notice that their caller no longer waits. Internal to engine/match.
#pragma once

#include <cstddef>
#include <functional>

#include "absl/status/status.h"

namespace dongxi {

// Documents that a scan looks at between two questions whether to stop: some tens of microseconds.
inline constexpr size_t kDocumentsAStop = 4'096;

// Cancelled once `stop` (may be null) says true.
inline absl::Status CheckStop(const std::function<bool()>& stop) {
  if (stop && stop()) return absl::CancelledError("the caller went away during the match");
  return absl::OkStatus();
}

}  // namespace dongxi
