// The report as PDF.
#include "report/pdf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "report/pdf_document.h"
#include "tests/report/pdf_text.h"
#include "tests/report/sample_report.h"

namespace dongxi::report {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(PdfTest, IsAWholeFileThatEmbedsItsFont) {
  const auto pdf = RenderPdf(SampleReport(), 1763883600);
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  EXPECT_THAT(*pdf, StartsWith("%PDF-1."));
  EXPECT_THAT(*pdf, HasSubstr("NotoSansCJK"));
  EXPECT_THAT(*pdf, HasSubstr("/ToUnicode")) << "else its text cannot be searched";
  EXPECT_THAT(pdf->substr(pdf->size() - 8), HasSubstr("%%EOF"));
}

TEST(PdfTest, TheSameReportAndTimeGiveTheSameBytes) {
  EXPECT_EQ(RenderPdf(SampleReport(), 1763883600).value(), RenderPdf(SampleReport(), 1763883600).value());
}

TEST(PdfTest, ItsTextCanBeExtractedAndEveryNeedBeginsAPage) {
  const MatchReport report = SampleReport();
  const std::string text = PdfTextOf(RenderPdf(report, 0).value());
  for (const char* words : {"老卤提锂收率低", "示例·天津某盐湖化工研究院", "科技援青", "示例数据",
                            "目录里没有这条记录", "创新联合体", "环境条件：高海拔", "建议向需求方提问"}) {
    EXPECT_THAT(text, HasSubstr(words));
  }
  // Cover and overview, contents, three needs.
  EXPECT_GE(std::count(text.begin(), text.end(), '\f'), 5);
  EXPECT_THAT(text, testing::ContainsRegex("第 *1 *页")) << text.substr(0, 2000);
}

int Count(const std::string& text, const std::string& words) {
  int count = 0;
  for (size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
  return count;
}

TEST(PdfTest, SampleDataIsMarkedWhereverItIsNamed) {
  MatchReport report;
  report.needs = {UnmatchedNeed()};
  report.needs[0].need.set_illustrative(true);
  v1::MatchEntry& entry = *report.needs[0].answer.mutable_partners()->mutable_entries(0);
  entry.mutable_evidence(0)->set_illustrative(true);
  report.idle_offers = {{"results/r-9", "闲置的吸附塔", "63", true}};
  const std::string text = PdfTextOf(RenderPdf(report, 0).value());
  EXPECT_EQ(Count(text, "［示例数据］"), 5)
      << "list of the unmatched, contents, heading of the need, evidence, idle offer\n"
      << text;
}

TEST(PdfTest, TheShortFormLeavesOutHowScoresAreMadeAndEvidence) {
  MatchReport report = SampleReport();
  const std::string whole = PdfTextOf(RenderPdf(report, 0).value());
  report.brief = true;
  const std::string brief = PdfTextOf(RenderPdf(report, 0).value());
  for (const char* words : {"得分构成", "盐湖提锂中试项目"}) {
    EXPECT_THAT(whole, HasSubstr(words));
    EXPECT_THAT(brief, Not(HasSubstr(words)));
  }
  for (const char* words : {"示例·天津某盐湖化工研究院", "共有词语", "建议向需求方提问"})
    EXPECT_THAT(brief, HasSubstr(words));
}

// A need with all that there can be to say, at length, and `entries` adequate ones in each list.
NeedMatches LongNeed(int entries) {
  NeedMatches need = MatchedNeed();
  std::string long_text;
  for (int i = 0; i < 200; ++i) long_text += "现有装置能耗高、故障多，亟待改造。";
  need.need.set_description(long_text);
  need.need.set_wanted(long_text);
  for (int i = 0; i < 30; ++i) need.need.add_indicators("能耗降低≥20%，年运行≥7000小时");
  v1::MatchResponse& answer = need.answer;
  for (v1::MatchList* list :
       {answer.mutable_partners(), answer.mutable_experts(), answer.mutable_results()}) {
    const v1::MatchEntry sample = answer.partners().entries(0);
    list->clear_entries();
    for (int i = 0; i < entries; ++i) {
      v1::MatchEntry& entry = *list->add_entries() = sample;
      entry.set_kind(v1::RESULT);
      entry.add_institutions("某大学");
      for (int n = 0; n < 12; ++n)
        entry.add_reasons("共同要点：吸附剂、提锂、老卤、镁锂比、溶损、收率、中试");
    }
  }
  return need;
}

// The pages on which a need begins; each of them must have its end, too.
int NeedPages(const std::string& text) {
  int pages = 0;
  const std::vector<std::string> all = absl::StrSplit(text, '\f');
  for (const std::string& page : all) {
    if (page.find("编号 n-") == std::string::npos) continue;
    ++pages;
    EXPECT_THAT(page, HasSubstr("联系请通过组织方。"));
  }
  return pages;
}

TEST(PdfTest, InTheShortFormANeedIsOnOnePageHoweverLongItsTextsAre) {
  MatchReport report;
  report.needs = {LongNeed(2), MatchedNeed(), LongNeed(2)};
  report.brief = true;
  EXPECT_EQ(NeedPages(PdfTextOf(RenderPdf(report, 0).value())), 3);
}

TEST(PdfTest, InTheShortFormANearMissBesideAdequateEntriesIsToldInShort) {
  MatchReport report;
  report.needs = {MatchedNeed()};
  v1::MatchEntry& near = *report.needs[0].answer.mutable_results()->add_entries();
  near.set_name("results/r-5");
  near.set_kind(v1::RESULT);
  near.set_title("萃取法提锂");
  near.add_institutions("某萃取公司");
  near.add_reasons("共同要点：提锂");
  EXPECT_THAT(PdfTextOf(RenderPdf(report, 0).value()), HasSubstr("某萃取公司"));
  report.brief = true;
  const std::string text = PdfTextOf(RenderPdf(report, 0).value());
  EXPECT_THAT(text, testing::AllOf(HasSubstr("萃取法提锂"), HasSubstr("共同要点：提锂"),
                                   Not(HasSubstr("某萃取公司"))));
  report.needs[0].answer.mutable_results()->mutable_entries(0)->set_adequate(false);
  EXPECT_THAT(PdfTextOf(RenderPdf(report, 0).value()), HasSubstr("某萃取公司")) << "there is nothing better";
}

TEST(PdfTest, SaysWhatThePageOnTheScreenSays) {
  MatchReport report = SampleReport();
  report.needs[0].need.set_source("2025 年需求征集");
  const std::string text = PdfTextOf(RenderPdf(report, 0).value());
  for (const char* words :
       {"匹配时间", "2025-11-23 15:40", "省际对接", "合作方式", "高海拔", "2025 年需求征集", "方案点名"}) {
    EXPECT_THAT(text, HasSubstr(words));
  }
}

TEST(PdfTest, TakesTextsThatTryToBreakIt) {
  MatchReport report = SampleReport();
  report.needs[0].need.set_title(std::string(300, 'W') + "العربية 😀 \x01\x02'\\");
  report.needs[0].need.set_description(std::string(20'000, 'x'));
  EXPECT_TRUE(RenderPdf(report, 0).ok());
}

TEST(PdfTest, EndsBetweenTwoNeedsWhenItIsTold) {
  for (const bool brief : {false, true}) {
    MatchReport report = SampleReport();
    report.brief = brief;
    int asked = 0;
    const auto pdf = RenderPdf(report, 0, [&asked] { return ++asked == 2; });
    EXPECT_TRUE(absl::IsCancelled(pdf.status())) << pdf.status();
    EXPECT_EQ(asked, 2);
  }
}

TEST(PdfTest, AnEmptyReportIsAReport) { EXPECT_TRUE(RenderPdf({}, 0).ok()); }

TEST(PdfDocumentTest, AParagraphRunsOverTheEndOfAPage) {
  const auto pdf = PdfDocument::Create({.title = "t"});
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  EXPECT_EQ((*pdf)->page(), 1);
  std::string text;
  for (int i = 0; i < 3'000; ++i) text += "盐湖提锂";
  (*pdf)->Paragraph(text, {});
  EXPECT_GT((*pdf)->page(), 2);
  EXPECT_TRUE((*pdf)->Finish().ok());
}

TEST(PdfDocumentTest, ACurveThatDoesNotFitBeginsAPage) {
  const auto pdf = PdfDocument::Create({.title = "t"});
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  for (int i = 0; i < 3; ++i) (*pdf)->Curve({{0.1, 0.2}, {0.5, 0.4}, {1, 1}});
  EXPECT_EQ((*pdf)->page(), 1);
  for (int i = 0; i < 2; ++i) (*pdf)->Curve({});
  EXPECT_EQ((*pdf)->page(), 2);
  EXPECT_TRUE((*pdf)->Finish().ok());
}

TEST(PdfTest, OffersThatNobodyNeedsStandBehindTheNeedsAndInTheContents) {
  MatchReport report = SampleReport();
  report.idle_offers = {{"results/r-9", "闲置的吸附塔", "63"}};
  const std::string text = PdfTextOf(RenderPdf(report, 0).value());
  const size_t contents = text.find("附：无人问津的成果、专家和机构");
  ASSERT_NE(contents, std::string::npos);
  const size_t pages = static_cast<size_t>(std::count(text.begin(), text.end(), '\f'));
  EXPECT_THAT(text.substr(contents, text.find('\n', contents) - contents), HasSubstr(std::to_string(pages)));
  EXPECT_GT(text.find("闲置的吸附塔"), text.rfind("匹配结果是推荐"));
}

TEST(PdfDocumentTest, ATableRepeatsItsHeaderOnEveryPage) {
  const auto pdf = PdfDocument::Create({.title = "t"});
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  PdfTable table{.header = {"任务", "签约额"}, .widths = {0.5, 0.5}, .figures = true};
  for (int i = 0; i < 120; ++i) table.rows.push_back({"第" + std::to_string(i) + "项", "120"});
  (*pdf)->Table(table);
  const int pages = (*pdf)->page();
  EXPECT_GT(pages, 1);
  const std::string text = PdfTextOf((*pdf)->Finish().value());
  int headers = 0;
  for (size_t at = text.find("签约额"); at != std::string::npos; at = text.find("签约额", at + 1)) ++headers;
  EXPECT_EQ(headers, pages);
  EXPECT_THAT(text, HasSubstr("第119项"));
}

}  // namespace
}  // namespace dongxi::report
