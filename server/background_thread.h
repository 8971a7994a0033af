// Long work that gives way to whoever answers calls.
#pragma once

#include "absl/functional/function_ref.h"

namespace dongxi {

// How much of the processor the work gets where others want all of it.
enum class ProcessorShare {
  kEqual,  // as much as any other thread
  // SCHED_BATCH at nice 15: 3.5 % of a core beside one thread of the common priority that never rests, less
  // beside more of them. For what somebody waits for: it ends, and costs the calls a few percent of a core.
  kSmall,
  // SCHED_IDLE: 0.4 % beside one such thread, 0.1 % beside four, and halted by whoever wakes. For
  // what can wait for the night.
  kIdle,
};

// Runs `work` in a thread of its own, and in those that it starts, and waits for it. A thread of its own, as
// neither can be taken back without privileges. `work` must hold no lock that answering a call takes: it may
// be halted at any place for long. What it throws is thrown here. Any thread.
void RunInBackground(ProcessorShare share, absl::FunctionRef<void()> work);

}  // namespace dongxi
