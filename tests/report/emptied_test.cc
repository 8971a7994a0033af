// What every form of the report says of a need whose lists limits of exposure emptied.
#include "report/emptied.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>
#include <string>

#include "report/compare.h"
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
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kInstitutionCap[] = "每家机构至多 1 次";
constexpr char kExpertCap[] = "每位专家至多 2 项";

// n-1 as it was matched; n-2, which has near misses only, once without and once with emptied lists: a match
// had partners and experts that limits took away. It has the plain title "冬季种羊棚保温".
MatchReport Plain() {
  MatchReport report = SampleReport();
  report.needs.resize(2);
  report.needs[1].need.set_title("冬季种羊棚保温");
  return report;
}
MatchReport Emptied() {
  MatchReport report = Plain();
  report.needs[1].emptied = {{v1::INSTITUTION, {kInstitutionCap}}, {v1::EXPERT, {kExpertCap}}};
  report.needs[1].answer.mutable_partners()->set_no_adequate_match(false);
  report.needs[1].answer.mutable_experts()->set_no_adequate_match(false);
  return report;
}
// n-1 keeps its results and lost its partners to a limit.
MatchReport PartlyEmptied() {
  MatchReport report = Plain();
  report.needs[0].answer.mutable_partners()->mutable_entries()->DeleteSubrange(0, 1);
  report.needs[0].emptied = {{v1::INSTITUTION, {kInstitutionCap}}};
  return report;
}

std::string TextOf(const pugi::xml_node& node) {
  std::string text;
  struct Walker : pugi::xml_tree_walker {
    std::string* out = nullptr;
    bool for_each(pugi::xml_node& one) override {
      *out += one.value();
      return true;
    }
  } walker;
  walker.out = &text;
  pugi::xml_node copy = node;
  copy.traverse(walker);
  return text;
}

pugi::xml_document Page(const MatchReport& report) {
  const std::string html = RenderHtml(report);
  pugi::xml_document document;
  EXPECT_TRUE(document.load_buffer(html.data(), html.size(), pugi::parse_default | pugi::parse_doctype));
  return document;
}

const Table& TableOf(const std::vector<Table>& tables, const std::string& file) {
  const auto found =
      std::find_if(tables.begin(), tables.end(), [&](const Table& table) { return table.file == file; });
  EXPECT_NE(found, tables.end()) << file;
  return *found;
}

std::string At(const Table& table, size_t row, const std::string& column) {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == column) return table.rows.at(row).at(i).text;
  }
  ADD_FAILURE() << "no column " << column;
  return "";
}

TEST(EmptiedTest, TheFiguresKeepItApartFromNeedsWithoutAnyGoodOffer) {
  const Overview plain = Summarise(Plain()), emptied = Summarise(Emptied());
  EXPECT_EQ(plain.total.unmatched, 1);
  EXPECT_EQ(plain.total.unmatched_by_limit, 0);
  EXPECT_THAT(plain.unmatched, ElementsAre(1u));
  EXPECT_EQ(emptied.total.unmatched, 0);
  EXPECT_EQ(emptied.total.unmatched_by_limit, 1);
  EXPECT_THAT(emptied.unmatched, IsEmpty());
  EXPECT_THAT(emptied.unmatched_by_limit, ElementsAre(1u));
  EXPECT_EQ(Summarise(PartlyEmptied()).total.matched, 1) << "another list still has an adequate entry";
}

TEST(EmptiedTest, HtmlNamesTheLimitOverTheListInTheContentsAndInTheOverview) {
  const pugi::xml_document page = Page(Emptied());
  const pugi::xpath_node_set notes = page.select_nodes("//article[@id='need-2']//p[@class='nomatch']");
  ASSERT_EQ(notes.size(), 3u);
  EXPECT_EQ(TextOf(notes[0].node()),
            "有合适的候选，因限额（每家机构至多 1 次）未列出，以下是其余接近的候选，供人工研判。");
  EXPECT_EQ(TextOf(notes[1].node()),
            "有合适的候选，因限额（每位专家至多 2 项）未列出，也没有其余接近的候选。");
  EXPECT_EQ(TextOf(notes[2].node()), "未找到合适匹配，也没有接近的候选。") << "results: no limit's doing";
  const std::string row = TextOf(page.select_node("//nav[@id='contents']//tr[@data-row='need-2']").node());
  EXPECT_THAT(row, HasSubstr("限额限额—"));
  EXPECT_THAT(TextOf(page.select_node("//nav[@id='contents']").node()), HasSubstr("“限额”表示"));
  const std::string overview = TextOf(page.select_node("//section[@id='overview']").node());
  EXPECT_THAT(overview, HasSubstr("有合适候选、因限额未列出的需求（1）"));
  EXPECT_THAT(
      overview,
      HasSubstr("冬季种羊棚保温（陕西西安）：合作机构（每家机构至多 1 次）、专家（每位专家至多 2 项）"));
  EXPECT_THAT(overview, Not(HasSubstr("未找到合适匹配的需求")));
}

TEST(EmptiedTest, HtmlOfAReportWithoutEmptiedListsSpeaksOfNoLimit) {
  EXPECT_THAT(RenderHtml(Plain()), Not(HasSubstr("限额")));
  EXPECT_THAT(RenderHtml(Plain()), HasSubstr("未找到合适匹配的需求（1）"));
}

