// Copies of a whole data folder under one version, and back (docs/format/backup.md): the catalogue, every
// published generation, policy tables and ranking, each file with its checksum.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "indexer/backup/backup_manifest.h"
#include "store/catalogue.h"

namespace dongxi {

// How long work is watched and ended. Both may be null.
struct BackupWatch {
  // `stage`: "checkpoint", "copy", "verify"; bytes of the whole.
  std::function<void(std::string_view stage, uint64_t done, uint64_t total)> progress;
  std::function<bool()> cancelled;
};

struct BackupOptions {
  std::filesystem::path data;    // holds catalogue/ and generations/
  std::filesystem::path to;      // folder of backups; made if missing, may lie on another disk
  std::filesystem::path policy;  // folder of the policy tables that are in use; empty: not copied
  std::string policy_version;    // in use
  std::filesystem::path
      ranking;                 // the ranking file in use, copied with its folder's files; empty: not copied
  std::string ranking_digest;  // RankingConfig::digest in use; empty: the copy is not compared with it
  absl::Time time;             // that the name tells
  BackupWatch watch;
};

struct BackupPlace {
  std::filesystem::path directory;
  BackupManifest manifest;
};

// Makes `to`/b-…: a checkpoint of `catalogue`, which is open for writing in DIR/catalogue and stays in use,
// and the generations that belong to it. Every file is a copy of its own, synced; the folder appears under
// its name in one step when all is done, and nothing is left of it on an error. FailedPrecondition: a build
// runs, or the files of policy or ranking are not of the version in use. AlreadyExists: there is one of the
// same sequence and second. ResourceExhausted: the disk is full. Cancelled.
absl::StatusOr<BackupPlace> MakeBackup(Catalogue& catalogue, const BackupOptions& options);

// The folders of backups in `folder` by name, newest first. A list that cannot be read is in
// `manifest.status()`.
struct ListedBackup {
  std::string name;
  absl::StatusOr<BackupManifest> manifest;
};
std::vector<ListedBackup> ListBackups(const std::filesystem::path& folder);
// When the newest of them was made whose list can be read; InfinitePast if there is none.
absl::Time LastBackupTime(const std::filesystem::path& folder);
// Removes one of them. NotFound.
absl::Status RemoveBackup(const std::filesystem::path& folder, const std::string& name);

// In a data folder while a backup is restored into it.
inline constexpr char kRestoringFolder[] = ".restoring";

// Reads every file and compares size and checksum, opens catalogue and generations as a server would.
// DataLoss names the first file that is missing, damaged or not on the list.
absl::StatusOr<BackupManifest> VerifyBackup(const std::filesystem::path& directory, const BackupWatch& watch);

// Verifies the backup, then copies it into `data`, which must be missing or empty but for `lost+found`, the
// file system's own (FailedPrecondition). `data` holds catalogue/ and generations/ afterwards, and policy/
// and ranking/ if the backup has them; the catalogue begins an epoch of its own (store/catalogue_epoch.h).
// After an error or a kill CheckRestored refuses `data` until a restore ends well.
absl::StatusOr<BackupManifest> RestoreBackup(const std::filesystem::path& directory,
                                             const std::filesystem::path& data, const BackupWatch& watch);

// FailedPrecondition if a restore into `data` has not ended.
absl::Status CheckRestored(const std::filesystem::path& data);

}  // namespace dongxi
