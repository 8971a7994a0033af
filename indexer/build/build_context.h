// What every stage of a build shares: progress, cancellation, threads. Internal to indexer/build.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>
#include <thread>

#include "absl/status/status.h"
#include "engine/base/parallel.h"
#include "indexer/build/generation_builder.h"

namespace dongxi {

// Thread-safe. `options` must outlive it.
class BuildContext {
 public:
  explicit BuildContext(const BuildOptions& options)
      : options_(options), threads_(options.threads > 0 ? options.threads : DefaultThreads()) {}

  const BuildOptions& options() const { return options_; }
  int threads() const { return threads_; }

  // Passes progress on; ignored on any other thread than the one that made this object.
  void Report(std::string_view stage, uint64_t done, uint64_t total) const {
    if (options_.progress && std::this_thread::get_id() == thread_) options_.progress({stage, done, total});
  }

  // True once the caller or, after a failure elsewhere, the build itself wants every stage to end.
  bool Stopped() const { return stop_ || (options_.cancelled && options_.cancelled()); }
  void Stop() { stop_ = true; }
  absl::Status CheckCancelled() const {
    return Stopped() ? absl::CancelledError("build cancelled; nothing was published") : absl::OkStatus();
  }

 private:
  const BuildOptions& options_;
  const int threads_;
  const std::thread::id thread_ = std::this_thread::get_id();
  std::atomic<bool> stop_{false};
};

}  // namespace dongxi
