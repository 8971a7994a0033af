// Which options of dongxi stats its subcommands apply, against a real server: what a paper names in its head
// is what its figures, problems and cases follow, and what would not be followed is refused.
#include "tests/server/statistics_fixture.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class StatsOptionsTest : public StatisticsServiceTest {
 protected:
  std::string Folder() const { return (folder_.path() / "报告").string(); }
  int Report(std::vector<std::string> more) {
    std::vector<std::string> arguments = {"stats",  "report",     "--period", "2025",
                                          "--date", "2026-12-15", "--out",    Folder()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Dongxi(arguments);
  }
  nlohmann::json Evaluation() const {
    return nlohmann::json::parse(*ReadFile(Folder() + "/evaluation.json", 1 << 24));
  }
  std::set<std::string> Unserved() const {
    std::set<std::string> codes;
    const nlohmann::json json = Json();  // outlives the loop over a part of it
    for (const auto& region : json["unserved_regions"]) codes.insert(region["region"].get<std::string>());
    return codes;
  }
  std::set<std::string> Headings() const {
    std::set<std::string> headings;
    const nlohmann::json json = Evaluation();
    for (const auto& problem : json["problems"]) headings.insert(problem["heading"].get<std::string>());
    return headings;
  }
  std::string Page() const { return *ReadFile(Folder() + "/绩效评估报告.html", 1 << 24); }
};

TEST_F(StatsOptionsTest, WhatASubcommandDoesNotApplyIsRefusedByNameWithTheRemedy) {
  struct Case {
    std::vector<std::string> arguments;
    std::vector<const char*> said;
  };
  const Case cases[] = {
      {{"stats", "gaps", "--task", "3.1", "--field", "钾肥"},
       {"--task、--field 不适用于 dongxi stats gaps", "dongxi stats report"}},
      {{"stats", "gaps", "--simulated", "only"}, {"--simulated 不适用于 dongxi stats gaps"}},
      {{"stats", "signing", "--mode", "转让"}, {"--mode 不适用于 dongxi stats signing", "本来就更可能签约"}},
      {{"stats", "signing", "--xlsx", "a.xlsx"}, {"--xlsx 不适用于 dongxi stats signing"}},
      {{"stats", "report", "--out", Folder(), "--by", "年份"},
       {"--by 不适用于 dongxi stats report", "dongxi stats"}},
      {{"stats", "report", "--out", Folder(), "--json"}, {"--json 不适用于 dongxi stats report"}},
      {{"stats", "report", "--out", Folder(), "--gaps", "--task", "3.1"},
       {"--gaps 不能和 --task 同用", "dongxi stats gaps"}},
      {{"stats", "open", "--figure", "签约", "--html", "a.html"}, {"--html 不适用于 dongxi stats open"}},
      {{"stats", "open", "--figure", "签约", "--by", "任务"}, {"--by 要和 --key 同用"}},
      {{"stats", "open", "--figure", "会谈", "--duration"}, {"--duration 要和 --to 同用", "--to 签约"}},
      {{"stats", "open", "--figure", "签约", "--by", "任务", "--by", "年份", "--key", "3.2"},
       {"--by 只写一个"}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Dongxi(c.arguments), 2) << c.said[0];
    for (const char* words : c.said) EXPECT_THAT(err_, HasSubstr(words));
  }
}

TEST_F(StatsOptionsTest, TheReportOfATaskTellsOfThatTaskAloneAndNamesIt) {
  // Signed, registered, paid and accepted; and another contract that nothing came of.
  ASSERT_EQ(Import(kLife), 0);
  ASSERT_EQ(Import("n-lithium,institutions/bj,签约,2025-01-10,50,,,,典型案例,某厅,3.1,\n"), 0)
      << out_ << err_;
  ASSERT_EQ(Report({"--region", "63"}), 0) << err_;
  EXPECT_THAT(Page(), HasSubstr("签约后未登记技术合同"));
  ASSERT_EQ(Evaluation()["cases"].size(), 2u);
  ASSERT_EQ(Report({"--region", "63", "--task", "3.2"}), 0) << err_;
  EXPECT_THAT(Page(), HasSubstr("青海东西部科技合作绩效评估报告（2025年，任务 3.2）"));
  EXPECT_THAT(Page(), HasSubstr("评估范围：青海（需求方所在省区），任务 3.2"));
  EXPECT_THAT(Page(), Not(HasSubstr("签约后未登记技术合同")));
  EXPECT_EQ(Evaluation()["cases"].size(), 1u);
  EXPECT_EQ(Evaluation()["conditions"], "任务 3.2");
  ASSERT_EQ(Report({"--region", "63", "--task", "3.1"}), 0) << err_;
  EXPECT_THAT(Page(), HasSubstr("签约后未登记技术合同"));
  EXPECT_EQ(Evaluation()["cases"].size(), 1u);
}

