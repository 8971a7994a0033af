// The catalogue as the matcher reads it for one caller.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/match/matcher.h"
#include "engine/record/viewer.h"
#include "server/caller.h"
#include "store/catalogue.h"

namespace dongxi {

// Any thread. `catalogue` outlives it.
class CatalogueRecords : public RecordSource {
 public:
  CatalogueRecords(const CatalogueReader& catalogue, const Caller& caller)
      : catalogue_(catalogue), caller_(caller) {}

  // A record that the caller may not see is as absent as one that is not there.
  absl::StatusOr<std::vector<std::optional<Record>>> GetMany(
      std::span<const RecordName> names) const override {
    absl::StatusOr<std::vector<std::optional<Record>>> records = catalogue_.GetMany(names);
    if (!records.ok()) return records;
    for (std::optional<Record>& record : *records) {
      if (record && !MaySee(caller_.viewer, *record)) record.reset();
    }
    return records;
  }

  // NotFound names the record.
  absl::StatusOr<Record> Get(const RecordName& name) const;

 private:
  const CatalogueReader& catalogue_;
  const Caller caller_;
};

}  // namespace dongxi
