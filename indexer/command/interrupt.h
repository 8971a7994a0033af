// Ctrl-C (SIGINT) and SIGTERM as a question that long work asks.
#pragma once

#include <csignal>

namespace dongxi {

inline constexpr int kExitInterrupted = 130;  // what a shell gives for a program ended by Ctrl-C

// While an object lives, the first signal is only remembered; a second one ends the program at once. One
// object at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  static bool Interrupted();  // any thread

 private:
  struct sigaction int_before_ {};
  struct sigaction term_before_ {};
};

}  // namespace dongxi
