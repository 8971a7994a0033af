#include "store/rocks_status.h"

namespace dongxi {
namespace {

// RocksDB knows a full disk, but neither a quota nor a limit of a file's size.
bool IsStorageFull(const rocksdb::Status& status) {
  if (status.IsNoSpace()) return true;
  if (!status.IsIOError()) return false;
  const std::string text = status.ToString();
  return text.find("Disk quota exceeded") != std::string::npos ||
         text.find("File too large") != std::string::npos;
}

}  // namespace

absl::Status FromRocks(const rocksdb::Status& status, const std::string& what) {
  if (status.ok()) return absl::OkStatus();
  const std::string message = what + ": " + status.ToString();
  if (status.IsNotFound()) return absl::NotFoundError(message);
  if (status.IsCorruption()) {
    return absl::DataLossError(message + "; files are damaged: restore the catalogue from a backup");
  }
  if (IsStorageFull(status)) {
    return absl::ResourceExhaustedError(message +
                                        "; nothing of this call was written: free some space and repeat it");
  }
  if (status.IsBusy() || status.IsTryAgain() || status.IsTimedOut()) return absl::UnavailableError(message);
  if (status.IsShutdownInProgress()) return absl::CancelledError(message);
  return absl::InternalError(message);
}

bool IsLockHeld(const rocksdb::Status& status) {
  // RocksDB has no code for this: its POSIX environment says "lock hold by current process" for a lock of our
  // own and "While lock file" when fcntl() finds the lock taken by another process.
  if (!status.IsIOError()) return false;
  const std::string text = status.ToString();
  return text.find("lock hold by current process") != std::string::npos ||
         text.find("While lock file") != std::string::npos;
}

bool IsFileMissing(const rocksdb::Status& status) {
  return status.IsPathNotFound() ||
         (status.IsIOError() && status.subcode() == rocksdb::Status::kPathNotFound);
}

}  // namespace dongxi
