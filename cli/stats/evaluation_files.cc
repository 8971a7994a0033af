#include "cli/stats/evaluation_files.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/stats/charts.h"
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

const v1::StatisticsTable* TableOf(const Evaluation& evaluation, v1::StatisticsDimension dimension) {
  for (const v1::StatisticsTable& table : evaluation.statistics.tables()) {
    if (table.dimension() == dimension) return &table;
  }
  return nullptr;
}

std::string Title(const Evaluation& evaluation) {
  return absl::StrCat(evaluation.region_name, "东西部科技合作绩效评估报告（", evaluation.period.label, "）");
}

std::vector<std::string> HeadLines(const Evaluation& evaluation) {
  const absl::CivilDay last = evaluation.period.days.end - 1;
  std::vector<std::string> lines = {
      "评估期：" + evaluation.period.label,
      "评估范围：" + evaluation.region_name + (evaluation.region.empty() ? "" : "（需求方所在省区）"),
      absl::StrFormat("数据截止：%d年%d月%d日；之后的更正在重新生成时计入", last.year(), last.month(),
                      last.day()),
      absl::StrCat("依据：台账 ", evaluation.statistics.entries(), " 条记录，政策表 ",
                   evaluation.statistics.policy())};
  if (!evaluation.office.empty()) lines.push_back("编制单位：" + evaluation.office);
  return lines;
}

std::string Section(const std::string& heading, const std::string& body) {
  return "<section><h2>" + heading + "</h2>\n" + body + "</section>\n";
}

std::string Overview(const Evaluation& evaluation) {
  std::string out;
  for (const std::string& sentence : OverviewSentences(evaluation))
    absl::StrAppend(&out, "<p class=\"lead\">", EscapeHtml(sentence), "</p>\n");
  absl::StrAppend(&out, TotalTable(evaluation.statistics, evaluation.period),
                  FunnelChart(evaluation.statistics.total()), "<h3>步骤转化与用时</h3>\n",
                  WaysTable(evaluation.statistics.total()));
  for (const auto& [dimension, heading] : {std::pair{v1::STATISTICS_DIMENSION_CITY, "按市州"},
                                           std::pair{v1::STATISTICS_DIMENSION_FIELD, "按领域"},
                                           std::pair{v1::STATISTICS_DIMENSION_MODE, "按合作方式"},
                                           std::pair{v1::STATISTICS_DIMENSION_PROVINCE_PAIR, "按省际"}}) {
    const v1::StatisticsTable* const table = TableOf(evaluation, dimension);
    if (table == nullptr || table->groups().empty()) continue;
    absl::StrAppend(&out, "<h3>", heading, "</h3>\n", GroupTable(*table));
  }
  return out;
}

std::string Tasks(const Evaluation& evaluation) {
  const v1::StatisticsTable* const table = TableOf(evaluation, v1::STATISTICS_DIMENSION_TASK);
  if (table == nullptr) return "";
  std::string out = AmountChart(*table) + GroupTable(*table);
  for (const v1::StatisticsGroup& group : table->groups()) {
    absl::StrAppend(&out, "<h3>", EscapeHtml(group.label()), "</h3>\n<p class=\"lead\">",
                    EscapeHtml(TaskSentence(group)), "</p>\n");
    if (!group.refusals().empty()) out += RefusalTable(group);
  }
  return out;
}

std::string Pairings(const Evaluation& evaluation) {
  const v1::StatisticsTable* const table = TableOf(evaluation, v1::STATISTICS_DIMENSION_PAIRING);
  if (table == nullptr) return "";
  return "<p "
         "class=\"note\">"
         "结对关系取自方案；一条记录只计入最强的一个结对，方案点名的先于成组的，成组的先于推定的；"
         "园区所在城市的其他机构计入该园区的结对。</p>\n" +
         GroupTable(*table);
}

