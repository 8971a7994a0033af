// Charts of statistics as inline SVG, in the style of report/html_style.cc. Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "dongxi/v1/statistics.pb.h"

namespace dongxi::cli {

struct Bar {
  std::string label;
  double value = 0;
  double before = -1;  // drawn thin below; negative: none
  std::string words;   // beside the bar: 12 项，1,234 万元
};

// Horizontal bars, at most `bars_max`; the rest is said in a note. Nothing if no bar has a value.
std::string BarChart(const std::string& heading, const std::vector<Bar>& bars, size_t bars_max);

// From 推荐 to 验收: pairs of each step as bars around a middle line, and the share that goes on.
std::string FunnelChart(const v1::StatisticsGroup& group, bool simulated);

// Forecasts against what came, with the diagonal.
std::string ReliabilityChart(const v1::SigningEstimate& estimate, bool simulated);

}  // namespace dongxi::cli
