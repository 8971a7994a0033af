// dongxi plan: meeting planning from files to a folder of files; needs no server.
#pragma once

#include <string>
#include <vector>

#include "cli/io.h"

namespace CLI {
class App;
}

namespace dongxi::cli {

struct PlanOptions {
  CLI::App* make = nullptr;
  CLI::App* check = nullptr;
  CLI::App* replan = nullptr;
  CLI::App* state = nullptr;
  CLI::App* outcome = nullptr;
  CLI::App* template_ = nullptr;

  std::vector<std::string> inputs;
  std::string report, out, folder;
  bool force = false;
  double fair_percent = -1;
  std::string now;
  std::vector<std::string> no_shows, late, locks;
  int changes_max = -1;
  std::string to;
  std::string need, offer, result, note;
};

CLI::App* AddPlanCommand(CLI::App& app, PlanOptions& options);
int RunPlan(const PlanOptions& options, const Io& io);

}  // namespace dongxi::cli
