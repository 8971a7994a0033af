// dongxi-indexer verify.
#pragma once

#include <string>

#include "indexer/command/command.h"

namespace dongxi {

struct VerifyCommandOptions {
  std::string data;
  std::string generation;  // empty: the current one
};

int RunVerify(const VerifyCommandOptions& options, const CommandOutput& output);

}  // namespace dongxi
