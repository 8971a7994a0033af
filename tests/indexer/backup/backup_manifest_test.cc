#include "indexer/backup/backup_manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/crc32c.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;

BackupManifest Example() {
  BackupManifest manifest;
  manifest.create_time = absl::FromUnixSeconds(1'795'656'600);
  manifest.backup = BackupNameOf(1234, manifest.create_time);
  manifest.catalogue_sequence = 1234;
  manifest.generation = "g-1200-5a0c93f1";
  manifest.policy = "p";
  manifest.builder = "test";
  manifest.files["catalogue/000012.sst"] = {100, 0xDEADBEEF};
  manifest.files["generations/g-1200-5a0c93f1/offers/vectors.dxv"] = {7, 1};
  return manifest;
}

std::string Signed(const std::string& body) {
  char line[32];
  std::snprintf(line, sizeof(line), "DONGXI-BACKUP %08x\n", Crc32c(body));
  return line + body;
}

TEST(BackupManifestTest, NamesTellSequenceAndTimeInOrder) {
  EXPECT_EQ(BackupNameOf(1234, absl::FromUnixSeconds(1'795'656'600)), "b-1234-20261126T013000Z");
  EXPECT_TRUE(IsBackupName("b-0-20261126T013000Z"));
  for (const char* name :
       {"", "b-", "b-1", "b--20261126T013000Z", "b-x-20261126T013000Z", "b-1-20261126T01300Z",
        "g-1-20261126T013000Z", "b-1-20261126T013000Z/..", "b-1-20261126T0130-0Z"}) {
    EXPECT_FALSE(IsBackupName(name)) << name;
  }
}

TEST(BackupManifestTest, ComesBackAsItWas) {
  const BackupManifest manifest = Example();
  const std::string bytes = SerializeBackupManifest(manifest);
  const auto parsed = ParseBackupManifest(bytes, "here");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(SerializeBackupManifest(*parsed), bytes);
  EXPECT_EQ(parsed->bytes(), 107u);
  EXPECT_EQ(parsed->create_time, manifest.create_time);
}

TEST(BackupManifestTest, EveryFlippedByteIsFound) {
  const std::string bytes = SerializeBackupManifest(Example());
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(ParseBackupManifest(damaged, "here").ok()) << i;
    EXPECT_FALSE(ParseBackupManifest(bytes.substr(0, i), "here").ok()) << i;
  }
}

TEST(BackupManifestTest, RefusesNamesThatLeadOutAndOtherFormats) {
  const std::string good = SerializeBackupManifest(Example());
  const std::string body = good.substr(good.find('\n') + 1);
  for (const char* path :
       {"../x", "catalogue/../../x", "/etc/passwd", "a//b", ".hidden", "a/.b", "", "BACKUP", "a\\\\b"}) {
    std::string other = body;
    other.replace(other.find("catalogue/000012.sst"), sizeof("catalogue/000012.sst") - 1, path);
    const auto parsed = ParseBackupManifest(Signed(other), "here");
    EXPECT_TRUE(absl::IsDataLoss(parsed.status())) << path << " " << parsed.status();
  }
  std::string newer = body;
  newer.replace(newer.find("\"format_version\": 1"), sizeof("\"format_version\": 1") - 1,
                "\"format_version\": 2");
  const auto parsed = ParseBackupManifest(Signed(newer), "here");
  EXPECT_TRUE(absl::IsFailedPrecondition(parsed.status()));
  EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("backup format 2"));
}

}  // namespace
}  // namespace dongxi
