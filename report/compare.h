// A report beside an earlier one: which needs are new, gone, newly matched, and whose lists changed. A need
// whose adequate entries limits of exposure took away is not told as one that found nothing, in either
// report. Where the two did not ask the same, lists that only one asked for and entries that only the longer
// lists have room for are left out, and Comparison.note says so. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "report/model.h"

namespace dongxi::report {

// `earlier_json` is what ReportToJson wrote; `earlier_name` is how the reader knows it. InvalidArgument names
// the file and what is missing in it.
absl::StatusOr<Comparison> Compare(const MatchReport& report, std::string_view earlier_json,
                                   const std::string& earlier_name);

}  // namespace dongxi::report
