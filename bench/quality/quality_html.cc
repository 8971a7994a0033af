// The report as one HTML file in Chinese, English terms in brackets. It is well-formed XML too, as the match
// report is.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/quality/quality_charts.h"
#include "bench/quality/quality_report.h"
#include "report/html_text.h"

namespace dongxi::bench {
namespace {

using report::EscapeHtml;

constexpr char kStyle[] = R"css(
:root { --ink: #1f2933; --soft: #5b6670; --line: #cfd6dc; --ground: #f4f6f8; --blue: #1f4e79; --up: #2e6b4f; --down: #9b2c2c; }
* { box-sizing: border-box; }
html { font-size: 15px; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1.25rem 3rem; color: var(--ink); background: #fff; line-height: 1.65;
  font-family: "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; overflow-wrap: anywhere; }
h1, h2, h3 { font-family: "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", SimSun, serif; line-height: 1.35; color: var(--blue); }
h1 { font-size: 1.9rem; margin: .2rem 0 .8rem; border-top: 6px solid var(--blue); padding-top: 1rem; }
h2 { font-size: 1.35rem; margin: 2rem 0 .7rem; padding-bottom: .35rem; border-bottom: 2px solid var(--blue); }
h3 { font-size: 1.08rem; margin: 1.2rem 0 .4rem; }
p { margin: .3rem 0; }
.note { color: var(--soft); font-size: .88rem; }
table { width: 100%; margin: .6rem 0; border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .28rem .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: break-word; }
thead th { background: var(--ground); border-bottom: 1.5px solid var(--blue); }
th.n, td.n { text-align: right; } td.n { white-space: nowrap; }
.text { white-space: pre-line; }
.key { display: inline-block; width: .8em; height: .8em; margin-right: .4em; }
.chart { display: block; max-width: 100%; height: auto; margin: .6rem 0; font-size: 11px; }
.chart text { fill: var(--soft); }
.grid { stroke: #e3e8ec; } .axis { stroke: var(--soft); } .interval { stroke: var(--ink); stroke-width: 1.4; }
.curve { fill: none; stroke: var(--blue); stroke-width: 1.5; }
.up { fill: var(--up); } .down { fill: var(--down); } td.up { color: var(--up); } td.down { color: var(--down); }
.s0 { fill: #1f4e79; background: #1f4e79; } .s1 { fill: #b5892e; background: #b5892e; } .s2 { fill: #5f8f7b; background: #5f8f7b; }
.s3 { fill: #7d6b91; background: #7d6b91; } .s4 { fill: #a0705a; background: #a0705a; } .s5 { fill: #8b949c; background: #8b949c; }
@page { size: A4; margin: 16mm 15mm; }
@media print { body { max-width: none; padding: 0; } tr, .chart { break-inside: avoid; } h2, h3 { break-after: avoid; } }
)css";

std::string Number(double value) { return absl::StrFormat("%.4f", value); }
std::string IntervalText(const MeanInterval& interval, bool with_sign) {
  return with_sign ? absl::StrFormat("[%+.4f, %+.4f]", interval.low, interval.high)
                   : absl::StrFormat("[%.4f, %.4f]", interval.low, interval.high);
}
std::string Cell(const std::string& text) { return "<td>" + EscapeHtml(text) + "</td>"; }
std::string NumberCell(const std::string& text, const std::string& style = "") {
  return "<td class=\"n" + style + "\">" + EscapeHtml(text) + "</td>";
}

// Headings of a table; those behind the first `texts` stand over numbers.
std::string TableHead(size_t texts, std::initializer_list<const char*> headings) {
  std::string head = "<table>\n<thead><tr>";
  size_t column = 0;
  for (const char* heading : headings)
    absl::StrAppend(&head, column++ < texts ? "<th>" : "<th class=\"n\">", heading, "</th>");
  return head + "</tr></thead>\n<tbody>\n";
}
constexpr char kTableEnd[] = "</tbody>\n</table>\n";

void AppendHead(const QualityReport& report, std::string* out) {
  const std::string title = EscapeHtml(report.collection);
  absl::StrAppend(out,
                  "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                  "'unsafe-inline'\"/>\n<meta name=\"viewport\" content=\"width=device-width, "
                  "initial-scale=1\"/>\n<title>匹配质量报告 · ",
                  title, "</title>\n<style>", kStyle, "</style>\n</head>\n<body>\n<h1>匹配质量报告 · ", title,
                  "</h1>\n");
  absl::StrAppend(out, "<p>已评判的查询 ", report.queries_judged, " 条，其中 ", report.queries.size(),
                  " 条参与计分；系统未作答的查询按 0 分计。区间为按查询重抽样的 95% 区间（bootstrap），",
                  report.chance.rounds, " 轮，种子 ", report.chance.seed, "。</p>\n");
  for (const std::string& note : report.notes)
    absl::StrAppend(out, "<p class=\"note\">", EscapeHtml(note), "</p>\n");
}

void AppendMeasures(const QualityReport& report, std::string* out) {
  absl::StrAppend(out, "<h2>指标（Metrics）</h2>\n<p>");
  for (size_t s = 0; s < report.systems.size(); ++s) {
    absl::StrAppend(out, "<span class=\"key s", s % 6, "\"></span>", EscapeHtml(report.systems[s].name),
                    "　");
  }
  absl::StrAppend(
      out, "</p>\n", MeasureChart(report),
      TableHead(2, {"系统（System）", "指标（Metric）", "平均值（Mean）", "95% 区间（Interval）"}));
  for (size_t i = 0; i < report.systems.front().measures.size(); ++i) {
    for (const SystemResult& system : report.systems) {
      const MeasureResult& measure = system.measures[i];
      absl::StrAppend(out, "<tr>", Cell(system.name), Cell(measure.name), NumberCell(Number(measure.mean)),
                      NumberCell(IntervalText(measure.interval, false)), "</tr>\n");
    }
  }
  *out += kTableEnd;
  for (const SystemResult& system : report.systems) {
    if (system.queries_missing == 0) continue;
    absl::StrAppend(out, "<p class=\"note\">", EscapeHtml(system.name), " 有 ", system.queries_missing,
                    " 条查询没有结果，按 0 分计。</p>\n");
  }
  *out +=
      "<p class=\"note\">nDCG pool 只排已评判的条目，full "
      "按系统原样排列、未评判的按不相关计；judged@10 是前 10 "
      "名中已评判的比例，比例低时其他指标依据不足。</p>\n";
}

void AppendComparison(const QualityReport& report, const SystemComparison& comparison, std::string* out) {
  absl::StrAppend(out, "<h2>与基线比较（Comparison）：", EscapeHtml(comparison.system), " 对 ",
                  EscapeHtml(report.systems.front().name), "</h2>\n",
                  TableHead(1, {"指标（Metric）", "差值（Difference）", "95% 区间（Interval）",
                                "p 值（p-value）", "更好（Better）", "相同（Equal）", "更差（Worse）"}));
  for (const MeasureComparison& measure : comparison.measures) {
    const char* style = measure.interval.low > 0 ? " up" : measure.interval.high < 0 ? " down" : "";
    absl::StrAppend(out, "<tr>", Cell(measure.name),
                    NumberCell(absl::StrFormat("%+.4f", measure.mean), style),
                    NumberCell(IntervalText(measure.interval, true)), NumberCell(Number(measure.p_value)),
                    NumberCell(std::to_string(measure.better)), NumberCell(std::to_string(measure.equal)),
                    NumberCell(std::to_string(measure.worse)), "</tr>\n");
  }
  const MeasureComparison& main = comparison.measures.front();
  absl::StrAppend(out, kTableEnd,
                  "<p class=\"note\">p 值来自成对随机化检验（paired randomisation test），双侧；"
                  "有颜色的差值其区间不含 0。</p>\n<h3>逐条差异（Per-query differences）：",
                  EscapeHtml(main.name), "</h3>\n", DifferenceChart(report, main));
}

void AppendExposure(const QualityReport& report, std::string* out) {
  std::string rows, diversity;
  for (const SystemResult& system : report.systems) {
    for (const ExposureResult& exposure : system.exposure) {
      const ExposureSummary& summary = exposure.summary;
      absl::StrAppend(&rows, "<tr>", Cell(system.name), Cell(exposure.by),
                      NumberCell(std::to_string(exposure.cutoff)),
                      NumberCell(absl::StrCat(summary.shown, " / ", summary.items)),
                      NumberCell(Number(summary.coverage)), NumberCell(Number(summary.gini)),
                      NumberCell(Number(summary.minimum)), NumberCell(Number(summary.maximum)), "</tr>\n");
    }
    if (system.diversity) {
      absl::StrAppend(&diversity, "<p>", EscapeHtml(system.name), "：列表内多样性（Intra-list diversity） ",
                      Number(*system.diversity), "</p>\n");
    }
  }
  if (rows.empty() && diversity.empty()) return;
  *out += "<h2>覆盖与曝光（Coverage and exposure）</h2>\n";
  if (!rows.empty()) {
    absl::StrAppend(
        out,
        TableHead(2, {"系统（System）", "按（By）", "前几名（Top）", "出现过（Shown）", "覆盖率（Coverage）",
                      "基尼系数（Gini）", "最小（Minimum）", "最大（Maximum）"}),
        rows, kTableEnd,
        "<p class=\"note\">曝光：条目在前几名中每出现一次计 "
        "1/log2(名次+1)；基尼系数越接近 1，曝光越集中。</p>\n");
  }
  *out += diversity;
}

void AppendCalibration(const QualityReport& report, std::string* out) {
  std::string parts;
  for (const SystemResult& system : report.systems) {
    if (system.calibration) {
      const Calibration& calibration = *system.calibration;
      absl::StrAppend(&parts, "<h3>可靠性曲线（Reliability curve）：", EscapeHtml(system.name),
                      "</h3>\n<p>预测 ", calibration.count, " 次；ECE ", Number(calibration.ece), "，Brier ",
                      Number(calibration.brier), "，实际发生比例（Base rate） ",
                      Number(calibration.base_rate), "</p>\n", ReliabilityChart(calibration));
    }
    if (system.grade_closeness) {
      absl::StrAppend(&parts, "<p>", EscapeHtml(system.name), "：等级预测 1/(1+MAE) ",
                      Number(*system.grade_closeness), "</p>\n");
    }
  }
  if (!parts.empty()) absl::StrAppend(out, "<h2>校准（Calibration）</h2>\n", parts);
}

void AppendWorst(const SystemResult& system, std::string* out) {
  if (system.worst.empty()) return;
  absl::StrAppend(out, "<h2>最差的查询（Worst queries）：", EscapeHtml(system.name),
                  "</h2>\n<table>\n<thead><tr>", "<th>编号（Query）</th><th class=\"n\">",
                  EscapeHtml(system.measures.front().name),
                  "</th><th>内容（Text）</th></tr></thead>\n<tbody>\n");
  for (const WorstQuery& query : system.worst) {
    absl::StrAppend(out, "<tr>", Cell(query.id), NumberCell(Number(query.value)), "<td>");
    if (!query.title.empty()) absl::StrAppend(out, "<b>", EscapeHtml(query.title), "</b>");
    if (!query.text.empty()) absl::StrAppend(out, "<div class=\"text\">", EscapeHtml(query.text), "</div>");
    *out += "</td></tr>\n";
  }
  *out += kTableEnd;
}

void AppendArguments(const QualityReport& report, std::string* out) {
  if (report.arguments.empty()) return;
  absl::StrAppend(out, "<h2>运行参数（Arguments）</h2>\n", TableHead(2, {"参数（Name）", "值（Value）"}));
  for (const auto& [name, value] : report.arguments)
    absl::StrAppend(out, "<tr>", Cell(name), Cell(value), "</tr>\n");
  *out += kTableEnd;
}

}  // namespace

std::string RenderHtml(const QualityReport& report) {
  std::string out;
  AppendHead(report, &out);
  AppendMeasures(report, &out);
  for (const SystemComparison& comparison : report.comparisons) AppendComparison(report, comparison, &out);
  AppendExposure(report, &out);
  AppendCalibration(report, &out);
  for (const SystemResult& system : report.systems) AppendWorst(system, &out);
  AppendArguments(report, &out);
  return out + "</body>\n</html>\n";
}

}  // namespace dongxi::bench