TEST(EmptiedTest, PdfNamesTheLimitOverTheListAndInTheOverview) {
  const std::string text = PdfTextOf(RenderPdf(Emptied(), 0).value());
  EXPECT_THAT(text, AllOf(HasSubstr("有合适的候选，因限额（每家机构至多 1 次）未列出，以下是其余接近的候选"),
                          HasSubstr("有合适的候选，因限额（每位专家至多 2 项）未列出"),
                          HasSubstr("有合适候选、因限额未列出的需求（1）"), HasSubstr("因限额未列出")));
  EXPECT_THAT(text, Not(HasSubstr("未找到合适匹配的需求")));
  EXPECT_THAT(PdfTextOf(RenderPdf(Plain(), 0).value()), Not(HasSubstr("限额")));
}

TEST(EmptiedTest, TablesNameTheLimitWithTheNeedAndInTheListOfTheUnmatched) {
  const MatchReport report = Emptied();
  const std::vector<Table> tables = TablesOf(report, Summarise(report));
  EXPECT_EQ(At(TableOf(tables, "needs"), 0, "因限额未列出合适候选的名单"), "");
  EXPECT_EQ(At(TableOf(tables, "needs"), 1, "因限额未列出合适候选的名单"),
            "合作机构（每家机构至多 1 次）、专家（每位专家至多 2 项）");
  const Table& unmatched = TableOf(tables, "unmatched");
  ASSERT_EQ(unmatched.rows.size(), 1u);
  EXPECT_EQ(At(unmatched, 0, "原因"),
            "有合适的候选，因限额未列出：合作机构（每家机构至多 1 次）、专家（每位专家至多 2 项）");
  EXPECT_THAT(CsvText(unmatched), Not(HasSubstr("没有候选达到合适的标准")));
  EXPECT_THAT(CsvText(TableOf(tables, "overview")),
              AllOf(HasSubstr("未找到合适匹配,0"), HasSubstr("有合适候选、因限额未列出,1")));
  const MatchReport plain = Plain();
  EXPECT_EQ(At(TableOf(TablesOf(plain, Summarise(plain)), "unmatched"), 0, "原因"), "没有候选达到合适的标准");
}

TEST(EmptiedTest, JsonNamesTheListsAndTheirLimitsAndCountsTheNeedApart) {
  const Json json = ReportToJson(Emptied());
  EXPECT_EQ(json["summary"]["no_adequate_match"], 0);
  EXPECT_EQ(json["summary"]["unmatched_by_limit"], 1);
  EXPECT_EQ(json["unmatched"], Json::array());
  EXPECT_EQ(json["unmatched_by_limit"], Json({"n-2"}));
  EXPECT_FALSE(json["needs"][0].contains("emptied_by_limit"));
  EXPECT_EQ(json["needs"][1]["emptied_by_limit"],
            (Json{{"partners", {kInstitutionCap}}, {"experts", {kExpertCap}}}));
}

std::string WhatChanged(const MatchReport& now, const MatchReport& earlier) {
  std::istringstream json(JsonText(ReportToJson(earlier)));
  const absl::StatusOr<EarlierReport> before = ReadEarlierReport(json, "去年.json");
  if (!before.ok()) return std::string(before.status().message());
  const Comparison comparison = Compare(now, *before);
  return comparison.changes.empty() ? "" : comparison.changes[0].what;
}

// n-2 with an adequate partner.
MatchReport Found() {
  MatchReport report = Plain();
  report.needs[1].answer.mutable_partners()->mutable_entries(0)->set_adequate(true);
  return report;
}

TEST(EmptiedTest, TheComparisonSaysThatALimitTookTheCandidatesAndNotThatNoneWasFound) {
  const MatchReport plain = Plain(), emptied = Emptied(), found = Found(), partly = PartlyEmptied();
  struct Case {
    const char* name;
    const MatchReport &earlier, &now;
    const char* says;
  };
  const Case cases[] = {
      {"Taken", found, emptied,
       "由合适变为因限额未列出：合作机构（每家机构至多 1 次）、专家（每位专家至多 2 项）"},
      {"FoundAgain", emptied, found, "由因限额未列出变为合适"},
      {"NoneBefore", plain, emptied,
       "由未找到变为因限额未列出：合作机构（每家机构至多 1 次）、专家（每位专家至多 2 项）"},
      {"NoneAnyMore", emptied, plain, "由因限额未列出变为未找到"},
      {"Both", emptied, emptied, ""},
      {"OneList", plain, partly, "合适的名单有变；因限额未列出：合作机构（每家机构至多 1 次）"},
      {"OneListBoth", partly, partly, ""},
      {"NoLimit", found, plain, "由合适变为未找到"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(WhatChanged(c.now, c.earlier), c.says);
  }
}

TEST(EmptiedTest, ANewNeedThatALimitEmptiedSaysSoInTheComparison) {
  MatchReport earlier = Emptied();
  earlier.needs.pop_back();
  EXPECT_THAT(WhatChanged(Emptied(), earlier), HasSubstr("新需求；因限额未列出：合作机构"));
}

}  // namespace
}  // namespace dongxi::report
