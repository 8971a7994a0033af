#include "indexer/backup/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <map>

#include "dongxi/storage/operation.pb.h"
#include "engine/base/files.h"
#include "engine/match/ranking_config.h"
#include "engine/policy/policy.h"
#include "indexer/build/build_folder.h"
#include "indexer/build/generation_builder.h"
#include "store/catalogue_epoch.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class BackupTest : public testing::Test {
 protected:
  BackupTest() {
    std::string pattern = (fs::temp_directory_path() / "dongxi-backup-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    Open();
    Add("r-1", "盐湖卤水提锂吸附剂");
    Add("r-2", "枸杞热泵干燥装备");
    generation_ = Build();
    Add("r-3", "风机叶片防沙涂层");  // after the generation: only in the catalogue
  }
  ~BackupTest() override {
    catalogue_ = nullptr;
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  void Open() {
    auto opened = Catalogue::Open(data() / "catalogue");
    ASSERT_TRUE(opened.ok()) << opened.status();
    catalogue_ = *std::move(opened);
  }
  void Add(const std::string& id, const std::string& title) {
    Record record;
    record.kind = RecordKind::kResult;
    record.id = id;
    record.title = title;
    ASSERT_TRUE(catalogue_->Upsert({record}, 1'760'000'000'000'000).ok());
  }
  std::string Build() {
    BuildOptions options;
    options.generations = data() / "generations";
    options.dim = 4;
    options.threads = 1;
    const auto snapshot = catalogue_->Snapshot();
    const auto built = BuildGeneration(*snapshot, options);
    EXPECT_TRUE(built.ok()) << built.status();
    return built.ok() ? built->manifest.generation : "";
  }
  BackupOptions Options() const {
    BackupOptions options;
    options.data = data();
    options.to = folder_ / "backups";
    options.policy = "data/policy";
    const auto policy = LoadPolicy("data/policy");
    EXPECT_TRUE(policy.ok()) << policy.status();
    if (policy.ok()) options.policy_version = (*policy)->version();
    options.ranking = "data/ranking/default.json";
    options.time = absl::FromUnixSeconds(1'795'656'600);
    return options;
  }
  fs::path Backup() {
    const auto made = MakeBackup(*catalogue_, Options());
    EXPECT_TRUE(made.ok()) << made.status();
    return made.ok() ? made->directory : fs::path();
  }
  fs::path data() const { return folder_ / "data"; }

  static std::map<std::string, std::string> Contents(const fs::path& directory) {
    std::map<std::string, std::string> contents;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
      if (!entry.is_regular_file()) continue;
      contents[entry.path().lexically_relative(directory).string()] =
          *ReadFile(entry.path(), size_t{64} << 20);
    }
    return contents;
  }
  static void FlipByte(const fs::path& file) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    const auto middle = static_cast<std::streamoff>(fs::file_size(file) / 2);
    stream.seekg(middle);
    const char byte = static_cast<char>(stream.get() ^ 0x10);
    stream.seekp(middle);
    stream.put(byte);
  }

  fs::path folder_;
  std::unique_ptr<Catalogue> catalogue_;
  std::string generation_;
};

TEST_F(BackupTest, HoldsCatalogueGenerationAndTablesUnderOneVersion) {
  const fs::path place = Backup();
  EXPECT_EQ(place.filename(), "b-3-20261126T013000Z");
  const auto manifest = ReadBackupManifest(place);
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  EXPECT_EQ(manifest->catalogue_sequence, 3u);
  EXPECT_EQ(manifest->generation, generation_);
  EXPECT_TRUE(manifest->files.contains("policy/channels.tsv"));
  EXPECT_TRUE(manifest->files.contains("ranking/default.json"));
  EXPECT_TRUE(manifest->files.contains("generations/CURRENT"));
  EXPECT_TRUE(VerifyBackup(place, {}).ok());
  EXPECT_THAT(ListBackups(folder_ / "backups"), SizeIs(1));
  EXPECT_FALSE(fs::exists(data() / ".backup-checkpoint"));
}

TEST_F(BackupTest, AnEditorsLeftoversBesideTheTablesDoNotSpoilIt) {
  BackupOptions options = Options();
  options.policy = folder_ / "policy";
  fs::copy("data/policy", options.policy);
  for (const char* name : {".modes.tsv.swp", "modes copy.tsv", "modes.tsv~"})
    std::ofstream(folder_ / "policy" / name) << "x";
  const auto made = MakeBackup(*catalogue_, options);
  ASSERT_TRUE(made.ok()) << made.status();
  const auto verified = VerifyBackup(made->directory, {});
  EXPECT_TRUE(verified.ok()) << verified.status();
  EXPECT_TRUE(made->manifest.files.contains("policy/modes.tsv"));
  EXPECT_FALSE(made->manifest.files.contains("policy/modes copy.tsv"));
}

TEST_F(BackupTest, TablesThatWereChangedAndNotLoadedAgainAreRefused) {
  BackupOptions options = Options();
  options.policy = folder_ / "policy";
  fs::copy("data/policy", options.policy);
  std::ofstream(options.policy / "topics.tsv", std::ios::app) << "# changed\n";
  const absl::Status refused = MakeBackup(*catalogue_, options).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr(options.policy.string()));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("请先运行 dongxi admin reload policy"));
  EXPECT_THAT(ListBackups(folder_ / "backups"), IsEmpty());
}

