// Whether the tables beside the records hold what their keys promise: engagements, refusals, matches,
// requests, operations and watches. Checksums of blocks cannot tell (store/catalogue_check.h). Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "store/catalogue.h"

namespace dongxi {

// Adds a line for each key or value that cannot be read, and for each key of the ledger that leads to no
// entry or is missing for one. Ends early, without an error, when `cancelled` (may be null) says so.
void CheckTables(const CatalogueReader& catalogue, const std::function<bool()>& cancelled,
                 std::vector<std::string>* problems);

}  // namespace dongxi
