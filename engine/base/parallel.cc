#include "engine/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace dongxi {

int DefaultThreads() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

void ParallelChunks(size_t count, size_t chunk, int threads,
                    const std::function<void(size_t, size_t)>& work) {
  const size_t chunks = (count + chunk - 1) / chunk;
  std::atomic<size_t> next{0};
  const auto run = [&] {
    for (size_t i = next++; i < chunks; i = next++) work(i * chunk, std::min(count, (i + 1) * chunk));
  };
  std::vector<std::thread> helpers;
  const size_t wanted = std::min(chunks, static_cast<size_t>(std::max(1, threads)));
  for (size_t i = 1; i < wanted; ++i) helpers.emplace_back(run);
  run();
  for (std::thread& helper : helpers) helper.join();
}

}  // namespace dongxi
