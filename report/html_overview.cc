// The head of the report: figures and the list of needs.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine/text/normalize.h"
#include "report/html_parts.h"
#include "report/html_text.h"
#include "report/words.h"

namespace dongxi::report {
namespace {

constexpr size_t kUntitledCharacters = 40;

void AppendFigure(int value, const char* label, const char* style, std::string* out) {
  absl::StrAppend(out, "<li class=\"", style, "\"><b>", value, "</b><span>", label, "</span></li>\n");
}

void AppendFigures(const MatchReport& report, const Overview& overview, std::string* out) {
  *out += "<ul class=\"figures\">\n";
  AppendFigure(overview.total.needs, "项需求", "", out);
  AppendFigure(overview.total.matched, "找到合适匹配", "ok", out);
  AppendFigure(overview.total.unmatched, "未找到合适匹配", "none", out);
  if (overview.total.unmatched_by_limit > 0)
    AppendFigure(overview.total.unmatched_by_limit, "有合适候选、因限额未列出", "none", out);
  if (overview.total.failed > 0) AppendFigure(overview.total.failed, "未能匹配", "none", out);
  if (IsAsked(report, v1::INSTITUTION)) AppendFigure(overview.with_partner, "有合适机构", "", out);
  if (IsAsked(report, v1::EXPERT)) AppendFigure(overview.with_expert, "有合适专家", "", out);
  if (IsAsked(report, v1::RESULT)) AppendFigure(overview.with_result, "有合适成果", "", out);
  *out += "</ul>\n";
  for (const std::string& line : overview.degraded)
    absl::StrAppend(out, "<p class=\"nomatch\"><b>注意</b>：", EscapeHtml(line), "</p>\n");
}

// Columns for what seldom is, `by_limit` and `failed`, stand there where they say something.
void AppendCounts(const char* heading, const char* column, const std::vector<NeedCounts>& rows, bool by_limit,
                  bool failed, std::string* out) {
  absl::StrAppend(out, "<div><h3>", heading, "</h3>\n<table class=\"counts\"><thead><tr><th>", column,
                  "</th><th class=\"n\">需求</th><th class=\"n\">合适</th><th class=\"n\">未找到</th>",
                  by_limit ? "<th class=\"n\">因限额未列出</th>" : "",
                  failed ? "<th class=\"n\">未能匹配</th>" : "", "</tr></thead>\n<tbody>\n");
  for (const NeedCounts& row : rows) {
    absl::StrAppend(out, "<tr><td>", EscapeHtml(row.name.empty() ? "未注明" : row.name),
                    "</td><td class=\"n\">", row.needs, "</td><td class=\"n\">", row.matched,
                    "</td><td class=\"n\">", row.unmatched, "</td>");
    if (by_limit) absl::StrAppend(out, "<td class=\"n\">", row.unmatched_by_limit, "</td>");
    if (failed) absl::StrAppend(out, "<td class=\"n\">", row.failed, "</td>");
    *out += "</tr>\n";
  }
  *out += "</tbody></table></div>\n";
}

// Lists that were not asked for have no column: 0 would say that nothing was found.
void AppendInstitutions(const MatchReport& report, const std::vector<InstitutionCounts>& rows,
                        std::string* out) {
  if (rows.empty()) return;
  *out +=
      "<h3>推荐最多的机构</h3>\n<div class=\"scroll\"><table "
      "class=\"counts\"><thead><tr><th>机构</th><th>地区</th><th "
      "class=\"n\">涉及需求</th>";
  for (const RecommendationWay& way : kRecommendationWays) {
    if (IsAsked(report, way.kind)) absl::StrAppend(out, "<th class=\"n\">", way.name, "</th>");
  }
  *out += "</tr></thead>\n<tbody>\n";
  for (size_t i = 0; i < std::min(rows.size(), kOverviewInstitutionsMax); ++i) {
    const InstitutionCounts& row = rows[i];
    absl::StrAppend(out, "<tr><td>", EscapeHtml(row.name));
    out->append(IllustrativeBadge(row.illustrative));
    absl::StrAppend(out, "</td><td>", EscapeHtml(row.region), "</td><td class=\"n\">", row.needs, "</td>");
    for (const RecommendationWay& way : kRecommendationWays) {
      if (IsAsked(report, way.kind)) absl::StrAppend(out, "<td class=\"n\">", row.*way.needs, "</td>");
    }
    *out += "</tr>\n";
  }
  *out += "</tbody></table></div>\n<p class=\"note\">只计合适的匹配，同一条需求只计一次。</p>\n";
}

// 3, or in the colour of "nothing found" a dash or that a limit took them all.
void AppendAdequate(const NeedMatches& need, v1::RecordKind kind, const v1::MatchList& list,
                    std::string* out) {
  const int adequate = CountAdequate(list);
  if (adequate > 0) {
    absl::StrAppend(out, "<td class=\"n\">", adequate, "</td>");
  } else {
    const bool by_limit = std::any_of(need.emptied.begin(), need.emptied.end(),
                                      [kind](const EmptiedList& one) { return one.kind == kind; });
    absl::StrAppend(out, "<td class=\"n none\">", by_limit ? "限额" : "—", "</td>");
  }
}

void AppendContentsRow(const MatchReport& report, size_t index, std::string* out) {
  const NeedMatches& need = report.needs[index];
  const std::vector<AnswerList> lists = AskedLists(report);
  absl::StrAppend(out, "<tr data-row=\"", NeedAnchor(index), "\"><td class=\"n\">", index + 1,
                  "</td><td><a href=\"#", NeedAnchor(index), "\">", EscapeHtml(NeedTitle(need.need)), "</a>");
  out->append(IllustrativeBadge(need.need.illustrative()));
  absl::StrAppend(out, "</td><td>", EscapeHtml(FullRegionName(need.need.region_code())), "</td>");
  if (!need.error.empty()) {
    absl::StrAppend(out, "<td colspan=\"", 1 + lists.size(), "\" class=\"none\">未能匹配</td></tr>\n");
    return;
  }
  absl::StrAppend(out, "<td>", EscapeHtml(need.answer.policy().channel_name()), "</td>");
  for (const AnswerList& one : lists) AppendAdequate(need, one.kind, (need.answer.*one.list)(), out);
  *out += "</tr>\n";
}

}  // namespace

std::string_view IllustrativeBadge(bool illustrative) {
  return illustrative ? "<span class=\"badge\">示例数据</span>" : "";
}

std::string NeedAnchor(size_t index) { return absl::StrCat("need-", index + 1); }

std::string NeedTitle(const v1::Need& need) {
  if (!need.title().empty()) return need.title();
  const std::string& text = need.wanted().empty() ? need.description() : need.wanted();
  return text.empty() ? need.name() : CutCharacters(text, kUntitledCharacters);
}

void AppendOverview(const MatchReport& report, const Overview& overview, std::string* out) {
  *out += "<section id=\"overview\"><h2>总览</h2>\n";
  AppendFigures(report, overview, out);
  const bool by_limit = overview.total.unmatched_by_limit > 0, failed = overview.total.failed > 0;
  *out += "<div class=\"pair\">\n";
  AppendCounts("按通道", "通道", overview.channels, by_limit, /*failed=*/false, out);
  AppendCounts("按需求方地区", "省级地区", overview.provinces, by_limit, failed, out);
  *out += "</div>\n";
  AppendInstitutions(report, overview.institutions, out);
  AppendCharts(report, overview, out);
  *out += "</section>\n";
}

void AppendContents(const MatchReport& report, std::string* out) {
  *out +=
      "<nav id=\"contents\"><h2>目录</h2>\n<div class=\"scroll\"><table class=\"contents\"><thead><tr><th "
      "class=\"n\">序号</th><th>需求</th>"
      "<th>地区</th><th>通道</th>";
  for (const AnswerList& one : AskedLists(report))
    absl::StrAppend(out, "<th class=\"n\">", KindName(one.kind), "</th>");
  *out += "</tr></thead>\n<tbody>\n";
  for (size_t index = 0; index < report.needs.size(); ++index) AppendContentsRow(report, index, out);
  *out += "</tbody></table></div>\n<p class=\"note\">通道右边各列是合适的匹配数；“—”表示未找到。";
  if (std::any_of(report.needs.begin(), report.needs.end(),
                  [](const NeedMatches& need) { return !need.emptied.empty(); }))
    *out += "“限额”表示有合适的候选，因限额未列出。";
  if (report.idle_offers && !report.idle_offers->empty())
    *out += "<a href=\"#idle\">附：无人问津的成果、专家和机构</a>";
  *out += "</p></nav>\n";
}

}  // namespace dongxi::report
