// The elements in one text of a need, clause by clause. Private to engine/requirement. Pure functions; any
// thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "engine/requirement/elements.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

struct FoundElement {
  TextElementKind kind = TextElementKind::kMethod;
  size_t begin = 0, end = 0;  // characters of the text
};

struct ClauseOptions {
  bool title = false;         // what it says of more and less is the problem, not the effect wanted
  bool demands_only = false;  // only clauses that begin with a word of asking
};

// `text` is scanned (scan_text.h), ASCII in lower case. In order of begin, without overlaps of the same kind.
std::vector<FoundElement> FindElements(std::u32string_view text, const ClauseOptions& options,
                                       const RequirementTables& tables);

}  // namespace dongxi::requirement
