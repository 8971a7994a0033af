#include "cli/stats/evaluation_files.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/stats/charts.h"
#include "cli/stats/evaluation_pdf.h"
#include "cli/stats/stats_html.h"
#include "cli/stats/stats_json.h"
#include "cli/stats/stats_tables.h"
#include "cli/stats/stats_words.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "report/html_text.h"
#include "report/xlsx.h"

namespace dongxi::cli {
namespace {

using report::Cell;
using report::CellKind;
using report::EscapeHtml;
using report::Json;

constexpr size_t kItemsOnPage = 20;
constexpr int64_t kMicros = 1'000'000;

std::string CaseIds(const EvaluationCase& one) {
  std::string ids;
  for (const v1::Engagement& entry : one.history)
    absl::StrAppend(&ids, ids.empty() ? "" : "、", entry.name());
  return ids;
}

std::string Section(const std::string& heading, const std::string& body) {
  return "<section><h2>" + heading + "</h2>\n" + body + "</section>\n";
}

std::string Overview(const Evaluation& evaluation) {
  const bool simulated = HasSimulated(evaluation.statistics);
  std::string out;
  for (const std::string& sentence : OverviewSentences(evaluation))
    absl::StrAppend(&out, "<p class=\"lead\">", EscapeHtml(sentence), "</p>\n");
  absl::StrAppend(&out, TotalTable(evaluation.statistics, evaluation.period),
                  FunnelChart(evaluation.statistics.total(), simulated), "<h3>步骤转化与用时</h3>\n",
                  WaysTable(evaluation.statistics.total(), simulated));
  for (const auto& [table, heading] : OverviewTables(evaluation)) {
    absl::StrAppend(&out, "<h3>", heading, "</h3>\n", GroupTable(*table, simulated),
                    GroupDetails(*table, simulated, /*open=*/false));
  }
  return out;
}

std::string Tasks(const Evaluation& evaluation) {
  const v1::StatisticsTable* const table = TableOf(evaluation, v1::STATISTICS_DIMENSION_TASK);
  if (table == nullptr) return "";
  const bool simulated = HasSimulated(evaluation.statistics);
  std::string out = absl::StrCat(AmountChart(*table, simulated), GroupTable(*table, simulated),
                                 GroupDetails(*table, simulated, /*open=*/false), "<p class=\"note\">",
                                 kJudgementNote, "</p>\n");
  for (const v1::StatisticsGroup& group : table->groups()) {
    absl::StrAppend(&out, "<h3>", EscapeHtml(group.label()), "</h3>\n");
    for (const std::string& sentence : TaskSentences(evaluation, group))
      absl::StrAppend(&out, "<p class=\"lead\">", EscapeHtml(sentence), "</p>\n");
    if (!group.refusals().empty()) out += RefusalTable(group, simulated);
  }
  return out;
}

std::string Pairings(const Evaluation& evaluation) {
  const v1::StatisticsTable* const table = TableOf(evaluation, v1::STATISTICS_DIMENSION_PAIRING);
  if (table == nullptr) return "";
  const bool simulated = HasSimulated(evaluation.statistics);
  std::string out = absl::StrCat("<p class=\"note\">", kPairingNote, "</p>\n", GroupTable(*table, simulated),
                                 GroupDetails(*table, simulated, /*open=*/false));
  for (const NamedSentence& one : PairingSentences(evaluation)) {
    absl::StrAppend(&out, "<p class=\"lead\"><b>", EscapeHtml(one.name), "</b>：", EscapeHtml(one.text),
                    "</p>\n");
  }
  return out;
}

std::string Cases(const Evaluation& evaluation) {
  std::string out = absl::StrCat("<p class=\"note\">", kCaseNote, "</p>\n");
  if (evaluation.cases.empty()) return out + "<p>期内没有符合规则的案例。</p>\n";
  out += "<div class=\"cases\">\n";
  for (size_t i = 0; i < evaluation.cases.size(); ++i) {
    const EvaluationCase& one = evaluation.cases[i];
    absl::StrAppend(&out, "<section><h3>案例 ", i + 1, "：", EscapeHtml(CaseTitle(one)), "</h3>\n<p>",
                    EscapeHtml(CaseSummary(one)), "</p>\n<ul>\n");
    for (const std::string& line : CaseLines(one)) absl::StrAppend(&out, "<li>", EscapeHtml(line), "</li>\n");
    absl::StrAppend(&out, "</ul><p class=\"note\">台账编号：", EscapeHtml(CaseIds(one)), "</p></section>\n");
  }
  out += "</div>\n";
  if (evaluation.cases_found > evaluation.cases.size())
    absl::StrAppend(&out, "<p class=\"note\">另有 ", evaluation.cases_found - evaluation.cases.size(),
                    " 个符合规则。</p>\n");
  return out;
}

std::string Problems(const Evaluation& evaluation) {
  if (evaluation.problems.empty()) return "<p>没有发现需要说明的问题。</p>\n";
  std::string out = "<ol class=\"problems\">\n";
  for (const EvaluationProblem& problem : evaluation.problems) {
    absl::StrAppend(&out, "<li><b>", EscapeHtml(problem.heading), "。</b>", EscapeHtml(problem.text));
    if (!problem.items.empty()) {
      out += "<br/><span class=\"note\">";
      for (size_t i = 0; i < std::min(problem.items.size(), kItemsOnPage); ++i)
        absl::StrAppend(&out, i == 0 ? "" : "；", EscapeHtml(problem.items[i]));
      if (problem.items.size() > kItemsOnPage)
        absl::StrAppend(&out, "；等 ", problem.items.size(), " 项，见电子表格“存在问题”");
      out += "</span>";
    }
    out += "</li>\n";
  }
  return out + "</ol>\n";
}

std::string Signing(const Evaluation& evaluation) {
  const v1::SigningEstimate& estimate = *evaluation.signing;
  std::string out;
  for (const std::string& sentence : SigningSentences(estimate, estimate.forecasts_size()))
    absl::StrAppend(&out, "<p>", EscapeHtml(sentence), "</p>\n");
  if (!estimate.enough() || !estimate.useful()) return out;
  out += ReliabilityChart(estimate, SigningIsSimulated(evaluation));
  if (estimate.forecasts().empty()) return out;
  absl::StrAppend(&out, "<div class=\"scroll\"><table>",
                  SigningIsSimulated(evaluation) ? "<caption>含模拟数据</caption>" : "",
                  "<thead><tr><th>进行中的需求</th><th>供给方</th><th>签约概率</th></tr></thead><tbody>\n");
  for (const v1::SigningForecast& one : estimate.forecasts()) {
    absl::StrAppend(&out, "<tr><td>", EscapeHtml(TitleOf(evaluation, one.need())), "</td><td>",
                    EscapeHtml(TitleOf(evaluation, one.offer())), "</td><td class=\"n\">",
                    Share(one.probability()), "</td></tr>\n");
  }
  return out + "</tbody></table></div>\n";
}

report::Table TextSheet(const Evaluation& evaluation) {
  report::Table sheet{"报告", "report", {{"部分", CellKind::kText, 16}, {"内容", CellKind::kText, 110}}, {}};
  const auto add = [&](const std::string& part, const std::string& text) {
    sheet.rows.push_back({part, text});
  };
  add("标题", EvaluationTitle(evaluation));
  for (const std::string& line : HeadLines(evaluation)) add("说明", line);
  for (const std::string& remark : Remarks(evaluation.statistics)) add("注意", remark);
  if (const std::string none = NoDataText(evaluation); !none.empty()) add("注意", none);
  for (const std::string& sentence : OverviewSentences(evaluation)) add("一、总体情况", sentence);
  if (const v1::StatisticsTable* const tasks = TableOf(evaluation, v1::STATISTICS_DIMENSION_TASK)) {
    for (const v1::StatisticsGroup& group : tasks->groups())
      add("二、逐项任务", group.label() + "：" + absl::StrJoin(TaskSentences(evaluation, group), ""));
    add("说明", kJudgementNote);
  }
  for (const NamedSentence& one : PairingSentences(evaluation))
    add("三、逐对结对", one.name + "：" + one.text);
  for (const std::string& line : ClosingLines(evaluation)) add("落款", line);
  return sheet;
}

report::Table CaseSheet(const Evaluation& evaluation) {
  report::Table sheet{"典型案例",
                      "cases",
                      {{"序号", CellKind::kNumber, 6},
                       {"案例", CellKind::kText, 50},
                       {"任务", CellKind::kText, 20},
                       {"签约（万元）", CellKind::kNumber},
                       {"到账（万元）", CellKind::kNumber},
                       {"入选"},
                       {"经过", CellKind::kText, 80},
                       {"台账编号", CellKind::kText, 34}},
                      {}};
  for (size_t i = 0; i < evaluation.cases.size(); ++i) {
    const EvaluationCase& one = evaluation.cases[i];
    std::string lines;
    for (const std::string& line : CaseLines(one)) absl::StrAppend(&lines, lines.empty() ? "" : "\n", line);
    sheet.rows.push_back({static_cast<double>(i + 1), CaseTitle(one), one.task_label, one.signed_wan,
                          one.paid_wan, one.marked ? "登记单位标记" : "按规则", lines, CaseIds(one)});
  }
  return sheet;
}

report::Table ProblemSheet(const Evaluation& evaluation) {
  report::Table sheet{
      "存在问题",
      "problems",
      {{"问题", CellKind::kText, 24}, {"说明", CellKind::kText, 60}, {"涉及", CellKind::kText, 40}},
      {}};
  for (const EvaluationProblem& problem : evaluation.problems) {
    sheet.rows.push_back({problem.heading, problem.text, Cell()});
    for (const std::string& item : problem.items) sheet.rows.push_back({problem.heading, Cell(), item});
  }
  return sheet;
}

// Forecasts, and above them what they rest on; one line that says why if there are none.
report::Table SigningSheet(const Evaluation& evaluation) {
  const v1::SigningEstimate& estimate = *evaluation.signing;
  report::Table sheet{"签约概率",
                      "signing",
                      {{"项目", CellKind::kText, 50},
                       {"供给方", CellKind::kText, 50},
                       {"对数", CellKind::kNumber},
                       {"预测概率", CellKind::kShare, 11},
                       {"实际签约", CellKind::kShare, 11}},
                      {}};
  for (const std::string& sentence : SigningSentences(estimate, estimate.forecasts_size()))
    sheet.rows.push_back({"说明：" + sentence, Cell(), Cell(), Cell(), Cell()});
  for (int i = 0; i < estimate.reliability_size(); ++i) {
    const v1::ReliabilityBin& bin = estimate.reliability(i);
    sheet.rows.push_back({absl::StrCat("可靠性第 ", i + 1, " 组"), Cell(), static_cast<double>(bin.pairs()),
                          bin.mean_forecast(), bin.signed_share()});
  }
  for (const v1::SigningForecast& one : estimate.forecasts()) {
    sheet.rows.push_back({TitleOf(evaluation, one.need()), TitleOf(evaluation, one.offer()), Cell(),
                          one.probability(), Cell()});
  }
  return sheet;
}

}  // namespace

std::string EvaluationHtml(const Evaluation& evaluation) {
  std::string out = PageBegin({EvaluationTitle(evaluation), "东西部科技合作 · 绩效评估",
                               HeadLines(evaluation), Remarks(evaluation.statistics)});
  if (const std::string none = NoDataText(evaluation); !none.empty())
    out += "<p class=\"nomatch\">" + EscapeHtml(none) + "</p>\n";
  absl::StrAppend(&out, Section("一、总体情况", Overview(evaluation)),
                  Section("二、逐项任务", Tasks(evaluation)), Section("三、逐对结对", Pairings(evaluation)),
                  Section("四、典型案例", Cases(evaluation)), Section("五、存在问题", Problems(evaluation)));
  if (evaluation.gaps) out += Section("六、未满足的需求与闲置供给", GapsSections(*evaluation.gaps));
  if (evaluation.signing) out += Section("附：签约概率", Signing(evaluation));
  out += Section("附：口径", absl::StrCat("<p class=\"note\">", kCountingNote,
                                          "点击数字可见对应的台账编号（点击分组的同比可见上期的编号），"
                                          "电子表格“明细”逐条列出。</p>\n"));
  out += "<div class=\"closing\">";
  for (const std::string& line : ClosingLines(evaluation))
    absl::StrAppend(&out, "<p>", EscapeHtml(line), "</p>");
  return out + "</div>\n" + PageEnd("由 Dongxi 根据台账生成。");
}

std::vector<report::Table> EvaluationTables(const Evaluation& evaluation) {
  // What a reader asks for first stands first.
  std::vector<report::Table> tables = {TextSheet(evaluation), CaseSheet(evaluation),
                                       ProblemSheet(evaluation)};
  std::vector<report::Table> last;
  if (evaluation.signing) last.push_back(SigningSheet(evaluation));
  if (HasSimulated(evaluation.statistics)) MarkSimulated(&tables);
  if (SigningIsSimulated(evaluation)) MarkSimulated(&last);
  // These are marked already; gaps are found without the ledger.
  for (report::Table& table : StatisticsTables(evaluation.statistics)) tables.push_back(std::move(table));
  if (evaluation.gaps) {
    for (report::Table& table : GapsTables(*evaluation.gaps)) tables.push_back(std::move(table));
  }
  std::move(last.begin(), last.end(), std::back_inserter(tables));
  return tables;
}

report::Json EvaluationToJson(const Evaluation& evaluation) {
  Json out = {{"title", EvaluationTitle(evaluation)},
              {"period", evaluation.period.label},
              {"period_note", RunningWords(evaluation.period, IsCompared(evaluation.statistics))},
              {"region", evaluation.region},
              {"conditions", evaluation.conditions},
              {"notes", evaluation.notes},
              {"has_data", evaluation.statistics.entries() > 0},
              {"simulated", HasSimulated(evaluation.statistics)}};
  out["office"] = evaluation.office;
  out["date"] = absl::FormatCivilTime(evaluation.date);
  out["overview"] = OverviewSentences(evaluation);
  Json& tasks = out["tasks"] = Json::array();
  if (const v1::StatisticsTable* const table = TableOf(evaluation, v1::STATISTICS_DIMENSION_TASK)) {
    for (const v1::StatisticsGroup& group : table->groups()) {
      tasks.push_back(
          {{"task", group.key()}, {"label", group.label()}, {"sentences", TaskSentences(evaluation, group)}});
    }
  }
  Json& pairings = out["pairings"] = Json::array();
  for (const NamedSentence& one : PairingSentences(evaluation))
    pairings.push_back({{"label", one.name}, {"sentence", one.text}});
  Json& cases = out["cases"] = Json::array();
  for (const EvaluationCase& one : evaluation.cases) {
    Json ids = Json::array();
    for (const v1::Engagement& entry : one.history) ids.push_back(entry.name());
    cases.push_back({{"title", CaseTitle(one)},
                     {"task", one.task_label},
                     {"signed_wan", one.signed_wan},
                     {"paid_wan", one.paid_wan},
                     {"marked", one.marked},
                     {"lines", CaseLines(one)},
                     {"engagements", std::move(ids)}});
  }
  Json& problems = out["problems"] = Json::array();
  for (const EvaluationProblem& problem : evaluation.problems)
    problems.push_back({{"heading", problem.heading}, {"text", problem.text}, {"items", problem.items}});
  out["statistics"] = StatisticsToJson(evaluation.statistics);
  if (evaluation.gaps) out["gaps"] = GapsToJson(*evaluation.gaps);
  if (evaluation.signing) out["signing"] = SigningToJson(*evaluation.signing);
  return out;
}

absl::Status WriteWorkbook(const std::vector<report::Table>& tables, int64_t created_s,
                           const std::filesystem::path& file) {
  std::filesystem::path partial = file;
  partial += ".part";
  std::error_code error;
  absl::Status status = report::WriteXlsx(tables, created_s, partial);
  if (status.ok()) {
    std::filesystem::rename(partial, file, error);
    if (error) status = absl::InternalError(error.message());
  }
  if (!status.ok()) std::filesystem::remove(partial, error);
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat("写不了文件 ", file.string(), "：", status.message(),
                                                  "。请核对文件夹是否存在、是否可写"));
}

