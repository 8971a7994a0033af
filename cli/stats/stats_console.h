// What dongxi stats shows on the terminal. Any thread.
#pragma once

#include <string>

#include "cli/io.h"
#include "cli/stats/gaps_run.h"
#include "cli/stats/period.h"
#include "dongxi/v1/statistics.pb.h"

namespace dongxi::cli {

// A table of figures for the whole and for each dimension, below each its steps and its reasons of refusal,
// group by group; what nothing happened in is left out of the latter two.
void PrintStatistics(const v1::Statistics& statistics, const Period& period, const std::string& scope,
                     const Io& io);
void PrintGaps(const GapsReport& report, const Period& period, const Io& io);
// `last`: the last day that was looked at.
void PrintSigning(const v1::SigningEstimate& estimate, absl::CivilDay last, const std::string& scope,
                  const Io& io);

}  // namespace dongxi::cli
