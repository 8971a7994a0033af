// Rounds of dongxi-bench crash: the server is killed at a random moment while it writes, builds and swaps.
#pragma once

#include <cstdint>
#include <filesystem>

#include "absl/status/statusor.h"
#include "bench/crash_server.h"
#include "bench/report.h"

namespace dongxi::bench {

struct CrashOptions {
  CrashPrograms programs;
  std::filesystem::path data;  // empty folder
  int rounds = 200;
  uint64_t seed = 7;
  int life_ms_max = 400;  // from the first answer to the kill, at most
};

// Runs the rounds; adds the figures (lost and half-written things have bars of 0) to `report`. Errors: a
// program is missing, or the server does not come back.
absl::Status RunCrashRounds(const CrashOptions& options, Report& report);

// Disk full, a folder that cannot be written, and a flipped bit in every kind of file of `options.data`,
// which RunCrashRounds has filled.
absl::Status RunCrashFaults(const CrashOptions& options, Report& report);

// dongxi-indexer build on the folder, with a small model. Exit code of the program, or its error.
absl::StatusOr<std::unique_ptr<ChildProcess>> StartBuild(const CrashOptions& options);

}  // namespace dongxi::bench
