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

// The score that stands in a run for an entry listed behind one of `before`: its own, or the next smaller
// number if that is not smaller. Lists are made in layers, and what is barred stands last whatever its score;
// scorers sort by score and must see the order of the list.
double ScoreBehind(double before, double score);

// The lines of one query; ranks from 1 in the order of `entries`. InvalidArgument: a name that holds white
// space (the format has no quoting), a score that is no number, or an entry that scores higher than the one
// before it (scorers sort by score and would see another order).
absl::StatusOr<std::string> RunLines(const std::string& query, const std::vector<RunEntry>& entries,
                                     const std::string& tag);

}  // namespace dongxi::bench
