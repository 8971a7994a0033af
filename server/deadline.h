// How long the caller of an RPC waits, in the engine's terms.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

#include "absl/time/time.h"
#include "grpcpp/server_context.h"

namespace dongxi {

inline absl::Time DeadlineOf(const grpc::ServerContextBase& context) {
  const std::chrono::system_clock::time_point deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return absl::InfiniteFuture();
  return absl::FromChrono(deadline);
}

// How often gRPC is asked whether the caller is still there: each question polls the call's completion queue
// and wakes other threads of the server, which took 8 % of the processor when every scan asked.
inline constexpr absl::Duration kAskWhetherCancelledEvery = absl::Milliseconds(5);

// True once the caller went away or his deadline passed, as known kAskWhetherCancelledEvery ago at most. Any
// thread. REQUIRES: `context` outlives the function.
inline std::function<bool()> CancelledOf(const grpc::ServerContextBase& context) {
  using Clock = std::chrono::steady_clock;
  const auto every = absl::ToChronoNanoseconds(kAskWhetherCancelledEvery);
  const auto next = std::make_shared<std::atomic<Clock::time_point>>(Clock::now() + every);
  return [&context, next, every] {
    const Clock::time_point now = Clock::now();
    if (now < next->load(std::memory_order_relaxed)) return false;
    const bool cancelled = context.IsCancelled();
    if (!cancelled) next->store(now + every, std::memory_order_relaxed);  // it stays so once it was
    return cancelled;
  };
}

// When to give up. It never changes an answer.
struct RunLimits {
  absl::Time deadline = absl::InfiniteFuture();
  std::function<bool()> cancelled;  // the caller went away; may be null
};
// REQUIRES: `context` outlives the limits.
inline RunLimits LimitsOf(const grpc::ServerContextBase& context) {
  return {DeadlineOf(context), CancelledOf(context)};
}

}  // namespace dongxi