TEST_F(StatsOptionsTest, APeriodThatRunsOnTheDateIsComparedWithTheSameDaysAlone) {
  ASSERT_EQ(Import("n-lithium,results/r-lithium,会谈,2024-02-10,,,,,,某厅,,\n"
                   "n-lithium,results/r-lithium,会谈,2024-10-10,,,,,,某厅,,\n"
                   "n-lithium,results/r-lithium,会谈,2024-11-10,,,,,,某厅,,\n"
                   "n-lithium,results/r-lithium,会谈,2025-02-12,,,,,,某厅,,\n"
                   "n-lithium,results/r-lithium,会谈,2025-05-12,,,,,,某厅,,\n"),
            0)
      << out_;
  const auto page_of = [this](const char* date) {
    EXPECT_EQ(Dongxi({"stats", "report", "--period", "2025", "--date", date, "--out", Folder()}), 0) << err_;
    return Page();
  };
  EXPECT_THAT(page_of("2026-01-15"), HasSubstr("与2024年相比，会谈 -33.3%"));
  const std::string running = page_of("2025-03-01");
  EXPECT_THAT(running, HasSubstr("本期未完，统计至3月1日，同比同期（2024年1月1日至3月1日）"));
  EXPECT_THAT(running, HasSubstr("会谈 1 次（同比持平）"));
  EXPECT_THAT(running, Not(HasSubstr("同比下降")));
}

TEST_F(StatsOptionsTest, APeriodThatLiesAheadIsComparedWithNothing) {
  ASSERT_EQ(Dongxi({"stats", "--period", "2099", "--json"}), 0) << err_;
  EXPECT_EQ(Json()["period_note"], "本期尚未开始，不作同比");
  EXPECT_FALSE(Json()["total"].contains("earlier"));
  ASSERT_EQ(Dongxi({"stats", "--period", "2099", "--csv"}), 0) << err_;
  EXPECT_THAT(err_, HasSubstr("本期尚未开始"));
  EXPECT_EQ(Dongxi({"stats", "report", "--date", "明天", "--out", Folder()}), 2);
  EXPECT_THAT(err_, HasSubstr("--date 的值“明天”不对"));
}

TEST_F(StatsOptionsTest, ADateBeforeThePeriodIsRefusedAndItsFirstDayIsNot) {
  ASSERT_EQ(Import("n-lithium,results/r-lithium,会谈,2025-05-12,,,,,,某厅,,\n"), 0) << out_;
  const auto report = [this](const char* date) {
    return Dongxi({"stats", "report", "--period", "2025", "--date", date, "--out", Folder()});
  };
  EXPECT_EQ(report("2024-12-31"), 2);
  EXPECT_THAT(err_, HasSubstr("--date 的值“2024-12-31”不对：早于评估期的第一天 2025-01-01"));
  ASSERT_EQ(report("2025-01-01"), 0) << err_;
  EXPECT_EQ(Evaluation()["statistics"]["total"]["figures"]["met"]["entries"], 0);
}

TEST_F(StatsOptionsTest, ARegionIsFoundByItsCodeWithAllItsDigitsToo) {
  ASSERT_EQ(Import(kLife), 0);
  for (const char* code : {"63", "6300", "630000"}) {
    SCOPED_TRACE(code);
    ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--region", code, "--json"}), 0) << err_;
    EXPECT_EQ(Json()["total"]["figures"]["signed"]["entries"], 1);
    ASSERT_EQ(Report({"--region", code}), 0) << err_;
    EXPECT_EQ(Evaluation()["cases"].size(), 1u);
    EXPECT_EQ(Evaluation()["region"], "63");
    ASSERT_EQ(Dongxi({"stats", "gaps", "--period", "2020-2030", "--region", code, "--json"}), 0) << err_;
    EXPECT_GT(Json()["needs"].get<int64_t>(), 0);
    ASSERT_EQ(Dongxi({"engage", "list", "--region", code, "--csv"}), 0) << err_;
    EXPECT_THAT(out_, HasSubstr("results/r-lithium"));
  }
}

