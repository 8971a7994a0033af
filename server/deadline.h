// How long the caller of an RPC waits, in the engine's terms.
#pragma once

#include <chrono>
#include <functional>

#include "absl/time/time.h"
#include "grpcpp/server_context.h"

namespace dongxi {

inline absl::Time DeadlineOf(const grpc::ServerContext& context) {
  const std::chrono::system_clock::time_point deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return absl::InfiniteFuture();
  return absl::FromChrono(deadline);
}

// True once the caller went away or his deadline passed. REQUIRES: `context` outlives the function.
inline std::function<bool()> CancelledOf(const grpc::ServerContext& context) {
  return [&context] { return context.IsCancelled(); };
}

// When to give up. It never changes an answer.
struct RunLimits {
  absl::Time deadline = absl::InfiniteFuture();
  std::function<bool()> cancelled;  // the caller went away; may be null
};
// REQUIRES: `context` outlives the limits.
inline RunLimits LimitsOf(const grpc::ServerContext& context) {
  return {DeadlineOf(context), CancelledOf(context)};
}

}  // namespace dongxi
