// dongxi-indexer verify: the current generation, the catalogue and what is kept for replay; or one
// generation. The audit log is checked by dongxi-server audit verify.
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
