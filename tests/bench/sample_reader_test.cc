#include <fstream>

#include "bench/json_lines.h"
#include "bench/sample.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

class NoVocabulary : public ImportVocabulary {
 public:
  std::string RegionCode(std::string_view) const override { return ""; }
  std::string ModeCode(std::string_view) const override { return ""; }
};

class SampleReaderTest : public testing::Test {
 protected:
  SampleReaderTest()
      : folder_(
            std::filesystem::path(testing::TempDir()) /
            (std::string("sample_reader_") + testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    Write("institutions.jsonl", R"({"id":"i-1","name":"某大学","region":"11","statement":"盐湖。"})");
    Write("experts.jsonl", "");
    Write("results.jsonl", R"({"id":"r-1","title":"成果","abstract":"摘要","owners":["institutions/i-1"]})");
    Write("needs.jsonl",
          R"({"id":"n-1","title":"需求","description":"现状","wanted":"想要","budget_wan":50})");
    Write("labels.jsonl", R"({"need":"n-1","task":"none","adequate":false})");
  }
  void Write(const char* file, const char* text) const { std::ofstream(folder_ / file) << text << "\n"; }
  std::string Error() const { return std::string(ReadSample(folder_, vocabulary_).status().message()); }

  const std::filesystem::path folder_;
  const NoVocabulary vocabulary_;
};

TEST_F(SampleReaderTest, ReadsEveryKindAndTheLabels) {
  const auto sample = ReadSample(folder_, vocabulary_);
  ASSERT_TRUE(sample.ok()) << sample.status();
  EXPECT_EQ(sample->records.at(RecordKind::kInstitution).at(0).text, "盐湖。");
  EXPECT_EQ(sample->records.at(RecordKind::kNeed).at(0).wanted, "想要");
  EXPECT_EQ(sample->records.at(RecordKind::kResult).at(0).owners.at(0).id, "i-1");
  EXPECT_TRUE(sample->records.at(RecordKind::kEvidence).empty());
  ASSERT_EQ(sample->labels.size(), 1u);
  EXPECT_EQ(sample->labels[0].task, "");
  EXPECT_FALSE(sample->labels[0].adequate);
}

TEST_F(SampleReaderTest, ErrorsNameFileAndLine) {
  Write("results.jsonl", R"({"id":"r-1","title":"成果","colour":"red"})");
  EXPECT_THAT(Error(), testing::AllOf(testing::HasSubstr("results.jsonl:1"), testing::HasSubstr("colour")));
  Write("results.jsonl", "\n{");
  EXPECT_THAT(Error(), testing::HasSubstr("results.jsonl:2"));
}

TEST_F(SampleReaderTest, LabelsAreCompleteAndOneANeed) {
  Write("labels.jsonl", R"({"need":"n-1","adequate":true})");
  EXPECT_THAT(Error(), testing::HasSubstr("labels.jsonl:1"));
  Write("labels.jsonl",
        "{\"need\":\"n-1\",\"task\":\"1.1\",\"adequate\":true}\n{\"need\":\"n-1\",\"task\":\"1.1\","
        "\"adequate\":true}");
  EXPECT_THAT(Error(), testing::HasSubstr("two labels"));
}

TEST(ReadQueriesTest, NeedsAnIdAndAText) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "bench_queries.jsonl";
  const auto error_of = [&](const char* text) {
    std::ofstream(file) << text;
    return std::string(ReadQueries(file).status().message());
  };
  EXPECT_THAT(error_of(R"({"title":"a"})"), testing::HasSubstr("without \"id\""));
  EXPECT_THAT(error_of(R"({"id":"q"})"), testing::HasSubstr("neither"));
  EXPECT_THAT(error_of("{\"id\":\"q\",\"title\":\"a\"}\n{\"id\":\"q\",\"title\":\"b\"}"),
              testing::HasSubstr("twice"));
  EXPECT_THAT(error_of(""), testing::HasSubstr("no query"));
  std::ofstream(file) << R"({"id":"q","title":"a","text":"b","tokens":["c"]})";
  const auto queries = ReadQueries(file);
  ASSERT_TRUE(queries.ok()) << queries.status();
  EXPECT_EQ(queries->at(0).text, "b");
}

}  // namespace
}  // namespace dongxi::bench
