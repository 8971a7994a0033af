// What the loader accepts, and how it names what it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "engine/base/files.h"
#include "engine/policy/policy.h"
#include "engine/policy/tables.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

constexpr std::string_view kFixture = "tests/engine/policy/fixtures/format-1";
constexpr std::string_view kProduct = "data/policy";

std::vector<PolicyFile> FilesOf(std::string_view directory) {
  std::vector<PolicyFile> files;
  for (std::string_view name : PolicyFileNames()) {
    auto content = ReadFile(std::filesystem::path(directory) / name, kPolicyFileBytesMax);
    EXPECT_TRUE(content.ok()) << content.status();
    files.push_back({std::string(name), content.ok() ? *content : ""});
  }
  return files;
}

std::string& ContentOf(std::vector<PolicyFile>& files, std::string_view name) {
  for (PolicyFile& file : files) {
    if (file.name == name) return file.content;
  }
  ADD_FAILURE() << "no file " << name;
  return files.front().content;
}

TEST(PolicyLoaderTest, OpensTheProductTables) {
  const auto policy = LoadPolicy(std::string(kProduct));
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ((*policy)->channels().size(), 8u);
  EXPECT_EQ((*policy)->tasks().size(), 20u);
  EXPECT_THAT((*policy)->version(), MatchesRegex("14-5-2022\\+[0-9a-f]+"));
  EXPECT_EQ((*policy)->version().size(), std::string_view("14-5-2022+00000000").size());
}

TEST(PolicyLoaderTest, OpensTheFixtureOfFormat1) {
  const auto policy = LoadPolicy(std::string(kFixture));
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_THAT((*policy)->version(), HasSubstr("fixture+"));
  EXPECT_EQ((*policy)->pairings().size(), 5u);  // two rows of 天津, two members of the group, one park
}

TEST(PolicyLoaderTest, EveryByteOfEveryFileIsInTheVersion) {
  const std::vector<PolicyFile> files = FilesOf(kFixture);
  const std::string version = (*PolicyFromFiles(files))->version();
  EXPECT_EQ((*PolicyFromFiles(files))->version(), version);
  for (size_t i = 0; i < files.size(); ++i) {
    SCOPED_TRACE(files[i].name);
    std::vector<PolicyFile> changed = files;
    changed[i].content += "# remark\n";
    const auto policy = PolicyFromFiles(changed);
    ASSERT_TRUE(policy.ok()) << policy.status();
    EXPECT_NE((*policy)->version(), version);
  }
}

TEST(PolicyLoaderTest, ByteOrderMarkAndCarriageReturnsOfASpreadsheetAreDropped) {
  std::vector<PolicyFile> files = FilesOf(kFixture);
  ContentOf(files, "channels.tsv") =
      "\xEF\xBB\xBFid\tname\tregion\tvalid_from\tvalid_to\r\n\r\nqing\t科技援青\t63\t2021-01-01\t-\r\n";
  const auto policy = PolicyFromFiles(files);
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ((*policy)->channels().front().name, "科技援青");
}

TEST(PolicyLoaderTest, AMissingFileIsNamed) {
  const auto policy = LoadPolicy("tests/engine/policy/fixtures");
  EXPECT_EQ(policy.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(policy.status().message()), HasSubstr("meta.tsv"));
}

TEST(PolicyLoaderTest, ErrorsOfADirectoryNameItsPath) {
  const auto policy = LoadPolicy("tests/engine/policy/no-such-folder");
  EXPECT_THAT(std::string(policy.status().message()), HasSubstr("no-such-folder"));
}

