// The needs of a report: named, of a file, or of the catalogue.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/io.h"
#include "dongxi/v1/records.pb.h"

namespace dongxi::cli {

struct ReportNeed {
  v1::Need need;
  bool in_catalogue = true;  // else it is sent whole
  absl::Status problem;      // why it cannot be matched
};

// Needs of the spreadsheet, CSV or JSONL file --needs-file, in the order of its rows. InvalidArgument names
// each wrong row with its remedy: rows that are wrong end the report before anything is matched, for a need
// that is silently missing from a printed report is worse than one more run. What was left out of the file
// goes to `io.err`.
absl::StatusOr<std::vector<ReportNeed>> NeedsOfFile(const ReportOptions& options, const Io& io);

// In the order of the report. InvalidArgument for bad names and for a file with wrong rows, each of which the
// message names with its remedy; NotFound with the remedy if there is no need at all; errors of the server.
// One that asks to wait is waited for.
absl::StatusOr<std::vector<ReportNeed>> NeedsOfReport(const Client& client, const ReportOptions& options,
                                                      const Io& io);

}  // namespace dongxi::cli
