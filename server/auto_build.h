// Decides when the server builds a generation by itself. One thread at a time, but for Start and Stop.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "server/generation_folder.h"
#include "server/operator_log.h"
#include "store/catalogue.h"

namespace dongxi {

struct AutoBuildOptions {
  bool on = false;
  // A build is due when more records than both have changed since the current generation …
  uint64_t changes_min = 1'000;
  double changes_share = 0.1;  // of all records
  // … or when something has changed and the generation is older than this.
  absl::Duration age_max = absl::Hours(24);
  // Without any generation: once writes pause for one step, at the latest after this.
  absl::Duration first_wait_max = absl::Seconds(10);
  absl::Duration gap_min = absl::Minutes(1);   // between the starts of two builds, doubled after each failure
  absl::Duration gap_max = absl::Hours(1);     // of these doublings
  absl::Duration interval = absl::Seconds(1);  // between two steps
  std::function<absl::Time()> now = &absl::Now;
};

class AutoBuild {
 public:
  // What it asks of the server.
  struct Hooks {
    std::function<bool()> may_build;      // no build waits or runs, and no roll-back holds builds
    std::function<absl::Status()> start;  // starts one; returns before it ends
    std::function<bool()> last_failed;    // the last build that was started here failed
  };
  // `catalogue` and `log` outlive it.
  AutoBuild(AutoBuildOptions options, GenerationFolder folder, const Catalogue* catalogue, Hooks hooks,
            const OperatorLog* log);
  ~AutoBuild();  // as Stop
  AutoBuild(const AutoBuild&) = delete;
  AutoBuild& operator=(const AutoBuild&) = delete;

  // One look: starts a build if it is due. Returns why it was, or an empty text.
  std::string Step();

  // Steps in a thread of its own; nothing if it is switched off.
  void Start();
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  std::string Due();
  std::string DueForFirst(uint64_t sequence, uint64_t records);
  absl::StatusOr<uint64_t> ChangesSince(uint64_t base);
  void Run();

  const AutoBuildOptions options_;
  const GenerationFolder folder_;
  const Catalogue* const catalogue_;
  const Hooks hooks_;
  const OperatorLog* const log_;

  // Of the steps.
  uint64_t base_ = 0;     // changes are counted from here …
  uint64_t counted_ = 0;  // … to here
  uint64_t changes_ = 0;
  uint64_t last_seen_ = 0;                          // the catalogue's sequence at the step before
  absl::Time first_seen_ = absl::InfiniteFuture();  // when records without any generation were first seen
  absl::Time last_start_ = absl::InfinitePast();
  absl::Duration failure_gap_;

  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dongxi
