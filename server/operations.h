// Long-running operations (AIP-151): jobs that outlive the call that starts them, and the server that runs
// them. Kept in the catalogue's table of operations (docs/format/operations.md). Thread-safe.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "dongxi/storage/operation.pb.h"
#include "google/longrunning/operations.pb.h"
#include "google/protobuf/any.pb.h"
#include "server/caller.h"
#include "server/operator_log.h"
#include "store/catalogue.h"

namespace dongxi {

class OperationRunner;

// What a job knows of the operation that it works for. Any thread of the job.
class OperationContext {
 public:
  // Share done of the whole, 0 to 1, and what is done now, a word of the kind's own ("embed"). Cheap: call it
  // often.
  void Progress(double fraction, std::string stage);
  // Tells the operator's log of a fault of our own (own_fault.h) that does not end the job.
  void Fault(const absl::Status& status) const;
  // True once the job should end soon with CancelledError: a caller or the server's end wants it.
  bool Cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

  const std::string name;  // "operations/…"

 private:
  friend class OperationRunner;
  OperationContext(std::string operation, OperationRunner* runner)
      : name(std::move(operation)), runner_(runner) {}

  OperationRunner* const runner_;
  std::atomic<bool> cancelled_{false};
};

// Works on `request` and returns the response. It may run again from its beginning after a crash or a restart
// in the middle: what it leaves behind must bear that.
using OperationJob = std::function<absl::StatusOr<google::protobuf::Any>(const google::protobuf::Any& request,
                                                                         OperationContext&)>;

// Who sees the operations of a kind: the tenant of the caller who started one, or tokens of the
// administration.
enum class OperationAudience { kTenant, kAdministration };

// Where a kind waits for its turn: a long report keeps no build and no backup waiting, and a build, which may
// take as long as the processor is busy with matches, no plan.
enum class OperationLane { kMain, kReports, kPlans };

struct OperationRunnerOptions {
  int workers = 1;           // jobs of the main lane at a time; of others one
  int queue_max = 32;        // operations of a lane that wait; more are refused
  int queue_tenant_max = 8;  // of one tenant among them, so that it does not keep others out; the operator
                             // may fill the lane
  // Ended ones of a tenant that are kept, those of the administration by themselves: the oldest go for a new
  // one. Not those whose request_id still gives the same operation, also after a deletion: a new one beyond
  // so many is refused.
  int ended_max = 1'000;
  int attempts_max = 3;  // an operation that ran at so many crashes of the server is failed
  int waiters_max = 16;  // calls in Wait: each holds a thread of the server
  absl::Duration keep = absl::Hours(7 * 24);  // of ended ones
  absl::Duration repeat = absl::Hours(24);    // how long a request_id gives the same operation
  // False: what an earlier server left is shown as it stands, neither begun nor ended: a copy builds nothing.
  bool resume = true;
  std::function<absl::Time()> now = &absl::Now;
};

class OperationRunner {
 public:
  // `catalogue` and `log` outlive the runner.
  OperationRunner(OperationRunnerOptions options, Catalogue* catalogue, const OperatorLog* log);
  ~OperationRunner();  // as Stop
  OperationRunner(const OperationRunner&) = delete;
  OperationRunner& operator=(const OperationRunner&) = delete;

  // Before Run. Each kind once.
  void Register(std::string kind, OperationJob job, OperationAudience audience = OperationAudience::kTenant,
                OperationLane lane = OperationLane::kMain);
  // Reads what an earlier server left: what waited or ran is started again, what ran at `attempts_max`
  // crashes is failed (but see `resume`). Then starts the workers. Call once. Errors: those of the catalogue.
  absl::Status Run() ABSL_LOCKS_EXCLUDED(mutex_);
  // Cancels running jobs and leaves them in the table to be started again. Further calls of Start fail with
  // UNAVAILABLE; waiting ones return.
  void BeginStop() ABSL_LOCKS_EXCLUDED(mutex_);
  // BeginStop, then waits for the jobs.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  // Durable when it returns. With a `request_id` (a UUID in any case of letters) the tenant's earlier
  // operation of that id, if there is one of the last 24 hours. InvalidArgument: an unknown kind, or an id
  // used for another kind or request (REQUEST_ID_REUSED). FailedPrecondition: that operation was deleted
  // (OPERATION_DELETED). ResourceExhausted (TOO_MANY_OPERATIONS, with a delay until another try): too many
  // wait, in all or of the tenant, or too many of its ended ones must be kept. What comes with a new
  // operation, `also`, is written in one step with it and before its job can begin; nothing of it where there
  // is none.
  absl::StatusOr<google::longrunning::Operation> Start(std::string kind, google::protobuf::Any request,
                                                       const Caller& caller,
                                                       const std::string& request_id = "",
                                                       std::vector<TablePut> also = {})
      ABSL_LOCKS_EXCLUDED(mutex_);
  // True if an operation of the kind waits or runs.
  bool Busy(const std::string& kind) const ABSL_LOCKS_EXCLUDED(mutex_);
  // For each registered kind how long the one that has run longest runs, counted from this server's start of
  // it; zero if none runs.
  std::map<std::string, absl::Duration> OldestRunning() const ABSL_LOCKS_EXCLUDED(mutex_);

