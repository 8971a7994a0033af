#include "server/operations.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <exception>
#include <utility>

#include "engine/base/status_macros.h"
#include "server/convert.h"
#include "server/grpc_status.h"
#include "server/operation_state.h"
#include "server/own_fault.h"

namespace dongxi {
namespace {

using google::longrunning::Operation;
using google::protobuf::Any;
using storage::StoredOperation;

constexpr char kNamePrefix[] = "operations/";
// When a caller who found too many waiters before him may ask again.
constexpr absl::Duration kWaiterRetry = absl::Seconds(10);
// How often an idle worker looks for operations that have expired, and a waiting call whether its caller has
// gone.
constexpr absl::Duration kPurgeInterval = absl::Minutes(10);
constexpr absl::Duration kGoneInterval = absl::Milliseconds(200);

std::string NameOf(const std::string& id) { return kNamePrefix + id; }

std::string IdOf(const std::string& name) {
  constexpr size_t kPrefixBytes = sizeof(kNamePrefix) - 1;
  return name.compare(0, kPrefixBytes, kNamePrefix) == 0 ? name.substr(kPrefixBytes) : "";
}

absl::Status NoSuch(const std::string& name) {
  return absl::NotFoundError(name + ": there is no such operation; ended ones are kept for some days");
}

// The error as a call would have told it, with the details of AIP-193.
google::rpc::Status ErrorOf(const absl::Status& status) {
  google::rpc::Status error;
  error.ParseFromString(ToGrpc(status).error_details());
  return error;
}

absl::StatusOr<Any> RunJob(const OperationJob& job, const Any& request, OperationContext& context) {
  try {
    return job(request, context);
  } catch (const std::exception& error) {  // Libraries below us can throw, std::bad_alloc for one.
    return absl::InternalError(std::string("unexpected: ") + error.what());
  }
}

}  // namespace

void OperationContext::Progress(double fraction, std::string stage) {
  runner_->NoteProgress(name, fraction, std::move(stage));
}

void OperationContext::Fault(const absl::Status& status) const {
  runner_->log_->Error(name + ": " + std::string(status.message()));
}

OperationRunner::OperationRunner(OperationRunnerOptions options, Catalogue* catalogue, const OperatorLog* log)
    : options_(std::move(options)), catalogue_(catalogue), log_(log) {}

OperationRunner::~OperationRunner() { Stop(); }

void OperationRunner::Register(std::string kind, OperationJob job, OperationAudience audience,
                               OperationLane lane) {
  kinds_[std::move(kind)] = {std::move(job), audience, lane};
}

absl::Status OperationRunner::Run() {
  std::vector<std::pair<std::string, StoredOperation>> found;
  DX_RETURN_IF_ERROR(
      catalogue_->ScanTable(Table::kOperations, "", [&](std::string_view key, std::string_view value) {
        StoredOperation stored;
        if (stored.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
          found.emplace_back(key, std::move(stored));
        } else {
          log_->Error("operation " + std::string(key) + " cannot be read and is passed over");
        }
        return true;
      }));
  {
    const absl::MutexLock lock(&mutex_);
    for (auto& [id, stored] : found) DX_RETURN_IF_ERROR(Adopt(id, std::move(stored)));
    PurgeExpired();
  }
  for (int i = 0; i < std::max(1, options_.workers); ++i)
    workers_.emplace_back([this] { Work(OperationLane::kMain); });
  for (const OperationLane lane : {OperationLane::kReports, OperationLane::kPlans}) {
    const bool used = std::any_of(kinds_.begin(), kinds_.end(),
                                  [lane](const auto& kind) { return kind.second.lane == lane; });
    if (used) workers_.emplace_back([this, lane] { Work(lane); });
  }
  return absl::OkStatus();
}

// What an earlier server left.
absl::Status OperationRunner::Adopt(const std::string& id, StoredOperation stored) {
  last_id_ = std::max<uint64_t>(last_id_, std::strtoull(id.c_str(), nullptr, 16));
  Entry entry;
  entry.stored = std::move(stored);
  v1::OperationMetadata& metadata = *entry.stored.mutable_metadata();
  const bool left = !HasEnded(entry.stored);
  if (left && options_.resume) {
    const bool ran = metadata.state() == v1::OperationMetadata::RUNNING;
    if (metadata.cancel_requested()) {
      End(&entry.stored, absl::CancelledError("cancelled"));
    } else if (!kinds_.contains(metadata.kind())) {
      End(&entry.stored,
          absl::FailedPreconditionError("this server does not know the kind " + metadata.kind()));
    } else if (ran && metadata.attempts() >= options_.attempts_max) {
      End(&entry.stored,
          WithReason(absl::AbortedError("given up: the server ended " + std::to_string(metadata.attempts()) +
                                        " times while this ran"),
                     "ATTEMPTS_EXHAUSTED"));
    } else {
      metadata.set_state(v1::OperationMetadata::QUEUED);
      queue_.push_back(id);
    }
    log_->Info(NameOf(id) + " (" + metadata.kind() +
               ") was left by an earlier server: " + (HasEnded(entry.stored) ? "ended" : "starts again"));
    DX_RETURN_IF_ERROR(Save(id, entry.stored));
  }
  entry.stored.clear_response();
  entries_[id] = std::move(entry);
  return absl::OkStatus();
}

void OperationRunner::BeginStop() {
  const absl::MutexLock lock(&mutex_);
  stopping_ = true;
  for (auto& [id, entry] : entries_) {
    if (entry.running != nullptr) entry.running->cancelled_ = true;
  }
}

void OperationRunner::Stop() {
  BeginStop();
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
}

absl::Status OperationRunner::Save(const std::string& id, const StoredOperation& stored,
                                   std::vector<TablePut> also) const {
  also.push_back({Table::kOperations, id, stored.SerializeAsString()});
  const auto plan = [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
    return WriteBatch{.upserts = {}, .deletes = {}, .undeletes = {}, .puts = std::move(also)};
  };
  return catalogue_->Write(plan, absl::ToUnixMicros(options_.now())).status();
}

absl::Status OperationRunner::Forget(const std::vector<std::string>& ids) const {
  return catalogue_
      ->Write(
          [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
            WriteBatch batch;
            for (const std::string& id : ids) batch.puts.push_back({Table::kOperations, id, std::nullopt});
            return batch;
          },
          absl::ToUnixMicros(options_.now()))
      .status();
}

void OperationRunner::PurgeExpired() {
  const absl::Time now = options_.now();
  std::vector<std::string> expired;
  for (const auto& [id, entry] : entries_) {
    if (HasEnded(entry.stored) && TimeOf(entry.stored.metadata().expire_time()) <= now) expired.push_back(id);
  }
  if (expired.empty()) return;
  for (const std::string& id : expired) entries_.erase(id);
  const absl::Status forgotten = Forget(expired);
  if (!forgotten.ok()) log_->Warning("expired operations stay until the next start: " + forgotten.ToString());
}

const OperationRunner::Entry* OperationRunner::Repeated(const Caller& caller,
                                                        const std::string& request_id) const {
  if (request_id.empty()) return nullptr;
  const absl::Time oldest = options_.now() - options_.repeat;
  for (const auto& [id, entry] : entries_) {
    if (CanonicalRequestId(entry.stored.request_id()) == request_id &&
        entry.stored.tenant() == caller.tenant() && TimeOf(entry.stored.metadata().create_time()) > oldest) {
      return &entry;
    }
  }
  return nullptr;
}

absl::StatusOr<std::string> OperationRunner::Add(StoredOperation stored, std::vector<TablePut> also) {
  last_id_ = std::max(last_id_ + 1, static_cast<uint64_t>(absl::ToUnixMicros(options_.now())));
  char id[24];
  std::snprintf(id, sizeof(id), "%016" PRIx64, last_id_);
  DX_RETURN_IF_ERROR(Save(id, stored, std::move(also)));
  entries_[id].stored = std::move(stored);
  queue_.push_back(id);
  return std::string(id);
}

absl::StatusOr<Operation> OperationRunner::Start(std::string kind, Any request, const Caller& caller,
                                                 const std::string& request_id, std::vector<TablePut> also) {
  const auto known = kinds_.find(kind);
  if (known == kinds_.end()) return absl::InvalidArgumentError("unknown kind of operation: " + kind);
  StoredOperation stored;
  stored.mutable_metadata()->set_kind(kind);
  stored.mutable_metadata()->set_state(v1::OperationMetadata::QUEUED);
  EncodeTime(options_.now(), stored.mutable_metadata()->mutable_create_time());
  *stored.mutable_request() = std::move(request);
  stored.set_tenant(caller.tenant());
  stored.set_administration(known->second.audience == OperationAudience::kAdministration);
  stored.set_token_id(caller.token_id);
  stored.set_request_id(CanonicalRequestId(request_id));
  std::string name;
  {
    const absl::MutexLock lock(&mutex_);
    if (stopping_) return absl::UnavailableError("the server is shutting down; try again later");
    PurgeExpired();
    if (const Entry* earlier = Repeated(caller, stored.request_id()); earlier != nullptr) {
      DX_RETURN_IF_ERROR(CheckRepeat(earlier->stored, stored));
      for (const auto& [id, entry] : entries_) {
        if (&entry == earlier) name = NameOf(id);
      }
    } else {
      DX_RETURN_IF_ERROR(CheckQueue(known->second.lane, caller));
      DX_ASSIGN_OR_RETURN(const std::vector<std::string> replaced, ReplacedBy(stored));
      for (const std::string& old : replaced) also.push_back({Table::kOperations, old, std::nullopt});
      DX_ASSIGN_OR_RETURN(const std::string id, Add(std::move(stored), std::move(also)));
      for (const std::string& old : replaced) entries_.erase(old);
      name = NameOf(id);
    }
  }
  return Get(name, caller);
}

bool OperationRunner::Shows(const Entry& entry, const Caller& caller) const {
  if (IsDeleted(entry.stored)) return false;
  if (HasEnded(entry.stored) && TimeOf(entry.stored.metadata().expire_time()) <= options_.now()) return false;
  if (entry.stored.administration()) return caller.may_admin;
  return caller.viewer.all_tenants || entry.stored.tenant() == caller.tenant();
}

const OperationRunner::Entry* OperationRunner::Find(const std::string& name, const Caller& caller) const {
  const auto found = entries_.find(IdOf(name));
  return found != entries_.end() && Shows(found->second, caller) ? &found->second : nullptr;
}

// Without the lock: responses can be large.
absl::StatusOr<Operation> OperationRunner::WithResponse(const std::string& name, Entry entry,
                                                        const Caller& caller) const {
  Operation operation;
  operation.set_name(name);
  operation.mutable_metadata()->PackFrom(entry.stored.metadata());
  operation.set_done(HasEnded(entry.stored));
  if (!operation.done()) return operation;
  if (entry.stored.metadata().state() != v1::OperationMetadata::SUCCEEDED) {
    *operation.mutable_error() =
        caller.may_admin ? entry.stored.error() : ForCallers(entry.stored.error(), name);
    return operation;
  }
  if (!entry.stored.has_response()) {
    DX_ASSIGN_OR_RETURN(const std::optional<std::string> value,
                        catalogue_->GetTable(Table::kOperations, IdOf(name)));
    if (!value) return NoSuch(name);  // expired or deleted in between
    if (!entry.stored.ParseFromString(*value)) return absl::DataLossError(name + ": cannot be read");
  }
  *operation.mutable_response() = entry.stored.response();
  return operation;
}

absl::StatusOr<Operation> OperationRunner::Get(const std::string& name, const Caller& caller) const {
  Entry entry;
  {
    const absl::MutexLock lock(&mutex_);
    const Entry* found = Find(name, caller);
    if (found == nullptr) return NoSuch(name);
    entry = *found;
  }
  return WithResponse(name, std::move(entry), caller);
}

absl::StatusOr<std::vector<Operation>> OperationRunner::List(
    absl::FunctionRef<bool(const v1::OperationMetadata&)> filter, const std::string& after, size_t limit,
    const Caller& caller, bool* more) const {
  *more = false;
  std::vector<std::pair<std::string, Entry>> page;
  {
    const absl::MutexLock lock(&mutex_);
    auto it = after.empty() ? entries_.end() : entries_.lower_bound(after);
    while (it != entries_.begin() && !*more) {
      --it;
      if (!Shows(it->second, caller) || !filter(it->second.stored.metadata())) continue;
      if (page.size() == limit) {
        *more = true;
      } else {
        page.emplace_back(it->first, it->second);
      }
    }
  }
  std::vector<Operation> operations;
  for (auto& [id, entry] : page) {
    absl::StatusOr<Operation> operation = WithResponse(NameOf(id), std::move(entry), caller);
    if (absl::IsNotFound(operation.status())) continue;
    if (!operation.ok()) return operation.status();
    operations.push_back(*std::move(operation));
  }
  return operations;
}

absl::Status OperationRunner::Cancel(const std::string& name, const Caller& caller) {
  const absl::MutexLock lock(&mutex_);
  if (Find(name, caller) == nullptr) return NoSuch(name);
  const std::string id = IdOf(name);
  Entry& entry = entries_[id];
  if (HasEnded(entry.stored)) return absl::OkStatus();
  StoredOperation next = entry.stored;
  next.mutable_metadata()->set_cancel_requested(true);
  if (entry.running == nullptr) End(&next, absl::CancelledError("cancelled before it started"));
  DX_RETURN_IF_ERROR(Save(id, next));
  entry.stored = std::move(next);
  if (entry.running != nullptr) {
    entry.running->cancelled_ = true;
  } else {
    queue_.erase(std::remove(queue_.begin(), queue_.end(), id), queue_.end());
  }
  return absl::OkStatus();
}

absl::Status OperationRunner::Delete(const std::string& name, const Caller& caller) {
  const absl::MutexLock lock(&mutex_);
  const Entry* found = Find(name, caller);
  if (found == nullptr) return NoSuch(name);
  if (!HasEnded(found->stored)) return NotEnded(name);
  const std::string id = IdOf(name);
  const absl::Time until = TimeOf(found->stored.metadata().create_time()) + options_.repeat;
  if (found->stored.request_id().empty() || until <= options_.now()) {
    DX_RETURN_IF_ERROR(Forget({id}));
    entries_.erase(id);
    return absl::OkStatus();
  }
  StoredOperation rest = RestOfDeleted(found->stored, until);
  DX_RETURN_IF_ERROR(Save(id, rest));
  entries_[id].stored = std::move(rest);
  return absl::OkStatus();
}

absl::StatusOr<Operation> OperationRunner::Wait(const std::string& name, absl::Time deadline,
                                                const std::function<bool()>& gone, const Caller& caller) {
  const auto over = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    const Entry* found = Find(name, caller);
    return stopping_ || found == nullptr || HasEnded(found->stored);
  };
  bool ended = false;
  {
    const absl::MutexLock lock(&mutex_);
    ended = over();
    if (!ended && waiters_ >= options_.waiters_max) {
      return WithRetry(WithReason(absl::ResourceExhaustedError("too many calls wait; ask with GetOperation"),
                                  "TOO_MANY_WAITERS"),
                       kWaiterRetry);
    }
    ++waiters_;
  }
  for (absl::Time now = absl::Now(); !ended && now < deadline && !gone(); now = absl::Now()) {
    ended = mutex_.LockWhenWithDeadline(absl::Condition(&over), std::min(deadline, now + kGoneInterval));
    mutex_.Unlock();
  }
  mutex_.Lock();
  --waiters_;
  mutex_.Unlock();
  return Get(name, caller);
}

