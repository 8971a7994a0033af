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

class RocksCatalogue : public RocksBacked<Catalogue> {
 public:
  RocksCatalogue(std::unique_ptr<RocksStore> store, std::filesystem::path directory,
                 const CatalogueState& state);

  // On a snapshot: pruning must not take versions away between the check and the reads.
  absl::StatusOr<std::vector<std::optional<Record>>> GetManyAt(std::span<const RecordName> names,
                                                               uint64_t sequence) const override;
  std::unique_ptr<CatalogueReader> Snapshot() const override;

  absl::StatusOr<WriteResult> Write(WritePlan plan, int64_t now_us) override
      ABSL_LOCKS_EXCLUDED(write_mutex_);
  absl::Status NoteMatch(std::string_view match_id, std::string_view value) override;
  void SetListener(Listener listener) override ABSL_LOCKS_EXCLUDED(write_mutex_);
  absl::Status Prune(uint64_t oldest_sequence, int64_t now_us) override ABSL_LOCKS_EXCLUDED(write_mutex_);
  absl::Status Checkpoint(const std::filesystem::path& to) override;
  absl::Status Flush() override;

 protected:
  CatalogueState State() const override { return Current().state; }

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
  // One writer after another: each compares with what the one before has stored. Held while the disk syncs;
  // published_mutex_ never is, so that readers do not wait for writers.
  absl::Mutex write_mutex_ ABSL_ACQUIRED_BEFORE(published_mutex_);
  Listener listener_ ABSL_GUARDED_BY(write_mutex_);
  std::atomic<bool> write_failed_ = false;
  mutable absl::Mutex published_mutex_;
  Published published_ ABSL_GUARDED_BY(published_mutex_);
};

}  // namespace dongxi
