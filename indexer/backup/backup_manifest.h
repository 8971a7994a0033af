// The list of files of a backup (docs/format/backup.md): what it is a copy of and the checksum of every file.
// Pure functions but for the reading of the file; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/base/files.h"

namespace dongxi {

inline constexpr int kBackupFormatVersion = 1;
inline constexpr size_t kBackupManifestBytesMax = size_t{64} << 20;
inline constexpr char kBackupManifestName[] = "BACKUP";

struct BackupManifest {
  std::string backup;  // "b-<catalogue sequence>-<time>"; the folder's name
  uint64_t catalogue_sequence = 0;
  std::string generation;  // the current one; empty: none was published
  std::string policy;      // version of the tables in policy/; empty: they are not in it
  std::string builder;     // version of the program
  absl::Time create_time;  // whole seconds
  std::map<std::string, FileWriter::Summary> files;  // by path inside the folder, '/' between its parts

  uint64_t bytes() const;  // of all files
};

// "b-1234-20251126T013000Z".
std::string BackupNameOf(uint64_t catalogue_sequence, absl::Time time);
// True for what BackupNameOf gives.
bool IsBackupName(std::string_view name);

// A path that a manifest may name: parts divided by '/', none of which leads out, is hidden or holds blanks.
bool IsInnerPath(std::string_view path);

std::string SerializeBackupManifest(const BackupManifest& manifest);
// DataLoss: not such a list, or its checksum does not fit, or a file's name leads out of the folder.
// FailedPrecondition: another format version. `place` begins every message.
absl::StatusOr<BackupManifest> ParseBackupManifest(std::string_view bytes, std::string_view place);
// NotFound: `directory` is no backup.
absl::StatusOr<BackupManifest> ReadBackupManifest(const std::filesystem::path& directory);

}  // namespace dongxi
