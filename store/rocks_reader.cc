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

rocksdb::ReadOptions RocksReads::Options() const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  options.verify_checksums = true;
  return options;
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
  const rocksdb::Status read = store_.db().Get(Options(), store_.family(kind), SliceOf(id), &value);
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
    store_.db().MultiGet(Options(), store_.family(kind), keys.size(), keys.data(), values.data(),
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
  rocksdb::ReadOptions options = Options();
  options.fill_cache = false;  // one pass over everything must not push out what searches need
  const std::unique_ptr<rocksdb::Iterator> it(store_.db().NewIterator(options, store_.family(kind)));
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
  rocksdb::ReadOptions options = Options();
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> it(
      store_.db().NewIterator(options, store_.family(Family::kChanges)));
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

}  // namespace dongxi