  // The methods of google.longrunning.Operations. `name` is "operations/…"; NotFound also for what the caller
  // must not see.
  absl::StatusOr<google::longrunning::Operation> Get(const std::string& name, const Caller& caller) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Operations that `filter` takes, newest first, of those created before the one named `after` (empty: from
  // the newest), at most `limit`. `more` is set if others follow.
  absl::StatusOr<std::vector<google::longrunning::Operation>> List(
      absl::FunctionRef<bool(const v1::OperationMetadata&)> filter, const std::string& after, size_t limit,
      const Caller& caller, bool* more) const ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Cancel(const std::string& name, const Caller& caller) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Delete(const std::string& name, const Caller& caller) ABSL_LOCKS_EXCLUDED(mutex_);
  // Returns when it has ended, at `deadline`, or when `gone`, asked several times a second and outside any
  // lock, says that nobody waits any more.
  absl::StatusOr<google::longrunning::Operation> Wait(const std::string& name, absl::Time deadline,
                                                      const std::function<bool()>& gone, const Caller& caller)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  friend class OperationContext;
  struct Kind {
    OperationJob job;
    OperationAudience audience = OperationAudience::kTenant;
    OperationLane lane = OperationLane::kMain;
  };
  // An operation without its response, which may be large and is read from the table.
  struct Entry {
    storage::StoredOperation stored;
    std::shared_ptr<OperationContext> running;  // null unless a worker has it
  };

  absl::Status Adopt(const std::string& id, storage::StoredOperation stored)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::string> Add(storage::StoredOperation stored, std::vector<TablePut> also)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Save(const std::string& id, const storage::StoredOperation& stored,
                    std::vector<TablePut> also = {}) const;
  absl::Status Forget(const std::vector<std::string>& ids) const;
  void PurgeExpired() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Work(OperationLane lane) ABSL_LOCKS_EXCLUDED(mutex_);
  OperationLane LaneOf(const std::string& id) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  size_t WaitingIn(OperationLane lane) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  absl::Status CheckQueue(OperationLane lane, const Caller& caller) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // Ids of the ended ones that `next` takes the place of.
  absl::StatusOr<std::vector<std::string>> ReplacedBy(const storage::StoredOperation& next) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool TakeNext(OperationLane lane, std::string* id, std::shared_ptr<OperationContext>* context,
                OperationJob* job, google::protobuf::Any* request) ABSL_LOCKS_EXCLUDED(mutex_);
  void Finish(const std::string& id, const absl::StatusOr<google::protobuf::Any>& result)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void End(storage::StoredOperation* stored, const absl::StatusOr<google::protobuf::Any>& result) const;
  void TellEnd(const std::string& id, const std::string& kind, const absl::Status& status) const;
  // Saves an ended operation, and drops its response from memory.
  absl::Status SaveEnded(const std::string& id, Entry* entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void NoteProgress(const std::string& name, double fraction, std::string stage) ABSL_LOCKS_EXCLUDED(mutex_);
  const Entry* Find(const std::string& name, const Caller& caller) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  const Entry* Repeated(const Caller& caller, const std::string& request_id) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<google::longrunning::Operation> WithResponse(const std::string& name, Entry entry,
                                                              const Caller& caller) const;
  bool Shows(const Entry& entry, const Caller& caller) const;

  const OperationRunnerOptions options_;
  Catalogue* const catalogue_;
  const OperatorLog* const log_;
  std::map<std::string, Kind> kinds_;  // fixed from Run on

  mutable absl::Mutex mutex_;
  std::map<std::string, Entry> entries_ ABSL_GUARDED_BY(mutex_);  // by id: the order of creation
  std::deque<std::string> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  int waiters_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::thread> workers_;
};

}  // namespace dongxi
