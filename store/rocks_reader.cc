#include "store/rocks_reader.h"

#include <utility>

#include "engine/base/status_macros.h"
#include "store/record_codec.h"
#include "store/rocks_status.h"

namespace dongxi {
namespace {

absl::Status UnknownKind(RecordKind kind) {
  return absl::InvalidArgumentError("record kind: found " + std::to_string(static_cast<int>(kind)) +
                                    ", expected 1 to 5");
}

}  // namespace

RocksReads::Moment RocksReads::Now() const {
  Moment now;
  if (snapshot_) now.snapshot = snapshot_();
  now.options.snapshot = now.snapshot.get();
  now.options.verify_checksums = true;
  return now;
}

RocksReads::Moment RocksReads::NowOf(Table table) const {
  Moment now = Now();
  if (table == Table::kMatches) now.options.snapshot = nullptr;
  return now;
}

absl::StatusOr<Record> RocksReads::Decode(RecordKind kind, std::string_view id,
                                          std::string_view bytes) const {
  pb::Record message;
  const bool parsed = message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  const std::string name = ResourceName(kind, id);
  const std::string remedy = "; restore the catalogue from a backup";
  if (!parsed)
    return absl::DataLossError(place_ + ": " + name + ": the stored value is not a record" + remedy);
  absl::StatusOr<Record> record = FromProto(message);
  if (!record.ok()) {
    return absl::DataLossError(place_ + ": " + name + ": " + std::string(record.status().message()) + remedy);
  }
  if (record->kind != kind || record->id != id) {
    return absl::DataLossError(place_ + ": " + name + ": the stored value is " +
                               ResourceName(record->kind, record->id) + remedy);
  }
  return record;
}

absl::StatusOr<Record> RocksReads::Get(RecordKind kind, std::string_view id) const {
  if (!IsKind(kind)) return UnknownKind(kind);
  rocksdb::PinnableSlice value;
  const Moment now = Now();
  const rocksdb::Status read = store_.db().Get(now.options, store_.family(kind), SliceOf(id), &value);
  if (read.IsNotFound())
    return absl::NotFoundError(ResourceName(kind, id) + ": no such record in the catalogue");
  if (!read.ok()) return FromRocks(read, place_ + ": read " + ResourceName(kind, id));
  return Decode(kind, id, ViewOf(value));
}

absl::StatusOr<std::vector<std::optional<Record>>> RocksReads::GetMany(
    std::span<const RecordName> names) const {
  std::vector<std::optional<Record>> records(names.size());
  std::vector<size_t> rows;
  std::vector<rocksdb::Slice> keys;
  const Moment now = Now();
  for (const RecordKind kind : kAllRecordKinds) {
    rows.clear();
    keys.clear();
    for (size_t i = 0; i < names.size(); ++i) {
      if (!IsKind(names[i].kind)) return UnknownKind(names[i].kind);
      if (names[i].kind != kind) continue;
      rows.push_back(i);
      keys.push_back(SliceOf(names[i].id));
    }
    if (rows.empty()) continue;
    std::vector<rocksdb::PinnableSlice> values(rows.size());
    std::vector<rocksdb::Status> statuses(rows.size());
    store_.db().MultiGet(now.options, store_.family(kind), keys.size(), keys.data(), values.data(),
                         statuses.data());
    for (size_t i = 0; i < rows.size(); ++i) {
      const std::string& id = names[rows[i]].id;
      if (statuses[i].IsNotFound()) continue;
      if (!statuses[i].ok()) return FromRocks(statuses[i], place_ + ": read " + ResourceName(kind, id));
      DX_ASSIGN_OR_RETURN(records[rows[i]], Decode(kind, id, ViewOf(values[i])));
    }
  }
  return records;
}

absl::Status RocksReads::Scan(RecordKind kind, std::string_view after,
                              const std::function<bool(Record)>& visit) const {
  if (!IsKind(kind)) return UnknownKind(kind);
  Moment now = Now();
  now.options.fill_cache = false;  // one pass over everything must not push out what searches need
  const std::unique_ptr<rocksdb::Iterator> it(store_.db().NewIterator(now.options, store_.family(kind)));
  it->Seek(SliceOf(after));
  if (it->Valid() && !after.empty() && ViewOf(it->key()) == after) it->Next();
  for (; it->Valid(); it->Next()) {
    DX_ASSIGN_OR_RETURN(Record record, Decode(kind, ViewOf(it->key()), ViewOf(it->value())));
    if (!visit(std::move(record))) return absl::OkStatus();
  }
  return FromRocks(it->status(), place_ + ": read all " + std::string(CollectionOf(kind)));
}

absl::Status RocksReads::ScanChanges(uint64_t after, const std::function<bool(const Change&)>& visit) const {
  if (after == UINT64_MAX) return absl::OkStatus();
  Moment now = Now();
  now.options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> it(
      store_.db().NewIterator(now.options, store_.family(Family::kChanges)));
  for (it->Seek(ChangeKey(after + 1, 0)); it->Valid(); it->Next()) {
    const std::optional<Change> change = DecodeChange(ViewOf(it->key()), ViewOf(it->value()));
    if (!change) {
      return absl::DataLossError(place_ + ": an entry of the change log after sequence " +
                                 std::to_string(after) + " is damaged; restore the catalogue from a backup");
    }
    if (!visit(*change)) return absl::OkStatus();
  }
  return FromRocks(it->status(), place_ + ": read the change log");
}

absl::StatusOr<std::optional<Record>> RocksReads::VersionAt(const RecordName& name, uint64_t sequence) const {
  rocksdb::ColumnFamilyHandle* const history = store_.family(Family::kHistory);
  if (history == nullptr) return std::optional<Record>();
  const Moment now = Now();
  const std::unique_ptr<rocksdb::Iterator> it(store_.db().NewIterator(now.options, history));
  it->SeekForPrev(HistoryKey(name, sequence));
  const std::string what = place_ + ": read older versions of " + ResourceName(name.kind, name.id);
  if (!it->Valid()) {
    DX_RETURN_IF_ERROR(FromRocks(it->status(), what));
    return std::optional<Record>();
  }
  const std::optional<HistoryEntry> entry = DecodeHistoryKey(ViewOf(it->key()));
  if (!entry) return absl::DataLossError(what + ": damaged key; restore the catalogue from a backup");
  if (entry->name != name) return std::optional<Record>();
  DX_ASSIGN_OR_RETURN(Record record, Decode(name.kind, name.id, ViewOf(it->value())));
  if (record.delete_time_us != 0) return std::optional<Record>();
  return std::optional<Record>(std::move(record));
}

absl::StatusOr<std::vector<std::optional<Record>>> RocksReads::GetManyAt(std::span<const RecordName> names,
                                                                         uint64_t sequence) const {
  // In this order a writer beside us does no harm: what it takes from one place is in the next one already.
  DX_ASSIGN_OR_RETURN(std::vector<std::optional<Record>> records, GetMany(names));
  std::vector<RecordName> others;
  std::vector<size_t> rows;
  for (size_t i = 0; i < names.size(); ++i) {
    if (records[i] && records[i]->revision <= sequence) continue;
    records[i].reset();
    others.push_back(names[i]);
    rows.push_back(i);
  }
  if (others.empty()) return records;
  DX_ASSIGN_OR_RETURN(const std::vector<std::optional<Record>> deleted, GetManyDeleted(others));
  for (size_t i = 0; i < others.size(); ++i) {
    if (deleted[i] && deleted[i]->revision <= sequence) continue;
    DX_ASSIGN_OR_RETURN(records[rows[i]], VersionAt(others[i], sequence));
  }
  return records;
}

absl::StatusOr<std::vector<std::optional<Record>>> RocksReads::GetManyDeleted(
    std::span<const RecordName> names) const {
  std::vector<std::optional<Record>> records(names.size());
  rocksdb::ColumnFamilyHandle* const deleted = store_.family(Family::kDeleted);
  if (deleted == nullptr || names.empty()) return records;
  std::vector<std::string> keys;
  for (const RecordName& name : names) keys.push_back(DeletedKey(name));
  const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  const Moment now = Now();
  store_.db().MultiGet(now.options, deleted, slices.size(), slices.data(), values.data(), statuses.data());
  for (size_t i = 0; i < names.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) {
      return FromRocks(statuses[i], place_ + ": read deleted " + ResourceName(names[i].kind, names[i].id));
    }
    DX_ASSIGN_OR_RETURN(records[i], Decode(names[i].kind, names[i].id, ViewOf(values[i])));
  }
  return records;
}

