// Unmet needs of a region and idle offers: matches the needs of all regions through the server, gathers what
// no offer answers in the region, and what nobody needs anywhere (engine/statistics/gaps.h).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/client.h"
#include "cli/io.h"
#include "cli/stats/period.h"
#include "engine/statistics/gaps.h"
#include "report/json.h"
#include "report/tables.h"

namespace dongxi::cli {

struct GapsOptions {
  Period period;
  std::string region;   // of the unmet needs; empty: all
  std::string compare;  // JSON of an earlier run: its counts stand for the earlier period; empty: by days of
                        // registration
  int top = 50;         // entries of each list that are looked at
  int jobs = 2;
};

struct GapsReport {
  Gaps gaps;
  std::vector<AskedNeed> needs;
  std::vector<OfferedRecord> offers;
  std::string region;  // of the unmet needs; empty: all
  int top = 0;         // entries of each list that were looked at
  int failed = 0;      // needs that could not be matched; they are not counted
  bool illustrative = false;
  std::string earlier_label;
  std::vector<std::string> remarks;
};

// A need is open from its registration, or from its first entry of the ledger if that was before.
// Errors: those of the server; InvalidArgument for a file of --compare that is none of ours, or of another
// region or `top`.
absl::StatusOr<GapsReport> RunGaps(const Client& client, const GapsOptions& options, const Io& io);

// How many needs of the period nothing answers, and how many before: one sentence.
std::string UnmetSentence(const GapsReport& report);
// What is idle of each kind, and that needs of all regions were asked: one sentence.
std::string IdleSentence(const GapsReport& report);
// 指南方向建议, 闲置供给分布, 闲置供给.
std::vector<report::Table> GapsTables(const GapsReport& report);
report::Json GapsToJson(const GapsReport& report);
// Sections for a page.
std::string GapsSections(const GapsReport& report);

}  // namespace dongxi::cli
