// The catalogue: the only source of truth, in RocksDB (layout: docs/format/catalogue.md).
// One writer at a time holds the lock; readers open a view. Thread-safe after opening.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/record/record.h"

namespace dongxi {

enum class UpsertState : uint8_t { kCreated, kUpdated, kUnchanged };

// Number of records of each kind, indexed by RecordKind.
using RecordCounts = std::array<uint64_t, 6>;

// One entry of the change log.
enum class ChangeOperation : uint8_t { kUpsert = 1, kDelete = 2 };
struct Change {
  uint64_t sequence = 0;
  ChangeOperation operation = ChangeOperation::kUpsert;
  RecordName name;
  bool operator==(const Change&) const = default;
};

// Reading. The view is that of the newest acknowledged write unless the class says otherwise.
class CatalogueReader {
 public:
  virtual ~CatalogueReader() = default;
  // Sequence number of the last write seen; 0 for an empty catalogue. Each written batch has one number.
  virtual uint64_t sequence() const = 0;
  virtual RecordCounts Counts() const = 0;
  // NotFound names the record.
  virtual absl::StatusOr<Record> Get(RecordKind kind, std::string_view id) const = 0;
  // In the order of `names`; a record that does not exist is left out of the map-like answer: the optional is
  // empty.
  virtual absl::StatusOr<std::vector<std::optional<Record>>> GetMany(
      std::span<const RecordName> names) const = 0;
  // Calls `visit` for the records of a kind in order of id, from the first id > `after`, until it returns
  // false.
  virtual absl::Status Scan(RecordKind kind, std::string_view after,
                            const std::function<bool(Record)>& visit) const = 0;
  // Calls `visit` for the changes of all batches after sequence number `after`, oldest first, until it
  // returns false. Within a batch: in the order in which the caller gave the records. A name comes once for
  // each batch that wrote it.
  virtual absl::Status ScanChanges(uint64_t after, const std::function<bool(const Change&)>& visit) const = 0;
};

class Catalogue : public CatalogueReader {
 public:
  // Opens `directory` (made if missing) for writing. FailedPrecondition if another process holds the lock:
  // the message says that a server runs there and names `dongxi-indexer import --server HOST:PORT`. DataLoss
  // on damage (damage inside a file may only be found by the call that reads it, which then returns
  // DataLoss); FailedPrecondition if the format version is another one.
  static absl::StatusOr<std::unique_ptr<Catalogue>> Open(const std::filesystem::path& directory);

  // Upserts all records as one batch with one sequence number, and appends to the change log; durable when it
  // returns (WAL synced). Sets revision and times; a record equal to the stored one (apart from those) is
  // kUnchanged and not written. Records of the same name: the last one wins, the others are kUnchanged. All
  // or nothing. A batch that changes nothing has no sequence number. Errors: InvalidArgument names the record
  // that cannot be stored (no valid id, text that is not UTF-8); ResourceExhausted if the disk is full.
  virtual absl::StatusOr<std::vector<UpsertState>> Upsert(std::vector<Record> records, int64_t now_us) = 0;
  // Removes records; names that do not exist are passed over. Returns how many were removed.
  virtual absl::StatusOr<uint64_t> Delete(std::span<const RecordName> names) = 0;
  // Flushes what is in memory to files.
  virtual absl::Status Flush() = 0;

  // A view of this moment; writes after it are not seen. The catalogue must outlive it.
  virtual std::unique_ptr<CatalogueReader> Snapshot() const = 0;
};

// Opens a consistent read-only view without the writer's lock, also while a server writes (RocksDB secondary
// instance; `scratch` keeps its small log files and is removed afterwards). Sees all that was acknowledged
// before the call. NotFound if there is no catalogue: the message says how to make one.
absl::StatusOr<std::unique_ptr<CatalogueReader>> OpenCatalogueView(const std::filesystem::path& directory);

}  // namespace dongxi
