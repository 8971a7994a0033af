#include "engine/embed/guarded_embedder.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dongxi {
namespace {

class GuardedEmbedder final : public Embedder {
 public:
  GuardedEmbedder(std::shared_ptr<const Embedder> inner, EmbedderGuard guard)
      : inner_(std::move(inner)), guard_(std::move(guard)), rest_(guard_.rest_first) {}

  const std::string& model_id() const override { return inner_->model_id(); }
  int dim() const override { return inner_->dim(); }
  bool optional() const override { return true; }

  absl::StatusOr<Matrix> Embed(std::span<const EmbedInput> inputs, absl::Time deadline) const override {
    if (absl::Status resting = Enter(); !resting.ok()) {
      guard_.observe(/*answered=*/false, /*healthy=*/false);
      return resting;
    }
    const absl::Time now = guard_.now();
    const absl::Duration bound = std::min(guard_.call_max, (deadline - now) * guard_.deadline_share);
    absl::StatusOr<Matrix> answer = inner_->Embed(inputs, now + bound);
    const bool healthy = Leave(answer.status(), bound);
    guard_.observe(answer.ok(), healthy);
    return answer;
  }

 private:
  // Unavailable while the endpoint rests or its one trial after a rest is under way.
  absl::Status Enter() const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    if (failures_ < guard_.failures_max) return absl::OkStatus();
    if (guard_.now() < rests_until_ || trying_) {
      return absl::UnavailableError("the embedding service failed and is not asked again yet: " + problem_);
    }
    trying_ = true;
    return absl::OkStatus();
  }

  // False if the endpoint rests now.
  bool Leave(const absl::Status& status, absl::Duration bound) const ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    trying_ = false;
    if (status.ok()) {
      failures_ = 0;
      rest_ = guard_.rest_first;
      return true;
    }
    // A caller in a hurry says nothing of the endpoint.
    if (absl::IsDeadlineExceeded(status) && bound < guard_.call_max / 2)
      return failures_ < guard_.failures_max;
    problem_ = std::string(status.message());
    if (++failures_ < guard_.failures_max) return true;
    if (guard_.now() < rests_until_) return false;  // calls that were under way when another failed
    rests_until_ = guard_.now() + rest_;
    rest_ = std::min(2 * rest_, guard_.rest_max);
    return false;
  }

  const std::shared_ptr<const Embedder> inner_;
  const EmbedderGuard guard_;
  mutable absl::Mutex mutex_;
  mutable int failures_ ABSL_GUARDED_BY(mutex_) = 0;  // in a row
  mutable bool trying_ ABSL_GUARDED_BY(mutex_) = false;
  mutable absl::Time rests_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  mutable absl::Duration rest_ ABSL_GUARDED_BY(mutex_);
  mutable std::string problem_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::shared_ptr<const Embedder> NewGuardedEmbedder(std::shared_ptr<const Embedder> inner,
                                                   EmbedderGuard guard) {
  return std::make_shared<const GuardedEmbedder>(std::move(inner), std::move(guard));
}

}  // namespace dongxi
