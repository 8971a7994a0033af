// Recording the rows of a ledger file through the server. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/client.h"
#include "cli/ledger_file.h"

namespace dongxi::cli {

struct LedgerImport {
  uint64_t created = 0;
  uint64_t unchanged = 0;             // recorded before, by this or another import
  std::vector<std::string> warnings;  // what the server takes and finds odd, with its place, in Chinese
};

// Sends the items of `file` and adds what the server refuses to its report; accepted and rejected are counted
// there. Rows of one pair go in the order of its steps, whatever their order in the file, refusals before the
// contracts of later days. Every row has a request id made from what it says: a row sent again has no second
// effect, even if its entry was withdrawn since. Rows that name entries are compared with the ledger first
// (ledger_known.h). With `dry_run` nothing is recorded. An error that concerns every row is returned; what
// was recorded before it stays, and the import can be repeated.
absl::Status RecordLedger(const Client& client, bool dry_run, LedgerFile* file, LedgerImport* done);

}  // namespace dongxi::cli
