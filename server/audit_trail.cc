#include "server/audit_trail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "absl/time/clock.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "server/audit_line.h"
#include "server/digest.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

constexpr absl::Duration kSyncEvery = absl::Seconds(1);
// The last line is looked for in so much of the end of a file; a line has 2 * kAuditNamesMax names at most.
constexpr size_t kTailBytes = 256 << 10;

absl::Status SystemError(const std::string& what) {
  const std::string message = what + ": " + std::strerror(errno);
  const bool is_full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  return is_full ? absl::ResourceExhaustedError(message) : absl::InternalError(message);
}

// The last whole line and what stands behind it, or all: lines may be longer than any guess.
absl::StatusOr<std::string> ReadTail(int fd, uint64_t bytes) {
  for (uint64_t wanted = kTailBytes;; wanted *= 2) {
    std::string tail(static_cast<size_t>(std::min(bytes, wanted)), '\0');
    const ssize_t got = ::pread(fd, tail.data(), tail.size(), static_cast<off_t>(bytes - tail.size()));
    if (got != static_cast<ssize_t>(tail.size())) return SystemError("the audit log cannot be read");
    const size_t end = tail.rfind('\n');
    const bool whole = end != std::string::npos && end > 0 && tail.rfind('\n', end - 1) != std::string::npos;
    if (whole || tail.size() == bytes) return tail;
  }
}

AuditEvent OwnEvent(const char* method, const std::string& what, absl::Time now) {
  AuditEvent event;
  event.time = now;
  event.method = method;
  event.code = what;
  return event;
}

}  // namespace

// The thread that syncs.
class AuditTrail::Syncer {
 public:
  explicit Syncer(AuditTrail* trail) : thread_([trail] { trail->SyncEverySecond(); }) {}
  ~Syncer() { thread_.join(); }

 private:
  std::thread thread_;
};

AuditTrail::AuditTrail(AuditOptions options) : options_(std::move(options)), last_hash_(AuditGenesisHash()) {}

absl::StatusOr<std::unique_ptr<AuditTrail>> AuditTrail::Open(const AuditOptions& options) {
  auto trail = std::unique_ptr<AuditTrail>(new AuditTrail(options));
  {
    const absl::MutexLock lock(&trail->mutex_);
    DX_RETURN_IF_ERROR(trail->Recover());
  }
  if (!options.sync_always) trail->syncer_ = std::make_unique<Syncer>(trail.get());
  return trail;
}

AuditTrail::~AuditTrail() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  syncer_.reset();
  const absl::MutexLock lock(&mutex_);
  if (fd_ < 0) return;
  (void)SyncLocked();  // Whoever must know asked Ready before.
  ::close(fd_);
}

absl::Status AuditTrail::OpenFile(const std::filesystem::path& file) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd_ < 0) return SystemError(file.string() + ": cannot be opened");
  struct stat info = {};
  if (::fstat(fd_, &info) != 0) return SystemError(file.string() + ": cannot be read");
  file_bytes_ = static_cast<uint64_t>(info.st_size);
  return SyncDirectory(options_.directory);
}

absl::Status AuditTrail::Recover() {
  std::error_code error;
  std::filesystem::create_directories(options_.directory, error);
  if (error) return absl::InternalError(options_.directory.string() + ": " + error.message());
  ::chmod(options_.directory.c_str(), 0700);
  const std::vector<std::filesystem::path> files = AuditFiles(options_.directory);
  const absl::Time now = absl::Now();
  if (files.empty()) {
    DX_RETURN_IF_ERROR(OpenFile(AuditFile(options_.directory, 1)));
    return CheckHead(now);
  }
  uint64_t cut = 0;
  for (size_t i = files.size(); i > 0; --i) {
    DX_RETURN_IF_ERROR(OpenFile(files[i - 1]));
    DX_RETURN_IF_ERROR(TakeLastLine(files[i - 1], &cut));
    if (sequence_ > 0 || i == 1) break;
    // No whole line came into this file: the one before it is continued.
    if (::unlink(files[i - 1].c_str()) != 0)
      return SystemError(files[i - 1].string() + ": cannot be removed");
  }
  if (cut > 0) DX_RETURN_IF_ERROR(AppendLocked(OwnEvent(kAuditCut, std::to_string(cut) + " bytes", now)));
  DX_RETURN_IF_ERROR(CheckHead(now));
  return RemoveOldFiles(now);  // the option may be a new one
}

absl::Status AuditTrail::TakeLastLine(const std::filesystem::path& file, uint64_t* cut) {
  DX_ASSIGN_OR_RETURN(const std::string tail, ReadTail(fd_, file_bytes_));
  const size_t end = tail.rfind('\n');
  const uint64_t torn = end == std::string::npos ? tail.size() : tail.size() - end - 1;
  if (torn > 0 && ::ftruncate(fd_, static_cast<off_t>(file_bytes_ - torn)) != 0)
    return SystemError(file.string() + ": cannot be cut");
  file_bytes_ -= torn;
  *cut += torn;
  if (end == std::string::npos) return absl::OkStatus();
  const size_t before = end == 0 ? std::string::npos : tail.rfind('\n', end - 1);
  const size_t start = before == std::string::npos ? 0 : before + 1;
  const std::string line = tail.substr(start, end - start);
  const absl::StatusOr<AuditLink> link = DecodeAuditLink(line);
  if (!link.ok()) {
    return absl::DataLossError(file.string() +
                               ": the last line is none of an audit log; move the folder away, keep it as "
                               "evidence, and start again");
  }
  sequence_ = link->sequence;
  last_hash_ = Sha256Hex(line);
  return absl::OkStatus();
}

