// A report that a test writes down, as AddReport reads one of a file.
#pragma once

#include <sstream>
#include <string>

#include "cli/plan/report_pairs.h"

namespace dongxi::cli {

inline absl::Status AddReportText(const std::string& json, plan::EventTables* tables,
                                  const ReportChoice& choice = {}) {
  std::istringstream in(json);
  return AddReport(in, tables, choice);
}

}  // namespace dongxi::cli
