// Brings published generations into service: opens CURRENT at start, verifies it in the background, and swaps
// to each newer one that CURRENT names. A damaged generation is left for the newest older one whose files all
// verify.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "engine/index/generation.h"
#include "server/live_index.h"
#include "server/operator_log.h"
#include "server/serving_state.h"

namespace dongxi {

struct GenerationWatcherOptions {
  std::filesystem::path generations;  // holds CURRENT and the generations
  std::string embedding_url;  // of the remote embedder for generations that were built by one; empty: none
  std::string embedding_model;
  // Hears of each use of the remote embedder (EmbedderGuard::observe).
  std::function<void(bool answered, bool healthy)> embedder_used = [](bool, bool) {};
  absl::Duration interval = absl::Seconds(1);  // between two looks at CURRENT
  int retry_looks =
      10;  // looks until a generation that could not be opened for a passing reason is tried again
};

// Opens the generation of that name, with the remote embedder if it was built by one. Errors: those of
// OpenGeneration.
absl::StatusOr<std::shared_ptr<const Generation>> OpenServedGeneration(
    const GenerationWatcherOptions& options, const std::string& name);

// OpenFirst, VerifyFirst and Look are steps for one thread at a time: the caller's before Start, then the
// watcher's own.
class GenerationWatcher {
 public:
  // `state`, `log` and `live` outlive the watcher. Generations are served with what changed since by `live`,
  // as they are if it is null. `changed` is called after every change of `state`, in the thread of the step.
  GenerationWatcher(GenerationWatcherOptions options, ServingState* state, const OperatorLog* log,
                    std::function<void()> changed, LiveIndex* live = nullptr);
  ~GenerationWatcher();  // stops
  GenerationWatcher(const GenerationWatcher&) = delete;
  GenerationWatcher& operator=(const GenerationWatcher&) = delete;

  // Opens what CURRENT names after a check of its manifest; quick. What is wrong stands in the state.
  void OpenFirst();
  // Reads every file of the generation opened first; falls back if it is damaged.
  void VerifyFirst();
  // If CURRENT was written since the last look: verifies every file of what it names and swaps to it.
  void Look();

  // VerifyFirst, then Look every `interval`, in a thread of its own. Stop waits for the step that runs.
  void Start();
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);
  // The next Look comes at once: CURRENT has probably changed. Any thread.
  void LookSoon() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Tells two writings of CURRENT apart, also of the same name: it is always renamed into place.
  struct Identity {
    uint64_t inode = 0;
    int64_t modified_ns = 0;
    bool operator==(const Identity&) const = default;
  };
  std::optional<Identity> IdentityOfCurrent() const;

  absl::StatusOr<std::shared_ptr<const Generation>> OpenVerified(const std::string& name) const;
  absl::Status Serve(std::shared_ptr<const Generation> generation, Verification verification,
                     const std::string& message);
  void FirstFailed(const std::string& name, const absl::Status& why);
  void FallBack(const std::string& damaged, const absl::Status& why);
  // What callers read of it in the state: files by their names within the folder of generations, and no other
  // path; of what is wrong with more than the files, that the log has it. The log itself has all.
  std::string ToldOf(const absl::Status& why) const;
  std::vector<std::string> OlderNames() const;
  void LookFailed(const std::string& name, const absl::Status& why);
  void Run();

  const GenerationWatcherOptions options_;
  ServingState* const state_;
  const OperatorLog* const log_;
  const std::function<void()> changed_;
  LiveIndex* const live_;

  // Of the steps; see above.
  std::optional<Identity> seen_;   // the writing of CURRENT that was dealt with
  std::string opened_first_;       // still to be verified; empty if none
  std::set<std::string> damaged_;  // never served again unless CURRENT is written anew with their name
  int looks_until_retry_ = 0;      // 0: no retry is due

  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool look_soon_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dongxi
