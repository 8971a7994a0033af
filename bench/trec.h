// TREC run files: "query Q0 document rank score tag", a line a document. Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace dongxi::bench {

struct RunEntry {
  std::string document;
  double score = 0;
};

// The lines of one query; ranks from 1 in the order of `entries`. InvalidArgument: a name that holds white
// space (the format has no quoting), a score that is no number, or an entry that scores higher than the one
// before it (scorers sort by score and would see another order).
absl::StatusOr<std::string> RunLines(const std::string& query, const std::vector<RunEntry>& entries,
                                     const std::string& tag);

}  // namespace dongxi::bench
