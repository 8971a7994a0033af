// A few threads that do what they are given, in order of arrival. Thread-safe.
#pragma once

#include <deque>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"

namespace dongxi {

class WorkerPool {
 public:
  using Work = absl::AnyInvocable<void()>;

  // REQUIRES: threads > 0.
  explicit WorkerPool(int threads);
  // Does what was given before, then ends the threads.
  ~WorkerPool() ABSL_LOCKS_EXCLUDED(mutex_);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // `work` runs on one of the threads; it throws nothing.
  void Give(Work work) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Mutex mutex_;
  absl::CondVar given_;
  std::deque<Work> works_ ABSL_GUARDED_BY(mutex_);
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace dongxi
