// The evaluation report's own words and sheets, from a report put together by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "cli/stats/evaluation.h"
#include "cli/stats/evaluation_files.h"
#include "cli/stats/evaluation_pdf.h"
#include "cli/stats/stats_html.h"
#include "cli/stats/stats_json.h"
#include "cli/stats/stats_tables.h"
#include "tests/report/pdf_text.h"

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

TEST(EvaluationTest, ATaskWithoutActivityIsJudgedByTheContractsThatAreDueAllTheSame) {
  Evaluation evaluation = Sample();
  v1::StatisticsGroup& task = *evaluation.statistics.mutable_tables(0)->mutable_groups(0);
  task.clear_figures();
  EXPECT_EQ(TaskSentences(evaluation, task).back(), "评价：期内没有活动，成效和质量无从评价。");
  evaluation.contracts["3.2"] = {.due = 1, .unregistered = 1, .late = 1};
  const std::vector<std::string> sentences = TaskSentences(evaluation, task);
  EXPECT_THAT(sentences.front(), HasSubstr("期内没有活动（上年同期有）"));
  EXPECT_THAT(sentences, Contains(HasSubstr("1 份合同签约满 180 天未登记")));
  EXPECT_EQ(sentences.back(),
            "评价：期内没有活动，成效无从评价；质量较差（签约满 180 天的合同 1 份，逾期 1 份）。");
}

TEST(EvaluationTest, ThePlanThatACaseCameOfIsNamedButNotAsEvidence) {
  EvaluationCase one;
  v1::Engagement& entry = one.history.emplace_back();
  entry.set_step(v1::ENGAGEMENT_STEP_MET);
  entry.add_evidence("plans/p-0005f2");
  EXPECT_THAT(CaseLines(one), ElementsAre(HasSubstr("会谈，会谈计划：plans/p-0005f2")));
  EXPECT_THAT(CaseLines(one), ElementsAre(Not(HasSubstr("凭据"))));
  entry.add_evidence("纪要");
  EXPECT_THAT(CaseLines(one), ElementsAre(HasSubstr("，凭据：纪要")));
}

TEST(EvaluationTest, PaperAndPageTellOfTheUnmetNeedsOfTheEarlierPeriod) {
  Evaluation evaluation = Sample();
  GapsReport& gaps = evaluation.gaps.emplace();
  gaps.gaps.needs = 9;
  gaps.gaps.unmet = 5;
  gaps.gaps.needs_before = 8;
  gaps.earlier_label = "2025年";
  const auto before = EvaluationPdf(evaluation, 0);
  ASSERT_TRUE(before.ok()) << before.status();
  gaps.gaps.unmet_before = 7;
  const auto after = EvaluationPdf(evaluation, 0);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_NE(*before, *after);
  const std::string sentence =
      "目录里现有的期内有效需求 9 项，其中 5 项没有合适的成果、专家或机构（2025年：8 项中 7 项）。";
  EXPECT_EQ(UnmetSentence(gaps), sentence);
  EXPECT_THAT(EvaluationHtml(evaluation), HasSubstr(sentence));
}

