#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "engine/text/terms.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::shared_ptr<const Lexicon> Parse(std::string_view content) {
  auto lexicon = ParseLexicon("test.tsv", content);
  EXPECT_TRUE(lexicon.ok()) << lexicon.status();
  return *std::move(lexicon);
}

// "concept@begin-end" of each hit.
std::vector<std::string> Found(const Lexicon& lexicon, std::string_view text) {
  std::vector<std::string> found;
  for (const Lexicon::Hit& hit : lexicon.Find(NormalizeToUtf32(text))) {
    found.push_back(lexicon.name(hit.concept_id) + "@" + std::to_string(hit.begin) + "-" +
                    std::to_string(hit.end));
  }
  return found;
}

constexpr std::string_view kLexicon =
    "# comment\n"
    "电渗析\tED\tElectrodialysis\n"
    "\n"
    "盐湖\n"
    "盐湖提锂\tlithium extraction from brine\r\n"
    "提锂吸附剂\n"
    "磷酸铁锂\tLFP\tLiFePO4\n";

TEST(LexiconTest, RelationsAreResolvedAcrossLinesAndMatchNoText) {
  const auto lexicon = Parse("锂离子筛\tion sieve\t<盐湖提锂\t~吸附剂\n盐湖提锂\n锂吸附剂\t吸附剂\n");
  ASSERT_EQ(lexicon->size(), 3u);
  EXPECT_THAT(lexicon->broader(0), ElementsAre(1u));
  EXPECT_THAT(lexicon->related(0), ElementsAre(2u));
  EXPECT_THAT(lexicon->broader(1), IsEmpty());
  EXPECT_THAT(Found(*lexicon, "<盐湖提锂"), ElementsAre("盐湖提锂@1-5"));
}

TEST(LexiconTest, RelationsChangeTheChecksum) {
  EXPECT_NE(Parse("甲醇\n乙醇\t<甲醇\n")->crc32c(), Parse("甲醇\n乙醇\t~甲醇\n")->crc32c());
  EXPECT_NE(Parse("甲醇\n乙醇\t<甲醇\n")->crc32c(), Parse("甲醇\n乙醇\n")->crc32c());
}

TEST(LexiconTest, RelationWithoutTargetNamesThePlace) {
  const auto missing = ParseLexicon("a.tsv", "甲醇\n乙醇\t<丙醇\n");
  EXPECT_THAT(missing.status().message(), HasSubstr("a.tsv:2: relation to '丙醇'"));
  const auto itself = ParseLexicon("a.tsv", "甲醇\t木精\t~木精\n");
  EXPECT_THAT(itself.status().message(), HasSubstr("the concept itself"));
}

TEST(LexiconTest, FindsNamesInOrder) {
  const auto lexicon = Parse(kLexicon);
  ASSERT_EQ(lexicon->size(), 5u);
  struct Case {
    std::string_view name, text;
    std::vector<std::string> want;
  };
  const Case cases[] = {
      {"Nothing", "牦牛", {}},
      {"Empty", "", {}},
      {"Synonym", "用ED法", {"电渗析@1-3"}},
      {"FullWidthSynonym", "ＥＤ", {"电渗析@0-2"}},
      {"InsideALongerWordIsNone", "red medical ed2 2ed", {}},
      {"WordAtTheEnds", "ed，electrodialysis", {"电渗析@0-2", "电渗析@3-18"}},
      {"LongestWins", "盐湖提锂", {"盐湖提锂@0-4"}},
      {"ShorterWhereTheLongerFails", "盐湖提钾", {"盐湖@0-2"}},
      {"HitsDoNotOverlap", "盐湖提锂吸附剂", {"盐湖提锂@0-4"}},
      {"NameWithSpaces", "Lithium Extraction from Brine", {"盐湖提锂@0-29"}},
      {"Subscripts", "LiFePO₄电池", {"磷酸铁锂@0-7"}},
      {"Twice", "盐湖盐湖", {"盐湖@0-2", "盐湖@2-4"}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Found(*lexicon, c.text), c.want);
  }
}

