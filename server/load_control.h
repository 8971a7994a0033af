// Admission control: how many calls of each cost may work at a time, and which wait. Thread-safe.
// Heavy calls share as many slots as there are cores, so that the machine works at its best however many ask;
// the others wait in order of arrival. Who could not be served in time is turned away at once, not after a
// wait. Of the streams, which stay open for as long as their callers like, one token gets a quarter at most.
#pragma once

#include <array>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/access.h"

namespace dongxi {

struct LoadOptions {
  int slots = 2;                                      // heavy calls at a time
  int queue_max = 128;                                // heavy calls that wait
  absl::Duration wait_max = absl::Milliseconds(500);  // estimated wait beyond which calls are turned away
  int light_max = 64;                                 // calls at a time, each without a queue
  int batch_max = 1;
  int long_max = 1;                                 // of kLong at a time …
  int long_waiting_max = 16;                        // … how many wait for them …
  absl::Duration long_wait_max = absl::Seconds(2);  // … and how long
  int stream_max = 64;
  int admin_max = 8;
  int probe_max = 64;  // far more than ask at a time: it bounds the threads alone
};

class LoadControl {
 public:
  explicit LoadControl(const LoadOptions& options);
  LoadControl(const LoadControl&) = delete;
  LoadControl& operator=(const LoadControl&) = delete;

  // The right to work, given back when it is destroyed. Movable; outlived by the LoadControl.
  class Permit {
   public:
    // `token`: whose share of the streams it is part of; empty: nobody's.
    Permit(LoadControl* control, Cost cost, absl::Time start, std::string token = "")
        : control_(control), cost_(cost), start_(start), token_(std::move(token)) {}
    Permit(Permit&& other) noexcept
        : control_(other.control_),
          cost_(other.cost_),
          start_(other.start_),
          token_(std::move(other.token_)) {
      other.control_ = nullptr;
    }
    Permit& operator=(Permit&&) = delete;
    ~Permit();

   private:
    LoadControl* control_;
    const Cost cost_;
    const absl::Time start_;
    std::string token_;
  };

  // Waits for a slot if there is hope to get one in time. Errors: ResourceExhausted with a reason and a delay
  // for another try, at once (of kLong after LoadOptions.long_wait_max); DeadlineExceeded if `deadline`
  // passed in the queue after all. `token`: id of the caller's; empty if he has none, and then no share
  // either.
  absl::StatusOr<Permit> Enter(Cost cost, absl::Time deadline, const std::string& token = "")
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Enter for a heavy call that has no thread to wait on: `entered` gets the permit or the error, on this
  // thread before EnterLater returns, or on the one whose heavy call ends. It must not block.
  using Entered = absl::AnyInvocable<void(absl::StatusOr<Permit>)>;
  void EnterLater(absl::Time deadline, Entered entered) ABSL_LOCKS_EXCLUDED(mutex_);

  struct Load {
    int running = 0;  // heavy calls
    int waiting = 0;
    double service_seconds = 0;  // what a heavy call takes, smoothed
  };
  Load load() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Waiter {
    absl::CondVar granted_changed;
    bool granted = false;
    // Of those without a thread, which are the queue's own; the others stand on their threads' stacks.
    Entered entered;
    absl::Time deadline;
  };
  using Passed = std::vector<std::unique_ptr<Waiter>>;

  absl::StatusOr<Permit> EnterQueue(absl::Time deadline) ABSL_LOCKS_EXCLUDED(mutex_);
  // Ok if a heavy call may wait; whether it may begin at once is in `free`, and then it runs already.
  absl::Status CheckQueue(absl::Time deadline, bool* free) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Gives the slot of a heavy call that ended to the next one that waits; false if nobody does. Those without
  // a thread come back to be told: all of `passed` that their deadline is over, `next` that it may begin.
  bool GrantNext(absl::Time now, Passed& passed, std::unique_ptr<Waiter>& next)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Permit> EnterLong(absl::Time deadline) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<Permit> EnterStream(const std::string& token) ABSL_LOCKS_EXCLUDED(mutex_);
  // Tells those without a thread whose deadline is over so: they shall not fill the queue.
  void TellPassed() ABSL_LOCKS_EXCLUDED(mutex_);
  // Of a call that would be the next to wait.
  absl::Duration WaitExpected() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Leave(Cost cost, absl::Time start, const std::string& token) ABSL_LOCKS_EXCLUDED(mutex_);
  int MaxOf(Cost cost) const;

  const LoadOptions options_;
  mutable absl::Mutex mutex_;
  std::array<int, 7> running_ ABSL_GUARDED_BY(mutex_) = {};  // by cost
  std::list<Waiter*> waiting_ ABSL_GUARDED_BY(mutex_);       // first come, first served
  int long_waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, int> streams_ ABSL_GUARDED_BY(mutex_);  // open ones by token
  double service_seconds_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dongxi
