// Damaged folders, folders of others, and disks that fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <functional>

#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"
#include "store/catalogue.h"
#include "store/catalogue_check.h"
#include "store/catalogue_layout.h"
#include "store/catalogue_open.h"
#include "tests/store/store_testing.h"

namespace dongxi {
namespace {

using testing::HasSubstr;

std::string ReadBytes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void WriteBytes(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

std::vector<std::filesystem::path> FilesEndingWith(const std::filesystem::path& folder,
                                                   std::string_view end) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().ends_with(end)) files.push_back(entry.path());
  }
  return files;
}

void FlipByte(const std::filesystem::path& file, size_t offset) {
  std::string bytes = ReadBytes(file);
  ASSERT_LT(offset, bytes.size());
  bytes[offset] = static_cast<char>(bytes[offset] ^ 0x40);
  WriteBytes(file, bytes);
}

class CatalogueDamageTest : public testing::Test {
 protected:
  std::filesystem::path folder() const { return temporary_.path() / "catalogue"; }
  void Fill(bool flush) {
    absl::StatusOr<std::unique_ptr<Catalogue>> catalogue = Catalogue::Open(folder());
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    for (const char* id : {"a", "b", "c"}) {
      ASSERT_TRUE((*catalogue)->Upsert({Titled(RecordKind::kResult, id, std::string(500, 'x'))}, 1).ok());
    }
    if (flush) {
      ASSERT_TRUE((*catalogue)->Flush().ok());
    }
  }
  // The first error that opening and reading everything meets.
  absl::Status OpenAndReadAll() {
    const absl::StatusOr<std::unique_ptr<Catalogue>> catalogue = Catalogue::Open(folder());
    if (!catalogue.ok()) return catalogue.status();
    for (const RecordKind kind : kAllRecordKinds) {
      const absl::Status read = (*catalogue)->Scan(kind, "", [](const Record&) { return true; });
      if (!read.ok()) return read;
    }
    return (*catalogue)->ScanChanges(0, [](const Change&) { return true; });
  }
  // Changes the stored bytes behind the catalogue's back.
  void PutRaw(Family family, const std::string& key, const std::string& value) {
    rocksdb::DB* db = nullptr;
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    ASSERT_TRUE(
        rocksdb::DB::Open(WriterOptions(), folder().string(), FamilyDescriptors(), &handles, &db).ok());
    const RocksStore store(db, handles);
    ASSERT_TRUE(db->Put({}, store.family(family), key, value).ok());
  }
  TemporaryFolder temporary_;
};

TEST_F(CatalogueDamageTest, AnyFlippedByteOfADataFileIsDataLoss) {
  Fill(/*flush=*/true);
  const TemporaryFolder whole;
  std::filesystem::copy(folder(), whole.path() / "copy", std::filesystem::copy_options::recursive);
  for (const std::filesystem::path& file : FilesEndingWith(folder(), ".sst")) {
    SCOPED_TRACE(file.filename());
    std::filesystem::remove_all(folder());
    std::filesystem::copy(whole.path() / "copy", folder(), std::filesystem::copy_options::recursive);
    FlipByte(file, 5);
    const absl::Status status = OpenAndReadAll();
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("backup"));
  }
}

TEST_F(CatalogueDamageTest, FlippedByteInsideTheLogIsDataLoss) {
  Fill(/*flush=*/false);
  for (const std::filesystem::path& log : FilesEndingWith(folder(), ".log")) {
    if (std::filesystem::file_size(log) > 1000) FlipByte(log, 600);
  }
  const absl::Status status = OpenAndReadAll();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
}

TEST_F(CatalogueDamageTest, TornEndOfTheLogLosesOnlyWhatWasNotAcknowledged) {
  Fill(/*flush=*/false);
  for (const std::filesystem::path& log : FilesEndingWith(folder(), ".log")) {
    const std::string bytes = ReadBytes(log);
    if (bytes.size() > 1000) WriteBytes(log, bytes.substr(0, bytes.size() - 3));
  }
  const absl::StatusOr<std::unique_ptr<Catalogue>> catalogue = Catalogue::Open(folder());
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  EXPECT_EQ((*catalogue)->sequence(), 2u);
  EXPECT_EQ(IdsOf(**catalogue, RecordKind::kResult).size(), 2u);
}

