// Parties and candidate pairs from a match report's JSON. What is kept of it while it is read, and no more:
//   {"needs": [{"need": {"id", "title", "institution", "institution_name", "region", "region_name",
//                        "illustrative"},
//               "match_id",
//               "partners" | "experts" | "results": [{"id", "name" | "title", "institutions": […], "region",
//                                                     "region_name", "adequacy", "adequate", "barred",
//                                                     "score", "reasons": […],
//                                                     "pair_history": {"state": "cool_down" | "extend"}}]}]}
// docs/planning.md says what becomes of it. Any thread.
#pragma once

#include <istream>

#include "absl/status/statusor.h"
#include "engine/plan/event_tables.h"

namespace dongxi::cli {

struct ReportChoice {
  bool near_misses = false;  // take entries that are not adequate too, with 接近 in the reason
};

// Adds to `tables`: a party for each need with an institution's name where it has one, a party for each
// institution and expert named in its lists (results count for their institutions), and pairs with the best
// adequacy as score. Entries that are barred are never taken, near misses only where `choice` wants them. A
// pair is one to extend (以往 延续) if any of its entries is, and cools down (冷却) if the party itself does
// with the need, or the result that the pair stands for. Parties and pairs that are there already stay as
// they are; a row whose record (目录名称) the report names is that party, whatever its id.
//
// So that nobody is in two places: an expert's member is his name, with #id if the report has two of that
// name; the needs of one institution and its own offers have the same people: those that its row names, else
// 代表#institution, which a row without members is given. An institution does not meet itself. A need of a
// county (county.h) is protected. Errors, with `tables` as they were: InvalidArgument; Internal if `json`
// cannot be read to its end.
absl::Status AddReport(std::istream& json, plan::EventTables* tables, const ReportChoice& choice = {});

}  // namespace dongxi::cli
