// dongxi-indexer train.
#pragma once

#include <cstdint>
#include <string>

#include "indexer/command/command.h"

namespace dongxi {

struct TrainCommandOptions {
  std::string recipe;  // this with `inputs`, or `data` with `base`
  std::string inputs;
  std::string data;
  std::string base;
  std::string out;
  std::string lexicon;
  std::string checkpoint;
  uint32_t steps = 0;  // 0: the recipe's, or by the size of the catalogue
  int threads = 0;     // 0: all
  bool accept_anyway = false;
};

int RunTrain(const TrainCommandOptions& options, const CommandOutput& output);

}  // namespace dongxi
