#include "cli/stats/stats_html.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/engagement_words.h"
#include "cli/stats/charts.h"
#include "cli/stats/stats_words.h"
#include "report/html_parts.h"
#include "report/html_text.h"

namespace dongxi::cli {
namespace {

using report::EscapeHtml;

constexpr int kIdsShown = 50;
constexpr size_t kBarsMax = 24;

constexpr char kOwnStyle[] =
    ".chart.wide { max-width: 42rem; } figure { margin: .8rem 0; break-inside: avoid; }\n"
    "figcaption { font-size: .9rem; color: var(--soft); margin-bottom: .2rem; }\n"
    ".chart .frame { fill: none; stroke: var(--line); } .chart .diagonal { stroke: var(--line); }\n"
    ".chart .dot { fill: var(--blue); }\n"
    "details { display: inline-block; } summary { cursor: pointer; list-style: none; color: var(--blue); }\n"
    "summary::-webkit-details-marker { display: none; }\n"
    "details ul { margin: .2rem 0; padding: 0; list-style: none; font-size: .72rem; color: var(--soft); "
    "text-align: left; }\n"
    "details.more { display: block; margin: .4rem 0; }\n"
    "details.more .num td:nth-child(2), details.more .num th:nth-child(2) { text-align: left; }\n"
    "caption { caption-side: top; text-align: left; color: var(--none); font-size: .8rem; }\n"
    ".alert { margin: .6rem 0; padding: .45rem .8rem; border: 1px solid var(--none); color: var(--none); "
    "font-weight: 600; }\n"
    ".num td:first-child, .num th:first-child { min-width: 8.5em; }\n"
    ".num td:not(:first-child), .num th:not(:first-child) { text-align: right; white-space: nowrap; }\n"
    ".cases section { break-inside: avoid; margin: 1rem 0; padding: .1rem 1rem .6rem; border: 1px solid "
    "var(--line);\n"
    "  border-left: 4px solid var(--ok); }\n"
    ".problems li { margin: .35rem 0; break-inside: avoid; }\n"
    ".closing { margin: 3rem 2rem 2rem 0; text-align: right; break-inside: avoid; }\n"
    ".lead { text-indent: 2em; } .task { white-space: normal; }\n"
    "@media print { .num { font-size: 8pt; } .num th, .num td { padding: .2rem .3rem; } details ul { "
    "display: none; } summary { color: inherit; } h2 { break-before: auto; } }\n";

std::string CountCell(int64_t count) { return count == 0 ? "—" : Count(count); }

std::string AmountCell(const v1::Figure& figure) {
  return figure.entries_with_amount() == 0 ? "—" : Amount(figure.amount_wan());
}

std::string Row(const std::string& tag, const std::vector<std::string>& cells) {
  std::string row = "<tr>";
  for (const std::string& cell : cells) absl::StrAppend(&row, "<", tag, ">", cell, "</", tag, ">");
  return row + "</tr>\n";
}

std::string TableOf(const std::vector<std::string>& header, const std::string& rows, bool simulated) {
  return absl::StrCat("<div class=\"scroll\"><table class=\"num\">",
                      simulated ? "<caption>含模拟数据</caption>" : "", "<thead>", Row("th", header),
                      "</thead>\n<tbody>\n", rows, "</tbody></table></div>\n");
}

// What one way of a group has behind its name: pairs, share, interval, days.
std::vector<std::string> WayCells(const v1::StepConversion& conversion, const v1::StepDuration& duration) {
  const bool began = conversion.began() > 0;
  return {StepName(conversion.from_step()) + " → " + StepName(conversion.to_step()),
          OpensCell(CountCell(conversion.began()), conversion.engagements()),
          OpensCell(CountCell(conversion.reached()), conversion.reached_engagements()),
          began ? Share(ReachedShare(conversion)) : "—",
          began ? Share(conversion.low()) + " – " + Share(conversion.high()) : "—",
          duration.pairs() == 0 ? "—" : OpensCell(DaysWords(duration), duration.engagements())};
}

std::vector<std::string> WayHeader() {
  return {"步骤", "期内进入（对）", "期末前到达（对）", "转化率", "95% 区间", "用时中位数（四分位），天"};
}

std::string WaysOfGroups(const v1::StatisticsTable& table, bool simulated) {
  std::string rows;
  for (const v1::StatisticsGroup& group : table.groups()) {
    for (int i = 0; i < std::min(group.durations_size(), group.conversions_size()); ++i) {
      if (group.conversions(i).began() == 0 && group.durations(i).pairs() == 0) continue;
      std::vector<std::string> cells = WayCells(group.conversions(i), group.durations(i));
      cells.insert(cells.begin(), EscapeHtml(group.label()));
      rows += Row("td", cells);
    }
  }
  std::vector<std::string> header = WayHeader();
  header.insert(header.begin(), DimensionName(table.dimension()));
  return rows.empty() ? "" : TableOf(header, rows, simulated);
}

std::string RefusalsOfGroups(const v1::StatisticsTable& table, bool simulated) {
  std::string rows;
  for (const v1::StatisticsGroup& group : table.groups()) {
    for (const v1::RefusalCount& count : group.refusals()) {
      rows += Row("td", {EscapeHtml(group.label()), ChineseReason(count.reason()),
                         OpensCell(Count(count.entries()), count.engagements())});
    }
  }
  if (rows.empty()) return "";
  return TableOf({DimensionName(table.dimension()), "拒绝原因", "条数"}, rows, simulated);
}

bool HasActivity(const v1::StatisticsGroup& group) {
  return std::any_of(group.figures().begin(), group.figures().end(),
                     [](const v1::Figure& figure) { return figure.entries() > 0; });
}

}  // namespace

std::string PageBegin(const PageHead& head) {
  std::string out = absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>",
      EscapeHtml(head.title), "</title>\n<style>");
  out.append(report::kStyle);
  absl::StrAppend(&out, kOwnStyle, "</style>\n</head>\n<body>\n<header class=\"cover\"><p class=\"kicker\">",
                  EscapeHtml(head.kicker), "</p>\n<h1>", EscapeHtml(head.title), "</h1>\n");
  for (const std::string& line : head.lines) absl::StrAppend(&out, "<p>", EscapeHtml(line), "</p>\n");
  for (const std::string& remark : head.remarks) {
    const bool alarming = remark.find("模拟数据") != std::string::npos;
    absl::StrAppend(&out, "<p class=\"", alarming ? "alert" : "note", "\">", EscapeHtml(remark), "。</p>\n");
  }
  return out + "</header>\n<main>\n";
}

