// Rounds of dongxi-bench crash: the server is killed at a random moment while it writes, builds and swaps.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

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

// What follows works on copies of `options.data`, which RunCrashRounds has filled, beside it.

// Disk full, a folder that cannot be written, a disk that turns read-only, a flipped bit in every kind of
// file, a backup restored into an empty folder. Adds the figures with their bars.
absl::Status RunCrashFaults(const CrashOptions& options, Report& report);

// A disk that turns read-only under a running server (crash_disk.cc); where this machine cannot do that, the
// report says that it was not tried, and why.
absl::Status RunReadOnlyDisk(const CrashOptions& options, Report& report);

// Flipped bits in one file of each kind (crash_bits.cc).
absl::Status RunFlippedBits(const CrashOptions& options, Report& report);

// A fresh copy of the data beside it, named `name`.
std::filesystem::path CrashCopy(const CrashOptions& options, const std::string& name);
// Where programs print to.
std::filesystem::path CrashLog(const CrashOptions& options);
// Runs a program to its end; its exit code.
absl::StatusOr<int> RunToEnd(std::vector<std::string> words, const std::filesystem::path& log);
// Exit code of dongxi-server audit verify.
absl::StatusOr<int> VerifyAuditOf(const CrashOptions& options, const std::filesystem::path& data);

// dongxi-indexer build on the folder, with a small model. Exit code of the program, or its error.
absl::StatusOr<std::unique_ptr<ChildProcess>> StartBuild(const CrashOptions& options);

}  // namespace dongxi::bench
