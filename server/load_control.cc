#include "server/load_control.h"

#include <algorithm>
#include <iterator>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

// Before the first call ended: the order of size of a match of a small catalogue.
constexpr double kServiceSecondsFirst = 0.005;
// Weight of the newest call in the smoothed service time: about the last twenty count.
constexpr double kSmoothing = 0.05;
constexpr absl::Duration kRetryMin = absl::Milliseconds(50);
constexpr absl::Duration kRetryMax = absl::Seconds(5);
constexpr absl::Duration kRetryBusy = absl::Seconds(1);  // of calls whose duration is unknown
constexpr int kStreamShares = 4;                         // one token gets one of them

size_t IndexOf(Cost cost) { return static_cast<size_t>(cost); }

absl::Status Overloaded(const std::string& reason, const std::string& what, absl::Duration retry) {
  return WithRetry(
      WithReason(absl::ResourceExhaustedError(what + "; try again after the delay in RetryInfo"), reason),
      std::clamp(retry, kRetryMin, kRetryMax));
}

absl::Status DeadlinePassedInQueue() {
  return absl::DeadlineExceededError("the caller's deadline passed while his call waited for its turn");
}

}  // namespace

LoadControl::LoadControl(const LoadOptions& options)
    : options_(options), service_seconds_(kServiceSecondsFirst) {}

LoadControl::Permit::~Permit() {
  if (control_ != nullptr) control_->Leave(cost_, start_, token_);
}

int LoadControl::MaxOf(Cost cost) const {
  switch (cost) {
    case Cost::kHeavy:
      return options_.slots;
    case Cost::kLight:
      return options_.light_max;
    case Cost::kBatch:
      return options_.batch_max;
    case Cost::kLong:
      return options_.long_max;
    case Cost::kStream:
      return options_.stream_max;
    case Cost::kAdmin:
      return options_.admin_max;
    case Cost::kProbe:
      return options_.probe_max;
  }
  return options_.admin_max;
}

absl::Duration LoadControl::WaitExpected() const {
  return absl::Seconds(static_cast<double>(waiting_.size() + 1) * service_seconds_ / options_.slots);
}

absl::StatusOr<LoadControl::Permit> LoadControl::Enter(Cost cost, absl::Time deadline,
                                                       const std::string& token) {
  if (cost == Cost::kHeavy) return EnterQueue(deadline);
  if (cost == Cost::kLong) return EnterLong(deadline);
  if (cost == Cost::kStream && !token.empty()) return EnterStream(token);
  const absl::MutexLock lock(&mutex_);
  int& running = running_[IndexOf(cost)];
  if (running >= MaxOf(cost)) {
    return Overloaded("TOO_MANY_CALLS", "too many calls of this kind are in work", kRetryBusy);
  }
  ++running;
  return Permit(this, cost, absl::Now());
}

absl::StatusOr<LoadControl::Permit> LoadControl::EnterStream(const std::string& token) {
  const absl::MutexLock lock(&mutex_);
  const auto own = streams_.find(token);
  if (own != streams_.end() && own->second >= std::max(1, options_.stream_max / kStreamShares)) {
    return Overloaded("TOKEN_STREAMS_OPEN", "this token has as many streams open as one token may; close one",
                      kRetryBusy);
  }
  int& running = running_[IndexOf(Cost::kStream)];
  if (running >= options_.stream_max)
    return Overloaded("TOO_MANY_CALLS", "too many calls of this kind are in work", kRetryBusy);
  ++running;
  ++streams_[token];
  return Permit(this, Cost::kStream, absl::Now(), token);
}

absl::StatusOr<LoadControl::Permit> LoadControl::EnterLong(absl::Time deadline) {
  const absl::MutexLock lock(&mutex_);
  int& running = running_[IndexOf(Cost::kLong)];
  const auto free = [this, &running] { return running < options_.long_max; };
  const auto busy = [] {
    return Overloaded("TOO_MANY_CALLS", "too many calls of this kind are in work", kRetryBusy);
  };
  if (!free() && long_waiting_ >= options_.long_waiting_max) return busy();
  ++long_waiting_;
  const bool came = mutex_.AwaitWithDeadline(absl::Condition(&free),
                                             std::min(deadline, absl::Now() + options_.long_wait_max));
  --long_waiting_;
  if (!came && absl::Now() >= deadline) return DeadlinePassedInQueue();
  if (!came) return busy();
  ++running;
  return Permit(this, Cost::kLong, absl::Now());
}

