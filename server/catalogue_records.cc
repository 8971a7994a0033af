#include "server/catalogue_records.h"

#include "server/grpc_status.h"

namespace dongxi {

absl::StatusOr<Record> CatalogueRecords::Get(const RecordName& name) const {
  absl::StatusOr<Record> record = catalogue_.Get(name.kind, name.id);
  if (!record.ok() && !absl::IsNotFound(record.status())) return record;
  // One message for both cases: that a record exists must not be told to those who may not see it.
  if (!record.ok() || !MaySee(caller_.viewer, *record)) {
    return WithReason(
        absl::NotFoundError(ResourceName(name.kind, name.id) + ": no such record in the catalogue"),
        "RECORD_NOT_FOUND");
  }
  return record;
}

}  // namespace dongxi
