// The performance evaluation report (绩效评估报告) of a period and a province: what it says, gathered over
// gRPC.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "cli/client.h"
#include "cli/stats/gaps_run.h"
#include "cli/stats/period.h"
#include "dongxi/v1/statistics.pb.h"

namespace dongxi::cli {

inline constexpr size_t kCasesMax = 10;
inline constexpr int kSlowDays = 180;  // a contract without registration after these is a problem
inline constexpr double kFall = 0.2;   // a fall of a fifth is worth a word

// A good case: a pair delivered in the period with a signed amount and evidence, or one that an office marked
// by writing 典型案例 into the note of one of its entries of the period (MarksGoodCase).
struct EvaluationCase {
  std::vector<v1::Engagement> history;  // effective, in order of event time
  double signed_wan = 0, paid_wan = 0;
  bool marked = false;  // by an office
  std::string task_label;
};

struct EvaluationProblem {
  std::string heading;             // 任务没有活动
  std::string text;                // one sentence with figures
  std::vector<std::string> items;  // what it is about: tasks, regions, entries with their titles
};

// Contracts of a task signed kSlowDays or more before the period's end, or before the report's date if the
// period is not over, and what they lack after their time.
struct TaskContracts {
  int64_t due = 0;
  int64_t unregistered = 0, unpaid = 0, undelivered = 0;
  int64_t late = 0;  // that lack something
};

struct Evaluation {
  Period period;
  std::string region;       // code; empty: the whole country
  std::string region_name;  // 青海, 全国
  std::string conditions;   // what else narrows the entries: 任务 3.2，领域 钾肥; empty: nothing
  std::string notes;        // what else was asked for, a line of the head; may be empty
  std::string office;       // who makes it; may be empty
  absl::CivilDay date;      // when it was made, printed below it
  v1::Statistics statistics;
  std::vector<EvaluationCase> cases;  // marked ones first, then the largest amounts
  size_t cases_found = 0;
  std::vector<EvaluationProblem> problems;
  std::map<std::string, TaskContracts> contracts;  // by key of the task
  std::map<std::string, std::string> titles;       // of needs and offers of the ledger, by resource name
  std::optional<v1::SigningEstimate> signing;
  std::optional<GapsReport> gaps;
};

// Cases, problems, contracts and titles of statistics that hold engagement ids, from the entries that pass
// the filter which the statistics were made with.
absl::Status AddCasesAndProblems(const Client& client, const v1::StatisticsFilter& filter,
                                 Evaluation* evaluation);

// How pairings are counted, how cases are chosen, how everything is counted.
inline constexpr char kPairingNote[] =
    "结对关系取自方案；一条记录只计入最强的一个结对，方案点名的先于成组的，成组的先于推定的；"
    "园区所在城市的其他机构计入该园区的结对。";
inline constexpr char kCaseNote[] =
    "选取规则：期内验收、有签约金额、且有凭据的（会谈计划的编号不算凭据），按签约额从高到低；"
    "登记单位在备注中写明“典型案例”的列在最前。";
inline constexpr char kCountingNote[] =
    "条数按事件发生的日期计入评估期；同比为上一年同期，期未完的两边都只计到同一天。“得到推荐”指一对首次有推荐"
    "的登记，或首次有注明匹配编号的进展，计入其日期所在的评估期；“经推荐”指签约当日或之前这一对已得到推荐。"
    "转化率跟踪期内首次到达前一步的各对，看其此后（含当日）至期末是否到达后一步，区间为 Wilson "
    "95%；从推荐起的，自得到推荐之时。用时取前一步首次登记至"
    "其后首次到达后一步的间隔。已更正、撤回的记录不计。";
inline constexpr char kJudgementNote[] =
    "评价按规则作出，不代替专家意见。成效：期内有验收为“显现”，有到账为“初显”，仅有签约为“待显”。质量：看至期"
    "末（期末未到的，至编制日期）签约"
    "满 180 天的合同，满 180 天未登记、满 360 天未到账或满 720 "
    "天未验收的为逾期；无逾期为“好”，逾期不过半为“一般”，"
    "过半为“较差”。签约后又拒绝（未解除）、此后没有进展的合同不计。";

// 青海东西部科技合作绩效评估报告（2026年，任务 3.2）: a paper on a part of the entries says so wherever it is
// named.
std::string EvaluationTitle(const Evaluation& evaluation);
// Period, scope, what was counted, basis, office and date: a line each.
std::vector<std::string> HeadLines(const Evaluation& evaluation);
// The statistics of the period, or what P(signed) was learnt from, count simulated entries.
bool SigningIsSimulated(const Evaluation& evaluation);
// 落款, at the right below everything: the office, or where it puts its stamp, and the date.
std::vector<std::string> ClosingLines(const Evaluation& evaluation);
// 盐湖提锂（needs/n-1）; the name alone if the ledger has no title.
std::string TitleOf(const Evaluation& evaluation, const std::string& name);
// 2026年台账没有青海的记录。… Empty if there are some.
std::string NoDataText(const Evaluation& evaluation);
// The groups of a dimension; null if the statistics have none.
const v1::StatisticsTable* TableOf(const Evaluation& evaluation, v1::StatisticsDimension dimension);
// By what 总体情况 groups the figures, in order, as far as there are groups; by year only where the period
// has several.
struct OverviewTable {
  const v1::StatisticsTable* table;
  std::string heading;  // 按通道
};
std::vector<OverviewTable> OverviewTables(const Evaluation& evaluation);

// The report's own texts: 总体情况 as sentences; what to say of one task: figures with 同比, 转化, 问题,
// 评价.
std::vector<std::string> OverviewSentences(const Evaluation& evaluation);
std::vector<std::string> TaskSentences(const Evaluation& evaluation, const v1::StatisticsGroup& group);
// One sentence a pairing with entries; one that names all others.
struct NamedSentence {
  std::string name, text;
};
std::vector<NamedSentence> PairingSentences(const Evaluation& evaluation);
// 2025-03-12 签约，120 万元，凭据：…: one line a step, in the order of the history.
std::vector<std::string> CaseLines(const EvaluationCase& one);
std::string CaseTitle(const EvaluationCase& one);
std::string CaseSummary(const EvaluationCase& one);  // 任务：…；签约 120 万元，到账 …
// What P(signed) was learnt from, or why there is none; whether to show the forecasts: enough() and useful();
// how many there are, of which the paper shows at most `shown_max`.
std::vector<std::string> SigningSentences(const v1::SigningEstimate& estimate, int shown_max);

}  // namespace dongxi::cli
