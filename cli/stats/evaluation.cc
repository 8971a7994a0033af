#include "cli/stats/evaluation.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "cli/engagement_words.h"
#include "cli/stats/stats_words.h"
#include "engine/base/status_macros.h"
#include "report/words.h"

namespace dongxi::cli {
namespace {

constexpr char kMark[] = "典型案例";
constexpr int64_t kDayS = 86'400;
constexpr size_t kCandidatesMax = 500;
constexpr double kFall = 0.2;  // a fall of a fifth is worth a word

using PairName = std::pair<std::string, std::string>;

// What the ledger says of one pair, as far as problems and cases ask.
struct PairSummary {
  int64_t signed_s = 0;  // 0: not signed
  std::string signed_id;
  bool registered = false, paid = false, delivered = false;
  bool delivered_in_period = false, marked = false, refused = false;
  double signed_wan = 0;
};

bool Wanted(const v1::Engagement& entry, v1::SimulatedEntries simulated) {
  if (simulated == v1::SIMULATED_ENTRIES_ONLY) return entry.simulated();
  return simulated == v1::SIMULATED_ENTRIES_INCLUDE || !entry.simulated();
}

v1::EngagementFilter FilterOf(const Evaluation& evaluation) {
  v1::EngagementFilter filter;
  filter.set_need_region_code(evaluation.region);
  filter.mutable_end_time()->set_seconds(ChinaDayStartUs(evaluation.period.days.end) / 1'000'000);
  return filter;
}

class Gathering {
 public:
  Gathering(const Client& client, v1::SimulatedEntries simulated, Evaluation* evaluation)
      : client_(client),
        simulated_(simulated),
        evaluation_(*evaluation),
        start_s_(ChinaDayStartUs(evaluation->period.days.first) / 1'000'000),
        end_s_(ChinaDayStartUs(evaluation->period.days.end) / 1'000'000) {}

  absl::Status Run() {
    DX_RETURN_IF_ERROR(
        client_.ExportEngagements(FilterOf(evaluation_), [&](const v1::ExportEngagementsResponse& part) {
          for (const v1::Engagement& entry : part.engagements()) {
            if (Wanted(entry, simulated_)) Take(entry);
          }
        }));
    DX_RETURN_IF_ERROR(AddCases());
    AddActivityProblems();
    AddContractProblems();
    AddRefusalProblem();
    AddFallProblem();
    AddDataProblems();
    return absl::OkStatus();
  }

 private:
  void Take(const v1::Engagement& entry) {
    PairSummary& pair = pairs_[{entry.need(), entry.offer()}];
    const bool in_period = entry.event_time().seconds() >= start_s_;
    if (in_period && (entry.step() == v1::ENGAGEMENT_STEP_SHOWN || !entry.match_id().empty()))
      evaluation_.recommended[entry.need()].insert(entry.task());
    if (in_period && entry.note().find(kMark) != std::string::npos) pair.marked = true;
    if (in_period) {
      for (const v1::EngagementWarning& warning : entry.warnings()) {
        if (warning.engagement() == entry.name()) warnings_[warning.code()].insert(entry.name());
      }
    }
    switch (entry.step()) {
      case v1::ENGAGEMENT_STEP_SIGNED:
        if (pair.signed_s == 0) {
          pair.signed_s = entry.event_time().seconds();
          pair.signed_id = entry.name();
        }
        pair.signed_wan += entry.amount_wan();
        if (in_period && !entry.has_amount_wan()) without_amount_.push_back(entry.name());
        break;
      case v1::ENGAGEMENT_STEP_REGISTERED:
        pair.registered = true;
        break;
      case v1::ENGAGEMENT_STEP_PAID:
        pair.paid = true;
        break;
      case v1::ENGAGEMENT_STEP_DELIVERED:
        pair.delivered = true;
        pair.delivered_in_period = pair.delivered_in_period || in_period;
        break;
      default:
        break;
    }
  }

