#include "cli/stats/evaluation.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "cli/engagement_words.h"
#include "cli/stats/contracts.h"
#include "cli/stats/stats_words.h"
#include "report/words.h"

namespace dongxi::cli {
namespace {

std::string ChineseDay(absl::CivilDay day) {
  return absl::StrFormat("%d年%d月%d日", day.year(), day.month(), day.day());
}

// （同比 +12.5%）; empty without an earlier period or where both are nothing.
std::string Compared(const v1::StatisticsGroup& group, v1::FigureKind kind, bool amount) {
  if (group.earlier_figures_size() == 0) return "";
  const v1::Figure& now = FigureOf(group, kind);
  const v1::Figure& before = EarlierFigureOf(group, kind);
  const std::string change =
      amount ? Change(now.amount_wan(), before.amount_wan())
             : Change(static_cast<double>(now.entries()), static_cast<double>(before.entries()));
  return change == "—"                          ? ""
         : change == "新增" || change == "持平" ? "（同比" + change + "）"
                                                : "（同比 " + change + "）";
}

int64_t EntriesOf(const google::protobuf::RepeatedPtrField<v1::Figure>& figures) {
  int64_t entries = 0;
  for (const v1::Figure& figure : figures) entries += figure.entries();
  return entries;
}

std::string FigureSentence(const v1::StatisticsGroup& group, const char* needs) {
  const auto entries = [&](v1::FigureKind kind) { return Count(FigureOf(group, kind).entries()); };
  const auto amount = [&](v1::FigureKind kind) { return Amount(FigureOf(group, kind).amount_wan()); };
  return absl::StrCat(
      needs, " ", Count(group.needs()), " 项，", Count(FigureOf(group, v1::FIGURE_KIND_MATCHED).needs()),
      " 项得到推荐，会谈 ", entries(v1::FIGURE_KIND_MET), " 次", Compared(group, v1::FIGURE_KIND_MET, false),
      "，签约 ", entries(v1::FIGURE_KIND_SIGNED), " 项", Compared(group, v1::FIGURE_KIND_SIGNED, false), "、",
      amount(v1::FIGURE_KIND_SIGNED), " 万元", Compared(group, v1::FIGURE_KIND_SIGNED, true), "，其中经推荐 ",
      entries(v1::FIGURE_KIND_SIGNED_RECOMMENDED), " 项；登记 ", entries(v1::FIGURE_KIND_REGISTERED),
      " 项，到账 ", amount(v1::FIGURE_KIND_PAID), " 万元", Compared(group, v1::FIGURE_KIND_PAID, true),
      "，验收 ", entries(v1::FIGURE_KIND_DELIVERED), " 项", Compared(group, v1::FIGURE_KIND_DELIVERED, false),
      "，拒绝 ", entries(v1::FIGURE_KIND_REFUSED), " 条。");
}

// What went on of what began in the period; empty if nothing began.
std::string ConversionSentence(const v1::StatisticsGroup& group) {
  std::string text;
  const auto add = [&](v1::EngagementStep from, v1::EngagementStep to, const char* began) {
    for (const v1::StepConversion& one : group.conversions()) {
      if (one.from_step() != from || one.to_step() != to || one.began() == 0) continue;
      absl::StrAppend(&text, text.empty() ? "转化：" : "；", began, " ", Count(one.began()), " 对中，至期末",
                      StepName(to), " ", Count(one.reached()), " 对（", Share(ReachedShare(one)),
                      "，95% 区间 ", Share(one.low()), "—", Share(one.high()), "）");
    }
  };
  add(v1::ENGAGEMENT_STEP_SHOWN, v1::ENGAGEMENT_STEP_MET, "得到推荐的");
  add(v1::ENGAGEMENT_STEP_MET, v1::ENGAGEMENT_STEP_SIGNED, "首次会谈的");
  return text.empty() ? "" : text + "。";
}

// How long the steps took that were reached in the period; empty if none was.
std::string DurationSentence(const v1::StatisticsGroup& group) {
  std::string text;
  for (const v1::StepDuration& one : group.durations()) {
    if (one.pairs() == 0) continue;
    absl::StrAppend(&text, text.empty() ? "用时中位数（四分位），天：" : "；", StepName(one.from_step()),
                    "至", StepName(one.to_step()), " ", DaysWords(one));
  }
  return text.empty() ? "" : text + "。";
}

TaskContracts ContractsOfTask(const Evaluation& evaluation, const std::string& task) {
  const auto found = evaluation.contracts.find(task);
  return found == evaluation.contracts.end() ? TaskContracts() : found->second;
}

std::string ProblemSentence(const Evaluation& evaluation, const v1::StatisticsGroup& group) {
  std::vector<std::string> problems;
  const int64_t unmatched = group.needs() - FigureOf(group, v1::FIGURE_KIND_MATCHED).needs();
  if (unmatched > 0) problems.push_back(absl::StrCat(unmatched, " 项需求期内没有新得到推荐"));
  const TaskContracts contracts = ContractsOfTask(evaluation, group.key());
  for (const auto& [count, days, what] : {std::tuple{contracts.unregistered, kSlowDays, "登记"},
                                          std::tuple{contracts.unpaid, 2 * kSlowDays, "到账"},
                                          std::tuple{contracts.undelivered, 4 * kSlowDays, "验收"}}) {
    if (count > 0) problems.push_back(absl::StrCat(count, " 份合同签约满 ", days, " 天未", what));
  }
  for (const v1::FigureKind kind : {v1::FIGURE_KIND_MET, v1::FIGURE_KIND_SIGNED, v1::FIGURE_KIND_DELIVERED}) {
    const auto now = static_cast<double>(FigureOf(group, kind).entries());
    const auto before = static_cast<double>(EarlierFigureOf(group, kind).entries());
    if (before > 0 && now <= (1 - kFall) * before)
      problems.push_back(absl::StrCat(FigureName(kind), "同比 ", Change(now, before)));
  }
  const auto most = std::max_element(
      group.refusals().begin(), group.refusals().end(),
      [](const v1::RefusalCount& a, const v1::RefusalCount& b) { return a.entries() < b.entries(); });
  if (most != group.refusals().end())
    problems.push_back(
        absl::StrCat("拒绝最多因“", ChineseReason(most->reason()), "”（", most->entries(), " 条）"));
  return problems.empty() ? "问题：按规则没有发现。"
                          : absl::StrCat("问题：", absl::StrJoin(problems, "；"), "。");
}

std::string EffectWords(const v1::StatisticsGroup& group) {
  const int64_t delivered = FigureOf(group, v1::FIGURE_KIND_DELIVERED).entries();
  const double paid = FigureOf(group, v1::FIGURE_KIND_PAID).amount_wan();
  if (delivered > 0) return absl::StrCat("成效显现（验收 ", Count(delivered), " 项）");
  if (paid > 0) return absl::StrCat("成效初显（到账 ", Amount(paid), " 万元，期内无验收）");
  if (FigureOf(group, v1::FIGURE_KIND_SIGNED).entries() > 0) return "已有签约，成效待显（期内无到账、验收）";
  if (FigureOf(group, v1::FIGURE_KIND_MET).entries() > 0) return "已有对接，期内无签约";
  return "成效未显（期内无会谈、签约、到账、验收）";
}

std::string QualityWords(const TaskContracts& contracts) {
  if (contracts.due == 0) return absl::StrCat("质量无从评价（没有签约满 ", kSlowDays, " 天的合同）");
  const std::string counts = absl::StrCat("（签约满 ", kSlowDays, " 天的合同 ", contracts.due, " 份，逾期 ",
                                          contracts.late, " 份）");
  if (contracts.late == 0) return "质量好" + counts;
  return (2 * contracts.late <= contracts.due ? "质量一般" : "质量较差") + counts;
}

// （任务 3.2）; behind the region in a sentence.
std::string Scope(const Evaluation& evaluation) {
  return evaluation.conditions.empty() ? "" : "（" + evaluation.conditions + "）";
}

// ，任务 3.2; behind the region or the period.
std::string Conditions(const Evaluation& evaluation) {
  return evaluation.conditions.empty() ? "" : "，" + evaluation.conditions;
}

}  // namespace

std::string EvaluationTitle(const Evaluation& evaluation) {
  return absl::StrCat(evaluation.region_name, "东西部科技合作绩效评估报告（", evaluation.period.label,
                      Conditions(evaluation), "）");
}

std::vector<std::string> HeadLines(const Evaluation& evaluation) {
  std::vector<std::string> lines = {
      absl::StrCat("评估期：", ChineseDay(evaluation.period.days.first), "至",
                   ChineseDay(evaluation.period.days.end - 1)),
      absl::StrCat("评估范围：", evaluation.region_name,
                   evaluation.region.empty() ? "" : "（需求方所在省区）", Conditions(evaluation)),
      absl::StrCat("依据：评估期内台账 ", evaluation.statistics.entries(),
                   " 条记录（之后的更正在重新生成时计入）", "，政策表 ", evaluation.statistics.policy())};
  if (std::string running = RunningWords(evaluation.period, IsCompared(evaluation.statistics));
      !running.empty())
    lines.push_back(std::move(running));
  if (!evaluation.notes.empty()) lines.push_back("另：" + evaluation.notes);
  if (!evaluation.office.empty()) lines.push_back("编制单位：" + evaluation.office);
  lines.push_back("编制日期：" + ChineseDay(evaluation.date));
  return lines;
}

bool SigningIsSimulated(const Evaluation& evaluation) {
  return HasSimulated(evaluation.statistics) ||
         (evaluation.signing && evaluation.signing->simulated_pairs() > 0);
}

std::vector<std::string> ClosingLines(const Evaluation& evaluation) {
  return {evaluation.office.empty() ? "编制单位（盖章）：" : evaluation.office, ChineseDay(evaluation.date)};
}

std::string TitleOf(const Evaluation& evaluation, const std::string& name) {
  const auto found = evaluation.titles.find(name);
  return found == evaluation.titles.end() ? name : absl::StrCat(found->second, "（", name, "）");
}

std::string NoDataText(const Evaluation& evaluation) {
  if (evaluation.statistics.entries() > 0) return "";
  return absl::StrCat(evaluation.period.label, "台账没有", evaluation.region_name, Scope(evaluation),
                      "的记录。以下各项均为零；请核对评估期和范围，或先登记进展（dongxi engage import）。");
}

const v1::StatisticsTable* TableOf(const Evaluation& evaluation, v1::StatisticsDimension dimension) {
  for (const v1::StatisticsTable& table : evaluation.statistics.tables()) {
    if (table.dimension() == dimension) return &table;
  }
  return nullptr;
}

std::vector<OverviewTable> OverviewTables(const Evaluation& evaluation) {
  const DayRange& days = evaluation.period.days;
  std::vector<OverviewTable> tables;
  for (const auto& [dimension, heading] : {std::pair{v1::STATISTICS_DIMENSION_YEAR, "按年份"},
                                           std::pair{v1::STATISTICS_DIMENSION_CHANNEL, "按通道"},
                                           std::pair{v1::STATISTICS_DIMENSION_CITY, "按市州"},
                                           std::pair{v1::STATISTICS_DIMENSION_FIELD, "按领域"},
                                           std::pair{v1::STATISTICS_DIMENSION_MODE, "按合作方式"},
                                           std::pair{v1::STATISTICS_DIMENSION_PROVINCE_PAIR, "按省际"}}) {
    const v1::StatisticsTable* const table = TableOf(evaluation, dimension);
    if (table == nullptr || table->groups().empty()) continue;
    const bool one_year = days.first.year() == (days.end - 1).year();
    if (dimension == v1::STATISTICS_DIMENSION_YEAR && one_year) continue;
    tables.push_back({table, heading});
  }
  return tables;
}

std::vector<std::string> OverviewSentences(const Evaluation& evaluation) {
  const v1::StatisticsGroup& total = evaluation.statistics.total();
  const auto figure = [&](v1::FigureKind kind) -> const v1::Figure& { return FigureOf(total, kind); };
  const auto compared = [&](v1::FigureKind kind, bool amount) { return Compared(total, kind, amount); };
  const v1::Figure& contracts = figure(v1::FIGURE_KIND_SIGNED);
  std::vector<std::string> sentences;
  sentences.push_back(absl::StrCat(evaluation.period.label, "，", evaluation.region_name, Scope(evaluation),
                                   "期内有效需求 ", Count(total.needs()), " 项，其中 ",
                                   Count(figure(v1::FIGURE_KIND_MATCHED).needs()), " 项得到推荐；会谈 ",
                                   Count(figure(v1::FIGURE_KIND_MET).entries()), " 次",
                                   compared(v1::FIGURE_KIND_MET, false), "，涉及 ",
                                   Count(figure(v1::FIGURE_KIND_MET).needs()), " 项需求。"));
  sentences.push_back(absl::StrCat(
      "签约 ", Count(contracts.entries()), " 项", compared(v1::FIGURE_KIND_SIGNED, false), "，合同额 ",
      Amount(contracts.amount_wan()), " 万元", compared(v1::FIGURE_KIND_SIGNED, true), "；其中经推荐后签约 ",
      Count(figure(v1::FIGURE_KIND_SIGNED_RECOMMENDED).entries()), " 项、",
      Amount(figure(v1::FIGURE_KIND_SIGNED_RECOMMENDED).amount_wan()), " 万元，未经推荐签约 ",
      Count(figure(v1::FIGURE_KIND_SIGNED_UNRECOMMENDED).entries()), " 项、",
      Amount(figure(v1::FIGURE_KIND_SIGNED_UNRECOMMENDED).amount_wan()), " 万元。"));
  sentences.push_back(absl::StrCat("技术合同登记 ", Count(figure(v1::FIGURE_KIND_REGISTERED).entries()),
                                   " 项、", Amount(figure(v1::FIGURE_KIND_REGISTERED).amount_wan()),
                                   " 万元，到账 ", Amount(figure(v1::FIGURE_KIND_PAID).amount_wan()),
                                   " 万元，验收 ", Count(figure(v1::FIGURE_KIND_DELIVERED).entries()),
                                   " 项，拒绝 ", Count(figure(v1::FIGURE_KIND_REFUSED).entries()), " 条。"));
  for (const v1::StepConversion& one : total.conversions()) {
    const bool wanted =
        one.from_step() == v1::ENGAGEMENT_STEP_MET && one.to_step() == v1::ENGAGEMENT_STEP_SIGNED;
    if (!wanted || one.began() == 0) continue;
    sentences.push_back(absl::StrCat("期内首次会谈的 ", Count(one.began()), " 对中，至期末签约 ",
                                     Count(one.reached()), " 对（", Share(ReachedShare(one)), "，95% 区间 ",
                                     Share(one.low()), "—", Share(one.high()), "）。"));
  }
  return sentences;
}

std::vector<std::string> TaskSentences(const Evaluation& evaluation, const v1::StatisticsGroup& group) {
  if (EntriesOf(group.figures()) == 0) {
    const int64_t before = EntriesOf(group.earlier_figures());
    const std::string idle = absl::StrCat("期内没有活动", before > 0 ? "（上年同期有）" : "", "；有效需求 ",
                                          Count(group.needs()), " 项。");
    // Contracts of before the period are due all the same.
    const TaskContracts contracts = ContractsOfTask(evaluation, group.key());
    if (contracts.due == 0) return {idle, "评价：期内没有活动，成效和质量无从评价。"};
    return {idle, ProblemSentence(evaluation, group),
            absl::StrCat("评价：期内没有活动，成效无从评价；", QualityWords(contracts), "。")};
  }
  std::vector<std::string> sentences = {FigureSentence(group, "有效需求")};
  for (std::string sentence : {ConversionSentence(group), DurationSentence(group)}) {
    if (!sentence.empty()) sentences.push_back(std::move(sentence));
  }
  sentences.push_back(ProblemSentence(evaluation, group));
  sentences.push_back(absl::StrCat("评价：", EffectWords(group), "；",
                                   QualityWords(ContractsOfTask(evaluation, group.key())), "。"));
  return sentences;
}

std::vector<NamedSentence> PairingSentences(const Evaluation& evaluation) {
  std::vector<NamedSentence> sentences;
  const v1::StatisticsTable* const table = TableOf(evaluation, v1::STATISTICS_DIMENSION_PAIRING);
  if (table == nullptr) return sentences;
  std::vector<std::string> idle;
  for (const v1::StatisticsGroup& group : table->groups()) {
    if (EntriesOf(group.figures()) == 0) {
      idle.push_back(group.label());
      continue;
    }
    sentences.push_back({group.label(), absl::StrCat(FigureSentence(group, "涉及需求"),
                                                     ConversionSentence(group), DurationSentence(group))});
  }
  if (!idle.empty())
    sentences.push_back(
        {"没有活动的结对", absl::StrCat(idle.size(), " 个：", absl::StrJoin(idle, "；"), "。")});
  return sentences;
}

std::vector<std::string> CaseLines(const EvaluationCase& one) {
  std::vector<std::string> lines;
  for (const v1::Engagement& entry : one.history) {
    std::string line = DayOf(entry) + " " + StepName(entry.step());
    if (entry.has_amount_wan()) absl::StrAppend(&line, "，", Amount(entry.amount_wan()), " 万元");
    if (!entry.registration_number().empty())
      absl::StrAppend(&line, "，登记编号 ", entry.registration_number());
    if (!entry.mode().empty()) absl::StrAppend(&line, "，", report::ModeName(entry.mode()));
    std::string evidence, plans;
    for (const std::string& item : entry.evidence()) {
      std::string& list = Proves(item) ? evidence : plans;
      absl::StrAppend(&list, list.empty() ? "" : "、", item);
    }
    if (!plans.empty()) absl::StrAppend(&line, "，会谈计划：", plans);
    if (!evidence.empty()) absl::StrAppend(&line, "，凭据：", evidence);
    if (!entry.note().empty()) absl::StrAppend(&line, "（", entry.note(), "）");
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string CaseTitle(const EvaluationCase& one) {
  if (one.history.empty()) return "";
  const v1::Engagement& last = one.history.back();
  const auto titled = [](const std::string& title, const std::string& name) {
    return title.empty() ? name : title;
  };
  const std::string mark = last.simulated() ? "［模拟数据］" : last.illustrative() ? "［示例数据］" : "";
  return mark + titled(last.need_title(), last.need()) + "（" +
         report::FullRegionName(last.need_region_code()) + "） × " +
         titled(last.offer_title(), last.offer()) + "（" + report::FullRegionName(last.offer_region_code()) +
         "）";
}

std::string CaseSummary(const EvaluationCase& one) {
  return absl::StrCat("任务：", one.task_label, "；签约 ", Amount(one.signed_wan), " 万元，到账 ",
                      Amount(one.paid_wan), " 万元；入选：", one.marked ? "登记单位标记" : "按规则", "。");
}

std::vector<std::string> SigningSentences(const v1::SigningEstimate& estimate, int shown_max) {
  std::vector<std::string> sentences;
  if (const std::string left_out = SimulatedLeftOutWords(estimate); !left_out.empty())
    sentences.push_back(left_out + "。");
  if (const std::string simulated = SimulatedPairsWords(estimate); !simulated.empty())
    sentences.push_back(simulated + "。");
  if (!estimate.enough()) {
    const std::string few = TooFewWords(estimate);
    sentences.push_back(absl::StrCat("登记满两年的 ", Count(estimate.decided_pairs()), " 对，其中两年内签约 ",
                                     Count(estimate.signed_pairs()), " 对；不给出签约概率",
                                     few.empty() ? "" : "：", few, "。"));
    return sentences;
  }
  sentences.push_back(absl::StrCat("由登记满两年的 ", Count(estimate.decided_pairs()), " 对（两年内签约 ",
                                   Count(estimate.signed_pairs()),
                                   " 对；入台账时已签约或已拒绝的不计）学得，交叉验证的 Brier 分数 ",
                                   absl::StrFormat("%.4f", estimate.brier()), "，一律按平均签约率预测时为 ",
                                   absl::StrFormat("%.4f", estimate.base_brier()), "。"));
  if (estimate.useful())
    sentences.push_back(ForecastsWords(estimate, shown_max) + "，已计入其至今仍在进行。");
  else
    sentences.push_back("不比平均签约率更准，故不给出签约概率。");
  return sentences;
}

}  // namespace dongxi::cli
