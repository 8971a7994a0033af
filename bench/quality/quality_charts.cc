#include "bench/quality/quality_charts.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "absl/strings/str_format.h"
#include "report/html_text.h"

namespace dongxi::bench {
namespace {

using report::EscapeHtml;

constexpr int kWidth = 720;
constexpr size_t kColours = 6;       // .s0 .. .s5 of the style
constexpr size_t kHintsMax = 2'000;  // bars with a hint; beyond, they are too thin to point at

std::string Open(int width, int height, const std::string& label) {
  return absl::StrFormat(
      "<svg class=\"chart\" role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %d %d\" width=\"%d\" "
      "height=\"%d\">\n",
      EscapeHtml(label), width, height, width, height);
}

std::string Line(const char* style, double x1, double y1, double x2, double y2) {
  return absl::StrFormat("<line class=\"%s\" x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\"/>\n", style, x1,
                         y1, x2, y2);
}

// `anchor`: start, middle or end.
std::string Text(double x, double y, const char* anchor, const std::string& text) {
  return absl::StrFormat("<text x=\"%.2f\" y=\"%.2f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor,
                         EscapeHtml(text));
}

// A bar of the first chart with its interval and number.
struct BarPlace {
  double left = 0, width = 0, top = 0, height = 0;
};
std::string Bar(const BarPlace& place, size_t colour, const std::string& system,
                const MeasureResult& measure) {
  const auto x = [&](double value) { return place.left + place.width * std::clamp(value, 0.0, 1.0); };
  const double middle = place.top + place.height / 2;
  std::string bar = absl::StrFormat(
      "<rect class=\"s%d\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"><title>%s %s "
      "%.4f</title></rect>\n",
      static_cast<int>(colour % kColours), place.left, place.top, x(measure.mean) - place.left, place.height,
      EscapeHtml(system), EscapeHtml(measure.name), measure.mean);
  bar += Line("interval", x(measure.interval.low), middle, x(measure.interval.high), middle);
  for (const double end : {measure.interval.low, measure.interval.high})
    bar += Line("interval", x(end), middle - 3, x(end), middle + 3);
  bar += Text(place.left + place.width + 8, middle + 4, "start", absl::StrFormat("%.3f", measure.mean));
  return bar;
}

std::string Scale(double left, double width, double top, double bottom) {
  std::string scale;
  for (int tenth = 0; tenth <= 10; tenth += 2) {
    const double x = left + width * tenth / 10;
    scale += Line("grid", x, top, x, bottom);
    scale += Text(x, bottom + 14, "middle", absl::StrFormat("%.1f", tenth / 10.0));
  }
  return scale;
}

double LargestSize(const std::vector<double>& values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest > 0 ? largest : 1;
}

}  // namespace

std::string MeasureChart(const QualityReport& report) {
  constexpr double kLeft = 120, kBar = 14, kGap = 10;
  const double bars = kWidth - kLeft - 60;
  const auto systems = static_cast<double>(report.systems.size());
  const std::vector<MeasureResult>& measures = report.systems.front().measures;
  const double group = systems * kBar + kGap;
  const double bottom = static_cast<double>(measures.size()) * group + kGap;
  std::string chart = Open(kWidth, static_cast<int>(bottom) + 22, "各指标的平均值与 95% 区间");
  chart += Scale(kLeft, bars, 0, bottom);
  for (size_t i = 0; i < measures.size(); ++i) {
    const double top = kGap + static_cast<double>(i) * group;
    chart += Text(kLeft - 8, top + systems * kBar / 2 + 4, "end", measures[i].name);
    for (size_t s = 0; s < report.systems.size(); ++s) {
      const BarPlace place = {kLeft, bars, top + static_cast<double>(s) * kBar, kBar - 2};
      chart += Bar(place, s, report.systems[s].name, report.systems[s].measures[i]);
    }
  }
  return chart + "</svg>\n";
}

std::string DifferenceChart(const QualityReport& report, const MeasureComparison& measure) {
  constexpr double kLeft = 50, kHalf = 100, kTop = 8;
  std::vector<size_t> order(measure.differences.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return measure.differences[a] < measure.differences[b]; });
  const double largest = LargestSize(measure.differences), zero = kTop + kHalf;
  const double step = (kWidth - kLeft - 10) / static_cast<double>(std::max<size_t>(order.size(), 1));
  std::string chart = Open(kWidth, static_cast<int>(kTop + 2 * kHalf) + 10, "逐条差异 " + measure.name);
  for (const double share : {-1.0, -0.5, 0.5, 1.0}) {
    chart += Line("grid", kLeft, zero - share * kHalf, kWidth - 10, zero - share * kHalf);
    chart += Text(kLeft - 6, zero - share * kHalf + 4, "end", absl::StrFormat("%+.2f", share * largest));
  }
  for (size_t i = 0; i < order.size(); ++i) {
    const double value = measure.differences[order[i]], height = std::abs(value) / largest * kHalf;
    if (value == 0) continue;
    const std::string hint =
        order.size() > kHintsMax
            ? ""
            : absl::StrFormat("<title>%s %+.4f</title>", EscapeHtml(report.queries[order[i]]), value);
    absl::StrAppendFormat(
        &chart, "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\">%s</rect>\n",
        value > 0 ? "up" : "down", kLeft + static_cast<double>(i) * step, value > 0 ? zero - height : zero,
        std::max(step * 0.85, 0.2), height, hint);
  }
  return chart + Line("axis", kLeft, zero, kWidth - 10, zero) + "</svg>\n";
}

std::string ReliabilityChart(const Calibration& calibration) {
  constexpr double kLeft = 40, kSize = 260, kTop = 8;
  const auto x = [&](double probability) { return kLeft + kSize * probability; };
  const auto y = [&](double share) { return kTop + kSize * (1 - share); };
  std::string chart = Open(330, 310, "可靠性曲线");
  chart += Scale(kLeft, kSize, kTop, kTop + kSize);
  for (int tenth = 0; tenth <= 10; tenth += 2) {
    chart += Line("grid", kLeft, y(tenth / 10.0), kLeft + kSize, y(tenth / 10.0));
    chart += Text(kLeft - 6, y(tenth / 10.0) + 4, "end", absl::StrFormat("%.1f", tenth / 10.0));
  }
  chart += Line("axis", x(0), y(0), x(1), y(1));
  std::string points, dots;
  for (const ReliabilityBin& bin : calibration.bins) {
    if (bin.count == 0) continue;
    const double share = static_cast<double>(bin.count) / static_cast<double>(calibration.count);
    absl::StrAppendFormat(&points, "%.2f,%.2f ", x(bin.predicted), y(bin.happened));
    absl::StrAppendFormat(&dots,
                          "<circle class=\"s0\" cx=\"%.2f\" cy=\"%.2f\" r=\"%.2f\"><title>%.3f → %.3f "
                          "(%d)</title></circle>\n",
                          x(bin.predicted), y(bin.happened), 3 + 9 * std::sqrt(share), bin.predicted,
                          bin.happened, bin.count);
  }
  return chart + "<polyline class=\"curve\" points=\"" + points + "\"/>\n" + dots + "</svg>\n";
}

}  // namespace dongxi::bench
