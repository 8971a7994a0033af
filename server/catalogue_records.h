// The catalogue as the matcher reads it for one caller.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/match/matcher.h"
#include "server/call_gate.h"
#include "store/catalogue.h"

namespace dongxi {

// The least open records that the caller may see in an answer.
inline Disclosure DisclosureFor(const Caller& caller) {
  return caller.trusted ? Disclosure::kOrganiser : Disclosure::kPublic;
}
inline bool MaySee(const Caller& caller, const Record& record) {
  return record.disclosure <= DisclosureFor(caller);
}

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
      if (record && !MaySee(caller_, *record)) record.reset();
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
