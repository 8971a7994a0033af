#include "server/idle_thread.h"

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
  if (thrown != nullptr) std::rethrow_exception(thrown);
}

}  // namespace dongxi