absl::Status RocksReads::ScanDeleted(RecordKind kind, std::string_view after,
                                     const std::function<bool(Record)>& visit) const {
  if (!IsKind(kind)) return UnknownKind(kind);
  rocksdb::ColumnFamilyHandle* const deleted = store_.family(Family::kDeleted);
  if (deleted == nullptr) return absl::OkStatus();
  Moment now = Now();
  now.options.fill_cache = false;
  const std::string first = DeletedKey({kind, std::string(after)});
  const std::unique_ptr<rocksdb::Iterator> it(store_.db().NewIterator(now.options, deleted));
  it->Seek(first);
  if (it->Valid() && ViewOf(it->key()) == first) it->Next();
  for (; it->Valid(); it->Next()) {
    const std::optional<RecordName> name = DecodeDeletedKey(ViewOf(it->key()));
    if (!name)
      return absl::DataLossError(place_ + ": damaged key of a deleted record; restore it from a backup");
    if (name->kind != kind) break;
    DX_ASSIGN_OR_RETURN(Record record, Decode(kind, name->id, ViewOf(it->value())));
    if (!visit(std::move(record))) return absl::OkStatus();
  }
  return FromRocks(it->status(), place_ + ": read deleted " + std::string(CollectionOf(kind)));
}

absl::StatusOr<std::optional<std::string>> RocksReads::GetTable(Table table, std::string_view key) const {
  rocksdb::ColumnFamilyHandle* const tables = store_.family(Family::kTables);
  if (tables == nullptr) return std::optional<std::string>();
  std::string value;
  const Moment now = NowOf(table);
  const rocksdb::Status read = store_.db().Get(now.options, tables, TableKey(table, key), &value);
  if (read.IsNotFound()) return std::optional<std::string>();
  if (!read.ok()) return FromRocks(read, place_ + ": read a table");
  return std::optional<std::string>(std::move(value));
}

