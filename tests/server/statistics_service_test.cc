// Statistics over gRPC: periods, groups, corrections, bad requests; dongxi stats against a real server.
#include "tests/server/statistics_fixture.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST_F(StatisticsServiceTest, TheLifeOfAMatchIsImportedAndCounted) {
  ASSERT_EQ(Import(kLife), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("新登记 7 行"));
  pb::ComputeStatisticsRequest request = Year(2025);
  request.set_include_engagements(true);
  request.add_group_by(pb::STATISTICS_DIMENSION_TASK);
  request.add_group_by(pb::STATISTICS_DIMENSION_PAIRING);
  const pb::Statistics statistics = MustCompute(request);
  EXPECT_EQ(statistics.entries(), 7);
  const pb::StatisticsGroup& total = statistics.total();
  EXPECT_EQ(total.label(), "合计");
  EXPECT_EQ(Figure(total, pb::FIGURE_KIND_SIGNED).amount_wan(), 120);
  EXPECT_EQ(Figure(total, pb::FIGURE_KIND_SIGNED_RECOMMENDED).entries(), 1);
  EXPECT_EQ(Figure(total, pb::FIGURE_KIND_PAID).amount_wan(), 80);
  ASSERT_EQ(total.refusals_size(), 1);
  EXPECT_EQ(total.refusals(0).reason(), pb::REFUSAL_REASON_NO_BUDGET);
  EXPECT_EQ(statistics.tables(0).groups_size(), 20);
  EXPECT_EQ(statistics.inactive_tasks_size(), 19);
  bool found = false;
  for (const pb::StatisticsGroup& group : statistics.tables(1).groups()) {
    if (Figure(group, pb::FIGURE_KIND_SIGNED).entries() == 0) continue;
    EXPECT_EQ(group.label(), "3.2 青海 ↔ 天津");
    found = true;
  }
  EXPECT_TRUE(found);
  // Every figure opens to its engagements.
  ASSERT_EQ(Figure(total, pb::FIGURE_KIND_SIGNED).engagements_size(), 1);
  pb::OpenFigureRequest open;
  *open.mutable_start_time() = request.start_time();
  *open.mutable_end_time() = request.end_time();
  open.set_dimension(pb::STATISTICS_DIMENSION_TASK);
  open.set_key("3.2");
  open.set_figure(pb::FIGURE_KIND_SIGNED);
  grpc::ClientContext context;
  pb::OpenFigureResponse opened;
  ASSERT_TRUE(statistics_->OpenFigure(&context, open, &opened).ok());
  ASSERT_EQ(opened.engagements_size(), 1);
  EXPECT_EQ(opened.engagements(0).name(), Figure(total, pb::FIGURE_KIND_SIGNED).engagements(0));
  EXPECT_THAT(opened.engagements(0).evidence(), ElementsAre("青科发〔2025〕7号"));
}

TEST_F(StatisticsServiceTest, FiguresOpenPageByPage) {
  ASSERT_EQ(Import("n-lithium,results/r-lithium,会谈,2025-02-10,,,,,,,,\n"
                   "n-lithium,results/r-lithium,会谈,2025-02-11,,,,,,,,\n"
                   "n-lithium,results/r-lithium,会谈,2025-02-12,,,,,,,,\n"),
            0)
      << out_;
  pb::OpenFigureRequest open;
  open.mutable_start_time()->set_seconds(Seconds(2025));
  open.mutable_end_time()->set_seconds(Seconds(2026));
  open.set_figure(pb::FIGURE_KIND_MET);
  open.set_page_size(2);
  std::set<std::string> names;
  std::vector<int> sizes;
  do {
    grpc::ClientContext context;
    pb::OpenFigureResponse page;
    ASSERT_TRUE(statistics_->OpenFigure(&context, open, &page).ok());
    EXPECT_EQ(page.total_size(), 3);
    sizes.push_back(page.engagements_size());
    for (const pb::Engagement& entry : page.engagements()) names.insert(entry.name());
    open.set_page_token(page.next_page_token());
  } while (!open.page_token().empty());
  EXPECT_THAT(sizes, ElementsAre(2, 1));
  EXPECT_EQ(names.size(), 3u);
}

