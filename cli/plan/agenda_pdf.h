// Printable pages (A4): one for each party, one or more for each table. Text can be extracted; the same bytes
// every time.
#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "engine/plan/plan_file.h"

namespace dongxi::cli {

// A page a party, in the event's order, with bookmarks, and further ones where its type would be too small to
// read. Long texts are cut with …, never the page.
// Errors: FailedPrecondition with the remedy if no Chinese font is installed; those of writing the file.
absl::Status WriteAgendaPdf(const plan::PlanFile& plan, const std::filesystem::path& file);
// A page a table, with both parties of each meeting, and further ones where its type would be too small to
// read; REQUIRES: the event has tables.
absl::Status WriteTablePdf(const plan::PlanFile& plan, const std::filesystem::path& file);

}  // namespace dongxi::cli
