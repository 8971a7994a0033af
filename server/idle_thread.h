// Long work that takes only what nobody else wants of the processor.
#pragma once

#include "absl/functional/function_ref.h"

namespace dongxi {

// Runs `work` in a thread of its own, and in those that it starts, and waits for it. With `idle` they run
// only where nothing else wants the processor (SCHED_IDLE, which cannot be taken back without privileges:
// hence a thread of its own). `work` must hold no lock that answering a call takes: it may be halted at any
// place for long. What it throws is thrown here. Any thread.
void RunInIdleThread(bool idle, absl::FunctionRef<void()> work);

}  // namespace dongxi
