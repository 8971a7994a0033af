// What a write of one record does to the catalogue, and what it answers: the rules of existence, etags,
// tenants and soft deletion. Each function is a plan for Catalogue::Write; on any reader it is the answer of
// validate_only. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/record/field_schema.h"
#include "google/protobuf/field_mask.pb.h"
#include "server/caller.h"
#include "server/catalogue_records.h"
#include "store/catalogue.h"
#include "store/record_codec.h"

namespace dongxi {

struct PlannedWrite {
  WriteBatch batch;
  Record answer;  // the record as it will be stored
};

// The record as Write will store it, and how: `stored` is what is there now, or null.
struct Predicted {
  UpsertState state = UpsertState::kUnchanged;
  Record record;
};
Predicted PredictUpsert(Record record, const Record* stored, uint64_t sequence, int64_t now_us);

// True for the caller's own tenant's records; the operator changes all.
bool MayChange(const Caller& caller, const Record& record);
// PermissionDenied unless MayChange.
absl::Status CheckMayChange(const Caller& caller, const Record& record);
// Aborted about etag unless `etag` is empty or the record's.
absl::Status CheckEtag(const std::string& etag, const Record& record);

// True once nobody can undelete it any more: it is then as absent as if it had been removed, whether or not
// it was already.
bool IsGone(const Record& deleted, int64_t now_us);

// An id nobody has: "r-" and 20 hex digits, with the first letter of the collection.
std::string NewRecordId(RecordKind kind);

// AlreadyExists if the name is taken, also by a deleted record that can still be undeleted.
absl::StatusOr<PlannedWrite> PlanCreate(const CatalogueReader& newest, const Caller& caller, Record record,
                                        int64_t now_us);
// `update` has a name. `field` names it in errors ("need").
struct RecordUpdate {
  pb::Record message;
  google::protobuf::FieldMask mask;
  std::string etag;
  bool allow_missing = false;
  std::string field;
};
absl::StatusOr<PlannedWrite> PlanUpdate(const CatalogueReader& newest, const Caller& caller,
                                        const RecordUpdate& update, const ImportVocabulary& vocabulary,
                                        int64_t now_us);
absl::StatusOr<PlannedWrite> PlanDelete(const CatalogueReader& newest, const Caller& caller,
                                        const RecordName& name, const std::string& etag, bool allow_missing,
                                        int64_t now_us);
absl::StatusOr<PlannedWrite> PlanUndelete(const CatalogueReader& newest, const Caller& caller,
                                          const RecordName& name, const std::string& etag, int64_t now_us);
// All or none; an error about names[i]. With `allow_missing` what is not there is passed over, with an answer
// that has no revision. REQUIRES: no name twice.
struct PlannedDeletes {
  WriteBatch batch;
  std::vector<Record> answers;  // one for each name
};
absl::StatusOr<PlannedDeletes> PlanDeletes(const CatalogueReader& newest, const Caller& caller,
                                           const std::vector<RecordName>& names, bool allow_missing,
                                           int64_t now_us);
// valid_until becomes the day before today in China, unless it is over already.
absl::StatusOr<PlannedWrite> PlanExpire(const CatalogueReader& newest, const Caller& caller,
                                        const RecordName& name, const std::string& etag, int64_t now_us);

// A deleted record that the caller may see and that can still be undeleted; NotFound otherwise.
absl::StatusOr<Record> GetDeleted(const CatalogueReader& reader, const Caller& caller, const RecordName& name,
                                  int64_t now_us);

}  // namespace dongxi
