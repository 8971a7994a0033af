// What an evaluation says beyond the statistics: good cases and problems, found in the ledger's entries.
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/engagement_words.h"
#include "cli/stats/contracts.h"
#include "cli/stats/evaluation.h"
#include "cli/stats/pair_ledgers.h"
#include "cli/stats/stats_words.h"
#include "engine/base/status_macros.h"
#include "engine/statistics/group_key.h"
#include "engine/statistics/one_contract.h"

namespace dongxi::cli {
namespace {

constexpr int64_t kDayS = 86'400;

using PairName = std::pair<std::string, std::string>;

// What the ledger says of one pair, as far as problems and cases ask.
struct PairSummary {
  std::vector<ContractEntry> entries;
  bool delivered_in_period = false, marked = false, has_evidence = false;
  double signed_wan = 0;
};

std::string TitleOr(const std::string& title, const std::string& name) {
  return title.empty() ? name : title;
}

// 尾盐里的钾怎么回收 × 某成果，2025-03-10 签约（engagements/e-…).
std::string LabelOf(const v1::Engagement& entry) {
  return absl::StrCat(entry.simulated() ? "［模拟数据］" : "", TitleOr(entry.need_title(), entry.need()),
                      " × ", TitleOr(entry.offer_title(), entry.offer()), "，", DayOf(entry), " ",
                      StepName(entry.step()), "（", entry.name(), "）");
}

bool IsProved(const v1::Engagement& entry) {
  return std::any_of(entry.evidence().begin(), entry.evidence().end(),
                     [](const std::string& item) { return Proves(item); });
}

// As StatisticsFilter says, mode apart, which belongs to the pair.
bool Passes(const v1::Engagement& entry, const v1::StatisticsFilter& filter) {
  const auto is = [](const std::string& wanted, const std::string& found) {
    return wanted.empty() || wanted == found || (wanted == kNoGroup && found.empty());
  };
  const bool counted = entry.simulated() ? filter.simulated() == v1::SIMULATED_ENTRIES_INCLUDE ||
                                               filter.simulated() == v1::SIMULATED_ENTRIES_ONLY
                                         : filter.simulated() != v1::SIMULATED_ENTRIES_ONLY;
  return counted && entry.offer_region_code().starts_with(filter.offer_region_code()) &&
         is(filter.channel(), entry.channel()) && is(filter.task(), entry.task()) &&
         is(filter.field(), entry.field());
}

v1::EngagementFilter FilterOf(const Evaluation& evaluation) {
  v1::EngagementFilter filter;
  filter.set_need_region_code(evaluation.region);
  filter.mutable_end_time()->set_seconds(ChinaDayStartUs(evaluation.period.days.end) / 1'000'000);
  return filter;
}

// Until when contracts are looked at: the end of the period, or the day of the report while it runs; today
// where that day lies ahead.
const char* UntilWords(const Evaluation& evaluation) {
  const absl::CivilDay last = evaluation.period.days.end - 1;
  if (evaluation.date < last || (evaluation.period.running && evaluation.date == last)) return "至编制日期";
  return evaluation.period.running ? "至今" : "至期末";
}

class Gathering {
 public:
  Gathering(const Client& client, const v1::StatisticsFilter& filter, Evaluation* evaluation)
      : client_(client),
        filter_(filter),
        evaluation_(*evaluation),
        start_s_(ChinaDayStartUs(evaluation->period.days.first) / 1'000'000),
        as_of_s_(ChinaDayStartUs(std::min(evaluation->period.days.end, evaluation->date + 1)) / 1'000'000),
        until_words_(UntilWords(*evaluation)) {}

  absl::Status Run() {
    if (!filter_.mode().empty()) {
      DX_RETURN_IF_ERROR(Visit(FilterOf(evaluation_), [&](const v1::Engagement& entry) {
        std::string& mode = modes_[{entry.need(), entry.offer()}];
        if (!entry.mode().empty()) mode = entry.mode();
      }));
    }
    DX_RETURN_IF_ERROR(ReadWholeLedger());
    DX_RETURN_IF_ERROR(AddCases());
    AddActivityProblems();
    AddContractProblems();
    AddRefusalProblem();
    AddFallProblem();
    AddDataProblems();
    return absl::OkStatus();
  }

 private:
  // Entries that pass, in order of event time.
  absl::Status Visit(const v1::EngagementFilter& filter,
                     const std::function<void(const v1::Engagement&)>& visit) const {
    return client_.ExportEngagements(filter, [&](const v1::ExportEngagementsResponse& part) {
      for (const v1::Engagement& entry : part.engagements()) {
        if (Passes(entry, filter_)) visit(entry);
      }
    });
  }

