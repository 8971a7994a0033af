// The evaluation report's own words and sheets, from a report put together by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/stats/evaluation.h"
#include "cli/stats/evaluation_files.h"
#include "cli/stats/evaluation_pdf.h"

namespace dongxi::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// A year with one task that has a contract, and enough ledger for P(signed).
Evaluation Sample() {
  Evaluation evaluation;
  evaluation.period = *ParsePeriod("2026");
  evaluation.region_name = "青海";
  evaluation.office = "某省科技厅";
  evaluation.date = absl::CivilDay(2027, 1, 15);
  v1::StatisticsTable& tasks = *evaluation.statistics.add_tables();
  tasks.set_dimension(v1::STATISTICS_DIMENSION_TASK);
  v1::StatisticsGroup& task = *tasks.add_groups();
  task.set_key("3.2");
  task.set_label("3.2 盐湖产业");
  task.set_needs(2);
  for (const v1::FigureKind kind : {v1::FIGURE_KIND_MET, v1::FIGURE_KIND_SIGNED}) {
    v1::Figure& figure = *task.add_figures();
    figure.set_kind(kind);
    figure.set_entries(1);
    v1::Figure& before = *task.add_earlier_figures();
    before.set_kind(kind);
    before.set_entries(2);
  }
  evaluation.titles = {{"needs/n", "盐湖提锂"}, {"results/r", "提锂吸附剂"}};
  v1::SigningEstimate estimate;
  estimate.set_enough(true);
  estimate.set_useful(true);
  for (int i = 1; i <= 10; ++i) {
    v1::ReliabilityBin& bin = *estimate.add_reliability();
    bin.set_pairs(30);
    bin.set_mean_forecast(0.05 * i);
    bin.set_signed_share(0.04 * i);
  }
  v1::SigningForecast& forecast = *estimate.add_forecasts();
  forecast.set_need("needs/n");
  forecast.set_offer("results/r");
  forecast.set_probability(0.4);
  evaluation.signing = estimate;
  return evaluation;
}

TEST(EvaluationTest, ATaskIsJudgedByTheContractsThatAreDue) {
  Evaluation evaluation = Sample();
  const v1::StatisticsGroup& task = evaluation.statistics.tables(0).groups(0);
  EXPECT_THAT(TaskSentences(evaluation, task), Contains(HasSubstr("质量无从评价")));
  evaluation.contracts["3.2"] = {.due = 4, .unregistered = 1, .late = 1};
  const std::vector<std::string> sentences = TaskSentences(evaluation, task);
  EXPECT_THAT(sentences.front(), HasSubstr("签约 1 项（同比 -50.0%）"));
  EXPECT_THAT(sentences, Contains(HasSubstr("1 份合同签约满 180 天未登记；会谈同比 -50.0%")));
  EXPECT_THAT(sentences.back(), HasSubstr("已有签约，成效待显"));
  EXPECT_THAT(sentences.back(), HasSubstr("质量一般（签约满 180 天的合同 4 份，逾期 1 份）"));
  evaluation.contracts["3.2"].late = 3;
  EXPECT_THAT(TaskSentences(evaluation, task).back(), HasSubstr("质量较差"));
}

TEST(EvaluationTest, TheOfficeAndTheDayStandBelow) {
  Evaluation evaluation = Sample();
  EXPECT_THAT(ClosingLines(evaluation), ElementsAre("某省科技厅", "2027年1月15日"));
  evaluation.office.clear();
  EXPECT_THAT(ClosingLines(evaluation).front(), HasSubstr("盖章"));
}

TEST(EvaluationTest, ForecastsHaveASheetAndTitles) {
  const Evaluation evaluation = Sample();
  const report::Table sheet = EvaluationTables(evaluation).back();
  EXPECT_EQ(sheet.name, "签约概率");
  ASSERT_GE(sheet.rows.size(), 11u);
  EXPECT_EQ(sheet.rows.back()[0].text, "盐湖提锂（needs/n）");
  EXPECT_EQ(sheet.rows.back()[1].text, "提锂吸附剂（results/r）");
  EXPECT_THAT(EvaluationHtml(evaluation), HasSubstr("<td>盐湖提锂（needs/n）</td>"));
  EXPECT_THAT(EvaluationHtml(evaluation), Not(HasSubstr("<td>needs/n</td>")));
}

TEST(EvaluationTest, ThePdfHasTheReliabilityCurve) {
  Evaluation evaluation = Sample();
  const auto with = EvaluationPdf(evaluation, 0);
  ASSERT_TRUE(with.ok()) << with.status();
  EXPECT_EQ(*with, *EvaluationPdf(evaluation, 0));
  evaluation.signing->mutable_reliability(4)->set_signed_share(0.9);
  EXPECT_NE(*with, *EvaluationPdf(evaluation, 0));
}

}  // namespace
}  // namespace dongxi::cli
