// Charts and tables of the overview: bars, the matrix of province pairs, exposure, what is left over, what
// changed.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "engine/text/normalize.h"
#include "report/emptied.h"
#include "report/html_parts.h"
#include "report/html_text.h"
#include "report/words.h"

namespace dongxi::report {
namespace {

constexpr size_t kPrintedColumnsMax = 20;  // of the matrix; more are printed narrower
constexpr size_t kBarsMax = 15;
constexpr size_t kIdleShown = 200;
constexpr double kWhiteOnDepth = 0.66;  // below, black figures are easier to read on the blue ground
constexpr double kLabelWidth = 150, kBarRoom = 300, kRowHeight = 18;
// Widths of characters in fifths of the size of type; 13 Chinese ones are as wide as a label may be.
constexpr int kWideCharacter = 5, kNarrowCharacter = 3, kLabelRoom = 13 * kWideCharacter;

// What of the name there is room for left of a bar: what runs out of the drawing is cut off.
std::string FittingLabel(const std::string& name) {
  int width = 0;
  size_t fitting = 0;  // characters that have room before "…"
  for (const char32_t c : DecodeUtf8(name)) {
    width += c < 0x80 ? kNarrowCharacter : kWideCharacter;
    if (width <= kLabelRoom - kWideCharacter) ++fitting;
  }
  return width <= kLabelRoom ? name : CutCharacters(name, fitting);
}

// One row a name: the whole bar is its needs, the dark part those with an adequate match.
void AppendBars(const char* heading, const std::vector<NeedCounts>& rows, std::string* out) {
  if (rows.empty()) return;
  const size_t shown = std::min(rows.size(), kBarsMax);
  int most = 1;
  for (const NeedCounts& row : rows) most = std::max(most, row.needs);
  absl::StrAppend(
      out, "<div><h3>", heading, "</h3>\n",
      absl::StrFormat("<svg class=\"chart\" viewBox=\"0 0 510 %.0f\" role=\"img\" aria-label=\"%s\">",
                      kRowHeight * static_cast<double>(shown) + 4, heading));
  for (size_t i = 0; i < shown; ++i) {
    const NeedCounts& row = rows[i];
    const std::string name = row.name.empty() ? "未注明" : row.name;
    const double y = kRowHeight * static_cast<double>(i);
    absl::StrAppend(
        out,
        absl::StrFormat("<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\"><title>%s</title>%s</text>",
                        kLabelWidth - 6, y + 13, EscapeHtml(name), EscapeHtml(FittingLabel(name))),
        absl::StrFormat("<rect class=\"all\" x=\"%.0f\" y=\"%.1f\" width=\"%.1f\" height=\"12\"/>",
                        kLabelWidth, y + 3, kBarRoom * row.needs / most),
        absl::StrFormat("<rect class=\"hit\" x=\"%.0f\" y=\"%.1f\" width=\"%.1f\" height=\"12\"/>",
                        kLabelWidth, y + 3, kBarRoom * row.matched / most),
        absl::StrFormat("<text x=\"%.1f\" y=\"%.1f\">%d/%d</text>",
                        kLabelWidth + kBarRoom * row.needs / most + 5, y + 13, row.matched, row.needs));
  }
  *out += "</svg>\n";
  if (rows.size() > shown)
    absl::StrAppend(out, "<p class=\"note\">另有 ", rows.size() - shown, " 项，见电子表格。</p>\n");
  *out += "</div>\n";
}

void AppendMatrix(const ProvincePairs& pairs, std::string* out) {
  if (pairs.need_provinces.empty() || pairs.offer_provinces.empty()) return;
  int most = 1;
  for (const std::vector<int>& row : pairs.needs)
    most = std::max(most, *std::max_element(row.begin(), row.end()));
  absl::StrAppend(out, "<h3>省际对接</h3>\n<div class=\"scroll\"><table class=\"matrix",
                  pairs.offer_provinces.size() > kPrintedColumnsMax ? " wide" : "",
                  "\"><thead><tr><th>需求地区 \\ 供给地区</th>");
  for (const std::string& name : pairs.offer_provinces)
    absl::StrAppend(out, "<th>", EscapeHtml(name), "</th>");
  *out += "</tr></thead>\n<tbody>\n";
  for (size_t r = 0; r < pairs.need_provinces.size(); ++r) {
    absl::StrAppend(out, "<tr><th>", EscapeHtml(pairs.need_provinces[r]), "</th>");
    for (const int count : pairs.needs[r]) {
      if (count == 0) {
        *out += "<td></td>";
      } else {
        const double depth = 0.12 + 0.68 * count / most;
        absl::StrAppend(out, absl::StrFormat("<td style=\"background: rgba(31, 78, 121, %.2f)\"%s>%d</td>",
                                             depth, depth > kWhiteOnDepth ? " class=\"dark\"" : "", count));
      }
    }
    *out += "</tr>\n";
  }
  *out +=
      "</tbody></table></div>\n<p class=\"note\">格中是该地区有多少项需求在供给地区找到合适的候选。</p>\n";
}

void AppendExposure(const Exposure& exposure, std::string* out) {
  if (exposure.institutions == 0) return;
  absl::StrAppend(out, "<p class=\"note\">", exposure.institutions, " 家机构共被推荐 ",
                  exposure.recommendations, " 次（机构×需求），基尼系数 ",
                  absl::StrFormat("%.2f", exposure.gini), "，前十分之一的机构占 ",
                  absl::StrFormat("%.0f%%", 100 * exposure.top_share), "。</p>\n");
}

// Needs without an adequate entry: those that failed with their error, those that limits emptied with the
// limits.
void AppendUnmatched(const char* heading, const MatchReport& report, const std::vector<size_t>& places,
                     std::string* out) {
  if (places.empty()) return;
  absl::StrAppend(out, "<h3>", heading, "（", places.size(), "）</h3>\n<ul class=\"plain\">\n");
  for (const size_t index : places) {
    const NeedMatches& need = report.needs[index];
    const std::string why = need.error + EmptiedText(need.emptied);
    absl::StrAppend(out, "<li><a href=\"#", NeedAnchor(index), "\">", EscapeHtml(NeedTitle(need.need)),
                    "</a>");
    out->append(IllustrativeBadge(need.need.illustrative()));
    absl::StrAppend(out, "（", EscapeHtml(FullRegionName(need.need.region_code())), "）",
                    why.empty() ? "" : EscapeHtml("：" + why), "</li>\n");
  }
  *out += "</ul>\n";
}

void AppendIdle(const char* noun, const std::vector<const IdleOffer*>& offers, std::string* out) {
  if (offers.empty()) return;
  absl::StrAppend(out, "<h3>无人问津的", noun, "（", offers.size(), "）</h3>\n<ul class=\"plain\">\n");
  for (size_t i = 0; i < std::min(offers.size(), kIdleShown); ++i) {
    const std::string region = offers[i]->region_code.empty()
                                   ? ""
                                   : "（" + EscapeHtml(FullRegionName(offers[i]->region_code)) + "）";
    absl::StrAppend(out, "<li>", EscapeHtml(offers[i]->title), region);
    out->append(IllustrativeBadge(offers[i]->illustrative));
    *out += "</li>\n";
  }
  *out += "</ul>\n";
  if (offers.size() > kIdleShown) {
    absl::StrAppend(out, "<p class=\"note\">另有 ", offers.size() - kIdleShown, " 项，见电子表格。</p>\n");
  }
}

void AppendComparison(const Comparison& comparison, std::string* out) {
  absl::StrAppend(out, "<h3>与以前的报告相比</h3>\n<p class=\"note\">对照：", EscapeHtml(comparison.earlier),
                  "，", comparison.earlier_needs, " 项需求中 ", comparison.earlier_matched,
                  " 项找到合适匹配；没有变化 ", comparison.unchanged, " 项。", EscapeHtml(comparison.note),
                  "</p>\n");
  if (comparison.changes.empty()) return;
  *out +=
      "<table "
      "class=\"counts\"><thead><tr><th>需求</th><th>变化</th><th>新增的合适候选</th><th>不再列为合适的候选</"
      "th></tr></thead>\n"
      "<tbody>\n";
  for (const NeedChange& change : comparison.changes) {
    absl::StrAppend(out, "<tr><td>", EscapeHtml(change.title), "</td><td>", EscapeHtml(change.what),
                    "</td><td>", EscapeHtml(absl::StrJoin(change.gained, "；")), "</td><td>",
                    EscapeHtml(absl::StrJoin(change.lost, "；")), "</td></tr>\n");
  }
  *out += "</tbody></table>\n";
}

}  // namespace

void AppendCharts(const MatchReport& report, const Overview& overview, std::string* out) {
  *out += "<div class=\"pair\">\n";
  AppendBars("按任务", overview.tasks, out);
  AppendBars("按领域", overview.fields, out);
  *out += "</div>\n";
  AppendMatrix(overview.pairs, out);
  AppendExposure(overview.exposure, out);
  if (report.comparison) AppendComparison(*report.comparison, out);
  AppendUnmatched("未找到合适匹配的需求", report, overview.unmatched, out);
  AppendUnmatched("有合适候选、因限额未列出的需求", report, overview.unmatched_by_limit, out);
}

void AppendIdleOffers(const MatchReport& report, std::string* out) {
  if (!report.idle_offers || report.idle_offers->empty()) return;
  *out += "<section id=\"idle\"><h2>附：无人问津的成果、专家和机构</h2>\n";
  for (const IdleKind& kind : kIdleKinds) AppendIdle(kind.noun, IdleOf(report, kind), out);
  *out += "</section>\n";
}

}  // namespace dongxi::report
