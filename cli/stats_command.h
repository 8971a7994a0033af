// dongxi stats: figures of the ledger, the evaluation report, gaps, the entries behind a figure, P(signed).
#pragma once

#include <string>
#include <vector>

#include "cli/client.h"
#include "cli/io.h"

namespace CLI {
class App;
}

namespace dongxi::cli {

struct StatsOptions {
  std::string period;  // empty: the current year in China
  std::string region, offer_region, channel, task, field, mode;
  std::string simulated = "exclude";  // exclude, include, only
  std::vector<std::string> by;        // words of dimensions; empty: 任务
  std::string counties;               // file of codes that should have been served
  bool no_compare = false;
  bool json = false, csv = false;
  std::string xlsx, html;
  std::string out, office, date;  // of report; no date: today in China
  bool with_gaps = false;
  std::string compare;  // of gaps
  int top = 50;
  std::string figure, key, to, reason;  // of open
  bool began = false, duration = false;
  CLI::App *stats = nullptr, *report = nullptr, *gaps = nullptr, *open = nullptr, *signing = nullptr;
};

CLI::App* AddStatsCommand(CLI::App& app, StatsOptions& options);
int RunStats(const ConnectionOptions& connection, const StatsOptions& options, const Io& io);

}  // namespace dongxi::cli
