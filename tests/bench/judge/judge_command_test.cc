// Whole ways: pool, fill, import, qrels; engagements, split.
#include <functional>

#include "bench/command.h"
#include "bench/judge/grade_sheet.h"
#include "bench/judge/pool_sheet.h"
#include "bench/quality/qrels.h"
#include "gmock/gmock.h"
#include "indexer/import/zip_package.h"
#include "judge_testing.h"
#include "nlohmann/json.hpp"

namespace dongxi::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

int Bench(const std::vector<std::string>& words) {
  std::vector<const char*> argv = {"dongxi-bench"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  return RunBench(static_cast<int>(argv.size()), argv.data());
}

struct Files {
  explicit Files(const TestFolder& folder)
      : first(folder.Write(
            "secret-lexical.trec",
            "N1 Q0 R1 1 98.25 lexicaltag\nN1 Q0 R2 2 97.5 lexicaltag\nN2 Q0 R3 1 96.75 lexicaltag\n")),
        second(
            folder.Write("secret-neural.trec", "N1 Q0 R2 1 8.125 neuraltag\nN2 Q0 R1 1 7.125 neuraltag\n")),
        queries(folder.Write(
            "queries.jsonl",
            "{\"id\":\"N1\",\"title\":\"=需求一\",\"text\":\"甲\"}\n{\"id\":\"N2\",\"text\":\"乙\"}\n")),
        docs(folder.Write(
            "docs.jsonl",
            "{\"id\":\"R1\",\"title\":\"成果一\",\"text\":\"\"}\n{\"id\":\"R2\",\"name\":\"成果二\"}\n"
            "{\"id\":\"R3\",\"title\":\"成果三\",\"text\":\"丙\"}\n{\"id\":\"R4\",\"title\":\"x\"}\n")),
        key((folder / "key.json").string()) {}
  std::vector<std::string> Pool(const std::string& out) const {
    return {"judge", "pool",   "--run", first,   "--run", second,  "--queries",
            queries, "--docs", docs,    "--out", out,     "--key", key};
  }
  std::string first, second, queries, docs, key;
};

// The sheet as a judge sends it back: `grade` of every pair.
std::string Fill(const std::string& pool, const std::filesystem::path& file,
                 const std::function<std::string(const GradeRow&)>& grade) {
  const auto sheet = ReadGradeSheet(pool);
  EXPECT_TRUE(sheet.ok()) << sheet.status();
  std::vector<std::vector<std::string>> rows = {
      {"评判表"}, {"编号", "需求编号", "需求标题", "候选编号", "候选标题", "等级", "备注"}};
  for (const GradeRow& row : sheet->rows)
    rows.push_back({row.number.text, row.need.text, row.need_title, row.candidate.text, row.candidate_title,
                    grade(row), "备注"});
  return WriteXlsx(file, rows);
}

TEST(JudgeCommandTest, PoolFillImportQrels) {
  const TestFolder folder;
  const Files files(folder);
  const std::string pool = (folder / "pool.xlsx").string();
  ASSERT_EQ(Bench(files.Pool(pool)), kExitOk);
  EXPECT_EQ(Bench(files.Pool(pool)), kExitFailed) << "a sheet is not overwritten";
  const std::string a = Fill(pool, folder / "a.xlsx",
                             [](const GradeRow& row) { return row.candidate.text == "R1" ? "3" : "1"; });
  const std::string b = Fill(pool, folder / "b.xlsx", [](const GradeRow& row) {
    return row.candidate.text == "R2" ? "2" : row.need.text == "N1" ? "0" : "";
  });
  const std::string qrels = (folder / "qrels.txt").string(), csv = (folder / "talk.csv").string(),
                    json = (folder / "out.json").string();
  ASSERT_EQ(Bench({"judge", "import", "--judge", a, "--judge", b, "--key", files.key, "--qrels", qrels,
                   "--disagreements", csv, "--json", json}),
            kExitOk);
  EXPECT_EQ(ReadAll(qrels), "N1 0 R1 2\nN1 0 R2 2\nN2 0 R1 3\nN2 0 R3 1\n");
  EXPECT_TRUE(ReadQrels(qrels).ok());
  EXPECT_THAT(ReadAll(csv), HasSubstr("'=需求一"));
  const nlohmann::json report = nlohmann::json::parse(ReadAll(json));
  const std::string text = report.dump();
  EXPECT_THAT(text, HasSubstr("two_or_more_apart"));
  EXPECT_THAT(text, HasSubstr("raw agreement"));
  EXPECT_EQ(Bench({"judge", "import", "--judge", a, "--judge", b, "--key", files.key, "--qrels", qrels,
                   "--merge", "min"}),
            kExitOk);
  EXPECT_THAT(ReadAll(qrels), HasSubstr("N1 0 R1 0\n"));
  EXPECT_EQ(Bench({"judge", "import", "--judge", a, "--key", files.key, "--qrels", qrels}), kExitOk)
      << "one judge";
  EXPECT_EQ(Bench({"judge", "import", "--judge", b, "--key", files.key, "--qrels", qrels, "--complete"}),
            kExitFailed);
  EXPECT_EQ(Bench({"judge", "import", "--judge", a, "--judge", a, "--key", files.key, "--qrels", qrels}),
            kExitFailed);
}

TEST(JudgeCommandTest, TheSheetIsBlindAndReproducible) {
  const TestFolder folder;
  const Files files(folder);
  const std::string pool = (folder / "pool.xlsx").string(), again = (folder / "again.xlsx").string();
  ASSERT_EQ(Bench(files.Pool(pool)), kExitOk);
  std::vector<std::string> words = files.Pool(again);
  words.push_back("--overwrite");
  ASSERT_EQ(Bench(words), kExitOk);
  EXPECT_EQ(ReadAll(pool), ReadAll(again));
  const std::string bytes = ReadAll(pool);
  const auto package = ZipPackage::Open(bytes);
  ASSERT_TRUE(package.ok());
  for (const char* member : {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml",
                             "xl/workbook.xml", "docProps/core.xml", "docProps/app.xml"}) {
    const std::string text = *(*package)->Read(member, 1 << 20);
    for (const char* secret : {"secret", "lexicaltag", "neuraltag", "98.25", "97.5", "8.125", "rank"})
      EXPECT_THAT(text, Not(HasSubstr(secret))) << member;
  }
  EXPECT_THAT(ReadAll(files.key), HasSubstr("secret-neural.trec"));
}

TEST(JudgeCommandTest, CsvPoolAndOldJudgements) {
  const TestFolder folder;
  const Files files(folder);
  std::vector<std::string> words = files.Pool((folder / "pool.csv").string());
  words.insert(words.end(), {"--qrels", folder.Write("old.txt", "N1 0 R1 2\nN1 0 R2 0\n")});
  ASSERT_EQ(Bench(words), kExitOk);
  const std::string csv = ReadAll(folder / "pool.csv");
  EXPECT_THAT(csv, HasSubstr("N2,,乙,R3,成果三,丙,,"));
  EXPECT_THAT(csv, Not(HasSubstr("N1,")));
}

TEST(JudgeCommandTest, WhatIsWrongFails) {
  const TestFolder folder;
  const Files files(folder);
  EXPECT_EQ(Bench({"judge", "pool", "--help"}), kExitOk);
  EXPECT_EQ(Bench({"judge", "import", "--help"}), kExitOk);
  EXPECT_EQ(Bench({"split", "--help"}), kExitOk);
  EXPECT_EQ(Bench({"judge"}), kExitUsage);
  EXPECT_EQ(Bench({"judge", "import", "--judge", "a", "--key", "b", "--qrels", "c", "--merge", "median"}),
            kExitUsage);
  EXPECT_EQ(Bench(files.Pool((folder / "pool.pdf").string())), kExitFailed);
  std::vector<std::string> words = files.Pool((folder / "pool.xlsx").string());
  words[9] = folder.Write("few.jsonl", "{\"id\":\"R1\",\"title\":\"x\"}\n");
  EXPECT_EQ(Bench(words), kExitFailed) << "a run names a document that is not there";
  EXPECT_FALSE(std::filesystem::exists(folder / "pool.xlsx"));
}

TEST(SplitCommandTest, LeaksFailOrAreDropped) {
  const TestFolder folder;
  const std::string engagements = folder.Write(
      "eng.jsonl",
      "{\"need\":\"N1\",\"candidate\":\"C1\",\"step\":\"shown\",\"time\":\"2025-05-01\",\"reason\":\"\"}\n"
      "{\"need\":\"N1\",\"candidate\":\"C1\",\"step\":\"met\",\"time\":\"2026-05-01\"}\n"
      "{\"need\":\"N2\",\"candidate\":\"C2\",\"step\":\"signed\",\"time\":\"2026-05-01\"}\n");
  const std::string needs = folder.Write(
      "needs.jsonl",
      "{\"id\":\"N1\",\"title\":\"盐湖提锂\"}\n{\"id\":\"N2\",\"title\":\"牦牛\",\"text\":\"育种\"}\n");
  const std::string docs = folder.Write(
      "docs.jsonl", "{\"id\":\"C1\",\"year\":2020}\n{\"id\":\"C2\"}\n{\"id\":\"C3\",\"year\":2027}\n");
  const std::string out = (folder / "test").string(), json = (folder / "out.json").string();
  std::vector<std::string> words = {"split", "--engagements", engagements, "--before", "2026-01-01", "--out",
                                    out,     "--needs",       needs,       "--docs",   docs,         "--json",
                                    json};
  EXPECT_EQ(Bench(words), kExitFailed);
  EXPECT_FALSE(std::filesystem::exists(out));
  EXPECT_THAT(ReadAll(json), HasSubstr("eng.jsonl:2"));
  words.push_back("--allow-leaks");
  ASSERT_EQ(Bench(words), kExitOk);
  EXPECT_THAT(ReadAll(folder / "test/train.jsonl"), HasSubstr("2025-05-01"));
  EXPECT_EQ(ReadAll(folder / "test/qrels.txt"), "N2 0 C2 3\n");
  EXPECT_EQ(ReadAll(folder / "test/queries.jsonl"), "{\"id\":\"N2\",\"title\":\"牦牛\",\"text\":\"育种\"}\n");
  EXPECT_EQ(ReadAll(folder / "test/docs.jsonl"), "{\"id\":\"C1\",\"year\":2020}\n{\"id\":\"C2\"}\n");
  words[4] = "2026-13-01";
  EXPECT_EQ(Bench(words), kExitFailed);
}

}  // namespace
}  // namespace dongxi::bench
