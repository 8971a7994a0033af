// Tables as a spreadsheet: a sheet each, frozen headers, filters, column widths, real numbers and
// percentages. Any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "report/tables.h"

namespace dongxi::report {

// Writes `file` anew. `created_s`, seconds since 1970, is the time that the file says it was made (0: the
// year 2000): the same tables and time give the same bytes. Texts are written as texts, never as formulas or
// links; one longer than 32,767 characters is cut and ends with "…". Errors: InvalidArgument for a table of
// more than 1,048,575 rows; Internal if the file cannot be written. `stop`, which may be null, is asked every
// few hundred rows until all are there and only the packing is left: Cancelled once it says yes, and no file.
absl::Status WriteXlsx(const std::vector<Table>& tables, int64_t created_s, const std::filesystem::path& file,
                       const std::function<bool()>& stop = nullptr);

}  // namespace dongxi::report
