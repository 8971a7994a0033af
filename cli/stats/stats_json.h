// Statistics as JSON, for programs: numbers as numbers, absent values left out, keys in a fixed order. Pure
// functions; any thread.
#pragma once

#include "dongxi/v1/statistics.pb.h"
#include "report/json.h"

namespace dongxi::cli {

// entries, illustrative_entries, simulated_entries, … total, tables (dimension, groups), inactive_tasks,
// unserved_regions. A group: key, label, needs, figures (by code: shown … signed_recommended; each entries,
// pairs, needs, amount_wan, engagements), refusals, durations, conversions, earlier (needs, figures).
report::Json StatisticsToJson(const v1::Statistics& statistics);
report::Json SigningToJson(const v1::SigningEstimate& estimate);

}  // namespace dongxi::cli
