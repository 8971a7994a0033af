#include "server/idle_thread.h"

#include <malloc.h>
#include <sched.h>

#include <exception>
#include <thread>

namespace dongxi {
namespace {

void YieldToAllOthers() {
  const sched_param none = {};
  (void)::sched_setscheduler(0, SCHED_IDLE,
                             &none);  // on failure the work competes: slower for others, not wrong
}

}  // namespace

void RunInIdleThread(bool idle, absl::FunctionRef<void()> work) {
  std::exception_ptr thrown;
  std::thread worker([&] {
    if (idle) YieldToAllOthers();
    try {
      work();
    } catch (...) {
      thrown = std::current_exception();
    }
  });
  worker.join();
  // What long work took and freed, glibc keeps for the next thread, a heap of its own for each: the server
  // would hold it for good. Not on the idle thread: this locks the heaps of all threads one after the other,
  // and who holds a lock must not wait for spare time.
  (void)::malloc_trim(0);
  if (thrown != nullptr) std::rethrow_exception(thrown);
}

}  // namespace dongxi
