// Statistics as a page: self-contained, offline, printable on A4. The parts are those of the evaluation
// report too. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/stats/period.h"
#include "dongxi/v1/statistics.pb.h"

namespace dongxi::cli {

struct PageHead {
  std::string title, kicker;
  std::vector<std::string> lines;    // 评估期, 地区, 政策表 …
  std::vector<std::string> remarks;  // above all figures, marked
};

// Everything up to <main>, and what ends the page.
std::string PageBegin(const PageHead& head);
std::string PageEnd(const std::string& words);

// Words with the engagement ids behind them: what a click or the details sheet opens. Ids beyond the first
// fifty are counted. The entries of a figure; the needs that were recommended something.
std::string OpensCell(const std::string& words, const google::protobuf::RepeatedPtrField<std::string>& ids);
std::string FigureCell(const v1::Figure& figure);
std::string MatchedCell(const v1::StatisticsGroup& group);

// Tables: all figures of a group beside the earlier period; a row a group; durations with conversions;
// refusals.
std::string TotalTable(const v1::Statistics& statistics, const Period& period);
std::string GroupTable(const v1::StatisticsTable& table);
std::string WaysTable(const v1::StatisticsGroup& group);
std::string RefusalTable(const v1::StatisticsGroup& group);
// Signed amounts as bars, the group's own words beside them.
std::string AmountChart(const v1::StatisticsTable& table);

std::string StatisticsHtml(const v1::Statistics& statistics, const Period& period, const std::string& scope);

}  // namespace dongxi::cli
