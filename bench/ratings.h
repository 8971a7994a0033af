// Experts' ratings of queries, as reviewer assignment collects them: how often does the engine order two
// queries of one expert as he did? Pure functions but for reading; any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/quality_engine.h"

namespace dongxi::bench {

struct Rating {
  std::string expert;
  std::string query;
  double value = 0;
};

// Lines "expert TAB query TAB rating" after a header line. Errors name file and line: InvalidArgument for
// another number of fields, a rating that is no finite number, a pair rated twice; no rating at all.
absl::StatusOr<std::vector<Rating>> ReadRatings(const std::filesystem::path& file);

// Of every expert all pairs of rated queries, weighted by the difference of the ratings: the share of the
// weight that the scores order as the ratings do, ties half (1 minus the loss of Stelmakh et al., arXiv
// 2303.16750). `score(expert, query)`.
struct OrderedShare {
  double share = 0;
  double weight = 0;  // of all pairs
};
OrderedShare ShareOrdered(const std::vector<Rating>& ratings,
                          const std::function<double(const std::string&, const std::string&)>& score);

// Prints the share over all experts with a 95 % bootstrap interval over experts, and writes it to `json`
// unless empty.
absl::Status ReportRatings(const std::vector<Rating>& ratings, const QualityRun& run,
                           const std::string& json);

}  // namespace dongxi::bench
