#include <memory>
#include <system_error>
#include <utility>

#include "absl/time/clock.h"
#include "dongxi/storage/operation.pb.h"
#include "engine/base/status_macros.h"
#include "engine/index/generation.h"
#include "engine/index/manifest.h"
#include "indexer/backup/backup.h"
#include "indexer/backup/file_copy.h"
#include "indexer/build/build_folder.h"
#include "store/catalogue_epoch.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kEndedKeptSeconds = int64_t{7} * 24 * 60 * 60;  // as OperationRunnerOptions::keep

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

// Whether nothing of ours is there: a disk of its own has the file system's folder in its root.
bool IsEmpty(const fs::path& data, std::error_code& error) {
  for (fs::directory_iterator it(data, error), end; !error && it != end; it.increment(error)) {
    if (it->path().filename() != "lost+found") return false;
  }
  return !error;
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
  if (IsEmpty(data, error)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      data.string() +
      ": is not empty; restore into a new folder, and move that to its place when it is whole");
}

// Ends what the backed-up server had under way, the backup itself among it: the server of the copy must not
// do it again.
absl::Status EndOperations(const CatalogueReader& catalogue, int64_t now_s, std::vector<TablePut>* puts) {
  return catalogue.ScanTable(Table::kOperations, "", [&](std::string_view key, std::string_view value) {
    storage::StoredOperation stored;
    if (!stored.ParseFromArray(value.data(), static_cast<int>(value.size()))) return true;
    v1::OperationMetadata& metadata = *stored.mutable_metadata();
    if (metadata.state() != v1::OperationMetadata::QUEUED &&
        metadata.state() != v1::OperationMetadata::RUNNING) {
      return true;
    }
    metadata.set_state(v1::OperationMetadata::FAILED);
    metadata.mutable_end_time()->set_seconds(now_s);
    metadata.mutable_expire_time()->set_seconds(now_s + kEndedKeptSeconds);
    stored.mutable_error()->set_code(static_cast<int>(absl::StatusCode::kAborted));
    stored.mutable_error()->set_message(
        "was under way when the backup was taken; start it again if it is wanted");
    puts->push_back({Table::kOperations, std::string(key), stored.SerializeAsString()});
    return true;
  });
}

// From here on the copy goes its own way: what the backed-up server does under the same numbers and names is
// another's.
absl::Status PartFromOriginal(const fs::path& catalogue) {
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<Catalogue> opened, Catalogue::Open(catalogue));
  const int64_t now_s = absl::ToUnixSeconds(absl::Now());
  const auto plan = [&](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
    WriteBatch batch;
    DX_ASSIGN_OR_RETURN(batch.puts, BeginEpoch(newest));
    DX_RETURN_IF_ERROR(EndOperations(newest, now_s, &batch.puts));
    return batch;
  };
  DX_RETURN_IF_ERROR(opened->Write(plan, now_s * 1'000'000).status());
  return opened->Flush();
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
  DX_RETURN_IF_ERROR(PartFromOriginal(data / kRestoringFolder / "catalogue"));
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
