#include <filesystem>
#include <fstream>
#include <sstream>

#include "bench/command.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace dongxi::bench {
namespace {

using testing::HasSubstr;

// A small collection in a folder of its own.
class ScoreCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
    Write("qrels.txt", "N1 0 R1 2\nN1 0 R2 0\nN2 0 R2 1\n");
    Write("a.trec", "N1 Q0 R2 1 9 base\nN1 Q0 R1 2 8 base\nN2 Q0 R3 1 5 base\n");
    Write("b.trec", "N1 Q0 R1 1 9 ours\nN2 Q0 R2 1 5 ours\nN7 Q0 R1 1 1 ours\n");
    Write("queries.jsonl",
          "{\"id\":\"N1\",\"title\":\"盐湖提锂\"}\n{\"id\":\"N2\",\"title\":\"牦牛育种\"}\n");
    Write("docs.jsonl",
          "{\"id\":\"R1\",\"title\":\"提锂吸附剂\",\"region\":\"31\"}\n"
          "{\"id\":\"R2\",\"title\":\"牦牛\",\"region\":\"63\"}\n{\"id\":\"R3\",\"title\":\"枸杞\"}\n");
  }

  std::string Path(const char* name) const { return (folder_ / name).string(); }
  void Write(const char* name, const std::string& content) const { std::ofstream(folder_ / name) << content; }

  // Runs "score" with these words; keeps what it printed.
  int Score(std::vector<std::string> words) {
    words.insert(words.begin(), {"dongxi-bench", "score"});
    std::vector<const char*> argv;
    for (const std::string& word : words) argv.push_back(word.c_str());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = RunBench(static_cast<int>(argv.size()), argv.data());
    out_ = testing::internal::GetCapturedStdout();
    error_ = testing::internal::GetCapturedStderr();
    return code;
  }

  std::filesystem::path folder_;
  std::string out_, error_;
};

TEST_F(ScoreCommandTest, ExplainsItselfWithAnExample) {
  EXPECT_EQ(Score({"--help"}), kExitOk);
  EXPECT_THAT(out_, HasSubstr("Example: dongxi-bench score --qrels"));
  EXPECT_EQ(Score({"--qrels", Path("qrels.txt")}), kExitUsage);
  EXPECT_EQ(Score({"--qrels", Path("qrels.txt"), "--run", Path("a.trec"), "--rel", "0"}), kExitUsage);
}

TEST_F(ScoreCommandTest, ComparesTwoRunsAndWritesJsonAndHtml) {
  EXPECT_EQ(Score({"--qrels", Path("qrels.txt"), "--run", Path("a.trec"), "--run", Path("b.trec"),
                   "--queries", Path("queries.jsonl"), "--docs", Path("docs.jsonl"), "--group", "region",
                   "--json", Path("out.json"), "--html", Path("out.html")}),
            kExitOk)
      << error_;
  EXPECT_THAT(out_, HasSubstr("ours against base"));
  EXPECT_THAT(out_, HasSubstr("b.trec: 1 queries are not in"));
  const auto json = nlohmann::json::parse(std::ifstream(Path("out.json")));
  EXPECT_EQ(json["systems"][0]["measures"]["MRR@10"]["mean"], 0.25);
  EXPECT_EQ(json["systems"][1]["measures"]["MRR@10"]["mean"], 1);
  EXPECT_EQ(json["systems"][0]["exposure"][1]["by"], "region");
  // In the pool N2 has one document, and it cannot stand in a wrong place.
  EXPECT_EQ(json["systems"][0]["worst"][0]["title"], "盐湖提锂");
  std::stringstream html;
  html << std::ifstream(Path("out.html")).rdbuf();
  EXPECT_THAT(html.str(), HasSubstr("匹配质量报告"));
}

TEST_F(ScoreCommandTest, RunsWithTheSameTagAreCalledByTheirFiles) {
  Write("c.trec", "N1 Q0 R1 1 9 base\n");
  EXPECT_EQ(Score({"--qrels", Path("qrels.txt"), "--run", Path("a.trec"), "--run", Path("c.trec")}), kExitOk);
  EXPECT_THAT(out_, HasSubstr("c.trec against a.trec"));
}

TEST_F(ScoreCommandTest, AnUnknownDocumentNamesItsLine) {
  Write("docs.jsonl", "{\"id\":\"R1\"}\n{\"id\":\"R2\"}\n");
  EXPECT_EQ(Score({"--qrels", Path("qrels.txt"), "--run", Path("a.trec"), "--docs", Path("docs.jsonl")}),
            kExitFailed);
  EXPECT_THAT(error_, HasSubstr("a.trec:3: document \"R3\""));
}

TEST_F(ScoreCommandTest, JudgementsOfAnUnknownQueryNameTheirLine) {
  Write("queries.jsonl", "{\"id\":\"N1\",\"title\":\"盐湖提锂\"}\n");
  EXPECT_EQ(
      Score({"--qrels", Path("qrels.txt"), "--run", Path("a.trec"), "--queries", Path("queries.jsonl")}),
      kExitFailed);
  EXPECT_THAT(error_, HasSubstr("qrels.txt:3: query \"N2\""));
}

TEST_F(ScoreCommandTest, NothingToScoreSaysWhy) {
  EXPECT_EQ(Score({"--qrels", Path("qrels.txt"), "--run", Path("a.trec"), "--rel", "3"}), kExitFailed);
  EXPECT_THAT(error_, HasSubstr("highest grade: 2"));
}

TEST_F(ScoreCommandTest, AGroupThatNoDocumentHasIsAnError) {
  EXPECT_EQ(Score({"--qrels", Path("qrels.txt"), "--run", Path("a.trec"), "--docs", Path("docs.jsonl"),
                   "--group", "regoin"}),
            kExitFailed);
  EXPECT_THAT(error_, HasSubstr("\"regoin\""));
}

}  // namespace
}  // namespace dongxi::bench
