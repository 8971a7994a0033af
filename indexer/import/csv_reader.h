// RFC 4180 as Excel and WPS write it: quotes, line breaks in cells, any delimiter, any line ends.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "indexer/import/table.h"

namespace dongxi {

// Reads `utf8` (valid UTF-8) row by row. Blank rows are counted but not sent, as in a spreadsheet; a row that
// spans several lines is one row. A cell over kCellBytesMax, a row of over kColumnsMax cells or kRowBytesMax
// bytes or a quote that never ends become complaints of their row. Returns the sink's error only.
absl::Status ReadCsv(std::string_view utf8, char delimiter, const GridSink& sink);

}  // namespace dongxi
