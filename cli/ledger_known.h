// Rows of a ledger file that name entries of the ledger, beside what it has of them. Any thread.
#pragma once

#include "absl/status/status.h"
#include "cli/client.h"
#include "cli/ledger_file.h"

namespace dongxi::cli {

// Of `file->known` counts what says the same as the ledger as untouched; a row whose id the ledger does not
// have (or the caller may not see), or that says something else, is a problem of the report and rejected
// there. What a sheet has no column for is not compared, nor is what the catalogue knows. Of `file->items`
// takes out, as problems, the corrections that would take the mark of sample or simulated data away: no
// correction does. One read of the whole ledger, and only if a row names an entry; an error is that of the
// read, nothing is counted then.
absl::Status CompareWithLedger(const Client& client, LedgerFile* file);

}  // namespace dongxi::cli
