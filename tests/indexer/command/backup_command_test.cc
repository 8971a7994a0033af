// dongxi-indexer backup, verify-backup and restore, as an operator runs them without a server.
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/indexer/command/command_testing.h"

namespace dongxi {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::MakeCatalogue;
using testing::MakeRecords;
using testing::RunProgram;
using testing::SmallCounts;
using testing::TemporaryFolder;

class BackupCommandTest : public ::testing::Test {
 protected:
  std::string data() const { return (folder_.path() / "data").string(); }
  std::string to() const { return (folder_.path() / "backups").string(); }
  std::string OnlyBackup() const { return fs::directory_iterator(to())->path().string(); }

  TemporaryFolder folder_;
};

TEST_F(BackupCommandTest, GoesThereAndBack) {
  MakeCatalogue(fs::path(data()) / "catalogue", MakeRecords(SmallCounts())).reset();
  const auto backup = RunProgram({"backup", "--data", data(), "--to", to()});
  ASSERT_EQ(backup.exit_code, 0) << backup.err;
  EXPECT_THAT(backup.out, HasSubstr("已备份到"));
  const auto verified = RunProgram({"verify-backup", "--from", OnlyBackup()});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("全部完好"));
  const std::string target = (folder_.path() / "new").string();
  const auto restored = RunProgram({"restore", "--data", target, "--from", OnlyBackup()});
  ASSERT_EQ(restored.exit_code, 0) << restored.err;
  EXPECT_EQ(RunProgram({"export", "--data", target, "--kind", "results"}).out,
            RunProgram({"export", "--data", data(), "--kind", "results"}).out);
  const auto again = RunProgram({"restore", "--data", target, "--from", OnlyBackup()});
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.err, HasSubstr("not empty"));
}

TEST_F(BackupCommandTest, ARunningServerAndAMissingCatalogueAreNamed) {
  EXPECT_EQ(RunProgram({"backup", "--data", data(), "--to", to()}).exit_code, 1);
  EXPECT_FALSE(fs::exists(data())) << "nothing is made for a wrong folder";
  const auto held = MakeCatalogue(fs::path(data()) / "catalogue", MakeRecords(SmallCounts()));
  const auto refused = RunProgram({"backup", "--data", data(), "--to", to()});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("dongxi admin backup"));
}

TEST_F(BackupCommandTest, ADamagedBackupIsRefused) {
  MakeCatalogue(fs::path(data()) / "catalogue", MakeRecords(SmallCounts())).reset();
  ASSERT_EQ(RunProgram({"backup", "--data", data(), "--to", to()}).exit_code, 0);
  std::ofstream(fs::path(OnlyBackup()) / "policy" / "channels.tsv", std::ios::app) << "x";
  const std::string target = (folder_.path() / "new").string();
  EXPECT_EQ(RunProgram({"verify-backup", "--from", OnlyBackup()}).exit_code, 1);
  const auto refused = RunProgram({"restore", "--data", target, "--from", OnlyBackup()});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("channels.tsv"));
  EXPECT_FALSE(fs::exists(target));
}

}  // namespace
}  // namespace dongxi
