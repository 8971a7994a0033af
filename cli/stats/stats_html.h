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

// Tables: all figures of a group beside the earlier period; a row a group, whose year-on-year changes open to
// the earlier entries; durations with conversions; refusals. Where figures count simulated entries, each
// table and chart says so in its caption.
std::string TotalTable(const v1::Statistics& statistics, const Period& period);
std::string GroupTable(const v1::StatisticsTable& table, bool simulated);
std::string WaysTable(const v1::StatisticsGroup& group, bool simulated);
std::string RefusalTable(const v1::StatisticsGroup& group, bool simulated);
// Both of every group in which something happened, to fold out; empty if there is none.
std::string GroupDetails(const v1::StatisticsTable& table, bool simulated, bool open);
// Signed amounts as bars, the group's own words beside them.
std::string AmountChart(const v1::StatisticsTable& table, bool simulated);

std::string StatisticsHtml(const v1::Statistics& statistics, const Period& period, const std::string& scope);

}  // namespace dongxi::cli
