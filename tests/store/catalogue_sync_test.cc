// What is read, noted and reported while the disk syncs a write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"
#include "store/catalogue_open.h"
#include "tests/store/store_testing.h"

namespace dongxi {
namespace {

// What the next sync of the write-ahead log meets; null: an ordinary disk. Outlived by nothing that reads it.
struct SyncWatch {
  absl::Notification begun, may_end;
  rocksdb::IOStatus result;
};

class WatchedLog : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WatchedLog(std::unique_ptr<rocksdb::FSWritableFile>&& file, std::atomic<SyncWatch*>& next)
      : FSWritableFileOwnerWrapper(std::move(file)), next_(next) {}
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
    SyncWatch* const watched = next_.exchange(nullptr);
    if (watched == nullptr) return FSWritableFileOwnerWrapper::Sync(options, debug);
    watched->begun.Notify();
    watched->may_end.WaitForNotification();
    if (!watched->result.ok()) return watched->result;
    return FSWritableFileOwnerWrapper::Sync(options, debug);
  }

 private:
  std::atomic<SyncWatch*>& next_;
};

class WatchedFileSystem : public rocksdb::FileSystemWrapper {
 public:
  explicit WatchedFileSystem(std::atomic<SyncWatch*>& next)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), next_(next) {}
  const char* Name() const override { return "WatchedFileSystem"; }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    std::unique_ptr<rocksdb::FSWritableFile> inner;
    const rocksdb::IOStatus made = FileSystemWrapper::NewWritableFile(name, options, &inner, debug);
    if (!made.ok()) return made;
    if (name.ends_with(".log")) inner = std::make_unique<WatchedLog>(std::move(inner), next_);
    *file = std::move(inner);
    return made;
  }

 private:
  std::atomic<SyncWatch*>& next_;
};

class CatalogueSyncTest : public testing::Test {
 protected:
  CatalogueSyncTest() {
    absl::StatusOr<std::unique_ptr<Catalogue>> opened = OpenCatalogueOn(env_.get(), folder());
    if (opened.ok()) catalogue_ = *std::move(opened);
  }
  std::filesystem::path folder() const { return temporary_.path() / "catalogue"; }
  absl::Status Write(const std::string& id) {
    WriteBatch batch;
    batch.upserts = {Titled(RecordKind::kResult, id, "t")};
    batch.puts = {{Table::kSettings, id, "v"}};
    return catalogue_->Write([&batch](const CatalogueReader&) { return batch; }, 1).status();
  }
  bool Reads(const std::string& id) const {
    const bool record = catalogue_->Get(RecordKind::kResult, id).ok();
    EXPECT_EQ(record, catalogue_->GetTable(Table::kSettings, id)->has_value());
    return record;
  }

  TemporaryFolder temporary_;
  std::atomic<SyncWatch*> next_ = nullptr;
  const std::unique_ptr<rocksdb::Env> env_ =
      rocksdb::NewCompositeEnv(std::make_shared<WatchedFileSystem>(next_));
  std::unique_ptr<Catalogue> catalogue_;
};

TEST_F(CatalogueSyncTest, NotesDoNotWaitForAWriteThatSyncsAndNobodyReadsItBefore) {
  ASSERT_NE(catalogue_, nullptr);
  ASSERT_TRUE(Write("before").ok());
  SyncWatch sync;
  next_ = &sync;
  absl::Status written;
  std::thread writer([&] { written = Write("new"); });
  sync.begun.WaitForNotification();
  EXPECT_TRUE(catalogue_->NoteMatch("m", "answer").ok());  // would never return behind the sync
  EXPECT_EQ(catalogue_->GetTable(Table::kMatches, "m")->value(), "answer");
  EXPECT_FALSE(Reads("new"));
  EXPECT_THAT(IdsOf(*catalogue_, RecordKind::kResult), testing::ElementsAre("before"));
  EXPECT_EQ(catalogue_->sequence(), 1u);
  EXPECT_EQ(catalogue_->Counts()[static_cast<size_t>(RecordKind::kResult)], 1u);
  sync.may_end.Notify();
  writer.join();
  EXPECT_TRUE(written.ok()) << written;
  EXPECT_TRUE(Reads("new"));
  EXPECT_EQ(catalogue_->sequence(), 2u);
}

TEST_F(CatalogueSyncTest, AWriteWhoseSyncFailsIsReportedAndTheNextOneFindsTheCatalogueWhole) {
  ASSERT_NE(catalogue_, nullptr);
  ASSERT_TRUE(Write("before").ok());
  SyncWatch sync;
  sync.may_end.Notify();
  sync.result = rocksdb::IOStatus::NoSpace("No space left on device");
  next_ = &sync;
  EXPECT_TRUE(absl::IsResourceExhausted(Write("unsure")));
  EXPECT_FALSE(Reads("unsure"));
  EXPECT_TRUE(Reads("before"));
  catalogue_.reset();  // RocksDB may poll the disk for seconds before it writes again
  absl::StatusOr<std::unique_ptr<Catalogue>> reopened = OpenCatalogueOn(env_.get(), folder());
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  catalogue_ = *std::move(reopened);
  EXPECT_TRUE(Write("after").ok());
  EXPECT_TRUE(Reads("before"));
  EXPECT_TRUE(Reads("after"));
  // What was reported as failed may be there all the same, but then with its entry in the log of changes.
  EXPECT_EQ(ChangesOf(*catalogue_, 0).size(), Reads("unsure") ? 3u : 2u);
}

}  // namespace
}  // namespace dongxi
