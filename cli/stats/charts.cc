#include "cli/stats/charts.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/stats/stats_words.h"
#include "cli/table.h"
#include "report/html_text.h"

namespace dongxi::cli {
namespace {

constexpr double kWidth = 640, kLabelWidth = 190, kBarRoom = 270, kRowHeight = 22;
constexpr int kLabelColumns = 28;
constexpr v1::FigureKind kFunnel[] = {v1::FIGURE_KIND_MATCHED,    v1::FIGURE_KIND_VIEWED,
                                      v1::FIGURE_KIND_INTERESTED, v1::FIGURE_KIND_MET,
                                      v1::FIGURE_KIND_SIGNED,     v1::FIGURE_KIND_REGISTERED,
                                      v1::FIGURE_KIND_PAID,       v1::FIGURE_KIND_DELIVERED};

std::string Open(double height, const std::string& label) {
  return absl::StrFormat(
      "<svg class=\"chart wide\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\">", kWidth, height,
      report::EscapeHtml(label));
}

std::string Text(double x, double y, const std::string& words, const char* anchor = "start") {
  return absl::StrFormat("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor,
                         report::EscapeHtml(words));
}

}  // namespace

std::string BarChart(const std::string& heading, const std::vector<Bar>& bars, size_t bars_max) {
  double most = 0;
  for (const Bar& bar : bars) most = std::max({most, bar.value, bar.before});
  if (most <= 0) return "";
  const size_t shown = std::min(bars.size(), bars_max);
  std::string out = absl::StrCat("<figure><figcaption>", report::EscapeHtml(heading), "</figcaption>",
                                 Open(kRowHeight * static_cast<double>(shown) + 4, heading));
  for (size_t i = 0; i < shown; ++i) {
    const Bar& bar = bars[i];
    const double y = kRowHeight * static_cast<double>(i);
    absl::StrAppend(
        &out, Text(kLabelWidth - 6, y + 14, CutToWidth(bar.label, kLabelColumns), "end"),
        absl::StrFormat("<rect class=\"hit\" x=\"%.0f\" y=\"%.1f\" width=\"%.1f\" height=\"11\"/>",
                        kLabelWidth, y + 4, kBarRoom * bar.value / most));
    if (bar.before >= 0) {
      absl::StrAppend(
          &out, absl::StrFormat("<rect class=\"all\" x=\"%.0f\" y=\"%.1f\" width=\"%.1f\" height=\"4\"/>",
                                kLabelWidth, y + 15.5, kBarRoom * bar.before / most));
    }
    absl::StrAppend(
        &out, Text(kLabelWidth + kBarRoom * std::max(bar.value, bar.before) / most + 6, y + 14, bar.words));
  }
  out += "</svg>";
  if (bars.size() > shown)
    absl::StrAppend(&out, "<p class=\"note\">另有 ", bars.size() - shown, " 项，见表。</p>");
  return out + "</figure>\n";
}

std::string FunnelChart(const v1::StatisticsGroup& group, bool simulated) {
  double most = 0;
  for (const v1::FigureKind kind : kFunnel)
    most = std::max(most, static_cast<double>(FigureOf(group, kind).pairs()));
  if (most <= 0) return "";
  constexpr double kStep = 28, kMiddle = 300, kRoom = 360;
  std::string out =
      absl::StrCat("<figure><figcaption>", Marked("从推荐到验收（对数）", simulated), "</figcaption>",
                   Open(kStep * static_cast<double>(std::size(kFunnel)) + 4, "从推荐到验收"));
  double y = 2;
  for (const v1::FigureKind kind : kFunnel) {
    const v1::Figure& figure = FigureOf(group, kind);
    const double width = kRoom * static_cast<double>(figure.pairs()) / most;
    absl::StrAppend(
        &out, Text(kMiddle - kRoom / 2 - 12, y + 16, FigureName(kind), "end"),
        absl::StrFormat("<rect class=\"hit\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"20\"/>",
                        kMiddle - width / 2, y + 2, std::max(width, 1.0)),
        Text(kMiddle + kRoom / 2 + 12, y + 16,
             Count(figure.pairs()) + " 对" +
                 (figure.entries_with_amount() > 0 ? "，" + Amount(figure.amount_wan()) + " 万元" : "")));
    y += kStep;
  }
  return out + "</svg></figure>\n";
}

std::string ReliabilityChart(const v1::SigningEstimate& estimate, bool simulated) {
  if (estimate.reliability().empty()) return "";
  constexpr double kSide = 240, kLeft = 60, kTop = 10;
  std::string out = absl::StrCat(
      "<figure><figcaption>", Marked("签约概率的可靠性（交叉验证）", simulated), "</figcaption>",
      Open(kSide + 50, "签约概率的可靠性"),
      absl::StrFormat("<rect class=\"frame\" x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\"/>"
                      "<line class=\"diagonal\" x1=\"%.0f\" y1=\"%.0f\" x2=\"%.0f\" y2=\"%.0f\"/>",
                      kLeft, kTop, kSide, kSide, kLeft, kTop + kSide, kLeft + kSide, kTop));
  for (const v1::ReliabilityBin& bin : estimate.reliability()) {
    absl::StrAppend(
        &out, absl::StrFormat("<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>",
                              kLeft + kSide * bin.mean_forecast(), kTop + kSide * (1 - bin.signed_share())));
  }
  absl::StrAppend(&out, Text(kLeft, kTop + kSide + 16, "0"),
                  Text(kLeft + kSide, kTop + kSide + 16, "1", "end"),
                  Text(kLeft + kSide / 2, kTop + kSide + 32, "预测的概率", "middle"),
                  Text(kLeft - 6, kTop + kSide, "0", "end"), Text(kLeft - 6, kTop + 10, "1", "end"),
                  Text(kLeft - 6, kTop + kSide / 2, "实际签约", "end"));
  return out + "</svg></figure>\n";
}

}  // namespace dongxi::cli
