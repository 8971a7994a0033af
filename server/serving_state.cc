#include "server/serving_state.h"

#include <utility>

#include "server/grpc_status.h"

namespace dongxi {

ServingState::ServingState(std::shared_ptr<const Policy> policy, std::shared_ptr<const RankingConfig> ranking)
    : policy_(std::move(policy)),
      ranking_(std::move(ranking)),
      message_("no generation has been opened yet") {}

std::shared_ptr<const Policy> ServingState::policy() const {
  const absl::MutexLock lock(&mutex_);
  return policy_;
}

std::shared_ptr<const RankingConfig> ServingState::ranking() const {
  const absl::MutexLock lock(&mutex_);
  return ranking_;
}

void ServingState::SetPolicy(std::shared_ptr<const Policy> policy) {
  const absl::MutexLock lock(&mutex_);
  policy_.swap(policy);
  RenewSnapshot();
}

void ServingState::SetRanking(std::shared_ptr<const RankingConfig> ranking) {
  const absl::MutexLock lock(&mutex_);
  ranking_.swap(ranking);
  RenewSnapshot();
}

void ServingState::RenewSnapshot() {
  if (current_ == nullptr) return;
  Snapshot next = *current_;
  next.policy = policy_;
  next.ranking = ranking_;
  current_ = std::make_shared<const Snapshot>(std::move(next));
}

std::shared_ptr<const Snapshot> ServingState::Current() const {
  const absl::MutexLock lock(&mutex_);
  return current_;
}

std::shared_ptr<const Snapshot> ServingState::AwaitNewer(uint64_t sequence, absl::Time until) const {
  const absl::MutexLock lock(&mutex_);
  while (current_ != nullptr && current_->sequence <= sequence && !shutting_down_) {
    if (changed_.WaitWithDeadline(&mutex_, until)) break;
  }
  return current_;
}

absl::StatusOr<std::shared_ptr<const Snapshot>> ServingState::Serving() const {
  const absl::MutexLock lock(&mutex_);
  if (current_) return current_;
  return WithReason(absl::FailedPreconditionError("no generation is served: " + message_), "NO_GENERATION");
}

ServingHealth ServingState::health() const {
  const absl::MutexLock lock(&mutex_);
  if (shutting_down_) return {false, "shutting down", verification_};
  return {current_ != nullptr, message_, verification_};
}

void ServingState::Serve(std::shared_ptr<const Generation> generation, absl::Time build_time,
                         Verification verification, std::string message, std::optional<LiveExtent> extent) {
  if (!extent.has_value()) extent = LiveExtent{.sequence = generation->manifest.catalogue_sequence};
  std::shared_ptr<const Snapshot> next;  // The old one is released after the lock: unmapping takes time.
  const absl::MutexLock lock(&mutex_);
  next = std::make_shared<const Snapshot>(
      Snapshot{std::move(generation), policy_, ranking_, build_time, extent->sequence, extent->delta_size});
  current_.swap(next);
  changed_.SignalAll();
  verification_ = verification;
  message_ = std::move(message);
}

void ServingState::Advance(std::shared_ptr<const Generation> generation, LiveExtent extent) {
  std::shared_ptr<const Snapshot> next;
  const absl::MutexLock lock(&mutex_);
  if (current_ == nullptr) return;
  next = std::make_shared<const Snapshot>(Snapshot{std::move(generation), policy_, ranking_,
                                                   current_->build_time, extent.sequence, extent.delta_size});
  current_.swap(next);
  changed_.SignalAll();
}

void ServingState::Withdraw(Verification verification, std::string why) {
  std::shared_ptr<const Snapshot> released;
  const absl::MutexLock lock(&mutex_);
  current_.swap(released);
  changed_.SignalAll();
  verification_ = verification;
  message_ = std::move(why);
}

void ServingState::Report(Verification verification, std::string message) {
  const absl::MutexLock lock(&mutex_);
  verification_ = verification;
  message_ = std::move(message);
}

void ServingState::BeginShutdown() {
  const absl::MutexLock lock(&mutex_);
  shutting_down_ = true;
  changed_.SignalAll();
}

}  // namespace dongxi
