#include <algorithm>
#include <memory>
#include <system_error>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/index/manifest.h"
#include "engine/match/ranking_config.h"
#include "engine/policy/policy.h"
#include "indexer/backup/backup.h"
#include "indexer/backup/file_copy.h"
#include "indexer/build/build_folder.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;

constexpr char kCheckpointFolder[] =
    ".backup-checkpoint";                       // in the data folder: a checkpoint links, it does not copy
constexpr char kPartialPrefix[] = ".partial-";  // in the folder of backups
constexpr char kBuilderName[] = "dongxi " DONGXI_VERSION;

// A folder that is gone at the end, unless it was renamed away.
class TransientFolder {
 public:
  explicit TransientFolder(fs::path path) : path_(std::move(path)) { Remove(); }
  ~TransientFolder() { Remove(); }
  TransientFolder(const TransientFolder&) = delete;
  TransientFolder& operator=(const TransientFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  void Remove() {
    std::error_code ignored;  // the next backup tries again
    fs::remove_all(path_, ignored);
  }
  const fs::path path_;
};

struct FileToCopy {
  fs::path from;
  std::string to;  // inside the backup
};

absl::Status AddTree(const fs::path& from, const std::string& to, std::vector<FileToCopy>& files) {
  DX_ASSIGN_OR_RETURN(const std::vector<std::string> paths, FilesBelow(from));
  for (const std::string& path : paths) files.push_back({from / path, to + "/" + path});
  return absl::OkStatus();
}

// The tables of a folder that people edit in: not an editor's leftovers (.modes.tsv.swp, modes copy.tsv),
// which no program reads and whose names no manifest may hold.
absl::Status AddTables(const fs::path& from, const std::string& to, std::vector<FileToCopy>& files) {
  DX_ASSIGN_OR_RETURN(const std::vector<std::string> paths, FilesBelow(from));
  for (const std::string& path : paths) {
    const std::string extension = fs::path(path).extension().string();
    const bool is_table = extension == ".tsv" || extension == ".json";
    if (is_table && IsInnerPath(path)) files.push_back({from / path, to + "/" + path});
  }
  return absl::OkStatus();
}

absl::Status MakeFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) return absl::OkStatus();
  return absl::InternalError(folder.string() + ": cannot make the folder: " + error.message());
}

// What a killed backup left.
void RemoveLeftovers(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->path().filename().string().rfind(kPartialPrefix, 0) == 0) fs::remove_all(it->path(), ignored);
  }
}

// `in_use` and `found`: versions; or why the files do not load.
absl::Status NotInUse(const std::string& what, const fs::path& place, const std::string& in_use,
                      const std::string& found) {
  return absl::FailedPreconditionError(
      place.string() + ": the " + what + " in use is " + in_use + ", the files are of another version (" +
      found + "): they were changed and not loaded again. Run dongxi admin reload " + what +
      ", or put the files in use back, and back up again (文件改过而没有重新载入：请先运行 dongxi admin "
      "reload " +
      what + "，或恢复原来的文件，再重新备份)");
}

// One backup, step by step.
class BackupJob {
 public:
  BackupJob(Catalogue& catalogue, const BackupOptions& options)
      : catalogue_(catalogue), options_(options), generations_(options.data / "generations") {}

  absl::StatusOr<BackupPlace> Run() {
    DX_RETURN_IF_ERROR(CheckSettings(options_.policy, options_.ranking));  // before all the bytes are copied
    DX_RETURN_IF_ERROR(MakeFolder(options_.to));
    RemoveLeftovers(options_.to);
    // Before the checkpoint: every generation is then of a sequence that the checkpoint has.
    DX_ASSIGN_OR_RETURN(const std::unique_ptr<BuildFolder> lock, BuildFolder::Open(generations_));
    const TransientFolder checkpoint(options_.data / kCheckpointFolder);
    if (options_.watch.progress) options_.watch.progress("checkpoint", 0, 1);
    DX_RETURN_IF_ERROR(catalogue_.Checkpoint(checkpoint.path()));
    DX_RETURN_IF_ERROR(Plan(checkpoint.path()));
    const fs::path place = options_.to / manifest_.backup;
    std::error_code ignored;
    if (fs::exists(place, ignored)) {
      return absl::AlreadyExistsError(place.string() + ": there is one already; try again in a second");
    }
    const TransientFolder partial(options_.to / (kPartialPrefix + manifest_.backup));
    DX_RETURN_IF_ERROR(MakeFolder(partial.path()));
    DX_RETURN_IF_ERROR(CopyAll(partial.path()));
    DX_RETURN_IF_ERROR(
        CheckSettings(partial.path() / "policy", partial.path() / "ranking" / options_.ranking.filename()));
    DX_RETURN_IF_ERROR(CheckGenerations());
    DX_RETURN_IF_ERROR(Seal(partial.path(), place));
    return BackupPlace{place, std::move(manifest_)};
  }

