// One message of an import stream, written to the catalogue as one batch.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "dongxi/v1/catalogue.pb.h"
#include "engine/record/field_schema.h"
#include "store/catalogue.h"

namespace dongxi {

// One outcome a record, in order. Wrong records are REFUSED and do not stop the others; the valid ones are
// durable when it returns. With validate_only the outcomes are what they would be, and nothing is written.
// Output-only fields of the records are passed over. Errors: InvalidArgument about `records` (too many, too
// large); those of Catalogue::Upsert. Takes the records out of `request`. Any thread.
absl::StatusOr<dongxi::v1::ImportRecordsResponse> ImportBatch(dongxi::v1::ImportRecordsRequest request,
                                                              int64_t now_us,
                                                              const ImportVocabulary& vocabulary,
                                                              Catalogue* catalogue);

}  // namespace dongxi
