// Finds the header among the first rows of a table, below whatever titles stand above it. Pure functions; any
// thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record/record.h"
#include "indexer/import/table.h"

namespace dongxi {

inline constexpr uint64_t kHeaderRowsMax = 20;  // the header is one of the first 20 rows

enum class ColumnMeaning { kField, kKind, kContact, kRowNumber, kUnknown };

// What a header means for a kind; with no kind, for any of them.
ColumnMeaning MeaningOf(std::optional<RecordKind> kind, std::string_view header);

// 机构, institutions, institution, Institution …
std::optional<RecordKind> KindOfWord(std::string_view word);
// The kind that a sheet's or file's name speaks of: 机构名单, needs-2027. Nothing if none or several.
std::optional<RecordKind> KindOfName(std::string_view name);

struct HeaderRow {
  uint64_t row = 0;                // the first row of the header
  uint64_t last_row = 0;           // more than `row` if cells of the header are merged downwards
  std::vector<std::string> names;  // by column; "" where there is no header
  size_t recognised = 0;           // how many names are known
};

// A merged range of cells, inclusive; columns from 0.
struct MergedRange {
  uint64_t first_row = 0;
  uint64_t last_row = 0;
  size_t first_column = 0;
  size_t last_column = 0;
};

// The first of `rows` up to row kHeaderRowsMax in which at least two cells, and the id or title among them,
// are known.
std::optional<HeaderRow> FindHeader(std::span<const GridRow> rows, std::optional<RecordKind> kind,
                                    std::span<const MergedRange> merges = {});

// Up to three headers of the kind that are most like `header`, the likest first.
std::vector<std::string> NearestHeaders(std::optional<RecordKind> kind, std::string_view header);

}  // namespace dongxi
