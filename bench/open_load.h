// Open-loop load: calls leave at a given rate, whether or not the last ones are answered, as those of many
// independent users do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/json_lines.h"

namespace dongxi::bench {

struct OpenLoadOptions {
  std::string server;  // HOST:PORT, plaintext
  double calls_per_second = 100;
  absl::Duration duration = absl::Seconds(5);
  absl::Duration deadline = absl::Seconds(2);  // of each call
  int connections = 4;
};

// What became of the calls; latencies in milliseconds, from the moment that a call left.
struct OpenLoadResult {
  std::vector<double> answered;  // OK
  std::vector<double> rejected;  // RESOURCE_EXHAUSTED
  uint64_t without_retry = 0;    // of the rejected: those without RetryInfo
  uint64_t late = 0;             // DEADLINE_EXCEEDED
  uint64_t failed = 0;           // any other code
  std::string failure;           // the first of those
  double seconds = 0;            // from the first call to the answer of the last
  double sending_seconds = 0;    // to the last call
  uint64_t sent = 0;

  // As if both loads had been one.
  void Add(const OpenLoadResult& other);
  // What was reached of the rate.
  double sent_per_second() const {
    return sending_seconds > 0 ? static_cast<double>(sent) / sending_seconds : 0;
  }
  double goodput() const { return seconds > 0 ? static_cast<double>(answered.size()) / seconds : 0; }
};

// Matches for the queries in turn. REQUIRES: queries not empty, rate and numbers positive.
OpenLoadResult RunOpenLoad(const OpenLoadOptions& options, const std::vector<TextQuery>& queries);

}  // namespace dongxi::bench
