#include "server/catalogue_records.h"

#include "engine/base/status_macros.h"
#include "server/grpc_status.h"

namespace dongxi {

absl::StatusOr<Record> CatalogueRecords::Get(const RecordName& name) const {
  DX_ASSIGN_OR_RETURN(std::vector<std::optional<Record>> records, GetMany({&name, 1}));
  if (!records.front().has_value()) return NoSuchRecord(name);
  return *std::move(records.front());
}

absl::Status NoSuchRecord(const RecordName& name) {
  return WithReason(
      absl::NotFoundError(ResourceName(name.kind, name.id) + ": no such record in the catalogue"),
      "RECORD_NOT_FOUND");
}

}  // namespace dongxi
