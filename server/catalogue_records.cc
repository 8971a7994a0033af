#include "server/catalogue_records.h"

#include "engine/base/status_macros.h"
#include "server/grpc_status.h"

namespace dongxi {

absl::StatusOr<Record> CatalogueRecords::Get(const RecordName& name) const {
  DX_ASSIGN_OR_RETURN(std::vector<std::optional<Record>> records, GetMany({&name, 1}));
  // One message for both cases: that a record exists must not be told to those who may not see it.
  if (!records.front().has_value()) {
    return WithReason(
        absl::NotFoundError(ResourceName(name.kind, name.id) + ": no such record in the catalogue"),
        "RECORD_NOT_FOUND");
  }
  return *std::move(records.front());
}

}  // namespace dongxi
