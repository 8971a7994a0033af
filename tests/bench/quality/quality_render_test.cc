// The three renderings of one report.
#include <algorithm>
#include <sstream>

#include "bench/quality/quality_report.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "pugixml.hpp"

namespace dongxi::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

SystemInput SystemOf(const std::string& name, const std::vector<double>& first,
                     const std::vector<double>& second) {
  SystemInput system = {.name = name};
  system.scores = {
      .measures = {"nDCG@10 pool", "MRR@10"}, .queries = {"q1", "q2"}, .values = {first, second}};
  system.scores.means = {(first[0] + first[1]) / 2, (second[0] + second[1]) / 2};
  system.scores.queries_judged = 3;
  return system;
}

// Two systems, everything filled, texts that try to break out.
QualityReport FullReport() {
  ReportInput input = {.collection = "需求 <集>", .notes = {"note & more"}};
  input.arguments = {{"qrels", "a<b>.txt"}};
  input.texts = {{"q1", {"盐湖卤水提锂", "<script>alert(1)</script>"}},
                 {"q2", {"牦牛\x1b[31m育种", "bad \xFF byte"}}};
  SystemInput base = SystemOf("基线", {0.5, 0.25}, {1, 0.5});
  SystemInput ours = SystemOf("ours \"new\"", {0.75, 0.25}, {1, 1});
  ours.scores.queries_missing = 1;
  ours.exposure = {{"region", 10, Summarise({{"31", 3}, {"63", 1}})}};
  ours.diversity = 0.625;
  ours.calibration = *Calibrate(std::vector<Forecast>{{0.15, false}, {0.95, true}});
  ours.grade_closeness = 0.8;
  input.systems = {base, ours};
  auto report = BuildReport(input);
  EXPECT_TRUE(report.ok()) << report.status();
  return *std::move(report);
}

TEST(RenderTableTest, SaysWhatWasScoredAndCompared) {
  const std::string table = RenderTable(FullReport());
  for (const char* part : {"2 of 3 judged queries scored", "has no answer for 1 of them; these count 0",
                           "note & more", "0.3750", "ours \"new\" against 基线", "+0.1250",
                           "Most lost and most won queries", "intra-list diversity 0.6250", "ECE 0.1000",
                           "1/(1+MAE) of grades 0.8000", "Worst queries of 基线", "盐湖卤水提锂"}) {
    EXPECT_THAT(table, HasSubstr(part));
  }
  EXPECT_THAT(table, Not(HasSubstr("\x1b"))) << "texts must not steer the terminal";
}

TEST(RenderTableTest, ColumnsStayAlignedWithWideNames) {
  std::istringstream lines(RenderTable(FullReport()));
  std::string line;
  while (std::getline(lines, line) && line.find("measure  ") != 0) {
  }
  std::string rule, first;
  std::getline(lines, rule);
  std::getline(lines, first);
  // 基线 is 4 columns and 6 bytes wide, so the header is 2 bytes longer than what stands under it.
  EXPECT_EQ(line.find("95 %"), first.find("[") + 2) << line << "\n" << first;
}

TEST(RenderJsonTest, HoldsEveryValueOfEveryQuery) {
  const auto json = nlohmann::json::parse(RenderJson(FullReport()));
  EXPECT_EQ(json["collection"], "需求 <集>");
  EXPECT_EQ(json["queries_judged"], 3);
  EXPECT_EQ(json["systems"][0]["measures"]["nDCG@10 pool"]["mean"], 0.375);
  EXPECT_EQ(json["systems"][0]["measures"]["MRR@10"]["queries"]["q2"], 0.5);
  EXPECT_EQ(json["systems"][1]["exposure"][0]["by"], "region");
  EXPECT_EQ(json["systems"][1]["calibration"]["bins"].size(), kReliabilityBins);
  EXPECT_EQ(json["systems"][1]["worst"][0]["title"], "牦牛\x1b[31m育种");
  EXPECT_EQ(json["comparisons"][0]["measures"]["nDCG@10 pool"]["queries"]["q1"], 0.25);
  EXPECT_EQ(json["comparisons"][0]["baseline"], "基线");
}

TEST(RenderHtmlTest, IsWellFormedWithItsCharts) {
  const std::string html = RenderHtml(FullReport());
  pugi::xml_document page;
  const pugi::xml_parse_result parsed =
      page.load_string(html.c_str(), pugi::parse_default | pugi::parse_doctype);
  ASSERT_TRUE(parsed) << parsed.description() << " at "
                      << html.substr(std::max<ptrdiff_t>(0, parsed.offset - 40), 80);
  EXPECT_EQ(page.select_nodes("//svg").size(), 3u);  // measures, differences, reliability
  EXPECT_EQ(page.select_nodes("//svg[1]//rect[starts-with(@class, 's')]").size(), 4u);
  EXPECT_EQ(page.select_nodes("//rect[@class='up']").size(), 1u);
  EXPECT_EQ(page.select_nodes("//circle").size(), 2u);
  for (const char* heading :
       {"指标（Metrics）", "与基线比较（Comparison）", "逐条差异（Per-query differences）",
        "覆盖与曝光（Coverage and exposure）", "校准（Calibration）", "最差的查询（Worst queries）"}) {
    EXPECT_THAT(html, HasSubstr(heading));
  }
}

TEST(RenderHtmlTest, EscapesTextsAndLoadsNothing) {
  const std::string html = RenderHtml(FullReport());
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)"));
  EXPECT_THAT(html, HasSubstr("需求 &lt;集&gt;"));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  for (const char* part : {"<script", "src=", "href=", "url(", "http", "\x1b", "\xFF"}) {
    std::string rest = html;
    rest.erase(rest.find("http-equiv"), 10);
    rest.erase(rest.find("default-src"), 11);
    rest.erase(rest.find("style-src"), 9);
    EXPECT_THAT(rest, Not(HasSubstr(part)));
  }
}

TEST(RenderHtmlTest, OneSystemHasNoComparison) {
  ReportInput input = {.collection = "c"};
  input.systems = {SystemOf("only", {1, 0}, {1, 0})};
  const auto report = BuildReport(input);
  ASSERT_TRUE(report.ok());
  EXPECT_THAT(RenderHtml(*report), Not(HasSubstr("Comparison")));
  EXPECT_THAT(RenderTable(*report), Not(HasSubstr("against")));
}

}  // namespace
}  // namespace dongxi::bench