TEST_F(StatsOptionsTest, AChannelIsChosenByItsNameAndAnUnknownOneIsRefusedWithThoseThatThereAre) {
  ASSERT_EQ(Import(kLife), 0);
  for (const char* channel : {"科技援青", "keji-yuanqing"}) {
    ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--channel", channel, "--json"}), 0) << err_;
    EXPECT_EQ(Json()["total"]["figures"]["signed"]["entries"], 1) << channel;
    EXPECT_EQ(Json()["scope"], "全部需求地区，通道 科技援青") << channel;
  }
  ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--channel", "无对应通道", "--json"}), 0) << err_;
  EXPECT_EQ(Json()["total"]["figures"]["signed"]["entries"], 0);
  EXPECT_EQ(Json()["scope"], "全部需求地区，无对应通道");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"stats", "--period", "2025", "--channel", "科技援清"},
        {"stats", "open", "--period", "2025", "--figure", "签约", "--channel", "科技援清"},
        {"engage", "list", "--channel", "科技援清"}}) {
    EXPECT_EQ(Dongxi(command), 1) << command[0];
    EXPECT_THAT(err_, HasSubstr("科技援清"));
    EXPECT_THAT(err_, HasSubstr("keji-yuanqing（科技援青）"));
  }
}

TEST_F(StatsOptionsTest, CodesOfCountiesAreFoundBehindNumbersAndLinesWithoutOneAreNamed) {
  const std::string counties =
      File("县.csv", "序号,代码,年份\r\n1,632521,2025\r\n2025,632621000000\r\n\r\n3,兴海县\r\n1000,5425\r\n");
  ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--counties", counties, "--json"}), 0) << err_;
  std::set<std::string> unserved;
  const auto json = Json();  // outlives the loop over a part of it
  for (const auto& region : json["unserved_regions"]) unserved.insert(region["region"]);
  for (const char* code : {"632521", "632621", "5425"}) EXPECT_TRUE(unserved.contains(code)) << code;
  EXPECT_THAT(err_, HasSubstr("县.csv：第 1、5 行没有 4 位或 6 位的行政区划代码"));
  EXPECT_EQ(Dongxi({"stats", "--period", "2025", "--counties", File("无.csv", "1,兴海县\n")}), 2);
  EXPECT_THAT(err_, HasSubstr("没有行政区划代码"));
}

TEST_F(StatsOptionsTest, FilledUpCodesOfCountiesAreTheirPrefectureAndProvincesAreNamed) {
  const std::string counties =
      File("县.csv", "630000000000,青海省\n632800000000,海西州\n540000,西藏,542521,普兰县\n");
  ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--counties", counties, "--json"}), 0) << err_;
  const std::set<std::string> unserved = Unserved();
  for (const char* code : {"6328", "542521"}) EXPECT_TRUE(unserved.contains(code)) << code;
  for (const char* code : {"63", "630000", "632800", "540000"}) EXPECT_FALSE(unserved.contains(code)) << code;
  EXPECT_THAT(err_, HasSubstr("县.csv：第 1 行是省级的代码，未计入"));
}

