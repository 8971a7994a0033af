// One page of a list of the catalogue. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/caller.h"
#include "server/catalogue_convert.h"
#include "store/catalogue.h"

namespace dongxi {

// One page, read in order of id.
struct RecordPage {
  std::vector<Record> records;
  std::string last_id;  // of the last record read that the caller may see, shown or not; none: empty
  bool more = false;    // records may follow; false if last_id is empty
};

// Bytes of the records of one page, at most, unless the first is longer: a client takes answers of 4 MiB.
inline constexpr size_t kPageBytesMax = size_t{3} << 20;

// What the caller may see of the kind and passes the filter. A page ends before its limit where its records
// would be longer than kPageBytesMax. Of the deleted ones (ListCall.show_deleted) those that can be undeleted
// at `now_us`. Cancelled when he went away. REQUIRES with show_deleted: a reader of one moment
// (Catalogue::Snapshot), else a record that is deleted meanwhile comes twice or not at all.
absl::StatusOr<RecordPage> ReadPage(const CatalogueReader& catalogue, RecordKind kind, const ListCall& call,
                                    const Caller& caller, int64_t now_us,
                                    const std::function<bool()>& cancelled);

}  // namespace dongxi
