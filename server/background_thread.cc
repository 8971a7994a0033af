#include "server/background_thread.h"

#include <sched.h>
#include <sys/resource.h>

#include <exception>
#include <thread>

namespace dongxi {
namespace {

// At 19 the share is 1.5 % beside one busy thread and 0.4 % beside four: a report of some minutes of drawing
// would take hours. At 10 it is 9.8 %, which the calls would feel.
constexpr int kNice = 15;

// Of this thread. On failure the work competes: slower for others, not wrong.
void GiveWay(ProcessorShare share) {
  const sched_param none = {};
  if (share == ProcessorShare::kIdle) (void)::sched_setscheduler(0, SCHED_IDLE, &none);
  if (share != ProcessorShare::kSmall) return;
  // A batch thread takes the processor from nobody when it wakes; on Linux a nice value is a thread's own.
  (void)::sched_setscheduler(0, SCHED_BATCH, &none);
  (void)::setpriority(PRIO_PROCESS, 0, kNice);
}

}  // namespace

void RunInBackground(ProcessorShare share, absl::FunctionRef<void()> work) {
  std::exception_ptr thrown;
  std::thread worker([&] {
    GiveWay(share);
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
