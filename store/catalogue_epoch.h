// Which line of writes a catalogue is on. A restored backup gives the sequence numbers after its own to other
// writes than the catalogue that it was taken of, so that a number alone does not say which write is meant:
// an epoch and a number do. Kept in the table of settings (docs/format/catalogue.md). Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "store/catalogue.h"

namespace dongxi {

// The catalogue's own epoch; empty: it was never restored from a backup.
absl::StatusOr<std::string> EpochOf(const CatalogueReader& catalogue);

// Up to which sequence the numbers of `epoch` are this catalogue's: sequence() of its own epoch, that of the
// backup of one that it was restored from, 0 of one that it knows nothing of.
absl::StatusOr<uint64_t> SharedWithEpoch(const CatalogueReader& catalogue, const std::string& epoch);

// What begins a new epoch after all that is written, with a name of its own. To be written before any record.
absl::StatusOr<std::vector<TablePut>> BeginEpoch(const CatalogueReader& catalogue);

}  // namespace dongxi
