// Ends what waits too long for the other side of a call: gRPC's synchronous reads and writes have no time
// limit of their own. Thread-safe. One thread, which starts with the first wait.
#pragma once

#include <functional>
#include <map>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace dongxi {

class StallWatch {
 public:
  StallWatch() = default;
  // REQUIRES: no wait is open.
  ~StallWatch();
  StallWatch(const StallWatch&) = delete;
  StallWatch& operator=(const StallWatch&) = delete;

  // One wait, from construction to destruction. `cut` is called once if it lasts longer than `limit`; it must
  // be quick, and is never called after the destructor.
  class Wait {
   public:
    Wait(StallWatch* watch, absl::Duration limit, std::function<void()> cut);
    ~Wait();
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

    bool was_cut() const;

   private:
    friend class StallWatch;
    StallWatch* const watch_;
    const std::function<void()> cut_;
    bool was_cut_ = false;  // guarded by the watch's mutex
    std::multimap<absl::Time, Wait*>::iterator place_;
  };

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  mutable absl::Mutex mutex_;
  absl::CondVar changed_;
  std::multimap<absl::Time, Wait*> open_ ABSL_GUARDED_BY(mutex_);  // by the moment that they are cut
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dongxi
