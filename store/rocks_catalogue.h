// The writer's side of the catalogue. Internal to store/.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "store/catalogue.h"
#include "store/catalogue_batch.h"
#include "store/catalogue_layout.h"
#include "store/rocks_reader.h"

namespace dongxi {

// What readers see: the state and the data of one acknowledged write.
struct Published {
  CatalogueState state;
  std::shared_ptr<const rocksdb::Snapshot> snapshot;
};

class RocksCatalogue : public Catalogue {
 public:
  RocksCatalogue(std::unique_ptr<RocksStore> store, std::filesystem::path directory,
                 const CatalogueState& state);

  uint64_t sequence() const override { return Current().state.sequence; }
  RecordCounts Counts() const override { return Current().state.counts; }
  uint64_t HistoryStart() const override { return Current().state.history_start; }
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
  absl::Status ScanChanges(uint64_t after, const std::function<bool(const Change&)>& visit) const override;
  absl::StatusOr<std::vector<std::optional<Record>>> GetManyAt(std::span<const RecordName> names,
                                                               uint64_t sequence) const override;
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
  std::unique_ptr<CatalogueReader> Snapshot() const override;

  absl::StatusOr<WriteResult> Write(WritePlan plan, int64_t now_us) override
      ABSL_LOCKS_EXCLUDED(write_mutex_);
  absl::Status Note(Table table, std::string_view key, std::string_view value) override;
  void SetListener(Listener listener) override ABSL_LOCKS_EXCLUDED(write_mutex_);
  absl::Status Prune(uint64_t oldest_sequence, int64_t now_us) override ABSL_LOCKS_EXCLUDED(write_mutex_);
  absl::Status Checkpoint(const std::filesystem::path& to) override;
  absl::Status Flush() override;

 private:
  Published Current() const ABSL_LOCKS_EXCLUDED(published_mutex_) {
    const absl::MutexLock lock(&published_mutex_);
    return published_;
  }
  void Publish(const CatalogueState& state) ABSL_LOCKS_EXCLUDED(published_mutex_);
  absl::Status Commit(CatalogueBatch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  absl::Status ResumeAfterFailure() ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  // Tells the listener of all changes after `sequence`.
  absl::Status NotifyAfter(uint64_t sequence) ABSL_EXCLUSIVE_LOCKS_REQUIRED(write_mutex_);
  absl::Status WriteSynced(rocksdb::WriteBatch* batch, const std::string& what);

  // The steps of Prune (catalogue_prune.cc).
  absl::Status MoveStarts(uint64_t oldest_sequence) ABSL_LOCKS_EXCLUDED(write_mutex_);
  absl::Status ForgetChanges(uint64_t oldest_sequence);
  absl::Status ForgetVersions(uint64_t oldest_sequence);
  absl::Status ForgetDeleted(uint64_t oldest_sequence, int64_t now_us) ABSL_LOCKS_EXCLUDED(write_mutex_);

  const std::filesystem::path directory_;
  const std::string place_;
  const std::unique_ptr<RocksStore> store_;
  const RocksReads reads_;
  // One writer after another: each compares with what the one before has stored. Held while the disk syncs;
  // published_mutex_ never is, so that readers do not wait for writers.
  absl::Mutex write_mutex_ ABSL_ACQUIRED_BEFORE(published_mutex_);
  Listener listener_ ABSL_GUARDED_BY(write_mutex_);
  std::atomic<bool> write_failed_ = false;
  mutable absl::Mutex published_mutex_;
  Published published_ ABSL_GUARDED_BY(published_mutex_);
};

}  // namespace dongxi
