#include "cli/stats/stats_tables.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "cli/engagement_words.h"
#include "cli/stats/stats_words.h"

namespace dongxi::cli {
namespace {

using report::Cell;
using report::CellKind;
using report::Column;

constexpr size_t kComparedColumns = 5;  // that FigureColumns has for the earlier period

Column Number(const std::string& name) { return {name, CellKind::kNumber, 11}; }

std::vector<Column> FigureColumns(bool compared) {
  std::vector<Column> columns = {Number("需求数"),         Number("得到推荐的需求"),
                                 Number("推荐"),           Number("查看"),
                                 Number("意向"),           Number("会谈"),
                                 Number("签约"),           Number("签约额（万元）"),
                                 Number("其中经推荐"),     Number("经推荐额（万元）"),
                                 Number("未经推荐"),       Number("技术合同登记"),
                                 Number("登记额（万元）"), Number("到账（万元）"),
                                 Number("验收"),           Number("拒绝")};
  if (!compared) return columns;
  for (const char* name : {"上期签约", "上期签约额（万元）", "上期验收"}) columns.push_back(Number(name));
  columns.push_back({"签约同比", CellKind::kText, 11});
  columns.push_back({"签约额同比", CellKind::kText, 11});
  return columns;
}

double Entries(const v1::StatisticsGroup& group, v1::FigureKind kind) {
  return static_cast<double>(FigureOf(group, kind).entries());
}

void AddFigures(const v1::StatisticsGroup& group, bool compared, std::vector<Cell>* row) {
  row->emplace_back(static_cast<double>(group.needs()));
  row->emplace_back(static_cast<double>(FigureOf(group, v1::FIGURE_KIND_MATCHED).needs()));
  for (const v1::FigureKind kind : {v1::FIGURE_KIND_SHOWN, v1::FIGURE_KIND_VIEWED, v1::FIGURE_KIND_INTERESTED,
                                    v1::FIGURE_KIND_MET, v1::FIGURE_KIND_SIGNED}) {
    row->emplace_back(Entries(group, kind));
  }
  const v1::Figure& contracts = FigureOf(group, v1::FIGURE_KIND_SIGNED);
  const v1::Figure& recommended = FigureOf(group, v1::FIGURE_KIND_SIGNED_RECOMMENDED);
  row->emplace_back(contracts.amount_wan());
  row->emplace_back(static_cast<double>(recommended.entries()));
  row->emplace_back(recommended.amount_wan());
  row->emplace_back(Entries(group, v1::FIGURE_KIND_SIGNED_UNRECOMMENDED));
  row->emplace_back(Entries(group, v1::FIGURE_KIND_REGISTERED));
  row->emplace_back(FigureOf(group, v1::FIGURE_KIND_REGISTERED).amount_wan());
  row->emplace_back(FigureOf(group, v1::FIGURE_KIND_PAID).amount_wan());
  row->emplace_back(Entries(group, v1::FIGURE_KIND_DELIVERED));
  row->emplace_back(Entries(group, v1::FIGURE_KIND_REFUSED));
  if (!compared) return;
  if (group.earlier_figures_size() == 0) {  // a year, which the earlier period does not have
    row->resize(row->size() + kComparedColumns);
    return;
  }
  const v1::Figure& before = EarlierFigureOf(group, v1::FIGURE_KIND_SIGNED);
  row->emplace_back(static_cast<double>(before.entries()));
  row->emplace_back(before.amount_wan());
  row->emplace_back(static_cast<double>(EarlierFigureOf(group, v1::FIGURE_KIND_DELIVERED).entries()));
  row->emplace_back(Change(static_cast<double>(contracts.entries()), static_cast<double>(before.entries())));
  row->emplace_back(Change(contracts.amount_wan(), before.amount_wan()));
}

report::Table GroupSheet(const v1::StatisticsTable& table, bool compared) {
  report::Table sheet{"按" + DimensionName(table.dimension()), "", {}, {}};
  sheet.columns = {{"代码", CellKind::kText, 12}, {DimensionName(table.dimension()), CellKind::kText, 28}};
  for (Column& column : FigureColumns(compared)) sheet.columns.push_back(std::move(column));
  for (const v1::StatisticsGroup& group : table.groups()) {
    std::vector<Cell> row = {group.key(), group.label()};
    AddFigures(group, compared, &row);
    sheet.rows.push_back(std::move(row));
  }
  return sheet;
}

report::Table TotalSheet(const v1::Statistics& statistics) {
  report::Table sheet{"总体",
                      "total",
                      {{"指标", CellKind::kText, 22},
                       Number("条数"),
                       Number("对数"),
                       Number("需求数"),
                       Number("金额（万元）"),
                       Number("上期需求数"),
                       Number("上期条数"),
                       Number("上期金额（万元）"),
                       {"需求数同比", CellKind::kText, 11},
                       {"条数同比", CellKind::kText, 11},
                       {"金额同比", CellKind::kText, 11}},
                      {}};
  const v1::StatisticsGroup& total = statistics.total();
  std::vector<Cell> needs = {"需求（期内有效）", Cell(), Cell(), static_cast<double>(total.needs())};
  needs.resize(sheet.columns.size());
  if (IsCompared(statistics)) {
    needs[5] = static_cast<double>(total.earlier_needs());
    needs[8] = Change(static_cast<double>(total.needs()), static_cast<double>(total.earlier_needs()));
  }
  sheet.rows.push_back(std::move(needs));
  for (const v1::Figure& figure : total.figures()) {
    std::vector<Cell> row = {FigureName(figure.kind()), static_cast<double>(figure.entries()),
                             static_cast<double>(figure.pairs()), static_cast<double>(figure.needs())};
    row.push_back(figure.entries_with_amount() > 0 ? Cell(figure.amount_wan()) : Cell());
    if (IsCompared(statistics)) {
      const v1::Figure& before = EarlierFigureOf(total, figure.kind());
      row.emplace_back(static_cast<double>(before.needs()));
      row.emplace_back(static_cast<double>(before.entries()));
      row.push_back(before.entries_with_amount() > 0 ? Cell(before.amount_wan()) : Cell());
      row.emplace_back(Change(static_cast<double>(figure.needs()), static_cast<double>(before.needs())));
      row.emplace_back(Change(static_cast<double>(figure.entries()), static_cast<double>(before.entries())));
      row.emplace_back(Change(figure.amount_wan(), before.amount_wan()));
    } else {
      row.resize(sheet.columns.size());
    }
    sheet.rows.push_back(std::move(row));
  }
  for (const std::string& remark : Remarks(statistics)) {
    std::vector<Cell> row = {"说明：" + remark};
    row.resize(sheet.columns.size());
    sheet.rows.push_back(std::move(row));
  }
  return sheet;
}

// Whose group a row is about: 任务, 3.2, 3.2 盐湖产业; 合计 alone for the whole.
std::vector<Column> GroupColumns() {
  return {{"维度", CellKind::kText, 10}, {"代码", CellKind::kText, 12}, {"组", CellKind::kText, 28}};
}

// The whole and every group of every dimension, each with the first cells of its rows. The whole has all rows
// of a sheet, a group only those that say something.
struct NamedGroup {
  std::vector<Cell> cells;
  const v1::StatisticsGroup* group = nullptr;
  bool is_total = false;
};
std::vector<NamedGroup> AllGroups(const v1::Statistics& statistics) {
  std::vector<NamedGroup> groups = {
      {{"合计", Cell(), statistics.total().label()}, &statistics.total(), /*is_total=*/true}};
  for (const v1::StatisticsTable& table : statistics.tables()) {
    for (const v1::StatisticsGroup& group : table.groups())
      groups.push_back({{DimensionName(table.dimension()), group.key(), group.label()}, &group});
  }
  return groups;
}

void AddColumns(std::vector<Column> more, report::Table* sheet) {
  std::move(more.begin(), more.end(), std::back_inserter(sheet->columns));
}

// 1 decimal, as the page says them; empty where nothing was reached.
std::vector<Cell> DayCells(const v1::StepDuration& one) {
  if (one.pairs() == 0) return std::vector<Cell>(3);
  const auto rounded = [](double days) { return Cell(std::round(10 * days) / 10); };
  return {rounded(one.lower_quartile_days()), rounded(one.median_days()), rounded(one.upper_quartile_days())};
}

// Share and interval; empty where nothing began.
std::vector<Cell> ShareCells(const v1::StepConversion& one) {
  if (one.began() == 0) return std::vector<Cell>(3);
  return {ReachedShare(one), one.low(), one.high()};
}

void Append(std::vector<Cell> more, std::vector<Cell>* row) {
  std::move(more.begin(), more.end(), std::back_inserter(*row));
}

report::Table DurationSheet(const v1::Statistics& statistics) {
  report::Table sheet{"步骤用时", "durations", GroupColumns(), {}};
  AddColumns({{"从", CellKind::kText, 14},
              {"到", CellKind::kText, 14},
              Number("对数"),
              Number("下四分位（天）"),
              Number("中位数（天）"),
              Number("上四分位（天）")},
             &sheet);
  for (const NamedGroup& named : AllGroups(statistics)) {
    for (const v1::StepDuration& one : named.group->durations()) {
      if (one.pairs() == 0 && !named.is_total) continue;
      std::vector<Cell> row = named.cells;
      Append({StepName(one.from_step()), StepName(one.to_step()), static_cast<double>(one.pairs())}, &row);
      Append(DayCells(one), &row);
      sheet.rows.push_back(std::move(row));
    }
  }
  return sheet;
}

report::Table ConversionSheet(const v1::Statistics& statistics) {
  report::Table sheet{"步骤转化", "conversions", GroupColumns(), {}};
  AddColumns({{"从", CellKind::kText, 14},
              {"到", CellKind::kText, 14},
              Number("期内进入的对数"),
              Number("期末前到达"),
              {"转化率", CellKind::kShare, 11},
              {"区间下限（95%）", CellKind::kShare, 14},
              {"区间上限（95%）", CellKind::kShare, 14}},
             &sheet);
  for (const NamedGroup& named : AllGroups(statistics)) {
    for (const v1::StepConversion& one : named.group->conversions()) {
      if (one.began() == 0 && !named.is_total) continue;
      std::vector<Cell> row = named.cells;
      Append({StepName(one.from_step()), StepName(one.to_step()), static_cast<double>(one.began()),
              static_cast<double>(one.reached())},
             &row);
      Append(ShareCells(one), &row);
      sheet.rows.push_back(std::move(row));
    }
  }
  return sheet;
}

report::Table RefusalSheet(const v1::Statistics& statistics) {
  report::Table sheet{"拒绝原因", "refusals", GroupColumns(), {}};
  AddColumns({{"原因", CellKind::kText, 22}, Number("条数")}, &sheet);
  for (const NamedGroup& named : AllGroups(statistics)) {
    for (const v1::RefusalCount& one : named.group->refusals()) {
      std::vector<Cell> row = named.cells;
      Append({ChineseReason(one.reason()), static_cast<double>(one.entries())}, &row);
      sheet.rows.push_back(std::move(row));
    }
  }
  return sheet;
}

report::Table InactiveSheet(const v1::Statistics& statistics) {
  report::Table sheet{
      "无活动任务", "inactive_tasks", {{"任务"}, {"名称", CellKind::kText, 28}, {"通道"}}, {}};
  for (const v1::PlanTask& task : statistics.inactive_tasks())
    sheet.rows.push_back({task.id(), task.title(), task.channel_name()});
  return sheet;
}

report::Table UnservedSheet(const v1::Statistics& statistics) {
  report::Table sheet{"未服务地区",
                      "unserved_regions",
                      {{"代码"}, {"地区", CellKind::kText, 28}, Number("目录里的需求"), Number("台账记录")},
                      {}};
  for (const v1::UnservedRegion& one : statistics.unserved_regions()) {
    sheet.rows.push_back({one.region_code(), one.label(), static_cast<double>(one.needs()),
                          static_cast<double>(one.entries())});
  }
  return sheet;
}

// What one engagement is counted in.
struct Detail {
  std::string figures, conversions, durations;
  std::string earlier;                // figures of the earlier period
  std::map<int, std::string> groups;  // label by dimension
};
using Details = std::map<std::string, Detail>;  // by engagement

std::string WayOf(const v1::StepConversion& one) {
  return StepName(one.from_step()) + "→" + StepName(one.to_step());
}

// Which other groups than those of its entry count a conversion as reached: it counts where its pair entered.
// "年份 2025" by engagement and way.
using Elsewhere = std::map<std::pair<std::string, std::string>, std::string>;

void AddElsewhere(v1::StatisticsDimension dimension, const v1::StatisticsGroup& group, const Details& details,
                  Elsewhere* elsewhere) {
  const auto is_own = [&](const std::string& id) {
    const auto detail = details.find(id);
    if (detail == details.end()) return false;
    const auto own = detail->second.groups.find(dimension);
    return own != detail->second.groups.end() && own->second == group.label();
  };
  for (const v1::StepConversion& one : group.conversions()) {
    for (const std::string& id : one.reached_engagements()) {
      if (is_own(id)) continue;
      std::string& words = (*elsewhere)[{id, WayOf(one)}];
      words += (words.empty() ? "" : "，") + DimensionName(dimension) + " " + group.label();
    }
  }
}

Elsewhere ReachedElsewhere(const v1::Statistics& statistics, const Details& details) {
  Elsewhere elsewhere;
  for (const v1::StatisticsTable& table : statistics.tables()) {
    for (const v1::StatisticsGroup& group : table.groups())
      AddElsewhere(table.dimension(), group, details, &elsewhere);
  }
  return elsewhere;
}

void AddWord(const google::protobuf::RepeatedPtrField<std::string>& ids, const std::string& word,
             std::string Detail::*words, Details* details) {
  for (const std::string& id : ids) {
    std::string& all = (*details)[id].*words;
    all += (all.empty() ? "" : "、") + word;
  }
}

void AddConversion(const v1::StepConversion& one, const Elsewhere& elsewhere, Details* details) {
  const std::string way = WayOf(one);
  AddWord(one.engagements(), way + " 进入", &Detail::conversions, details);
  for (const std::string& id : one.reached_engagements()) {
    const auto found = elsewhere.find({id, way});
    std::string& all = (*details)[id].conversions;
    all += (all.empty() ? "" : "、") + way + " 到达";
    if (found != elsewhere.end()) all += "（计入" + found->second + "）";
  }
}

void AddWords(const v1::StatisticsGroup& total, const Elsewhere& elsewhere, Details* details) {
  for (const v1::Figure& figure : total.figures())
    AddWord(figure.engagements(), FigureName(figure.kind()), &Detail::figures, details);
  for (const v1::RefusalCount& refusal : total.refusals())
    AddWord(refusal.engagements(), ChineseReason(refusal.reason()), &Detail::figures, details);
  for (const v1::StepConversion& one : total.conversions()) AddConversion(one, elsewhere, details);
  for (const v1::StepDuration& one : total.durations()) {
    AddWord(one.engagements(), StepName(one.from_step()) + "→" + StepName(one.to_step()), &Detail::durations,
            details);
  }
  for (const v1::Figure& figure : total.earlier_figures())
    AddWord(figure.engagements(), FigureName(figure.kind()), &Detail::earlier, details);
}

// What is counted at all is counted in a figure of its group, of the one period or the other.
void AddGroups(const v1::StatisticsTable& table, Details* details) {
  for (const v1::StatisticsGroup& group : table.groups()) {
    for (const auto* figures : {&group.figures(), &group.earlier_figures()}) {
      for (const v1::Figure& figure : *figures) {
        for (const std::string& id : figure.engagements())
          (*details)[id].groups[table.dimension()] = group.label();
      }
    }
  }
}

std::vector<Column> DetailColumns(bool compared) {
  std::vector<Column> columns = {{"编号", CellKind::kText, 34},
                                 {"计入的指标", CellKind::kText, 26},
                                 {"计入的转化", CellKind::kText, 40},
                                 {"计入的用时", CellKind::kText, 30}};
  if (compared) columns.push_back({"计入的上期指标", CellKind::kText, 26});
  columns.push_back({"模拟数据", CellKind::kText, 10});
  return columns;
}

report::Table DetailSheet(const v1::Statistics& statistics) {
  const bool compared = IsCompared(statistics);
  Details details;
  report::Table sheet{"明细", "engagements", DetailColumns(compared), {}};
  const std::set<std::string> simulated(statistics.simulated_engagements().begin(),
                                        statistics.simulated_engagements().end());
  for (const v1::StatisticsTable& table : statistics.tables()) {
    sheet.columns.push_back({DimensionName(table.dimension()), CellKind::kText, 22});
    AddGroups(table, &details);
  }
  AddWords(statistics.total(), ReachedElsewhere(statistics, details), &details);
  for (const auto& [id, detail] : details) {
    std::vector<Cell> row = {id, detail.figures, detail.conversions, detail.durations};
    if (compared) row.emplace_back(detail.earlier);
    row.emplace_back(simulated.contains(id) ? "是" : "");
    for (const v1::StatisticsTable& table : statistics.tables()) {
      const auto found = detail.groups.find(table.dimension());
      row.push_back(found == detail.groups.end() ? Cell() : Cell(found->second));
    }
    sheet.rows.push_back(std::move(row));
  }
  return sheet;
}

// Of the flat table: every reason and every way, whether it occurs or not, so that columns stay where they
// are.
std::vector<Column> RefusalColumns() {
  std::vector<Column> columns;
  for (int reason = 1; reason < v1::RefusalReason_ARRAYSIZE; ++reason)
    columns.push_back(Number("拒绝：" + ChineseReason(static_cast<v1::RefusalReason>(reason))));
  return columns;
}

void AddRefusals(const v1::StatisticsGroup& group, std::vector<Cell>* row) {
  std::vector<Cell> cells(v1::RefusalReason_ARRAYSIZE - 1, Cell(0));
  for (const v1::RefusalCount& one : group.refusals()) {
    const auto place = static_cast<size_t>(one.reason()) - 1;
    if (place < cells.size()) cells[place] = static_cast<double>(one.entries());
  }
  Append(std::move(cells), row);
}

std::vector<Column> WayColumns(const v1::StatisticsGroup& total) {
  std::vector<Column> columns;
  for (const v1::StepConversion& one : total.conversions()) {
    const std::string way = StepName(one.from_step()) + "→" + StepName(one.to_step()) + "：";
    for (const char* what : {"进入", "到达", "转化率", "区间下限（95%）", "区间上限（95%）", "用时对数",
                             "下四分位（天）", "中位数（天）", "上四分位（天）"})
      columns.push_back(Number(way + what));
  }
  return columns;
}

void AddWays(const v1::StatisticsGroup& group, std::vector<Cell>* row) {
  for (int i = 0; i < std::min(group.conversions_size(), group.durations_size()); ++i) {
    const v1::StepConversion& one = group.conversions(i);
    Append({static_cast<double>(one.began()), static_cast<double>(one.reached())}, row);
    Append(ShareCells(one), row);
    row->emplace_back(static_cast<double>(group.durations(i).pairs()));
    Append(DayCells(group.durations(i)), row);
  }
}

}  // namespace

std::vector<report::Table> StatisticsTables(const v1::Statistics& statistics) {
  std::vector<report::Table> tables = {TotalSheet(statistics)};
  for (const v1::StatisticsTable& table : statistics.tables())
    tables.push_back(GroupSheet(table, IsCompared(statistics)));
  tables.push_back(DurationSheet(statistics));
  tables.push_back(ConversionSheet(statistics));
  tables.push_back(RefusalSheet(statistics));
  tables.push_back(InactiveSheet(statistics));
  tables.push_back(UnservedSheet(statistics));
  report::Table details = DetailSheet(statistics);
  if (!details.rows.empty()) tables.push_back(std::move(details));
  if (HasSimulated(statistics)) MarkSimulated(&tables);
  return tables;
}

void MarkSimulated(std::vector<report::Table>* tables) {
  for (report::Table& table : *tables) {
    const auto text = std::find_if(table.columns.begin(), table.columns.end(),
                                   [](const Column& column) { return column.kind == CellKind::kText; });
    if (text == table.columns.end()) continue;
    std::vector<Cell> row(table.columns.size());
    row[static_cast<size_t>(text - table.columns.begin())] = "含模拟数据";
    table.rows.insert(table.rows.begin(), std::move(row));
  }
}

report::Table StatisticsTable(const v1::Statistics& statistics) {
  const bool compared = IsCompared(statistics);
  report::Table table{"统计", "statistics", {{"维度"}, {"代码"}, {"项目"}}, {}};
  AddColumns(FigureColumns(compared), &table);
  AddColumns(RefusalColumns(), &table);
  AddColumns(WayColumns(statistics.total()), &table);
  table.columns.push_back({"模拟数据"});
  for (const NamedGroup& named : AllGroups(statistics)) {
    std::vector<Cell> row = named.cells;
    AddFigures(*named.group, compared, &row);
    AddRefusals(*named.group, &row);
    AddWays(*named.group, &row);
    row.emplace_back(HasSimulated(statistics) ? "含模拟数据" : "");
    row.resize(table.columns.size());
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace dongxi::cli
