// How the catalogue lies in RocksDB: column families, keys, values and options (docs/format/catalogue.md).
// Internal to store/. Pure functions; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rocksdb/db.h"
#include "store/catalogue.h"

namespace dongxi {

inline constexpr uint32_t kCatalogueFormatVersion = 2;
inline constexpr uint32_t kFirstFormatVersion = 1;  // still read; a writer brings it to ours

// Column families in the order in which we open them. The kinds have the value of RecordKind as their index.
enum class Family : size_t {  // 1..5: kinds of records
  kDefault = 0,
  kChanges = 6,
  kMeta = 7,
  kHistory = 8,  // from here on: since format version 2
  kDeleted = 9,
  kTables = 10,
};
inline constexpr size_t kFamilyCount = 11;
// RocksDB insists on "default"; it stays empty.
inline constexpr std::array<const char*, kFamilyCount> kFamilyNames = {
    "default", "institutions", "experts", "results", "needs", "evidence",
    "changes", "meta",         "history", "deleted", "tables"};

inline constexpr const char* kFormatVersionKey = "format_version";
inline constexpr const char* kStateKey = "state";
inline constexpr const char* kHistoryKey = "history";

inline bool IsKind(RecordKind kind) {
  return kind >= RecordKind::kInstitution && kind <= RecordKind::kEvidence;
}

inline rocksdb::Slice SliceOf(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
inline std::string_view ViewOf(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

// What `meta` says. Sequence and counts are one value there, so that they can never disagree.
struct CatalogueState {
  uint64_t sequence = 0;
  RecordCounts counts = {};
  uint64_t history_start = 0;                 // GetManyAt is exact from here on
  uint64_t changes_start = 0;                 // the change log holds everything after this sequence
  uint32_t format = kCatalogueFormatVersion;  // as found
  bool operator==(const CatalogueState&) const = default;
};

std::string EncodeU32(uint32_t value);
std::optional<uint32_t> DecodeU32(std::string_view bytes);
std::string EncodeState(const CatalogueState& state);
std::optional<CatalogueState> DecodeState(std::string_view bytes);
std::string EncodeHistoryStarts(const CatalogueState& state);
// Sets both starts of `state`; false if the bytes are none.
bool DecodeHistoryStarts(std::string_view bytes, CatalogueState* state);

// Keys of `deleted`: kind and id; of `history`: the same, a zero byte (no id holds one) and the revision.
std::string DeletedKey(const RecordName& name);
std::string HistoryKey(const RecordName& name, uint64_t revision);
struct HistoryEntry {
  RecordName name;
  uint64_t revision = 0;
};
std::optional<RecordName> DecodeDeletedKey(std::string_view key);
std::optional<HistoryEntry> DecodeHistoryKey(std::string_view key);
std::string TableKey(Table table, std::string_view key);

// Key of the change number `index` of the batch `sequence`: they sort by time.
std::string ChangeKey(uint64_t sequence, uint32_t index);
std::string ChangeValue(ChangeOperation operation, const RecordName& name);
std::optional<Change> DecodeChange(std::string_view key, std::string_view value);

// The database with its handles; closes them in the right order.
class RocksStore {
 public:
  RocksStore(rocksdb::DB* db, std::vector<rocksdb::ColumnFamilyHandle*> handles)
      : db_(db), handles_(std::move(handles)) {}
  ~RocksStore();
  RocksStore(const RocksStore&) = delete;
  RocksStore& operator=(const RocksStore&) = delete;

  rocksdb::DB& db() const { return *db_; }
  // Null in a view of a catalogue of format version 1 for what that does not have.
  rocksdb::ColumnFamilyHandle* family(Family family) const {
    const auto index = static_cast<size_t>(family);
    return index < handles_.size() ? handles_[index] : nullptr;
  }
  rocksdb::ColumnFamilyHandle* family(RecordKind kind) const { return handles_[static_cast<size_t>(kind)]; }

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

// Options of the writer and of a view: bounded memory, checked data, quiet logs.
rocksdb::DBOptions WriterOptions();
rocksdb::DBOptions ViewOptions();
// All families share one block cache. `count`: only the first ones.
std::vector<rocksdb::ColumnFamilyDescriptor> FamilyDescriptors(size_t count = kFamilyCount);
inline constexpr size_t kFamilyCountV1 = 8;

// "catalogue DIR": the place in every message.
std::string PlaceOf(const std::filesystem::path& directory);
// FailedPrecondition for a folder that another version of the format, or another program, has written.
absl::Status OtherFormatError(const std::filesystem::path& directory, const std::string& found);

// Checks the format version and reads sequence and counts. NotFound if neither is there (a folder whose first
// opening was cut short); DataLoss if they cannot be read; FailedPrecondition for another version.
absl::StatusOr<CatalogueState> ReadState(const RocksStore& store, const std::filesystem::path& directory);

}  // namespace dongxi
