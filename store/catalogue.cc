#include "store/catalogue.h"

#include <algorithm>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "engine/base/status_macros.h"
#include "store/catalogue_layout.h"
#include "store/catalogue_open.h"
#include "store/record_codec.h"
#include "store/rocks_reader.h"
#include "store/rocks_status.h"

namespace dongxi {
namespace {

// A record as it will read back from the catalogue: without fields that its kind does not have.
struct Candidate {
  pb::Record message;
  Record record;
};

absl::StatusOr<Candidate> MakeCandidate(const Record& record) {
  const auto refuse = [&record](const std::string& why) {
    return absl::InvalidArgumentError(ResourceName(record.kind, record.id) + ": cannot be stored: " + why);
  };
  if (!IsKind(record.kind)) return refuse("unknown kind, expected one of the five");
  if (record.id.empty()) return refuse("no id");
  Candidate candidate;
  ToProto(record, &candidate.message);
  // Through bytes, because parsing is what refuses text that is not UTF-8: what is stored can be read.
  const std::string bytes = candidate.message.SerializeAsString();
  if (!candidate.message.ParseFromString(bytes)) return refuse("some text is not valid UTF-8");
  absl::StatusOr<Record> read_back = FromProto(candidate.message);
  if (!read_back.ok()) return refuse(std::string(read_back.status().message()));
  candidate.record = *std::move(read_back);
  return candidate;
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

// What readers see: the state and the data of one acknowledged write.
struct Published {
  CatalogueState state;
  std::shared_ptr<const rocksdb::Snapshot> snapshot;
};

class SnapshotReader : public FixedReader {
 public:
  SnapshotReader(const RocksStore& store, const std::string& place, Published published)
      : FixedReader(store, place, published.snapshot.get(), published.state),
        snapshot_(std::move(published.snapshot)) {}

 private:
  const std::shared_ptr<const rocksdb::Snapshot> snapshot_;  // shared by all readers of the same state
};

// The batch of one call, with the state that it leads to.
class Batch {
 public:
  Batch(const RocksStore& store, const CatalogueState& before) : store_(store), next_(before) {
    ++next_.sequence;
  }

  void Upsert(const RecordName& name, const std::string& value, bool created) {
    if (created) ++next_.counts[static_cast<size_t>(name.kind)];
    Check(batch_.Put(store_.family(name.kind), name.id, value));
    Log(ChangeOperation::kUpsert, name);
  }
  void Delete(const RecordName& name) {
    --next_.counts[static_cast<size_t>(name.kind)];
    Check(batch_.Delete(store_.family(name.kind), name.id));
    Log(ChangeOperation::kDelete, name);
  }
  // Adds the state; nothing may follow. Returns the first failure of all calls.
  rocksdb::Status Finish() {
    Check(batch_.Put(store_.family(Family::kMeta), kStateKey, EncodeState(next_)));
    return status_;
  }

  rocksdb::WriteBatch& batch() { return batch_; }
  const CatalogueState& next() const { return next_; }
  bool empty() const { return entries_ == 0; }

 private:
  void Log(ChangeOperation operation, const RecordName& name) {
    Check(batch_.Put(store_.family(Family::kChanges), ChangeKey(next_.sequence, entries_++),
                     ChangeValue(operation, name)));
  }
  void Check(const rocksdb::Status& status) {
    if (status_.ok()) status_ = status;
  }

  const RocksStore& store_;
  rocksdb::WriteBatch batch_;
  CatalogueState next_;
  uint32_t entries_ = 0;
  rocksdb::Status status_;
};

class RocksCatalogue : public Catalogue {
 public:
  RocksCatalogue(std::unique_ptr<RocksStore> store, std::filesystem::path directory,
                 const CatalogueState& state)
      : directory_(std::move(directory)),
        place_(PlaceOf(directory_)),
        store_(std::move(store)),
        reads_(*store_, place_, nullptr) {
    Publish(state);
  }

  uint64_t sequence() const override { return Current().state.sequence; }
  RecordCounts Counts() const override { return Current().state.counts; }
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
    return reads_.ScanChanges(after, visit);
  }
  std::unique_ptr<CatalogueReader> Snapshot() const override {
    return std::make_unique<SnapshotReader>(*store_, place_, Current());
  }

  absl::StatusOr<std::vector<UpsertState>> Upsert(std::vector<Record> records, int64_t now_us) override
      ABSL_LOCKS_EXCLUDED(write_mutex_);
  absl::StatusOr<uint64_t> Delete(std::span<const RecordName> names) override
      ABSL_LOCKS_EXCLUDED(write_mutex_);
  absl::Status Flush() override;

 private:
  Published Current() const ABSL_LOCKS_EXCLUDED(published_mutex_) {
    const absl::MutexLock lock(&published_mutex_);
    return published_;
  }
  void Publish(const CatalogueState& state) ABSL_LOCKS_EXCLUDED(published_mutex_);
  absl::Status Commit(Batch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  absl::Status ResumeAfterFailure() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);

  const std::filesystem::path directory_;
  const std::string place_;
  const std::unique_ptr<RocksStore> store_;
  const RocksReads reads_;
  // One writer after another: each compares with what the one before has stored. Held while the disk syncs;
  // published_mutex_ never is, so that readers do not wait for writers.
  absl::Mutex write_mutex_ ABSL_ACQUIRED_BEFORE(published_mutex_);
  bool write_failed_ ABSL_GUARDED_BY(write_mutex_) = false;
  mutable absl::Mutex published_mutex_;
  Published published_ ABSL_GUARDED_BY(published_mutex_);
};

void RocksCatalogue::Publish(const CatalogueState& state) {
  rocksdb::DB& db = store_->db();
  std::shared_ptr<const rocksdb::Snapshot> snapshot(
      db.GetSnapshot(), [&db](const rocksdb::Snapshot* released) { db.ReleaseSnapshot(released); });
  Published published{state, std::move(snapshot)};
  const absl::MutexLock lock(&published_mutex_);
  std::swap(published_, published);  // The one before is released after the lock.
}

absl::Status RocksCatalogue::Commit(Batch& batch) {
  DX_RETURN_IF_ERROR(FromRocks(batch.Finish(), place_ + ": prepare a write"));
  rocksdb::WriteOptions options;
  options.sync = true;
  const rocksdb::Status written = store_->db().Write(options, &batch.batch());
  write_failed_ = !written.ok();
  if (write_failed_) return FromRocks(written, place_ + ": write");
  Publish(batch.next());
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
  DX_ASSIGN_OR_RETURN(const CatalogueState state, ReadState(*store_, directory_));
  Publish(state);
  write_failed_ = false;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<UpsertState>> RocksCatalogue::Upsert(std::vector<Record> records, int64_t now_us) {
  std::vector<Candidate> candidates;
  std::vector<RecordName> names;
  candidates.reserve(records.size());
  names.reserve(records.size());
  for (const Record& record : records) {
    DX_ASSIGN_OR_RETURN(Candidate candidate, MakeCandidate(record));
    candidates.push_back(std::move(candidate));
    names.push_back({record.kind, record.id});
  }
  const UniqueRows unique = LastRowOfEach(std::move(names));

  const absl::MutexLock lock(&write_mutex_);
  DX_RETURN_IF_ERROR(ResumeAfterFailure());
  DX_ASSIGN_OR_RETURN(const std::vector<std::optional<Record>> stored, reads_.GetMany(unique.names));
  std::vector<UpsertState> states(records.size(), UpsertState::kUnchanged);
  Batch batch(*store_, Current().state);
  for (size_t i = 0; i < unique.rows.size(); ++i) {
    Candidate& candidate = candidates[unique.rows[i]];
    const bool created = !stored[i].has_value();
    candidate.record.revision = created ? 0 : stored[i]->revision;
    candidate.record.create_time_us = created ? now_us : stored[i]->create_time_us;
    candidate.record.update_time_us = created ? now_us : stored[i]->update_time_us;
    if (!created && candidate.record == *stored[i]) continue;
    candidate.record.revision = batch.next().sequence;
    candidate.record.update_time_us = now_us;
    ToProto(candidate.record, &candidate.message);
    batch.Upsert(unique.names[i], candidate.message.SerializeAsString(), created);
    states[unique.rows[i]] = created ? UpsertState::kCreated : UpsertState::kUpdated;
  }
  if (!batch.empty()) DX_RETURN_IF_ERROR(Commit(batch));
  return states;
}

absl::StatusOr<uint64_t> RocksCatalogue::Delete(std::span<const RecordName> names) {
  const UniqueRows unique = LastRowOfEach({names.begin(), names.end()});
  const absl::MutexLock lock(&write_mutex_);
  DX_RETURN_IF_ERROR(ResumeAfterFailure());
  DX_ASSIGN_OR_RETURN(const std::vector<std::optional<Record>> stored, reads_.GetMany(unique.names));
  Batch batch(*store_, Current().state);
  uint64_t removed = 0;
  for (size_t i = 0; i < unique.names.size(); ++i) {
    if (!stored[i]) continue;
    batch.Delete(unique.names[i]);
    ++removed;
  }
  if (!batch.empty()) DX_RETURN_IF_ERROR(Commit(batch));
  return removed;
}

absl::Status RocksCatalogue::Flush() {
  rocksdb::FlushOptions options;
  options.wait = true;
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  for (size_t i = 0; i < kFamilyCount; ++i) families.push_back(store_->family(static_cast<Family>(i)));
  return FromRocks(store_->db().Flush(options, families), place_ + ": flush");
}

// What is found before the folder is opened; opening would repair or overwrite some of it.
absl::Status CheckFolder(rocksdb::Env* env, const std::filesystem::path& directory) {
  std::vector<std::string> files;
  const rocksdb::Status listed = env->GetChildren(directory.string(), &files);
  if (IsFileMissing(listed) || listed.IsNotFound()) return absl::OkStatus();
  DX_RETURN_IF_ERROR(FromRocks(listed, PlaceOf(directory) + ": list the folder"));
  bool has_current = false;
  bool has_data = false;
  for (const std::string& file : files) {
    has_current = has_current || file == "CURRENT";
    has_data = has_data || file.ends_with(".sst") || file.ends_with(".log");
  }
  if (!has_current && has_data) {  // RocksDB would take it for an empty folder and start anew.
    return absl::DataLossError(PlaceOf(directory) +
                               ": data files without the file CURRENT; restore it from a backup");
  }
  if (!has_current) return absl::OkStatus();
  std::vector<std::string> families;
  rocksdb::DBOptions options;
  options.env = env;
  const rocksdb::Status read = rocksdb::DB::ListColumnFamilies(options, directory.string(), &families);
  DX_RETURN_IF_ERROR(FromRocks(read, PlaceOf(directory) + ": read the list of tables"));
  for (const std::string& family : families) {
    if (std::find(kFamilyNames.begin(), kFamilyNames.end(), family) == kFamilyNames.end()) {
      return OtherFormatError(directory, "a table '" + family + "'");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<RocksStore>> OpenStore(rocksdb::Env* env,
                                                      const std::filesystem::path& directory) {
  rocksdb::DBOptions options = WriterOptions();
  options.env = env;
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const rocksdb::Status opened =
      rocksdb::DB::Open(options, directory.string(), FamilyDescriptors(), &handles, &db);
  if (opened.ok()) return std::make_unique<RocksStore>(db, std::move(handles));
  if (IsLockHeld(opened)) {
    return absl::FailedPreconditionError(
        PlaceOf(directory) +
        ": a server or another import holds it; to import while a server runs, use dongxi-indexer import "
        "--server "
        "HOST:PORT (目录正被服务或另一次导入占用；服务运行时请用 --server HOST:PORT 导入)");
  }
  return FromRocks(opened, PlaceOf(directory) + ": open");
}

// Writes the first state into a new catalogue.
absl::Status Initialise(const RocksStore& store, const std::filesystem::path& directory) {
  const std::string place = PlaceOf(directory);
  for (const RecordKind kind : kAllRecordKinds) {
    const std::unique_ptr<rocksdb::Iterator> it(store.db().NewIterator({}, store.family(kind)));
    it->SeekToFirst();
    DX_RETURN_IF_ERROR(FromRocks(it->status(), place + ": read"));
    if (it->Valid())
      return absl::DataLossError(place + ": records without a format version; restore it from a backup");
  }
  rocksdb::WriteBatch batch;
  rocksdb::Status written =
      batch.Put(store.family(Family::kMeta), kFormatVersionKey, EncodeU32(kCatalogueFormatVersion));
  if (written.ok()) written = batch.Put(store.family(Family::kMeta), kStateKey, EncodeState({}));
  rocksdb::WriteOptions options;
  options.sync = true;
  if (written.ok()) written = store.db().Write(options, &batch);
  return FromRocks(written, place + ": write the first state");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Catalogue>> OpenCatalogueOn(rocksdb::Env* env,
                                                           const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return absl::InternalError(PlaceOf(directory) + ": cannot make the folder: " + error.message());
  }
  DX_RETURN_IF_ERROR(CheckFolder(env, directory));
  DX_ASSIGN_OR_RETURN(std::unique_ptr<RocksStore> store, OpenStore(env, directory));
  absl::StatusOr<CatalogueState> state = ReadState(*store, directory);
  if (absl::IsNotFound(state.status())) {
    DX_RETURN_IF_ERROR(Initialise(*store, directory));
    state = CatalogueState{};
  }
  if (!state.ok()) return state.status();
  return std::make_unique<RocksCatalogue>(std::move(store), directory, *state);
}

absl::StatusOr<std::unique_ptr<Catalogue>> Catalogue::Open(const std::filesystem::path& directory) {
  return OpenCatalogueOn(rocksdb::Env::Default(), directory);
}

}  // namespace dongxi
