// deploy/dongxi-replica, run by the shell: which backup becomes the copy that is served, with which tokens,
// and what a run that fails leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "absl/time/clock.h"
#include "indexer/backup/backup.h"
#include "tests/server/script_testing.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::EndsWith;

// Both note how they are called and fail at the step $FAILS. A backup is whole if the file BACKUP is in it.
constexpr char kFakeIndexer[] = R"(#!/bin/sh
echo "$*" >>"${0%/*}/calls"
[ "$1" != "$FAILS" ] || exit 3
case $1 in
  verify-backup) [ -f "$3/BACKUP" ] ;;
  restore) mkdir "$3" ;;
esac
)";
constexpr char kFakeRestart[] = R"(#!/bin/sh
echo restart >>"${0%/*}/calls"
[ "$FAILS" != restart ] || exit 4
)";

class ReplicaScriptTest : public testing::Test {
 protected:
  ReplicaScriptTest() {
    for (const char* name : {"bin", "shipped", "copies"})
      std::filesystem::create_directory(folder_.path() / name);
    Program("dongxi-indexer", kFakeIndexer);
    Program("restart", kFakeRestart);
  }
  void Program(const std::string& name, const std::string& text) const {
    const std::filesystem::path file = folder_.path() / "bin" / name;
    std::ofstream(file) << text;
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }
  std::filesystem::path shipped() const { return folder_.path() / "shipped"; }
  std::filesystem::path copies() const { return folder_.path() / "copies"; }

  void Ship(const std::string& name, bool whole = true) const {
    std::filesystem::create_directory(shipped() / name);
    if (whole) std::ofstream(shipped() / name / "BACKUP") << name;
  }
  // The exit code. `settings`: more variables of the environment. `programs`: the folder of dongxi-indexer.
  std::string Run(const std::string& settings = "", const std::string& programs = "") const {
    const std::string bin = (folder_.path() / "bin").string();
    return OutputOf("DONGXI_SHIPPED='" + shipped().string() + "' DONGXI_COPIES='" + copies().string() +
                    "' DONGXI_RESTART='" + bin + "/restart' " + settings + " PATH=\"" +
                    (programs.empty() ? bin : programs) + ":$PATH\" sh deploy/dongxi-replica >&2; echo $?");
  }
  // The exit code of dongxi-replica with a word behind it; it is told of the copies alone.
  std::string RunWord(const std::string& word) const {
    return OutputOf("DONGXI_COPIES='" + copies().string() + "' sh deploy/dongxi-replica " + word +
                    " >&2; echo $?");
  }
  // Since the last time it was asked.
  std::string Calls() const {
    const std::filesystem::path file = folder_.path() / "bin" / "calls";
    if (!std::filesystem::exists(file)) return "";
    const std::string calls = TextOf(file);
    std::filesystem::remove(file);
    return calls;
  }
  std::string LinkOf(const std::string& name) const {
    std::error_code error;
    return std::filesystem::read_symlink(copies() / name, error).string();
  }
  std::set<std::string> Left() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(copies()))
      names.insert(entry.path().filename().string());
    return names;
  }

  TemporaryFolder folder_;
};

TEST_F(ReplicaScriptTest, ServesTheNewestWholeBackupAndDoesNothingWhileThereIsNoNewerOne) {
  Ship("b-10-20261126T013000Z");
  Ship("b-9-20261127T013000Z");
  Ship("b-11-20261128T013000Z", /*whole=*/false);
  EXPECT_EQ(Run(), "0\n");
  const std::string from = "--from " + shipped().string(), data = "--data " + copies().string();
  EXPECT_EQ(Calls(), "verify-backup " + from + "/b-11-20261128T013000Z\nverify-backup " + from +
                         "/b-9-20261127T013000Z\nrestore " + data + "/restoring " + from +
                         "/b-9-20261127T013000Z\nverify " + data + "/restoring\nrestart\n");
  EXPECT_EQ(LinkOf("current"), "b-9-20261127T013000Z");
  EXPECT_EQ(Run(), "0\n");
  EXPECT_EQ(Calls(), "verify-backup " + from + "/b-11-20261128T013000Z\n");
  std::filesystem::remove_all(shipped() / "b-9-20261127T013000Z");
  EXPECT_EQ(Run(), "0\n");
  EXPECT_EQ(LinkOf("current"), "b-9-20261127T013000Z") << "an older one is no progress";
}

