#include "bench/papers.h"

#include <algorithm>
#include <fstream>
#include <set>

#include "bench/json_lines.h"
#include "engine/base/files.h"
#include "engine/record/record.h"
#include "engine/text/normalize.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

using ::testing::ElementsAre;

constexpr char kInstitutions[] =
    R"({"id":"I1","name":"某大学","aliases":["某大"],"kind":"university","province_adcode":"11"}
{"id":"I2","name":"某研究所","aliases":[],"kind":"institute","province_adcode":"65"}
{"id":"I3","name":"某研究生院","aliases":[],"kind":"graduate school","province_adcode":"11"}
{"id":"I4","name":"没有论文的大学","aliases":[],"kind":"university","province_adcode":"44"}
)";
constexpr char kRecords[] =
    R"({"id":"P1","title":"盐湖提锂","abstract":"第一句10%。第二句2.5倍。第三句。","keywords":["锂"],"institution_ids":["I3","I2","I1"],"authors":["甲","乙"],"year":2020}
{"id":"P2","title":"枸杞","abstract":"一句话。","keywords":[],"institution_ids":["I2"],"authors":["甲","姓 名"],"year":2021}
{"id":"P3","title":"无主","abstract":"一句话。","keywords":[],"institution_ids":["I3"],"authors":["丙"],"year":2021}
)";

class PapersTest : public testing::Test {
 protected:
  PapersTest() : folder_(std::filesystem::path(testing::TempDir()) / Name()) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    Write("institutions.jsonl", kInstitutions);
    Write("records.jsonl", kRecords);
  }
  static std::string Name() {
    return std::string("papers_test_") + testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  void Write(const char* file, const char* text) const { std::ofstream(folder_ / file) << text; }
  PaperCorpus Corpus() const {
    absl::StatusOr<PaperCorpus> corpus = PaperCorpus::Read(folder_);
    EXPECT_TRUE(corpus.ok()) << corpus.status();
    return *std::move(corpus);
  }
  std::string Bytes(const std::filesystem::path& file) const { return *ReadFile(file, 1 << 20); }

  const std::filesystem::path folder_;
};

TEST_F(PapersTest, PapersVoteForTheirInstitutionsAndAuthors) {
  const PaperCorpus corpus = Corpus();
  ASSERT_EQ(corpus.papers(), 2u);
  EXPECT_EQ(corpus.left_out(), 1u);
  const nlohmann::ordered_json paper = corpus.Evidence(0);
  EXPECT_EQ(paper["type"], "publication");
  EXPECT_EQ(paper["year"], 2020);
  EXPECT_THAT(paper["owners"].get<std::vector<std::string>>(),
              ElementsAre("institutions/I2", "institutions/I1", "experts/x-I2-甲", "experts/x-I2-乙"));
}

TEST_F(PapersTest, KeepsOwningInstitutionsOnlyAndNoGraduateSchool) {
  const PaperCorpus corpus = Corpus();
  std::vector<std::string> ids, types;
  for (const auto& row : corpus.institutions()) {
    ids.push_back(row["id"]);
    types.push_back(row["type"]);
  }
  EXPECT_THAT(ids, ElementsAre("I1", "I2"));
  EXPECT_THAT(types, ElementsAre("university", "research_institute"));
}

TEST_F(PapersTest, AnAuthorIsOneExpertAnInstitutionAndNamesThatAreNoIdsAreLeftOut) {
  const PaperCorpus corpus = Corpus();
  std::vector<std::string> ids;
  for (const auto& row : corpus.experts()) ids.push_back(row["id"]);
  EXPECT_THAT(ids, ElementsAre("x-I2-甲", "x-I2-乙"));
}

TEST_F(PapersTest, LaterEvidenceIsEditedCopiesWithIdsOfTheirOwn) {
  const PaperCorpus corpus = Corpus();
  std::set<std::string> ids;
  for (size_t i = 0; i < 20; ++i) {
    const nlohmann::ordered_json row = corpus.Evidence(i);
    const std::string id = row["id"];
    EXPECT_TRUE(IsValidRecordId(id)) << id;
    EXPECT_TRUE(ids.insert(id).second) << id;
    EXPECT_EQ(row["owners"], corpus.Evidence(i % 2)["owners"]);
  }
  EXPECT_NE(corpus.Evidence(2)["abstract"], corpus.Evidence(0)["abstract"]);
}

TEST_F(PapersTest, SameInputSameBytes) {
  for (const char* out : {"a", "b"}) ASSERT_TRUE(WritePapers(Corpus(), 9, folder_ / out).ok());
  for (const char* file : {"institutions.jsonl", "experts.jsonl", "evidence.jsonl"}) {
    EXPECT_EQ(Bytes(folder_ / "a" / file), Bytes(folder_ / "b" / file)) << file;
  }
  const std::string evidence = Bytes(folder_ / "a" / "evidence.jsonl");
  EXPECT_EQ(std::count(evidence.begin(), evidence.end(), '\n'), 9);
}

