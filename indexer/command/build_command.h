// dongxi-indexer build.
#pragma once

#include <string>

#include "indexer/command/command.h"

namespace dongxi {

struct BuildCommandOptions {
  std::string data;
  std::string lexicon;
  std::string policy;
  std::string model;
  int dim = 128;
  int threads = 0;
  int keep = 2;
  bool force = false;
  std::string embedding_url;
  std::string embedding_model;
  std::string embedding_key_env = "DONGXI_EMBEDDING_KEY";
};

int RunBuild(const BuildCommandOptions& options, const CommandOutput& output);

}  // namespace dongxi
