// The event's spreadsheet: read with the import's reader, written as a template or filled.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/plan/event_tables.h"

namespace dongxi::cli {

// Rows of the sheets whose names are those of plan::Sheets(); other sheets are for people and not read. A
// column that no sheet has is a warning, a column that stands twice and a cell that cannot be used are fatal
// problems. Errors: InvalidArgument for what is no XLSX or has none of the sheets.
absl::StatusOr<plan::EventTables> ReadEventXlsx(std::string_view bytes, std::vector<plan::Problem>* problems);

// All sheets with headers and a sheet 填写说明; `tables` fills them. Every cell is text: what starts with = +
// - @ stays what it is. The same bytes every time. Errors: Internal if the file cannot be written.
absl::Status WriteEventXlsx(const plan::EventTables& tables, const std::filesystem::path& file);

}  // namespace dongxi::cli
