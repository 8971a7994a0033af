// dongxi-indexer inspect and export: what is in the catalogue and in a generation.
#pragma once

#include <string>

#include "engine/record/record.h"
#include "indexer/command/command.h"

namespace dongxi {

struct InspectCommandOptions {
  std::string data;
  std::string generation;  // empty: the current one
  std::string record;      // resource name; empty: an overview
};

int RunInspect(const InspectCommandOptions& options, const CommandOutput& output);

struct ExportCommandOptions {
  std::string data;
  RecordKind kind = RecordKind::kResult;
};

// All records of a kind as JSONL, as import reads them.
int RunExport(const ExportCommandOptions& options, const CommandOutput& output);

}  // namespace dongxi
