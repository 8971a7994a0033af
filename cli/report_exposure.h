// Exposure of a report's lists as the options say it (report/exposure_balance.h).
#pragma once

#include "cli/commands.h"
#include "report/exposure_balance.h"
#include "report/model.h"

namespace dongxi::cli {

report::ExposureLimits ExposureLimitsOf(const ReportOptions& options);

// True if the options limit anything.
bool BalancesExposure(const ReportOptions& options);

// As report::BalanceExposure, with lists of `options.top`.
void BalanceExposure(const ReportOptions& options, report::MatchReport* report);

}  // namespace dongxi::cli
