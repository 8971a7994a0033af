// Collects what one call did and writes it to the audit log. Thread-safe, but for Finish.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "server/audit_trail.h"
#include "server/caller.h"

namespace dongxi {

// Reason of a call that ended because the audit log could not be written.
inline constexpr char kAuditFailed[] = "AUDIT_FAILED";

// What a call ends with whose line could not be written because of `cause`, for the log: a full disk is a
// fault of our own (STORAGE_FULL) like any other full disk, everything else AUDIT_FAILED. OK stays OK.
absl::Status AuditFailure(const absl::Status& cause);
// The same for the caller: `failure`, which has the reason kAuditFailed, with a fixed sentence.
absl::Status AuditFailureForCallers(const absl::Status& failure);

class AuditedNote final : public CallNote {
 public:
  // `audit` null: nothing is written. `call` holds who and which method. `always`: the call is written down
  // even if it named nothing, as a write that failed.
  AuditedNote(AuditTrail* audit, AuditEvent call, bool always)
      : audit_(audit), always_(always), event_(std::move(call)) {}

  void Touched(std::string_view name) override ABSL_LOCKS_EXCLUDED(mutex_);
  void Disclosed(std::string_view name, Disclosure level) override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Commit() override ABSL_LOCKS_EXCLUDED(mutex_);

  // The last line, with the result of the call. An error if an answer that discloses or acknowledges could
  // not be written down: then the caller must not get it.
  absl::Status Finish(const absl::Status& result) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Writes a line if `names` are as many as one may hold.
  void MakeRoom(const std::vector<std::string>& names) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Write(std::string code) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  AuditTrail* const audit_;
  const bool always_;
  absl::Mutex mutex_;
  AuditEvent event_ ABSL_GUARDED_BY(mutex_);
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);  // of a line that Touched or Disclosed could not write
  Disclosure level_ ABSL_GUARDED_BY(mutex_) = Disclosure::kPublic;
};

}  // namespace dongxi
