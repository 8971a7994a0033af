#include "server/call_note.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "server/grpc_status.h"
#include "server/token.h"

namespace dongxi {
namespace {

constexpr char kPartial[] = "PARTIAL";
// Of a resource's name: longer ones are of nothing that there is.
constexpr size_t kNameBytesMax = 256;

std::string Bounded(std::string_view name) {
  if (name.size() <= kNameBytesMax) return std::string(name);
  size_t end = kNameBytesMax;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;  // within a character
  return std::string(name.substr(0, end)) + "…";
}

}  // namespace

absl::Status AuditFailure(const absl::Status& cause) {
  if (cause.ok()) return absl::OkStatus();
  // Without a reason it is a fault of our own.
  if (absl::IsResourceExhausted(cause)) return absl::ResourceExhaustedError(cause.message());
  const auto code = absl::IsUnavailable(cause) ? cause.code() : absl::StatusCode::kInternal;
  return WithReason(absl::Status(code, cause.message()), kAuditFailed);
}

absl::Status AuditFailureForCallers(const absl::Status& failure) {
  const bool before = absl::IsUnavailable(failure);
  return WithReason(
      absl::Status(failure.code(), before ? "the audit log cannot be written, so nothing may be changed"
                                          : "the audit log could not be written; what was asked for may have "
                                            "been done, but is not confirmed"),
      kAuditFailed);
}

void AuditedNote::MakeRoom(const std::vector<std::string>& names) {
  if (names.size() < kAuditNamesMax || audit_ == nullptr || !failed_.ok()) return;
  failed_ = Write(kPartial);
}

void AuditedNote::Touched(std::string_view name) {
  const absl::MutexLock lock(&mutex_);
  MakeRoom(event_.written);
  ++event_.written_total;
  if (event_.written.size() < kAuditNamesMax) event_.written.push_back(Bounded(name));
}

void AuditedNote::Disclosed(std::string_view name, Disclosure level) {
  const absl::MutexLock lock(&mutex_);
  MakeRoom(event_.disclosed);
  ++event_.disclosed_total;
  level_ = std::max(level_, level);
  if (event_.disclosed.size() < kAuditNamesMax) event_.disclosed.push_back(Bounded(name));
}

absl::Status AuditedNote::Commit() {
  const absl::MutexLock lock(&mutex_);
  DX_RETURN_IF_ERROR(failed_);
  if (audit_ == nullptr || event_.written_total + event_.disclosed_total == 0) return absl::OkStatus();
  return Write(kPartial);
}

absl::Status AuditedNote::Finish(const absl::Status& result) {
  const absl::MutexLock lock(&mutex_);
  if (audit_ == nullptr) return absl::OkStatus();
  if (!always_ && event_.written_total + event_.disclosed_total == 0) return absl::OkStatus();
  const absl::Status written = Write(absl::StatusCodeToString(result.code()));
  // What an earlier line was to hold is not known to be written down.
  return failed_.ok() ? written : failed_;
}

absl::Status AuditedNote::Write(std::string code) {
  event_.time = absl::Now();
  event_.code = std::move(code);
  if (event_.disclosed_total > 0) event_.level = DisclosureText(level_);
  const absl::Status written = audit_->Append(event_);
  if (!written.ok()) return AuditFailure(written);
  event_.written.clear();
  event_.disclosed.clear();
  event_.written_total = event_.disclosed_total = 0;
  level_ = Disclosure::kPublic;
  return absl::OkStatus();
}

}  // namespace dongxi
