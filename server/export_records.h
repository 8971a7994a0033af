// All records that a caller may see, as they were at one moment. Any thread.
#pragma once

#include <functional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "dongxi/v1/catalogue_bulk.pb.h"
#include "engine/record/field_schema.h"
#include "server/caller.h"
#include "store/catalogue.h"

namespace dongxi {

// Calls `write` with one message after another, at least one; it returns false when the caller went away.
// `reader` must not change meanwhile. Errors: InvalidArgument about kinds or filter; Cancelled; those of
// Caller::StillAdmitted, asked before each message.
absl::Status ExportAll(const CatalogueReader& reader, const Caller& caller,
                       const dongxi::v1::ExportRecordsRequest& request, const ImportVocabulary& vocabulary,
                       const std::function<bool()>& cancelled,
                       absl::FunctionRef<bool(const dongxi::v1::ExportRecordsResponse&)> write);

}  // namespace dongxi