void OperationRunner::NoteProgress(const std::string& name, double fraction, std::string stage) {
  const absl::MutexLock lock(&mutex_);
  const auto found = entries_.find(IdOf(name));
  if (found == entries_.end() || found->second.running == nullptr) return;
  v1::OperationMetadata& metadata = *found->second.stored.mutable_metadata();
  metadata.set_progress(std::clamp(fraction, metadata.progress(), 1.0));
  metadata.set_stage(std::move(stage));
}

OperationLane OperationRunner::LaneOf(const std::string& id) const {
  return kinds_.at(entries_.at(id).stored.metadata().kind()).lane;
}

size_t OperationRunner::WaitingIn(OperationLane lane) const {
  size_t waiting = 0;
  for (const std::string& id : queue_) waiting += LaneOf(id) == lane ? 1 : 0;
  return waiting;
}

bool OperationRunner::TakeNext(OperationLane lane, std::string* id,
                               std::shared_ptr<OperationContext>* context, OperationJob* job, Any* request) {
  const absl::MutexLock lock(&mutex_);
  const auto called = [this, lane]()
                          ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || WaitingIn(lane) > 0; };
  while (!mutex_.AwaitWithTimeout(absl::Condition(&called), kPurgeInterval)) PurgeExpired();
  if (stopping_) return false;
  const auto next = std::find_if(queue_.begin(), queue_.end(),
                                 [&](const std::string& waiting)
                                     ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return LaneOf(waiting) == lane; });
  *id = *next;
  queue_.erase(next);
  Entry& entry = entries_[*id];
  v1::OperationMetadata& metadata = *entry.stored.mutable_metadata();
  metadata.set_state(v1::OperationMetadata::RUNNING);
  metadata.set_attempts(metadata.attempts() + 1);
  metadata.set_progress(0);
  metadata.clear_stage();
  EncodeTime(options_.now(), metadata.mutable_start_time());
  // Before the work: a crash of the server in it must count.
  if (const absl::Status saved = Save(*id, entry.stored); !saved.ok()) {
    log_->Warning(NameOf(*id) + " starts without a note on disk: " + saved.ToString());
  }
  entry.running.reset(new OperationContext(NameOf(*id), this));
  *context = entry.running;
  *job = kinds_.at(metadata.kind()).job;
  *request = entry.stored.request();
  return true;
}

