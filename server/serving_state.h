// What the server serves, swapped in one place. Thread-safe. A request takes its snapshot once and keeps it
// to its end, so a swap never changes a request half way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "engine/index/generation.h"
#include "engine/match/ranking_config.h"
#include "engine/policy/policy.h"

namespace dongxi {

// How far a served generation has come with the catalogue.
struct LiveExtent {
  uint64_t sequence = 0;  // every write up to it is in the generation
  size_t delta_size = 0;  // documents that changed since it was built
};

// What a request is answered from. Immutable.
struct Snapshot {
  std::shared_ptr<const Generation> generation;  // with its delta, if it has one; never null
  std::shared_ptr<const Policy> policy;
  std::shared_ptr<const RankingConfig> ranking;
  absl::Time build_time;  // of the generation
  uint64_t sequence = 0;  // of the catalogue: all writes up to here are in it
  size_t delta_size = 0;
};

// State of the check of the generation's files.
enum class Verification { kNone, kRunning, kPassed, kFailed };

struct ServingHealth {
  bool ready = false;
  std::string message;  // why it is not ready, or what is damaged; empty when all is well
  Verification verification = Verification::kNone;
};

class ServingState {
 public:
  // Starts without a generation. Neither is null.
  ServingState(std::shared_ptr<const Policy> policy, std::shared_ptr<const RankingConfig> ranking);

  // What answers are made with; a caller keeps what he got.
  std::shared_ptr<const Policy> policy() const ABSL_LOCKS_EXCLUDED(mutex_);
  std::shared_ptr<const RankingConfig> ranking() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Answers that begin from now on are made with it. Not null.
  void SetPolicy(std::shared_ptr<const Policy> policy) ABSL_LOCKS_EXCLUDED(mutex_);
  void SetRanking(std::shared_ptr<const RankingConfig> ranking) ABSL_LOCKS_EXCLUDED(mutex_);

  // Null while no generation is served.
  std::shared_ptr<const Snapshot> Current() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Waits until the served snapshot covers a later write than `sequence`, nothing is served, the server shuts
  // down or `until` has come; what is served then.
  std::shared_ptr<const Snapshot> AwaitNewer(uint64_t sequence, absl::Time until) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // FailedPrecondition with the reason and the remedy while no generation is served.
  absl::StatusOr<std::shared_ptr<const Snapshot>> Serving() const ABSL_LOCKS_EXCLUDED(mutex_);
  ServingHealth health() const ABSL_LOCKS_EXCLUDED(mutex_);

  // From now on answers come from `generation`. `message` as in ServingHealth. Without an extent it is that
  // of a generation without a delta.
  void Serve(std::shared_ptr<const Generation> generation, absl::Time build_time, Verification verification,
             std::string message, std::optional<LiveExtent> extent = std::nullopt)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // The same generation with a longer delta. Nothing happens while none is served.
  void Advance(std::shared_ptr<const Generation> generation, LiveExtent extent) ABSL_LOCKS_EXCLUDED(mutex_);
  // Nothing is served from now on; running requests end as they began.
  void Withdraw(Verification verification, std::string why) ABSL_LOCKS_EXCLUDED(mutex_);
  // What is known changed, what is served did not.
  void Report(Verification verification, std::string message) ABSL_LOCKS_EXCLUDED(mutex_);
  // The server is not ready from now on, for good; calls that still come are answered.
  void BeginShutdown() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // The served generation with policy_ and ranking_ as they are now.
  void RenewSnapshot() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  mutable absl::CondVar changed_;  // what is served, or that the server shuts down
  std::shared_ptr<const Policy> policy_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const RankingConfig> ranking_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const Snapshot> current_ ABSL_GUARDED_BY(mutex_);
  Verification verification_ ABSL_GUARDED_BY(mutex_) = Verification::kNone;
  std::string message_ ABSL_GUARDED_BY(mutex_);
  bool shutting_down_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dongxi
