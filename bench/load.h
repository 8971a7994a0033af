// Closed-loop load: a fixed number of callers, each sending its next call when the last one is answered.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/json_lines.h"
#include "bench/report.h"
#include "bench/statistics.h"

namespace dongxi::bench {

struct LoadResult {
  Spread milliseconds;
  double calls_per_second = 0;
};

// Makes `calls` calls from `callers` threads; `call(caller, number)` gets every number from 0 to calls - 1
// once. The first error of any call ends the run and is returned. REQUIRES: callers >= 1, calls >= 1.
absl::StatusOr<LoadResult> RunLoad(int callers, int calls,
                                   const std::function<absl::Status(int caller, int number)>& call);

struct GrpcLoadOptions {
  std::string server;  // HOST:PORT
  std::vector<int> callers = {1, 16};
  int calls = 1000;
};
// For each number of callers: the bare status call, then a match of all three lists for the queries in turn,
// both after a warm-up. Adds a section of figures to the report.
absl::Status MeasureGrpc(const GrpcLoadOptions& options, const std::vector<TextQuery>& queries,
                         Report& report);

}  // namespace dongxi::bench
