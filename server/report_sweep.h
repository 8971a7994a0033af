// Removes what the store of reports need not keep, now and then. One thread starts and stops it.
#pragma once

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/report_jobs.h"
#include "server/report_store.h"

namespace dongxi {

class ReportSweep {
 public:
  // Both outlive it.
  ReportSweep(ReportStore* store, const ReportJobs* jobs) : store_(store), jobs_(jobs) {}
  ~ReportSweep() { Stop(); }
  ReportSweep(const ReportSweep&) = delete;
  ReportSweep& operator=(const ReportSweep&) = delete;

  // Sweeps at once and every ten minutes, in a thread of its own. After the runner of operations has read
  // what an earlier server left.
  void Start();
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  ReportStore* const store_;
  const ReportJobs* const jobs_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dongxi
