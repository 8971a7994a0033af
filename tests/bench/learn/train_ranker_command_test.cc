#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "bench/command.h"
#include "engine/match/learned_ranker.h"
#include "nlohmann/json.hpp"

namespace dongxi::bench {
namespace {

// Twelve needs of six fields, each with two results of its field and judgements.
class TrainRankerCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "train_ranker_command_test";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    const char* fields[] = {"盐湖卤水提锂", "枸杞干燥加工", "牦牛冻精授精",
                            "风机叶片除冰", "棉花机械采收", "草原退化监测"};
    std::ofstream docs(folder_ / "docs.jsonl"), queries(folder_ / "queries.jsonl"),
        qrels(folder_ / "qrels.txt");
    for (int i = 0; i < 12; ++i) {
      const std::string field = fields[i % 6], id = std::to_string(i);
      docs << nlohmann::json{{"id", "d" + id},
                             {"title", field + "技术" + id},
                             {"text", field + "的方法与设备"}}
           << "\n";
      queries << nlohmann::json{{"id", "q" + id}, {"title", "需要" + field + " " + id}} << "\n";
      for (int d = 0; d < 12; ++d)
        qrels << "q" << i << " 0 d" << d << " " << (d % 6 == i % 6 ? 2 : 0) << "\n";
    }
  }

  int Run(std::vector<std::string> more) {
    std::vector<std::string> words = {"dongxi-bench", "train-ranker",
                                      "--docs",       (folder_ / "docs.jsonl").string(),
                                      "--queries",    (folder_ / "queries.jsonl").string(),
                                      "--qrels",      (folder_ / "qrels.txt").string(),
                                      "--out",        (folder_ / "ranker.json").string(),
                                      "--model",      "",
                                      "--rounds",     "10"};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<const char*> argv;
    for (const std::string& word : words) argv.push_back(word.c_str());
    return RunBench(static_cast<int>(argv.size()), argv.data());
  }

  std::filesystem::path folder_;
};

TEST_F(TrainRankerCommandTest, WithoutAGainNothingIsWrittenUnlessAskedFor) {
  EXPECT_EQ(Run({"--json", (folder_ / "report.json").string()}), kExitFailed)
      << "the linear fusion is perfect here";
  EXPECT_FALSE(std::filesystem::exists(folder_ / "ranker.json"));
  const nlohmann::json report = nlohmann::json::parse(std::ifstream(folder_ / "report.json"));
  EXPECT_EQ(report["details"]["trial"]["accepted"], false) << report.dump(1);
  EXPECT_EQ(Run({"--accept-anyway"}), kExitOk);
  const auto ranker = LearnedRanker::Load(folder_ / "ranker.json");
  ASSERT_TRUE(ranker.ok()) << ranker.status();
  EXPECT_EQ((*ranker)->trees(), 10u);
}

TEST_F(TrainRankerCommandTest, EngagementsNeedTheirNeeds) {
  std::ofstream(folder_ / "eng.jsonl")
      << R"({"need":"q1","candidate":"d1","step":"met","time":"2026-01-05","position":3})"
      << "\n"
      << R"({"need":"q1","candidate":"d2","step":"shown","time":"2026-01-05","position":1})"
      << "\n";
  EXPECT_EQ(Run({"--accept-anyway", "--engagements", (folder_ / "eng.jsonl").string()}), kExitOk);
  std::ofstream(folder_ / "eng.jsonl")
      << R"({"need":"q99","candidate":"d1","step":"met","time":"2026-01-05"})"
      << "\n";
  EXPECT_EQ(Run({"--accept-anyway", "--engagements", (folder_ / "eng.jsonl").string()}), kExitFailed);
  EXPECT_EQ(Run({"--folds", "1"}), kExitUsage);
}

}  // namespace
}  // namespace dongxi::bench
