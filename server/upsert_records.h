// Upserts of many records, each with its own outcome: what import and batch upsert share. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dongxi/v1/catalogue_bulk.pb.h"
#include "engine/record/field_schema.h"
#include "server/caller.h"
#include "store/catalogue.h"
#include "store/record_codec.h"

namespace dongxi {

// A record of the request that is right in itself.
struct UpsertRow {
  int row = 0;  // in the request
  Record record;
  std::string etag;  // as sent; empty: not checked
};

// Checks a record and fills the name of its outcome; on problems they are in it, it is REFUSED, and false is
// returned. Output-only fields are passed over. Takes what it needs out of `message`.
bool CheckForUpsert(pb::Record* message, int row, const ImportVocabulary& vocabulary, UpsertRow* checked,
                    pb::ImportOutcome* outcome);

// Plans the rows and sets the state of their outcomes, with status and problem for those that the caller may
// not write: records of another tenant, an etag that is not the present one. Of rows of the same name the
// last one counts, the others are UNCHANGED.
absl::StatusOr<WriteBatch> PlanUpserts(const CatalogueReader& newest, const Caller& caller,
                                       const std::vector<UpsertRow>& rows, int64_t now_us,
                                       google::protobuf::RepeatedPtrField<pb::ImportOutcome>* outcomes);

// REFUSED with this status.
void Refuse(const absl::Status& status, pb::ImportOutcome* outcome);

}  // namespace dongxi
