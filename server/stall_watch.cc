#include "server/stall_watch.h"

#include <utility>

#include "absl/time/clock.h"

namespace dongxi {

StallWatch::~StallWatch() {
  std::thread thread;
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.Signal();
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

StallWatch::Wait::Wait(StallWatch* watch, absl::Duration limit, std::function<void()> cut)
    : watch_(watch), cut_(std::move(cut)) {
  const absl::MutexLock lock(&watch_->mutex_);
  if (!watch_->thread_.joinable()) watch_->thread_ = std::thread([watch] { watch->Run(); });
  place_ = watch_->open_.emplace(absl::Now() + limit, this);
  if (place_ == watch_->open_.begin()) watch_->changed_.Signal();
}

StallWatch::Wait::~Wait() {
  const absl::MutexLock lock(&watch_->mutex_);
  if (!was_cut_) watch_->open_.erase(place_);
}

bool StallWatch::Wait::was_cut() const {
  const absl::MutexLock lock(&watch_->mutex_);
  return was_cut_;
}

void StallWatch::Run() {
  const absl::MutexLock lock(&mutex_);
  while (!stopping_) {
    if (open_.empty()) {
      changed_.Wait(&mutex_);
      continue;
    }
    const auto first = open_.begin();
    if (absl::Now() < first->first) {
      changed_.WaitWithDeadline(&mutex_, first->first);
      continue;
    }
    Wait* const wait = first->second;
    open_.erase(first);
    wait->was_cut_ = true;
    // Under the lock: so the wait cannot end before.
    wait->cut_();
  }
}

}  // namespace dongxi
