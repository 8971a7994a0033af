// Writing a report: a folder with every format side by side, or single files.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/commands.h"
#include "report/model.h"

namespace dongxi::cli {

// The formats of a folder, in order.
inline constexpr const char* kReportFormats[] = {"html", "xlsx", "pdf", "json", "csv"};

// InvalidArgument about a word that is no format.
absl::Status CheckFormats(const std::vector<std::string>& formats);

// Writes what `options` ask for, each file whole or not at all; the paths written, in order. Errors name the
// file.
absl::StatusOr<std::vector<std::string>> WriteReport(const report::MatchReport& report,
                                                     const ReportOptions& options);

}  // namespace dongxi::cli
