// Asking again when a busy server, or one that a token calls too often, says so.
#pragma once

#include <functional>
#include <optional>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/error_text.h"
#include "cli/io.h"

namespace dongxi::cli {

// All that one call waits.
inline constexpr absl::Duration kPatience = absl::Minutes(5);

// Called before each wait, with its length.
using BeforeWaiting = std::function<void(absl::Duration delay)>;

// The answer of `call()`, an absl::StatusOr. Where the server asks to wait (RetryDelayOf) it waits and calls
// again; an error that would take it above kPatience stands.
template <typename Call>
auto AskPatiently(const BeforeWaiting& before, Call call) {
  absl::Duration waited;
  while (true) {
    auto answer = call();
    const absl::Duration delay = RetryDelayOf(answer.status());
    if (delay <= absl::ZeroDuration() || waited + delay > kPatience) return answer;
    before(delay);
    absl::SleepFor(delay);
    waited += delay;
  }
}

// Says that the server makes us wait: at once, then every few seconds; on a terminal over the line of the
// progress, which the next one takes back. std::ref of it is a BeforeWaiting. One thread at a time.
class BusyNotice {
 public:
  explicit BusyNotice(const Io& io) : io_(io) {}
  ~BusyNotice();
  BusyNotice(const BusyNotice&) = delete;
  BusyNotice& operator=(const BusyNotice&) = delete;

  void operator()(absl::Duration delay);

 private:
  const Io& io_;
  std::optional<absl::Time> said_;
};

}  // namespace dongxi::cli
