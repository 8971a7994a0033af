// Matches at a fixed rate beside whatever is measured. Each is timed from the moment when it was due: a
// stalled server is not asked less. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bench/json_lines.h"
#include "bench/match_client.h"

namespace dongxi::bench {

class SteadyLoad {
 public:
  // Begins at once: `rate` matches a second for the queries in turn, at most `callers` under way at a time.
  // REQUIRES: rate > 0, callers >= 1; `queries` outlives the load.
  SteadyLoad(const std::string& server, const std::vector<TextQuery>& queries, double rate, int callers);
  ~SteadyLoad();  // waits for what is under way
  SteadyLoad(const SteadyLoad&) = delete;
  SteadyLoad& operator=(const SteadyLoad&) = delete;

  // What was measured since the last call.
  struct Taken {
    std::vector<double> milliseconds;
    int failed = 0;
  };
  Taken Take();
  // How many matches are due and not begun: what the server is behind by.
  int Overdue() const;

 private:
  using Clock = std::chrono::steady_clock;
  void Call(const MatchClient& client);

  const std::vector<TextQuery>& queries_;
  const Clock::time_point start_;
  const double interval_;  // seconds
  std::atomic<int> next_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  Taken taken_;  // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace dongxi::bench