std::string PageEnd(const std::string& words) {
  return "</main>\n<footer class=\"end\">" + EscapeHtml(words) + "</footer>\n</body>\n</html>\n";
}

std::string OpensCell(const std::string& words, const google::protobuf::RepeatedPtrField<std::string>& ids) {
  if (ids.empty()) return words;
  std::string out = "<details><summary>" + words + "</summary><ul>";
  for (int i = 0; i < std::min(ids.size(), kIdsShown); ++i)
    absl::StrAppend(&out, "<li>", EscapeHtml(ids[i]), "</li>");
  if (ids.size() > kIdsShown)
    absl::StrAppend(&out, "<li>另有 ", ids.size() - kIdsShown, " 条，见电子表格“明细”</li>");
  return out + "</ul></details>";
}

std::string FigureCell(const v1::Figure& figure) {
  return OpensCell(CountCell(figure.entries()), figure.engagements());
}

std::string TotalTable(const v1::Statistics& statistics, const Period& period) {
  const v1::StatisticsGroup& total = statistics.total();
  const bool compared = total.earlier_figures_size() > 0;
  std::vector<std::string> header = {"指标", period.label, "涉及对数", "涉及需求", "金额（万元）"};
  if (compared) header.insert(header.end(), {period.earlier_label, "同比", "金额同比"});
  std::vector<std::string> needs = {"期内有效需求", CountCell(total.needs()), "", "", ""};
  if (compared) {
    needs.insert(
        needs.end(),
        {CountCell(total.earlier_needs()),
         Change(static_cast<double>(total.needs()), static_cast<double>(total.earlier_needs())), ""});
  }
  std::string rows = Row("td", needs);
  for (const v1::Figure& figure : total.figures()) {
    std::vector<std::string> cells = {FigureName(figure.kind()), FigureCell(figure),
                                      CountCell(figure.pairs()), CountCell(figure.needs()),
                                      AmountCell(figure)};
    if (compared) {
      const v1::Figure& before = EarlierFigureOf(total, figure.kind());
      cells.insert(cells.end(),
                   {FigureCell(before),
                    Change(static_cast<double>(figure.entries()), static_cast<double>(before.entries())),
                    Change(figure.amount_wan(), before.amount_wan())});
    }
    rows += Row("td", cells);
  }
  return TableOf(header, rows, HasSimulated(statistics));
}

