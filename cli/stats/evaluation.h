// The performance evaluation report (绩效评估报告) of a period and a province: what it says, gathered over
// gRPC.
#pragma once

#include <optional>
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
  std::optional<v1::SigningEstimate> signing;
  std::optional<GapsReport> gaps;
};

// Cases and problems of statistics that hold engagement ids.
absl::Status AddCasesAndProblems(const Client& client, v1::SimulatedEntries simulated,
                                 Evaluation* evaluation);

// The report's own texts: 总体情况 as sentences; what to say of one task.
std::vector<std::string> OverviewSentences(const Evaluation& evaluation);
std::string TaskSentence(const v1::StatisticsGroup& group);
// 2025-03-12 签约，120 万元，凭据 …: one line a step.
std::vector<std::string> CaseLines(const EvaluationCase& one);
std::string CaseTitle(const EvaluationCase& one);

}  // namespace dongxi::cli
