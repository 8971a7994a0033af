// A test collection out of engagements: what was known before a day, and what came after it as queries with
// grades. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/judge/engagements.h"
#include "bench/judge/leaks.h"
#include "bench/quality/qrels.h"

namespace dongxi::bench {

struct TimeSplit {
  std::vector<Engagement> history;  // before the day, in the file's order
  std::vector<Engagement> after;    // on the day and later
  Qrels qrels;                      // of `after`: the highest grade of a pair's steps
  std::vector<Leak> leaks;          // pairs, needs, documents
};

// `before` is YYYY-MM-DD. InvalidArgument if no engagement stands on one of the two sides.
absl::StatusOr<TimeSplit> SplitByTime(std::vector<Engagement> engagements, std::string_view before,
                                      const NeedTexts& needs, const std::vector<LateDocument>& late);

// Takes the leaking queries out of `after` and `qrels`; returns them. InvalidArgument if none would be left.
absl::StatusOr<std::set<std::string>> DropLeakingQueries(TimeSplit& split);

// The leaks as the lines of a message: the first 20 and how many more.
std::string LeakLines(const std::vector<Leak>& leaks);

}  // namespace dongxi::bench
