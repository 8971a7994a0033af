#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <vector>

#include "bench/command.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace dongxi::bench {
namespace {

int RunWith(std::initializer_list<const char*> words) {
  std::vector<const char*> argv = {"dongxi-bench"};
  argv.insert(argv.end(), words);
  return RunBench(static_cast<int>(argv.size()), argv.data());
}

TEST(BenchCommandTest, EveryCommandExplainsItself) {
  for (const char* command : {"sample", "sample-quality", "requirements", "requirements-cost", "verdicts",
                              "consortium", "calibrate", "tasks", "trec", "convert", "speed", "latency",
                              "plan", "swap", "train-names", "report", "ablation"}) {
    EXPECT_EQ(RunWith({command, "--help"}), kExitOk) << command;
  }
}

TEST(BenchCommandTest, WrongUseIsTwo) {
  EXPECT_EQ(RunWith({}), kExitUsage);
  EXPECT_EQ(RunWith({"race"}), kExitUsage);
  EXPECT_EQ(RunWith({"calibrate", "--write", "--ranking"}), kExitUsage);
  EXPECT_EQ(RunWith({"verdicts", "--part", "z"}), kExitUsage);
  EXPECT_EQ(RunWith({"consortium", "--limit", "0"}), kExitUsage);
  EXPECT_EQ(RunWith({"report", "--papers", "a", "--needs", "0"}), kExitUsage);
  EXPECT_EQ(RunWith({"trec", "--server", "a", "--queries", "b", "--run", "c", "--target", "need"}),
            kExitUsage);
  EXPECT_EQ(RunWith({"speed", "--papers", "a", "--sizes", "5"}), kExitUsage);
}

TEST(BenchCommandTest, AFailureIsOne) {
  EXPECT_EQ(RunWith({"tasks", "--sample", "/nowhere"}), kExitFailed);
  EXPECT_EQ(RunWith({"calibrate", "--sample", "/nowhere"}), kExitFailed);
  EXPECT_EQ(RunWith({"verdicts", "--labels", "/nowhere"}), kExitFailed);
  EXPECT_EQ(RunWith({"consortium", "--sample", "/nowhere"}), kExitFailed);
  EXPECT_EQ(RunWith({"report", "--papers", "/nowhere"}), kExitFailed);
  EXPECT_EQ(RunWith({"sample-quality", "--model", "/nowhere/model.dxm"}), kExitFailed);
}

// A sample of two institutions with these statements.
std::filesystem::path SampleOf(const char* name, const std::string& first, const std::string& second) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / name;
  std::filesystem::create_directories(folder);
  for (const char* file : {"experts.jsonl", "results.jsonl", "needs.jsonl", "labels.jsonl"})
    std::ofstream(folder / file);
  std::ofstream out(folder / "institutions.jsonl");
  out << nlohmann::json{{"id", "i-1"}, {"name", "甲"}, {"statement", first}} << "\n"
      << nlohmann::json{{"id", "i-2"}, {"name", "乙"}, {"statement", second}} << "\n";
  return folder;
}

TEST(BenchCommandTest, SampleFailsOnACopyAndWritesJson) {
  const std::filesystem::path copied = SampleOf("copied", "从事盐湖卤水提锂研究。", "从事盐湖卤水提锂研究！");
  EXPECT_EQ(RunWith({"sample", "--sample", copied.c_str()}), kExitFailed);
  const std::filesystem::path varied = SampleOf("varied", "从事盐湖卤水提锂研究。", "种植枸杞");
  const std::filesystem::path json = varied / "out.json";
  EXPECT_EQ(RunWith({"sample", "--sample", varied.c_str(), "--json", json.c_str()}), kExitOk);
  const nlohmann::json report = nlohmann::json::parse(std::ifstream(json));
  EXPECT_EQ(report["sections"][0]["title"], "Records");
}

TEST(BenchCommandTest, VerdictsWritesFiguresByKindAndNamesAnEmptyPart) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "verdicts";
  std::filesystem::create_directories(folder);
  const std::filesystem::path labels = folder / "labels.jsonl", json = folder / "out.json";
  std::ofstream(labels)
      << R"({"id":"m","part":"a","kind":"maturity","need":{"id":"n","title":"提锂","wanted":"要吸附剂",)"
      << R"("maturity":7},"offer_kind":"result","offer":{"id":"r","title":"吸附剂","maturity":5},)"
      << R"("verdicts":[{"about":"","label":"short"}]})"
      << "\n";
  EXPECT_EQ(RunWith({"verdicts", "--labels", labels.c_str(), "--errors", "--json", json.c_str()}), kExitOk);
  const nlohmann::json report = nlohmann::json::parse(std::ifstream(json));
  EXPECT_EQ(report["sections"][0]["title"], "maturity");
  EXPECT_EQ(report["details"]["confusion"]["all"]["short"]["short"].get<int>(), 1);
  EXPECT_EQ(report["sections"][1]["title"], "part a");
  EXPECT_EQ(report["sections"][2]["title"], "all");
  EXPECT_EQ(RunWith({"verdicts", "--labels", labels.c_str(), "--part", "b"}), kExitFailed);
}

TEST(BenchCommandTest, VerdictsFailsBelowItsBars) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "verdicts_below";
  std::filesystem::create_directories(folder);
  const std::filesystem::path labels = folder / "labels.jsonl", json = folder / "out.json";
  // The offer is less mature than the need wants.
  std::ofstream(labels)
      << R"({"id":"m","part":"e","kind":"maturity","need":{"id":"n","title":"提锂","wanted":"要吸附剂",)"
      << R"("maturity":7},"offer_kind":"result","offer":{"id":"r","title":"吸附剂","maturity":5},)"
      << R"("verdicts":[{"about":"","label":"met"}]})"
      << "\n";
  EXPECT_EQ(RunWith({"verdicts", "--labels", labels.c_str(), "--json", json.c_str()}), kExitFailed);
  const nlohmann::json report = nlohmann::json::parse(std::ifstream(json));
  EXPECT_EQ(report["sections"][1]["title"], "part e");
  const nlohmann::json precision = report["sections"][2]["figures"][2];
  EXPECT_EQ(precision["name"], "precision");
  EXPECT_FALSE(precision["met"].get<bool>());
}

}  // namespace
}  // namespace dongxi::bench
