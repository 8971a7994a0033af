#include "server/catalogue_records.h"

#include "engine/base/status_macros.h"
#include "server/record_write.h"

namespace dongxi {

absl::StatusOr<Record> CatalogueRecords::Get(const RecordName& name) const {
  DX_ASSIGN_OR_RETURN(std::vector<std::optional<Record>> records, GetMany({&name, 1}));
  // One message for both cases: that a record exists must not be told to those who may not see it.
  if (!records.front().has_value()) {
    return NoSuchRecord(name);
  }
  return *std::move(records.front());
}

}  // namespace dongxi
