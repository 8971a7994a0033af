// The command line of dongxi-indexer.
#pragma once

#include <filesystem>
#include <ostream>
#include <string>

#include "absl/status/status.h"

namespace dongxi {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

// Where a command prints: data to `out`, messages to `err`.
struct CommandOutput {
  std::ostream& out;
  std::ostream& err;
  bool err_is_terminal = false;
};

// Runs the program; returns its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
int RunIndexer(int argc, const char* const* argv, const CommandOutput& output);

// The folders inside a data directory.
std::filesystem::path CatalogueFolder(const std::string& data);
std::filesystem::path GenerationsFolder(const std::string& data);

// The program's own tables: $DONGXI_DATA, else share/dongxi/data of the installation that the program stands
// in, else where they were at build time.
std::string ProgramData(const std::string& folder);

// Prints "dongxi-indexer <command>: <message>" and returns the exit code for `status`.
int Fail(const CommandOutput& output, const std::string& command, const absl::Status& status);

}  // namespace dongxi
