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

inline constexpr uint32_t kCatalogueFormatVersion = 1;

// Column families in the order in which we open them. The kinds have the value of RecordKind as their index.
enum class Family : size_t { kDefault = 0, kChanges = 6, kMeta = 7 };  // 1..5: kinds of records
inline constexpr size_t kFamilyCount = 8;
// RocksDB insists on "default"; it stays empty.
inline constexpr std::array<const char*, kFamilyCount> kFamilyNames = {
    "default", "institutions", "experts", "results", "needs", "evidence", "changes", "meta"};

inline constexpr const char* kFormatVersionKey = "format_version";
inline constexpr const char* kStateKey = "state";

inline bool IsKind(RecordKind kind) {
  return kind >= RecordKind::kInstitution && kind <= RecordKind::kEvidence;
}

inline rocksdb::Slice SliceOf(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
inline std::string_view ViewOf(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

// Sequence and counts: one value, so that they can never disagree.
struct CatalogueState {
  uint64_t sequence = 0;
  RecordCounts counts = {};
  bool operator==(const CatalogueState&) const = default;
};

std::string EncodeU32(uint32_t value);
std::optional<uint32_t> DecodeU32(std::string_view bytes);
std::string EncodeState(const CatalogueState& state);
std::optional<CatalogueState> DecodeState(std::string_view bytes);
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
  rocksdb::ColumnFamilyHandle* family(Family family) const { return handles_[static_cast<size_t>(family)]; }
  rocksdb::ColumnFamilyHandle* family(RecordKind kind) const { return handles_[static_cast<size_t>(kind)]; }

 private:
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

// Options of the writer and of a view: bounded memory, checked data, quiet logs.
rocksdb::DBOptions WriterOptions();
rocksdb::DBOptions ViewOptions();
// All families share one block cache.
std::vector<rocksdb::ColumnFamilyDescriptor> FamilyDescriptors();

// "catalogue DIR": the place in every message.
std::string PlaceOf(const std::filesystem::path& directory);
// FailedPrecondition for a folder that another version of the format, or another program, has written.
absl::Status OtherFormatError(const std::filesystem::path& directory, const std::string& found);

// Checks the format version and reads sequence and counts. NotFound if neither is there (a folder whose first
// opening was cut short); DataLoss if they cannot be read; FailedPrecondition for another version.
absl::StatusOr<CatalogueState> ReadState(const RocksStore& store, const std::filesystem::path& directory);

}  // namespace dongxi
