// What all forms of a report say alike: nothing of a list that nobody asked for, that an answer was made by
// words alone, and that an earlier report asked for something else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "report/csv.h"
#include "report/html.h"
#include "report/json.h"
#include "report/overview.h"
#include "report/pdf.h"
#include "report/tables.h"
#include "tests/report/pdf_text.h"
#include "tests/report/sample_report.h"

namespace dongxi::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char kDegraded[] = "向量服务暂时不可用，本次只按用词匹配";

// As the server answers where results are asked for and nothing else.
MatchReport ResultsOnly() {
  MatchReport report = SampleReport();
  report.kinds = {v1::RESULT};
  for (NeedMatches& need : report.needs) {
    need.answer.clear_partners();
    need.answer.clear_experts();
    need.answer.clear_consortium();
  }
  return report;
}

// n-1 was matched without the embedding service.
MatchReport Degraded() {
  MatchReport report = SampleReport();
  report.needs[0].answer.set_degraded(kDegraded);
  return report;
}

int Count(const std::string& text, const std::string& words) {
  int count = 0;
  for (size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
  return count;
}

std::vector<std::string> FilesOf(const std::vector<Table>& tables) {
  std::vector<std::string> files;
  for (const Table& table : tables) files.push_back(table.file);
  return files;
}

const Table& TableOf(const std::vector<Table>& tables, const std::string& file) {
  const auto found =
      std::find_if(tables.begin(), tables.end(), [&](const Table& table) { return table.file == file; });
  EXPECT_NE(found, tables.end()) << file;
  return *found;
}

TEST(NotAskedTest, HtmlHasNeitherSectionNorColumnNorFigureOfTheList) {
  const std::string html = RenderHtml(ResultsOnly());
  pugi::xml_document page;
  ASSERT_TRUE(page.load_buffer(html.data(), html.size(), pugi::parse_default | pugi::parse_doctype));
  EXPECT_EQ(page.select_nodes("//article//h3").size(), 2u) << "of n-1 and n-2; n-3 could not be matched";
  EXPECT_EQ(page.select_nodes("//article//h3[text()='成果']").size(), 2u);
  EXPECT_EQ(page.select_nodes("//article[@id='need-1']//p[@class='nomatch']").size(), 0u)
      << "nobody looked for partners and experts";
  EXPECT_EQ(page.select_nodes("//nav[@id='contents']//th").size(), 5u);
  EXPECT_EQ(page.select_nodes("//nav[@id='contents']//tr[@data-row='need-1']/td").size(), 5u);
  EXPECT_THAT(html, AllOf(HasSubstr("有合适成果"), HasSubstr("每条需求的列表（成果）")));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("有合适机构")), Not(HasSubstr("有合适专家"))));
  EXPECT_THAT(RenderHtml(SampleReport()), AllOf(HasSubstr("有合适机构"), HasSubstr("有合适专家")));
}

TEST(NotAskedTest, PdfDoesNotSpeakOfTheList) {
  const std::string text = PdfTextOf(RenderPdf(ResultsOnly(), 0).value());
  EXPECT_THAT(text, HasSubstr("高镁锂比卤水吸附提锂工艺"));
  EXPECT_THAT(text, AllOf(Not(HasSubstr("合作机构")), Not(HasSubstr("专家"))));
}

TEST(NotAskedTest, SheetsHaveNoTableNoFigureAndNoNearestCandidateOfTheList) {
  MatchReport report = ResultsOnly();
  report.idle_offers.emplace();
  const std::vector<Table> tables = TablesOf(report, Summarise(report));
  EXPECT_THAT(FilesOf(tables), AllOf(testing::IsSupersetOf({"results", "idle_offers"}),
                                     Not(testing::Contains("partners")), Not(testing::Contains("experts"))));
  EXPECT_THAT(CsvText(TableOf(tables, "overview")),
              AllOf(HasSubstr("有合适成果"), Not(HasSubstr("有合适机构")), Not(HasSubstr("有合适专家"))));
  EXPECT_THAT(CsvText(TableOf(tables, "unmatched")),
              AllOf(HasSubstr("最接近的成果"), Not(HasSubstr("最接近的专家"))));
  for (const Table& table : tables) {
    for (const std::vector<Cell>& row : table.rows) EXPECT_EQ(row.size(), table.columns.size()) << table.name;
  }
  report.kinds = {v1::EXPERT};
  EXPECT_THAT(FilesOf(TablesOf(report, Summarise(report))), Not(testing::Contains("idle_offers")))
      << "nobody looked for results";
}