std::string Cases(const Evaluation& evaluation) {
  std::string out =
      "<p "
      "class=\"note\">"
      "选取规则：期内验收、有签约金额、且有凭据的，按签约额从高到低；登记单位在备注中写明“典型案例”"
      "的列在最前。</p>\n";
  if (evaluation.cases.empty()) return out + "<p>期内没有符合规则的案例。</p>\n";
  out += "<div class=\"cases\">\n";
  for (size_t i = 0; i < evaluation.cases.size(); ++i) {
    const EvaluationCase& one = evaluation.cases[i];
    absl::StrAppend(&out, "<section><h3>案例 ", i + 1, "：", EscapeHtml(CaseTitle(one)), "</h3>\n<p>任务：",
                    EscapeHtml(one.task_label), "；签约 ", Amount(one.signed_wan), " 万元，到账 ",
                    Amount(one.paid_wan), " 万元；入选：", one.marked ? "登记单位标记" : "按规则",
                    "。</p>\n<ul>\n");
    for (const std::string& line : CaseLines(one)) absl::StrAppend(&out, "<li>", EscapeHtml(line), "</li>\n");
    out += "</ul></section>\n";
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

std::string Signing(const v1::SigningEstimate& estimate) {
  if (!estimate.enough()) {
    return absl::StrCat("<p>已有结果的 ", estimate.decided_pairs(), " 对，其中签约 ", estimate.signed_pairs(),
                        " 对；少于 ", estimate.decided_pairs_min(), " 对或签约少于 ",
                        estimate.signed_pairs_min(), " 对时不给出签约概率。</p>\n");
  }
  std::string out = absl::StrCat(
      "<p>由已有结果的 ", Count(estimate.decided_pairs()), " 对（签约 ", Count(estimate.signed_pairs()),
      " 对",
      estimate.simulated_pairs() > 0 ? absl::StrCat("，其中模拟数据 ", estimate.simulated_pairs(), " 对")
                                     : "",
      "）学得，交叉验证的 Brier 分数 ", absl::StrFormat("%.4f", estimate.brier()),
      "，一律按平均签约率预测时为 ", absl::StrFormat("%.4f", estimate.base_brier()), "。</p>\n");
  if (!estimate.useful()) return out + "<p>不比平均签约率更准，故不给出签约概率。</p>\n";
  out += ReliabilityChart(estimate);
  if (estimate.forecasts().empty()) return out;
  out +=
      "<div "
      "class=\"scroll\"><table><thead><tr><th>进行中的需求</th><th>供给方</th><th>签约概率</th></tr></"
      "thead><tbody>\n";
  for (const v1::SigningForecast& one : estimate.forecasts()) {
    absl::StrAppend(&out, "<tr><td>", EscapeHtml(one.need()), "</td><td>", EscapeHtml(one.offer()),
                    "</td><td class=\"n\">", Share(one.probability()), "</td></tr>\n");
  }
  return out + "</tbody></table></div>\n";
}

report::Table TextSheet(const Evaluation& evaluation) {
  report::Table sheet{"报告", "report", {{"部分", CellKind::kText, 16}, {"内容", CellKind::kText, 110}}, {}};
  const auto add = [&](const std::string& part, const std::string& text) {
    sheet.rows.push_back({part, text});
  };
  add("标题", Title(evaluation));
  for (const std::string& line : HeadLines(evaluation)) add("说明", line);
  for (const std::string& remark : Remarks(evaluation.statistics)) add("注意", remark);
  if (evaluation.statistics.entries() == 0) add("注意", "本期台账没有记录");
  for (const std::string& sentence : OverviewSentences(evaluation)) add("一、总体情况", sentence);
  if (const v1::StatisticsTable* const tasks = TableOf(evaluation, v1::STATISTICS_DIMENSION_TASK)) {
    for (const v1::StatisticsGroup& group : tasks->groups())
      add("二、逐项任务", group.label() + "：" + TaskSentence(group));
  }
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
                       {"经过", CellKind::kText, 80}},
                      {}};
  for (size_t i = 0; i < evaluation.cases.size(); ++i) {
    const EvaluationCase& one = evaluation.cases[i];
    std::string lines;
    for (const std::string& line : CaseLines(one)) absl::StrAppend(&lines, lines.empty() ? "" : "\n", line);
    sheet.rows.push_back({static_cast<double>(i + 1), CaseTitle(one), one.task_label, one.signed_wan,
                          one.paid_wan, one.marked ? "登记单位标记" : "按规则", lines});
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

}  // namespace

std::string EvaluationHtml(const Evaluation& evaluation) {
  std::string out = PageBegin({Title(evaluation), "东西部科技合作 · 绩效评估", HeadLines(evaluation),
                               Remarks(evaluation.statistics)});
  if (evaluation.statistics.entries() == 0) {
    out += "<p class=\"nomatch\"><b>" + EscapeHtml(evaluation.period.label) + "台账没有" +
           EscapeHtml(evaluation.region_name) +
           "的记录。</b>以下各项均为零；请核对评估期和范围，或先登记进展"
           "（dongxi engage import）。</p>\n";
  }
  absl::StrAppend(&out, Section("一、总体情况", Overview(evaluation)),
                  Section("二、逐项任务", Tasks(evaluation)), Section("三、逐对结对", Pairings(evaluation)),
                  Section("四、典型案例", Cases(evaluation)), Section("五、存在问题", Problems(evaluation)));
  if (evaluation.gaps) out += Section("六、未满足的需求与闲置成果", GapsSections(*evaluation.gaps));
  if (evaluation.signing) out += Section("附：签约概率", Signing(*evaluation.signing));
  out += Section("附：口径",
                 "<p "
                 "class=\"note\">"
                 "条数按事件发生的日期计入评估期；同比为上一年同期。“经推荐”指签约注明了匹配编号，或在此之前"
                 "这一对有推荐的登记。转化率跟踪期内首次到达前一步的各对，看其至期末是否到达后一步，区间为 "
                 "Wilson 95%。用时取各对"
                 "两步首次登记的间隔。已更正、撤回的记录不计。点击数字可见对应的台账编号，电子表格“明细”逐条"
                 "列出。</p>\n");
  return out + PageEnd("由 Dongxi 根据台账生成。");
}

std::vector<report::Table> EvaluationTables(const Evaluation& evaluation) {
  std::vector<report::Table> tables = {TextSheet(evaluation)};
  for (report::Table& table : StatisticsTables(evaluation.statistics)) tables.push_back(std::move(table));
  // What a reader asks for first stands first.
  tables.insert(tables.begin() + 1, {CaseSheet(evaluation), ProblemSheet(evaluation)});
  if (evaluation.gaps) {
    for (report::Table& table : GapsTables(*evaluation.gaps)) tables.push_back(std::move(table));
  }
  return tables;
}

report::Json EvaluationToJson(const Evaluation& evaluation) {
  Json out = {{"title", Title(evaluation)},
              {"period", evaluation.period.label},
              {"region", evaluation.region},
              {"has_data", evaluation.statistics.entries() > 0},
              {"simulated", evaluation.statistics.simulated_entries() > 0}};
  out["overview"] = OverviewSentences(evaluation);
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
  const std::filesystem::path html = folder / "绩效评估报告.html", xlsx = folder / "绩效评估报告.xlsx",
                              json = folder / "evaluation.json";
  DX_RETURN_IF_ERROR(WriteFileAtomically(html, EvaluationHtml(evaluation)));
  // No clock: the workbook says the end of the period, so that the same ledger gives the same bytes.
  DX_RETURN_IF_ERROR(WriteWorkbook(EvaluationTables(evaluation),
                                   ChinaDayStartUs(evaluation.period.days.end) / kMicros, xlsx));
  DX_RETURN_IF_ERROR(WriteFileAtomically(json, report::JsonText(EvaluationToJson(evaluation))));
  return std::vector<std::string>{html.string(), xlsx.string(), json.string()};
}

}  // namespace dongxi::cli
