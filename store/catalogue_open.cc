#include "store/catalogue_open.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "engine/base/status_macros.h"
#include "store/catalogue_layout.h"
#include "store/rocks_catalogue.h"
#include "store/rocks_status.h"

namespace dongxi {
namespace {

// What is found before the folder is opened; opening would repair or overwrite some of it.
absl::Status CheckFolder(rocksdb::Env* env, const std::filesystem::path& directory) {
  std::vector<std::string> files;
  const rocksdb::Status listed = env->GetChildren(directory.string(), &files);
  if (IsFileMissing(listed) || listed.IsNotFound()) return absl::OkStatus();
  DX_RETURN_IF_ERROR(FromRocks(listed, PlaceOf(directory) + ": list the folder"));
  bool has_current = false;
  bool has_data = false;
  for (const std::string& file : files) {
    has_current = has_current || file == "CURRENT";
    has_data = has_data || file.ends_with(".sst") || file.ends_with(".log");
  }
  if (!has_current && has_data) {  // RocksDB would take it for an empty folder and start anew.
    return absl::DataLossError(PlaceOf(directory) +
                               ": data files without the file CURRENT; restore it from a backup");
  }
  if (!has_current) return absl::OkStatus();
  std::vector<std::string> families;
  rocksdb::DBOptions options;
  options.env = env;
  const rocksdb::Status read = rocksdb::DB::ListColumnFamilies(options, directory.string(), &families);
  DX_RETURN_IF_ERROR(FromRocks(read, PlaceOf(directory) + ": read the list of tables"));
  for (const std::string& family : families) {
    if (std::find(kFamilyNames.begin(), kFamilyNames.end(), family) == kFamilyNames.end()) {
      return OtherFormatError(directory, "a table '" + family + "'");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<RocksStore>> OpenStore(rocksdb::Env* env,
                                                      const std::filesystem::path& directory) {
  rocksdb::DBOptions options = WriterOptions();
  options.env = env;
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const rocksdb::Status opened =
      rocksdb::DB::Open(options, directory.string(), FamilyDescriptors(), &handles, &db);
  if (opened.ok()) return std::make_unique<RocksStore>(db, std::move(handles));
  if (IsLockHeld(opened)) {
    return absl::FailedPreconditionError(
        PlaceOf(directory) +
        ": a server or another import holds it; to import while a server runs, use dongxi-indexer import "
        "--server "
        "HOST:PORT (目录正被服务或另一次导入占用；服务运行时请用 --server HOST:PORT 导入)");
  }
  return FromRocks(opened, PlaceOf(directory) + ": open");
}

rocksdb::Status PutHeader(const RocksStore& store, const CatalogueState& state) {
  rocksdb::ColumnFamilyHandle* const meta = store.family(Family::kMeta);
  rocksdb::WriteBatch batch;
  rocksdb::Status written = batch.Put(meta, kFormatVersionKey, EncodeU32(kCatalogueFormatVersion));
  if (written.ok()) written = batch.Put(meta, kStateKey, EncodeState(state));
  if (written.ok()) written = batch.Put(meta, kHistoryKey, EncodeHistoryStarts(state));
  rocksdb::WriteOptions options;
  options.sync = true;
  return written.ok() ? store.db().Write(options, &batch) : written;
}

// Writes the first state into a new catalogue.
absl::Status Initialise(const RocksStore& store, const std::filesystem::path& directory) {
  const std::string place = PlaceOf(directory);
  for (const RecordKind kind : kAllRecordKinds) {
    const std::unique_ptr<rocksdb::Iterator> it(store.db().NewIterator({}, store.family(kind)));
    it->SeekToFirst();
    DX_RETURN_IF_ERROR(FromRocks(it->status(), place + ": read"));
    if (it->Valid())
      return absl::DataLossError(place + ": records without a format version; restore it from a backup");
  }
  return FromRocks(PutHeader(store, CatalogueState{}), place + ": write the first state");
}

// An older format lacks families, which opening has made, and what `state` says of the history.
absl::Status BringToOurFormat(const RocksStore& store, const std::filesystem::path& directory,
                              CatalogueState* state) {
  if (state->format == kCatalogueFormatVersion) return absl::OkStatus();
  state->format = kCatalogueFormatVersion;
  return FromRocks(PutHeader(store, *state), PlaceOf(directory) + ": bring to the present format");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Catalogue>> OpenCatalogueOn(rocksdb::Env* env,
                                                           const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return absl::InternalError(PlaceOf(directory) + ": cannot make the folder: " + error.message());
  }
  DX_RETURN_IF_ERROR(CheckFolder(env, directory));
  DX_ASSIGN_OR_RETURN(std::unique_ptr<RocksStore> store, OpenStore(env, directory));
  absl::StatusOr<CatalogueState> state = ReadState(*store, directory);
  if (absl::IsNotFound(state.status())) {
    DX_RETURN_IF_ERROR(Initialise(*store, directory));
    state = CatalogueState{};
  }
  if (!state.ok()) return state.status();
  DX_RETURN_IF_ERROR(BringToOurFormat(*store, directory, &*state));
  return std::make_unique<RocksCatalogue>(std::move(store), directory, *state);
}

absl::StatusOr<std::unique_ptr<Catalogue>> Catalogue::Open(const std::filesystem::path& directory) {
  return OpenCatalogueOn(rocksdb::Env::Default(), directory);
}

}  // namespace dongxi