 private:
  // Names the backup and lists what it takes.
  absl::Status Plan(const fs::path& checkpoint) {
    {
      DX_ASSIGN_OR_RETURN(const std::unique_ptr<CatalogueReader> view, OpenCatalogueView(checkpoint));
      manifest_.catalogue_sequence = view->sequence();
    }
    manifest_.create_time = absl::FromUnixSeconds(absl::ToUnixSeconds(options_.time));
    manifest_.backup = BackupNameOf(manifest_.catalogue_sequence, manifest_.create_time);
    manifest_.builder = kBuilderName;
    DX_RETURN_IF_ERROR(AddTree(checkpoint, "catalogue", files_));
    if (const absl::StatusOr<std::string> current = ReadCurrent(generations_); current.ok()) {
      manifest_.generation = *current;
    }
    for (const std::string& name : ListGenerations(generations_)) {
      DX_RETURN_IF_ERROR(AddGeneration(name));
    }
    DX_RETURN_IF_ERROR(AddKeptSettings());
    if (!options_.policy.empty()) {
      manifest_.policy = options_.policy_version;
      DX_RETURN_IF_ERROR(AddTables(options_.policy, "policy", files_));
    }
    if (!options_.ranking.empty())
      DX_RETURN_IF_ERROR(AddTables(options_.ranking.parent_path(), "ranking", files_));
    return absl::OkStatus();
  }

  // A damaged generation is left out: it can be built again. The current one must be whole.
  absl::Status AddGeneration(const std::string& name) {
    absl::StatusOr<Manifest> manifest = ReadManifest(generations_ / name);
    if (!manifest.ok()) return name == manifest_.generation ? manifest.status() : absl::OkStatus();
    DX_RETURN_IF_ERROR(AddTree(generations_ / name, "generations/" + name, files_));
    expected_[name] = *std::move(manifest);
    return absl::OkStatus();
  }

  // Policies and rankings of earlier answers, for their replay; without those that are being written now.
  absl::Status AddKeptSettings() {
    std::error_code error;
    for (fs::directory_iterator it(options_.data / "settings", error), end; !error && it != end;
         it.increment(error)) {
      const std::string name = it->path().filename().string();
      if (it->path().extension() != ".new")
        DX_RETURN_IF_ERROR(AddTree(it->path(), "settings/" + name, files_));
    }
    return absl::OkStatus();  // The folder is missing until the first answer.
  }

  absl::Status CopyAll(const fs::path& partial) {
    uint64_t total = 0;
    for (const FileToCopy& file : files_) {
      std::error_code error;
      const uintmax_t bytes = fs::file_size(file.from, error);
      if (!error) total += bytes;
    }
    ByteMeter meter(options_.watch, "copy", total);
    for (const FileToCopy& file : files_) {
      DX_ASSIGN_OR_RETURN(manifest_.files[file.to], CopyFile(file.from, partial / file.to, meter));
    }
    if (manifest_.generation.empty()) return absl::OkStatus();
    DX_RETURN_IF_ERROR(WriteCurrent(partial / "generations", manifest_.generation));
    DX_ASSIGN_OR_RETURN(manifest_.files[std::string("generations/") + kCurrentName],
                        SumFile(partial / "generations" / kCurrentName, meter));
    return absl::OkStatus();
  }