absl::StatusOr<std::vector<std::string>> WriteEvaluation(const Evaluation& evaluation,
                                                         const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return absl::InternalError(
        absl::StrCat("建不了文件夹 ", folder.string(), "：", error.message(), "；请换一个可写的位置"));
  }
  const std::filesystem::path html = folder / "绩效评估报告.html", pdf = folder / "绩效评估报告.pdf",
                              xlsx = folder / "绩效评估报告.xlsx", json = folder / "evaluation.json";
  // No clock: the files say the end of the period, so that the same ledger gives the same bytes.
  const int64_t created_s = ChinaDayStartUs(evaluation.period.days.end) / kMicros;
  DX_RETURN_IF_ERROR(WriteFileAtomically(html, EvaluationHtml(evaluation)));
  DX_ASSIGN_OR_RETURN(const std::string pages, EvaluationPdf(evaluation, created_s));
  DX_RETURN_IF_ERROR(WriteFileAtomically(pdf, pages));
  DX_RETURN_IF_ERROR(WriteWorkbook(EvaluationTables(evaluation), created_s, xlsx));
  DX_RETURN_IF_ERROR(WriteFileAtomically(json, report::JsonText(EvaluationToJson(evaluation))));
  return std::vector<std::string>{html.string(), pdf.string(), xlsx.string(), json.string()};
}

}  // namespace dongxi::cli
