// The performance evaluation report (绩效评估报告) of a period and a province: what it says, gathered over
// gRPC.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/client.h"
#include "cli/stats/gaps_run.h"
#include "cli/stats/period.h"
#include "dongxi/v1/statistics.pb.h"

namespace dongxi::cli {

inline constexpr size_t kCasesMax = 10;
inline constexpr int kSlowDays = 180;  // a contract without registration after these is a problem

// A good case: a pair delivered in the period with a signed amount and evidence, or one that an office marked
// by writing 典型案例 into the note of one of its entries of the period.
struct EvaluationCase {
  std::vector<v1::Engagement> history;  // effective, in order of event time
  double signed_wan = 0, paid_wan = 0;
  bool marked = false;  // by an office
  std::string task_label;
};

struct EvaluationProblem {
  std::string heading;             // 任务没有活动
  std::string text;                // one sentence with figures
  std::vector<std::string> items;  // what it is about: tasks, regions, engagement ids
};

struct Evaluation {
  Period period;
  std::string region;       // code; empty: the whole country
  std::string region_name;  // 青海, 全国
  std::string office;       // who makes it; may be empty
  v1::Statistics statistics;
  std::vector<EvaluationCase> cases;  // marked ones first, then the largest amounts
  size_t cases_found = 0;
  std::vector<EvaluationProblem> problems;
  // Needs with an entry of the period that is 推荐 or names the match that it came from, and the tasks of
  // these entries (empty: of no task).
  std::map<std::string, std::set<std::string>> recommended;
  std::optional<v1::SigningEstimate> signing;
  std::optional<GapsReport> gaps;
};

// Cases, problems and recommended needs of statistics that hold engagement ids.
absl::Status AddCasesAndProblems(const Client& client, v1::SimulatedEntries simulated,
                                 Evaluation* evaluation);

// How pairings are counted, how cases are chosen, how everything is counted.
inline constexpr char kPairingNote[] =
    "结对关系取自方案；一条记录只计入最强的一个结对，方案点名的先于成组的，成组的先于推定的；"
    "园区所在城市的其他机构计入该园区的结对。";
inline constexpr char kCaseNote[] =
    "选取规则：期内验收、有签约金额、且有凭据的，按签约额从高到低；登记单位在备注中写明“典型案例”"
    "的列在最前。";
inline constexpr char kCountingNote[] =
    "条数按事件发生的日期计入评估期；同比为上一年同期。“得到推荐”指期内有推荐的登记，或有注明匹配编号的"
    "进展；“经推荐”指签约注明了匹配编号，或在此之前这一对有推荐的登记。转化率跟踪期内首次到达前一步的各对，"
    "看其至期末是否到达后一步，区间为 Wilson 95%。用时取各对两步首次登记的间隔。已更正、撤回的记录不计。";

std::string EvaluationTitle(const Evaluation& evaluation);  // 青海东西部科技合作绩效评估报告（2026年）
// Period, scope, what was counted, basis and office: a line each.
std::vector<std::string> HeadLines(const Evaluation& evaluation);
// 2026年台账没有青海的记录。… Empty if there are some.
std::string NoDataText(const Evaluation& evaluation);
// The groups of a dimension; null if the statistics have none.
const v1::StatisticsTable* TableOf(const Evaluation& evaluation, v1::StatisticsDimension dimension);

// The report's own texts: 总体情况 as sentences; what to say of one task.
std::vector<std::string> OverviewSentences(const Evaluation& evaluation);
std::string TaskSentence(const Evaluation& evaluation, const v1::StatisticsGroup& group);
// How many needs were recommended something in the period; with a task, in entries of that task.
int64_t RecommendedNeeds(const Evaluation& evaluation, const std::optional<std::string>& task);
// 2025-03-12 签约，120 万元，凭据：…: one line a step, in the order of the history.
std::vector<std::string> CaseLines(const EvaluationCase& one);
std::string CaseTitle(const EvaluationCase& one);
std::string CaseSummary(const EvaluationCase& one);  // 任务：…；签约 120 万元，到账 …
// What P(signed) was learnt from, or why there is none; whether to show the forecasts: enough() and useful().
std::vector<std::string> SigningSentences(const v1::SigningEstimate& estimate);

}  // namespace dongxi::cli
