#include "server/worker_pool.h"

#include <utility>

namespace dongxi {

WorkerPool::WorkerPool(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

WorkerPool::~WorkerPool() {
  {
    const absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  given_.SignalAll();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::Give(Work work) {
  {
    const absl::MutexLock lock(&mutex_);
    works_.push_back(std::move(work));
  }
  given_.Signal();
}

void WorkerPool::Run() {
  while (true) {
    Work work;
    {
      const absl::MutexLock lock(&mutex_);
      while (works_.empty() && !ending_) given_.Wait(&mutex_);
      if (works_.empty()) return;
      work = std::move(works_.front());
      works_.pop_front();
    }
    std::move(work)();
  }
}

}  // namespace dongxi