TEST_F(StatisticsServiceTest, EntriesOfADeletedNeedStayAndAreSaid) {
  ASSERT_EQ(Import(kLife), 0);
  grpc::ClientContext context;
  pb::DeleteNeedRequest request;
  request.set_name("needs/n-lithium");
  google::protobuf::Empty unused;
  pb::Need need;
  const auto catalogue = pb::CatalogueService::NewStub(running_.channel);
  ASSERT_TRUE(catalogue->DeleteNeed(&context, request, &need).ok());
  const pb::Statistics statistics = MustCompute(Year(2025));
  EXPECT_EQ(statistics.entries(), 7);
  EXPECT_EQ(statistics.deleted_need_entries(), 7);
  EXPECT_EQ(Import("n-lithium,results/r-lithium,会谈,2025-12-01,,,,,,,,\n"), 1);
  EXPECT_THAT(out_, HasSubstr("已被删除"));
  EXPECT_EQ(MustCompute(Year(2025)).entries(), 7);
}

TEST_F(StatisticsServiceTest, SimulatedEntriesAreMarkedEverywhereAndNotCountedUnlessAskedFor) {
  ASSERT_EQ(Import("n-lithium,results/r-lithium,签约,2025-03-10,10,,,,,,,是\n"), 0) << out_;
  EXPECT_EQ(MustCompute(Year(2025)).entries(), 0);
  EXPECT_EQ(MustCompute(Year(2025)).simulated_left_out(), 1);
  ASSERT_EQ(Dongxi({"engage", "list"}), 0);
  EXPECT_THAT(out_, HasSubstr("[模拟数据]"));
  ASSERT_EQ(Dongxi({"stats", "--period", "2025"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("本期台账没有记录"));
  EXPECT_THAT(out_, HasSubstr("模拟数据 1 条未计入"));
  ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--simulated", "include"}), 0);
  EXPECT_THAT(out_, HasSubstr("含模拟数据 1 条"));
  const std::string folder = (folder_.path() / "报告").string();
  ASSERT_EQ(Dongxi({"stats", "report", "--period", "2025", "--simulated", "include", "--out", folder}), 0)
      << err_;
  EXPECT_THAT(*ReadFile(folder + "/绩效评估报告.html", 1 << 24), HasSubstr("含模拟数据 1 条"));
  EXPECT_THAT(*ReadFile(folder + "/evaluation.json", 1 << 24), HasSubstr("\"simulated\": true"));
}

TEST_F(StatisticsServiceTest, WhatWasSimulatedMakesNoNeedOlder) {
  const auto needs_of_2012 = [this](pb::SimulatedEntries simulated) {
    pb::ComputeStatisticsRequest request = Year(2012);
    request.mutable_filter()->set_simulated(simulated);
    return MustCompute(request).total().needs();
  };
  ASSERT_EQ(Import("n-lithium,results/r-lithium,推荐,2011-03-10,,,,,,,,是\n"), 0) << out_;
  EXPECT_EQ(needs_of_2012(pb::SIMULATED_ENTRIES_EXCLUDE), 0);
  EXPECT_EQ(needs_of_2012(pb::SIMULATED_ENTRIES_INCLUDE), 1);
}

TEST_F(StatisticsServiceTest, BadRequestsNameTheirField) {
  struct Case {
    const char* name;
    std::function<void(pb::ComputeStatisticsRequest*)> spoil;
    const char* field;
  };
  const Case cases[] = {
      {"no end", [](auto* r) { r->clear_end_time(); }, "end_time"},
      {"backwards", [](auto* r) { r->mutable_end_time()->set_seconds(Seconds(2024)); }, "end_time"},
      {"not a day", [](auto* r) { r->mutable_start_time()->set_seconds(Seconds(2025) + 60); }, "start_time"},
      {"task", [](auto* r) { r->mutable_filter()->set_task("9.9"); }, "filter.task"},
      {"channel", [](auto* r) { r->mutable_filter()->set_channel("nowhere"); }, "filter.channel"},
      {"region", [](auto* r) { r->mutable_filter()->set_need_region_code("青海"); },
       "filter.need_region_code"},
      {"mode", [](auto* r) { r->mutable_filter()->set_mode("借用"); }, "filter.mode"},
      {"dimension twice",
       [](auto* r) {
         r->add_group_by(pb::STATISTICS_DIMENSION_TASK);
         r->add_group_by(pb::STATISTICS_DIMENSION_TASK);
       },
       "group_by"},
      {"earlier after",
       [](auto* r) {
         r->mutable_earlier_start_time()->set_seconds(Seconds(2026));
         r->mutable_earlier_end_time()->set_seconds(Seconds(2027));
       },
       "earlier_end_time"},
      {"earlier and now share a day",
       [](auto* r) {
         r->mutable_earlier_start_time()->set_seconds(Seconds(2024));
         r->mutable_earlier_end_time()->set_seconds(Seconds(2025) + 86'400);
       },
       "earlier_end_time"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    pb::ComputeStatisticsRequest request = Year(2025);
    c.spoil(&request);
    pb::Statistics statistics;
    const grpc::Status status = Compute(request, &statistics);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(DetailsOf(status).field, c.field);
  }
}

TEST_F(StatisticsServiceTest, TheEvaluationReportHasAllPartsAndTheSameBytesTwice) {
  ASSERT_EQ(Import(kLife), 0);
  std::vector<std::string> pages, books;
  for (const char* name : {"一", "二"}) {
    const std::string folder = (folder_.path() / name).string();
    ASSERT_EQ(Dongxi({"stats", "report", "--period", "2025", "--region", "63", "--office", "某处", "--date",
                      "2026-01-15", "--out", folder}),
              0)
        << err_;
    pages.push_back(*ReadFile(folder + "/绩效评估报告.html", 1 << 24));
    books.push_back(*ReadFile(folder + "/绩效评估报告.xlsx", 1 << 24));
  }
  EXPECT_EQ(pages[0], pages[1]);
  EXPECT_EQ(books[0], books[1]);
  for (const char* words :
       {"青海东西部科技合作绩效评估报告（2025年）", "一、总体情况", "二、逐项任务", "三、逐对结对",
        "四、典型案例", "五、存在问题", "3.2 盐湖产业", "青海 ↔ 天津", "编制单位：某处", "合同额 120 万元",
        "案例 1：", "登记编号 2025630001", "验收意见书", "任务没有活动", "“无经费”", "<svg"}) {
    EXPECT_THAT(pages[0], HasSubstr(words));
  }
  // A sentence and what it counts.
  EXPECT_THAT(pages[0], HasSubstr("其中 1 项得到推荐"));
  // A task: figures, conversion, problems, judgement. A pairing: a sentence of its own.
  for (const char* words :
       {"转化：得到推荐的 1 对中，至期末会谈 1 对（100.0%，95% 区间 20.7%—100.0%）；首次会谈的 1 "
        "对中，至期末签约 1 对（100.0%，95% 区间 20.7%—100.0%）。",
        "会谈至签约 28（28 – 28）", "拒绝最多因“无经费”（1 条）",
        "评价：成效显现（验收 1 项）；质量好（签约满 180 天的合同 1 份，逾期 0 份）。",
        "<b>3.2 青海 ↔ 天津</b>：涉及需求 1 项", "没有活动的结对", "编制日期：2026年1月15日",
        "<div class=\"closing\"><p>某处</p><p>2026年1月15日</p></div>"}) {
    EXPECT_THAT(pages[0], HasSubstr(words));
  }
  const auto json =
      nlohmann::json::parse(*ReadFile((folder_.path() / "一" / "evaluation.json").string(), 1 << 24));
  EXPECT_EQ(json["date"], "2026-01-15");
  for (const auto& problem : json["problems"]) {
    if (problem["heading"] != "拒绝的主要原因") continue;
    // By title, not by id alone.
    EXPECT_THAT(problem["items"][0].get<std::string>(), HasSubstr(" × "));
    EXPECT_THAT(problem["items"][0].get<std::string>(), HasSubstr("2025-05-10 拒绝"));
  }
  const std::string pdf = *ReadFile((folder_.path() / "一" / "绩效评估报告.pdf").string(), 1 << 24);
  EXPECT_EQ(pdf, *ReadFile((folder_.path() / "二" / "绩效评估报告.pdf").string(), 1 << 24));
  EXPECT_EQ(pdf.substr(0, 5), "%PDF-");
  EXPECT_THAT(pages[0], Not(HasSubstr("http://")));
  EXPECT_THAT(pages[0], Not(HasSubstr("1.1 碳达峰")));  // not a task of this province
}

TEST_F(StatisticsServiceTest, AContractIsNotLateBeforeItsTimeHasCome) {
  ASSERT_EQ(Import("n-lithium,results/r-lithium,会谈,2025-02-10,,,,,,某厅,,\n"
                   "n-lithium,results/r-lithium,签约,2025-03-10,120,,,,,某厅,,\n"),
            0)
      << out_;
  const auto report = [&](const char* date) {
    const std::string folder = (folder_.path() / date).string();
    EXPECT_EQ(
        Dongxi({"stats", "report", "--period", "2025", "--region", "63", "--date", date, "--out", folder}), 0)
        << err_;
    return *ReadFile(folder + "/绩效评估报告.html", 1 << 24);
  };
  EXPECT_THAT(report("2026-01-15"), HasSubstr("至期末，签约满 180 天仍未登记技术合同的合同有 1 份"));
  EXPECT_THAT(report("2025-10-01"), HasSubstr("至编制日期，签约满 180 天仍未登记技术合同的合同有 1 份"));
  // The period ends in December, but it is May.
  EXPECT_THAT(report("2025-05-01"), Not(HasSubstr("签约满 180 天仍未登记")));
}

TEST_F(StatisticsServiceTest, AProblemCountsWhatItLists) {
  const auto catalogue = pb::CatalogueService::NewStub(running_.channel);
  pb::CreateNeedRequest request;
  request.set_need_id("n-golmud");
  request.mutable_need()->set_title("尾盐里的钾怎么收回来");
  request.mutable_need()->set_wanted("尾盐选钾的工艺");
  request.mutable_need()->set_region_code("6328");
  pb::Need need;
  grpc::ClientContext context;
  const grpc::Status created = catalogue->CreateNeed(&context, request, &need);
  ASSERT_TRUE(created.ok()) << created.error_message();
  const std::string folder = (folder_.path() / "报告").string();
  ASSERT_EQ(Dongxi({"stats", "report", "--period", "2025", "--region", "63", "--out", folder}), 0) << err_;
  const auto json = nlohmann::json::parse(*ReadFile(folder + "/evaluation.json", 1 << 24));
  bool found = false;
  for (const auto& problem : json["problems"]) {
    if (problem["heading"] != "地区尚未服务") continue;
    found = true;
    EXPECT_EQ(problem["items"].size(), 1u);
    EXPECT_THAT(problem["text"].get<std::string>(), HasSubstr("其中 1 个有需求"));
  }
  EXPECT_TRUE(found);
}

TEST_F(StatisticsServiceTest, AMeetingThatNamesItsMatchIsARecommendation) {
  const std::string today = absl::FormatCivilTime(Today()), year = today.substr(0, 4);
  ASSERT_EQ(Import("n-lithium,institutions/js,会谈," + today + ",,,,,,某厅,,\n"), 0) << out_;
  const std::string folder = (folder_.path() / "报告").string();
  ASSERT_EQ(Dongxi({"stats", "report", "--period", year, "--region", "63", "--out", folder}), 0) << err_;
  EXPECT_THAT(*ReadFile(folder + "/绩效评估报告.html", 1 << 24), HasSubstr("其中 0 项得到推荐"));
  ASSERT_EQ(Dongxi({"match", "--need", "n-lithium", "--json"}), 0) << err_;
  const std::string matched = Json()["match_id"];
  ASSERT_EQ(Dongxi({"engage", "record", "--need", "n-lithium", "--offer", "results/r-lithium", "--step",
                    "会谈", "--date", today, "--match-id", matched}),
            0)
      << err_;
  ASSERT_EQ(Dongxi({"stats", "report", "--period", year, "--region", "63", "--out", folder}), 0) << err_;
  EXPECT_THAT(*ReadFile(folder + "/绩效评估报告.html", 1 << 24), HasSubstr("其中 1 项得到推荐"));
}

TEST_F(StatisticsServiceTest, AMatchThatIsNamedIsOneRecommendationInEveryTable) {
  const std::string today = absl::FormatCivilTime(Today()), year = today.substr(0, 4);
  ASSERT_EQ(Dongxi({"match", "--need", "n-lithium", "--json"}), 0) << err_;
  const std::string matched = Json()["match_id"];
  for (const char* step : {"会谈", "签约"}) {
    ASSERT_EQ(Dongxi({"engage", "record", "--need", "n-lithium", "--offer", "results/r-lithium", "--step",
                      step, "--date", today, "--match-id", matched}),
              0)
        << err_;
  }
  ASSERT_EQ(Dongxi({"stats", "--period", year, "--json"}), 0) << err_;
  const nlohmann::json total = Json()["total"];
  EXPECT_EQ(total["figures"]["matched"]["needs"], 1);
  EXPECT_EQ(total["figures"]["matched"]["engagements"].size(), 1u);
  int found = 0;
  for (const auto& way : total["conversions"]) {
    if (way["from"] != "shown" || (way["to"] != "met" && way["to"] != "signed")) continue;
    ++found;
    EXPECT_EQ(way["began"], 1);
    EXPECT_EQ(way["reached"], 1);
    EXPECT_EQ(way["engagements"], total["figures"]["matched"]["engagements"]);
  }
  EXPECT_EQ(found, 2);
  ASSERT_EQ(Dongxi({"stats", "--period", year}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("得到推荐"));
  EXPECT_THAT(out_, HasSubstr("推荐 → 签约"));
}

TEST_F(StatisticsServiceTest, ConversionsAndRefusalsOpenToTheirEngagements) {
  ASSERT_EQ(Import(kLife), 0);
  pb::ComputeStatisticsRequest request = Year(2025);
  request.set_include_engagements(true);
  const pb::StatisticsGroup total = MustCompute(request).total();
  pb::OpenFigureRequest open;
  *open.mutable_start_time() = request.start_time();
  *open.mutable_end_time() = request.end_time();
  const auto opened = [&] {
    grpc::ClientContext context;
    pb::OpenFigureResponse response;
    const grpc::Status status = statistics_->OpenFigure(&context, open, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    std::vector<std::string> names;
    for (const pb::Engagement& entry : response.engagements()) names.push_back(entry.name());
    return names;
  };
  for (const pb::StepConversion& one : total.conversions()) {
    EXPECT_EQ(one.engagements_size(), one.began());
    EXPECT_EQ(one.reached_engagements_size(), one.reached());
    open.set_figure(static_cast<pb::FigureKind>(one.from_step()));
    open.set_to_step(one.to_step());
    open.set_began(false);
    EXPECT_EQ(opened(),
              std::vector<std::string>(one.reached_engagements().begin(), one.reached_engagements().end()));
    open.set_began(true);
    EXPECT_EQ(opened(), std::vector<std::string>(one.engagements().begin(), one.engagements().end()));
  }
  open.clear_to_step();
  open.clear_began();
  open.set_figure(pb::FIGURE_KIND_REFUSED);
  open.set_refusal_reason(pb::REFUSAL_REASON_NO_BUDGET);
  EXPECT_EQ(opened().size(), 1u);
  open.set_refusal_reason(pb::REFUSAL_REASON_TOO_EARLY);
  EXPECT_THAT(opened(), IsEmpty());
  open.set_figure(pb::FIGURE_KIND_MET);
  grpc::ClientContext context;
  pb::OpenFigureResponse response;
  EXPECT_EQ(DetailsOf(statistics_->OpenFigure(&context, open, &response)).field, "refusal_reason");
  ASSERT_EQ(Dongxi({"stats", "open", "--period", "2025", "--figure", "会谈", "--to", "签约"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("签约"));
  EXPECT_EQ(Dongxi({"stats", "open", "--period", "2025", "--figure", "会谈", "--to", "推荐"}), 1);
  const std::string page = (folder_.path() / "统计.html").string();
  ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--html", page}), 0) << err_;
  const std::string html = *ReadFile(page, 1 << 24);
  const size_t refusals = html.find("<h2>拒绝原因</h2>"), ways = html.find("<h2>步骤转化与用时</h2>");
  EXPECT_THAT(html.substr(ways, refusals - ways), HasSubstr("<li>engagements/e-"));
  EXPECT_THAT(html.substr(refusals), HasSubstr("<li>engagements/e-"));
}

TEST_F(StatisticsServiceTest, DurationsAndTheEarlierPeriodOpenToTheirEngagements) {
  ASSERT_EQ(Import("n-lithium,results/r-lithium,会谈,2024-05-10,,,,,,,,\n"
                   "n-lithium,institutions/js,会谈,2024-06-10,,,,,,,,是\n" +
                   std::string(kLife)),
            0)
      << out_ << err_;
  pb::ComputeStatisticsRequest request = Year(2025);
  request.mutable_earlier_start_time()->set_seconds(Seconds(2024));
  request.mutable_earlier_end_time()->set_seconds(Seconds(2025));
  request.mutable_filter()->set_simulated(pb::SIMULATED_ENTRIES_INCLUDE);
  request.set_include_engagements(true);
  const pb::Statistics statistics = MustCompute(request);
  for (const pb::Figure& before : statistics.total().earlier_figures())
    EXPECT_EQ(before.engagements_size(), before.entries()) << before.ShortDebugString();
  EXPECT_EQ(statistics.total().earlier_figures(pb::FIGURE_KIND_MET - 1).engagements_size(), 2);
  EXPECT_EQ(statistics.simulated_entries(), 0);
  EXPECT_EQ(statistics.earlier_simulated_entries(), 1);
  EXPECT_EQ(statistics.simulated_engagements_size(), 1);
  for (const pb::StepDuration& one : statistics.total().durations())
    EXPECT_EQ(one.engagements_size(), one.pairs()) << one.ShortDebugString();
  request.set_include_engagements(false);
  const pb::Statistics without = MustCompute(request);
  EXPECT_EQ(without.total().earlier_figures(pb::FIGURE_KIND_MET - 1).engagements_size(), 0);
  const std::string page = (folder_.path() / "统计.html").string();
  ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--json", "--html", page}), 0) << err_;
  const nlohmann::json earlier = Json()["total"]["earlier"]["figures"]["met"];
  EXPECT_EQ(earlier["entries"], 1);
  ASSERT_EQ(earlier["engagements"].size(), 1u);
  EXPECT_THAT(*ReadFile(page, 1 << 24),
              HasSubstr("<li>" + earlier["engagements"][0].get<std::string>() + "</li>"));
}

TEST_F(StatisticsServiceTest, AContractThatFellThroughAndANoteThatDeniesAreNoProblemAndNoCase) {
  ASSERT_EQ(Import("n-lithium,results/r-lithium,签约,2025-01-10,120,,,,不作为典型案例,某厅,,\n"
                   "n-lithium,results/r-lithium,拒绝,2025-02-10,,,无经费,,,某厅,,\n"
                   "n-lithium,institutions/js,签约,2025-01-10,50,,,,,某厅,,\n"
                   "n-lithium,institutions/js,签约,2025-03-10,60,,,,,某厅,,\n"
                   "n-lithium,institutions/js,技术合同登记,2025-04-10,60,T-9,,,,某厅,,\n"),
            0)
      << out_ << err_;
  const std::string folder = (folder_.path() / "报告").string();
  ASSERT_EQ(Dongxi({"stats", "report", "--period", "2025", "--region", "63", "--out", folder}), 0) << err_;
  const auto json = nlohmann::json::parse(*ReadFile(folder + "/evaluation.json", 1 << 24));
  EXPECT_THAT(json["cases"], IsEmpty());
  bool found = false;
  for (const auto& problem : json["problems"]) {
    if (problem["heading"] != "签约后未登记技术合同") continue;
    found = true;
    ASSERT_EQ(problem["items"].size(), 1u);
    EXPECT_THAT(problem["items"][0].get<std::string>(), HasSubstr("2025-01-10 签约"));
    EXPECT_THAT(problem["items"][0].get<std::string>(), Not(HasSubstr("r-lithium")));
  }
  EXPECT_TRUE(found);
}

TEST_F(StatisticsServiceTest, APeriodWithoutDataSaysSo) {
  ASSERT_EQ(Import(kLife), 0);
  const std::string folder = (folder_.path() / "空").string();
  ASSERT_EQ(Dongxi({"stats", "report", "--period", "2019", "--region", "64", "--out", folder}), 0) << err_;
  EXPECT_THAT(*ReadFile(folder + "/绩效评估报告.html", 1 << 24), HasSubstr("2019年台账没有宁夏的记录"));
  ASSERT_EQ(Dongxi({"stats", "--period", "2019", "--json"}), 0);
  EXPECT_EQ(Json()["entries"], 0);
  EXPECT_EQ(Json()["period"], "2019年");
}

TEST_F(StatisticsServiceTest, TheCommandWritesTablesJsonCsvAndPages) {
  ASSERT_EQ(Import(kLife), 0);
  ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--by", "任务", "--by", "省际"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("3.2 盐湖产业"));
  EXPECT_THAT(out_, HasSubstr("青海 ↔ 天津"));
  EXPECT_THAT(out_, HasSubstr("会谈 → 签约"));
  ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--json"}), 0);
  EXPECT_EQ(Json()["total"]["figures"]["signed"]["amount_wan"], 120);
  EXPECT_EQ(Json()["total"]["figures"]["signed"]["engagements"].size(), 1u);
  ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--csv"}), 0);
  EXPECT_THAT(out_, HasSubstr("任务,3.2,3.2 盐湖产业"));
  const std::string page = (folder_.path() / "统计.html").string(),
                    book = (folder_.path() / "统计.xlsx").string();
  ASSERT_EQ(Dongxi({"stats", "--period", "2025", "--html", page, "--xlsx", book}), 0) << err_;
  EXPECT_THAT(*ReadFile(page, 1 << 24), HasSubstr("engagements/e-"));
  EXPECT_TRUE(std::filesystem::exists(book));
  ASSERT_EQ(Dongxi({"stats", "open", "--period", "2025", "--by", "任务", "--key", "3.2", "--figure", "签约"}),
            0)
      << err_;
  EXPECT_THAT(out_, HasSubstr("engagements/e-"));
  EXPECT_EQ(Dongxi({"stats", "--period", "去年"}), 2);
  EXPECT_THAT(err_, HasSubstr("2026Q3"));
  EXPECT_EQ(Dongxi({"stats", "--period", "2025", "--task", "9.9"}), 1);
  EXPECT_THAT(err_, HasSubstr("没有任务“9.9”"));
}

TEST_F(StatisticsServiceTest, GapsListUnmetNeedsAsTopicsAndIdleOffers) {
  ASSERT_EQ(Dongxi({"stats", "gaps", "--period", "2020-2030", "--json"}), 0) << err_;
  const nlohmann::json gaps = Json();
  int64_t listed = 0;
  for (const auto& topic : gaps["topics"]) listed += topic["count"].get<int64_t>();
  EXPECT_EQ(listed, gaps["unmet"].get<int64_t>());
  EXPECT_GT(gaps["needs"].get<int64_t>(), 0);
  EXPECT_GT(gaps["offers"].get<int64_t>(), gaps["idle"].get<int64_t>());
  const std::string earlier = File("以前.json", out_);
  EXPECT_GT(gaps["experts"]["offers"].get<int64_t>() + gaps["institutions"]["offers"].get<int64_t>(), 0);
  // What is idle does not depend on the region whose unmet needs are asked for.
  ASSERT_EQ(Dongxi({"stats", "gaps", "--period", "2020-2030", "--region", "11", "--json"}), 0) << err_;
  EXPECT_EQ(Json()["needs"], 0);
  EXPECT_EQ(Json()["idle"], gaps["idle"]);
  EXPECT_EQ(Json()["experts"], gaps["experts"]);
  ASSERT_EQ(Dongxi({"stats", "gaps", "--period", "2020-2030", "--compare", earlier, "--json"}), 0) << err_;
  EXPECT_EQ(Json()["unmet_before"], gaps["unmet"]);
  EXPECT_EQ(Dongxi({"stats", "gaps", "--period", "2026", "--compare", File("坏.json", "[]")}), 2);
  EXPECT_THAT(err_, HasSubstr("不是 dongxi stats gaps --json 写的文件"));
}

TEST_F(StatisticsServiceTest, NoPairCountsAsOlderThanItIsWhateverThePeriodHasAhead) {
  const std::string today = absl::FormatCivilTime(Today());
  // Old enough at the end of the period, not today.
  ASSERT_EQ(
      Import("n-lithium,results/r-lithium,推荐," + absl::FormatCivilTime(Today() - 400) + ",,,,,,某厅,,\n"),
      0)
      << out_;
  pb::EstimateSigningRequest request;
  request.mutable_end_time()->set_seconds(Seconds(static_cast<int>(Today().year()) + 5));
  grpc::ClientContext context;
  pb::SigningEstimate estimate;
  const grpc::Status status = statistics_->EstimateSigning(&context, request, &estimate);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(estimate.decided_pairs(), 0);
  EXPECT_EQ(estimate.open_pairs(), 1);
  ASSERT_EQ(Dongxi({"stats", "signing", "--period", "2020-2099", "--json"}), 0) << err_;
  EXPECT_EQ(Json()["until"], today);
  EXPECT_EQ(Json()["open_pairs"], 1);
}

TEST_F(StatisticsServiceTest, SigningIsNotEstimatedFromAFewPairs) {
  ASSERT_EQ(Import(kLife), 0);
  ASSERT_EQ(Dongxi({"stats", "signing", "--period", "2025"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("数据不够：至少要有 200 对"));
  EXPECT_THAT(out_, HasSubstr("现在登记满两年的 0 对，不到 200 对；"));
  EXPECT_THAT(out_, Not(HasSubstr("概率从高到低")));
}

}  // namespace
}  // namespace dongxi