TEST_F(ReplicaScriptTest, KeepsTheFormerCopyAndNoneBeforeItAndOneAuditLogForAll) {
  for (const char* name : {"b-1-20261126T013000Z", "b-2-20261127T013000Z", "b-3-20261128T013000Z"}) {
    Ship(name);
    EXPECT_EQ(Run(), "0\n");
    std::ofstream(copies() / "current" / "audit" / name) << "read\n";
  }
  EXPECT_EQ(LinkOf("former"), "b-2-20261127T013000Z");
  EXPECT_THAT(Left(), testing::ElementsAre("audit", "b-2-20261127T013000Z", "b-3-20261128T013000Z", "current",
                                           "former", "restarted"));
  EXPECT_EQ(TextOf(copies() / "audit" / "b-1-20261126T013000Z"), "read\n");
}

TEST_F(ReplicaScriptTest, ARunThatFailsLeavesWhatIsServedAndTheNextOneMakesItGood) {
  Ship("b-1-20261126T013000Z");
  EXPECT_EQ(Run(), "0\n");
  Ship("b-2-20261127T013000Z");
  for (const char* step : {"restore", "verify"}) {
    SCOPED_TRACE(step);
    EXPECT_EQ(Run("FAILS=" + std::string(step)), "3\n");
    EXPECT_EQ(LinkOf("current"), "b-1-20261126T013000Z");
  }
  EXPECT_EQ(Run("FAILS=restart"), "4\n");
  EXPECT_EQ(LinkOf("current"), "b-2-20261127T013000Z");
  (void)Calls();
  std::filesystem::create_directory(copies() / "restoring");  // as a run that was killed leaves it
  EXPECT_EQ(Run(), "0\n");
  EXPECT_EQ(Calls(), "restart\n");
  EXPECT_THAT(Left(), testing::Not(Contains("restoring")));
}

