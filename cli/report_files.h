// Writing a report: a folder with every format side by side, or single files.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/commands.h"
#include "cli/io.h"
#include "report/model.h"
#include "report/write_files.h"

namespace dongxi::cli {

// Words of --formats. InvalidArgument about a word that is no format.
absl::StatusOr<std::vector<report::Format>> ParseFormats(const std::vector<std::string>& words);

// The paths that a command prints for the files of a folder, whose names are within it: each file, and a
// folder within once.
std::vector<std::string> ShownPaths(const std::vector<std::string>& names, const std::string& folder);

// The error that writing --out or --json-out would end with, as far as it can be told before.
absl::Status CheckOutputs(const ReportOptions& options);

// Writes what `options` ask for, each file whole or not at all; the paths written, in order. How far a folder
// is written goes to `io.err`. Errors name the file.
absl::StatusOr<std::vector<std::string>> WriteReport(const report::MatchReport& report,
                                                     const ReportOptions& options, const Io& io);

}  // namespace dongxi::cli
