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
  std::string profile;              // empty: the server's default
  std::string diversity;            // off, low, high or a number; empty: as the profile says
  std::vector<std::string> facets;  // region, field, maturity, mode, type
  bool broaden = false;
  int top = 10;
  bool json = false;
};

struct ExplainOptions {
  std::string need, text;  // exactly one
  std::string candidate;
  std::string region, filter, profile;
  int top = 10;
  bool json = false;
};

struct SimilarOptions {
  std::string need, result;  // exactly one
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

struct ReplayOptions {
  std::string match;  // id of an answer
  bool json = false;
};

struct ReportOptions {
  // Which needs: of these names, of a file, or of the catalogue (those that pass `need_filter`).
  std::vector<std::string> needs;
  std::string needs_file;               // XLSX, CSV or JSONL of needs that are not in the catalogue
  bool ignore_unknown_columns = false;  // of `needs_file`; else such a file is refused
  std::string need_filter;              // as ListNeedsRequest.filter
  // Which candidates, as in MatchRequest.
  std::vector<std::string> kinds, partner_regions;
  std::string filter;
  std::optional<double> policy_weight;
  int top = 5;
  // Limits of exposure over the whole report (report_exposure.h); 0: none.
  int institution_max = 0, province_max = 0, county_min = 0, expert_max = 0;
  int jobs = 2;  // calls at a time
  // What is written: a folder with everything, or single files.
  std::string folder;
  std::vector<std::string> formats;  // html, xlsx, pdf, json, csv; empty: all
  std::string out;                   // empty without a folder: dongxi-report.html
  std::string json_out;
  std::string title;
  std::string compare;  // JSON of an earlier report; with `job` its name "reports/…"
  bool brief = false;   // the pages in their short form
  bool no_idle = false;
  bool reproducible = false;  // no times and no match ids
  bool fresh = false;         // does not continue an interrupted report
  bool job = false;           // the server makes it (ReportService)
  bool detach = false;        // and nobody waits for it
};

struct ReportsOptions {
  std::string action;  // the subcommand's name
  std::string name;    // of a report or of the operation that makes it
  std::string folder;  // where `get` writes the files; empty: it only tells about the report
};

struct RecordOptions {
  std::string action;  // the subcommand's name
  std::string name;
  bool yes = false;  // asks nobody
};

struct AdminOptions {
  std::string action;  // the subcommand's name
  std::string name;    // of a generation, a backup or an operation
  std::string what;    // of reload: policy, ranking, model
  std::string filter;
  bool hold = false, force = false, build = false, no_wait = false;
  int keep = 0;
};

struct EngageOptions {
  std::string need, offer, step, reason, date, registration_number, match_id, note, actor, why;
  std::optional<double> amount_wan;
  std::vector<std::string> evidence;
  std::string from, to, region, offer_region, channel, task;
  bool whole_ledger = false, csv = false, jsonl = false;
  std::string file, errors, out;  // of import and template
  bool dry_run = false;
  CLI::App *record = nullptr, *list = nullptr, *pair = nullptr, *clear = nullptr, *import = nullptr,
           *template_ = nullptr;
};

struct WatchOptions {
  std::string need, offer, text, title, filter, name, cursor;
  std::vector<std::string> kinds;
  std::optional<double> min_adequacy;
  bool default_adequacy = false;  // of update: the system's threshold again
  int top = 50;
  CLI::App *add = nullptr, *list = nullptr, *update = nullptr, *remove = nullptr, *poll = nullptr,
           *stream = nullptr;
};

// Each adds its subcommand to `app`, bound to `options`, which must outlive the parsing.
CLI::App* AddMatchCommand(CLI::App& app, MatchOptions& options);
CLI::App* AddSearchCommand(CLI::App& app, SearchOptions& options);
CLI::App* AddExplainCommand(CLI::App& app, ExplainOptions& options);
CLI::App* AddSimilarCommand(CLI::App& app, SimilarOptions& options);
CLI::App* AddReplayCommand(CLI::App& app, ReplayOptions& options);
CLI::App* AddReportCommand(CLI::App& app, ReportOptions& options);
CLI::App* AddReportsCommand(CLI::App& app, ReportsOptions& options);
CLI::App* AddRecordCommand(CLI::App& app, RecordOptions& options);
CLI::App* AddAdminCommand(CLI::App& app, AdminOptions& options);
CLI::App* AddEngageCommand(CLI::App& app, EngageOptions& options);
CLI::App* AddWatchCommand(CLI::App& app, WatchOptions& options);

// Each runs its command and returns the exit code.
int RunMatch(const ConnectionOptions& connection, const MatchOptions& options, const Io& io);
int RunSearch(const ConnectionOptions& connection, const SearchOptions& options, const Io& io);
int RunExplain(const ConnectionOptions& connection, const ExplainOptions& options, const Io& io);
int RunSimilar(const ConnectionOptions& connection, const SimilarOptions& options, const Io& io);
int RunReplay(const ConnectionOptions& connection, const ReplayOptions& options, const Io& io);
int RunReport(const ConnectionOptions& connection, const ReportOptions& options, const Io& io);
int RunReports(const ConnectionOptions& connection, const ReportsOptions& options, const Io& io);
int RunRecord(const ConnectionOptions& connection, const RecordOptions& options, const Io& io);
int RunAdmin(const ConnectionOptions& connection, const AdminOptions& options, const Io& io);
int RunEngage(const ConnectionOptions& connection, const EngageOptions& options, const Io& io);
int RunWatch(const ConnectionOptions& connection, const WatchOptions& options, const Io& io);

// Prints the error for people and returns `exit_code`.
int Fail(const absl::Status& status, int exit_code, const Io& io);

}  // namespace dongxi::cli
