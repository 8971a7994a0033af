// The charts of the HTML report as inline SVG; colours come from the page's style. Pure functions; any
// thread.
#pragma once

#include <string>

#include "bench/quality/quality_report.h"

namespace dongxi::bench {

// A group of bars a measure, a bar a system, with its 95 % interval; from 0 to 1.
std::string MeasureChart(const QualityReport& report);

// A bar a query, sorted by the difference, losses first; its hint names the query.
std::string DifferenceChart(const QualityReport& report, const MeasureComparison& measure);

// What happened over what was predicted, a dot a filled bin, larger for more forecasts; the diagonal is
// perfect.
std::string ReliabilityChart(const Calibration& calibration);

}  // namespace dongxi::bench