TEST(LexiconTest, EmptyFindsNothing) {
  EXPECT_EQ(EmptyLexicon()->size(), 0u);
  EXPECT_THAT(Found(*EmptyLexicon(), "盐湖"), IsEmpty());
}

TEST(LexiconTest, ErrorsNameFileAndLine) {
  struct Case {
    std::string_view name, content, want;
  };
  constexpr Case kCases[] = {
      {"DuplicateInTwoConcepts", "电渗析\tED\n内皮\ted\n",
       "test.tsv:2: name 'ed' belongs to concept '电渗析'"},
      {"DuplicateFirstName", "电渗析\n\n电渗析\n", "test.tsv:3: name '电渗析'"},
      {"EmptyBetween", "电渗析\t\tED\n", "test.tsv:1: empty name"},
      {"EmptyAtTheEnd", "# x\n电渗析\t\n", "test.tsv:2: empty name"},
      {"OnlyInvisible", "\xE2\x80\x8B\n", "test.tsv:1: empty name"},
      {"InvalidUtf8", "电渗析\xFF\n", "test.tsv:1: not valid UTF-8"},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    const auto lexicon = ParseLexicon("test.tsv", c.content);
    EXPECT_EQ(lexicon.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(lexicon.status().message()), HasSubstr(std::string(c.want)));
  }
}

TEST(LexiconTest, RepeatedNameInOneConceptIsHarmless) {
  EXPECT_THAT(Found(*Parse("bim\tBIM\t建筑信息模型\tＢＩＭ\n"), "BIM"), ElementsAre("bim@0-3"));
}

TEST(LexiconTest, ChecksumFollowsTheNamesOnly) {
  EXPECT_EQ(Parse("# a\n电渗析\tED\n")->crc32c(), Parse("\xEF\xBB\xBF电渗析\ted\r\n\n")->crc32c());
  EXPECT_NE(Parse("电渗析\tED\n")->crc32c(), Parse("电渗析\nED\n")->crc32c());
  EXPECT_NE(Parse("电渗析\tED\n")->crc32c(), Parse("ED\t电渗析\n")->crc32c());
}

class LexiconFolderTest : public testing::Test {
 protected:
  LexiconFolderTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                ("dongxi_lexicon_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
  }
  ~LexiconFolderTest() override { std::filesystem::remove_all(folder_); }
  void Write(const std::string& name, std::string_view content) { std::ofstream(folder_ / name) << content; }

  std::filesystem::path folder_;
};

TEST_F(LexiconFolderTest, LoadsAllTablesInOrderOfName) {
  Write("b.tsv", "盐湖\n");
  Write("a.tsv", "电渗析\tED\n");
  Write("readme.txt", "not\ta\t\tlexicon");
  const auto lexicon = LoadLexicon(folder_.string());
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  ASSERT_EQ((*lexicon)->size(), 2u);
  EXPECT_EQ((*lexicon)->name(0), "电渗析");
}

TEST_F(LexiconFolderTest, DuplicateAcrossFilesIsAnError) {
  Write("a.tsv", "电渗析\tED\n");
  Write("b.tsv", "盐湖\n内皮\tED\n");
  const auto lexicon = LoadLexicon(folder_.string());
  EXPECT_THAT(std::string(lexicon.status().message()), HasSubstr("b.tsv:2: name 'ed'"));
}

TEST_F(LexiconFolderTest, NoTableIsNotFound) {
  EXPECT_EQ(LoadLexicon(folder_.string()).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(LoadLexicon((folder_ / "none").string()).status().code(), absl::StatusCode::kNotFound);
}

TEST(ShippedLexiconTest, LoadsAndFindsAbbreviations) {
  const auto lexicon = LoadLexicon("data/lexicon");
  ASSERT_TRUE(lexicon.ok()) << lexicon.status();
  EXPECT_GE((*lexicon)->size(), 3000u);
  EXPECT_THAT(Found(**lexicon, "用电渗析(ED)"), ElementsAre("电渗析@1-4", "电渗析@5-7"));
}

}  // namespace
}  // namespace dongxi
