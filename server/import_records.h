// Many records in one request: a message of an import stream, and a batch upsert.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "dongxi/v1/catalogue.pb.h"
#include "engine/record/field_schema.h"
#include "server/caller.h"
#include "store/catalogue.h"

namespace dongxi {

// One outcome a record, in order. Wrong records, and those of another tenant, are REFUSED and do not stop the
// others; the valid ones are durable when it returns. With validate_only the outcomes are what they would be,
// and nothing is written. Output-only fields of the records are passed over. Errors: InvalidArgument about
// `records` (too many, too large); those of Catalogue::Write. Takes the records out of `request`. Any thread.
absl::StatusOr<dongxi::v1::ImportRecordsResponse> ImportBatch(dongxi::v1::ImportRecordsRequest request,
                                                              int64_t now_us, const Caller& caller,
                                                              const ImportVocabulary& vocabulary,
                                                              Catalogue* catalogue);

// The plan of a batch upsert (Catalogue::Write) and its outcomes; on any reader, the answer of validate_only.
// Limits are checked by CheckBatchUpsert.
absl::StatusOr<WriteBatch> PlanBatchUpsert(const CatalogueReader& newest, const Caller& caller,
                                           const dongxi::v1::BatchUpsertRecordsRequest& request,
                                           const ImportVocabulary& vocabulary, int64_t now_us,
                                           dongxi::v1::BatchUpsertRecordsResponse* response);
absl::Status CheckBatchUpsert(const dongxi::v1::BatchUpsertRecordsRequest& request);

}  // namespace dongxi
