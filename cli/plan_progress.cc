#include "cli/plan_progress.h"

#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "cli/operation_wait.h"

namespace dongxi::cli {
namespace {

constexpr absl::Duration kPause = absl::Seconds(5), kPauseOnTerminal = absl::Seconds(1);

}  // namespace

PlanProgress::PlanProgress(const Io& io, Clock clock) : io_(io), clock_(std::move(clock)), shown_(clock_()) {}

PlanProgress::~PlanProgress() {
  if (drawn_) io_.err << "\r\x1b[K" << std::flush;
}

void PlanProgress::Show(double share, std::string_view step) {
  const absl::Time now = clock_();
  if (now - shown_ < (io_.err_is_terminal ? kPauseOnTerminal : kPause)) return;
  shown_ = now;
  const std::string line =
      absl::StrFormat("规划会谈 %d%%  %s", static_cast<int>(share * 100), StageText(std::string(step)));
  if (io_.err_is_terminal) {
    io_.err << "\r\x1b[K" << line << std::flush;
    drawn_ = true;
  } else {
    io_.err << line << "\n" << std::flush;
  }
}

}  // namespace dongxi::cli