std::string MatchedCell(const v1::StatisticsGroup& group) {
  const v1::Figure& matched = FigureOf(group, v1::FIGURE_KIND_MATCHED);
  return OpensCell(CountCell(matched.needs()), matched.engagements());
}

std::string GroupTable(const v1::StatisticsTable& table, bool simulated) {
  std::vector<std::string> header = {DimensionName(table.dimension()),
                                     "需求",
                                     "得到推荐",
                                     "会谈",
                                     "签约",
                                     "经推荐",
                                     "签约额（万元）",
                                     "登记",
                                     "到账（万元）",
                                     "验收",
                                     "拒绝"};
  const bool compared = std::any_of(table.groups().begin(), table.groups().end(),
                                    [](const auto& group) { return group.earlier_figures_size() > 0; });
  if (compared) header.insert(header.end(), {"签约同比", "金额同比"});
  std::string rows;
  for (const v1::StatisticsGroup& group : table.groups()) {
    const v1::Figure& contracts = FigureOf(group, v1::FIGURE_KIND_SIGNED);
    const v1::Figure& paid = FigureOf(group, v1::FIGURE_KIND_PAID);
    std::vector<std::string> cells = {EscapeHtml(group.label()),
                                      CountCell(group.needs()),
                                      MatchedCell(group),
                                      FigureCell(FigureOf(group, v1::FIGURE_KIND_MET)),
                                      FigureCell(contracts),
                                      FigureCell(FigureOf(group, v1::FIGURE_KIND_SIGNED_RECOMMENDED)),
                                      OpensCell(AmountCell(contracts), contracts.engagements()),
                                      FigureCell(FigureOf(group, v1::FIGURE_KIND_REGISTERED)),
                                      OpensCell(AmountCell(paid), paid.engagements()),
                                      FigureCell(FigureOf(group, v1::FIGURE_KIND_DELIVERED)),
                                      FigureCell(FigureOf(group, v1::FIGURE_KIND_REFUSED))};
    if (compared) {
      const v1::Figure& before = EarlierFigureOf(group, v1::FIGURE_KIND_SIGNED);
      for (const std::string& change :
           {Change(static_cast<double>(contracts.entries()), static_cast<double>(before.entries())),
            Change(contracts.amount_wan(), before.amount_wan())})
        cells.push_back(OpensCell(change, before.engagements()));
    }
    rows += Row("td", cells);
  }
  return rows.empty() ? "<p class=\"note\">没有数据。</p>\n" : TableOf(header, rows, simulated);
}

std::string WaysTable(const v1::StatisticsGroup& group, bool simulated) {
  std::string rows;
  for (int i = 0; i < std::min(group.durations_size(), group.conversions_size()); ++i)
    rows += Row("td", WayCells(group.conversions(i), group.durations(i)));
  return TableOf(WayHeader(), rows, simulated);
}

std::string RefusalTable(const v1::StatisticsGroup& group, bool simulated) {
  if (group.refusals().empty()) return "<p class=\"note\">期内没有拒绝的登记。</p>\n";
  int64_t all = 0;
  for (const v1::RefusalCount& count : group.refusals()) all += count.entries();
  std::string rows;
  for (const v1::RefusalCount& count : group.refusals()) {
    rows += Row("td", {ChineseReason(count.reason()), OpensCell(Count(count.entries()), count.engagements()),
                       Share(static_cast<double>(count.entries()) / static_cast<double>(all))});
  }
  return TableOf({"拒绝原因", "条数", "占比"}, rows, simulated);
}

std::string GroupDetails(const v1::StatisticsTable& table, bool simulated, bool open) {
  const std::string body = WaysOfGroups(table, simulated) + RefusalsOfGroups(table, simulated);
  if (body.empty()) return "";
  return absl::StrCat("<details class=\"more\"", open ? " open=\"\"" : "", "><summary>按",
                      DimensionName(table.dimension()), "的步骤转化、用时和拒绝原因</summary>\n", body,
                      "</details>\n");
}