  // What counts today is taken where it passes; what is odd about a pair follows from all of its entries.
  absl::Status ReadWholeLedger() {
    v1::EngagementFilter filter = FilterOf(evaluation_);
    filter.set_whole_ledger(true);
    return client_.ExportEngagements(filter, [&](const v1::ExportEngagementsResponse& part) {
      for (const v1::Engagement& entry : part.engagements()) {
        ledgers_.Add(entry);
        const bool wanted = CountsToday(entry) && Passes(entry, filter_);
        if (wanted && IsOfMode({entry.need(), entry.offer()})) Take(entry);
      }
    });
  }

  // The mode of a pair is the last one said.
  bool IsOfMode(const PairName& pair) const {
    if (filter_.mode().empty()) return true;
    const auto found = modes_.find(pair);
    if (found == modes_.end()) return false;  // recorded since
    return filter_.mode() == kNoGroup ? found->second.empty() : found->second == filter_.mode();
  }

  void Take(const v1::Engagement& entry) {
    PairSummary& pair = pairs_[{entry.need(), entry.offer()}];
    const bool in_period = entry.event_time().seconds() >= start_s_;
    if (!entry.need_title().empty()) evaluation_.titles[entry.need()] = entry.need_title();
    if (!entry.offer_title().empty()) evaluation_.titles[entry.offer()] = entry.offer_title();
    if (in_period && MarksGoodCase(entry.note())) pair.marked = true;
    pair.has_evidence = pair.has_evidence || IsProved(entry);
    if (ToldBefore(entry, &contracts_)) return;
    if (in_period && entry.step() >= v1::ENGAGEMENT_STEP_SIGNED) {
      labels_[entry.name()] = LabelOf(entry);
      in_period_.insert(entry.name());
    }
    if (entry.step() == v1::ENGAGEMENT_STEP_DELIVERED)
      pair.delivered_in_period = pair.delivered_in_period || in_period;
    if (entry.step() == v1::ENGAGEMENT_STEP_SIGNED) {
      pair.signed_wan += entry.amount_wan();
      labels_[entry.name()] = LabelOf(entry);
      if (in_period && !entry.has_amount_wan()) without_amount_.push_back(LabelOf(entry));
    }
    if (entry.step() < v1::ENGAGEMENT_STEP_SIGNED) return;
    pair.entries.push_back({entry.step(), entry.event_time().seconds(),
                            entry.has_amount_wan() ? std::optional(entry.amount_wan()) : std::nullopt,
                            entry.name(), entry.task()});
  }

