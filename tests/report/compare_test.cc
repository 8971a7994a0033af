// A report beside an earlier one.
#include "report/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "report/assemble.h"
#include "report/json.h"
#include "tests/report/sample_report.h"

namespace dongxi::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string JsonOf(const MatchReport& report) { return JsonText(ReportToJson(report)); }

// Beside the earlier report that is written so.
absl::StatusOr<Comparison> CompareWith(const MatchReport& report, const std::string& json,
                                       const std::string& name) {
  std::istringstream in(json);
  const absl::StatusOr<EarlierReport> earlier = ReadEarlierReport(in, name);
  if (!earlier.ok()) return earlier.status();
  return Compare(report, *earlier);
}

TEST(CompareTest, TheSameReportHasNoChanges) {
  const auto comparison = CompareWith(SampleReport(), JsonOf(SampleReport()), "去年.json");
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_THAT(comparison->changes, IsEmpty());
  EXPECT_EQ(comparison->unchanged, 3);
  EXPECT_EQ(comparison->earlier_needs, 3);
  EXPECT_EQ(comparison->earlier_matched, 1);
}

TEST(CompareTest, NamesNeedsThatAreNewGoneOrNewlyMatchedWithTheirCandidates) {
  MatchReport earlier = SampleReport();
  earlier.needs.erase(earlier.needs.begin() + 2);  // n-3 is new
  earlier.needs[0].answer.mutable_partners()->mutable_entries(0)->set_adequate(
      false);  // n-1 had its result only
  earlier.needs.push_back(UnmatchedNeed());
  earlier.needs.back().need.set_name("needs/n-9");  // n-9 is gone
  const auto comparison = CompareWith(SampleReport(), JsonOf(earlier), "去年.json");
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  ASSERT_EQ(comparison->changes.size(), 3u);
  EXPECT_EQ(comparison->changes[0].what, "合适的名单有变");
  EXPECT_THAT(comparison->changes[0].gained, ElementsAre("示例·天津某盐湖化工研究院"));
  EXPECT_THAT(comparison->changes[0].gained_names, ElementsAre("institutions/i-1"));
  EXPECT_EQ(comparison->changes[1].what, "新需求");
  EXPECT_EQ(comparison->changes[2].what, "本次没有这项需求");
}

TEST(CompareTest, ANeedThatLostItsMatchesSaysSo) {
  MatchReport now = SampleReport();
  now.needs[0].answer.clear_partners();
  now.needs[0].answer.clear_results();
  const auto comparison = CompareWith(now, JsonOf(SampleReport()), "去年.json");
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  ASSERT_EQ(comparison->changes.size(), 1u);
  EXPECT_EQ(comparison->changes[0].what, "由合适变为未找到");
  EXPECT_EQ(comparison->changes[0].lost.size(), 2u);
}

TEST(CompareTest, ANeedThatCouldNotBeMatchedHasLostNothing) {
  MatchReport now = SampleReport();
  now.needs[0].error = "服务没有应答";
  const auto comparison = CompareWith(now, JsonOf(SampleReport()), "去年.json");
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  ASSERT_EQ(comparison->changes.size(), 1u);
  EXPECT_EQ(comparison->changes[0].what, "本次未能匹配");
  EXPECT_THAT(comparison->changes[0].lost, IsEmpty());
  const auto back = CompareWith(SampleReport(), JsonOf(now), "去年.json");
  ASSERT_TRUE(back.ok()) << back.status();
  ASSERT_EQ(back->changes.size(), 1u);
  EXPECT_EQ(back->changes[0].what, "上次未能匹配");
  EXPECT_EQ(back->changes[0].gained.size(), 2u);
}

// n-1 has as many adequate results as a list of `top` entries holds; the longer list begins as the shorter.
MatchReport WithTop(int top) {
  MatchReport report = SampleReport();
  TellQuestion({}, top, "", &report);
  v1::MatchList& results = *report.needs[0].answer.mutable_results();
  for (int i = results.entries_size(); i < top; ++i) {
    v1::MatchEntry entry = results.entries(0);
    entry.set_name("results/r-more-" + std::to_string(i));
    *results.add_entries() = entry;
  }
  return report;
}

TEST(CompareTest, LongerListsOfTheSameAnswersAreNoChangeButANote) {
  for (const auto& [then, now] : std::vector<std::pair<int, int>>{{3, 6}, {6, 3}}) {
    SCOPED_TRACE(then);
    const auto comparison = CompareWith(WithTop(now), JsonOf(WithTop(then)), "去年.json");
    ASSERT_TRUE(comparison.ok()) << comparison.status();
    EXPECT_THAT(comparison->changes, IsEmpty());
    EXPECT_EQ(comparison->unchanged, 3);
    EXPECT_THAT(comparison->note,
                testing::AllOf(HasSubstr("“每个列表至多 3 条”"), HasSubstr("“每个列表至多 6 条”"),
                               HasSubstr("（合作机构、专家、成果）的前 3 条")));
  }
  EXPECT_EQ(CompareWith(WithTop(3), JsonOf(WithTop(3)), "去年.json")->note, "");
}