std::string AmountChart(const v1::StatisticsTable& table, bool simulated) {
  std::vector<Bar> bars;
  for (const v1::StatisticsGroup& group : table.groups()) {
    const v1::Figure& contracts = FigureOf(group, v1::FIGURE_KIND_SIGNED);
    if (!HasActivity(group) && EarlierFigureOf(group, v1::FIGURE_KIND_SIGNED).entries() == 0) continue;
    Bar bar{group.label(), contracts.amount_wan(), -1,
            Count(contracts.entries()) + " 项，" + Amount(contracts.amount_wan()) + " 万元"};
    if (group.earlier_figures_size() > 0)
      bar.before = EarlierFigureOf(group, v1::FIGURE_KIND_SIGNED).amount_wan();
    bars.push_back(std::move(bar));
  }
  if (table.dimension() != v1::STATISTICS_DIMENSION_YEAR &&
      table.dimension() != v1::STATISTICS_DIMENSION_TASK) {
    std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.value > b.value; });
  }
  return BarChart(Marked("签约额（万元；细线为上期）", simulated), bars, kBarsMax);
}

std::string StatisticsHtml(const v1::Statistics& statistics, const Period& period, const std::string& scope) {
  PageHead head{"东西部科技合作统计",
                "东西部科技合作 · 台账统计",
                {"统计期：" + period.label, "范围：" + scope, "政策表：" + statistics.policy()},
                Remarks(statistics)};
  if (const std::string running = RunningWords(period, IsCompared(statistics)); !running.empty())
    head.lines.push_back(running);
  const bool simulated = HasSimulated(statistics);
  std::string out = PageBegin(head);
  if (statistics.entries() == 0) out += "<p class=\"nomatch\"><b>本期台账没有记录。</b></p>\n";
  absl::StrAppend(&out, "<section><h2>总体</h2>\n", TotalTable(statistics, period),
                  FunnelChart(statistics.total(), simulated), "</section>\n");
  for (const v1::StatisticsTable& table : statistics.tables()) {
    absl::StrAppend(&out, "<section><h2>按", DimensionName(table.dimension()), "</h2>\n",
                    AmountChart(table, simulated), GroupTable(table, simulated),
                    GroupDetails(table, simulated, /*open=*/true), "</section>\n");
  }
  absl::StrAppend(&out, "<section><h2>步骤转化与用时</h2>\n", WaysTable(statistics.total(), simulated),
                  "</section>\n<section><h2>拒绝原因</h2>\n", RefusalTable(statistics.total(), simulated),
                  "</section>\n");
  if (statistics.inactive_tasks_size() > 0) {
    out += "<section><h2>没有活动的任务</h2>\n<ul class=\"plain\">\n";
    for (const v1::PlanTask& task : statistics.inactive_tasks())
      absl::StrAppend(&out, "<li>",
                      EscapeHtml(task.id() + " " + task.title() + "（" + task.channel_name() + "）"),
                      "</li>\n");
    out += "</ul></section>\n";
  }
  if (statistics.unserved_regions_size() > 0) {
    absl::StrAppend(&out, "<section><h2>尚未服务的西部地区（", statistics.unserved_regions_size(),
                    "）</h2>\n<p "
                    "class=\"note\">至统计期末从未有过会谈或签约；地州市取自政策表；县只知道目录里有需求的和 "
                    "--counties 给出的，其他的县不在此列。</p>\n"
                    "<ul class=\"plain\">\n");
    for (const v1::UnservedRegion& region : statistics.unserved_regions()) {
      absl::StrAppend(&out, "<li>", EscapeHtml(region.label()),
                      region.needs() > 0 ? absl::StrCat("（需求 ", region.needs(), " 项）") : "", "</li>\n");
    }
    out += "</ul></section>\n";
  }
  return out +
         PageEnd(
             "由 Dongxi 根据台账生成。点击数字可见对应的台账编号（点击分组的同比可见上期的编号）；口径见 "
             "docs/evaluation.md。");
}

}  // namespace dongxi::cli
