#include "store/catalogue_layout.h"

#include <cstdarg>
#include <memory>
#include <utility>

#include "rocksdb/cache.h"
#include "rocksdb/env.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"
#include "store/rocks_status.h"

namespace dongxi {
namespace {

constexpr size_t kBlockCacheBytes = size_t{32} << 20;
constexpr size_t kWriteBuffersBytes = size_t{32} << 20;
constexpr size_t kBlockBytes = size_t{16} << 10;
constexpr uint64_t kWalBytesMax = uint64_t{64} << 20;  // bounds a restart, and the memory of a view
constexpr int kBloomBitsPerKey = 10;                   // an import of new records need not read old ones

void AppendBigEndian(uint64_t value, int bytes, std::string* out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out->push_back(static_cast<char>((value >> shift) & 0xff));
}

uint64_t ReadBigEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (const char byte : bytes) value = (value << 8) | static_cast<unsigned char>(byte);
  return value;
}

// RocksDB's own messages go nowhere: it writes them into the catalogue's folder, and Debian's build
// (assertions on) ends the program when the first of them after a full disk cannot be written. What matters
// comes back as a status.
class NoMessages : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

rocksdb::DBOptions CommonOptions() {
  rocksdb::DBOptions options;
  options.db_write_buffer_size = kWriteBuffersBytes;
  options.paranoid_checks = true;
  // A torn record at the end of the log is a write that was never acknowledged; damage anywhere else must be
  // seen.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.max_background_jobs = 2;
  options.info_log = std::make_shared<NoMessages>();
  options.db_host_id.clear();  // else the name of the machine goes into every file, and with it into backups
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

}  // namespace

std::string EncodeU32(uint32_t value) {
  std::string out;
  AppendBigEndian(value, 4, &out);
  return out;
}

std::optional<uint32_t> DecodeU32(std::string_view bytes) {
  if (bytes.size() != 4) return std::nullopt;
  return static_cast<uint32_t>(ReadBigEndian(bytes));
}

std::string EncodeState(const CatalogueState& state) {
  std::string out;
  AppendBigEndian(state.sequence, 8, &out);
  for (const RecordKind kind : kAllRecordKinds)
    AppendBigEndian(state.counts[static_cast<size_t>(kind)], 8, &out);
  return out;
}

std::optional<CatalogueState> DecodeState(std::string_view bytes) {
  if (bytes.size() != 8 * (1 + std::size(kAllRecordKinds))) return std::nullopt;
  CatalogueState state;
  state.sequence = ReadBigEndian(bytes.substr(0, 8));
  for (const RecordKind kind : kAllRecordKinds) {
    const auto index = static_cast<size_t>(kind);
    state.counts[index] = ReadBigEndian(bytes.substr(8 * index, 8));
  }
  return state;
}

std::string EncodeHistoryStarts(const CatalogueState& state) {
  std::string out;
  AppendBigEndian(state.history_start, 8, &out);
  AppendBigEndian(state.changes_start, 8, &out);
  return out;
}

bool DecodeHistoryStarts(std::string_view bytes, CatalogueState* state) {
  if (bytes.size() != 16) return false;
  state->history_start = ReadBigEndian(bytes.substr(0, 8));
  state->changes_start = ReadBigEndian(bytes.substr(8));
  return true;
}

std::string DeletedKey(const RecordName& name) {
  return std::string(1, static_cast<char>(name.kind)) + name.id;
}

std::string HistoryKey(const RecordName& name, uint64_t revision) {
  std::string key = DeletedKey(name);
  key.push_back('\0');
  AppendBigEndian(revision, 8, &key);
  return key;
}

std::optional<RecordName> DecodeDeletedKey(std::string_view key) {
  if (key.size() < 2 || !IsKind(static_cast<RecordKind>(key[0]))) return std::nullopt;
  return RecordName{static_cast<RecordKind>(key[0]), std::string(key.substr(1))};
}

std::optional<HistoryEntry> DecodeHistoryKey(std::string_view key) {
  constexpr size_t kTailBytes = 9;
  if (key.size() < 2 + kTailBytes || key[key.size() - kTailBytes] != '\0') return std::nullopt;
  std::optional<RecordName> name = DecodeDeletedKey(key.substr(0, key.size() - kTailBytes));
  if (!name) return std::nullopt;
  return HistoryEntry{*std::move(name), ReadBigEndian(key.substr(key.size() - 8))};
}

std::string TableKey(Table table, std::string_view key) {
  std::string out(1, static_cast<char>(table));
  return out.append(key);
}

std::string ChangeKey(uint64_t sequence, uint32_t index) {
  std::string key;
  AppendBigEndian(sequence, 8, &key);
  AppendBigEndian(index, 4, &key);
  return key;
}

std::string ChangeValue(ChangeOperation operation, const RecordName& name) {
  std::string value;
  value.push_back(static_cast<char>(operation));
  value.push_back(static_cast<char>(name.kind));
  value += name.id;
  return value;
}

std::optional<Change> DecodeChange(std::string_view key, std::string_view value) {
  if (key.size() != 12 || value.size() < 3) return std::nullopt;
  Change change;
  change.sequence = ReadBigEndian(key.substr(0, 8));
  change.operation = static_cast<ChangeOperation>(value[0]);
  change.name.kind = static_cast<RecordKind>(value[1]);
  change.name.id = std::string(value.substr(2));
  const bool known =
      change.operation == ChangeOperation::kUpsert || change.operation == ChangeOperation::kDelete;
  if (!known || !IsKind(change.name.kind)) return std::nullopt;
  return change;
}

RocksStore::~RocksStore() {
  for (rocksdb::ColumnFamilyHandle* handle : handles_) {
    // Only fails for a handle of another database.
    if (handle != nullptr) db_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
}

rocksdb::DBOptions WriterOptions() {
  rocksdb::DBOptions options = CommonOptions();
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.max_total_wal_size = kWalBytesMax;
  options.max_open_files = 512;
  return options;
}

rocksdb::DBOptions ViewOptions() {
  rocksdb::DBOptions options = CommonOptions();
  options.max_open_files = -1;  // the writer may remove files that we read
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor> FamilyDescriptors(size_t count) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  table.block_size = kBlockBytes;
  table.cache_index_and_filter_blocks = true;  // else they grow with the catalogue, outside the cache's limit
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  table.format_version = 5;
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kLZ4Compression;
  options.write_buffer_size = kWriteBuffersBytes / 2;
  options.level_compaction_dynamic_level_bytes = true;
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (size_t i = 0; i < count; ++i) descriptors.emplace_back(kFamilyNames[i], options);
  return descriptors;
}

std::string PlaceOf(const std::filesystem::path& directory) { return "catalogue " + directory.string(); }

absl::Status OtherFormatError(const std::filesystem::path& directory, const std::string& found) {
  return absl::FailedPreconditionError(
      PlaceOf(directory) + ": found " + found + ", this program reads format version " +
      std::to_string(kCatalogueFormatVersion) +
      "; use the version of Dongxi that wrote it, or import into an empty folder");
}

absl::StatusOr<CatalogueState> ReadState(const RocksStore& store, const std::filesystem::path& directory) {
  const std::string place = PlaceOf(directory);
  std::string bytes;
  rocksdb::Status read = store.db().Get({}, store.family(Family::kMeta), kFormatVersionKey, &bytes);
  if (!read.ok()) return FromRocks(read, place + ": read format version");
  const std::optional<uint32_t> version = DecodeU32(bytes);
  if (!version)
    return absl::DataLossError(place + ": the format version is not readable; restore it from a backup");
  if (*version < kFirstFormatVersion || *version > kCatalogueFormatVersion) {
    return OtherFormatError(directory, "format version " + std::to_string(*version));
  }
  read = store.db().Get({}, store.family(Family::kMeta), kStateKey, &bytes);
  if (!read.ok() && !read.IsNotFound()) return FromRocks(read, place + ": read sequence and counts");
  std::optional<CatalogueState> state = read.ok() ? DecodeState(bytes) : std::nullopt;
  if (!state) {
    return absl::DataLossError(place +
                               ": sequence and counts are missing or damaged; restore it from a backup");
  }
  state->format = *version;
  if (*version == kFirstFormatVersion) {  // what was written over before is not known
    state->history_start = state->sequence;
    return *state;
  }
  read = store.db().Get({}, store.family(Family::kMeta), kHistoryKey, &bytes);
  if (!read.ok() && !read.IsNotFound()) return FromRocks(read, place + ": read where the history starts");
  if (read.ok() && DecodeHistoryStarts(bytes, &*state)) return *state;
  return absl::DataLossError(place +
                             ": where the history starts is missing or damaged; restore it from a backup");
}

}  // namespace dongxi
