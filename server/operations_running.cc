// What of the operations is under way.
#include <algorithm>

#include "server/operation_state.h"
#include "server/operations.h"

namespace dongxi {

bool OperationRunner::Busy(const std::string& kind) const {
  const absl::MutexLock lock(&mutex_);
  return std::any_of(entries_.begin(), entries_.end(), [&](const auto& entry) {
    return !HasEnded(entry.second.stored) && entry.second.stored.metadata().kind() == kind;
  });
}

std::map<std::string, absl::Duration> OperationRunner::OldestRunning() const {
  std::map<std::string, absl::Duration> oldest;
  for (const auto& [name, kind] : kinds_) oldest[name] = absl::ZeroDuration();
  const absl::Time now = options_.now();
  const absl::MutexLock lock(&mutex_);
  for (const auto& [id, entry] : entries_) {
    if (entry.running == nullptr) continue;
    const v1::OperationMetadata& metadata = entry.stored.metadata();
    absl::Duration& longest = oldest[metadata.kind()];
    longest = std::max(longest, now - TimeOf(metadata.start_time()));
  }
  return oldest;
}

}  // namespace dongxi