// Versions, deleted records and tables are read by few calls; blocks of filters and indexes by none.
TEST_F(CatalogueDamageTest, ACheckFindsWhatReadingTheRecordsDoesNot) {
  {
    const auto catalogue = Catalogue::Open(folder());
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    for (const char* title : {"1", "2"})
      ASSERT_TRUE((*catalogue)->Upsert({Titled(RecordKind::kResult, "a", title)}, 1).ok());
    ASSERT_TRUE((*catalogue)->Upsert({Titled(RecordKind::kNeed, "gone", "weg")}, 1).ok());
    const RecordName gone{RecordKind::kNeed, "gone"};
    ASSERT_TRUE((*catalogue)->Delete({&gone, 1}, 2).ok());
    const auto whole = CheckCatalogue(**catalogue, {});
    ASSERT_TRUE(whole.ok()) << whole.status();
    EXPECT_THAT(whole->problems, testing::IsEmpty());
    EXPECT_EQ(whole->records, 1u);
  }
  const std::pair<Family, std::string> places[] = {
      {Family::kHistory, HistoryKey({RecordKind::kResult, "a"}, 1)},
      {Family::kHistory, "no key of a version"},
      {Family::kDeleted, DeletedKey({RecordKind::kNeed, "gone"})},
      {Family::kDeleted, "\x7f"}};
  const TemporaryFolder whole;
  std::filesystem::copy(folder(), whole.path() / "copy", std::filesystem::copy_options::recursive);
  for (const auto& [family, key] : places) {
    SCOPED_TRACE(key);
    std::filesystem::remove_all(folder());
    std::filesystem::copy(whole.path() / "copy", folder(), std::filesystem::copy_options::recursive);
    PutRaw(family, key, "\x01\x02");
    const auto catalogue = Catalogue::Open(folder());
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    const auto check = CheckCatalogue(**catalogue, {});
    ASSERT_TRUE(check.ok()) << check.status();
    EXPECT_THAT(check->problems, testing::Contains(HasSubstr("backup")));
  }
}

TEST_F(CatalogueDamageTest, ACheckReadsTheDiskAndNotWhatIsInMemory) {
  Fill(/*flush=*/true);
  const auto catalogue = Catalogue::Open(folder());
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  ASSERT_TRUE((*catalogue)->Get(RecordKind::kResult, "a").ok());  // its block is in memory now
  for (const std::filesystem::path& file : FilesEndingWith(folder(), ".sst")) {
    SCOPED_TRACE(file.filename());
    FlipByte(file, 5);
    EXPECT_TRUE(absl::IsDataLoss((*catalogue)->CheckFiles())) << (*catalogue)->CheckFiles();
    FlipByte(file, 5);
    EXPECT_TRUE((*catalogue)->CheckFiles().ok());
  }
}

TEST_F(CatalogueDamageTest, MissingDataFileIsDataLoss) {
  Fill(/*flush=*/true);
  std::filesystem::remove(FilesEndingWith(folder(), ".sst").front());
  const absl::Status status = OpenAndReadAll();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
}

TEST_F(CatalogueDamageTest, MissingCurrentFileIsDataLossAndNotANewCatalogue) {
  Fill(/*flush=*/true);
  std::filesystem::remove(folder() / "CURRENT");
  const size_t files = FilesEndingWith(folder(), ".sst").size();
  const absl::Status status = OpenAndReadAll();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_EQ(FilesEndingWith(folder(), ".sst").size(), files);
}

TEST_F(CatalogueDamageTest, DamagedManifestIsDataLoss) {
  Fill(/*flush=*/true);
  for (const auto& entry : std::filesystem::directory_iterator(folder())) {
    if (entry.path().filename().string().starts_with("MANIFEST")) FlipByte(entry.path(), 20);
  }
  const absl::Status status = OpenAndReadAll();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_TRUE(absl::IsDataLoss(OpenCatalogueView(folder()).status()));
}

TEST_F(CatalogueDamageTest, ValueThatIsNoRecordIsDataLossAndNamesIt) {
  Fill(/*flush=*/false);
  PutRaw(static_cast<Family>(RecordKind::kResult), "b", "\x01\x02");
  const absl::Status status = OpenAndReadAll();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("results/b"));
}

TEST_F(CatalogueDamageTest, ValueUnderAWrongKeyIsDataLoss) {
  Fill(/*flush=*/false);
  PutRaw(static_cast<Family>(RecordKind::kResult), "b", "");
  EXPECT_TRUE(absl::IsDataLoss(OpenAndReadAll()));
}

TEST_F(CatalogueDamageTest, DamagedStateAndChangeAreDataLoss) {
  Fill(/*flush=*/false);
  PutRaw(Family::kChanges, "short", "x");
  EXPECT_TRUE(absl::IsDataLoss(OpenAndReadAll()));
  PutRaw(Family::kMeta, kStateKey, "short");
  EXPECT_TRUE(absl::IsDataLoss(OpenAndReadAll()));
}

TEST_F(CatalogueDamageTest, OtherFormatVersionIsRefusedByWriterAndView) {
  Fill(/*flush=*/false);
  PutRaw(Family::kMeta, kFormatVersionKey, EncodeU32(3));
  for (const absl::Status& status :
       {Catalogue::Open(folder()).status(), OpenCatalogueView(folder()).status()}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("format version 3, this program reads format version 2"));
  }
}

TEST_F(CatalogueDamageTest, DatabaseOfAnotherProgramIsRefusedAndNotTouched) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  rocksdb::DB* db = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open(options, folder().string(), &db).ok());
  rocksdb::ColumnFamilyHandle* handle = nullptr;
  ASSERT_TRUE(db->CreateColumnFamily(options, "theirs", &handle).ok());
  ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
  delete db;
  for (const absl::Status& status :
       {Catalogue::Open(folder()).status(), OpenCatalogueView(folder()).status()}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  }
  std::vector<std::string> families;
  ASSERT_TRUE(rocksdb::DB::ListColumnFamilies(options, folder().string(), &families).ok());
  EXPECT_EQ(families.size(), 2u);
}

