// Who is shown: how much of a collection the top ranks reach, how evenly, and how varied one list is. Pure
// functions; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/quality/run_file.h"

namespace dongxi::bench {

using ExposureOf = std::map<std::string, double>;                 // document or group -> exposure
using GroupOf = std::map<std::string, std::string, std::less<>>;  // document -> region, institution ...

// Each of `documents` (all that could be shown, in any order) with the sum of 1/log2(rank + 1) over the
// places it takes among the first `cutoff` of each query's list (0: the whole list); 0 if it is never shown.
// InvalidArgument: `documents` is empty, or the run names a document that is not among them.
absl::StatusOr<ExposureOf> DocumentExposure(const SystemRun& run, const std::vector<std::string>& documents,
                                            size_t cutoff);

// The documents' exposure summed by group; every group of `group_of` appears. Documents that it lacks are
// left out.
ExposureOf GroupExposure(const ExposureOf& documents, const GroupOf& group_of);

struct ExposureSummary {
  size_t items = 0;     // documents or groups
  size_t shown = 0;     // with exposure above 0
  double coverage = 0;  // shown / items
  double gini = 0;      // 0: all alike; towards 1: few have all of it; 0 if nothing is shown
  double minimum = 0;
  double maximum = 0;
  double mean = 0;
};
ExposureSummary Summarise(const ExposureOf& exposure);

// Gini coefficient: mean absolute difference of all pairs over twice the mean. 0 if the sum is 0. REQUIRES:
// no negative value.
double Gini(std::vector<double> values);

// The mean over queries of 1 - similarity, averaged over all pairs of the first `cutoff` documents. Queries
// with fewer than two documents are left out; 0 if none is left. `similarity` gets document names; 1 is the
// same.
double IntraListDiversity(
    const SystemRun& run, size_t cutoff,
    const std::function<double(const std::string& first, const std::string& second)>& similarity);

}  // namespace dongxi::bench
