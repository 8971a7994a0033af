// How much a tenant may leave waiting, and how much of it is kept that has ended.
#include <algorithm>
#include <utility>

#include "server/grpc_status.h"
#include "server/operation_state.h"
#include "server/operations.h"

namespace dongxi {
namespace {

// When a caller who found too many before him may ask again: operations take minutes.
constexpr absl::Duration kQueueRetry = absl::Seconds(60);

absl::Status TooMany(const std::string& what, absl::Duration retry) {
  return WithRetry(WithReason(absl::ResourceExhaustedError(what), "TOO_MANY_OPERATIONS"), retry);
}

}  // namespace

absl::Status OperationRunner::CheckQueue(OperationLane lane, const Caller& caller) const {
  if (const size_t waiting = WaitingIn(lane); waiting >= static_cast<size_t>(options_.queue_max)) {
    return TooMany(std::to_string(waiting) + " operations wait already; try again when some have ended",
                   kQueueRetry);
  }
  if (caller.may_admin) return absl::OkStatus();
  int own = 0;
  for (const std::string& id : queue_) {
    if (LaneOf(id) == lane && entries_.at(id).stored.tenant() == caller.tenant()) ++own;
  }
  if (own < options_.queue_tenant_max) return absl::OkStatus();
  return TooMany(
      std::to_string(own) + " operations of this tenant wait already; try again when some have ended",
      kQueueRetry);
}

absl::StatusOr<std::vector<std::string>> OperationRunner::ReplacedBy(
    const storage::StoredOperation& next) const {
  const absl::Time now = options_.now();
  size_t ended = 0;
  std::vector<std::pair<absl::Time, std::string>> replaceable;  // by their end
  absl::Time next_free = absl::InfiniteFuture();
  for (const auto& [id, entry] : entries_) {
    const storage::StoredOperation& stored = entry.stored;
    if (!HasEnded(stored) || stored.tenant() != next.tenant() ||
        stored.administration() != next.administration()) {
      continue;
    }
    ++ended;
    const absl::Time until = TimeOf(stored.metadata().create_time()) + options_.repeat;
    if (stored.request_id().empty() || until <= now) {
      replaceable.emplace_back(TimeOf(stored.metadata().end_time()), id);
    } else {
      next_free = std::min(next_free, until);
    }
  }
  std::vector<std::string> replaced;
  const auto ended_max = static_cast<size_t>(options_.ended_max);
  if (ended < ended_max) return replaced;
  const size_t count = ended - ended_max + 1;
  if (count > replaceable.size()) {
    return TooMany(std::to_string(ended) +
                       " ended operations of this tenant are kept, so that a repeat of their requests starts "
                       "no other one; try again when the first of them is a day old",
                   next_free - now);
  }
  std::sort(replaceable.begin(), replaceable.end());
  for (size_t i = 0; i < count; ++i) replaced.push_back(std::move(replaceable[i].second));
  return replaced;
}

}  // namespace dongxi