TEST_F(PapersTest, SizeCutsAsWellAsRepeats) {
  ASSERT_TRUE(WritePapers(Corpus(), 1, folder_ / "one").ok());
  const std::string evidence = Bytes(folder_ / "one" / "evidence.jsonl");
  EXPECT_EQ(std::count(evidence.begin(), evidence.end(), '\n'), 1);
}

TEST_F(PapersTest, OnlyOwnersOfTheRowsWrittenAreWritten) {
  PaperCorpus corpus = Corpus();
  corpus.HoldOutEvery(2);  // leaves P1, with both institutions
  EXPECT_EQ(WritePapers(corpus, 5, folder_ / "kept")->institutions, 2u);
  corpus = Corpus();
  Write(
      "records.jsonl",
      R"({"id":"P2","title":"枸杞","abstract":"一句话。","institution_ids":["I2"],"authors":["甲"],"year":2021}
{"id":"P4","title":"棉花","abstract":"一句话。","institution_ids":["I1"],"authors":["丁"],"year":2021}
)");
  const auto converted = WritePapers(Corpus(), 1, folder_ / "cut");
  ASSERT_TRUE(converted.ok()) << converted.status();
  EXPECT_EQ(converted->institutions, 1u);
  EXPECT_EQ(converted->experts, 1u);
}

TEST_F(PapersTest, HeldOutPapersAreNotInTheCorpus) {
  PaperCorpus corpus = Corpus();
  const auto held_out = corpus.HoldOutEvery(2);
  ASSERT_EQ(held_out.size(), 1u);
  EXPECT_EQ(held_out[0]["id"], "P2");
  EXPECT_EQ(corpus.papers(), 1u);
  EXPECT_EQ(corpus.Evidence(0)["id"], "P1");
}

TEST_F(PapersTest, ResultsAreTitlesWithoutOwners) {
  Write("source.jsonl", R"({"id":"R1","title":"高温压电陶瓷","tokens":["高温"]})");
  const auto count = WriteResults(folder_ / "source.jsonl", folder_);
  ASSERT_TRUE(count.ok()) << count.status();
  EXPECT_EQ(*count, 1u);
  const nlohmann::json row = nlohmann::json::parse(Bytes(folder_ / "results.jsonl"));
  EXPECT_EQ(row["title"], "高温压电陶瓷");
  EXPECT_FALSE(row.contains("owners"));
}

TEST_F(PapersTest, ResultsKeepAnAbstractWhereThereIsOne) {
  Write("source.jsonl", R"({"id":"R1","title":"高温压电陶瓷","abstract":"提\ufffd锂。"})");
  ASSERT_TRUE(WriteResults(folder_ / "source.jsonl", folder_).ok());
  EXPECT_EQ(nlohmann::json::parse(Bytes(folder_ / "results.jsonl"))["abstract"], "提锂。");
}

TEST_F(PapersTest, ReplacementCharactersOfTheSourceAreLeftOut) {
  Write(
      "records.jsonl",
      R"({"id":"P1","title":"盐\ufffd湖","abstract":"提\ufffd锂。","keywords":["\ufffd"],"institution_ids":["I1"],"year":2020})");
  const PaperCorpus corpus = Corpus();
  EXPECT_EQ(corpus.Evidence(0)["title"], "盐湖");
  EXPECT_EQ(corpus.Evidence(0)["abstract"], "提锂。");
  EXPECT_TRUE(corpus.Evidence(0)["keywords"].empty());
}

TEST_F(PapersTest, AMissingFileIsNamed) {
  std::filesystem::remove(folder_ / "records.jsonl");
  EXPECT_THAT(std::string(PaperCorpus::Read(folder_).status().message()),
              testing::HasSubstr("records.jsonl"));
}

TEST(EditedCopyTest, KeepsEverySentenceAndTheLengthOfNumbers) {
  const std::string text = "甲100。乙；丙2.5";
  std::set<std::string> copies;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const std::string copy = EditedCopy(text, seed);
    EXPECT_EQ(copy, EditedCopy(text, seed));
    copies.insert(copy);
    std::u32string sorted = DecodeUtf8(copy), original = DecodeUtf8(text);
    for (std::u32string* characters : {&sorted, &original}) {
      for (char32_t& c : *characters) c = c >= U'0' && c <= U'9' ? U'0' : c;
      std::sort(characters->begin(), characters->end());
    }
    EXPECT_EQ(sorted, original);
  }
  EXPECT_GT(copies.size(), 20u);
}

TEST(EditedCopyTest, TextWithoutSentencesOrNumbersStays) {
  EXPECT_EQ(EditedCopy("", 1), "");
  EXPECT_EQ(EditedCopy("盐湖", 1), "盐湖");
}

}  // namespace
}  // namespace dongxi::bench
