// dongxi plan: meeting planning. From files to a folder of files without a server, or (with --server) as
// plans that a server keeps.
#pragma once

#include <string>
#include <vector>

#include "cli/client.h"
#include "cli/io.h"

namespace CLI {
class App;
}

namespace dongxi::cli {

struct PlanOptions {
  CLI::App* make = nullptr;
  CLI::App* check = nullptr;
  CLI::App* show = nullptr;
  CLI::App* list = nullptr;
  CLI::App* replan = nullptr;
  CLI::App* state = nullptr;
  CLI::App* publish = nullptr;
  CLI::App* start = nullptr;
  CLI::App* close = nullptr;
  CLI::App* outcome = nullptr;
  CLI::App* outcomes = nullptr;
  CLI::App* template_ = nullptr;

  std::vector<std::string> inputs;
  std::string report, out;
  bool near_misses = false;  // of the report
  std::string plan;          // a folder, or with --server a name such as plans/p-…
  bool force = false;
  double fair_percent = -1;
  std::string now;
  std::vector<std::string> no_shows, late, locks, cancelled;
  int changes_max = -1;
  bool preview = false;
  std::string to;
  std::string need, offer, result, reason, note, why;
  double amount_wan = 0;
};

CLI::App* AddPlanCommand(CLI::App& app, PlanOptions& options);
// `connection` null: --server was not given.
int RunPlan(const PlanOptions& options, const ConnectionOptions* connection, const Io& io);

}  // namespace dongxi::cli
