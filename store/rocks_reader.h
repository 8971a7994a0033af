// Reading the catalogue, shared by the writer, its snapshots and views. Internal to store/.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/catalogue.h"
#include "store/catalogue_layout.h"

namespace dongxi {

// Reads of one database. Any thread; keeps a reference to the store.
class RocksReads {
 public:
  // Tells at which state each read is made; a null answer, or no function: at what the database has newest.
  using SnapshotSource = std::function<std::shared_ptr<const rocksdb::Snapshot>()>;

  RocksReads(const RocksStore& store, std::string place, SnapshotSource snapshot)
      : store_(store), place_(std::move(place)), snapshot_(std::move(snapshot)) {}

  absl::StatusOr<Record> Get(RecordKind kind, std::string_view id) const;
  absl::StatusOr<std::vector<std::optional<Record>>> GetMany(std::span<const RecordName> names) const;
  absl::Status Scan(RecordKind kind, std::string_view after, const std::function<bool(Record)>& visit) const;
  absl::Status ScanChanges(uint64_t after, const std::function<bool(const Change&)>& visit) const;
  absl::StatusOr<std::vector<std::optional<Record>>> GetManyAt(std::span<const RecordName> names,
                                                               uint64_t sequence) const;
  absl::StatusOr<std::vector<std::optional<Record>>> GetManyDeleted(std::span<const RecordName> names) const;
  absl::Status ScanDeleted(RecordKind kind, std::string_view after,
                           const std::function<bool(Record)>& visit) const;
  absl::StatusOr<std::optional<std::string>> GetTable(Table table, std::string_view key) const;
  absl::Status ScanTable(Table table, std::string_view first, const TableVisitor& visit) const;
  absl::Status ScanVersions(const std::function<bool(Record)>& visit) const;
  absl::Status CheckFiles() const;

 private:
  // How to read, and what keeps the state that is read.
  struct Moment {
    std::shared_ptr<const rocksdb::Snapshot> snapshot;
    rocksdb::ReadOptions options;
  };
  Moment Now() const;
  // Of a table: what Catalogue::NoteMatch put belongs to no batch and is read at once.
  Moment NowOf(Table table) const;
  absl::StatusOr<Record> Decode(RecordKind kind, std::string_view id, std::string_view bytes) const;
  // The newest of the versions that were written over, up to `sequence`; empty if none or deleted.
  absl::StatusOr<std::optional<Record>> VersionAt(const RecordName& name, uint64_t sequence) const;

  const RocksStore& store_;
  const std::string place_;
  const SnapshotSource snapshot_;
};

// OutOfRange if `sequence` lies before what the state remembers.
absl::Status CheckHistory(const CatalogueState& state, uint64_t sequence);
absl::Status CheckChanges(const CatalogueState& state, uint64_t after);

// Answers what `Interface` (CatalogueReader or Catalogue) asks about reading from one database, as of the
// state that the class says.
template <typename Interface>
class RocksBacked : public Interface {
 public:
  uint64_t sequence() const override { return State().sequence; }
  RecordCounts Counts() const override { return State().counts; }
  uint64_t HistoryStart() const override { return State().history_start; }
  absl::StatusOr<Record> Get(RecordKind kind, std::string_view id) const override {
    return reads_.Get(kind, id);
  }
  absl::StatusOr<std::vector<std::optional<Record>>> GetMany(
      std::span<const RecordName> names) const override {
    return reads_.GetMany(names);
  }
  absl::Status Scan(RecordKind kind, std::string_view after,
                    const std::function<bool(Record)>& visit) const override {
    return reads_.Scan(kind, after, visit);
  }
  absl::Status ScanChanges(uint64_t after, const std::function<bool(const Change&)>& visit) const override {
    const absl::Status kept = CheckChanges(State(), after);
    return kept.ok() ? reads_.ScanChanges(after, visit) : kept;
  }
  absl::StatusOr<std::vector<std::optional<Record>>> GetManyAt(std::span<const RecordName> names,
                                                               uint64_t sequence) const override {
    const absl::Status kept = CheckHistory(State(), sequence);
    if (!kept.ok()) return kept;
    return reads_.GetManyAt(names, sequence);
  }
  absl::StatusOr<std::vector<std::optional<Record>>> GetManyDeleted(
      std::span<const RecordName> names) const override {
    return reads_.GetManyDeleted(names);
  }
  absl::Status ScanDeleted(RecordKind kind, std::string_view after,
                           const std::function<bool(Record)>& visit) const override {
    return reads_.ScanDeleted(kind, after, visit);
  }
  absl::StatusOr<std::optional<std::string>> GetTable(Table table, std::string_view key) const override {
    return reads_.GetTable(table, key);
  }
  absl::Status ScanTable(Table table, std::string_view first, const TableVisitor& visit) const override {
    return reads_.ScanTable(table, first, visit);
  }
  absl::Status ScanVersions(const std::function<bool(Record)>& visit) const override {
    return reads_.ScanVersions(visit);
  }
  absl::Status CheckFiles() const override { return reads_.CheckFiles(); }

 protected:
  // The arguments are those of RocksReads.
  RocksBacked(const RocksStore& store, const std::string& place, RocksReads::SnapshotSource snapshot)
      : reads_(store, place, std::move(snapshot)) {}
  virtual CatalogueState State() const = 0;

  const RocksReads reads_;
};

// A reader whose state does not change: a snapshot of the writer, or a view.
class FixedReader : public RocksBacked<CatalogueReader> {
 public:
  // `snapshot` may be null if nobody writes to the store.
  FixedReader(const RocksStore& store, const std::string& place,
              std::shared_ptr<const rocksdb::Snapshot> snapshot, const CatalogueState& state)
      : RocksBacked(store, place, [snapshot = std::move(snapshot)] { return snapshot; }), state_(state) {}

 protected:
  CatalogueState State() const override { return state_; }

 private:
  const CatalogueState state_;
};

}  // namespace dongxi
