// How far the planning of an event has come, for who waits: nothing in the first seconds, then one line of
// the terminal that is written over, elsewhere a line every few seconds. Not thread-safe.
#pragma once

#include <functional>
#include <string_view>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/io.h"

namespace dongxi::cli {

class PlanProgress {
 public:
  using Clock = std::function<absl::Time()>;

  // `io` outlives it.
  explicit PlanProgress(const Io& io, Clock clock = absl::Now);
  ~PlanProgress();  // takes its line off the terminal
  PlanProgress(const PlanProgress&) = delete;
  PlanProgress& operator=(const PlanProgress&) = delete;

  // Share of the work that is done, 0 to 1, and the step as PlanOptions::step names it.
  void Show(double share, std::string_view step);

 private:
  const Io& io_;
  const Clock clock_;
  absl::Time shown_;  // or begun
  bool drawn_ = false;
};

}  // namespace dongxi::cli