TEST_F(ReplicaScriptTest, TokensAreThoseOfTheCopyBeforeOrThoseThatThePrimaryShips) {
  Ship("b-1-20261126T013000Z");
  EXPECT_EQ(Run(), "0\n");
  std::ofstream(copies() / "current" / "tokens") << "made here";
  Ship("b-2-20261127T013000Z");
  EXPECT_EQ(Run(), "0\n");
  const std::filesystem::path tokens = copies() / "b-2-20261127T013000Z" / "tokens";
  EXPECT_EQ(TextOf(tokens), "made here");
  EXPECT_EQ(std::filesystem::status(tokens).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  // One that was revoked is gone without a new backup.
  std::ofstream(shipped() / "tokens") << "of the primary";
  const std::string setting = "DONGXI_TOKENS='" + (shipped() / "tokens").string() + "'";
  EXPECT_EQ(Run(setting), "0\n");
  EXPECT_EQ(TextOf(tokens), "of the primary");
  std::filesystem::remove(shipped() / "tokens");
  EXPECT_EQ(Run(setting), "2\n") << "a server without its tokens would let in anybody";
}

TEST_F(ReplicaScriptTest, TokensThatThePrimaryShipsAreGivenAlsoInARunThatFails) {
  const std::string setting = "DONGXI_TOKENS='" + (shipped() / "tokens").string() + "' FAILS=";
  std::ofstream(shipped() / "tokens") << "of the primary";
  Ship("b-1-20261126T013000Z");
  EXPECT_EQ(Run(setting), "0\n");
  Ship("b-2-20261127T013000Z");
  for (const std::string step : {"restore", "verify"}) {
    std::ofstream(shipped() / "tokens") << "revoked before " << step;
    EXPECT_EQ(Run(setting + step), "3\n");
    EXPECT_EQ(TextOf(copies() / "b-1-20261126T013000Z" / "tokens"), "revoked before " + step);
  }
}

TEST_F(ReplicaScriptTest, GoesBackToTheFormerCopyUntilTheHoldIsRemovedAndThenToTheNewestAgain) {
  for (const char* name : {"b-1-20261126T013000Z", "b-2-20261127T013000Z"}) {
    Ship(name);
    EXPECT_EQ(Run(), "0\n");
  }
  (void)Calls();
  EXPECT_EQ(RunWord("back"), "0\n");
  EXPECT_EQ(RunWord("back"), "0\n");
  EXPECT_EQ(LinkOf("current"), "b-2-20261127T013000Z")
      << "the next run does it, which can restart the server";
  EXPECT_EQ(Run(), "0\n");
  EXPECT_EQ(Calls(), "restart\n");
  EXPECT_EQ(LinkOf("current"), "b-1-20261126T013000Z");
  Ship("b-3-20261128T013000Z");
  EXPECT_EQ(RunWord("back"), "0\n");
  EXPECT_EQ(Run(), "0\n");
  EXPECT_EQ(Calls(), "") << "it stays there";
  EXPECT_EQ(LinkOf("current"), "b-1-20261126T013000Z");
  // With no backup newer than the one that was gone back from.
  std::filesystem::remove_all(shipped() / "b-3-20261128T013000Z");
  std::filesystem::remove(copies() / "held");
  EXPECT_EQ(Run(), "0\n");
  EXPECT_THAT(Calls(), EndsWith("\nrestart\n"));
  EXPECT_EQ(LinkOf("current"), "b-2-20261127T013000Z");
  EXPECT_EQ(LinkOf("former"), "b-1-20261126T013000Z");
}

// As it was done before there was "back": then "restarted" names the copy that the server left.
TEST_F(ReplicaScriptTest, TheServerIsRestartedAlsoAfterCurrentWasTurnedByHand) {
  for (const char* name : {"b-1-20261126T013000Z", "b-2-20261127T013000Z"}) {
    Ship(name);
    EXPECT_EQ(Run(), "0\n");
  }
  std::filesystem::remove(copies() / "current");
  std::filesystem::create_directory_symlink("b-1-20261126T013000Z", copies() / "current");
  (void)Calls();
  EXPECT_EQ(Run("FAILS=restart"), "4\n");
  EXPECT_EQ(LinkOf("current"), "b-2-20261127T013000Z");
  EXPECT_THAT(Calls(), EndsWith("\nrestart\n"));
  EXPECT_EQ(Run(), "0\n");
  EXPECT_EQ(Calls(), "restart\n");
}

TEST_F(ReplicaScriptTest, ATokenThatWasRevokedIsSoInEveryCopyThatTheServerMayWorkWith) {
  Ship("b-1-20261126T013000Z");
  EXPECT_EQ(Run(), "0\n");
  std::ofstream(copies() / "current" / "tokens") << "valid";
  Ship("b-2-20261127T013000Z");
  EXPECT_EQ(Run(), "0\n");
  std::ofstream(copies() / "current" / "tokens") << "revoked";
  EXPECT_EQ(RunWord("back"), "0\n");
  EXPECT_EQ(Run(), "0\n");
  ASSERT_EQ(LinkOf("current"), "b-1-20261126T013000Z");
  EXPECT_EQ(TextOf(copies() / "current" / "tokens"), "revoked");
  // The former copy gets them while one is held, and so does one that the server could not be restarted from.
  std::ofstream(copies() / "current" / "tokens") << "revoked while held";
  EXPECT_EQ(Run(), "0\n");
  EXPECT_EQ(TextOf(copies() / "b-2-20261127T013000Z" / "tokens"), "revoked while held");
  std::filesystem::remove(copies() / "held");
  EXPECT_EQ(Run("FAILS=restart"), "4\n");
  ASSERT_EQ(LinkOf("current"), "b-2-20261127T013000Z");
  std::ofstream(copies() / "current" / "tokens") << "revoked again";
  EXPECT_EQ(Run("FAILS=restart"), "4\n");
  EXPECT_EQ(TextOf(copies() / "b-1-20261126T013000Z" / "tokens"), "revoked again");
}

TEST_F(ReplicaScriptTest, AnUnknownWordAndAStepBackWithoutAFormerCopyAreRefused) {
  Ship("b-1-20261126T013000Z");
  EXPECT_EQ(Run(), "0\n");
  (void)Calls();
  EXPECT_EQ(RunWord("back"), "1\n");
  EXPECT_EQ(RunWord("forward"), "2\n");
  EXPECT_EQ(RunWord("back now"), "2\n");
  EXPECT_THAT(Left(), testing::Not(Contains("held")));
  EXPECT_EQ(Calls(), "");
}

TEST_F(ReplicaScriptTest, AFolderThatIsNotThereIsRefusedBeforeAnythingIsDone) {
  EXPECT_EQ(Run("DONGXI_SHIPPED=/nowhere"), "2\n");
  EXPECT_EQ(Run("DONGXI_COPIES=/nowhere"), "2\n");
  EXPECT_EQ(Run(), "1\n") << "there is no backup";
  EXPECT_EQ(Calls(), "");
}

// With the real dongxi-indexer and a real server.
TEST_F(ReplicaScriptTest, ARealBackupIsServedThroughTheLink) {
  const std::filesystem::path data = folder_.path() / "data";
  WriteCatalogue(data, SmallCatalogue());
  ASSERT_FALSE(Build(data).empty());
  {
    const auto catalogue = Catalogue::Open(data / "catalogue");
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    BackupOptions backup;
    backup.data = data;
    backup.to = shipped();
    backup.time = absl::Now();
    ASSERT_TRUE(MakeBackup(**catalogue, backup).ok());
  }
  EXPECT_EQ(Run("", DONGXI_PROGRAMS), "0\n");
  EXPECT_EQ(Calls(), "restart\n");
  ServerOptions options = OptionsFor(copies() / "current");
  options.read_only = true;
  const Running running = StartServer(options);
  ASSERT_NE(running.server, nullptr);
  EXPECT_FALSE(std::filesystem::is_empty(copies() / "audit")) << "it is written beside the copies";
}

}  // namespace
}  // namespace dongxi
