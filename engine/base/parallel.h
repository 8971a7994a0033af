// Work over [0, count) in fixed chunks on a few threads.
#pragma once

#include <cstddef>
#include <functional>

namespace dongxi {

// Threads that long work uses when the caller does not say: the cores of this machine, at least 1.
int DefaultThreads();

// Calls `work(begin, end)` for consecutive chunks of `chunk` items. The chunks depend on `count` and `chunk`
// only, never on `threads`: what is reduced a chunk at a time, in order, is the same on every machine.
// Returns when all are done. `work` must not throw.
void ParallelChunks(size_t count, size_t chunk, int threads, const std::function<void(size_t, size_t)>& work);

}  // namespace dongxi