// A row is appended to a file of the fixture; the message names its file and line.
struct BadRowCase {
  std::string_view name, file, row, message;
};
constexpr BadRowCase kBadRowCases[] = {
    {"TooFewColumns", "channels.tsv", "yun\t科技入滇\t63",
     "channels.tsv:3: number of columns is \"3\"; expected 5"},
    {"TooManyColumns", "modes.tsv", "a\tb\t2021-01-01\t-\tx",
     "modes.tsv:3: number of columns is \"5\"; expected 4"},
    {"EmptyCell", "modes.tsv", "a\t\t2021-01-01\t-", "modes.tsv:3: column words is \"\""},
    {"InvalidUtf8", "modes.tsv", "a\t\xFF\xFE\t2021-01-01\t-", "modes.tsv:3: encoding"},
    {"DayThatIsNone", "modes.tsv", "a\tb\t2021-02-30\t-", "modes.tsv:3: valid_from is \"2021-02-30\""},
    {"DayInAnotherForm", "modes.tsv", "a\tb\t2021/1/1\t-", "modes.tsv:3: valid_from is \"2021/1/1\""},
    {"OpenStart", "modes.tsv", "a\tb\t-\t-", "modes.tsv:3: valid_from is \"-\""},
    {"BadEnd", "modes.tsv", "a\tb\t2021-01-01\tnever", "modes.tsv:3: valid_to is \"never\""},
    {"EndBeforeStart", "modes.tsv", "a\tb\t2021-01-02\t2021-01-01",
     "modes.tsv:3: valid_to is \"2021-01-01\""},
    {"RegionCodeOfThreeDigits", "regions.tsv", "630\t甲\t-\t2021-01-01\t-", "regions.tsv:6: code is \"630\""},
    {"RepeatedRegionCode", "regions.tsv", "63\t甲\t-\t2021-01-01\t-",
     "regions.tsv:6: repeated word is \"63\""},
    {"WordOfTwoRegions", "regions.tsv", "46\t海南\t青海省\t2021-01-01\t-",
     "regions.tsv:6: repeated word is \"青海省\""},
    {"UnknownRegionOfAGroup", "groups.tsv", "东部\t99\t2021-01-01\t-", "groups.tsv:4: region is \"99\""},
    {"RepeatedMember", "groups.tsv", "东部\t37\t2021-01-01\t-",
     "groups.tsv:4: repeated member is \"东部 37\""},
    {"RepeatedChannel", "channels.tsv", "qing\t甲\t12\t2021-01-01\t-",
     "channels.tsv:3: repeated id is \"qing\""},
    {"TwoChannelsOfAProvince", "channels.tsv", "b\t甲\t63\t2021-01-01\t-",
     "channels.tsv:3: repeated region is \"63\""},
    {"ChannelOfACity", "channels.tsv", "b\t甲\t6301\t2021-01-01\t-", "channels.tsv:3: region is \"6301\""},
    {"RepeatedTask", "tasks.tsv", "3.2\tqing\t甲\t乙\t2021-01-01\t-", "tasks.tsv:3: repeated id is \"3.2\""},
    {"UnknownChannel", "tasks.tsv", "3.3\tdian\t甲\t乙\t2021-01-01\t-", "tasks.tsv:3: channel is \"dian\""},
    {"TaskCalledNone", "tasks.tsv", "none\tqing\t甲\t乙\t2021-01-01\t-", "tasks.tsv:3: id is \"none\""},
    {"UnknownTaskOfATopic", "topics.tsv", "9.9\t词\t1\t2021-01-01\t-", "topics.tsv:5: task is \"9.9\""},
    {"RepeatedTopic", "topics.tsv", "3.2\t盐湖\t1\t2021-01-01\t-",
     "topics.tsv:5: repeated term is \"3.2 盐湖\"; expected one row at a time; line 2"},
    {"WeightOfZero", "topics.tsv", "3.2\t词\t0\t2021-01-01\t-", "topics.tsv:5: weight is \"0\""},
    {"NegativeWeight", "topics.tsv", "3.2\t词\t-1\t2021-01-01\t-", "topics.tsv:5: weight is \"-1\""},
    {"WeightTooLarge", "topics.tsv", "3.2\t词\t5.1\t2021-01-01\t-", "topics.tsv:5: weight is \"5.1\""},
    {"WeightNotANumber", "topics.tsv", "3.2\t词\tnan\t2021-01-01\t-", "topics.tsv:5: weight is \"nan\""},
    {"WeightWithRemark", "topics.tsv", "3.2\t词\t1 高\t2021-01-01\t-", "topics.tsv:5: weight is \"1 高\""},
    {"UnknownTaskOfAPairing", "pairings.tsv", "9.9\t63\t12\t天津\t-\t-\tnamed\t引\t2021-01-01\t-",
     "pairings.tsv:6: task is \"9.9\""},
    {"UnknownStrength", "pairings.tsv", "3.2\t63\t37\t山东\t-\t-\tstrong\t引\t2021-01-01\t-",
     "pairings.tsv:6: strength is \"strong\""},
    {"UnknownEast", "pairings.tsv", "3.2\t63\t44\t广东\t-\t-\tnamed\t引\t2021-01-01\t-",
     "pairings.tsv:6: east is \"44\""},
    {"UnknownGroup", "pairings.tsv", "3.2\t63\tgroup:南部\t南部\t-\t-\tgroup\t引\t2021-01-01\t-",
     "pairings.tsv:6: east is \"南部\""},
    {"NoOtherEnd", "pairings.tsv", "3.2\t63\t-\t某\t-\t-\tnamed\t引\t2021-01-01\t-",
     "pairings.tsv:6: east is \"-\""},
    {"InstitutionWithoutMatch", "pairings.tsv", "3.2\t63\t-\t某院\t某院\t-\tnamed\t引\t2021-01-01\t-",
     "pairings.tsv:6: match is \"-\""},
    {"WestOutsideTheChannel", "pairings.tsv", "3.2\t12\t37\t山东\t-\t-\tnamed\t引\t2021-01-01\t-",
     "pairings.tsv:6: west is \"12\""},
    {"RepeatedPairing", "pairings.tsv", "3.2\t63\t12\t天津\t-\t-\tnamed\t引\t2025-12-31\t-",
     "pairings.tsv:6: repeated pairing is \"3.2 63 12 \""},
    {"RepeatedMode", "modes.tsv", "transfer\t出让\t2021-01-01\t-",
     "modes.tsv:3: repeated word is \"transfer\""},
    {"WordOfTwoModes", "modes.tsv", "b\t技术转让\t2021-01-01\t-",
     "modes.tsv:3: repeated word is \"技术转让\""},
    {"UnknownKey", "meta.tsv", "colour\tred", "meta.tsv:5: key is \"colour\""},
};

