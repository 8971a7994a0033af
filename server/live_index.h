// Keeps what is served as new as the catalogue: every commit is in ServingState::Current() before its Write
// returns. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "engine/index/delta_builder.h"
#include "server/operator_log.h"
#include "server/serving_state.h"
#include "store/catalogue.h"

namespace dongxi {

// `base` with every change after its sequence up to `sequence`, the same for the same arguments as long as
// its embedder answers the same. Asks `stop` (may be null) at least every 512 records. Errors: those of the
// catalogue; OutOfRange if its history begins later; Cancelled once `stop` says true.
absl::StatusOr<std::shared_ptr<const Generation>> GenerationAt(const CatalogueReader& catalogue,
                                                               std::shared_ptr<const Generation> base,
                                                               uint64_t sequence,
                                                               const std::function<bool()>& stop = nullptr);

class LiveIndex {
 public:
  // All outlive the index, which is the catalogue's listener until it is destroyed.
  LiveIndex(Catalogue* catalogue, ServingState* state, const OperatorLog* log);
  ~LiveIndex();
  LiveIndex(const LiveIndex&) = delete;
  LiveIndex& operator=(const LiveIndex&) = delete;

  // From now on answers come from `base`, which has no delta, with every change since; the other arguments
  // are those of ServingState::Serve. Reads the change log beside writes and matches, which hardly wait. On
  // error what was served is served on. One call at a time.
  absl::Status Serve(std::shared_ptr<const Generation> base, absl::Time build_time, Verification verification,
                     const std::string& message) ABSL_LOCKS_EXCLUDED(mutex_);

  // The generation served, without its delta; null if none is.
  std::shared_ptr<const Generation> base() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void OnCommit(uint64_t sequence, std::span<const Change> changes) ABSL_LOCKS_EXCLUDED(mutex_);

  Catalogue* const catalogue_;
  ServingState* const state_;
  const OperatorLog* const log_;

  mutable absl::Mutex mutex_;  // taken under the catalogue's writer lock, and never the other way round
  std::shared_ptr<const Generation> base_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<DeltaBuilder> builder_ ABSL_GUARDED_BY(mutex_);          // null: nothing is served
  absl::Time embed_after_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();  // later if the embedder failed
  uint64_t applied_ ABSL_GUARDED_BY(mutex_) = 0;  // every change up to this sequence is in the builder
};

}  // namespace dongxi
