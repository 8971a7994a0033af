// Exposure of a report's lists: caps for institutions and provinces, floors for counties, over all its needs.
#pragma once

#include "cli/commands.h"
#include "report/model.h"

namespace dongxi::cli {

// Candidates that are asked for beyond `top` when the lists are balanced, so that a cap has something to fall
// back on.
inline constexpr int kExposureReserve = 3;  // times top

// True if the options limit anything.
bool BalancesExposure(const ReportOptions& options);

// Chooses, list by list (partners, experts, results), which adequate entries stay; then cuts every list to
// `options.top` entries, near misses last. The limits count adequate entries of one kind of list over the
// report; an institution counts as an owner where it is the candidate or the first institution behind it, a
// county by the need's region code. What it did and what it cost is appended to `report->options`, in
// Chinese. Does nothing unless BalancesExposure(options).
void BalanceExposure(const ReportOptions& options, report::MatchReport* report);

}  // namespace dongxi::cli
