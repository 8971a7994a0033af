// How many calls a second each token may make: a bucket of allowances per token. Thread-safe.
#pragma once

#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace dongxi {

struct Rate {
  double per_second = 0;  // 0: no limit
  double burst = 1;       // calls at once after a pause, at least 1
};

class RateLimits {
 public:
  // Takes one allowance of `token_id`. Zero: the call may go on; otherwise how long until there is one again.
  // Time that goes backwards counts as no time.
  absl::Duration Take(const std::string& token_id, const Rate& rate, absl::Time now)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Takes `count` allowances whether they are there or not; what is not there is owed, and Take waits for it.
  // How long until nothing is owed any more.
  absl::Duration Charge(const std::string& token_id, const Rate& rate, int count, absl::Time now)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Bucket {
    double allowances = 0;  // below zero: owed
    absl::Time filled;
  };

  // The bucket of a token, filled up to `now`.
  Bucket& Filled(const std::string& token_id, const Rate& rate, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  std::map<std::string, Bucket> buckets_ ABSL_GUARDED_BY(mutex_);  // one for each token in use
};

}  // namespace dongxi
