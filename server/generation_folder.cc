#include "server/generation_folder.h"

#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "engine/base/status_macros.h"
#include "indexer/build/build_folder.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

// When to try again while a build has the folder: it takes minutes.
constexpr absl::Duration kBuildRetry = absl::Minutes(1);

absl::StatusOr<std::unique_ptr<BuildFolder>> OpenFolder(const std::filesystem::path& directory) {
  absl::StatusOr<std::unique_ptr<BuildFolder>> folder = BuildFolder::Open(directory);
  if (!absl::IsFailedPrecondition(folder.status())) return folder;
  return WithRetry(
      WithReason(absl::FailedPreconditionError(
                     "a build runs, and nothing is removed beside it; repeat this when it has ended, or "
                     "cancel its operation"),
                 "BUILD_RUNNING"),
      kBuildRetry);
}

// A generation is reproducible and records no clock; its manifest is written last.
absl::Time BuildTimeOf(const std::filesystem::path& directory) {
  struct stat info = {};
  if (::stat((directory / kManifestName).c_str(), &info) != 0) return absl::UnixEpoch();
  return absl::TimeFromTimespec(info.st_mtim);
}

}  // namespace

std::vector<GenerationInfo> GenerationFolder::List() const {
  const absl::StatusOr<std::string> current = ReadCurrent(directory_);
  std::vector<GenerationInfo> found;
  for (std::string& name : ListGenerations(directory_)) {
    GenerationInfo info;
    info.current = current.ok() && *current == name;
    info.build_time = BuildTimeOf(directory_ / name);
    info.manifest = ReadManifest(directory_ / name);
    if (info.manifest.ok()) {
      for (const auto& [path, summary] : info.manifest->files) info.bytes += summary.bytes;
    }
    info.name = std::move(name);
    found.push_back(std::move(info));
  }
  return found;
}

absl::StatusOr<GenerationInfo> GenerationFolder::Get(const std::string& name) const {
  std::string names;
  for (GenerationInfo& info : List()) {
    if (info.name == name) return std::move(info);
    names += (names.empty() ? "" : ", ") + info.name;
  }
  return absl::NotFoundError("generations/" + name +
                             ": there is none; there are: " + (names.empty() ? "none" : names));
}

absl::Status GenerationFolder::Verify(const std::string& name) const {
  DX_ASSIGN_OR_RETURN(const GenerationInfo info, Get(name));
  DX_RETURN_IF_ERROR(info.manifest.status());
  return VerifyFiles(directory_ / name, *info.manifest);
}

absl::Status GenerationFolder::Publish(const std::string& name) const {
  DX_RETURN_IF_ERROR(Verify(name));
  return WriteCurrent(directory_, name);
}

absl::StatusOr<std::string> GenerationFolder::Previous() const {
  const std::vector<GenerationInfo> all = List();
  const auto current =
      std::find_if(all.begin(), all.end(), [](const GenerationInfo& info) { return info.current; });
  const auto older = [&](const GenerationInfo& info) {
    if (current == all.end()) return true;  // CURRENT names one that is gone
    if (!current->manifest.ok()) return info.build_time <= current->build_time;
    return std::pair(info.manifest->catalogue_sequence, info.build_time) <
           std::pair(current->manifest->catalogue_sequence, current->build_time);
  };
  for (const GenerationInfo& info : all) {
    if (!info.current && info.manifest.ok() && older(info)) return info.name;
  }
  return WithReason(
      absl::FailedPreconditionError("there is no generation before the current one to roll back to"),
      "NO_PREVIOUS_GENERATION");
}

absl::Status GenerationFolder::Delete(const std::string& name, const std::string& served) const {
  DX_ASSIGN_OR_RETURN(const GenerationInfo info, Get(name));
  if (info.current || name == served) {
    return WithReason(
        absl::FailedPreconditionError("generations/" + name + ": is in service; publish another one first"),
        "GENERATION_IN_SERVICE");
  }
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<BuildFolder> folder, OpenFolder(directory_));
  return folder->Remove(name);
}

absl::StatusOr<std::vector<std::string>> GenerationFolder::RemoveOld(int keep,
                                                                     const std::string& served) const {
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<BuildFolder> folder, OpenFolder(directory_));
  return folder->RemoveOld(keep, served);
}

absl::StatusOr<uint64_t> GenerationFolder::OldestSequence() const {
  std::optional<uint64_t> oldest;
  for (const GenerationInfo& info : List()) {
    if (!info.manifest.ok()) continue;
    oldest = std::min(oldest.value_or(info.manifest->catalogue_sequence), info.manifest->catalogue_sequence);
  }
  if (!oldest) return absl::NotFoundError(directory_.string() + ": there is no generation");
  return *oldest;
}

}  // namespace dongxi