TEST_F(BackupTest, TablesThatAreChangedWhileItIsMadeAreFoundInTheCopy) {
  BackupOptions options = Options();
  options.policy = folder_ / "policy";
  fs::copy("data/policy", options.policy);
  options.watch.progress = [&](std::string_view stage, uint64_t, uint64_t) {
    if (stage == "checkpoint") std::ofstream(options.policy / "topics.tsv", std::ios::app) << "# changed\n";
  };
  const absl::Status refused = MakeBackup(*catalogue_, options).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_TRUE(fs::is_empty(folder_ / "backups"));
}

TEST_F(BackupTest, ARankingThatWasChangedAndNotLoadedAgainIsRefused) {
  BackupOptions options = Options();
  options.ranking = folder_ / "ranking" / "default.json";
  fs::copy("data/ranking", folder_ / "ranking");
  const auto ranking = LoadRankingConfig(options.ranking.string());
  ASSERT_TRUE(ranking.ok()) << ranking.status();
  options.ranking_digest = (*ranking)->digest;
  std::ofstream(options.ranking, std::ios::app) << "\n";
  const absl::Status refused = MakeBackup(*catalogue_, options).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("请先运行 dongxi admin reload ranking"));
  fs::copy_file("data/ranking/default.json", options.ranking, fs::copy_options::overwrite_existing);
  EXPECT_TRUE(MakeBackup(*catalogue_, options).ok()) << "the file in use is back";
}

TEST_F(BackupTest, WritesAfterItDoNotReachIt) {
  const fs::path place = Backup();
  const auto before = Contents(place);
  for (int i = 0; i < 50; ++i) Add("later-" + std::to_string(i), "后来的成果");
  ASSERT_TRUE(catalogue_->Flush().ok());
  EXPECT_EQ(Contents(place), before);
}