absl::Status RocksReads::ScanTable(Table table, std::string_view first, const TableVisitor& visit) const {
  rocksdb::ColumnFamilyHandle* const tables = store_.family(Family::kTables);
  if (tables == nullptr) return absl::OkStatus();
  const std::string end(1, static_cast<char>(static_cast<uint8_t>(table) + 1));
  const rocksdb::Slice upper(end);
  Moment now = NowOf(table);
  now.options.iterate_upper_bound = &upper;
  // As in Scan: who begins at the beginning reads all, as the sweep of the match log does every minute.
  now.options.fill_cache = !first.empty();
  const std::unique_ptr<rocksdb::Iterator> it(store_.db().NewIterator(now.options, tables));
  for (it->Seek(TableKey(table, first)); it->Valid(); it->Next()) {
    if (!visit(ViewOf(it->key()).substr(1), ViewOf(it->value()))) return absl::OkStatus();
  }
  return FromRocks(it->status(), place_ + ": read a table");
}

absl::Status RocksReads::ScanVersions(const std::function<bool(Record)>& visit) const {
  rocksdb::ColumnFamilyHandle* const history = store_.family(Family::kHistory);
  if (history == nullptr) return absl::OkStatus();
  Moment now = Now();
  now.options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> it(store_.db().NewIterator(now.options, history));
  const std::string what = place_ + ": read older versions";
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    const std::optional<HistoryEntry> entry = DecodeHistoryKey(ViewOf(it->key()));
    if (!entry) return absl::DataLossError(what + ": damaged key; restore the catalogue from a backup");
    DX_ASSIGN_OR_RETURN(Record record, Decode(entry->name.kind, entry->name.id, ViewOf(it->value())));
    if (record.revision != entry->revision) {
      return absl::DataLossError(what + ": " + ResourceName(entry->name.kind, entry->name.id) +
                                 ": the version lies under another number; restore it from a backup");
    }
    if (!visit(std::move(record))) return absl::OkStatus();
  }
  return FromRocks(it->status(), what);
}

absl::Status RocksReads::CheckFiles() const {
  const rocksdb::Status checked = store_.db().VerifyChecksum();
  if (IsFileMissing(checked)) {
    return absl::UnavailableError(place_ + ": a writer replaced a file while it was checked; check again, " +
                                  "or let the server do it: dongxi admin verify");
  }
  return FromRocks(checked, place_ + ": check the data files");
}

absl::Status CheckHistory(const CatalogueState& state, uint64_t sequence) {
  if (sequence >= state.history_start) return absl::OkStatus();
  return absl::OutOfRangeError("the catalogue as of sequence " + std::to_string(sequence) +
                               " is not kept any more, only from " + std::to_string(state.history_start) +
                               " on; repeat the call on the newest state");
}

absl::Status CheckChanges(const CatalogueState& state, uint64_t after) {
  if (after >= state.changes_start) return absl::OkStatus();
  return absl::OutOfRangeError(
      "the changes after sequence " + std::to_string(after) + " are not kept any more, only those after " +
      std::to_string(state.changes_start) + "; build a generation of the newest state");
}

}  // namespace dongxi
