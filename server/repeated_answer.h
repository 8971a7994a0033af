// What of the first answer of a write a repeat with its request_id shows (request_memory.h): the repeat may
// come by another token of the tenant, which sees less, and records may have been closed since. Any thread.
#pragma once

#include "absl/status/status.h"
#include "dongxi/v1/catalogue.pb.h"
#include "dongxi/v1/catalogue_bulk.pb.h"
#include "server/caller.h"
#include "store/catalogue.h"

namespace dongxi {

// NotFound, as of a record that is not there, unless the caller may see the record as it was answered and as
// it is in `newest`; then it is noted for the audit log.
absl::Status ShowAgain(const CatalogueReader& newest, const Caller& caller, const Record& answered);

// Removes the warnings about records that the caller may not see. What stays is noted.
absl::Status KeepVisible(const CatalogueReader& newest, const Caller& caller,
                         google::protobuf::RepeatedPtrField<v1::RecordWarning>* warnings);

// Of a batch of deletions: what the caller may not see was as absent to him; an error about names[i] unless
// `allow_missing`.
absl::Status ShowAgain(const CatalogueReader& newest, const Caller& caller, bool allow_missing,
                       v1::BatchDeleteRecordsResponse* answered);

// Of a batch of upserts: what was written over and the caller may not see now is REFUSED as NotFound, as his
// own batch would have been; what was created is told again, as by Create. Warnings as KeepVisible.
absl::Status ShowAgain(const CatalogueReader& newest, const Caller& caller,
                       v1::BatchUpsertRecordsResponse* answered);

}  // namespace dongxi