void OperationRunner::Work(OperationLane lane) {
  std::string id;
  std::shared_ptr<OperationContext> context;
  OperationJob job;
  Any request;
  while (TakeNext(lane, &id, &context, &job, &request)) Finish(id, RunJob(job, request, *context));
}

void OperationRunner::End(StoredOperation* stored, const absl::StatusOr<Any>& result) const {
  v1::OperationMetadata& metadata = *stored->mutable_metadata();
  const absl::Time now = options_.now();
  EncodeTime(now, metadata.mutable_end_time());
  EncodeTime(now + options_.keep, metadata.mutable_expire_time());
  ForgetRequest(stored);
  if (result.ok()) {
    metadata.set_state(v1::OperationMetadata::SUCCEEDED);
    metadata.set_progress(1);
    *stored->mutable_response() = *result;
    return;
  }
  metadata.set_state(absl::IsCancelled(result.status()) ? v1::OperationMetadata::CANCELLED
                                                        : v1::OperationMetadata::FAILED);
  *stored->mutable_error() = ErrorOf(result.status());
}

// Messages can hold what the caller sent, as a filter: only those of our own faults come into the log.
void OperationRunner::TellEnd(const std::string& id, const std::string& kind,
                              const absl::Status& status) const {
  std::string line = NameOf(id) + " (" + kind + ") ended: " + absl::StatusCodeToString(status.code());
  if (IsOwnFault(status)) {
    log_->Error(line + ": " + std::string(status.message()));
  } else {
    log_->Info(HasReason(status) ? line + " " + ReasonOf(status) : line);
  }
}

absl::Status OperationRunner::SaveEnded(const std::string& id, Entry* entry) {
  const absl::Status saved = Save(id, entry->stored);
  if (saved.ok()) entry->stored.clear_response();  // read from the table from now on
  return saved;
}

void OperationRunner::Finish(const std::string& id, const absl::StatusOr<Any>& result) {
  const absl::MutexLock lock(&mutex_);
  Entry& entry = entries_[id];
  entry.running = nullptr;
  v1::OperationMetadata& metadata = *entry.stored.mutable_metadata();
  absl::Status saved;
  if (stopping_ && absl::IsCancelled(result.status()) && !metadata.cancel_requested()) {
    // The end of the server is no crash: the next one starts it again, at the same count.
    metadata.set_state(v1::OperationMetadata::QUEUED);
    metadata.set_attempts(metadata.attempts() - 1);
    saved = Save(id, entry.stored);
  } else {
    End(&entry.stored, result);
    saved = SaveEnded(id, &entry);
    TellEnd(id, metadata.kind(), result.status());
  }
  if (!saved.ok()) log_->Error(NameOf(id) + ": its end is not on disk: " + saved.ToString());
}

}  // namespace dongxi
