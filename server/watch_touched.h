// Which candidates the writes of a window touched. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "engine/index/document_table.h"
#include "engine/record/record.h"
#include "engine/record/viewer.h"
#include "store/catalogue.h"

namespace dongxi {

// By resource name: the newest write that touched the candidate.
using Touched = std::map<std::string, uint64_t>;

// Candidates that their owners' writes touch, at most: where there are more, everything counts as touched, so
// that a poll has an end.
inline constexpr size_t kTouchedByOwnersMax = 10'000;

struct TouchedWindow {
  // The log does not reach back so far; the target changed, or an owner that decides over it; or owners touch
  // more than kTouchedByOwnersMax.
  bool everything = false;
  Touched candidates;  // touched in (from, until]; with their newest touch in (from, now]
};

struct TouchQuestion {
  uint64_t from = 0, until = 0;      // about the writes in (from, until]
  uint64_t now = 0;                  // seen from here; at least `until`
  std::optional<RecordName> target;  // the watched need or offer; none for a saved query
  bool offers = true;                // candidates are institutions, experts and results; otherwise needs
  Viewer viewer;                     // an owner that he sees neither before nor after touches nothing for him
};
// `documents`: the offers as they are served, which tell who owns what.
absl::StatusOr<TouchedWindow> TouchedIn(const CatalogueReader& catalogue, const DocumentTable& documents,
                                        const TouchQuestion& question);

}  // namespace dongxi
