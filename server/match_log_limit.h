// The bound of the match log: every answer is noted, to whoever it goes, so without one a token that may only
// read could fill the disk. What is removed cannot be replayed, and its page tokens end.
#pragma once

#include <cstdint>
#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/operator_log.h"
#include "store/catalogue.h"

namespace dongxi {

struct MatchLogLimits {
  absl::Duration age_max = absl::Hours(24 * 90);  // of an answer's read time
  uint64_t bytes_max = uint64_t{2} << 30;         // keys and values as they are given to the catalogue
};

struct MatchLogSize {
  uint64_t rows = 0;
  uint64_t bytes = 0;
};

// Removes answers older than `age_max`; if more than `bytes_max` are left, also the oldest, by whole minutes,
// down to nine tenths of it. Rows that cannot be read count as the oldest. Returns what is left. Cancelled
// when `stopping` says so. Errors: those of the catalogue.
absl::StatusOr<MatchLogSize> TrimMatches(Catalogue& catalogue, const MatchLogLimits& limits, absl::Time now,
                                         const std::function<bool()>& stopping);

// Trims now and then, in a thread of its own. One thread starts and stops it; size() from any.
class MatchLogSweep {
 public:
  // Both outlive it.
  MatchLogSweep(MatchLogLimits limits, Catalogue* catalogue, const OperatorLog* log)
      : limits_(limits), catalogue_(catalogue), log_(log) {}
  ~MatchLogSweep() { Stop(); }
  MatchLogSweep(const MatchLogSweep&) = delete;
  MatchLogSweep& operator=(const MatchLogSweep&) = delete;

  // At once, then every minute, but so that reading the log takes at most a twentieth of one processor.
  void Start();
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  // After the last look.
  MatchLogSize size() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  bool Stopping() const ABSL_LOCKS_EXCLUDED(mutex_);

  const MatchLogLimits limits_;
  Catalogue* const catalogue_;
  const OperatorLog* const log_;
  mutable absl::Mutex mutex_;
  MatchLogSize size_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dongxi
