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

#include "absl/functional/function_ref.h"
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

// Tables beside the records: bytes under keys, sorted by key. The numbers are those on disk.
enum class Table : uint8_t {
  kEngagements = 1,
  kRefusals = 2,
  kMatches = 3,
  kRequests = 4,
  kOperations = 5,
  kWatches = 6,
  kPlans = 7,
  kTokens = 8,
  kSettings = 9,
};
struct TablePut {
  Table table = Table::kSettings;
  std::string key;
  std::optional<std::string> value;  // none: removes the key
};
using TableVisitor = std::function<bool(std::string_view key, std::string_view value)>;

// What one write does: all or nothing. A name may be in one of the three lists only.
struct WriteBatch {
  std::vector<Record> upserts;        // over a deleted record: a new one, created now
  std::vector<RecordName> deletes;    // soft: out of Get, Scan and matches at once, kept with delete_time for
                                      // kDeletedKeptUs; names that do not exist are passed over
  std::vector<RecordName> undeletes;  // names that are not deleted are passed over
  std::vector<TablePut> puts;
};
struct WriteResult {
  uint64_t sequence = 0;  // of the catalogue after the write; a batch of puts alone does not advance it
  std::vector<UpsertState> states;  // of the upserts
  std::vector<Record> stored;       // of the upserts, as stored (revision, times)
  uint64_t deleted = 0;             // names that were there and are deleted now
  std::vector<Record> undeleted;    // as stored, in the order of the names without those passed over
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
  // OutOfRange if the log was pruned behind `after`.
  virtual absl::Status ScanChanges(uint64_t after, const std::function<bool(const Change&)>& visit) const = 0;

  // The records as they were when `sequence` was the newest: empty if they did not exist then, or were
  // deleted. Exact for every sequence from HistoryStart() on; OutOfRange before it.
  virtual absl::StatusOr<std::vector<std::optional<Record>>> GetManyAt(std::span<const RecordName> names,
                                                                       uint64_t sequence) const = 0;
  virtual uint64_t HistoryStart() const = 0;

  // As GetMany and Scan, of the records that are deleted and can be undeleted (delete_time_us is set).
  virtual absl::StatusOr<std::vector<std::optional<Record>>> GetManyDeleted(
      std::span<const RecordName> names) const = 0;
  virtual absl::Status ScanDeleted(RecordKind kind, std::string_view after,
                                   const std::function<bool(Record)>& visit) const = 0;

  virtual absl::StatusOr<std::optional<std::string>> GetTable(Table table, std::string_view key) const = 0;
  // Calls `visit` for the keys >= `first` in ascending order until it returns false.
  virtual absl::Status ScanTable(Table table, std::string_view first, const TableVisitor& visit) const = 0;

  // Calls `visit` for the kept versions that were written over (history), by name and then revision, until it
  // returns false.
  virtual absl::Status ScanVersions(const std::function<bool(Record)>& visit) const = 0;
  // Reads every block of every data file from the disk and compares checksums. DataLoss names the file;
  // Unavailable if a writer took a file away meanwhile.
  virtual absl::Status CheckFiles() const = 0;
};

class Catalogue : public CatalogueReader {
 public:
  // Opens `directory` (made if missing) for writing. FailedPrecondition if another process holds the lock:
  // the message says that a server runs there and names `dongxi-indexer import --server HOST:PORT`. DataLoss
  // on damage (damage inside a file may only be found by the call that reads it, which then returns
  // DataLoss); FailedPrecondition if the format version is a newer one; an older one is brought to ours.
  static absl::StatusOr<std::unique_ptr<Catalogue>> Open(const std::filesystem::path& directory);

  // Runs `plan` under the writer's lock with a reader of the newest state, and writes the batch that it
  // returns as one: durable when it returns (WAL synced), with one sequence number and its changes in the
  // log. Checks of etag, existence and idempotency belong into `plan`; its error is returned and nothing is
  // written. Sets revision and times; a record equal to the stored one (apart from those) is kUnchanged and
  // not written. Upserts of the same name: the last one wins, the others are kUnchanged. A batch that changes
  // no record has no sequence number. Errors: InvalidArgument names the record that cannot be stored (no
  // valid id, text that is not UTF-8) or is in two lists; ResourceExhausted if the disk is full. `plan` must
  // not write.
  using WritePlan = absl::FunctionRef<absl::StatusOr<WriteBatch>(const CatalogueReader& newest)>;
  virtual absl::StatusOr<WriteResult> Write(WritePlan plan, int64_t now_us) = 0;
  // Write with upserts alone.
  absl::StatusOr<std::vector<UpsertState>> Upsert(std::vector<Record> records, int64_t now_us);
  // Write with deletes alone; returns how many records were there.
  absl::StatusOr<uint64_t> Delete(std::span<const RecordName> names, int64_t now_us);
  // Puts one value into kMatches outside any batch, not synced: it survives kill -9, not a power cut. Readers
  // of that table see it at once. It does not wait for writers.
  virtual absl::Status NoteMatch(std::string_view match_id, std::string_view value) = 0;

  // Called under the writer's lock after each commit of records, before Write returns, in order of sequence;
  // reads see the commit already. At most one; to be set before the first write. It must not write.
  using Listener = std::function<void(uint64_t sequence, std::span<const Change> changes)>;
  virtual void SetListener(Listener listener) = 0;

  // Forgets versions and changes that no reader at a sequence >= `oldest_sequence` needs, and for good the
  // records deleted up to that sequence whose time (kDeletedKeptUs) is over at `now_us`. HistoryStart()
  // becomes `oldest_sequence`, which may not exceed sequence(); an older one than HistoryStart() only removes
  // expired records. Other writes go on meanwhile.
  virtual absl::Status Prune(uint64_t oldest_sequence, int64_t now_us) = 0;
  // A consistent copy of everything acknowledged into `to`, which is missing or an empty folder; on the same
  // file system without copying bytes. AlreadyExists if something is there.
  virtual absl::Status Checkpoint(const std::filesystem::path& to) = 0;
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
