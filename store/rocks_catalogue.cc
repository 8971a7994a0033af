#include "store/rocks_catalogue.h"

#include <system_error>
#include <utility>

#include "engine/base/status_macros.h"
#include "rocksdb/utilities/checkpoint.h"
#include "store/rocks_status.h"

namespace dongxi {
namespace {

class SnapshotReader : public FixedReader {
 public:
  SnapshotReader(const RocksStore& store, const std::string& place, Published published)
      : FixedReader(store, place, std::move(published.snapshot), published.state) {}
};

}  // namespace

absl::StatusOr<std::vector<UpsertState>> Catalogue::Upsert(std::vector<Record> records, int64_t now_us) {
  DX_ASSIGN_OR_RETURN(WriteResult result, Write(
                                              [&records](const CatalogueReader&) {
                                                WriteBatch batch;
                                                batch.upserts = std::move(records);
                                                return batch;
                                              },
                                              now_us));
  return std::move(result.states);
}

absl::StatusOr<uint64_t> Catalogue::Delete(std::span<const RecordName> names, int64_t now_us) {
  DX_ASSIGN_OR_RETURN(const WriteResult result, Write(
                                                    [names](const CatalogueReader&) {
                                                      WriteBatch batch;
                                                      batch.deletes.assign(names.begin(), names.end());
                                                      return batch;
                                                    },
                                                    now_us));
  return result.deleted;
}

RocksCatalogue::RocksCatalogue(std::unique_ptr<RocksStore> store, std::filesystem::path directory,
                               const CatalogueState& state)
    : RocksBacked(*store, PlaceOf(directory), [this] { return Current().snapshot; }),
      directory_(std::move(directory)),
      place_(PlaceOf(directory_)),
      store_(std::move(store)) {
  Publish(state);
}

absl::StatusOr<std::vector<std::optional<Record>>> RocksCatalogue::GetManyAt(
    std::span<const RecordName> names, uint64_t sequence) const {
  return SnapshotReader(*store_, place_, Current()).GetManyAt(names, sequence);
}

std::unique_ptr<CatalogueReader> RocksCatalogue::Snapshot() const {
  return std::make_unique<SnapshotReader>(*store_, place_, Current());
}

void RocksCatalogue::SetListener(Listener listener) {
  const absl::MutexLock lock(&write_mutex_);
  listener_ = std::move(listener);
}

void RocksCatalogue::Publish(const CatalogueState& state) {
  rocksdb::DB& db = store_->db();
  std::shared_ptr<const rocksdb::Snapshot> snapshot(
      db.GetSnapshot(), [&db](const rocksdb::Snapshot* released) { db.ReleaseSnapshot(released); });
  Published published{state, std::move(snapshot)};
  const absl::MutexLock lock(&published_mutex_);
  std::swap(published_, published);  // The one before is released after the lock.
}

// The sync is a step of its own: within Write it would hold RocksDB's queue, in which every answer's note in
// the match log waits too. Until Publish nobody reads what is not on the disk yet.
absl::Status RocksCatalogue::WriteSynced(rocksdb::WriteBatch* batch, const std::string& what) {
  rocksdb::Status written = store_->db().Write(rocksdb::WriteOptions(), batch);
  if (written.ok()) written = store_->db().SyncWAL();
  if (!written.ok()) write_failed_ = true;
  return FromRocks(written, place_ + ": " + what);
}

absl::Status RocksCatalogue::Commit(CatalogueBatch& batch) {
  DX_RETURN_IF_ERROR(FromRocks(batch.Finish(), place_ + ": prepare a write"));
  DX_RETURN_IF_ERROR(WriteSynced(&batch.batch(), "write"));
  Publish(batch.next());
  if (listener_ && !batch.changes().empty()) listener_(batch.next().sequence, batch.changes());
  return absl::OkStatus();
}

absl::Status RocksCatalogue::NotifyAfter(uint64_t sequence) {
  if (!listener_) return absl::OkStatus();
  std::vector<Change> batch;
  const auto notify = [this, &batch]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_) {
    if (!batch.empty()) listener_(batch.front().sequence, batch);
    batch.clear();
  };
  DX_RETURN_IF_ERROR(reads_.ScanChanges(sequence, [&](const Change& change) {
    if (!batch.empty() && batch.front().sequence != change.sequence) notify();
    batch.push_back(change);
    return true;
  }));
  notify();
  return absl::OkStatus();
}

// After a failed write RocksDB refuses all others until it is told that the reason is gone.
absl::Status RocksCatalogue::ResumeAfterFailure() {
  if (!write_failed_) return absl::OkStatus();
  const rocksdb::Status resumed = store_->db().Resume();
  if (resumed.IsBusy()) {  // After a full disk RocksDB looks for space by itself, every few seconds.
    return absl::ResourceExhaustedError(
        place_ +
        ": was full and not yet writable again; free some space and try again "
        "in a few seconds");
  }
  DX_RETURN_IF_ERROR(FromRocks(resumed, place_ + ": resume after a failed write"));
  // What failed may be in the log all the same; nobody reads it before it is on the disk.
  DX_RETURN_IF_ERROR(FromRocks(store_->db().SyncWAL(), place_ + ": sync after a failed write"));
  DX_ASSIGN_OR_RETURN(const CatalogueState state, ReadState(*store_, directory_));
  const uint64_t before = Current().state.sequence;
  Publish(state);
  write_failed_ = false;
  // A write that was reported as failed may have been kept all the same.
  return NotifyAfter(before);
}

absl::StatusOr<WriteResult> RocksCatalogue::Write(WritePlan plan, int64_t now_us) {
  const absl::MutexLock lock(&write_mutex_);
  DX_RETURN_IF_ERROR(ResumeAfterFailure());
  DX_ASSIGN_OR_RETURN(WriteBatch planned, plan(*this));
  CatalogueBatch batch(*store_, Current().state);
  DX_ASSIGN_OR_RETURN(WriteResult result, batch.Add(std::move(planned), reads_, now_us));
  if (!batch.empty()) DX_RETURN_IF_ERROR(Commit(batch));
  return result;
}

absl::Status RocksCatalogue::NoteMatch(std::string_view match_id, std::string_view value) {
  const rocksdb::Status written = store_->db().Put(rocksdb::WriteOptions(), store_->family(Family::kTables),
                                                   TableKey(Table::kMatches, match_id), SliceOf(value));
  if (!written.ok()) write_failed_ = true;
  return FromRocks(written, place_ + ": note");
}

absl::Status RocksCatalogue::Checkpoint(const std::filesystem::path& to) {
  const std::string what = place_ + ": checkpoint into " + to.string();
  std::error_code error;
  if (std::filesystem::exists(to, error)) {
    if (!std::filesystem::is_directory(to, error) || !std::filesystem::is_empty(to, error)) {
      return absl::AlreadyExistsError(what + ": something is there; choose an empty folder");
    }
    std::filesystem::remove(to, error);  // RocksDB makes it itself
  }
  if (error) return absl::InternalError(what + ": " + error.message());
  rocksdb::Checkpoint* made = nullptr;
  DX_RETURN_IF_ERROR(FromRocks(rocksdb::Checkpoint::Create(&store_->db(), &made), what));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  return FromRocks(checkpoint->CreateCheckpoint(to.string()), what);
}

absl::Status RocksCatalogue::Flush() {
  rocksdb::FlushOptions options;
  options.wait = true;
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  for (size_t i = 0; i < kFamilyCount; ++i) families.push_back(store_->family(static_cast<Family>(i)));
  return FromRocks(store_->db().Flush(options, families), place_ + ": flush");
}

}  // namespace dongxi
