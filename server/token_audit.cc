#include "server/token_audit.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

// Lines in the order of what happened: behind one that cannot be written the later ones wait. Thread-safe.
class Lines {
 public:
  // Both outlive it.
  Lines(AuditTrail* audit, const OperatorLog* log) : audit_(audit), log_(log) {}

  void Add(const char* method, std::span<const std::string> ids) ABSL_LOCKS_EXCLUDED(mutex_) {
    AuditEvent event;
    event.time = absl::Now();
    event.method = method;
    event.code = "OK";
    for (const std::string& id : ids) event.written.push_back("tokens/" + id);
    event.written_total = event.written.size();
    const absl::MutexLock lock(&mutex_);
    waiting_.push_back(std::move(event));
    const absl::Status written = Write();
    if (!written.ok()) {
      log_->Error(std::string(method) + " is not in the audit log yet: " + std::string(written.message()));
    }
  }

  void Retry() ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    if (waiting_.empty() || !audit_->Ready(absl::Now()).ok()) return;
    if (Write().ok()) log_->Info("what changed of the tokens is in the audit log now");
  }

 private:
  absl::Status Write() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    while (!waiting_.empty()) {
      DX_RETURN_IF_ERROR(audit_->Append(waiting_.front()));
      waiting_.pop_front();
    }
    return absl::OkStatus();
  }

  AuditTrail* const audit_;
  const OperatorLog* const log_;
  absl::Mutex mutex_;
  std::deque<AuditEvent> waiting_ ABSL_GUARDED_BY(mutex_);
};

void Append(const char* method, std::span<const std::string> ids, Lines* lines) {
  for (size_t done = 0; done < ids.size(); done += kAuditNamesMax)
    lines->Add(method, ids.subspan(done, std::min<size_t>(kAuditNamesMax, ids.size() - done)));
}

}  // namespace

void AuditTokens(TokenStore* tokens, AuditTrail* audit, const OperatorLog* log) {
  const auto lines = std::make_shared<Lines>(audit, log);
  const std::vector<std::string> valid = tokens->ValidIds(absl::Now());
  Append(kTokensValid, valid, lines.get());
  if (valid.empty()) lines->Add(kTokensValid, {});  // that all were revoked is told too
  tokens->OnChange([lines](const TokenChanges& changes) {
    Append(kTokensAdded, changes.added, lines.get());
    Append(kTokensRevoked, changes.revoked, lines.get());
    Append(kTokensRemoved, changes.removed, lines.get());
    Append(kTokensAltered, changes.altered, lines.get());
  });
  tokens->OnLook([lines] { lines->Retry(); });
}

}  // namespace dongxi