absl::Status LoadControl::CheckQueue(absl::Time deadline, bool* free) {
  int& running = running_[IndexOf(Cost::kHeavy)];
  *free = running < options_.slots && waiting_.empty();
  if (*free) {
    ++running;
    return absl::OkStatus();
  }
  const absl::Duration expected = WaitExpected();
  const bool full = static_cast<int>(waiting_.size()) >= options_.queue_max;
  if (full || expected > options_.wait_max || absl::Now() + expected > deadline) {
    return Overloaded("SERVER_OVERLOADED", "the server has more matches to make than it can in time",
                      expected);
  }
  return absl::OkStatus();
}

void LoadControl::TellPassed() {
  const absl::Time now = absl::Now();
  Passed passed;
  {
    const absl::MutexLock lock(&mutex_);
    for (auto place = waiting_.begin(); place != waiting_.end();) {
      Waiter* const waiter = *place;
      const bool is_late = waiter->entered && waiter->deadline <= now;
      if (is_late) passed.emplace_back(waiter);
      place = is_late ? waiting_.erase(place) : std::next(place);
    }
  }
  for (const std::unique_ptr<Waiter>& late : passed) late->entered(DeadlinePassedInQueue());
}

absl::StatusOr<LoadControl::Permit> LoadControl::EnterQueue(absl::Time deadline) {
  TellPassed();
  const absl::MutexLock lock(&mutex_);
  bool free = false;
  DX_RETURN_IF_ERROR(CheckQueue(deadline, &free));
  if (free) return Permit(this, Cost::kHeavy, absl::Now());
  Waiter waiter;
  const auto place = waiting_.insert(waiting_.end(), &waiter);
  while (!waiter.granted) {
    if (!waiter.granted_changed.WaitWithDeadline(&mutex_, deadline) || waiter.granted) continue;
    waiting_.erase(place);
    return DeadlinePassedInQueue();
  }
  // Whoever granted it has taken the waiter out of the queue and left his slot to it.
  return Permit(this, Cost::kHeavy, absl::Now());
}

void LoadControl::EnterLater(absl::Time deadline, Entered entered) {
  TellPassed();
  bool free = false;
  absl::Status allowed;
  {
    const absl::MutexLock lock(&mutex_);
    allowed = CheckQueue(deadline, &free);
    if (allowed.ok() && !free) {
      auto waiter = std::make_unique<Waiter>();
      waiter->entered = std::move(entered);
      waiter->deadline = deadline;
      waiting_.push_back(waiter.release());
      return;
    }
  }
  if (!allowed.ok()) return entered(std::move(allowed));
  entered(Permit(this, Cost::kHeavy, absl::Now()));
}

bool LoadControl::GrantNext(absl::Time now, Passed& passed, std::unique_ptr<Waiter>& next) {
  while (!waiting_.empty()) {
    Waiter* const first = waiting_.front();
    waiting_.pop_front();
    if (!first->entered) {
      first->granted = true;
      first->granted_changed.Signal();
      return true;
    }
    std::unique_ptr<Waiter> own(first);
    if (now < own->deadline) {
      next = std::move(own);
      return true;
    }
    passed.push_back(std::move(own));
  }
  return false;
}

void LoadControl::Leave(Cost cost, absl::Time start, const std::string& token) {
  const absl::Time now = absl::Now();
  Passed passed;
  std::unique_ptr<Waiter> next;
  {
    const absl::MutexLock lock(&mutex_);
    if (!token.empty()) {
      const auto own = streams_.find(token);
      if (--own->second == 0) streams_.erase(own);
    }
    bool granted = false;
    if (cost == Cost::kHeavy) {
      const double seconds = std::max(0.0, absl::ToDoubleSeconds(now - start));
      service_seconds_ += kSmoothing * (seconds - service_seconds_);
      granted = GrantNext(now, passed, next);
    }
    if (!granted) --running_[IndexOf(cost)];
  }
  if (next != nullptr) next->entered(Permit(this, Cost::kHeavy, now));
  for (const std::unique_ptr<Waiter>& late : passed) late->entered(DeadlinePassedInQueue());
}

LoadControl::Load LoadControl::load() const {
  const absl::MutexLock lock(&mutex_);
  return {running_[IndexOf(Cost::kHeavy)], static_cast<int>(waiting_.size()), service_seconds_};
}

}  // namespace dongxi
