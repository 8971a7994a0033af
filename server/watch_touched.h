// Which candidates the writes of a window touched. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "engine/record/record.h"
#include "store/catalogue.h"

namespace dongxi {

// By resource name: the newest write that touched the candidate.
using Touched = std::map<std::string, uint64_t>;

struct TouchedWindow {
  bool everything = false;  // the log does not reach back so far, or the target itself changed
  Touched candidates;       // touched in (from, until]; with their newest touch in (from, now]
};

// What (from, until] touched, seen from `now` >= until. `target`: the watched need or offer; none for a saved
// query. `offers`: candidates are institutions, experts and results; otherwise needs.
absl::StatusOr<TouchedWindow> TouchedIn(const CatalogueReader& catalogue, uint64_t from, uint64_t until,
                                        uint64_t now, const std::optional<RecordName>& target, bool offers);

}  // namespace dongxi
