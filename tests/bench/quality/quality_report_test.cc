#include "bench/quality/quality_report.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A system with one measure.
SystemInput SystemOf(const std::string& name, const std::vector<double>& values) {
  SystemInput system = {.name = name};
  system.scores = {
      .measures = {"nDCG@10 pool"}, .queries = {"q1", "q2", "q3"}, .values = {values}, .queries_judged = 4};
  system.scores.means = {(values[0] + values[1] + values[2]) / 3};
  return system;
}

TEST(BuildReportTest, ComparesEverySystemWithTheFirst) {
  ReportInput input = {.collection = "needs"};
  input.systems = {SystemOf("base", {0.5, 0.25, 1}), SystemOf("ours", {0.75, 0.25, 0.5})};
  const auto report = BuildReport(input);
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->comparisons.size(), 1u);
  const MeasureComparison& comparison = report->comparisons[0].measures[0];
  EXPECT_EQ(report->comparisons[0].system, "ours");
  EXPECT_THAT(comparison.differences, ElementsAre(0.25, 0, -0.5));
  EXPECT_NEAR(comparison.mean, -0.25 / 3, 1e-12);
  EXPECT_EQ(comparison.better, 1u);
  EXPECT_EQ(comparison.equal, 1u);
  EXPECT_EQ(comparison.worse, 1u);
  EXPECT_EQ(comparison.p_value, 1);  // |-0.25| is the least that four assignments of signs can give
  EXPECT_LE(comparison.interval.low, comparison.mean);
  EXPECT_GE(comparison.interval.high, comparison.mean);
  EXPECT_EQ(report->queries_judged, 4u);
}

TEST(BuildReportTest, WorstQueriesComeLowestFirstWithTheirTexts) {
  ReportInput input = {.collection = "needs", .texts = {{"q2", {"盐湖提锂", "卤水"}}}, .worst = 2};
  input.systems = {SystemOf("base", {0.5, 0.25, 0.25})};
  const auto report = BuildReport(input);
  ASSERT_TRUE(report.ok()) << report.status();
  const std::vector<WorstQuery>& worst = report->systems[0].worst;
  ASSERT_EQ(worst.size(), 2u);
  EXPECT_EQ(worst[0].id, "q2");
  EXPECT_EQ(worst[0].title, "盐湖提锂");
  EXPECT_EQ(worst[0].text, "卤水");
  EXPECT_EQ(worst[1].id, "q3");
  EXPECT_EQ(worst[1].title, "");
}

TEST(BuildReportTest, RefusesWhatCannotBeCompared) {
  const auto message = [](ReportInput input) {
    return std::string(BuildReport(std::move(input)).status().message());
  };
  EXPECT_THAT(message({}), HasSubstr("no system"));
  ReportInput twins;
  twins.systems = {SystemOf("same", {0, 0, 0}), SystemOf("same", {1, 1, 1})};
  EXPECT_THAT(message(twins), HasSubstr("two systems are called \"same\""));
  ReportInput others;
  others.systems = {SystemOf("base", {0, 0, 0}), SystemOf("ours", {1, 1, 1})};
  others.systems[1].scores.queries[2] = "q9";
  EXPECT_THAT(message(others), HasSubstr("other queries or measures"));
  ReportInput empty;
  empty.systems = {{.name = "base"}};
  EXPECT_THAT(message(empty), HasSubstr("has no scores"));
}

}  // namespace
}  // namespace dongxi::bench
