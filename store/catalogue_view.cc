// A reader beside the writer: RocksDB's secondary instance, brought up to date once and then left alone.
#include <stdlib.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "store/catalogue.h"
#include "store/catalogue_layout.h"
#include "store/rocks_reader.h"
#include "store/rocks_status.h"

namespace dongxi {
namespace {

// Each attempt meets only what the writer has replaced since the one before. A writer flushes seldom (every 8
// MB or so), a catch-up takes milliseconds: patience is for a machine under heavy load.
constexpr int kAttemptsMax = 100;
constexpr absl::Duration kPatience = absl::Seconds(30);
constexpr size_t kCurrentBytesMax = 1024;

// A folder of our own, removed at the end.
class ScratchFolder {
 public:
  static absl::StatusOr<std::unique_ptr<ScratchFolder>> Make() {
    std::error_code error;
    std::string name = (std::filesystem::temp_directory_path(error) / "dongxi-view-XXXXXX").string();
    if (error || ::mkdtemp(name.data()) == nullptr) {
      return absl::InternalError(name +
                                 ": cannot make a folder for temporary files; set TMPDIR to a writable one");
    }
    return std::unique_ptr<ScratchFolder>(new ScratchFolder(name));
  }
  ~ScratchFolder() {
    std::error_code ignored;  // what is left there are log files in the system's temporary folder
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
  const std::filesystem::path path_;
};

// What the view owns; a base, so that it is there before the reader and outlives it.
struct ViewFiles {
  std::unique_ptr<ScratchFolder> scratch;  // outlives the database that logs there
  std::unique_ptr<RocksStore> store;
};

class CatalogueView : private ViewFiles, public FixedReader {
 public:
  CatalogueView(ViewFiles files, const std::string& place, const CatalogueState& state)
      : ViewFiles(std::move(files)), FixedReader(*store, place, nullptr, state) {}
};

// A catalogue of format version 1 has no families of ours, until its writer makes them.
absl::StatusOr<size_t> CountFamilies(const std::filesystem::path& directory) {
  std::vector<std::string> families;
  const rocksdb::Status read = rocksdb::DB::ListColumnFamilies(ViewOptions(), directory.string(), &families);
  if (IsFileMissing(read)) return absl::UnavailableError(read.ToString());
  DX_RETURN_IF_ERROR(FromRocks(read, PlaceOf(directory) + ": read the list of tables"));
  const std::string last = kFamilyNames.back();
  return std::find(families.begin(), families.end(), last) == families.end() ? kFamilyCountV1 : kFamilyCount;
}

absl::StatusOr<std::unique_ptr<RocksStore>> OpenSecondary(const std::filesystem::path& directory,
                                                          const std::filesystem::path& scratch) {
  rocksdb::Status opened = rocksdb::Status::TryAgain("its list of tables changes");
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    const absl::StatusOr<size_t> families = CountFamilies(directory);
    if (absl::IsUnavailable(families.status())) continue;
    if (!families.ok()) return families.status();
    rocksdb::DB* db = nullptr;
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    opened = rocksdb::DB::OpenAsSecondary(ViewOptions(), directory.string(), scratch.string(),
                                          FamilyDescriptors(*families), &handles, &db);
    if (opened.ok()) return std::make_unique<RocksStore>(db, std::move(handles));
    if (!IsFileMissing(opened) && !opened.IsTryAgain()) break;
  }
  if (opened.IsInvalidArgument()) return OtherFormatError(directory, "other tables");
  return FromRocks(opened, PlaceOf(directory) + ": open a view");
}

// Name and size of the list of files: any flush or compaction of the writer changes it.
absl::StatusOr<std::string> FileListStamp(const std::filesystem::path& directory) {
  DX_ASSIGN_OR_RETURN(std::string name, ReadFile(directory / "CURRENT", kCurrentBytesMax));
  while (name.ends_with('\n')) name.pop_back();
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(directory / name, error);
  // The writer starts a new list now and then, and removes the old one after.
  return error ? absl::StatusOr<std::string>(absl::UnavailableError(name + ": " + error.message()))
               : name + " " + std::to_string(size);
}

// RocksDB reads the list of files first and the log after it; a flush in between moves records from the log
// to a file, unseen, and newer ones are seen without them. So catch up until the list stayed the same all the
// while.
absl::StatusOr<CatalogueState> CatchUp(const RocksStore& store, const std::filesystem::path& directory) {
  const std::string place = PlaceOf(directory);
  for (const absl::Time begin = absl::Now(); absl::Now() - begin < kPatience;) {
    const absl::StatusOr<std::string> before = FileListStamp(directory);
    const rocksdb::Status caught_up = store.db().TryCatchUpWithPrimary();
    if (IsFileMissing(caught_up) || caught_up.IsTryAgain()) continue;
    DX_RETURN_IF_ERROR(FromRocks(caught_up, place + ": catch up with the writer"));
    const absl::StatusOr<std::string> after = FileListStamp(directory);
    if (before.ok() && after.ok() && *before == *after) return ReadState(store, directory);
  }
  return absl::UnavailableError(place +
                                ": the writer changes it faster than a view can be opened; try again");
}

}  // namespace

absl::StatusOr<std::unique_ptr<CatalogueReader>> OpenCatalogueView(const std::filesystem::path& directory) {
  std::error_code error;
  if (!std::filesystem::exists(directory / "CURRENT", error)) {
    return absl::NotFoundError(PlaceOf(directory) +
                               ": there is none; make one with dongxi-indexer import (没有目录数据，请先用 "
                               "dongxi-indexer import 导入)");
  }
  DX_ASSIGN_OR_RETURN(std::unique_ptr<ScratchFolder> scratch, ScratchFolder::Make());
  DX_ASSIGN_OR_RETURN(std::unique_ptr<RocksStore> store, OpenSecondary(directory, scratch->path()));
  DX_ASSIGN_OR_RETURN(const CatalogueState state, CatchUp(*store, directory));
  return std::make_unique<CatalogueView>(ViewFiles{std::move(scratch), std::move(store)}, PlaceOf(directory),
                                         state);
}

}  // namespace dongxi
