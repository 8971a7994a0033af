#include "report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "tests/report/sample_report.h"

namespace dongxi::report {
namespace {

using testing::HasSubstr;
using testing::Not;

// The page read as XML: what a hostile text opened would not be closed.
pugi::xml_document Parse(const std::string& html) {
  pugi::xml_document document;
  const pugi::xml_parse_result result =
      document.load_buffer(html.data(), html.size(), pugi::parse_default | pugi::parse_doctype);
  EXPECT_TRUE(result) << result.description()
                      << " at: " << html.substr(static_cast<size_t>(result.offset), 120);
  return document;
}

std::string NeedText(const pugi::xml_document& page, const std::string& id) {
  const pugi::xml_node need =
      page.find_node([&](pugi::xml_node node) { return node.attribute("id").value() == id; });
  std::string text;
  struct Walker : pugi::xml_tree_walker {
    std::string* out = nullptr;
    bool for_each(pugi::xml_node& node) override {
      *out += node.value();
      return true;
    }
  } walker;
  walker.out = &text;
  pugi::xml_node copy = need;
  copy.traverse(walker);
  return text;
}

TEST(RenderHtmlTest, IsWellFormedWhateverTheTextsSay) { Parse(RenderHtml(SampleReport())); }

TEST(RenderHtmlTest, ShowsMarkupOfTheRecordsAsText) {
  const std::string html = RenderHtml(SampleReport());
  const pugi::xml_document page = Parse(html);
  EXPECT_EQ(page.select_nodes("//script").size(), 1u) << "only our own";
  EXPECT_EQ(page.select_nodes("//img").size(), 0u);
  EXPECT_THAT(NeedText(page, "need-2"), HasSubstr("<script>alert('需求')</script>"));
  EXPECT_THAT(NeedText(page, "need-2"), HasSubstr("\"><img src=x onerror=alert(1)>"));
  EXPECT_THAT(html, HasSubstr("<title>供需匹配报告 &lt;2025&gt;</title>"));
}

TEST(RenderHtmlTest, TheShortFormIsMarkedForThePrinterAndTellsLittleOfNearMisses) {
  MatchReport report = SampleReport();
  v1::MatchList& results = *report.needs[0].answer.mutable_results();
  v1::MatchEntry& near = *results.add_entries() = results.entries(0);
  near.set_adequate(false);
  near.set_title("萃取法提锂");
  near.clear_institutions();
  near.add_institutions("某萃取公司");
  const std::string whole = RenderHtml(report);
  EXPECT_THAT(whole, Not(HasSubstr("<html lang=\"zh-CN\" class=\"brief\">")));
  EXPECT_THAT(whole, HasSubstr("某萃取公司"));
  report.brief = true;
  const std::string brief = RenderHtml(report);
  Parse(brief);
  EXPECT_THAT(brief, HasSubstr("<html lang=\"zh-CN\" class=\"brief\">")) << "the script fits needs to pages";
  EXPECT_THAT(brief, HasSubstr("萃取法提锂"));
  EXPECT_THAT(brief, Not(HasSubstr("某萃取公司")));
}

TEST(RenderHtmlTest, LoadsNothingFromElsewhere) {
  const std::string html = RenderHtml(SampleReport());
  for (const char* loader : {"http://", "https://", "src=\"", "@import", "url(", "<link"}) {
    EXPECT_THAT(html, Not(HasSubstr(loader)));
  }
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
}

TEST(RenderHtmlTest, MarksMatchedTermsInTheNeedAndInTheReasons) {
  const std::string html = RenderHtml(SampleReport());
  EXPECT_THAT(html, HasSubstr("老卤<mark>提锂</mark>收率低"));
  EXPECT_THAT(html, HasSubstr("低溶损<mark>吸附剂</mark>和配套工艺"));
  EXPECT_THAT(html, HasSubstr("现有<mark>吸附剂</mark>溶损大"));
  EXPECT_THAT(html, HasSubstr("共有词语：<mark>吸附剂</mark>、<mark>提锂</mark>"));
  EXPECT_THAT(html, Not(HasSubstr("<mark>高</mark>")));
}

TEST(RenderHtmlTest, SaysWhatTheNeedSaysInChinese) {
  const std::string text = NeedText(Parse(RenderHtml(SampleReport())), "need-1");
  for (const char* words :
       {"某盐湖企业", "青海海西州", "联合攻关、成果转化", "TRL 7 以上", "高海拔、干旱", "600 万元",
        "2027-10-31", "锂收率≥80%", "科技援青", "3.2 盐湖产业", "86%", "不属于各项任务"}) {
    EXPECT_THAT(text, HasSubstr(words));
  }
}

TEST(RenderHtmlTest, ShowsTheConsortiumWhatStaysOpenAndTheQuestion) {
  const std::string text = NeedText(Parse(RenderHtml(SampleReport())), "need-1");
  for (const char* words : {"创新联合体", "2 个成员覆盖 4 项要素中的 3 项；已证明没有更省的组合",
                            "某膜 <b>浓缩</b> 工艺", "考核指标：锂收率 ≥80%；产品：低溶损吸附剂",
                            "未覆盖环境条件：高海拔", "建议向需求方提问对“年溶损”"}) {
    EXPECT_THAT(text, HasSubstr(words));
  }
  EXPECT_THAT(NeedText(Parse(RenderHtml(SampleReport())), "need-2"), Not(HasSubstr("创新联合体")));
}

TEST(RenderHtmlTest, ExplainsAnEntry) {
  const std::string text = NeedText(Parse(RenderHtml(SampleReport())), "need-1");
  for (const char* words : {"示例·天津某盐湖化工研究院", "天津", "得分 1.420", "需求覆盖度 64%", "词语 0.520",
                            "政策 0.250", "成熟度 -0.060", "方案点名",
                            "深化青海与天津、山东、安徽、重庆等省市合作", "盐湖提锂中试项目（30%）"}) {
    EXPECT_THAT(text, HasSubstr(words));
  }
}

TEST(RenderHtmlTest, QuotesASentenceOfThePlanOnceANeed) {
  MatchReport report = SampleReport();
  v1::MatchResponse& answer = report.needs[0].answer;
  *answer.mutable_results()->mutable_entries(0)->mutable_policy_reason() =
      answer.partners().entries(0).policy_reason();
  const std::string html = RenderHtml(report);
  EXPECT_EQ(html.find("<q>深化青海与天津"), html.rfind("<q>深化青海与天津"));
  EXPECT_THAT(html, HasSubstr("原文同上"));
}

TEST(RenderHtmlTest, ResolvesInstitutionsBehindAResult) {
  EXPECT_THAT(RenderHtml(SampleReport()), HasSubstr("所属机构</span>示例·天津某盐湖化工研究院"));
}

TEST(RenderHtmlTest, DrawsOneBarAnEntryWithPositivePartsOnlyAndInsideIt) {
  const pugi::xml_document page = Parse(RenderHtml(SampleReport()));
  const pugi::xpath_node_set bars = page.select_nodes("//article[@id='need-1']//svg");
  ASSERT_EQ(bars.size(), 2u) << "an entry without parts has none";
  double end = 0;
  int parts = 0;
  for (const pugi::xml_node rect : bars[0].node().children("rect")) {
    if (std::string(rect.attribute("class").value()) == "ground") continue;
    EXPECT_NEAR(rect.attribute("x").as_double(), end, 0.02) << "parts touch";
    end = rect.attribute("x").as_double() + rect.attribute("width").as_double();
    ++parts;
  }
  EXPECT_EQ(parts, 3);
  EXPECT_NEAR(end, 240, 0.02) << "the best entry fills the bar";
}

TEST(RenderHtmlTest, EveryPartOfAScoreHasAColour) {
  MatchReport report = SampleReport();
  v1::MatchEntry& entry = *report.needs[0].answer.mutable_partners()->mutable_entries(0);
  const std::vector<std::string> parts = {"lexical", "semantic", "feedback", "learned",
                                          "policy",  "mode",     "maturity", "condition"};
  entry.clear_score_parts();
  for (const std::string& part : parts) {
    v1::ScorePart& one = *entry.add_score_parts();
    one.set_part(part);
    one.set_contribution(0.1);
  }
  const std::string html = RenderHtml(report);
  for (const std::string& part : parts) {
    EXPECT_THAT(html, HasSubstr("<span class=\"part-" + part + "\">"));
    EXPECT_THAT(html, HasSubstr(".part-" + part + " { --part: #"));
  }
}

TEST(RenderHtmlTest, ALongNameInAChartIsShortenedAndWholeInItsTitle) {
  MatchReport report = SampleReport();
  report.needs[0].need.add_fields("高原特色农畜产品精深加工与冷链物流");
  report.needs[0].need.add_fields("Internet of Things");
  const std::string html = RenderHtml(report);
  Parse(html);
  EXPECT_THAT(html,
              HasSubstr("<title>高原特色农畜产品精深加工与冷链物流</title>高原特色农畜产品精深加工…</text>"));
  EXPECT_THAT(html, HasSubstr("<title>Internet of Things</title>Internet of Things</text>"));
  EXPECT_THAT(html, HasSubstr("<title>盐湖化工</title>盐湖化工</text>"));
}

TEST(RenderHtmlTest, BadgesEverySampleRecord) {
  const pugi::xml_document page = Parse(RenderHtml(SampleReport()));
  EXPECT_EQ(page.select_nodes("//article[@id='need-1']/h2/span[@class='badge']").size(), 1u);
  EXPECT_EQ(page.select_nodes("//article[@id='need-1']//p[@class='line']/span[@class='badge']").size(), 2u)
      << "the entry, and the member of the consortium that it is";
  EXPECT_EQ(page.select_nodes("//article[@id='need-1']//p[@class='evidence']/span[@class='badge']").size(),
            1u);
  EXPECT_EQ(page.select_nodes("//article[@id='need-2']//span[@class='badge']").size(), 0u);
  EXPECT_EQ(page.select_nodes("//section[@id='overview']//td/span[@class='badge']").size(), 1u)
      << "an institution";
}

TEST(RenderHtmlTest, SaysWhenNothingIsAdequateAndShowsNearMisses) {
  const pugi::xml_document page = Parse(RenderHtml(SampleReport()));
  const pugi::xpath_node_set notes = page.select_nodes("//article[@id='need-2']//p[@class='nomatch']");
  ASSERT_EQ(notes.size(), 3u);
  EXPECT_STREQ(notes[0].node().child("b").text().get(), "未找到合适匹配");
  EXPECT_THAT(NeedText(page, "need-2"), HasSubstr("以下是最接近的候选"));
  EXPECT_THAT(NeedText(page, "need-2"), HasSubstr("也没有接近的候选"));
}

TEST(RenderHtmlTest, SaysWhyANeedCouldNotBeMatched) {
  const std::string text = NeedText(Parse(RenderHtml(SampleReport())), "need-3");
  EXPECT_THAT(text, HasSubstr("只有一句话的需求"));
  EXPECT_THAT(text, HasSubstr("目录里没有这条记录"));
}

TEST(RenderHtmlTest, LinksEveryRowOfTheContentsToItsNeed) {
  const pugi::xml_document page = Parse(RenderHtml(SampleReport()));
  const pugi::xpath_node_set links = page.select_nodes("//nav[@id='contents']//a");
  ASSERT_EQ(links.size(), 3u);
  for (const pugi::xpath_node& link : links) {
    const std::string target = std::string(link.node().attribute("href").value()).substr(1);
    const std::string query = "//article[@id='" + target + "']";
    EXPECT_EQ(page.select_nodes(query.c_str()).size(), 1u) << target;
  }
}

TEST(RenderHtmlTest, NamesWhatItWasMadeFrom) {
  const std::string html = RenderHtml(SampleReport());
  for (const char* words :
       {"generations/00007", "目录序号 419", "lsa-256", "14-5-2022+1a2b", "2025-11-23 15:40（北京时间）"}) {
    EXPECT_THAT(html, HasSubstr(words));
  }
  EXPECT_THAT(html, Not(HasSubstr("匹配期间数据换了版本")));
}

TEST(RenderHtmlTest, SaysWhenTheGenerationChangedOnTheWay) {
  MatchReport report = SampleReport();
  report.needs[1].answer.mutable_provenance()->set_generation("generations/00008");
  EXPECT_THAT(RenderHtml(report), HasSubstr("匹配期间数据换了版本"));
}

TEST(RenderHtmlTest, OfNoNeedIsStillAPage) {
  const std::string html = RenderHtml(MatchReport{});
  Parse(html);
  EXPECT_THAT(html, HasSubstr("<h1>供需匹配报告</h1>"));
}

TEST(RenderHtmlTest, SameReportSameBytes) {
  EXPECT_EQ(RenderHtml(SampleReport()), RenderHtml(SampleReport()));
}

}  // namespace
}  // namespace dongxi::report
