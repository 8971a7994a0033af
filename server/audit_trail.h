// The audit log, DATA/audit/audit-*.jsonl: who wrote what and who saw what is not public
// (docs/format/audit.md). Each line names the SHA-256 of the line before it, over the files of a rotation
// too; with a key it carries an HMAC as well. Thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace dongxi {

inline constexpr char kAuditFolderName[] = "audit";
// Names that one line keeps of each kind. What names more takes several lines (call_note.h).
inline constexpr size_t kAuditNamesMax = 100;

struct AuditOptions {
  std::filesystem::path directory;     // made if missing, mode 0700
  std::string key;                     // of the HMAC; empty: none
  uint64_t file_bytes_max = 64 << 20;  // a new file is begun beyond
  // Files that stay: when one more begins, a line says so and the oldest are removed. 0: all stay.
  int files_max = 0;
  // True: a line is on the disk before its answer leaves. False: it is in the system's hands (it survives the
  // end of the server, not a power cut) and on the disk within a second.
  bool sync_always = false;
};

struct AuditEvent {
  absl::Time time;
  std::string token_id, tenant, peer, method, request_id, code;
  std::vector<std::string> written;  // names of resources
  uint64_t written_total = 0;
  std::vector<std::string> disclosed;  // names of records that are not public
  uint64_t disclosed_total = 0;
  std::string level;  // of the least open one
};

class AuditTrail {
 public:
  // Continues the chain. What a crash left of a line without its end is cut off, and a line says so.
  // Errors: DataLoss if the last line cannot be read; those of the file system.
  static absl::StatusOr<std::unique_ptr<AuditTrail>> Open(const AuditOptions& options);
  // Makes everything durable.
  ~AuditTrail();
  AuditTrail(const AuditTrail&) = delete;
  AuditTrail& operator=(const AuditTrail&) = delete;

  // Writes one line. After an error the chain is as it was before, but for a line that was written and could
  // not be synced (sync_always): that one stays and is synced with the next. Old files that could not be
  // removed are no error of the line, but count in errors().
  absl::Status Append(const AuditEvent& event) ABSL_LOCKS_EXCLUDED(mutex_);

  // OK while lines can be written, and synced where that is asked for; after an error it tries whether one
  // can again. Asked before a call writes.
  absl::Status Ready(absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);

  uint64_t errors() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  explicit AuditTrail(AuditOptions options);
  absl::Status Recover() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Continues after the last whole line of the open file; adds to `cut` the bytes that were cut off behind
  // it.
  absl::Status TakeLastLine(const std::filesystem::path& file, uint64_t* cut)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status OpenFile(const std::filesystem::path& file) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckHead(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status AppendLocked(const AuditEvent& event) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Counts and remembers why a line is not there or not safe.
  absl::Status Failed(const absl::Status& cause) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Into the file that is open.
  absl::Status WriteEvent(const AuditEvent& event) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status RemoveOldFiles(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status WriteLine(const std::string& line) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status SyncLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SyncEverySecond() ABSL_LOCKS_EXCLUDED(mutex_);

  const AuditOptions options_;
  mutable absl::Mutex mutex_;
  int fd_ ABSL_GUARDED_BY(mutex_) = -1;
  uint64_t file_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t sequence_ ABSL_GUARDED_BY(mutex_) = 0;  // of the last line
  std::string last_hash_ ABSL_GUARDED_BY(mutex_);
  uint64_t synced_sequence_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t errors_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  class Syncer;
  std::unique_ptr<Syncer> syncer_;
};

// Hash that the first line names as its predecessor's.
std::string AuditGenesisHash();

struct AuditReport {
  uint64_t lines = 0;
  uint64_t files = 0;
  uint64_t first = 0, last = 0;       // sequence numbers
  uint64_t removed_before = 0;        // the log itself removed the files before this line; 0: none
  std::vector<std::string> findings;  // Chinese, each with file and line; empty: the log is whole
  bool torn_end = false;              // the last line has no end: a crash, or it is being written
};
// Reads all of the log. `key` empty: the HMACs are not checked. `archived`: earlier files were taken away on
// purpose; those that the log itself removed are known by its line. NotFound without a log.
absl::StatusOr<AuditReport> VerifyAudit(const std::filesystem::path& directory, const std::string& key,
                                        bool archived);

}  // namespace dongxi
