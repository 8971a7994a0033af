#include "indexer/build/build_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "absl/strings/str_format.h"
#include "engine/base/crc32c.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;

constexpr char kLockName[] = ".lock";
constexpr char kHiddenName[] = ".building";
constexpr char kReplacedPrefix[] = ".old-";
constexpr char kGenerationPrefix[] = "g-";

absl::Status FileError(const fs::path& file, const std::string& action, const std::error_code& error) {
  const std::string message = file.string() + ": cannot " + action + ": " + error.message();
  if (error == std::errc::no_space_on_device) {
    return absl::ResourceExhaustedError(message + "; free some space and run the command again");
  }
  if (error == std::errc::permission_denied) return absl::PermissionDeniedError(message);
  return absl::InternalError(message);
}

absl::Status Rename(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  return error ? FileError(from, "rename to " + to.filename().string(), error) : absl::OkStatus();
}

void RemoveTree(const fs::path& path) {
  std::error_code ignored;  // the next build tries again
  fs::remove_all(path, ignored);
}

bool StartsWith(const std::string& text, const std::string& prefix) { return text.rfind(prefix, 0) == 0; }

std::vector<fs::path> EntriesOf(const fs::path& directory) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    entries.push_back(it->path());
  }
  return entries;
}

bool IsSound(const fs::path& place, const Manifest& manifest) {
  const absl::StatusOr<Manifest> found = ReadManifest(place);
  return found.ok() && SerializeManifest(*found) == SerializeManifest(manifest) &&
         VerifyFiles(place, *found).ok();
}

}  // namespace

std::string GenerationNameOf(Manifest manifest) {
  manifest.generation.clear();
  return kGenerationPrefix + std::to_string(manifest.catalogue_sequence) +
         absl::StrFormat("-%08x", Crc32c(SerializeManifest(manifest)));
}

absl::StatusOr<std::unique_ptr<BuildFolder>> BuildFolder::Open(const fs::path& generations) {
  std::error_code error;
  fs::create_directories(generations, error);
  if (error) return FileError(generations, "make the folder", error);
  const fs::path file = generations / kLockName;
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) return FileError(file, "open", {errno, std::generic_category()});
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    const int code = errno;
    ::close(lock);
    if (code != EWOULDBLOCK) return FileError(file, "lock", {code, std::generic_category()});
    return absl::FailedPreconditionError(
        generations.string() +
        ": another build is running here; wait until it has ended and run the command again");
  }
  std::unique_ptr<BuildFolder> folder(new BuildFolder(generations, lock));
  folder->RemoveLeftovers();
  return folder;
}

BuildFolder::BuildFolder(fs::path generations, int lock)
    : generations_(std::move(generations)), lock_(lock) {}

BuildFolder::~BuildFolder() {
  RemoveLeftovers();
  ::close(lock_);
}

void BuildFolder::RemoveLeftovers() const {
  for (const fs::path& entry : EntriesOf(generations_)) {
    const std::string name = entry.filename().string();
    if (name == kHiddenName || StartsWith(name, kReplacedPrefix)) RemoveTree(entry);
  }
}

absl::StatusOr<fs::path> BuildFolder::MakeHidden() {
  const fs::path hidden = generations_ / kHiddenName;
  std::error_code error;
  fs::create_directory(hidden, error);
  if (error) return FileError(hidden, "make the folder", error);
  return hidden;
}

absl::Status BuildFolder::MoveIntoPlace(const Manifest& manifest, const fs::path& place) {
  std::error_code ignored;
  if (!fs::exists(place, ignored)) return Rename(generations_ / kHiddenName, place);
  if (IsSound(place, manifest)) return absl::OkStatus();  // the hidden folder goes with this object
  const fs::path aside = generations_ / (kReplacedPrefix + manifest.generation);
  DX_RETURN_IF_ERROR(Rename(place, aside));
  const absl::Status moved = Rename(generations_ / kHiddenName, place);
  if (!moved.ok()) fs::rename(aside, place, ignored);
  return moved;
}

absl::Status BuildFolder::MakeCurrent(const Manifest& manifest, const BuildOptions& options,
                                      bool* published) const {
  const absl::MutexLockMaybe lock(options.publishing);
  *published = !options.make_current || options.make_current();
  return *published ? WriteCurrent(generations_, manifest.generation) : absl::OkStatus();
}

absl::StatusOr<fs::path> BuildFolder::Publish(const Manifest& manifest, const BuildOptions& options,
                                              bool* published) {
  if (absl::StatusOr<std::string> current = ReadCurrent(generations_); current.ok())
    previous_ = *std::move(current);
  const fs::path place = generations_ / manifest.generation;
  std::error_code ignored;
  const bool existed = fs::exists(place, ignored);
  DX_RETURN_IF_ERROR(MoveIntoPlace(manifest, place));
  absl::Status status = SyncDirectory(generations_);
  if (status.ok()) status = MakeCurrent(manifest, options, published);
  if (!status.ok() && !existed) RemoveTree(place);
  if (!status.ok()) return status;
  return place;
}

std::vector<std::string> BuildFolder::RemoveOld(int keep, const std::string& keep_too) {
  std::vector<std::string> removed;
  const absl::StatusOr<std::string> current = ReadCurrent(generations_);
  if (!current.ok()) return removed;
  std::vector<std::string> names = ListGenerations(generations_);
  // What must stay comes first: the current generation, then the one to fall back to.
  std::stable_sort(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
    const auto rank = [&](const std::string& name) {
      return name == *current ? 0 : name == keep_too ? 1 : name == previous_ ? 2 : 3;
    };
    return rank(a) < rank(b);
  });
  for (size_t i = static_cast<size_t>(std::max(1, keep)); i < names.size(); ++i) {
    if (names[i] == keep_too) continue;
    // Hidden first, in one step: nobody sees half a generation.
    const fs::path aside = generations_ / (kReplacedPrefix + names[i]);
    if (!Rename(generations_ / names[i], aside).ok()) continue;
    RemoveTree(aside);
    removed.push_back(names[i]);
  }
  return removed;
}

absl::Status BuildFolder::Remove(const std::string& name) {
  const fs::path aside = generations_ / (kReplacedPrefix + name);
  DX_RETURN_IF_ERROR(Rename(generations_ / name, aside));
  RemoveTree(aside);
  return absl::OkStatus();
}

std::vector<std::string> ListGenerations(const fs::path& generations) {
  std::vector<std::pair<fs::file_time_type, std::string>> found;
  for (const fs::path& entry : EntriesOf(generations)) {
    std::error_code error;
    std::string name = entry.filename().string();
    if (!StartsWith(name, kGenerationPrefix) || !fs::is_directory(entry, error)) continue;
    fs::file_time_type time = fs::last_write_time(entry / kManifestName, error);
    if (error) time = fs::file_time_type::min();
    found.emplace_back(time, std::move(name));
  }
  std::sort(found.begin(), found.end(), std::greater<>());
  std::vector<std::string> names;
  for (auto& [time, name] : found) names.push_back(std::move(name));
  return names;
}

}  // namespace dongxi