TEST_F(CatalogueDamageTest, FolderInPlaceOfWhichAFileStandsIsAnError) {
  WriteBytes(folder(), "not a folder");
  EXPECT_FALSE(Catalogue::Open(folder()).ok());
}

// A disk that is full whenever `full` says so.
class FullableFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FullableFile(std::unique_ptr<rocksdb::FSWritableFile>&& file, const std::atomic<bool>& full)
      : FSWritableFileOwnerWrapper(std::move(file)), full_(full) {}
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
    if (full_) return rocksdb::IOStatus::NoSpace("No space left on device");
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo& info,
                           rocksdb::IODebugContext* debug) override {
    if (full_) return rocksdb::IOStatus::NoSpace("No space left on device");
    return FSWritableFileOwnerWrapper::Append(data, options, info, debug);
  }

 private:
  const std::atomic<bool>& full_;
};

class FullableFileSystem : public rocksdb::FileSystemWrapper {
 public:
  FullableFileSystem(const std::atomic<bool>& full, bool tells_free_space)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), full_(full), tells_free_space_(tells_free_space) {}
  const char* Name() const override { return "FullableFileSystem"; }
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    std::unique_ptr<rocksdb::FSWritableFile> inner;
    const rocksdb::IOStatus made = FileSystemWrapper::NewWritableFile(name, options, &inner, debug);
    if (made.ok()) *file = std::make_unique<FullableFile>(std::move(inner), full_);
    return made;
  }
  // Where this is known, RocksDB polls it every few seconds after a full disk, and nobody else can resume.
  rocksdb::IOStatus GetFreeSpace(const std::string& path, const rocksdb::IOOptions& options, uint64_t* bytes,
                                 rocksdb::IODebugContext* debug) override {
    if (!tells_free_space_) return rocksdb::IOStatus::NotSupported("free space");
    return FileSystemWrapper::GetFreeSpace(path, options, bytes, debug);
  }

 private:
  const std::atomic<bool>& full_;
  const bool tells_free_space_;
};

TEST_F(CatalogueDamageTest, FullDiskThatIsPolledStaysResourceExhaustedAndLosesNothing) {
  std::atomic<bool> full = false;
  const std::unique_ptr<rocksdb::Env> env =
      rocksdb::NewCompositeEnv(std::make_shared<FullableFileSystem>(full, /*tells_free_space=*/true));
  {
    absl::StatusOr<std::unique_ptr<Catalogue>> catalogue = OpenCatalogueOn(env.get(), folder());
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    ASSERT_TRUE((*catalogue)->Upsert({Titled(RecordKind::kResult, "before", "t")}, 1).ok());
    full = true;
    for (int attempt = 0; attempt < 3; ++attempt) {
      const absl::Status status =
          (*catalogue)->Upsert({Titled(RecordKind::kResult, "lost", "t")}, 1).status();
      EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
    }
    EXPECT_THAT(IdsOf(**catalogue, RecordKind::kResult), testing::ElementsAre("before"));
    full = false;
  }
  const absl::StatusOr<std::unique_ptr<Catalogue>> reopened = Catalogue::Open(folder());
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_EQ((*reopened)->sequence(), 1u);
}

TEST_F(CatalogueDamageTest, FullDiskIsResourceExhaustedAndWritingGoesOnWhenThereIsSpace) {
  std::atomic<bool> full = false;
  const std::unique_ptr<rocksdb::Env> env =
      rocksdb::NewCompositeEnv(std::make_shared<FullableFileSystem>(full, /*tells_free_space=*/false));
  {
    absl::StatusOr<std::unique_ptr<Catalogue>> catalogue = OpenCatalogueOn(env.get(), folder());
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    ASSERT_TRUE((*catalogue)->Upsert({Titled(RecordKind::kResult, "before", "t")}, 1).ok());
    full = true;
    for (int attempt = 0; attempt < 2; ++attempt) {
      const absl::Status status =
          (*catalogue)->Upsert({Titled(RecordKind::kResult, "lost", "t")}, 1).status();
      EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
      EXPECT_THAT(std::string(status.message()), HasSubstr(folder().string()));
    }
    EXPECT_EQ((*catalogue)->sequence(), 1u);
    EXPECT_THAT(IdsOf(**catalogue, RecordKind::kResult), testing::ElementsAre("before"));
    full = false;
    const absl::Status after = (*catalogue)->Upsert({Titled(RecordKind::kResult, "after", "t")}, 1).status();
    EXPECT_TRUE(after.ok()) << after;
  }
  const absl::StatusOr<std::unique_ptr<Catalogue>> reopened = Catalogue::Open(folder());
  ASSERT_TRUE(reopened.ok()) << reopened.status();
  EXPECT_EQ((*reopened)->sequence(), 2u);
  EXPECT_THAT(IdsOf(**reopened, RecordKind::kResult), testing::ElementsAre("after", "before"));
}

}  // namespace
}  // namespace dongxi