TEST_F(BackupTest, RestoresIntoAnEmptyFolderOnly) {
  const fs::path place = Backup();
  const fs::path target = folder_ / "restored";
  const auto restored = RestoreBackup(place, target, {});
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_FALSE(fs::exists(target / kRestoringFolder));
  EXPECT_EQ(Contents(target / "generations" / generation_), Contents(data() / "generations" / generation_));
  {
    const auto catalogue = Catalogue::Open(target / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    EXPECT_EQ((*catalogue)->sequence(), 3u);
    EXPECT_EQ((*catalogue)->Get(RecordKind::kResult, "r-3")->title, "风机叶片防沙涂层");
    EXPECT_EQ(*(*catalogue)->Get(RecordKind::kResult, "r-1"), *catalogue_->Get(RecordKind::kResult, "r-1"));
  }
  const auto again = RestoreBackup(place, target, {});
  EXPECT_TRUE(absl::IsFailedPrecondition(again.status())) << again.status();
}

TEST_F(BackupTest, RestoresIntoTheRootOfADiskOfItsOwn) {
  const fs::path place = Backup();
  const fs::path target = folder_ / "disk";
  fs::create_directories(target / "lost+found");
  ASSERT_TRUE(RestoreBackup(place, target, {}).ok());
  EXPECT_TRUE(fs::exists(target / "catalogue" / "CURRENT"));
  EXPECT_TRUE(fs::exists(target / "lost+found"));
  EXPECT_TRUE(absl::IsFailedPrecondition(RestoreBackup(place, target, {}).status()));
}

// So that cursors of watches can be told apart: both go on under the same sequence numbers.
TEST_F(BackupTest, EachRestoreIsAnEpochOfItsOwnThatSharesWhatTheBackupHas) {
  const fs::path place = Backup();
  Add("r-4", "备份以后的成果");
  ASSERT_TRUE(RestoreBackup(place, folder_ / "first", {}).ok());
  ASSERT_TRUE(RestoreBackup(place, folder_ / "second", {}).ok());
  const auto first = Catalogue::Open(folder_ / "first" / "catalogue");
  const auto second = Catalogue::Open(folder_ / "second" / "catalogue");
  ASSERT_TRUE(first.ok() && second.ok());
  const std::string epoch = EpochOf(**first).value_or("");
  EXPECT_FALSE(epoch.empty());
  EXPECT_NE(EpochOf(**second).value_or(""), epoch);
  EXPECT_EQ(EpochOf(*catalogue_).value_or("?"), "") << "the original stays what it was";
  EXPECT_EQ(SharedWithEpoch(**first, "").value_or(0), 3u);
  EXPECT_EQ(SharedWithEpoch(**second, epoch).value_or(1), 0u);
}

TEST_F(BackupTest, WhatWasUnderWayIsNotDoneAgainByTheServerOfTheCopy) {
  storage::StoredOperation running;
  running.mutable_metadata()->set_kind("backup");
  running.mutable_metadata()->set_state(v1::OperationMetadata::RUNNING);
  const auto put = [&](const CatalogueReader&) -> absl::StatusOr<WriteBatch> {
    WriteBatch batch;
    batch.puts.push_back({Table::kOperations, "1", running.SerializeAsString()});
    return batch;
  };
  ASSERT_TRUE(catalogue_->Write(put, 1).ok());
  ASSERT_TRUE(RestoreBackup(Backup(), folder_ / "restored", {}).ok());
  const auto catalogue = Catalogue::Open(folder_ / "restored" / "catalogue");
  ASSERT_TRUE(catalogue.ok()) << catalogue.status();
  EXPECT_EQ((*catalogue)->sequence(), 3u);
  storage::StoredOperation ended;
  ASSERT_TRUE(ended.ParseFromString((*catalogue)->GetTable(Table::kOperations, "1")->value()));
  EXPECT_EQ(ended.metadata().state(), v1::OperationMetadata::FAILED);
  EXPECT_GT(ended.metadata().expire_time().seconds(), ended.metadata().end_time().seconds());
}

// One byte in every file: of the catalogue, of each file of the generation, of the tables and of the list
// itself.
TEST_F(BackupTest, OneFlippedByteInAnyFileIsRefusedAndNothingIsRestored) {
  const fs::path place = Backup();
  const auto contents = Contents(place);
  EXPECT_GE(contents.size(), 20u);
  for (const auto& [path, bytes] : contents) {
    if (bytes.empty()) continue;
    SCOPED_TRACE(path);
    FlipByte(place / path);
    EXPECT_FALSE(VerifyBackup(place, {}).ok());
    const auto refused = RestoreBackup(place, folder_ / "target", {});
    EXPECT_FALSE(refused.ok());
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr(path));
    EXPECT_FALSE(fs::exists(folder_ / "target"));
    FlipByte(place / path);
  }
  EXPECT_TRUE(VerifyBackup(place, {}).ok());
}

TEST_F(BackupTest, MissingShortAndForeignFilesAreRefused) {
  const fs::path place = Backup();
  std::ofstream(place / "catalogue" / "999999.sst") << "foreign";
  EXPECT_THAT(std::string(VerifyBackup(place, {}).status().message()), HasSubstr("not on the list"));
  fs::remove(place / "catalogue" / "999999.sst");
  fs::resize_file(place / "policy" / "channels.tsv", 10);
  EXPECT_THAT(std::string(VerifyBackup(place, {}).status().message()), HasSubstr("has 10 bytes"));
  fs::remove(place / "policy" / "channels.tsv");
  EXPECT_THAT(std::string(VerifyBackup(place, {}).status().message()), HasSubstr("is missing"));
}

TEST_F(BackupTest, ADamagedGenerationIsNotCopiedUnderANewChecksum) {
  FlipByte(data() / "generations" / generation_ / "offers" / "postings.dxp");
  const auto refused = MakeBackup(*catalogue_, Options());
  EXPECT_TRUE(absl::IsDataLoss(refused.status())) << refused.status();
  EXPECT_THAT(ListBackups(folder_ / "backups"), IsEmpty());
}

TEST_F(BackupTest, CancellationAndARunningBuildLeaveNothing) {
  BackupOptions options = Options();
  int asked = 0;
  options.watch.cancelled = [&asked] { return ++asked > 3; };
  EXPECT_TRUE(absl::IsCancelled(MakeBackup(*catalogue_, options).status()));
  EXPECT_TRUE(fs::is_empty(folder_ / "backups"));
  const auto build = BuildFolder::Open(data() / "generations");
  ASSERT_TRUE(build.ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(MakeBackup(*catalogue_, Options()).status()));
}

TEST_F(BackupTest, ARestoreThatWasKilledIsRefusedByServersAndDoneAgain) {
  const fs::path place = Backup();
  const fs::path target = folder_ / "restored";
  fs::create_directories(target / kRestoringFolder / "generations");
  fs::create_directories(target / "catalogue");
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckRestored(target)));
  ASSERT_TRUE(RestoreBackup(place, target, {}).ok());
  EXPECT_TRUE(CheckRestored(target).ok());
  EXPECT_TRUE(fs::exists(target / "catalogue" / "CURRENT"));
}

}  // namespace
}  // namespace dongxi
