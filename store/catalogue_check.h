// Reading a whole catalogue to find damage: what dongxi admin verify and dongxi-indexer verify do of it. Any
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "store/catalogue.h"

namespace dongxi {

struct CatalogueCheck {
  uint64_t records = 0;               // live ones that were read
  std::vector<std::string> problems;  // what, where and the remedy; empty: all is well
};

// How the check is watched and ended. Both may be null.
struct CatalogueCheckWatch {
  std::function<void(double fraction)> progress;
  std::function<bool()> cancelled;
};

// Reads every record (and counts them), every deleted one, every kept version, the change log and all tables,
// and every block of the data files. Does not look into the values of tables. Cancelled.
absl::StatusOr<CatalogueCheck> CheckCatalogue(const CatalogueReader& catalogue,
                                              const CatalogueCheckWatch& watch);

}  // namespace dongxi
