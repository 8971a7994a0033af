// One command at a time changes the folder of a plan or of a report: who reads it, changes it and writes it
// back holds the lock of it meanwhile, or what another recorded in between would be lost and the files of two
// would be mixed. Threads and processes alike.
#pragma once

#include <filesystem>
#include <ostream>
#include <utility>

#include "absl/status/statusor.h"

namespace dongxi::cli {

// Held from LockFolder to its end, whichever way the program ends. The file .lock stays in the folder.
class FolderLock {
 public:
  FolderLock() = default;  // of nothing
  explicit FolderLock(int fd) : fd_(fd) {}
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  int fd_ = -1;
};

// Waits while another holds it, and says so to `said`. A folder that is not there has nothing to lose: its
// lock is of nothing. Errors: PermissionDenied and others with the remedy, where .lock cannot be written.
absl::StatusOr<FolderLock> LockFolder(const std::filesystem::path& folder, std::ostream& said);

// Does not wait: FailedPrecondition with the remedy while another holds it. Makes the folder if it is not
// there. Errors as above, and of the folder that cannot be made.
absl::StatusOr<FolderLock> TakeFolder(const std::filesystem::path& folder);

}  // namespace dongxi::cli
