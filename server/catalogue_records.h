// The catalogue as the matcher reads it for one caller, now or as it was.
#pragma once

#include <cstdint>
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
  // `sequence`: the records as they were then (CatalogueReader::GetManyAt); without one, as they are.
  // `visible_at`: only those that the caller may also see as they were at that later sequence.
  CatalogueRecords(const CatalogueReader& catalogue, const Caller& caller,
                   std::optional<uint64_t> sequence = std::nullopt,
                   std::optional<uint64_t> visible_at = std::nullopt)
      : catalogue_(catalogue), caller_(caller), sequence_(sequence), visible_at_(visible_at) {}

  // A record that the caller may not see is as absent as one that is not there; one that he sees and that is
  // not public is noted for the audit log.
  absl::StatusOr<std::vector<std::optional<Record>>> GetMany(
      std::span<const RecordName> names) const override;

  // NotFound names the record.
  absl::StatusOr<Record> Get(const RecordName& name) const;

 private:
  const CatalogueReader& catalogue_;
  const Caller caller_;
  const std::optional<uint64_t> sequence_, visible_at_;
};

// NotFound, as of a record that is not there: one message for both cases, so that a record's existence is not
// told to those who may not see it.
absl::Status NoSuchRecord(const RecordName& name);

}  // namespace dongxi