TEST(PolicyLoaderTest, ABadRowIsNamedByFileAndLine) {
  for (const BadRowCase& c : kBadRowCases) {
    SCOPED_TRACE(c.name);
    std::vector<PolicyFile> files = FilesOf(kFixture);
    ContentOf(files, c.file).append(c.row).append("\n");
    const auto policy = PolicyFromFiles(files);
    EXPECT_EQ(policy.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(policy.status().message()), HasSubstr(std::string(c.message)));
  }
}

TEST(PolicyLoaderTest, AnotherHeaderIsRefused) {
  std::vector<PolicyFile> files = FilesOf(kFixture);
  ContentOf(files, "modes.tsv") = "# remark\ncode\twords\tsince\tuntil\n";
  const auto policy = PolicyFromFiles(files);
  EXPECT_THAT(std::string(policy.status().message()),
              HasSubstr("modes.tsv:2: header is \"code words since until\""));
}

TEST(PolicyLoaderTest, AnotherFormatIsRefusedWithARemedy) {
  std::vector<PolicyFile> files = FilesOf(kFixture);
  ContentOf(files, "meta.tsv") = "key\tvalue\nformat\t2\nname\tx\n";
  const auto policy = PolicyFromFiles(files);
  EXPECT_EQ(policy.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(policy.status().message()), HasSubstr("format is \"2\", this program reads 1"));
}

TEST(PolicyLoaderTest, AnUnknownFileIsRefused) {
  PolicyTables tables;
  const absl::Status status = ParsePolicyFile("other.tsv", "", tables);
  EXPECT_THAT(std::string(status.message()), HasSubstr("other.tsv: not a file of the policy tables"));
}

// Whatever bytes come, the parser returns. Deleting, doubling and changing bytes of real files reaches most
// branches.
TEST(PolicyLoaderTest, DamagedFilesAreRefusedOrReadButNeverCrash) {
  constexpr unsigned kSeed = 20220322;
  std::mt19937 rng(kSeed);
  const std::vector<PolicyFile> files = FilesOf(kFixture);
  for (int round = 0; round < 2000; ++round) {
    SCOPED_TRACE(round);
    std::vector<PolicyFile> damaged = files;
    std::string& content = damaged[rng() % damaged.size()].content;
    for (int i = 0; i < 3; ++i) {
      const size_t at = rng() % content.size();
      switch (rng() % 3) {
        case 0:
          content[at] = static_cast<char>(rng());
          break;
        case 1:
          content.erase(at, 1 + rng() % 8);
          break;
        default:
          content.insert(at, content.substr(at / 2, 1 + rng() % 20));
          break;
      }
      if (content.empty()) content = "\t";
    }
    const auto policy = PolicyFromFiles(damaged);
    if (policy.ok()) (*policy)->Read("63", "", "盐湖", "提锂", absl::CivilDay(2026, 1, 1));
  }
}

}  // namespace
}  // namespace dongxi
