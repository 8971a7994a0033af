// The whole command line: parses, runs one command, prints. `dongxi --help` is its documentation.
#pragma once

#include "cli/io.h"

namespace dongxi::cli {

// Runs the command that the arguments name and returns its exit code. Never throws.
int RunCli(int argc, const char* const* argv, const Io& io);

}  // namespace dongxi::cli
