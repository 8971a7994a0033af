// Runs `dongxi` in the process of a test.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "cli/cli.h"
#include "cli/io.h"

namespace dongxi::cli {

struct CliRun {
  int exit_code = 0;
  std::string out, err;
};

// As a shell would call `dongxi ARGUMENTS`, with standard output not a terminal. `keyboard`: what a person
// types when asked; null: nobody is there.
inline CliRun Dongxi(const std::vector<std::string>& arguments, std::istream* keyboard = nullptr) {
  std::vector<const char*> argv{"dongxi"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  std::ostringstream out, err;
  CliRun run;
  run.exit_code = RunCli(static_cast<int>(argv.size()), argv.data(), Io{out, err, 0, false, keyboard});
  run.out = out.str();
  run.err = err.str();
  return run;
}

}  // namespace dongxi::cli
