#include "server/settings_archive.h"

#include <utility>

#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

constexpr size_t kSettingsFileBytesMax = size_t{64} << 20;
// After a failed copy: every answer asks, and the disk may be full.
constexpr absl::Duration kPause = absl::Seconds(10);
constexpr char kRankingName[] = "ranking.json";
constexpr char kRemedy[] =
    "; answers made with it cannot be replayed: copy the folder back from the settings/ of a backup, or "
    "remove "
    "it; the server keeps the version in use anew at its next start";

// A version can hold what a file's name cannot.
std::string FolderName(const std::string& what, const std::string& version) {
  std::string name = what + "-" + version;
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '+' || c == '.' || c == '_';
    if (!plain) c = '_';
  }
  return name;
}

absl::Status MakeFolder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return absl::OkStatus();
  return absl::InternalError(folder.string() + ": " + error.message());
}

absl::Status CopyFile(const std::filesystem::path& from, const std::filesystem::path& to) {
  DX_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(from, kSettingsFileBytesMax));
  DX_RETURN_IF_ERROR(MakeFolder(to.parent_path()));
  return WriteFileAtomically(to, bytes);
}

// Without a list of checksums: the name tells what the content must be.
absl::Status CheckContent(const std::filesystem::path& folder) {
  const std::string name = folder.filename().string();
  std::string is;
  if (std::filesystem::exists(folder / kRankingName)) {
    DX_ASSIGN_OR_RETURN(const auto ranking, LoadRankingConfig((folder / kRankingName).string()));
    is = FolderName("ranking", ranking->digest);
  } else {
    DX_ASSIGN_OR_RETURN(const auto policy, LoadPolicy(folder.string()));
    is = FolderName("policy", policy->version());
  }
  return is == name ? absl::OkStatus() : absl::DataLossError("holds " + is);
}

absl::Status ChangedSince(const std::string& what) {
  return absl::FailedPreconditionError(what +
                                       " was changed after it was loaded: answers made with it cannot be "
                                       "replayed once it is no longer in use");
}

// An empty folder, whatever a killed server left there.
absl::Status MakeAnew(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  return MakeFolder(folder);
}

// A finished copy takes its place at once; another server process may have been first.
absl::Status Settle(const std::filesystem::path& made, const std::filesystem::path& place) {
  DX_RETURN_IF_ERROR(WriteChecksumList(made));
  std::error_code error;
  std::filesystem::rename(made, place, error);
  if (error && !std::filesystem::exists(place)) {
    return absl::InternalError(place.string() + ": " + error.message());
  }
  std::filesystem::remove_all(made, error);
  return SyncDirectory(place.parent_path());
}

}  // namespace

SettingsArchive::SettingsArchive(std::filesystem::path root, std::filesystem::path policy_directory,
                                 std::filesystem::path ranking_file, std::function<absl::Time()> now)
    : root_(std::move(root)),
      policy_directory_(std::move(policy_directory)),
      ranking_file_(std::move(ranking_file)),
      now_(std::move(now)) {}

absl::Status SettingsArchive::KeepPolicy(const std::string& version) const {
  const std::filesystem::path place = root_ / FolderName("policy", version);
  if (std::filesystem::exists(place)) return absl::OkStatus();
  const std::filesystem::path made = root_ / (FolderName("policy", version) + ".new");
  DX_RETURN_IF_ERROR(MakeAnew(made));
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(policy_directory_, error)) {
    if (entry.path().extension() == ".tsv")
      DX_RETURN_IF_ERROR(CopyFile(entry.path(), made / entry.path().filename()));
  }
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> copy, LoadPolicy(made.string()));
  if (copy->version() != version) return ChangedSince("policy " + version);
  return Settle(made, place);
}

absl::Status SettingsArchive::KeepRanking(const RankingConfig& ranking) const {
  const std::filesystem::path place = root_ / FolderName("ranking", ranking.digest);
  if (std::filesystem::exists(place)) return absl::OkStatus();
  const std::filesystem::path made = root_ / (FolderName("ranking", ranking.digest) + ".new");
  DX_RETURN_IF_ERROR(MakeAnew(made));
  DX_RETURN_IF_ERROR(CopyFile(ranking_file_, made / kRankingName));
  if (!ranking.learned_file.empty()) {
    DX_RETURN_IF_ERROR(
        CopyFile(ranking_file_.parent_path() / ranking.learned_file, made / ranking.learned_file));
  }
  if (ranking.profiles != nullptr) {
    DX_RETURN_IF_ERROR(CopyFile(ranking_file_.parent_path() / kProfilesFile, made / kProfilesFile));
  }
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const RankingConfig> copy,
                      LoadRankingConfig((made / kRankingName).string()));
  if (copy->digest != ranking.digest) return ChangedSince("ranking " + ranking.name);
  return Settle(made, place);
}

absl::Status SettingsArchive::KeepOnce(const std::string& version, absl::FunctionRef<absl::Status()> keep) {
  const auto due = next_try_.find(version);
  if (due != next_try_.end() && now_() < due->second) return absl::OkStatus();
  const absl::Status kept = keep();
  next_try_[version] = kept.ok() ? absl::InfiniteFuture() : now_() + kPause;
  return kept;
}

absl::Status SettingsArchive::Keep(const Policy& policy, const RankingConfig& ranking) {
  const absl::MutexLock lock(&mutex_);
  absl::Status status = KeepOnce(policy.version(), [&] { return KeepPolicy(policy.version()); });
  status.Update(KeepOnce(ranking.digest, [&] { return KeepRanking(ranking); }));
  return status;
}

absl::StatusOr<std::shared_ptr<const Policy>> SettingsArchive::OpenPolicy(const std::string& version) const {
  absl::StatusOr<std::shared_ptr<const Policy>> policy =
      LoadPolicy((root_ / FolderName("policy", version)).string());
  if (policy.ok() && (*policy)->version() == version) return policy;
  return absl::FailedPreconditionError("policy " + version + " is not kept any more");
}

absl::StatusOr<std::shared_ptr<const RankingConfig>> SettingsArchive::OpenRanking(
    const std::string& digest) const {
  absl::StatusOr<std::shared_ptr<const RankingConfig>> ranking =
      LoadRankingConfig((root_ / FolderName("ranking", digest) / kRankingName).string());
  if (ranking.ok() && (*ranking)->digest == digest) return ranking;
  return absl::FailedPreconditionError("ranking " + digest + " is not kept any more");
}

ListedFolders SettingsArchive::Verify(const std::filesystem::path& root) {
  ListedFolders found = CheckListedFolders(root);
  for (std::string& problem : found.problems) problem += kRemedy;
  for (const std::filesystem::path& folder : found.unlisted) {
    const absl::Status whole = CheckContent(folder);
    if (!whole.ok())
      found.problems.push_back(folder.string() + ": " + std::string(whole.message()) + kRemedy);
  }
  found.unlisted.clear();
  return found;
}

}  // namespace dongxi
