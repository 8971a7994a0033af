#include "cli/report_exposure.h"

namespace dongxi::cli {

report::ExposureLimits ExposureLimitsOf(const ReportOptions& options) {
  return {options.institution_max, options.province_max, options.county_min, options.expert_max};
}

bool BalancesExposure(const ReportOptions& options) { return ExposureLimitsOf(options).any(); }

void BalanceExposure(const ReportOptions& options, report::MatchReport* report) {
  report::BalanceExposure(ExposureLimitsOf(options), options.top, report);
}

}  // namespace dongxi::cli
