// Catalogue::Prune: forgetting versions, changes and records deleted long ago. Each step can be cut short at
// any point: what it leaves is read as before, and removed by the next call.
#include <algorithm>
#include <utility>

#include "engine/base/status_macros.h"
#include "store/rocks_catalogue.h"
#include "store/rocks_status.h"

namespace dongxi {
namespace {

constexpr uint32_t kDeletesPerBatch = 1'000;

// The versions of one name that a walk through the history has met, oldest first.
struct Versions {
  RecordName name;
  std::vector<uint64_t> revisions;
};

// Of what is stored now, live or deleted; 0 if neither.
absl::StatusOr<uint64_t> RevisionNow(const RocksReads& reads, const RecordName& name) {
  DX_ASSIGN_OR_RETURN(const auto live, reads.GetMany({&name, 1}));
  if (live[0]) return live[0]->revision;
  DX_ASSIGN_OR_RETURN(const auto deleted, reads.GetManyDeleted({&name, 1}));
  return deleted[0] ? deleted[0]->revision : 0;
}

// A version counts from its own revision to that of the next one, or of what is stored now. Older versions go
// first, so that a deletion hides what was before it until that is gone.
size_t CountForgettable(const Versions& versions, uint64_t present, uint64_t oldest_sequence) {
  uint64_t next = present;
  for (size_t i = versions.revisions.size(); i-- > 0; next = versions.revisions[i]) {
    if (next <= oldest_sequence) return i + 1;
  }
  return 0;
}

}  // namespace

absl::Status RocksCatalogue::Prune(uint64_t oldest_sequence, int64_t now_us) {
  if (oldest_sequence > sequence()) {
    return absl::InvalidArgumentError(place_ + ": prune up to sequence " + std::to_string(oldest_sequence) +
                                      ", but the newest is " + std::to_string(sequence()));
  }
  DX_RETURN_IF_ERROR(MoveStarts(oldest_sequence));
  const CatalogueState state = Current().state;
  DX_RETURN_IF_ERROR(ForgetChanges(state.changes_start));
  DX_RETURN_IF_ERROR(ForgetVersions(state.history_start));
  DX_RETURN_IF_ERROR(ForgetDeleted(state.history_start, now_us));
  // Readers let go of the snapshot that still has what was forgotten.
  const absl::MutexLock lock(&write_mutex_);
  DX_RETURN_IF_ERROR(ResumeAfterFailure());
  Publish(Current().state);
  return absl::OkStatus();
}

// First of all, so that nobody asks for what the next steps remove.
absl::Status RocksCatalogue::MoveStarts(uint64_t oldest_sequence) {
  const absl::MutexLock lock(&write_mutex_);
  DX_RETURN_IF_ERROR(ResumeAfterFailure());
  CatalogueState state = Current().state;
  state.history_start = std::max(state.history_start, oldest_sequence);
  state.changes_start = std::max(state.changes_start, oldest_sequence);
  if (state == Current().state) return absl::OkStatus();
  rocksdb::WriteBatch batch;
  DX_RETURN_IF_ERROR(FromRocks(
      batch.Put(store_->family(Family::kMeta), kHistoryKey, EncodeHistoryStarts(state)), place_ + ": prune"));
  DX_RETURN_IF_ERROR(WriteSynced(&batch, "prune"));
  Publish(state);
  return absl::OkStatus();
}

absl::Status RocksCatalogue::ForgetChanges(uint64_t oldest_sequence) {
  rocksdb::WriteBatch batch;
  const rocksdb::Status added =
      batch.DeleteRange(store_->family(Family::kChanges), ChangeKey(0, 0), ChangeKey(oldest_sequence + 1, 0));
  DX_RETURN_IF_ERROR(FromRocks(added, place_ + ": prune changes"));
  return WriteSynced(&batch, "prune changes");
}

absl::Status RocksCatalogue::ForgetVersions(uint64_t oldest_sequence) {
  const std::string what = place_ + ": prune versions";
  const Published now = Current();  // versions and what replaced them must be of one moment
  const RocksReads reads(*store_, place_, [&now] { return now.snapshot; });
  rocksdb::ColumnFamilyHandle* const history = store_->family(Family::kHistory);
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.snapshot = now.snapshot.get();
  const std::unique_ptr<rocksdb::Iterator> it(store_->db().NewIterator(options, history));
  rocksdb::WriteBatch batch;
  Versions versions;
  const auto forget = [&]() -> absl::Status {
    if (versions.revisions.empty()) return absl::OkStatus();
    DX_ASSIGN_OR_RETURN(const uint64_t present, RevisionNow(reads, versions.name));
    for (size_t i = 0; i < CountForgettable(versions, present, oldest_sequence); ++i) {
      const std::string key = HistoryKey(versions.name, versions.revisions[i]);
      DX_RETURN_IF_ERROR(FromRocks(batch.Delete(history, key), what));
    }
    if (batch.Count() < kDeletesPerBatch) return absl::OkStatus();
    DX_RETURN_IF_ERROR(WriteSynced(&batch, "prune versions"));
    batch.Clear();
    return absl::OkStatus();
  };
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    std::optional<HistoryEntry> entry = DecodeHistoryKey(ViewOf(it->key()));
    if (!entry) return absl::DataLossError(what + ": damaged key; restore the catalogue from a backup");
    if (entry->name != versions.name) {
      DX_RETURN_IF_ERROR(forget());
      versions = {std::move(entry->name), {}};
    }
    versions.revisions.push_back(entry->revision);
  }
  DX_RETURN_IF_ERROR(FromRocks(it->status(), what));
  DX_RETURN_IF_ERROR(forget());
  return batch.Count() == 0 ? absl::OkStatus() : WriteSynced(&batch, "prune versions");
}

absl::Status RocksCatalogue::ForgetDeleted(uint64_t oldest_sequence, int64_t now_us) {
  const auto expired = [&](const Record& record) {
    return record.revision <= oldest_sequence && record.delete_time_us + kDeletedKeptUs <= now_us;
  };
  std::vector<RecordName> names;
  for (const RecordKind kind : kAllRecordKinds) {
    DX_RETURN_IF_ERROR(reads_.ScanDeleted(kind, "", [&](const Record& record) {
      if (expired(record)) names.push_back({record.kind, record.id});
      return true;
    }));
  }
  for (size_t begin = 0; begin < names.size(); begin += kDeletesPerBatch) {
    const absl::MutexLock lock(&write_mutex_);  // nobody undeletes what is being removed
    DX_RETURN_IF_ERROR(ResumeAfterFailure());
    const std::span<const RecordName> some = std::span<const RecordName>(names).subspan(
        begin, std::min<size_t>(kDeletesPerBatch, names.size() - begin));
    DX_ASSIGN_OR_RETURN(const std::vector<std::optional<Record>> deleted, reads_.GetManyDeleted(some));
    rocksdb::WriteBatch batch;
    rocksdb::Status added;
    for (size_t i = 0; i < some.size() && added.ok(); ++i) {
      if (!deleted[i] || !expired(*deleted[i])) continue;
      added = batch.Delete(store_->family(Family::kDeleted), DeletedKey(some[i]));
      if (!added.ok()) break;
      added = batch.DeleteRange(store_->family(Family::kHistory), HistoryKey(some[i], 0),
                                HistoryKey(some[i], deleted[i]->revision));
    }
    DX_RETURN_IF_ERROR(FromRocks(added, place_ + ": prune deleted records"));
    DX_RETURN_IF_ERROR(WriteSynced(&batch, "prune deleted records"));
    Publish(Current().state);
  }
  return absl::OkStatus();
}

}  // namespace dongxi
