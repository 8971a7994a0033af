// JSON Lines: one object a line, values are strings, numbers, booleans, null or arrays of those.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "indexer/import/table.h"

namespace dongxi {

// Reads line by line; blank lines are counted but not sent. A line over kRowBytesMax, not UTF-8, no JSON
// object, or has a key twice, a nested object or a string over kCellBytesMax becomes a row with complaints;
// the next line is read all the same. Keys that start with '_' are left out. Returns the sink's error only.
absl::Status ReadJsonLines(std::string_view text, const std::string& file, const SourceSink& sink);

}  // namespace dongxi
