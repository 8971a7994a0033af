// How long the stages of a match take, for whoever measures: the server's metrics. Nothing is timed without
// an observer; what is observed never changes an answer.
#pragma once

#include <chrono>

namespace dongxi {

enum class MatchStage { kQuery, kCandidates, kRank, kExplain };

// Any thread.
class StageObserver {
 public:
  virtual ~StageObserver() = default;
  virtual void StageDone(MatchStage stage, double seconds) = 0;
};

// Tells the observer, if there is one, how long the timer lived.
class StageTimer {
 public:
  StageTimer(StageObserver* observer, MatchStage stage) : observer_(observer), stage_(stage) {
    if (observer_ != nullptr) start_ = Clock::now();
  }
  ~StageTimer() {
    if (observer_ != nullptr)
      observer_->StageDone(stage_, std::chrono::duration<double>(Clock::now() - start_).count());
  }
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;

 private:
  using Clock = std::chrono::steady_clock;
  StageObserver* const observer_;
  const MatchStage stage_;
  Clock::time_point start_;
};

// What `work` returns, timed.
template <typename Work>
auto Timed(StageObserver* observer, MatchStage stage, const Work& work) {
  const StageTimer timer(observer, stage);
  return work();
}

}  // namespace dongxi
