#include "bench/quality_gate.h"

#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::filesystem::path FileWith(const char* name, const std::string& text) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / name;
  std::ofstream(file) << text;
  return file;
}

TEST(QualityGateTest, ReadsWhatItWrote) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "gate.json";
  ASSERT_TRUE(WriteGate(file, {"model-1", "default-2", {{"z", 0.61239}, {"a", 1}}}).ok());
  const auto gate = ReadGate(file);
  ASSERT_TRUE(gate.ok()) << gate.status();
  EXPECT_EQ(gate->model, "model-1");
  EXPECT_EQ(gate->ranking, "default-2");
  ASSERT_EQ(gate->figures.size(), 2u);
  EXPECT_EQ(gate->figures[0].name, "z");
  EXPECT_DOUBLE_EQ(gate->figures[0].value, 0.6124);
  EXPECT_DOUBLE_EQ(gate->figures[1].value, 1);
}

TEST(QualityGateTest, RefusesAnythingElse) {
  EXPECT_TRUE(absl::IsNotFound(ReadGate("/nowhere/gate.json").status()));
  EXPECT_THAT(std::string(ReadGate("/nowhere/gate.json").status().message()), HasSubstr("--update-gate"));
  for (const char* text :
       {"", "[]", "{}", R"({"figures": []})", R"({"figures": {}})", R"({"figures": {"a": "1"}})"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ReadGate(FileWith("bad.json", text)).status())) << text;
  }
}

TEST(QualityGateTest, AFigureMayBeALittleLower) {
  const auto lowest = LowestPassing({"", "", {{"a", 0.5}, {"b", 0.7}}}, {{"b", 0.1}, {"a", 0.9}});
  ASSERT_TRUE(lowest.ok()) << lowest.status();
  EXPECT_THAT(*lowest, ElementsAre(testing::DoubleEq(0.7 - kGateSlack), testing::DoubleEq(0.5 - kGateSlack)));
}

TEST(QualityGateTest, BothMustHoldTheSameFigures) {
  EXPECT_THAT(std::string(LowestPassing({"", "", {{"a", 1}, {"b", 1}}}, {{"a", 1}}).status().message()),
              HasSubstr("\"b\", which is not measured"));
  EXPECT_THAT(std::string(LowestPassing({"", "", {{"a", 1}}}, {{"a", 1}, {"c", 1}}).status().message()),
              HasSubstr("lacks \"c\""));
}

}  // namespace
}  // namespace dongxi::bench