TEST(CompareTest, AListThatOnlyOneReportAskedForHasLostAndGainedNothing) {
  MatchReport whole = SampleReport(), results = SampleReport();
  v1::MatchRequest choice;
  choice.add_kinds(v1::RESULT);
  TellQuestion({}, 5, "", &whole);
  TellQuestion(choice, 5, "", &results);
  for (NeedMatches& need : results.needs) {
    need.answer.clear_partners();
    need.answer.clear_experts();
  }
  const auto fewer = CompareWith(results, JsonOf(whole), "去年.json");
  ASSERT_TRUE(fewer.ok()) << fewer.status();
  EXPECT_THAT(fewer->changes, IsEmpty());
  EXPECT_THAT(fewer->note, HasSubstr("以前：无；本次：“列表：成果”"));
  EXPECT_THAT(fewer->note, HasSubstr("只比较两份报告都有的名单（成果）的前 5 条"));
  const auto more = CompareWith(whole, JsonOf(results), "去年.json");
  ASSERT_TRUE(more.ok()) << more.status();
  EXPECT_THAT(more->changes, IsEmpty());
}

TEST(CompareTest, WhatLimitsOfExposureDidIsNoOptionOfTheQuestion) {
  MatchReport now = SampleReport(), earlier = SampleReport();
  now.options = {"每个列表至多 5 条", "各类名单的曝光限额：每家机构至多 1 次", "曝光均衡（成果）：甲"};
  earlier.options = now.options;
  earlier.options.back() = "曝光均衡（成果）：乙";
  EXPECT_EQ(CompareWith(now, JsonOf(earlier), "去年.json")->note, "");
  earlier.options[1] = "各类名单的曝光限额：每家机构至多 2 次";
  EXPECT_THAT(CompareWith(now, JsonOf(earlier), "去年.json")->note, HasSubstr("每家机构至多 2 次"));
}

TEST(CompareTest, AFileThatIsNoReportIsNamed) {
  struct Case {
    const char* name;
    const char* json;
    const char* says;
  };
  const Case cases[] = {
      {"NoJson", "<html>", "不是匹配报告的 JSON（没有 needs 列表）"},
      {"CutShort", R"({"needs": [{"need": {"id": "n-1"}}, {"need": {"id")", "不是匹配报告的 JSON"},
      {"NoObject", "[]", "不是匹配报告的 JSON"},
      {"NoNeeds", "{}", "needs"},
      {"NeedsOfAnotherType", R"({"needs": {"need": {"id": "n-1"}}})", "没有 needs 列表"},
      {"NeedWithoutId", R"({"needs": [{"need": {}}]})", "第 1 项"},
      {"IdOfAnotherType", R"({"needs": [{"need": {"id": "n-1"}}, {"need": {"id": 2}}, 3]})", "第 2 项"},
      {"NoNeedAtAll", R"({"needs": [{"need": {"id": "n-1"}}, {"need": {"id": "n-2"}}, 3]})",
       "第 3 项没有 need.id；文件不完整，请用原来的 report.json"}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto comparison = CompareWith(SampleReport(), c.json, "去年.json");
    ASSERT_FALSE(comparison.ok());
    EXPECT_THAT(std::string(comparison.status().message()),
                testing::AllOf(HasSubstr("去年.json"), HasSubstr(c.says)));
  }
}

// As jq -S writes it: what was asked comes after what was found.
TEST(CompareTest, TheOrderOfTheKeysInTheFileDoesNotMatter) {
  const MatchReport now = WithTop(3);
  const std::string sorted = nlohmann::json::parse(JsonOf(WithTop(6))).dump();
  ASSERT_GT(sorted.find("\"top\":6"), sorted.find("\"needs\":[{"));
  const auto comparison = CompareWith(now, sorted, "去年.json");
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_EQ(comparison->note, CompareWith(now, JsonOf(WithTop(6)), "去年.json")->note);
  EXPECT_THAT(comparison->changes, IsEmpty());
}

// One that does not say what it asked for: all of its lists are taken, whatever stands in them besides.
TEST(CompareTest, AReportOfAnEarlierVersionIsComparedWhole) {
  nlohmann::json earlier = nlohmann::json::parse(JsonOf(SampleReport()));
  for (const char* key : {"lists", "top", "options", "comparison"}) earlier.erase(key);
  earlier["needs"][0]["partners"].push_back("words");
  earlier["needs"][0]["consortium"] = {{"need", {{"id", "n-7"}}}};
  const auto comparison = CompareWith(SampleReport(), earlier.dump(), "前年.json");
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_THAT(comparison->changes, IsEmpty());
  EXPECT_EQ(comparison->earlier_needs, 3);
  EXPECT_EQ(comparison->earlier_matched, 1);
}

}  // namespace
}  // namespace dongxi::report
