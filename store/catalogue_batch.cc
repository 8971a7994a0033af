#include "store/catalogue_batch.h"

#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/base/status_macros.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

std::string BytesOf(const Record& record) {
  pb::Record message;
  ToProto(record, &message);
  return message.SerializeAsString();
}

// The record as it will read back from the catalogue: without fields that its kind does not have.
absl::StatusOr<Record> AsStored(const Record& record) {
  const auto refuse = [&record](const std::string& why) {
    return absl::InvalidArgumentError(ResourceName(record.kind, record.id) + ": cannot be stored: " + why);
  };
  if (!IsKind(record.kind)) return refuse("unknown kind, expected one of the five");
  if (record.id.empty()) return refuse("no id");
  pb::Record message;
  ToProto(record, &message);
  // Through bytes, because parsing is what refuses text that is not UTF-8: what is stored can be read.
  const std::string bytes = message.SerializeAsString();
  if (!message.ParseFromString(bytes)) return refuse("some text is not valid UTF-8");
  absl::StatusOr<Record> read_back = FromProto(message);
  if (!read_back.ok()) return refuse(std::string(read_back.status().message()));
  return read_back;
}

struct RecordNameHash {
  size_t operator()(const RecordName& name) const {
    return std::hash<std::string>()(name.id) * 31 + static_cast<size_t>(name.kind);
  }
};

// The names without repeats, in order, and which row of the input each stands for: its last one.
struct UniqueRows {
  std::vector<RecordName> names;
  std::vector<size_t> rows;
};

UniqueRows LastRowOfEach(std::vector<RecordName> names) {
  std::unordered_map<RecordName, size_t, RecordNameHash> last;
  for (size_t row = 0; row < names.size(); ++row) last[names[row]] = row;
  UniqueRows unique;
  for (size_t row = 0; row < names.size(); ++row) {
    if (last[names[row]] != row) continue;
    unique.rows.push_back(row);
  }
  for (const size_t row : unique.rows) unique.names.push_back(std::move(names[row]));
  return unique;
}

RecordName NameOf(const Record& record) { return {record.kind, record.id}; }

// A record that is upserted and deleted in one batch would depend on an order that no caller gave.
absl::Status CheckNamesApart(const WriteBatch& plan) {
  std::unordered_set<RecordName, RecordNameHash> seen;
  for (const Record& record : plan.upserts) seen.insert(NameOf(record));
  for (const std::vector<RecordName>* list : {&plan.deletes, &plan.undeletes}) {
    for (const RecordName& name : *list) {
      if (!seen.contains(name)) continue;
      return absl::InvalidArgumentError(ResourceName(name.kind, name.id) +
                                        ": is written and deleted or undeleted in one batch; write two");
    }
    seen.insert(list->begin(), list->end());
  }
  return absl::OkStatus();
}

}  // namespace

void CatalogueBatch::Log(ChangeOperation operation, const Record& record) {
  Change change{next_.sequence, operation, NameOf(record)};
  Check(batch_.Put(store_.family(Family::kChanges),
                   ChangeKey(change.sequence, static_cast<uint32_t>(changes_.size())),
                   ChangeValue(operation, change.name)));
  changes_.push_back(std::move(change));
}

void CatalogueBatch::Keep(const Record& replaced) {
  Check(batch_.Put(store_.family(Family::kHistory), HistoryKey(NameOf(replaced), replaced.revision),
                   BytesOf(replaced)));
}

void CatalogueBatch::PutLive(const Record& record) {
  Check(batch_.Put(store_.family(record.kind), record.id, BytesOf(record)));
  Log(ChangeOperation::kUpsert, record);
}

