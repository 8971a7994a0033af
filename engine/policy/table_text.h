// Tab-separated text with a header line: rows with their line numbers, and the kinds of cells that the tables
// share. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/policy/policy.h"

namespace dongxi {

// Names a place in every message: "pairings.tsv:12: ".
struct TablePlace {
  std::string_view file;
  int line = 0;
};
// "FILE:LINE: WHAT is "FOUND"; expected EXPECTED".
absl::Status TableError(TablePlace place, std::string_view what, std::string_view found,
                        std::string_view expected);

struct TableRow {
  int line = 0;
  std::vector<std::string_view> cells;  // views into the content
};

// The rows after the header, each with as many cells as `columns`. Empty lines and lines that begin with '#'
// are passed over; a byte order mark and carriage returns are dropped. Errors: InvalidArgument for invalid
// UTF-8, a header other than `columns`, another number of cells, an empty cell ('-' stands for nothing).
absl::StatusOr<std::vector<TableRow>> ParseTable(std::string_view file, std::string_view content,
                                                 const std::vector<std::string_view>& columns);

// "2021-01-01"; `to` may be "-": open.
absl::StatusOr<Validity> ParseValidity(TablePlace place, std::string_view from, std::string_view to);
// 2, 4 or 6 digits.
bool IsRegionCode(std::string_view text);
// All of `text` is a decimal number.
bool ParseNumber(std::string_view text, double& value);
// The items between '|'; none for "-".
std::vector<std::string> SplitWords(std::string_view cell);

}  // namespace dongxi