TEST(EvaluationTest, HowManyPairsOfTheForecastsAreSimulatedIsSaid) {
  Evaluation evaluation = Sample();
  const std::string words = "登记满两年的和未满两年的各对里，模拟数据 30 对。";
  EXPECT_THAT(SigningSentences(*evaluation.signing, 100), Not(Contains(words)));
  evaluation.signing->set_simulated_pairs(30);
  EXPECT_THAT(SigningSentences(*evaluation.signing, 100), Contains(words));
  EXPECT_TRUE(SigningIsSimulated(evaluation));
  evaluation.signing->set_enough(false);
  EXPECT_THAT(SigningSentences(*evaluation.signing, 100), Contains(words));
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

// Statistics of one task with a payment, a way and a refusal, of which the first entry is simulated.
v1::Statistics ByTask() {
  v1::Statistics statistics;
  statistics.set_entries(3);
  statistics.set_simulated_entries(1);
  statistics.add_simulated_engagements("engagements/e-1");
  v1::StatisticsTable& tasks = *statistics.add_tables();
  tasks.set_dimension(v1::STATISTICS_DIMENSION_TASK);
  v1::StatisticsGroup& task = *tasks.add_groups();
  task.set_key("3.2");
  task.set_label("3.2 盐湖产业");
  v1::Figure& paid = *task.add_figures();
  paid.set_kind(v1::FIGURE_KIND_PAID);
  paid.set_entries(1);
  paid.set_amount_wan(80);
  paid.set_entries_with_amount(1);
  paid.add_engagements("engagements/e-1");
  v1::StepConversion& way = *task.add_conversions();
  way.set_from_step(v1::ENGAGEMENT_STEP_MET);
  way.set_to_step(v1::ENGAGEMENT_STEP_SIGNED);
  way.set_began(4);
  way.set_reached(1);
  way.set_low(0.046);
  way.set_high(0.699);
  v1::StepDuration& duration = *task.add_durations();
  duration.set_from_step(v1::ENGAGEMENT_STEP_MET);
  duration.set_to_step(v1::ENGAGEMENT_STEP_SIGNED);
  duration.set_pairs(1);
  duration.set_lower_quartile_days(20);
  duration.set_median_days(28);
  duration.set_upper_quartile_days(35);
  v1::RefusalCount& refusal = *task.add_refusals();
  refusal.set_reason(v1::REFUSAL_REASON_NO_BUDGET);
  refusal.set_entries(2);
  refusal.add_engagements("engagements/e-2");
  *statistics.mutable_total() = task;
  statistics.mutable_total()->set_key("");
  statistics.mutable_total()->set_label("合计");
  return statistics;
}

// The cells of the first row of a sheet whose cell in the column is `words`.
std::vector<std::string> RowOf(const std::vector<report::Table>& tables, const std::string& sheet,
                               const std::string& column, const std::string& words) {
  std::vector<std::string> cells;
  for (const report::Table& table : tables) {
    if (table.name != sheet) continue;
    for (size_t at = 0; at < table.columns.size(); ++at) {
      if (table.columns[at].name != column) continue;
      for (const auto& row : table.rows) {
        if (row[at].text != words || !cells.empty()) continue;
        for (const report::Cell& cell : row)
          cells.push_back(cell.text.empty() && cell.filled ? absl::StrCat(cell.number) : cell.text);
      }
    }
  }
  return cells;
}

TEST(StatisticsTablesTest, EveryGroupHasItsWaysDurationsAndRefusals) {
  const std::vector<report::Table> tables = StatisticsTables(ByTask());
  EXPECT_THAT(RowOf(tables, "步骤用时", "维度", "任务"),
              ElementsAre("任务", "3.2", "3.2 盐湖产业", "会谈", "签约", "1", "20", "28", "35"));
  EXPECT_THAT(RowOf(tables, "步骤转化", "维度", "任务"),
              ElementsAre("任务", "3.2", "3.2 盐湖产业", "会谈", "签约", "4", "1", "0.25", "0.046", "0.699"));
  EXPECT_THAT(RowOf(tables, "拒绝原因", "维度", "任务"),
              ElementsAre("任务", "3.2", "3.2 盐湖产业", "无经费", "2"));
  const report::Table flat = StatisticsTable(ByTask());
  std::map<std::string, double> of_task;
  for (size_t at = 0; at < flat.columns.size(); ++at)
    of_task[flat.columns[at].name] = flat.rows.back()[at].number;
  EXPECT_EQ(of_task["拒绝：无经费"], 2);
  EXPECT_EQ(of_task["拒绝：其他"], 0);
  EXPECT_EQ(of_task["会谈→签约：转化率"], 0.25);
  EXPECT_EQ(of_task["会谈→签约：区间上限（95%）"], 0.699);
  EXPECT_EQ(of_task["会谈→签约：中位数（天）"], 28);
}

TEST(StatisticsHtmlTest, AGroupHasItsWaysAndRefusalsAndItsMoneyOpens) {
  const v1::Statistics statistics = ByTask();
  const v1::StatisticsTable& tasks = statistics.tables(0);
  EXPECT_THAT(GroupTable(tasks, false), HasSubstr("<summary>80</summary><ul><li>engagements/e-1</li>"));
  const std::string details = GroupDetails(tasks, false, false);
  EXPECT_THAT(details,
              HasSubstr("<td>会谈 → 签约</td><td>4</td><td>1</td><td>25.0%</td><td>4.6% – 69.9%</td>"));
  EXPECT_THAT(details, HasSubstr("28（20 – 35）"));
  EXPECT_THAT(details, HasSubstr("<td>无经费</td><td><details><summary>2</summary>"));
  EXPECT_THAT(StatisticsHtml(statistics, *ParsePeriod("2026"), "全国"),
              HasSubstr(GroupDetails(tasks, /*simulated=*/true, /*open=*/true)));
}

TEST(StatisticsTablesTest, DurationsAndFiguresOfTheEarlierPeriodOpenToAllTheirEntries) {
  constexpr int kEntries = 60;  // more than a page lists
  v1::Statistics statistics = ByTask();
  for (v1::StatisticsGroup* group :
       {statistics.mutable_total(), statistics.mutable_tables(0)->mutable_groups(0)}) {
    v1::Figure& before = *group->add_earlier_figures();
    before.set_kind(v1::FIGURE_KIND_SIGNED);
    before.set_entries(kEntries);
    for (int i = 0; i < kEntries; ++i) {
      group->mutable_durations(0)->add_engagements(absl::StrCat("engagements/now-", i));
      before.add_engagements(absl::StrCat("engagements/before-", i));
    }
  }
  statistics.add_simulated_engagements("engagements/before-59");
  const std::vector<report::Table> tables = StatisticsTables(statistics);
  EXPECT_THAT(RowOf(tables, "明细", "编号", "engagements/now-59"),
              ElementsAre("engagements/now-59", "", "", "会谈→签约", "", "", ""));
  EXPECT_THAT(RowOf(tables, "明细", "编号", "engagements/before-59"),
              ElementsAre("engagements/before-59", "", "", "", "签约", "是", "3.2 盐湖产业"));
  const report::Json total = StatisticsToJson(statistics)["total"];
  EXPECT_EQ(total["durations"][0]["engagements"].size(), size_t{kEntries});
  EXPECT_EQ(total["earlier"]["figures"]["signed"]["engagements"].size(), size_t{kEntries});
  const std::string rows = GroupTable(statistics.tables(0), false);
  EXPECT_THAT(rows, HasSubstr("<summary>-100.0%</summary><ul><li>engagements/before-0</li>"));
  EXPECT_THAT(rows, HasSubstr("另有 10 条，见电子表格“明细”"));
}

// What was met in one year and signed in the next counts as reached in the year in which it was met.
TEST(StatisticsTablesTest, AReachedConversionSaysItsGroupWhereItsEntryIsInAnother) {
  v1::Statistics statistics;
  v1::StatisticsTable& years = *statistics.add_tables();
  years.set_dimension(v1::STATISTICS_DIMENSION_YEAR);
  const auto add = [](v1::FigureKind kind, const char* id, v1::StatisticsGroup* group) {
    v1::Figure& figure = *group->add_figures();
    figure.set_kind(kind);
    figure.set_entries(1);
    figure.add_engagements(id);
  };
  const auto convert = [](const char* met, const char* signed_then, v1::StatisticsGroup* group) {
    v1::StepConversion& one =
        group->conversions_size() > 0 ? *group->mutable_conversions(0) : *group->add_conversions();
    one.set_from_step(v1::ENGAGEMENT_STEP_MET);
    one.set_to_step(v1::ENGAGEMENT_STEP_SIGNED);
    one.add_engagements(met);
    one.add_reached_engagements(signed_then);
  };
  for (const char* year : {"2025", "2026"}) {
    v1::StatisticsGroup& group = *years.add_groups();
    group.set_key(year);
    group.set_label(year);
  }
  for (v1::StatisticsGroup* group : {years.mutable_groups(0), statistics.mutable_total()}) {
    add(v1::FIGURE_KIND_MET, "engagements/met-2025", group);
    convert("engagements/met-2025", "engagements/later", group);
  }
  for (v1::StatisticsGroup* group : {years.mutable_groups(1), statistics.mutable_total()}) {
    add(v1::FIGURE_KIND_SIGNED, "engagements/later", group);
    add(v1::FIGURE_KIND_MET, "engagements/met-2026", group);
    add(v1::FIGURE_KIND_SIGNED, "engagements/at-once", group);
    convert("engagements/met-2026", "engagements/at-once", group);
  }
  const std::vector<report::Table> tables = StatisticsTables(statistics);
  EXPECT_THAT(RowOf(tables, "明细", "编号", "engagements/met-2025"),
              ElementsAre("engagements/met-2025", "会谈", "会谈→签约 进入", "", "", "2025"));
  EXPECT_THAT(RowOf(tables, "明细", "编号", "engagements/later"),
              ElementsAre("engagements/later", "签约", "会谈→签约 到达（计入年份 2025）", "", "", "2026"));
  EXPECT_THAT(RowOf(tables, "明细", "编号", "engagements/at-once"),
              ElementsAre("engagements/at-once", "签约", "会谈→签约 到达", "", "", "2026"));
}

size_t Occurrences(const std::string& text, const std::string& words) {
  size_t count = 0;
  for (size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
  return count;
}

TEST(EvaluationTest, WhatCountsSimulatedEntriesSaysSoInEverySheetAndTable) {
  Evaluation evaluation = Sample();
  evaluation.statistics = ByTask();
  for (const report::Table& sheet : EvaluationTables(evaluation)) {
    SCOPED_TRACE(sheet.name);
    ASSERT_FALSE(sheet.rows.empty());
    std::vector<std::string> first;
    for (const report::Cell& cell : sheet.rows[0]) first.push_back(cell.text);
    EXPECT_THAT(first, Contains("含模拟数据"));
  }
  EXPECT_EQ(RowOf(EvaluationTables(evaluation), "明细", "编号", "engagements/e-1")[4], "是");
  EXPECT_EQ(RowOf(EvaluationTables(evaluation), "明细", "编号", "engagements/e-2")[4], "");
  const std::string page = EvaluationHtml(evaluation);
  EXPECT_EQ(Occurrences(page, "<table"), Occurrences(page, "<caption>含模拟数据</caption>"));
  EXPECT_EQ(Occurrences(page, "<figcaption>"), Occurrences(page, "［含模拟数据］</figcaption>"));
  EXPECT_THAT(page, HasSubstr("签约概率的可靠性（交叉验证）［含模拟数据］"));
  evaluation.statistics.clear_simulated_entries();
  evaluation.statistics.clear_simulated_engagements();
  EXPECT_EQ(Occurrences(EvaluationHtml(evaluation), "含模拟数据"), 0u);
  evaluation.statistics.set_earlier_simulated_entries(1);  // the figures beside it are compared with them
  EXPECT_THAT(EvaluationHtml(evaluation), HasSubstr("<caption>含模拟数据</caption>"));
  EXPECT_TRUE(EvaluationToJson(evaluation)["simulated"].get<bool>());
  EXPECT_EQ(StatisticsToJson(evaluation.statistics)["earlier_simulated_entries"].get<int>(), 1);
}

TEST(EvaluationTest, ATaskSaysHowFarAndHowFastItsPairsWent) {
  Evaluation evaluation = Sample();
  evaluation.statistics = ByTask();
  const std::vector<std::string> sentences =
      TaskSentences(evaluation, evaluation.statistics.tables(0).groups(0));
  EXPECT_THAT(sentences, Contains(HasSubstr("至期末签约 1 对（25.0%，95% 区间 4.6%—69.9%）")));
  EXPECT_THAT(sentences, Contains(HasSubstr("会谈至签约 28（20 – 35）")));
}

TEST(EvaluationTest, APaperOnAPartOfTheEntriesSaysSoInTitleHeadAndSentence) {
  Evaluation evaluation = Sample();
  evaluation.conditions = "任务 3.2";
  evaluation.notes = "计入模拟数据";
  EXPECT_EQ(EvaluationTitle(evaluation), "青海东西部科技合作绩效评估报告（2026年，任务 3.2）");
  EXPECT_THAT(HeadLines(evaluation), Contains("评估范围：青海，任务 3.2"));
  EXPECT_THAT(HeadLines(evaluation), Contains("另：计入模拟数据"));
  EXPECT_THAT(OverviewSentences(evaluation).front(), HasSubstr("青海（任务 3.2）期内有效需求"));
  EXPECT_THAT(NoDataText(evaluation), HasSubstr("台账没有青海（任务 3.2）的记录"));
}

TEST(EvaluationTest, HowManyOpenPairsAreLeftOutIsSaid) {
  Evaluation evaluation = Sample();
  v1::SigningEstimate& estimate = *evaluation.signing;
  estimate.set_open_pairs(1);
  EXPECT_THAT(SigningSentences(estimate, 100).back(), HasSubstr("以下为进行中的 1 对至登记满两年时"));
  estimate.set_open_pairs(1'200);
  EXPECT_THAT(SigningSentences(estimate, 100).back(),
              HasSubstr("进行中的 1,200 对中至登记满两年时签约概率最高的 1 对，另有 1,199 对未列出"));
  estimate.set_simulated_pairs_left_out(30);
  EXPECT_THAT(EvaluationHtml(evaluation), HasSubstr("另有模拟数据 30 对未计入"));
  estimate.set_enough(false);
  EXPECT_THAT(SigningSentences(estimate, 100).front(), HasSubstr("另有模拟数据 30 对未计入"));
}

TEST(EvaluationTest, TheHeadingsOfTheChartsOnPaperSayThatTheyCountSimulatedEntries) {
  Evaluation evaluation = Sample();
  v1::Figure& contracts =
      *evaluation.statistics.mutable_tables(0)->mutable_groups(0)->mutable_figures(1);  // 签约
  contracts.set_amount_wan(120);
  contracts.set_entries_with_amount(1);
  evaluation.statistics.set_entries(3);
  evaluation.statistics.set_simulated_entries(1);
  const auto pdf = EvaluationPdf(evaluation, 0);
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  const std::string text = report::PdfTextOf(*pdf);
  EXPECT_THAT(text, HasSubstr("签约额［含模拟数据］"));
  EXPECT_THAT(text, HasSubstr("可靠性［含模拟数据］（交叉验证"));
}

// One group with a contract.
void AddTable(v1::StatisticsDimension dimension, const std::string& label, Evaluation* evaluation) {
  v1::StatisticsTable& table = *evaluation->statistics.add_tables();
  table.set_dimension(dimension);
  v1::StatisticsGroup& group = *table.add_groups();
  group.set_label(label);
  v1::Figure& contracts = *group.add_figures();
  contracts.set_kind(v1::FIGURE_KIND_SIGNED);
  contracts.set_entries(1);
}

TEST(EvaluationTest, AReportOfSeveralYearsHasATableOfYearsAndEveryReportOneOfChannels) {
  Evaluation evaluation = Sample();
  AddTable(v1::STATISTICS_DIMENSION_CITY, "青海海西州", &evaluation);
  AddTable(v1::STATISTICS_DIMENSION_CHANNEL, "科技援青", &evaluation);
  AddTable(v1::STATISTICS_DIMENSION_YEAR, "2025年", &evaluation);
  const auto headings = [&] {
    std::vector<std::string> found;
    for (const OverviewTable& one : OverviewTables(evaluation)) found.push_back(one.heading);
    return found;
  };
  EXPECT_THAT(headings(), ElementsAre("按通道", "按市州"));
  EXPECT_THAT(EvaluationHtml(evaluation), Not(HasSubstr("<h3>按年份</h3>")));
  evaluation.period = *ParsePeriod("2024-2026");
  EXPECT_THAT(headings(), ElementsAre("按年份", "按通道", "按市州"));
  const std::string page = EvaluationHtml(evaluation);
  EXPECT_THAT(page, HasSubstr("<h3>按年份</h3>"));
  EXPECT_THAT(page, HasSubstr("<td>2025年</td>"));
  EXPECT_THAT(page, HasSubstr("<td>科技援青</td>"));
  const auto pdf = EvaluationPdf(evaluation, 0);
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  const std::string text = report::PdfTextOf(*pdf);
  EXPECT_THAT(text, HasSubstr("按年份"));
  EXPECT_THAT(text, HasSubstr("按通道"));
}

TEST(EvaluationTest, AYearIsNotComparedInTheSheetWhereTheServerComparesNone) {
  Evaluation evaluation = Sample();
  *evaluation.statistics.mutable_total() = evaluation.statistics.tables(0).groups(0);  // compared
  AddTable(v1::STATISTICS_DIMENSION_YEAR, "2026年", &evaluation);
  const std::vector<std::string> row =
      RowOf(StatisticsTables(evaluation.statistics), "按年份", "年份", "2026年");
  EXPECT_THAT(row, Not(Contains("新增")));
  ASSERT_FALSE(row.empty());
}

TEST(EvaluationTest, APeriodThatStillRunsSaysUntilWhenItCountsAndWithWhatItIsCompared) {
  Evaluation evaluation = Sample();
  EXPECT_THAT(HeadLines(evaluation), Not(Contains(HasSubstr("本期未完"))));
  evaluation.period = AsOf(evaluation.period, absl::CivilDay(2026, 3, 15));
  EXPECT_THAT(HeadLines(evaluation), Contains("本期未完，统计至3月15日"));
  *evaluation.statistics.mutable_total() = evaluation.statistics.tables(0).groups(0);  // compared
  const std::string words = "本期未完，统计至3月15日，同比同期（2025年1月1日至3月15日）";
  EXPECT_THAT(HeadLines(evaluation), Contains(words));
  EXPECT_EQ(EvaluationToJson(evaluation)["period_note"].get<std::string>(), words);
  EXPECT_THAT(EvaluationTitle(evaluation), HasSubstr("（2026年1月1日至3月15日）"));
  EXPECT_THAT(StatisticsHtml(evaluation.statistics, evaluation.period, "全国"), HasSubstr(words));
}

TEST(EvaluationTest, WhyThereAreNoForecastsIsTheConditionThatFailed) {
  v1::SigningEstimate estimate;
  estimate.set_decided_pairs(250);
  estimate.set_signed_pairs(240);
  estimate.set_decided_pairs_min(200);
  estimate.set_signed_pairs_min(40);
  EXPECT_THAT(SigningSentences(estimate, 100),
              ElementsAre("登记满两年的 250 对，其中两年内签约 240 对；不给出签约概率：两年内未签约的 10 "
                          "对，不到 40 对。"));
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
