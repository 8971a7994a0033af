// dongxi-indexer import.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/record/record.h"
#include "indexer/command/command.h"
#include "indexer/command/import_target.h"
#include "indexer/import/importer.h"

namespace dongxi {

struct ImportCommandOptions {
  std::string data;
  std::vector<std::string> files;
  std::string policy;  // folder of the policy tables: region names and cooperation modes
  std::string errors;  // CSV file for the error report; empty: none
  bool dry_run = false;
  bool all_or_nothing = false;
  ServerConnection server;  // address empty: the catalogue in `data`
  ImportOptions reading;
};

int RunImport(const ImportCommandOptions& options, const CommandOutput& output);

}  // namespace dongxi
