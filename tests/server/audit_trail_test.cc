#include "server/audit_trail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "server/audit_line.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kKey[] = "audit-key-of-the-test";

AuditEvent EventOf(const std::string& name) {
  AuditEvent event;
  event.time = absl::FromUnixSeconds(1'760'000'000);
  event.token_id = "0123456789ab";
  event.tenant = "portal";
  event.peer = "ipv4:127.0.0.1:1";
  event.method = "CatalogueService.UpdateNeed";
  event.request_id = "request-1";
  event.code = "OK";
  event.written = {name};
  event.written_total = 1;
  return event;
}

class AuditTrailTest : public testing::Test {
 protected:
  AuditOptions options(uint64_t file_bytes_max = 1 << 20) const {
    return {.directory = directory(), .key = kKey, .file_bytes_max = file_bytes_max, .sync_always = true};
  }
  std::filesystem::path directory() const { return folder_.path() / "audit"; }

  void Write(const AuditOptions& options, int lines) {
    const auto trail = AuditTrail::Open(options);
    ASSERT_TRUE(trail.ok()) << trail.status();
    for (int i = 0; i < lines; ++i) {
      const absl::Status status = (*trail)->Append(EventOf("needs/n-" + std::to_string(i)));
      ASSERT_TRUE(status.ok()) << status;
    }
  }
  AuditReport Verify(const std::string& key = kKey, bool archived = false) {
    const auto report = VerifyAudit(directory(), key, archived);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : AuditReport();
  }
  std::vector<std::string> Lines(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }
  // Lets `change` loose on the lines of the first file.
  void Tamper(const std::function<void(std::vector<std::string>*)>& change) {
    const std::filesystem::path file = AuditFiles(directory()).front();
    std::vector<std::string> lines = Lines(file);
    change(&lines);
    std::ofstream stream(file, std::ios::trunc);
    for (const std::string& line : lines) stream << line << "\n";
  }

  TemporaryFolder folder_;
};

TEST_F(AuditTrailTest, LinesSayWhoWhenAndWhat) {
  Write(options(), 1);
  const std::string line = Lines(AuditFiles(directory()).front()).front();
  for (const char* part :
       {"\"seq\":1", "\"time\":\"2025-10-09T", "\"token\":\"0123456789ab\"", "\"tenant\":\"portal\"",
        "\"peer\":\"ipv4:127.0.0.1:1\"", "\"method\":\"CatalogueService.UpdateNeed\"",
        "\"request\":\"request-1\"", "\"code\":\"OK\"", "\"written\":[\"needs/n-0\"]", "\"mac\":\""}) {
    EXPECT_THAT(line, HasSubstr(part));
  }
}

TEST_F(AuditTrailTest, TheChainGoesOnOverFilesAndStarts) {
  for (int i = 0; i < 3; ++i) Write(options(/*file_bytes_max=*/2'000), 10);
  EXPECT_GT(AuditFiles(directory()).size(), 3u);
  const AuditReport report = Verify();
  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_EQ(report.lines, 30u);
  EXPECT_EQ(report.last, 30u);
}

TEST_F(AuditTrailTest, TamperingIsFoundWithAndWithoutTheKey) {
  using Lines = std::vector<std::string>;
  const std::pair<const char*, std::function<void(Lines*)>> cases[] = {
      {"changed", [](Lines* lines) { (*lines)[4].replace((*lines)[4].find("portal"), 6, "others"); }},
      {"first changed", [](Lines* lines) { (*lines)[0].replace((*lines)[0].find("portal"), 6, "others"); }},
      {"last changed",
       [](Lines* lines) { lines->back().replace(lines->back().find("portal"), 6, "others"); }},
      {"removed", [](Lines* lines) { lines->erase(lines->begin() + 4); }},
      {"first removed", [](Lines* lines) { lines->erase(lines->begin()); }},
      {"last removed", [](Lines* lines) { lines->pop_back(); }},
      {"reordered", [](Lines* lines) { std::swap((*lines)[3], (*lines)[6]); }},
      {"repeated", [](Lines* lines) { lines->insert(lines->begin() + 4, (*lines)[4]); }},
      {"garbage", [](Lines* lines) { (*lines)[5] = "{"; }},
  };
  for (const auto& [name, change] : cases) {
    SCOPED_TRACE(name);
    std::filesystem::remove_all(directory());
    Write(options(), 10);
    ASSERT_THAT(Verify().findings, IsEmpty());
    Tamper(change);
    EXPECT_THAT(Verify().findings, Not(IsEmpty()));
    EXPECT_THAT(Verify(/*key=*/"").findings, Not(IsEmpty()));
  }
}

// Who may write the folder can make a new chain; without the key he cannot make its HMACs.
TEST_F(AuditTrailTest, ANewChainWithoutTheKeyIsFound) {
  AuditOptions forger = options();
  forger.key = "another-key-altogether";
  Write(forger, 5);
  EXPECT_THAT(Verify(/*key=*/"").findings, IsEmpty());
  EXPECT_THAT(Verify().findings, Not(IsEmpty()));
}

TEST_F(AuditTrailTest, AMissingFileIsFoundUnlessItWasArchived) {
  Write(options(/*file_bytes_max=*/2'000), 20);
  std::filesystem::remove(AuditFiles(directory()).front());
  EXPECT_THAT(Verify().findings, Not(IsEmpty()));
  EXPECT_THAT(Verify(kKey, /*archived=*/true).findings, IsEmpty());
  std::filesystem::remove(AuditFiles(directory())[1]);
  EXPECT_THAT(Verify(kKey, /*archived=*/true).findings, Not(IsEmpty()));
}

TEST_F(AuditTrailTest, OldFilesGoWhenTheirNumberIsBoundedAndTheChainSaysSo) {
  AuditOptions bounded = options(/*file_bytes_max=*/2'000);
  bounded.files_max = 3;
  for (int i = 0; i < 3; ++i) Write(bounded, 20);
  EXPECT_THAT(AuditFiles(directory()), SizeIs(3));
  const AuditReport report = Verify();
  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_GT(report.first, 1u);
  EXPECT_EQ(report.removed_before, report.first);
  // What somebody else takes away is still missed.
  std::filesystem::remove(AuditFiles(directory()).front());
  EXPECT_THAT(Verify().findings, Contains(HasSubstr("前面的文件不在了")));
}

TEST_F(AuditTrailTest, ANewBoundHoldsFromTheStart) {
  Write(options(/*file_bytes_max=*/2'000), 30);
  ASSERT_GT(AuditFiles(directory()).size(), 3u);
  AuditOptions bounded = options();
  bounded.files_max = 2;
  Write(bounded, 0);
  EXPECT_THAT(AuditFiles(directory()), SizeIs(2));
  EXPECT_THAT(Verify().findings, IsEmpty());
  Write(bounded, 5);
  EXPECT_THAT(Verify().findings, IsEmpty());
}

// As after a crash between the line and the last removal.
TEST_F(AuditTrailTest, AFileThatWasToGoAndIsStillThereIsNoFindingAndGoesAtTheNextStart) {
  AuditOptions bounded = options(/*file_bytes_max=*/2'000);
  Write(bounded, 20);
  const std::vector<std::filesystem::path> all = AuditFiles(directory());
  bounded.files_max = 2;
  ASSERT_GT(all.size(), 3u);
  const std::filesystem::path last_to_go = all[all.size() - 3], aside = folder_.path() / "aside";
  std::filesystem::copy_file(last_to_go, aside);
  Write(bounded, 0);
  ASSERT_FALSE(std::filesystem::exists(last_to_go));
  std::filesystem::rename(aside, last_to_go);
  EXPECT_THAT(Verify().findings, IsEmpty());
  Write(bounded, 0);
  EXPECT_FALSE(std::filesystem::exists(last_to_go));
  EXPECT_THAT(Verify().findings, IsEmpty());
}

TEST_F(AuditTrailTest, HalfALineOfACrashIsCutOffAndSaidSo) {
  Write(options(), 3);
  std::ofstream(AuditFiles(directory()).front(), std::ios::app) << "{\"seq\":4,\"time\":\"20";
  EXPECT_TRUE(Verify().torn_end);
  Write(options(), 1);
  const AuditReport report = Verify();
  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_FALSE(report.torn_end);
  EXPECT_EQ(report.lines, 5u);
  EXPECT_THAT(Lines(AuditFiles(directory()).front())[3], HasSubstr(kAuditCut));
}

TEST_F(AuditTrailTest, LinesLongerThanWhatIsReadAtOnceAreContinuedWholeAndTorn) {
  constexpr size_t kLong = 700'000;
  {
    const auto trail = AuditTrail::Open(options(8 << 20));
    ASSERT_TRUE(trail.ok()) << trail.status();
    ASSERT_TRUE((*trail)->Append(EventOf("needs/n-1")).ok());
    ASSERT_TRUE((*trail)->Append(EventOf(std::string(kLong, 'x'))).ok());
  }
  Write(options(8 << 20), 1);
  EXPECT_EQ(Verify().lines, 3u);
  std::ofstream(AuditFiles(directory()).front(), std::ios::app) << "{\"seq\":4," << std::string(kLong, 'y');
  Write(options(8 << 20), 1);
  const AuditReport report = Verify();
  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_EQ(report.lines, 5u) << "three, that something was cut off, and the new one";
}

// The server starts again after somebody cut the end: it must not hide that.
TEST_F(AuditTrailTest, ARemovedEndIsStillFoundAfterTheNextStart) {
  Write(options(), 5);
  Tamper([](std::vector<std::string>* lines) { lines->resize(2); });
  Write(options(), 5);
  EXPECT_THAT(Verify().findings, Not(IsEmpty()));
}

TEST_F(AuditTrailTest, AChangedLastLineIsStillFoundAfterTheNextStart) {
  Write(options(), 5);
  Tamper([](std::vector<std::string>* lines) {
    lines->back().replace(lines->back().find("portal"), 6, "others");
  });
  Write(options(), 5);
  EXPECT_THAT(Verify(/*key=*/"").findings, Not(IsEmpty()));
}

TEST_F(AuditTrailTest, AFolderThatCannotBeWrittenIsAnErrorAtTheStart) {
  std::ofstream(folder_.path() / "audit") << "a file";
  EXPECT_FALSE(AuditTrail::Open(options()).ok());
}

TEST_F(AuditTrailTest, AfterAnErrorItIsNotReadyUntilLinesCanBeWrittenAgain) {
  const auto trail = AuditTrail::Open(options(/*file_bytes_max=*/10));
  ASSERT_TRUE(trail.ok()) << trail.status();
  const absl::Time now = absl::FromUnixSeconds(1'760'000'000);
  ASSERT_TRUE((*trail)->Append(EventOf("needs/n-1")).ok());
  EXPECT_TRUE((*trail)->Ready(now).ok());
  const std::filesystem::path aside = folder_.path() / "aside";
  std::filesystem::rename(directory(), aside);  // The next file cannot be made.
  EXPECT_FALSE((*trail)->Append(EventOf("needs/n-2")).ok());
  EXPECT_FALSE((*trail)->Ready(now).ok());
  EXPECT_GE((*trail)->errors(), 1u);
  std::filesystem::rename(aside, directory());
  EXPECT_TRUE((*trail)->Ready(now).ok());
  ASSERT_TRUE((*trail)->Append(EventOf("needs/n-3")).ok());
  EXPECT_THAT(Verify().findings, IsEmpty());
}

// HEAD is part of a sync, and no file can take the place of a folder.
TEST_F(AuditTrailTest, ALineThatCannotBeSyncedIsAnErrorUntilItIs) {
  const auto trail = AuditTrail::Open(options());
  ASSERT_TRUE(trail.ok()) << trail.status();
  const absl::Time now = absl::FromUnixSeconds(1'760'000'000);
  ASSERT_TRUE((*trail)->Append(EventOf("needs/n-1")).ok());
  const std::filesystem::path head = directory() / kAuditHeadName;
  std::filesystem::remove(head);
  std::filesystem::create_directories(head / "in the way");
  EXPECT_FALSE((*trail)->Append(EventOf("needs/n-2")).ok());
  EXPECT_EQ((*trail)->errors(), 1u);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE((*trail)->Ready(now).ok());
  EXPECT_EQ((*trail)->errors(), 4u);
  EXPECT_THAT(Lines(AuditFiles(directory()).front()), SizeIs(2)) << "what was refused has no line";
  std::filesystem::remove_all(head);
  EXPECT_TRUE((*trail)->Ready(now).ok());
  ASSERT_TRUE((*trail)->Append(EventOf("needs/n-3")).ok());
  EXPECT_EQ((*trail)->errors(), 4u);
  const AuditReport report = Verify();
  EXPECT_THAT(report.findings, IsEmpty());
  EXPECT_EQ(report.lines, 4u) << "the three and that lines can be written again";
}

TEST_F(AuditTrailTest, AChangedEndOfTheLastLineIsFound) {
  Write(options(), 3);
  const auto flip_last = [](const std::filesystem::path& file) {
    const auto end = static_cast<std::streamoff>(std::filesystem::file_size(file)) - 1;
    std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(end).put('\x0b');
  };
  flip_last(AuditFile(directory(), 1));
  EXPECT_THAT(Verify().findings, Contains(HasSubstr("行尾被改动")));
  flip_last(directory() / kAuditHeadName);
  EXPECT_FALSE(VerifyAudit(directory(), kKey, false).ok());
}

TEST_F(AuditTrailTest, WithoutALogThereIsNothingToVerify) {
  EXPECT_TRUE(absl::IsNotFound(VerifyAudit(directory(), "", false).status()));
}

}  // namespace
}  // namespace dongxi
