// Parties and candidate pairs from a match report's JSON. What is read of it, and no more:
//   {"needs": [{"need": {"id", "title", "institution", "institution_name", "region_name", "illustrative"},
//               "partners" | "experts" | "results": [{"id", "kind", "name" | "title", "institutions": […],
//                                                     "region_name", "adequacy", "adequate", "score",
//                                                     "reasons": […],
//                                                     "pair_history": {"state": "cool_down" | "extend"}}]}]}
// docs/planning.md says what becomes of it. Pure; any thread.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "engine/plan/event_tables.h"

namespace dongxi::cli {

// Adds to `tables`: a party for each need with an institution's name where it has one, a party for each
// institution and expert named in its lists (results count for their institutions), and pairs with the best
// adequacy as score. A pair is one to extend (以往 延续) if any of its entries is, and cools down (冷却) if
// the party itself does with the need, or the result that the pair stands for. Parties and pairs that are
// there already stay as they are. Errors: InvalidArgument.
absl::Status AddReport(std::string_view json, plan::EventTables* tables);

}  // namespace dongxi::cli
