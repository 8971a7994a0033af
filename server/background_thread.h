// Long work that gives way to whoever answers calls.
#pragma once

#include "absl/functional/function_ref.h"

namespace dongxi {

// How much of the processor the work gets where others want all of it.
enum class ProcessorShare {
  kEqual,  // as much as any other thread
  // SCHED_BATCH at nice 19: some 1.5 % of a core beside each thread of the common priority that never rests
  // (weights 15 and 1024). For what somebody waits for: it always ends.
  kSmall,
  // SCHED_IDLE: less than a third of a percent (weight 3), and halted by whoever wakes; beside several busy
  // threads a core it all but stands still. For what can wait for the night.
  kIdle,
};

// Runs `work` in a thread of its own, and in those that it starts, and waits for it. A thread of its own, as
// neither can be taken back without privileges. `work` must hold no lock that answering a call takes: it may
// be halted at any place for long. What it throws is thrown here. Any thread.
void RunInBackground(ProcessorShare share, absl::FunctionRef<void()> work);

}  // namespace dongxi
