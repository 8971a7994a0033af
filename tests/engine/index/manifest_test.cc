#include "engine/index/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "engine/base/crc32c.h"

namespace dongxi {
namespace {

using testing::HasSubstr;

std::filesystem::path TempFolder(const std::string& name) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / ("manifest_test-" + name);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

Manifest Sample() {
  Manifest manifest;
  manifest.generation = "g-42-0badcafe";
  manifest.catalogue_sequence = 42;
  manifest.model = "lsa-256-12345678";
  manifest.embedder = "built-in";
  manifest.dim = 256;
  manifest.policy = "14-5+1";
  manifest.builder = "0.1.0";
  manifest.record_counts = {{"results", 3}};
  manifest.files = {{"offers/postings.dxp", {5, Crc32c("hello")}}};
  manifest.options = {{"graph_links", "16"}};
  return manifest;
}

std::string WithChecksum(const std::string& body) {
  char hex[9];
  std::snprintf(hex, sizeof(hex), "%08x", Crc32c(body));
  return "DONGXI-MANIFEST " + std::string(hex) + "\n" + body;
}

TEST(Crc32cTest, HasThePublishedCheckValues) {
  EXPECT_EQ(Crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(Crc32c("6789", Crc32c("12345")), Crc32c("123456789"));
}

TEST(ManifestTest, SurvivesARoundTrip) {
  const std::string bytes = SerializeManifest(Sample());
  const auto parsed = ParseManifest(bytes, "here");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(SerializeManifest(*parsed), bytes);
  EXPECT_EQ(parsed->files.at("offers/postings.dxp").crc32c, Crc32c("hello"));
}

TEST(ManifestTest, FindsEveryFlippedBitAndEveryCut) {
  const std::string good = SerializeManifest(Sample());
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    EXPECT_FALSE(ParseManifest(bad, "here").ok()) << "bit flipped at " << i;
    EXPECT_FALSE(ParseManifest(std::string_view(good).substr(0, i), "here").ok()) << "cut at " << i;
  }
}

struct WrongManifest {
  std::string_view name, body, message;
  absl::StatusCode code;
};
constexpr WrongManifest kWrong[] = {
    {"NotJson", "hello\n", "not a JSON object", absl::StatusCode::kDataLoss},
    {"OtherVersion", "{\"format_version\": 1}\n", "generation format 1, this program reads 2",
     absl::StatusCode::kFailedPrecondition},
    {"MissingMember", "{\"format_version\": 2}\n", "member \"generation\" must be a text",
     absl::StatusCode::kDataLoss},
    {"PathLeadsOut",
     "{\"format_version\": 2, \"generation\": \"g\", \"catalogue_sequence\": 1, \"model\": \"m\", "
     "\"embedder\": \"built-in\", \"dim\": 2,"
     "\"policy\": \"p\", \"builder\": \"b\", \"record_counts\": {}, \"options\": {},"
     "\"files\": {\"../../etc/passwd\": {\"bytes\": 1, \"crc32c\": \"00000000\"}}}\n",
     "leads out of the generation", absl::StatusCode::kDataLoss},
};
TEST(ManifestTest, SaysWhatIsWrong) {
  for (const WrongManifest& c : kWrong) {
    SCOPED_TRACE(c.name);
    const auto parsed = ParseManifest(WithChecksum(std::string(c.body)), "here");
    EXPECT_EQ(parsed.status().code(), c.code);
    EXPECT_THAT(std::string(parsed.status().message()), HasSubstr(std::string(c.message)));
    EXPECT_THAT(std::string(parsed.status().message()), HasSubstr("here"));
  }
}

TEST(VerifyFilesTest, NamesTheFileThatIsMissingShortOrDamaged) {
  const auto folder = TempFolder("verify");
  std::filesystem::create_directories(folder / "offers");
  const auto file = folder / "offers" / "postings.dxp";
  const Manifest manifest = Sample();
  EXPECT_THAT(std::string(VerifyFiles(folder, manifest).message()), HasSubstr("postings.dxp: missing"));
  std::ofstream(file) << "hell";
  EXPECT_THAT(std::string(VerifyFiles(folder, manifest).message()),
              HasSubstr("has 4 bytes, the manifest says 5"));
  std::ofstream(file) << "hallo";
  EXPECT_THAT(std::string(VerifyFiles(folder, manifest).message()), HasSubstr("checksum"));
  std::ofstream(file) << "hello";
  EXPECT_TRUE(VerifyFiles(folder, manifest).ok());
}

TEST(CurrentTest, IsReadBackAndRefusesWhatIsNoName) {
  const auto folder = TempFolder("current");
  EXPECT_EQ(ReadCurrent(folder).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(ReadCurrent(folder).status().message()), HasSubstr("dongxi-indexer build"));
  ASSERT_TRUE(WriteCurrent(folder, "g-1-aa").ok());
  EXPECT_EQ(*ReadCurrent(folder), "g-1-aa");
  EXPECT_FALSE(WriteCurrent(folder, "../up").ok());
  std::ofstream(folder / "CURRENT") << "../../up\n";
  EXPECT_EQ(ReadCurrent(folder).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace dongxi
