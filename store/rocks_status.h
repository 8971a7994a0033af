// The only place where rocksdb::Status becomes absl::Status.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "rocksdb/status.h"

namespace dongxi {

// `what` names the place and the action, such as "catalogue data/catalogue: write". NotFound stays NotFound;
// damage is DataLoss; a full disk, a full quota or a file at its limit is ResourceExhausted; Unavailable can
// be tried again; everything else is Internal.
absl::Status FromRocks(const rocksdb::Status& status, const std::string& what);

// True if opening failed because somebody holds the lock of the folder, in this process or in another one.
bool IsLockHeld(const rocksdb::Status& status);

// True if a file or folder was not there. A reader beside a writer meets this when the writer has just
// replaced the file.
bool IsFileMissing(const rocksdb::Status& status);

}  // namespace dongxi
