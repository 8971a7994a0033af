// From files of the people who know to records of the catalogue: JSONL, CSV and XLSX, checked row by row.
// See docs/import.md for what a user sees. Knows no storage and no network: the caller's sink stores.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/record/field_schema.h"
#include "engine/record/record.h"
#include "indexer/import/report.h"
#include "indexer/import/table.h"
#include "indexer/import/text_encoding.h"

namespace dongxi {

struct ImportOptions {
  // Of all rows. Unset: the sheet's name, a `kind` column or key, the file's name, in this order.
  std::optional<RecordKind> kind;
  std::string kind_from = "--kind";  // the option that said `kind`, for messages
  // With `kind`, sheets that are named of another kind are read, too: somebody's 科研机构 may hold needs.
  // Only a sheet that bears just the name of another kind beside one named of this kind is left out, as in a
  // workbook of all kinds.
  bool any_sheet = false;
  // Import the known columns of a file that also has unknown ones; by default nothing of such a file is
  // imported.
  bool ignore_unknown_columns = false;
  // Rows without an id get one that depends on kind, title and institution (first owner) only.
  bool generate_ids = false;
  // Where that gives two rows the same id, the second gets "-2" behind it, and so on.
  bool number_equal_ids = false;
  // Of CSV and JSONL without a byte order mark. Unset: recognised for CSV, UTF-8 for JSONL.
  std::optional<TextEncoding> encoding;
};

// Takes a valid record. InvalidArgument refuses this row and becomes its problem; any other error ends the
// import.
using RecordSink = std::function<absl::Status(Record record, const SourcePlace& place)>;

// Reads `files` in order and gives every valid record to `sink`, in the order of the rows; ids are unique a
// kind over all files. What is wrong with files and rows, unreadable files included, is in the report, not in
// the status. Memory is bounded by the limits in docs/import.md, not by the number of rows, but for 100 bytes
// an id. Errors: InvalidArgument if `files` is empty; the sink's error, with the place in front.
absl::StatusOr<ImportReport> ReadRecords(const std::vector<std::filesystem::path>& files,
                                         const ImportOptions& options, const ImportVocabulary& vocabulary,
                                         const RecordSink& sink);

}  // namespace dongxi