  absl::Status AddCases() {
    std::vector<std::pair<PairName, PairSummary>> candidates;
    for (const auto& [name, pair] : pairs_) {
      if (pair.marked || (pair.delivered_in_period && pair.signed_wan > 0))
        candidates.emplace_back(name, pair);
    }
    std::stable_sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
      return std::pair(a.second.marked, a.second.signed_wan) >
             std::pair(b.second.marked, b.second.signed_wan);
    });
    if (candidates.size() > kCandidatesMax) candidates.resize(kCandidatesMax);
    for (const auto& [name, pair] : candidates) {
      DX_ASSIGN_OR_RETURN(EvaluationCase one, CaseOf(name));
      one.marked = pair.marked;
      const bool evidence =
          std::any_of(one.history.begin(), one.history.end(),
                      [](const v1::Engagement& entry) { return entry.evidence_size() > 0; });
      if (!one.marked && !evidence) continue;
      ++evaluation_.cases_found;
      if (evaluation_.cases.size() < kCasesMax) evaluation_.cases.push_back(std::move(one));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<EvaluationCase> CaseOf(const PairName& name) const {
    v1::EngagementFilter filter = FilterOf(evaluation_);
    filter.set_need(name.first);
    filter.set_offer(name.second);
    EvaluationCase one;
    DX_RETURN_IF_ERROR(client_.ExportEngagements(filter, [&](const v1::ExportEngagementsResponse& part) {
      for (const v1::Engagement& entry : part.engagements()) {
        if (!Wanted(entry, simulated_)) continue;
        if (entry.step() == v1::ENGAGEMENT_STEP_SIGNED) one.signed_wan += entry.amount_wan();
        if (entry.step() == v1::ENGAGEMENT_STEP_PAID) one.paid_wan += entry.amount_wan();
        one.history.push_back(entry);
      }
    }));
    if (!one.history.empty()) one.task_label = TaskLabel(one.history.back().task());
    return one;
  }

  std::string TaskLabel(const std::string& task) const {
    for (const v1::StatisticsTable& table : evaluation_.statistics.tables()) {
      if (table.dimension() != v1::STATISTICS_DIMENSION_TASK) continue;
      for (const v1::StatisticsGroup& group : table.groups()) {
        if (group.key() == task) return group.label();
      }
    }
    return task.empty() ? "不属于各项任务" : task;
  }

  void Problem(const std::string& heading, const std::string& text, std::vector<std::string> items) {
    evaluation_.problems.push_back({heading, text, std::move(items)});
  }

  void AddActivityProblems() {
    std::vector<std::string> tasks;
    for (const v1::PlanTask& task : evaluation_.statistics.inactive_tasks())
      tasks.push_back(task.id() + " " + task.title() + "（" + task.channel_name() + "）");
    if (!tasks.empty()) {
      const size_t count = tasks.size();
      Problem("任务没有活动", absl::StrCat("期内有 ", count, " 项任务在台账里没有任何记录。"),
              std::move(tasks));
    }
    std::vector<std::string> waiting;
    int64_t unserved = 0;
    for (const v1::UnservedRegion& region : evaluation_.statistics.unserved_regions()) {
      ++unserved;
      if (region.needs() > 0)
        waiting.push_back(absl::StrCat(region.label(), "（需求 ", region.needs(), " 项）"));
    }
    if (unserved > 0) {
      // Before the list is moved away: arguments have no order.
      const std::string text = absl::StrCat("至期末，有 ", unserved, " 个地州市或县从未有过会谈或签约，其中 ",
                                            waiting.size(), " 个有需求在目录里。");
      Problem("地区尚未服务", text, std::move(waiting));
    }
    const int64_t needs = evaluation_.statistics.total().needs();
    const int64_t unmatched = needs - RecommendedNeeds(evaluation_, std::nullopt);
    if (needs > 0 && unmatched > 0) {
      Problem("需求没有推荐",
              absl::StrCat("期内有效需求 ", needs, " 项，其中 ", unmatched,
                           " 项在台账里没有推荐，也没有注明匹配编号的进展（",
                           Share(static_cast<double>(unmatched) / static_cast<double>(needs)), "）。"),
              {});
    }
  }

  void AddContractProblems() {
    std::vector<std::string> unregistered, unpaid, undelivered;
    for (const auto& [name, pair] : pairs_) {
      if (pair.signed_s == 0) continue;
      const int64_t age_days = (end_s_ - pair.signed_s) / kDayS;
      if (age_days >= kSlowDays && !pair.registered) unregistered.push_back(pair.signed_id);
      if (age_days >= 2 * kSlowDays && !pair.paid) unpaid.push_back(pair.signed_id);
      if (age_days >= 4 * kSlowDays && !pair.delivered) undelivered.push_back(pair.signed_id);
    }
    const auto add = [&](const char* heading, std::vector<std::string> ids, int days, const char* what) {
      if (ids.empty()) return;
      std::sort(ids.begin(), ids.end());
      const size_t count = ids.size();
      Problem(heading, absl::StrCat("至期末，签约满 ", days, " 天仍未", what, "的有 ", count, " 对。"),
              std::move(ids));
    };
    add("签约后未登记技术合同", std::move(unregistered), kSlowDays, "登记技术合同");
    add("签约后未到账", std::move(unpaid), 2 * kSlowDays, "到账");
    add("签约后未验收", std::move(undelivered), 4 * kSlowDays, "验收");
  }

  void AddRefusalProblem() {
    const v1::StatisticsGroup& total = evaluation_.statistics.total();
    const v1::RefusalCount* most = nullptr;
    int64_t all = 0;
    for (const v1::RefusalCount& count : total.refusals()) {
      all += count.entries();
      if (most == nullptr || count.entries() > most->entries()) most = &count;
    }
    if (most == nullptr) return;
    Problem("拒绝的主要原因",
            absl::StrCat("期内拒绝 ", all, " 条，最多的是“", ChineseReason(most->reason()), "”（",
                         most->entries(), " 条，",
                         Share(static_cast<double>(most->entries()) / static_cast<double>(all)), "）。"),
            {most->engagements().begin(), most->engagements().end()});
  }

  void AddFallProblem() {
    const v1::StatisticsGroup& total = evaluation_.statistics.total();
    std::string falls;
    for (const v1::FigureKind kind :
         {v1::FIGURE_KIND_MET, v1::FIGURE_KIND_SIGNED, v1::FIGURE_KIND_DELIVERED}) {
      const auto now = static_cast<double>(FigureOf(total, kind).entries());
      const auto before = static_cast<double>(EarlierFigureOf(total, kind).entries());
      if (before <= 0 || now > (1 - kFall) * before) continue;
      absl::StrAppend(&falls, falls.empty() ? "" : "，", FigureName(kind), " ", Change(now, before));
    }
    if (!falls.empty())
      Problem("同比下降", absl::StrCat("与", evaluation_.period.earlier_label, "相比，", falls, "。"), {});
  }

  void AddDataProblems() {
    const auto add = [&](const char* code, const char* heading, const char* text) {
      const auto found = warnings_.find(code);
      if (found == warnings_.end()) return;
      Problem(heading, absl::StrCat("期内有 ", found->second.size(), " 条", text, "。"),
              {found->second.begin(), found->second.end()});
    };
    add("NO_MEETING", "签约之前没有会谈的登记", "签约在台账里找不到之前的会谈，过程材料不全");
    add("PAID_MORE_THAN_SIGNED", "到账多于签约", "到账使累计超过合同额，请核对金额");
    add("REGISTERED_AMOUNT_DIFFERS", "登记额与签约额不符", "技术合同登记的金额与签约额不同，请核对");
    add("REFUSED_AFTER_SIGNED", "签约后又拒绝", "拒绝登记在签约之后");
    if (!without_amount_.empty()) {
      Problem("签约没有金额",
              absl::StrCat("期内有 ", without_amount_.size(), " 条签约没有写金额，金额合计偏小。"),
              without_amount_);
    }
  }

  const Client& client_;
  const v1::SimulatedEntries simulated_;
  Evaluation& evaluation_;
  const int64_t start_s_, end_s_;
  std::map<PairName, PairSummary> pairs_;
  std::map<std::string, std::set<std::string>> warnings_;
  std::vector<std::string> without_amount_;
};

}  // namespace

absl::Status AddCasesAndProblems(const Client& client, v1::SimulatedEntries simulated,
                                 Evaluation* evaluation) {
  return Gathering(client, simulated, evaluation).Run();
}

std::string EvaluationTitle(const Evaluation& evaluation) {
  return absl::StrCat(evaluation.region_name, "东西部科技合作绩效评估报告（", evaluation.period.label, "）");
}

std::vector<std::string> HeadLines(const Evaluation& evaluation) {
  const absl::CivilDay first = evaluation.period.days.first, last = evaluation.period.days.end - 1;
  std::vector<std::string> lines = {
      absl::StrFormat("评估期：%d年%d月%d日至%d年%d月%d日", first.year(), first.month(), first.day(),
                      last.year(), last.month(), last.day()),
      "评估范围：" + evaluation.region_name + (evaluation.region.empty() ? "" : "（需求方所在省区）"),
      absl::StrCat("依据：评估期内台账 ", evaluation.statistics.entries(),
                   " 条记录（之后的更正在重新生成时计入）", "，政策表 ", evaluation.statistics.policy())};
  if (!evaluation.office.empty()) lines.push_back("编制单位：" + evaluation.office);
  return lines;
}

std::string NoDataText(const Evaluation& evaluation) {
  if (evaluation.statistics.entries() > 0) return "";
  return absl::StrCat(evaluation.period.label, "台账没有", evaluation.region_name,
                      "的记录。以下各项均为零；请核对评估期和范围，或先登记进展（dongxi engage import）。");
}

const v1::StatisticsTable* TableOf(const Evaluation& evaluation, v1::StatisticsDimension dimension) {
  for (const v1::StatisticsTable& table : evaluation.statistics.tables()) {
    if (table.dimension() == dimension) return &table;
  }
  return nullptr;
}

int64_t RecommendedNeeds(const Evaluation& evaluation, const std::optional<std::string>& task) {
  return std::count_if(evaluation.recommended.begin(), evaluation.recommended.end(),
                       [&](const auto& need) { return !task || need.second.contains(*task); });
}

std::vector<std::string> OverviewSentences(const Evaluation& evaluation) {
  const v1::StatisticsGroup& total = evaluation.statistics.total();
  const auto figure = [&](v1::FigureKind kind) -> const v1::Figure& { return FigureOf(total, kind); };
  const auto compared = [&](v1::FigureKind kind, bool amount) -> std::string {
    if (total.earlier_figures_size() == 0) return "";
    const v1::Figure& now = figure(kind);
    const v1::Figure& before = EarlierFigureOf(total, kind);
    const std::string change =
        amount ? Change(now.amount_wan(), before.amount_wan())
               : Change(static_cast<double>(now.entries()), static_cast<double>(before.entries()));
    return change == "—"                          ? ""
           : change == "新增" || change == "持平" ? "（同比" + change + "）"
                                                  : "（同比 " + change + "）";
  };
  const v1::Figure& contracts = figure(v1::FIGURE_KIND_SIGNED);
  std::vector<std::string> sentences;
  sentences.push_back(absl::StrCat(
      evaluation.period.label, "，", evaluation.region_name, "期内有效需求 ", Count(total.needs()),
      " 项，其中 ", Count(RecommendedNeeds(evaluation, std::nullopt)), " 项得到推荐；会谈 ",
      Count(figure(v1::FIGURE_KIND_MET).entries()), " 次", compared(v1::FIGURE_KIND_MET, false), "，涉及 ",
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
    sentences.push_back(
        absl::StrCat("期内首次会谈的 ", Count(one.began()), " 对中，至期末签约 ", Count(one.reached()),
                     " 对（", Share(static_cast<double>(one.reached()) / static_cast<double>(one.began())),
                     "，95% 区间 ", Share(one.low()), "—", Share(one.high()), "）。"));
  }
  return sentences;
}

std::string TaskSentence(const Evaluation& evaluation, const v1::StatisticsGroup& group) {
  const v1::Figure& contracts = FigureOf(group, v1::FIGURE_KIND_SIGNED);
  const v1::Figure& met = FigureOf(group, v1::FIGURE_KIND_MET);
  int64_t entries = 0;
  for (const v1::Figure& figure : group.figures()) entries += figure.entries();
  if (entries == 0) {
    return absl::StrCat("期内没有活动；有效需求 ", Count(group.needs()), " 项。");
  }
  return absl::StrCat("有效需求 ", Count(group.needs()), " 项，",
                      Count(RecommendedNeeds(evaluation, group.key())), " 项得到推荐，会谈 ",
                      Count(met.entries()), " 次，签约 ", Count(contracts.entries()), " 项、",
                      Amount(contracts.amount_wan()), " 万元（经推荐 ",
                      Count(FigureOf(group, v1::FIGURE_KIND_SIGNED_RECOMMENDED).entries()), " 项），登记 ",
                      Count(FigureOf(group, v1::FIGURE_KIND_REGISTERED).entries()), " 项，到账 ",
                      Amount(FigureOf(group, v1::FIGURE_KIND_PAID).amount_wan()), " 万元，验收 ",
                      Count(FigureOf(group, v1::FIGURE_KIND_DELIVERED).entries()), " 项，拒绝 ",
                      Count(FigureOf(group, v1::FIGURE_KIND_REFUSED).entries()), " 条。");
}

std::vector<std::string> CaseLines(const EvaluationCase& one) {
  std::vector<std::string> lines;
  for (const v1::Engagement& entry : one.history) {
    std::string line = DayOf(entry) + " " + StepName(entry.step());
    if (entry.has_amount_wan()) absl::StrAppend(&line, "，", Amount(entry.amount_wan()), " 万元");
    if (!entry.registration_number().empty())
      absl::StrAppend(&line, "，登记编号 ", entry.registration_number());
    if (!entry.mode().empty()) absl::StrAppend(&line, "，", report::ModeName(entry.mode()));
    std::string evidence;
    for (const std::string& item : entry.evidence())
      absl::StrAppend(&evidence, evidence.empty() ? "" : "、", item);
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

std::vector<std::string> SigningSentences(const v1::SigningEstimate& estimate) {
  if (!estimate.enough()) {
    return {absl::StrCat("已有结果的 ", estimate.decided_pairs(), " 对，其中签约 ", estimate.signed_pairs(),
                         " 对；少于 ", estimate.decided_pairs_min(), " 对或签约少于 ",
                         estimate.signed_pairs_min(), " 对时不给出签约概率。")};
  }
  const std::string simulated = estimate.simulated_pairs() > 0
                                    ? absl::StrCat("，其中模拟数据 ", estimate.simulated_pairs(), " 对")
                                    : "";
  std::vector<std::string> sentences = {absl::StrCat(
      "由已有结果的 ", Count(estimate.decided_pairs()), " 对（签约 ", Count(estimate.signed_pairs()), " 对",
      simulated, "）学得，交叉验证的 Brier 分数 ", absl::StrFormat("%.4f", estimate.brier()),
      "，一律按平均签约率预测时为 ", absl::StrFormat("%.4f", estimate.base_brier()), "。")};
  if (!estimate.useful()) sentences.push_back("不比平均签约率更准，故不给出签约概率。");
  return sentences;
}

}  // namespace dongxi::cli