// 0 where nobody had looked.
TEST(NotAskedTest, WhatLeadsToAnInstitutionIsToldOfTheListsAlone) {
  const MatchReport report = ResultsOnly();
  const std::string html = RenderHtml(report);
  EXPECT_THAT(html, AllOf(HasSubstr("经由成果"), Not(HasSubstr("作为合作机构")), Not(HasSubstr("经由专家"))));
  const std::vector<Table> tables = TablesOf(report, Summarise(report));
  const Table& exposure = TableOf(tables, "exposure");
  std::vector<std::string> columns;
  for (const Column& column : exposure.columns) columns.push_back(column.name);
  EXPECT_THAT(columns, testing::ElementsAre("机构", "地区", "涉及需求", "经由成果", "示例数据"));
  ASSERT_FALSE(exposure.rows.empty());
  EXPECT_EQ(exposure.rows[0][3].number, 1);
  EXPECT_FALSE(exposure.rows[0][4].filled) << "no list of partners says it";
  const Json summary = ReportToJson(report)["summary"];
  EXPECT_EQ(summary["with_result"], 1);
  EXPECT_TRUE(summary["with_partner"].is_null() && summary["with_expert"].is_null());
  EXPECT_EQ(summary["institutions"][0]["by_result"], 1);
  EXPECT_TRUE(summary["institutions"][0]["as_partner"].is_null());
  EXPECT_TRUE(summary["institutions"][0]["by_expert"].is_null());
  EXPECT_THAT(RenderHtml(SampleReport()),
              AllOf(HasSubstr("作为合作机构"), HasSubstr("经由专家"), HasSubstr("经由成果")));
  EXPECT_EQ(ReportToJson(SampleReport())["summary"]["institutions"][0]["by_expert"], 0);
}

TEST(NotAskedTest, JsonSaysWhichListsWereAskedForAndHowLongTheyMayBe) {
  MatchReport report = ResultsOnly();
  report.top = 7;
  const Json json = ReportToJson(report);
  ASSERT_EQ(json["lists"].size(), 1u);
  EXPECT_EQ(json["lists"][0], "results");
  EXPECT_EQ(json["top"], 7);
  EXPECT_EQ(ReportToJson(SampleReport())["lists"], Json({"partners", "experts", "results"}));
  EXPECT_TRUE(ReportToJson(SampleReport())["top"].is_null());
}

TEST(DegradedTest, PagesSayItOverAllAndWithTheNeed) {
  const std::string over_all = std::string("注意</b>：1 项需求：") + kDegraded;
  const std::string html = RenderHtml(Degraded());
  EXPECT_THAT(html, HasSubstr(over_all));
  EXPECT_EQ(Count(html, kDegraded), 2) << "overview and n-1";
  EXPECT_EQ(Count(RenderHtml(SampleReport()), "只按用词匹配"), 0);
  const std::string text = PdfTextOf(RenderPdf(Degraded(), 0).value());
  EXPECT_THAT(text, HasSubstr(std::string("注意：1 项需求：") + kDegraded));
  EXPECT_EQ(Count(text, kDegraded), 2) << text;
}

TEST(DegradedTest, SheetsSayItOverAllAndWithTheNeed) {
  const MatchReport report = Degraded();
  const std::vector<Table> tables = TablesOf(report, Summarise(report));
  EXPECT_THAT(CsvText(TableOf(tables, "overview")), HasSubstr(std::string("注意,1 项需求：") + kDegraded));
  const Table& needs = TableOf(tables, "needs");
  EXPECT_EQ(needs.columns.back().name, "匹配说明");
  EXPECT_EQ(needs.rows[0].back().text, kDegraded);
  EXPECT_EQ(needs.rows[1].back().text, "");
}

TEST(DegradedTest, JsonSaysItInTheSummaryAndWithTheNeed) {
  const Json json = ReportToJson(Degraded());
  ASSERT_EQ(json["summary"]["degraded"].size(), 1u);
  EXPECT_EQ(json["summary"]["degraded"][0].get<std::string>(), std::string("1 项需求：") + kDegraded);
  EXPECT_EQ(json["needs"][0]["degraded"], kDegraded);
  EXPECT_FALSE(json["needs"][1].contains("degraded"));
}

TEST(ComparisonNoteTest, EveryFormSaysThatTheEarlierReportAskedForSomethingElse) {
  MatchReport report = SampleReport();
  report.comparison.emplace().earlier = "去年.json";
  report.comparison->note = "两份报告的匹配选项不同";
  EXPECT_THAT(RenderHtml(report), HasSubstr("两份报告的匹配选项不同"));
  EXPECT_THAT(PdfTextOf(RenderPdf(report, 0).value()), HasSubstr("两份报告的匹配选项不同"));
  EXPECT_THAT(CsvText(TableOf(TablesOf(report, Summarise(report)), "overview")),
              HasSubstr("与以前的报告相比,两份报告的匹配选项不同"));
  EXPECT_EQ(ReportToJson(report)["comparison"]["note"], "两份报告的匹配选项不同");
}

}  // namespace
}  // namespace dongxi::report
