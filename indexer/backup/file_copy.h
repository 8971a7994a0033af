// Copying and checking many files with one progress. Internal to indexer/backup. Not thread-safe.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/base/files.h"
#include "indexer/backup/backup.h"

namespace dongxi {

// Counts bytes towards `total` and asks whether to go on.
class ByteMeter {
 public:
  ByteMeter(const BackupWatch& watch, std::string stage, uint64_t total)
      : watch_(watch), stage_(std::move(stage)), total_(total) {}
  absl::Status Add(uint64_t bytes);

 private:
  const BackupWatch& watch_;
  const std::string stage_;
  const uint64_t total_;
  uint64_t done_ = 0;
};

// Size and checksum of a file. NotFound, Internal.
absl::StatusOr<FileWriter::Summary> SumFile(const std::filesystem::path& file, ByteMeter& meter);
// A synced copy; folders above it are made.
absl::StatusOr<FileWriter::Summary> CopyFile(const std::filesystem::path& from,
                                             const std::filesystem::path& to, ByteMeter& meter);

// Paths of the regular files below `directory`, relative to it, with '/', in order. A link or a device in it
// is FailedPrecondition: nothing of ours makes one.
absl::StatusOr<std::vector<std::string>> FilesBelow(const std::filesystem::path& directory);

// Makes the entries of `directory` and of every folder below it durable.
absl::Status SyncTree(const std::filesystem::path& directory);

}  // namespace dongxi