absl::Status AuditTrail::CheckHead(absl::Time now) {
  DX_ASSIGN_OR_RETURN(const AuditHead head, ReadAuditHead(options_.directory));
  synced_sequence_ = head.sequence;
  const bool changed = head.sequence == sequence_ && head.sequence > 0 && head.hash != last_hash_;
  if (head.sequence <= sequence_ && !changed) return absl::OkStatus();
  return AppendLocked(OwnEvent(kAuditGap, "HEAD " + std::to_string(head.sequence) + " " + head.hash, now));
}

absl::Status AuditTrail::Append(const AuditEvent& event) {
  const absl::MutexLock lock(&mutex_);
  return AppendLocked(event);
}

absl::Status AuditTrail::AppendLocked(const AuditEvent& event) {
  const bool is_full = file_bytes_ > options_.file_bytes_max;
  absl::Status status;
  if (is_full) {
    status = SyncLocked();
    if (status.ok()) status = OpenFile(AuditFile(options_.directory, sequence_ + 1));
  }
  if (status.ok()) status = WriteEvent(event);
  if (!status.ok()) return Failed(status);
  failed_ = absl::OkStatus();
  // What cannot be removed now is tried again with the next file.
  if (is_full && !RemoveOldFiles(event.time).ok()) ++errors_;
  if (!options_.sync_always) return absl::OkStatus();
  status = SyncLocked();
  return status.ok() ? status : Failed(status);
}

absl::Status AuditTrail::Failed(const absl::Status& cause) {
  ++errors_;
  failed_ = WithReason(cause, "AUDIT_FAILED");
  return failed_;
}

absl::Status AuditTrail::WriteEvent(const AuditEvent& event) {
  const std::string line = EncodeAuditLine(event, sequence_ + 1, last_hash_, options_.key);
  DX_RETURN_IF_ERROR(WriteLine(line));
  ++sequence_;
  last_hash_ = Sha256Hex(line);
  return absl::OkStatus();
}

absl::Status AuditTrail::RemoveOldFiles(absl::Time now) {
  std::vector<std::filesystem::path> files = AuditFiles(options_.directory);
  const auto files_max = static_cast<size_t>(options_.files_max);
  if (files_max == 0 || files.size() <= files_max) return absl::OkStatus();
  // The line is on the disk before the first file goes: what is missing without it was taken by others.
  const std::filesystem::path& first_kept = files[files.size() - files_max];
  DX_RETURN_IF_ERROR(
      WriteEvent(OwnEvent(kAuditRemoved, AuditRemovedCode(AuditFirstSequence(first_kept)), now)));
  DX_RETURN_IF_ERROR(SyncLocked());
  files.resize(files.size() - files_max);
  for (const std::filesystem::path& file : files) {
    if (::unlink(file.c_str()) != 0) return SystemError(file.string() + ": cannot be removed");
  }
  return SyncDirectory(options_.directory);
}

absl::Status AuditTrail::WriteLine(const std::string& line) {
  const std::string bytes = line + "\n";
  size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t got = ::write(fd_, bytes.data() + written, bytes.size() - written);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      const absl::Status status = SystemError("the audit log cannot be written");
      // The part that went in must not stand before the next line.
      if (written > 0 && ::ftruncate(fd_, static_cast<off_t>(file_bytes_)) != 0)
        return SystemError("the audit log holds half a line");
      return status;
    }
    written += static_cast<size_t>(got);
  }
  file_bytes_ += bytes.size();
  return absl::OkStatus();
}

absl::Status AuditTrail::SyncLocked() {
  if (synced_sequence_ == sequence_) return absl::OkStatus();
  if (::fdatasync(fd_) != 0) return SystemError("the audit log cannot be made durable");
  DX_RETURN_IF_ERROR(
      WriteFileAtomically(options_.directory / kAuditHeadName, EncodeAuditHead({sequence_, last_hash_})));
  synced_sequence_ = sequence_;
  return absl::OkStatus();
}

void AuditTrail::SyncEverySecond() {
  const absl::MutexLock lock(&mutex_);
  while (!stopping_) {
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kSyncEvery);
    if (!SyncLocked().ok()) ++errors_;
  }
}

absl::Status AuditTrail::Ready(absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  if (failed_.ok()) return absl::OkStatus();
  if (options_.sync_always) {
    // Before a line more: each write that is refused would leave one behind.
    const absl::Status synced = SyncLocked();
    if (!synced.ok()) return Failed(synced);
  }
  return AppendLocked(OwnEvent(kAuditAgain, std::string(failed_.message()), now));
}

uint64_t AuditTrail::errors() const {
  const absl::MutexLock lock(&mutex_);
  return errors_;
}

}  // namespace dongxi