TEST_F(StatsOptionsTest, TheNumberOfALineIsNotTakenForTheCodeOfItsCounty) {
  std::string rows = "序号,代码\n";
  for (int i = 1; i <= 1'600; ++i)
    rows += std::to_string(i) + (i == 1'101 ? ",632621" : i == 1'559 ? ",542521" : ",632521") + "\n";
  ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--counties", File("县.csv", rows), "--json"}), 0) << err_;
  const std::set<std::string> unserved = Unserved();
  for (const char* code : {"632521", "632621", "542521"}) EXPECT_TRUE(unserved.contains(code)) << code;
  EXPECT_FALSE(unserved.contains("1558")) << "no prefecture has it";
}

TEST_F(StatsOptionsTest, TheReportOfAModeHasNoForecastsAndWithoutComparisonNoneIsMade) {
  ASSERT_EQ(Import(kLife), 0);
  ASSERT_EQ(Report({"--mode", "转让", "--no-compare"}), 0) << err_;
  EXPECT_FALSE(Evaluation().contains("signing"));
  EXPECT_THAT(Page(), HasSubstr("方式 转让"));
  EXPECT_THAT(Page(), HasSubstr("签约概率不按合作方式给出，不附"));
  EXPECT_THAT(Page(), HasSubstr("不与上一年同期比"));
  EXPECT_EQ(Evaluation()["statistics"]["total"]["figures"]["signed"]["entries"], 0);
  pb::EstimateSigningRequest request;
  request.mutable_end_time()->set_seconds(Seconds(2026));
  request.mutable_filter()->set_mode("transfer");
  grpc::ClientContext context;
  pb::SigningEstimate estimate;
  EXPECT_EQ(DetailsOf(statistics_->EstimateSigning(&context, request, &estimate)).field, "filter.mode");
}

TEST_F(StatsOptionsTest, TheProblemsOfAReportAreThoseOfTheLedgerAsItStands) {
  ASSERT_EQ(Import("n-lithium,results/r-lithium,签约,2025-03-10,120,,,,,某厅,,\n"), 0) << out_;
  ASSERT_EQ(Report({}), 0) << err_;
  EXPECT_TRUE(Headings().contains("签约之前没有会谈的登记"));
  ASSERT_EQ(Import("n-lithium,results/r-lithium,会谈,2025-02-10,,,,,,某厅,,\n"), 0) << out_;
  ASSERT_EQ(Report({}), 0) << err_;
  EXPECT_FALSE(Headings().contains("签约之前没有会谈的登记"));
}

TEST_F(StatsOptionsTest, AContractWhoseRefusalWasClearedIsDueAgain) {
  ASSERT_EQ(Import("n-lithium,results/r-lithium,签约," + absl::FormatCivilTime(Today() - 300) +
                   ",120,,,,,某厅,,\nn-lithium,results/r-lithium,拒绝," +
                   absl::FormatCivilTime(Today() - 250) + ",,,无经费,,,某厅,,\n"),
            0)
      << out_;
  const auto year = Today().year();
  const std::string period = std::to_string(year - 1) + "-" + std::to_string(year);
  const auto report = [&] { return Dongxi({"stats", "report", "--period", period, "--out", Folder()}); };
  ASSERT_EQ(report(), 0) << err_;
  EXPECT_FALSE(Headings().contains("签约后未登记技术合同"));
  ASSERT_EQ(
      Dongxi({"engage", "clear", "--need", "n-lithium", "--offer", "results/r-lithium", "--why", "有了经费"}),
      0)
      << err_;
  ASSERT_EQ(report(), 0) << err_;
  EXPECT_TRUE(Headings().contains("签约后未登记技术合同"));
}

TEST_F(StatsOptionsTest, SigningSaysItsScopeAndHowManySimulatedPairsItLeftOut) {
  ASSERT_EQ(Import("n-lithium,results/r-lithium,推荐,2025-03-10,,,,,,,,是\n"
                   "n-lithium,results/r-lithium,签约,2025-04-10,10,,,,,,,是\n"
                   "n-lithium,institutions/js,推荐,2025-03-10,,,,,,,,\n"),
            0)
      << out_;
  ASSERT_EQ(Dongxi({"stats", "signing", "--period", "2025", "--region", "63"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("截至：2025-12-31；范围：青海的需求"));
  EXPECT_THAT(out_, HasSubstr("另有模拟数据 1 对未计入"));
  ASSERT_EQ(Dongxi({"stats", "signing", "--period", "2025", "--region", "54", "--json"}), 0) << err_;
  EXPECT_EQ(Json()["simulated_pairs_left_out"], 0);
  EXPECT_EQ(Json()["scope"], "西藏的需求");
  ASSERT_EQ(Dongxi({"stats", "signing", "--period", "2025", "--simulated", "include", "--json"}), 0) << err_;
  EXPECT_EQ(Json()["simulated_pairs_left_out"], 0);
  EXPECT_EQ(Json()["decided_pairs"], 0);
  EXPECT_EQ(Json()["simulated_pairs"], 1) << "not two years old, and counted all the same";
}

TEST_F(StatsOptionsTest, TheTerminalTellsWaysAndRefusalsOfEveryGroupAndMarksSimulatedFigures) {
  ASSERT_EQ(Import(kLife), 0);
  ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--by", "任务"}), 0) << err_;
  const std::string of_tasks = out_.substr(out_.rfind("需求"));
  EXPECT_THAT(of_tasks, HasSubstr("会谈 → 签约"));
  EXPECT_THAT(of_tasks, HasSubstr("拒绝原因：3.2 盐湖产业：无经费 1"));
  EXPECT_THAT(out_, Not(HasSubstr("含模拟数据")));
  ASSERT_EQ(Import("n-lithium,results/r-lithium,会谈,2025-02-20,,,,,,,,是\n"), 0) << out_;
  ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--by", "任务", "--simulated", "include"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("任务［含模拟数据］"));
  ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--simulated", "include", "--json"}), 0) << err_;
  ASSERT_EQ(Json()["simulated_engagements"].size(), 1u);
  EXPECT_EQ(Json()["total"]["figures"]["met"]["engagements"].size(), 2u);
}

}  // namespace
}  // namespace dongxi