  // The files are those that answers are made with: an edit that was not loaded yet must not get the name of
  // the version in use.
  absl::Status CheckSettings(const fs::path& policy, const fs::path& ranking) const {
    if (!options_.policy.empty()) {
      const auto tables = LoadPolicy(policy.string());
      const std::string found = tables.ok() ? (*tables)->version() : std::string(tables.status().message());
      if (found != options_.policy_version)
        return NotInUse("policy", options_.policy, options_.policy_version, found);
    }
    if (options_.ranking.empty() || options_.ranking_digest.empty()) return absl::OkStatus();
    const auto config = LoadRankingConfig(ranking.string());
    const std::string found = config.ok() ? (*config)->digest : std::string(config.status().message());
    if (found == options_.ranking_digest) return absl::OkStatus();
    return NotInUse("ranking", options_.ranking, options_.ranking_digest, found);
  }

  // The copies are what the generations' own manifests say: damage must not be copied under a new checksum.
  absl::Status CheckGenerations() {
    for (const auto& [name, manifest] : expected_) {
      for (const auto& [path, expected] : manifest.files) {
        const auto found = manifest_.files.find("generations/" + name + "/" + path);
        if (found != manifest_.files.end() && found->second.bytes == expected.bytes &&
            found->second.crc32c == expected.crc32c) {
          continue;
        }
        return absl::DataLossError((generations_ / name / path).string() +
                                   ": damaged; build a new generation, delete this one and back up again");
      }
    }
    return absl::OkStatus();
  }

  absl::Status Seal(const fs::path& partial, const fs::path& place) {
    DX_RETURN_IF_ERROR(
        WriteFileAtomically(partial / kBackupManifestName, SerializeBackupManifest(manifest_)));
    DX_RETURN_IF_ERROR(SyncTree(partial));
    std::error_code error;
    fs::rename(partial, place, error);
    if (error) return absl::InternalError(partial.string() + ": cannot rename: " + error.message());
    return SyncDirectory(options_.to);
  }

  Catalogue& catalogue_;
  const BackupOptions& options_;
  const fs::path generations_;
  BackupManifest manifest_;
  std::vector<FileToCopy> files_;
  std::map<std::string, Manifest> expected_;  // of the generations that are copied
};

// Newest first.
std::vector<std::string> BackupNames(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::string name = it->path().filename().string();
    if (IsBackupName(name)) names.push_back(std::move(name));
  }
  const auto time_of = [](const std::string& name) { return name.substr(name.rfind('-')); };
  std::sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
    return std::pair(time_of(a), a) > std::pair(time_of(b), b);
  });
  return names;
}

}  // namespace

absl::StatusOr<BackupPlace> MakeBackup(Catalogue& catalogue, const BackupOptions& options) {
  return BackupJob(catalogue, options).Run();
}

absl::Time LastBackupTime(const fs::path& folder) {
  for (const std::string& name : BackupNames(folder)) {
    const absl::StatusOr<BackupManifest> manifest = ReadBackupManifest(folder / name);
    if (manifest.ok()) return manifest->create_time;
  }
  return absl::InfinitePast();
}

std::vector<ListedBackup> ListBackups(const fs::path& folder) {
  std::vector<ListedBackup> backups;
  for (std::string& name : BackupNames(folder)) {
    absl::StatusOr<BackupManifest> manifest = ReadBackupManifest(folder / name);
    backups.push_back({std::move(name), std::move(manifest)});
  }
  return backups;
}

absl::Status RemoveBackup(const fs::path& folder, const std::string& name) {
  std::error_code error;
  if (!IsBackupName(name) || !fs::exists(folder / name, error)) {
    return absl::NotFoundError("backups/" + name + ": there is none");
  }
  // Hidden first, in one step: nobody sees half a backup.
  const fs::path aside = folder / (kPartialPrefix + name);
  fs::rename(folder / name, aside, error);
  if (!error) fs::remove_all(aside, error);
  if (!error) return absl::OkStatus();
  return absl::InternalError((folder / name).string() + ": cannot remove: " + error.message());
}

}  // namespace dongxi
