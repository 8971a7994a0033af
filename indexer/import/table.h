// What readers hand on, row by row: grid rows (CSV, XLSX; header not yet known) and source rows (values by
// header). Nothing here keeps a whole file in memory. Plain data.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "indexer/import/complaint.h"

namespace dongxi {

inline constexpr size_t kCellBytesMax = size_t{1} << 20;  // a cell of CSV, a string of JSON
inline constexpr size_t kColumnsMax = 16'384;             // as in Excel; also keys of a JSON object
inline constexpr size_t kRowBytesMax = size_t{16} << 20;  // all cells of a row, a line of JSONL

// Where a row stands, as the user sees it: for CSV and XLSX the number that the spreadsheet program shows,
// for JSONL the line. Row 0 means the whole file or sheet.
struct SourcePlace {
  std::string file;
  std::string sheet;  // empty but for XLSX
  uint64_t row = 0;
  bool operator==(const SourcePlace&) const = default;
};

struct GridCell {
  size_t column = 0;  // from 0
  std::string text;
  bool is_date = false;                // the spreadsheet holds a date, `text` is ISO 8601
  std::optional<Complaint> complaint;  // why the cell cannot be used, if its column is
};

struct GridRow {
  uint64_t number = 0;  // from 1
  bool hidden = false;
  std::vector<GridCell> cells;        // by ascending column; empty cells may be missing
  std::vector<Complaint> complaints;  // about the row itself
};

// Gets the rows in order; returns false to end the reading early. An error ends it too and is returned by the
// reader.
using GridSink = std::function<absl::StatusOr<bool>(GridRow& row)>;

struct SourceValue {
  std::string_view header;         // the column's header or the JSON key; lives as long as the sink's call
  std::vector<std::string> items;  // one, or as many as the JSON array has
  bool is_array = false;           // items are not to be split again
  bool is_date = false;
  std::optional<Complaint> complaint;
};

struct SourceRow {
  SourcePlace place;
  std::vector<SourceValue> values;  // empty values may be missing
  std::vector<Complaint> complaints;
};

using SourceSink = std::function<absl::StatusOr<bool>(SourceRow& row)>;

// A, B, … Z, AA: the name that spreadsheet programs give to a column (from 0).
std::string ColumnLetters(size_t column);

}  // namespace dongxi