absl::Status CatalogueBatch::AddUpserts(std::vector<Record> records, const RocksReads& newest, int64_t now_us,
                                        WriteResult* result) {
  std::vector<RecordName> names;
  names.reserve(records.size());
  for (Record& record : records) {
    DX_ASSIGN_OR_RETURN(record, AsStored(record));
    names.push_back(NameOf(record));
  }
  const UniqueRows unique = LastRowOfEach(std::move(names));
  DX_ASSIGN_OR_RETURN(const std::vector<std::optional<Record>> stored, newest.GetMany(unique.names));
  DX_ASSIGN_OR_RETURN(const std::vector<std::optional<Record>> deleted, newest.GetManyDeleted(unique.names));
  result->states.assign(records.size(), UpsertState::kUnchanged);
  for (size_t i = 0; i < unique.rows.size(); ++i) {
    Record& record = records[unique.rows[i]];
    const bool created = !stored[i].has_value();
    record.revision = created ? 0 : stored[i]->revision;
    record.create_time_us = created ? now_us : stored[i]->create_time_us;
    record.update_time_us = created ? now_us : stored[i]->update_time_us;
    record.delete_time_us = 0;
    if (!created && record == *stored[i]) continue;
    record.revision = next_.sequence;
    record.update_time_us = now_us;
    if (created) ++next_.counts[static_cast<size_t>(record.kind)];
    if (!created) Keep(*stored[i]);
    if (deleted[i]) {
      Keep(*deleted[i]);
      Check(batch_.Delete(store_.family(Family::kDeleted), DeletedKey(unique.names[i])));
    }
    PutLive(record);
    result->states[unique.rows[i]] = created ? UpsertState::kCreated : UpsertState::kUpdated;
  }
  // The rows that another row of the same name has replaced show what is stored, too.
  std::unordered_map<RecordName, size_t, RecordNameHash> row_of;
  for (size_t i = 0; i < unique.rows.size(); ++i) row_of[unique.names[i]] = unique.rows[i];
  for (size_t row = 0; row < records.size(); ++row) {
    const size_t last = row_of[NameOf(records[row])];
    if (last != row) records[row] = records[last];
  }
  result->stored = std::move(records);
  return absl::OkStatus();
}

absl::Status CatalogueBatch::AddDeletes(std::vector<RecordName> names, const RocksReads& newest,
                                        int64_t now_us, WriteResult* result) {
  const UniqueRows unique = LastRowOfEach(std::move(names));
  DX_ASSIGN_OR_RETURN(std::vector<std::optional<Record>> stored, newest.GetMany(unique.names));
  for (std::optional<Record>& record : stored) {
    if (!record) continue;
    Keep(*record);
    Check(batch_.Delete(store_.family(record->kind), record->id));
    record->revision = next_.sequence;
    record->update_time_us = record->delete_time_us = now_us;
    Check(batch_.Put(store_.family(Family::kDeleted), DeletedKey(NameOf(*record)), BytesOf(*record)));
    --next_.counts[static_cast<size_t>(record->kind)];
    Log(ChangeOperation::kDelete, *record);
    ++result->deleted;
  }
  return absl::OkStatus();
}

absl::Status CatalogueBatch::AddUndeletes(std::vector<RecordName> names, const RocksReads& newest,
                                          int64_t now_us, WriteResult* result) {
  const UniqueRows unique = LastRowOfEach(std::move(names));
  DX_ASSIGN_OR_RETURN(std::vector<std::optional<Record>> deleted, newest.GetManyDeleted(unique.names));
  for (std::optional<Record>& record : deleted) {
    if (!record) continue;
    Keep(*record);
    Check(batch_.Delete(store_.family(Family::kDeleted), DeletedKey(NameOf(*record))));
    record->revision = next_.sequence;
    record->update_time_us = now_us;
    record->delete_time_us = 0;
    ++next_.counts[static_cast<size_t>(record->kind)];
    PutLive(*record);
    result->undeleted.push_back(*std::move(record));
  }
  return absl::OkStatus();
}

absl::StatusOr<WriteResult> CatalogueBatch::Add(WriteBatch plan, const RocksReads& newest, int64_t now_us) {
  DX_RETURN_IF_ERROR(CheckNamesApart(plan));
  WriteResult result;
  DX_RETURN_IF_ERROR(AddUpserts(std::move(plan.upserts), newest, now_us, &result));
  DX_RETURN_IF_ERROR(AddUndeletes(std::move(plan.undeletes), newest, now_us, &result));
  DX_RETURN_IF_ERROR(AddDeletes(std::move(plan.deletes), newest, now_us, &result));
  rocksdb::ColumnFamilyHandle* const tables = store_.family(Family::kTables);
  for (const TablePut& put : plan.puts) {
    const std::string key = TableKey(put.table, put.key);
    Check(put.value ? batch_.Put(tables, key, *put.value) : batch_.Delete(tables, key));
    ++puts_;
  }
  if (changes_.empty()) --next_.sequence;
  result.sequence = next_.sequence;
  return result;
}

rocksdb::Status CatalogueBatch::Finish() {
  if (!changes_.empty()) Check(batch_.Put(store_.family(Family::kMeta), kStateKey, EncodeState(next_)));
  return status_;
}

}  // namespace dongxi