  // All cases are found and counted from what the ledger was read for anyway; only those that the report
  // tells of are read again, with all that they say.
  absl::Status AddCases() {
    std::vector<std::pair<PairName, const PairSummary*>> cases;
    for (const auto& [name, pair] : pairs_) {
      if (pair.marked || (pair.delivered_in_period && pair.signed_wan > 0 && pair.has_evidence))
        cases.emplace_back(name, &pair);
    }
    std::stable_sort(cases.begin(), cases.end(), [](const auto& a, const auto& b) {
      return std::pair(a.second->marked, a.second->signed_wan) >
             std::pair(b.second->marked, b.second->signed_wan);
    });
    evaluation_.cases_found = cases.size();
    if (cases.size() > kCasesMax) cases.resize(kCasesMax);
    for (const auto& [name, pair] : cases) {
      DX_ASSIGN_OR_RETURN(EvaluationCase one, CaseOf(name));
      one.marked = pair->marked;
      evaluation_.cases.push_back(std::move(one));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<EvaluationCase> CaseOf(const PairName& name) const {
    v1::EngagementFilter filter = FilterOf(evaluation_);
    filter.set_need(name.first);
    filter.set_offer(name.second);
    EvaluationCase one;
    OneContract contracts;
    DX_RETURN_IF_ERROR(Visit(filter, [&](const v1::Engagement& entry) {
      const double amount_wan = ToldBefore(entry, &contracts) ? 0 : entry.amount_wan();
      if (entry.step() == v1::ENGAGEMENT_STEP_SIGNED) one.signed_wan += amount_wan;
      if (entry.step() == v1::ENGAGEMENT_STEP_PAID) one.paid_wan += amount_wan;
      one.history.push_back(entry);
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
      const char* const what = evaluation_.conditions.empty() ? "任何" : "符合评估范围的";
      Problem("任务没有活动", absl::StrCat("期内有 ", count, " 项任务在台账里没有", what, "记录。"),
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
      const std::string text =
          absl::StrCat("至期末，有 ", unserved,
                       " 个地州市或县（县只算目录里有需求的和 --counties 给出的）从未有过会谈或签约",
                       evaluation_.conditions.empty() ? "" : "（不论任务、领域等）", "，其中 ",
                       waiting.size(), " 个有需求在目录里。");
      Problem("地区尚未服务", text, std::move(waiting));
    }
    const int64_t needs = evaluation_.statistics.total().needs();
    const int64_t unmatched =
        needs - FigureOf(evaluation_.statistics.total(), v1::FIGURE_KIND_MATCHED).needs();
    if (needs > 0 && unmatched > 0) {
      Problem("需求没有推荐",
              absl::StrCat("期内有效需求 ", needs, " 项，其中 ", unmatched,
                           " 项期内没有新得到推荐：没有首次推荐的登记，也没有首次注明匹配编号的进展（",
                           Share(static_cast<double>(unmatched) / static_cast<double>(needs)), "）。"),
              {});
    }
  }

  // What one contract still lacks after its time.
  void AddContract(const Contract& contract) {
    const int64_t age_days = (as_of_s_ - contract.signature.time_s) / kDayS;
    if (age_days < kSlowDays) return;
    const std::string& task = contract.signature.task;
    TaskContracts& of_task = evaluation_.contracts[task.empty() ? kNoGroup : task];
    ++of_task.due;
    const std::string& label = labels_[contract.signature.name];
    bool late = false;
    const auto lacks = [&](bool done, int days, int64_t* count, std::vector<std::string>* list) {
      if (done || age_days < days) return;
      ++*count;
      list->push_back(label);
      late = true;
    };
    lacks(contract.registered, kSlowDays, &of_task.unregistered, &unregistered_);
    lacks(contract.paid, 2 * kSlowDays, &of_task.unpaid, &unpaid_);
    lacks(contract.delivered, 4 * kSlowDays, &of_task.undelivered, &undelivered_);
    of_task.late += late ? 1 : 0;
  }

  void AddContractProblems() {
    const std::set<std::string> cleared = ledgers_.Cleared();
    for (auto& [name, pair] : pairs_) {
      for (ContractEntry& entry : pair.entries) entry.cleared = cleared.contains(entry.name);
      for (const Contract& contract : ContractsOf(pair.entries)) AddContract(contract);
    }
    const auto add = [&](const char* heading, std::vector<std::string>* labels, int days, const char* what) {
      if (labels->empty()) return;
      const std::string text = absl::StrCat(until_words_, "，签约满 ", days, " 天仍未", what, "的合同有 ",
                                            labels->size(), " 份。");
      Problem(heading, text, std::move(*labels));
    };
    add("签约后未登记技术合同", &unregistered_, kSlowDays, "登记技术合同");
    add("签约后未到账", &unpaid_, 2 * kSlowDays, "到账");
    add("签约后未验收", &undelivered_, 4 * kSlowDays, "验收");
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
    std::vector<std::string> items;
    for (const std::string& id : most->engagements()) items.push_back(TitleOr(labels_[id], id));
    Problem("拒绝的主要原因",
            absl::StrCat("期内拒绝 ", all, " 条，最多的是“", ChineseReason(most->reason()), "”（",
                         most->entries(), " 条，",
                         Share(static_cast<double>(most->entries()) / static_cast<double>(all)), "）。"),
            std::move(items));
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
    std::map<std::string, std::map<std::string, std::string>> warnings;  // label by name, by code
    for (const PairLedgers::Warning& warning : ledgers_.Warnings()) {
      if (in_period_.contains(warning.entry)) warnings[warning.code][warning.entry] = labels_[warning.entry];
    }
    const auto add = [&](const char* code, const char* heading, const char* text) {
      const auto found = warnings.find(code);
      if (found == warnings.end()) return;
      std::vector<std::string> items;
      for (const auto& [name, label] : found->second) items.push_back(label);
      Problem(heading, absl::StrCat("期内有 ", found->second.size(), " 条", text, "。"), std::move(items));
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
  const v1::StatisticsFilter& filter_;
  Evaluation& evaluation_;
  const int64_t start_s_;
  const int64_t as_of_s_;  // the period's end, or that of the report's day if the period is not over
  const char* const until_words_;
  OneContract contracts_;
  std::map<PairName, PairSummary> pairs_;
  PairLedgers ledgers_;
  std::map<PairName, std::string> modes_;      // filled where the filter has a mode
  std::map<std::string, std::string> labels_;  // of signatures and of in_period_, by name
  std::set<std::string> in_period_;            // names of the period's entries from 签约 on, refusals too
  std::vector<std::string> without_amount_, unregistered_, unpaid_, undelivered_;
};

}  // namespace

absl::Status AddCasesAndProblems(const Client& client, const v1::StatisticsFilter& filter,
                                 Evaluation* evaluation) {
  return Gathering(client, filter, evaluation).Run();
}

}  // namespace dongxi::cli
