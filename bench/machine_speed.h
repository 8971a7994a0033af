// How fast is the machine at this moment? A fixed calculation that knows nothing of Dongxi: the yardstick of
// runs so long that the machine's speed moves under them. Thread-safe.
#pragma once

#include "absl/time/time.h"

namespace dongxi::bench {

// Rounds a second of the calculation (arithmetic, and reads that depend on each other) on `threads` threads
// at once, all together, measured for `duration`. Only ratios of two measurements mean something. REQUIRES:
// threads >= 1, duration > 0.
double MachineSpeed(int threads, absl::Duration duration);

}  // namespace dongxi::bench
