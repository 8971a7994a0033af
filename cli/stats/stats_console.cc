#include "cli/stats/stats_console.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/engagement_words.h"
#include "cli/stats/evaluation.h"
#include "cli/stats/stats_words.h"
#include "cli/table.h"

namespace dongxi::cli {
namespace {

void PrintGroups(const v1::StatisticsTable& table, bool simulated, const Io& io) {
  Table printed({{Marked(DimensionName(table.dimension()), simulated), 34},
                 {"需求", 0, Align::kRight},
                 {"得到推荐", 0, Align::kRight},
                 {"会谈", 0, Align::kRight},
                 {"签约", 0, Align::kRight},
                 {"经推荐", 0, Align::kRight},
                 {"签约额(万元)", 0, Align::kRight},
                 {"登记", 0, Align::kRight},
                 {"到账(万元)", 0, Align::kRight},
                 {"验收", 0, Align::kRight},
                 {"拒绝", 0, Align::kRight},
                 {"签约额同比", 0, Align::kRight}});
  for (const v1::StatisticsGroup& group : table.groups()) {
    const v1::Figure& contracts = FigureOf(group, v1::FIGURE_KIND_SIGNED);
    const auto entries = [&](v1::FigureKind kind) { return Count(FigureOf(group, kind).entries()); };
    printed.AddRow(
        {group.label(), Count(group.needs()), Count(FigureOf(group, v1::FIGURE_KIND_MATCHED).needs()),
         entries(v1::FIGURE_KIND_MET), entries(v1::FIGURE_KIND_SIGNED),
         entries(v1::FIGURE_KIND_SIGNED_RECOMMENDED), Amount(contracts.amount_wan()),
         entries(v1::FIGURE_KIND_REGISTERED), Amount(FigureOf(group, v1::FIGURE_KIND_PAID).amount_wan()),
         entries(v1::FIGURE_KIND_DELIVERED), entries(v1::FIGURE_KIND_REFUSED),
         group.earlier_figures_size() == 0
             ? ""
             : Change(contracts.amount_wan(), EarlierFigureOf(group, v1::FIGURE_KIND_SIGNED).amount_wan())});
  }
  printed.Print(io.out, io.columns);
  io.out << "\n";
}

bool Happened(const v1::StepConversion& conversion, const v1::StepDuration& duration) {
  return conversion.began() > 0 || duration.pairs() > 0;
}

void AddWays(const v1::StatisticsGroup& group, Table* printed, bool* any) {
  for (int i = 0; i < std::min(group.conversions_size(), group.durations_size()); ++i) {
    const v1::StepConversion& one = group.conversions(i);
    const v1::StepDuration& duration = group.durations(i);
    if (!Happened(one, duration)) continue;
    *any = true;
    const bool began = one.began() > 0;
    printed->AddRow({group.label(), StepName(one.from_step()) + " → " + StepName(one.to_step()),
                     Count(one.began()), Count(one.reached()), began ? Share(ReachedShare(one)) : "—",
                     began ? Share(one.low()) + "–" + Share(one.high()) : "—",
                     duration.pairs() > 0 ? DaysWords(duration) : "—"});
  }
}

// How far pairs went and how long it took, a line a group and way.
void PrintWays(const v1::StatisticsTable& table, bool simulated, const Io& io) {
  Table printed({{Marked(DimensionName(table.dimension()), simulated), 34},
                 {"步骤", 30},
                 {"进入", 0, Align::kRight},
                 {"到达", 0, Align::kRight},
                 {"转化率", 0, Align::kRight},
                 {"95%区间", 0, Align::kRight},
                 {"用时中位数(四分位)，天", 0, Align::kRight}});
  bool any = false;
  for (const v1::StatisticsGroup& group : table.groups()) AddWays(group, &printed, &any);
  if (!any) return;
  printed.Print(io.out, io.columns);
  io.out << "\n";
}

void PrintRefusals(const v1::StatisticsTable& table, bool simulated, const Io& io) {
  for (const v1::StatisticsGroup& group : table.groups()) {
    if (group.refusals().empty()) continue;
    io.out << Marked("拒绝原因", simulated) << "：" << Printable(group.label()) << "：" << RefusalWords(group)
           << "\n";
  }
}

void PrintTable(const v1::StatisticsTable& table, bool simulated, const Io& io) {
  PrintGroups(table, simulated, io);
  PrintWays(table, simulated, io);
  PrintRefusals(table, simulated, io);
}

void PrintUnreached(const v1::Statistics& statistics, const Io& io) {
  if (statistics.inactive_tasks_size() > 0) {
    io.out << "没有活动的任务：";
    for (int i = 0; i < statistics.inactive_tasks_size(); ++i)
      io.out << (i == 0 ? "" : "、") << statistics.inactive_tasks(i).id() << " "
             << statistics.inactive_tasks(i).title();
    io.out << "\n";
  }
  if (statistics.unserved_regions_size() > 0)
    io.out << "尚未服务的西部地州市和县：" << statistics.unserved_regions_size()
           << " 个（县限于目录和 --counties 里的；用 --xlsx 或 --json 列出）\n";
}

}  // namespace

void PrintStatistics(const v1::Statistics& statistics, const Period& period, const std::string& scope,
                     const Io& io) {
  io.out << "统计期：" << period.label << "；范围：" << Printable(scope) << "\n";
  if (const std::string running = RunningWords(period, IsCompared(statistics)); !running.empty())
    io.out << "注意：" << running << "\n";
  for (const std::string& remark : Remarks(statistics)) io.out << "注意：" << remark << "\n";
  if (statistics.entries() == 0) {
    io.out << "本期台账没有记录。\n";
    return;
  }
  const bool simulated = HasSimulated(statistics);
  v1::StatisticsTable total;
  *total.add_groups() = statistics.total();
  PrintTable(total, simulated, io);
  for (const v1::StatisticsTable& table : statistics.tables()) PrintTable(table, simulated, io);
  PrintUnreached(statistics, io);
}

void PrintGaps(const GapsReport& report, const Period& period, const Io& io) {
  const Gaps& gaps = report.gaps;
  io.out << period.label << "有效需求 " << gaps.needs << " 项，未满足 " << gaps.unmet << " 项（"
         << report.earlier_label << " " << gaps.unmet_before << "/" << gaps.needs_before << "）\n"
         << IdleSentence(report) << "\n";
  for (const std::string& remark : report.remarks) io.out << "注意：" << remark << "\n";
  for (const report::Table& table : GapsTables(report)) {
    if (table.file == "idle_offers" || table.rows.empty()) continue;
    io.out << "\n" << table.name << "\n";
    std::vector<Table::Column> columns;
    for (const report::Column& column : table.columns)
      columns.push_back(
          {column.name, 44, column.kind == report::CellKind::kNumber ? Align::kRight : Align::kLeft});
    Table printed(columns);
    for (const std::vector<report::Cell>& row : table.rows) {
      std::vector<std::string> cells;
      for (const report::Cell& cell : row)
        cells.push_back(cell.text.empty() && cell.filled ? Amount(cell.number) : cell.text);
      printed.AddRow(std::move(cells));
    }
    printed.Print(io.out, io.columns);
  }
}

void PrintSigning(const v1::SigningEstimate& estimate, absl::CivilDay last, const std::string& scope,
                  const Io& io) {
  io.out << "截至：" << absl::FormatCivilTime(last) << "；范围：" << Printable(scope) << "\n";
  io.out << "登记满两年 " << estimate.decided_pairs() << " 对，其中两年内签约 " << estimate.signed_pairs()
         << " 对；未满两年：进行中 " << estimate.open_pairs() << " 对，已签约或拒绝 "
         << estimate.early_pairs() << " 对（不据以学习）";
  io.out << "；入台账时已签约或已拒绝的不计\n";
  if (const std::string simulated = SimulatedPairsWords(estimate); !simulated.empty())
    io.out << "注意：" << simulated << "\n";
  if (const std::string left_out = SimulatedLeftOutWords(estimate); !left_out.empty())
    io.out << "注意：" << left_out << "\n";
  if (!estimate.enough()) {
    io.out << "数据不够：至少要有 " << estimate.decided_pairs_min() << " 对登记满两年，签约和未签约各至少 "
           << estimate.signed_pairs_min() << " 对，才给出签约概率；现在" << TooFewWords(estimate) << "。\n";
    return;
  }
  io.out << absl::StrFormat("交叉验证 Brier %.4f；一律按平均签约率 %.4f\n", estimate.brier(),
                            estimate.base_brier());
  Table bins({{"对数", 0, Align::kRight}, {"平均预测", 0, Align::kRight}, {"实际签约", 0, Align::kRight}});
  for (const v1::ReliabilityBin& bin : estimate.reliability())
    bins.AddRow({Count(bin.pairs()), Share(bin.mean_forecast()), Share(bin.signed_share())});
  bins.Print(io.out, io.columns);
  if (!estimate.useful()) {
    io.out << "不比平均签约率更准，不给出签约概率。\n";
    return;
  }
  Table forecasts({{"需求", 30}, {"供给方", 30}, {"签约概率", 0, Align::kRight}});
  for (const v1::SigningForecast& one : estimate.forecasts())
    forecasts.AddRow({one.need(), one.offer(), Share(one.probability())});
  io.out << "\n" << ForecastsWords(estimate, estimate.forecasts_size()) << "，从高到低：\n";
  forecasts.Print(io.out, io.columns);
}

}  // namespace dongxi::cli
