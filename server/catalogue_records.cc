#include "server/catalogue_records.h"

#include "engine/base/status_macros.h"
#include "server/grpc_status.h"

namespace dongxi {

absl::StatusOr<std::vector<std::optional<Record>>> CatalogueRecords::GetMany(
    std::span<const RecordName> names) const {
  absl::StatusOr<std::vector<std::optional<Record>>> records =
      sequence_ ? catalogue_.GetManyAt(names, *sequence_) : catalogue_.GetMany(names);
  if (!records.ok()) return records;
  if (visible_at_ && visible_at_ != sequence_) {
    DX_ASSIGN_OR_RETURN(const auto later, catalogue_.GetManyAt(names, *visible_at_));
    for (size_t i = 0; i < names.size(); ++i) {
      if (!later[i] || !MaySee(caller_.viewer, *later[i])) (*records)[i].reset();
    }
  }
  for (std::optional<Record>& record : *records) {
    if (record && !MaySee(caller_.viewer, *record)) record.reset();
    if (record) caller_.Showed(*record);
  }
  return records;
}

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
