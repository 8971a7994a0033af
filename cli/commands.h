// The commands, one .cc each: what their options say, and what runs them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/client.h"
#include "cli/io.h"

namespace CLI {
class App;
}

namespace dongxi::cli {

struct MatchOptions {
  std::string need, need_file, text, offer;  // exactly one
  std::string region;
  std::vector<std::string> partner_regions;
  std::vector<std::string> kinds;
  std::optional<double> policy_weight;
  std::string filter;
  int top = 10;
  bool json = false;
};

struct SearchOptions {
  std::string text;
  std::vector<std::string> kinds;
  std::string filter;
  int top = 10;
  bool json = false;
};

struct ReportOptions {
  // Which needs: of these names, of a file, or of the catalogue (those that pass `need_filter`).
  std::vector<std::string> needs;
  std::string needs_file;   // XLSX, CSV or JSONL of needs that are not in the catalogue
  std::string need_filter;  // as ListNeedsRequest.filter
  // Which candidates, as in MatchRequest.
  std::vector<std::string> kinds, partner_regions;
  std::string filter;
  std::optional<double> policy_weight;
  int top = 5;
  int jobs = 2;  // calls at a time
  // What is written: a folder with everything, or single files.
  std::string folder;
  std::vector<std::string> formats;  // html, xlsx, pdf, json, csv; empty: all
  std::string out;                   // empty without a folder: dongxi-report.html
  std::string json_out;
  std::string title;
  std::string compare;  // JSON of an earlier report
  bool no_idle = false;
  bool reproducible = false;  // no times and no match ids
  bool fresh = false;         // does not continue an interrupted report
};

// Each adds its subcommand to `app`, bound to `options`, which must outlive the parsing.
CLI::App* AddMatchCommand(CLI::App& app, MatchOptions& options);
CLI::App* AddSearchCommand(CLI::App& app, SearchOptions& options);
CLI::App* AddReportCommand(CLI::App& app, ReportOptions& options);

// Each runs its command and returns the exit code.
int RunMatch(const ConnectionOptions& connection, const MatchOptions& options, const Io& io);
int RunSearch(const ConnectionOptions& connection, const SearchOptions& options, const Io& io);
int RunReport(const ConnectionOptions& connection, const ReportOptions& options, const Io& io);

// Prints the error for people and returns `exit_code`.
int Fail(const absl::Status& status, int exit_code, const Io& io);

}  // namespace dongxi::cli
