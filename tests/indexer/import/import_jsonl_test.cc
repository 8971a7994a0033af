#include <gmock/gmock.h>

#include <chrono>

#include "indexer/import/header_row.h"
#include "tests/indexer/import/import_testing.h"

namespace dongxi {
namespace {

using testing::HasSubstr;

TEST(ImportJsonLinesTest, RecordsOfEveryKindInTheirOwnKeys) {
  const TestFolder folder;
  const Imported in = Import({
      folder.Write(
          "institutions-a.jsonl",
          R"({"id":"i-1","name":"甲院","type":"research_institute","region":"32","fields":["锂"],"statement":"能做","aliases":["甲"],"illustrative":true,"source":"示例"})"),
      folder.Write(
          "experts-a.jsonl",
          R"({"id":"x-1","name":"示例专家","institution":"i-1","availability":["柔性引进"],"open_matches_max":3,"statement":"熟悉"})"),
      folder.Write(
          "results-a.jsonl",
          R"({"id":"r-1","title":"工艺","type":"technology","abstract":"摘要","owners":["institutions/i-1","experts/x-1"],"maturity":7,"modes":["许可"],"conditions":["干旱"],"year":2024})"),
      folder.Write(
          "needs-a.jsonl",
          R"({"id":"n-1","title":"需求","institution":"i-2","region":"6523","description":"现状","wanted":"想要","budget_wan":600.5,"deadline":"2027-10-31","_note":"x"})"),
      folder.Write("evidence.jsonl",
                   R"({"id":"e-1","title":"论文","type":"publication","owners":["x/1","i-1"]})"),
  });
  ASSERT_EQ(in.records.size(), 4u);
  EXPECT_EQ(in.records[0].title, "甲院");
  EXPECT_EQ(in.records[0].text, "能做");
  EXPECT_TRUE(in.records[0].illustrative);
  EXPECT_EQ(in.records[1].open_matches_max, 3);
  EXPECT_EQ(in.records[2].owners.size(), 2u);
  EXPECT_EQ(in.records[3].budget_wan, 600.5);
  EXPECT_EQ(in.records[3].wanted, "想要");
  EXPECT_EQ(OnlyProblem(in.report), "x/1");
  EXPECT_THAT(in.report.notices.at(0), HasSubstr("示例数据"));
}

TEST(ImportJsonLinesTest, UnknownKeyIsReportedOnceAndRefusesTheFile) {
  const TestFolder folder;
  const auto file =
      folder.Write("needs.jsonl",
                   "{\"id\":\"n-1\",\"title\":\"a\",\"wanted\":\"b\"}\n"
                   "{\"id\":\"n-2\",\"title\":\"a\",\"wanted\":\"b\",\"budgets\":1}\n"
                   "{\"id\":\"n-3\",\"title\":\"a\",\"wanted\":\"b\",\"budgets\":2,\"email\":\"x\"}\n");
  const Imported in = Import({file});
  EXPECT_TRUE(in.records.empty());
  EXPECT_THAT(OnlyProblem(in.report), HasSubstr("budgets"));
  EXPECT_THAT(in.report.problems[0].expected, HasSubstr("budget"));
  ImportOptions options;
  options.ignore_unknown_columns = true;
  EXPECT_EQ(Import({file}, options).records.size(), 3u);
}

TEST(ImportJsonLinesTest, KindKeyBeatsTheFileName) {
  const TestFolder folder;
  const Imported in =
      Import({folder.Write("needs.jsonl", R"({"kind":"result","id":"r-1","title":"a","abstract":"b"})")});
  ASSERT_EQ(in.records.size(), 1u);
  EXPECT_EQ(in.records[0].kind, RecordKind::kResult);
}

TEST(ImportJsonLinesTest, BrokenLinesAreReportedWithTheirNumber) {
  const TestFolder folder;
  const Imported in = Import(
      {folder.Write("needs.jsonl", "{\"id\":\"n-1\",\n{\"id\":\"n-2\",\"title\":\"a\",\"wanted\":\"b\"}\n")});
  EXPECT_EQ(in.records.size(), 1u);
  OnlyProblem(in.report);
  EXPECT_EQ(in.report.problems[0].row, 1u);
}

TEST(ImportJsonLinesTest, WithoutAKindEveryRowIsRefused) {
  const TestFolder folder;
  EXPECT_THAT(OnlyProblem(Import({folder.Write("a.jsonl", R"({"id":"n-1","title":"a"})")}).report),
              HasSubstr("哪一类"));
}

TEST(ImportJsonLinesTest, TwoKeysOfOneFieldInARowAreAProblem) {
  const TestFolder folder;
  const Imported in =
      Import({folder.Write("needs.jsonl",
                           "{\"id\":\"n-1\",\"title\":\"a\",\"name\":\"b\",\"wanted\":\"c\"}\n"
                           "{\"id\":\"n-2\",\"name\":\"b\",\"wanted\":\"c\"}\n")});
  EXPECT_EQ(in.records.size(), 1u);
  EXPECT_THAT(OnlyProblem(in.report), HasSubstr("含义相同"));
}

TEST(ImportJsonLinesTest, SampleCatalogueIsImportedWithoutAProblem) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("data/sample", error)) {
    const std::string name = entry.path().filename().string();
    const bool is_records = entry.path().extension() == ".jsonl" && !name.starts_with("labels");
    if (is_records && KindOfName(entry.path().stem().string())) files.push_back(entry.path());
  }
  if (files.empty()) GTEST_SKIP() << "no sample catalogue yet";
  for (const auto& file : files) {
    const Imported in = Import({file});
    for (const RowProblem& problem : in.report.problems) {
      // The fake vocabulary of this test knows few modes and regions.
      const bool is_vocabulary = problem.column == "modes" || problem.column == "availability";
      EXPECT_TRUE(is_vocabulary) << file << " " << problem.row << " " << problem.column << " "
                                 << problem.found;
    }
  }
}

// Question: how many records of 1 KB does one core parse and check a second? Only a floor is tested: debug
// builds and sanitizers are slow.
TEST(ImportJsonLinesTest, TwentyThousandRecordsTakeSeconds) {
  const TestFolder folder;
  std::string lines, text;
  while (text.size() < 800) text += "盐湖老卤镁锂比高，现有吸附剂溶损大。";
  constexpr int kRecords = 20'000;
  for (int i = 0; i < kRecords; ++i) {
    lines +=
        "{\"id\":\"n-" + std::to_string(i) + "\",\"title\":\"老卤提锂 " + std::to_string(i) +
        "\",\"region\":\"6328\",\"description\":\"" + text +
        "\",\"conditions\":[\"高海拔\",\"干旱\"],\"modes\":[\"联合攻关\"],\"deadline\":\"2027-10-31\"}\n";
  }
  const auto file = folder.Write("needs.jsonl", lines);
  const auto begin = std::chrono::steady_clock::now();
  const Imported in = Import({file});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  EXPECT_TRUE(in.report.clean());
  EXPECT_EQ(in.records.size(), static_cast<size_t>(kRecords));
  RecordProperty("records_a_second", std::to_string(kRecords / seconds.count()));
  std::cout << kRecords / seconds.count() << " records a second\n";
  EXPECT_LT(seconds.count(), 60);
}

}  // namespace
}  // namespace dongxi
