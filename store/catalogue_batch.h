// What one write becomes in RocksDB: records, what they replace, changes, tables and the new state, in one
// batch. Internal to store/. Not thread-safe: used under the writer's lock.
#pragma once

#include <vector>

#include "rocksdb/write_batch.h"
#include "store/catalogue.h"
#include "store/catalogue_layout.h"
#include "store/rocks_reader.h"

namespace dongxi {

class CatalogueBatch {
 public:
  CatalogueBatch(const RocksStore& store, const CatalogueState& before) : store_(store), next_(before) {
    ++next_.sequence;
  }

  // Adds all of `plan`, compared with what `newest` reads, and returns what Write answers. The errors of
  // Catalogue::Write; the batch is of no use after one.
  absl::StatusOr<WriteResult> Add(WriteBatch plan, const RocksReads& newest, int64_t now_us);
  // Adds the state if records change; nothing may follow. Returns the first failure of all calls.
  rocksdb::Status Finish();

  rocksdb::WriteBatch& batch() { return batch_; }
  const CatalogueState& next() const { return next_; }
  const std::vector<Change>& changes() const { return changes_; }
  bool empty() const { return changes_.empty() && puts_ == 0; }

 private:
  absl::Status AddUpserts(std::vector<Record> records, const RocksReads& newest, int64_t now_us,
                          WriteResult* result);
  absl::Status AddDeletes(std::vector<RecordName> names, const RocksReads& newest, int64_t now_us,
                          WriteResult* result);
  absl::Status AddUndeletes(std::vector<RecordName> names, const RocksReads& newest, int64_t now_us,
                            WriteResult* result);
  void PutLive(const Record& record);
  // Keeps a version that is written over; it has the revision of its own write.
  void Keep(const Record& replaced);
  void Log(ChangeOperation operation, const Record& record);
  void Check(const rocksdb::Status& status) {
    if (status_.ok()) status_ = status;
  }

  const RocksStore& store_;
  rocksdb::WriteBatch batch_;
  CatalogueState next_;
  std::vector<Change> changes_;
  size_t puts_ = 0;
  rocksdb::Status status_;
};

}  // namespace dongxi
