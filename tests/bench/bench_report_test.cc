#include "bench/report.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

TEST(ReportTest, JsonHasQuestionArgumentsAndBars) {
  Report report("How fast?", {{"size", "10"}});
  report.Section("Import");
  report.Add({"rate", 4000, "1/s", AtLeast(5000), "cold"});
  report.Add({"time", 1.5, "s", AtMost(2), ""});
  report.Add({"files", 3, "", {}, ""});
  EXPECT_EQ(report.missed(), 1);
  const nlohmann::ordered_json json = report.ToJson();
  EXPECT_EQ(json["question"], "How fast?");
  EXPECT_EQ(json["arguments"]["size"], "10");
  const auto& figures = json["sections"][0]["figures"];
  EXPECT_EQ(figures[0]["met"], false);
  EXPECT_EQ(figures[0]["bar"], 5000);
  EXPECT_EQ(figures[1]["met"], true);
  EXPECT_FALSE(figures[2].contains("bar"));
}

TEST(FigureTest, ABarIsMetAtItsLimit) {
  EXPECT_TRUE((Figure{"a", 2, "", AtMost(2), ""}).met());
  EXPECT_FALSE((Figure{"a", 2.01, "", AtMost(2), ""}).met());
  EXPECT_TRUE((Figure{"a", 2, "", AtLeast(2), ""}).met());
  EXPECT_FALSE((Figure{"a", 1.99, "", AtLeast(2), ""}).met());
}

TEST(AlignedTableTest, ChineseCharactersAreTwoWide) {
  EXPECT_EQ(AlignedTable({{"名称", "数"}, {"ab", "1"}}, false), "  名称  数\n  ab    1\n");
  EXPECT_EQ(AlignedTable({{"a", "b"}, {"c", "100"}}, true), "  a    b\n  c  100\n");
}

TEST(NumberTextTest, Table) {
  EXPECT_EQ(NumberText(0), "0");
  EXPECT_EQ(NumberText(12345), "12345");
  EXPECT_EQ(NumberText(1234.5), "1234");
  EXPECT_EQ(NumberText(12.3456), "12.35");
  EXPECT_EQ(NumberText(0.123456), "0.1235");
}

}  // namespace
}  // namespace dongxi::bench
