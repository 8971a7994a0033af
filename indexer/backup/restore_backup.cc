#include <memory>
#include <system_error>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/index/generation.h"
#include "engine/index/manifest.h"
#include "indexer/backup/backup.h"
#include "indexer/backup/file_copy.h"
#include "indexer/build/build_folder.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;

constexpr const char* kParts[] = {"catalogue", "generations", "settings", "policy", "ranking"};

absl::Status Damaged(const fs::path& file, const std::string& what) {
  return absl::DataLossError(file.string() + ": " + what + "; this backup is damaged, use another one");
}

absl::Status Compare(const fs::path& file, const FileWriter::Summary& found,
                     const FileWriter::Summary& expected) {
  if (found.bytes != expected.bytes) {
    return Damaged(file, "has " + std::to_string(found.bytes) + " bytes, the list says " +
                             std::to_string(expected.bytes));
  }
  return found.crc32c == expected.crc32c ? absl::OkStatus() : Damaged(file, "its checksum does not fit");
}

absl::Status CheckFiles(const fs::path& directory, const BackupManifest& manifest, const BackupWatch& watch) {
  DX_ASSIGN_OR_RETURN(const std::vector<std::string> present, FilesBelow(directory));
  for (const std::string& path : present) {
    if (path == kBackupManifestName || manifest.files.contains(path)) continue;
    return Damaged(directory / path, "is not on the list");
  }
  ByteMeter meter(watch, "verify", manifest.bytes());
  for (const auto& [path, expected] : manifest.files) {
    const absl::StatusOr<FileWriter::Summary> found = SumFile(directory / path, meter);
    if (absl::IsNotFound(found.status())) return Damaged(directory / path, "is missing");
    if (!found.ok()) return found.status();
    DX_RETURN_IF_ERROR(Compare(directory / path, *found, expected));
  }
  return absl::OkStatus();
}

// Opens what the files hold, as a server would.
absl::Status CheckContents(const fs::path& directory, const BackupManifest& manifest) {
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<CatalogueReader> view,
                      OpenCatalogueView(directory / "catalogue"));
  if (view->sequence() != manifest.catalogue_sequence) {
    return Damaged(directory / "catalogue", "holds sequence " + std::to_string(view->sequence()) +
                                                ", the list says " +
                                                std::to_string(manifest.catalogue_sequence));
  }
  if (manifest.generation.empty()) return absl::OkStatus();
  DX_ASSIGN_OR_RETURN(const std::string current, ReadCurrent(directory / "generations"));
  if (current != manifest.generation)
    return Damaged(directory / "generations" / kCurrentName, "names " + current);
  for (const std::string& name : ListGenerations(directory / "generations")) {
    DX_ASSIGN_OR_RETURN(const Manifest generation, ReadManifest(directory / "generations" / name));
    if (generation.generation != name)
      return Damaged(directory / "generations" / name, "is another generation");
    if (generation.embedder == "remote") continue;  // its model is asked over the network, not here
    DX_RETURN_IF_ERROR(OpenGeneration(directory / "generations" / name, nullptr).status());
  }
  return absl::OkStatus();
}

// Missing, empty, or left by a restore that did not end, which is removed.
absl::Status Prepare(const fs::path& data) {
  std::error_code error;
  fs::create_directories(data, error);
  if (error) return absl::InternalError(data.string() + ": cannot make the folder: " + error.message());
  if (fs::exists(data / kRestoringFolder, error)) {
    for (const char* part : kParts) fs::remove_all(data / part, error);
    fs::remove_all(data / kRestoringFolder, error);
  }
  if (fs::is_empty(data, error) && !error) return absl::OkStatus();
  return absl::FailedPreconditionError(
      data.string() +
      ": is not empty; restore into a new folder, and move that to its place when it is whole");
}

absl::Status MoveIntoPlace(const fs::path& data) {
  for (const char* part : kParts) {
    std::error_code error;
    if (!fs::exists(data / kRestoringFolder / part, error)) continue;
    fs::rename(data / kRestoringFolder / part, data / part, error);
    if (error) return absl::InternalError((data / part).string() + ": cannot rename: " + error.message());
  }
  DX_RETURN_IF_ERROR(SyncDirectory(data));
  std::error_code error;
  fs::remove_all(data / kRestoringFolder, error);
  if (error) return absl::InternalError(data.string() + ": cannot remove " + kRestoringFolder);
  return SyncDirectory(data);
}

}  // namespace

absl::StatusOr<BackupManifest> VerifyBackup(const fs::path& directory, const BackupWatch& watch) {
  DX_ASSIGN_OR_RETURN(BackupManifest manifest, ReadBackupManifest(directory));
  DX_RETURN_IF_ERROR(CheckFiles(directory, manifest, watch));
  DX_RETURN_IF_ERROR(CheckContents(directory, manifest));
  return manifest;
}

absl::StatusOr<BackupManifest> RestoreBackup(const fs::path& directory, const fs::path& data,
                                             const BackupWatch& watch) {
  DX_ASSIGN_OR_RETURN(BackupManifest manifest, VerifyBackup(directory, watch));
  DX_RETURN_IF_ERROR(Prepare(data));
  ByteMeter meter(watch, "copy", manifest.bytes());
  for (const auto& [path, expected] : manifest.files) {
    DX_ASSIGN_OR_RETURN(const FileWriter::Summary copied,
                        CopyFile(directory / path, data / kRestoringFolder / path, meter));
    DX_RETURN_IF_ERROR(Compare(directory / path, copied, expected));
  }
  DX_RETURN_IF_ERROR(SyncTree(data / kRestoringFolder));
  DX_RETURN_IF_ERROR(MoveIntoPlace(data));
  return manifest;
}

absl::Status CheckRestored(const fs::path& data) {
  std::error_code error;
  if (!fs::exists(data / kRestoringFolder, error)) return absl::OkStatus();
  return absl::FailedPreconditionError(data.string() +
                                       ": a restore into it did not end; run dongxi-indexer restore again");
}

}  // namespace dongxi
