#include "bench/steady_load.h"

#include <algorithm>
#include <utility>

namespace dongxi::bench {

SteadyLoad::SteadyLoad(const std::string& server, const std::vector<TextQuery>& queries, double rate,
                       int callers)
    : queries_(queries), start_(Clock::now()), interval_(1 / rate) {
  for (int i = 0; i < callers; ++i) threads_.emplace_back([this, server] { Call(MatchClient(server)); });
}

SteadyLoad::~SteadyLoad() {
  stop_ = true;
  for (std::thread& thread : threads_) thread.join();
}

SteadyLoad::Taken SteadyLoad::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(taken_, {});
}

int SteadyLoad::Overdue() const {
  const double due = std::chrono::duration<double>(Clock::now() - start_).count() / interval_;
  return std::max(0, static_cast<int>(due) - next_.load());
}

void SteadyLoad::Call(const MatchClient& client) {
  while (!stop_) {
    const int number = next_++;
    const auto due = start_ + std::chrono::duration_cast<Clock::duration>(
                                  std::chrono::duration<double>(number * interval_));
    std::this_thread::sleep_until(due);
    const bool ok = client.Match(RequestOf(queries_[static_cast<size_t>(number) % queries_.size()])).ok();
    const double milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - due).count();
    const std::lock_guard lock(mutex_);
    taken_.milliseconds.push_back(milliseconds);
    if (!ok) ++taken_.failed;
  }
}

}  // namespace dongxi::bench
