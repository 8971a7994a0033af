// One page of a list of the catalogue. Any thread.
#pragma once

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
  std::string last_id;  // of the last record read, shown or not
  bool more = false;    // records may follow
};

// What the caller may see of the kind and passes the filter. Cancelled when he went away.
absl::StatusOr<RecordPage> ReadPage(const CatalogueReader& catalogue, RecordKind kind, const ListCall& call,
                                    const Caller& caller, const std::function<bool()>& cancelled);

}  // namespace dongxi
