#include "server/record_write.h"

#include <iterator>
#include <random>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "engine/base/status_macros.h"
#include "engine/record/viewer.h"
#include "server/catalogue_records.h"
#include "server/convert.h"
#include "server/grpc_status.h"
#include "server/record_message.h"

namespace dongxi {
namespace {

// The present record, which the caller sees and may change.
absl::StatusOr<Record> GetForChange(const CatalogueReader& newest, const Caller& caller,
                                    const RecordName& name, const std::string& etag) {
  absl::StatusOr<Record> record = newest.Get(name.kind, name.id);
  if (!record.ok() && !absl::IsNotFound(record.status())) return record;
  if (!record.ok() || !MaySee(caller.viewer, *record)) return NoSuchRecord(name);
  DX_RETURN_IF_ERROR(CheckMayChange(caller, *record));
  DX_RETURN_IF_ERROR(CheckEtag(etag, *record));
  return record;
}

PlannedWrite Upserting(Record record, const Record* stored, const CatalogueReader& newest, int64_t now_us) {
  PlannedWrite planned;
  planned.batch.upserts = {record};
  planned.answer = PredictUpsert(std::move(record), stored, newest.sequence() + 1, now_us).record;
  return planned;
}

}  // namespace

Predicted PredictUpsert(Record record, const Record* stored, uint64_t sequence, int64_t now_us) {
  record.revision = stored == nullptr ? 0 : stored->revision;
  record.create_time_us = stored == nullptr ? now_us : stored->create_time_us;
  record.update_time_us = stored == nullptr ? now_us : stored->update_time_us;
  record.delete_time_us = 0;
  if (stored != nullptr && record == *stored) return {UpsertState::kUnchanged, std::move(record)};
  record.revision = sequence;
  record.update_time_us = now_us;
  return {stored == nullptr ? UpsertState::kCreated : UpsertState::kUpdated, std::move(record)};
}

bool MayChange(const Caller& caller, const Record& record) {
  return caller.viewer.all_tenants || record.tenant == caller.tenant();
}

absl::Status CheckMayChange(const Caller& caller, const Record& record) {
  if (MayChange(caller, record)) return absl::OkStatus();
  return WithReason(absl::PermissionDeniedError(
                        ResourceName(record.kind, record.id) +
                        ": belongs to another tenant or to all; ask its owner or the operator to change it"),
                    "RECORD_OF_ANOTHER_TENANT");
}

absl::Status CheckEtag(const std::string& etag, const Record& record) {
  if (etag.empty() || etag == EtagOf(record.revision)) return absl::OkStatus();
  return WithReason(WithField(absl::AbortedError("etag: " + ResourceName(record.kind, record.id) +
                                                 " was changed since it was read; read it again and "
                                                 "repeat the change on what is there now"),
                              "etag"),
                    "ETAG_MISMATCH");
}

bool IsGone(const Record& deleted, int64_t now_us) {
  return deleted.delete_time_us + kDeletedKeptUs <= now_us;
}

std::string NewRecordId(RecordKind kind) {
  std::random_device random;
  return absl::StrFormat("%c-%08x%08x%04x", CollectionOf(kind)[0], random(), random(), random() & 0xffffu);
}

absl::StatusOr<Record> GetDeleted(const CatalogueReader& reader, const Caller& caller, const RecordName& name,
                                  int64_t now_us) {
  DX_ASSIGN_OR_RETURN(const auto deleted, reader.GetManyDeleted({&name, 1}));
  if (!deleted[0] || !MaySee(caller.viewer, *deleted[0]) || IsGone(*deleted[0], now_us)) {
    return NoSuchRecord(name);
  }
  return *deleted[0];
}

absl::StatusOr<PlannedWrite> PlanCreate(const CatalogueReader& newest, const Caller& caller, Record record,
                                        int64_t now_us) {
  const RecordName name{record.kind, record.id};
  DX_ASSIGN_OR_RETURN(const auto live, newest.GetMany({&name, 1}));
  DX_ASSIGN_OR_RETURN(const auto deleted, newest.GetManyDeleted({&name, 1}));
  const bool kept = deleted[0] && !IsGone(*deleted[0], now_us);
  if (live[0] || kept) {
    // That it is deleted is told to those only who may see it.
    const bool tell = kept && MaySee(caller.viewer, *deleted[0]);
    return WithReason(
        absl::AlreadyExistsError(
            ResourceName(name.kind, name.id) +
            (tell ? ": there is a deleted record of this name; undelete it, or choose another id"
                  : ": there is a record of this name; update it, or choose another id")),
        "RECORD_EXISTS");
  }
  record.tenant = caller.tenant();
  return Upserting(std::move(record), nullptr, newest, now_us);
}

absl::StatusOr<PlannedWrite> PlanUpdate(const CatalogueReader& newest, const Caller& caller,
                                        const RecordUpdate& update, const ImportVocabulary& vocabulary,
                                        int64_t now_us) {
  pb::Record message = update.message;
  google::protobuf::Message* const sent = InnerOf(&message);
  const std::optional<RecordName> name = ParseResourceName(NameIn(*sent));
  if (!name) return FieldError(update.field + ".name", "is missing or no resource name; name the record");
  absl::StatusOr<Record> stored = GetForChange(newest, caller, *name, update.etag);
  // An etag is that of a record which was there: what has gone since is not made anew.
  if (absl::IsNotFound(stored.status()) && update.allow_missing && update.etag.empty()) {
    ClearOutputOnly(sent);
    DX_ASSIGN_OR_RETURN(Record record, DecodeRecord(message, vocabulary, update.field));
    return PlanCreate(newest, caller, std::move(record), now_us);
  }
  if (!stored.ok()) return stored.status();
  pb::Record merged;
  ToProto(*stored, &merged);
  google::protobuf::Message* const inner = InnerOf(&merged);
  DX_RETURN_IF_ERROR(MergeFields(update.mask, *sent, inner));
  ClearOutputOnly(inner);
  DX_ASSIGN_OR_RETURN(Record record, DecodeRecord(merged, vocabulary, update.field));
  record.tenant = stored->tenant;
  return Upserting(std::move(record), &*stored, newest, now_us);
}

absl::StatusOr<PlannedWrite> PlanDelete(const CatalogueReader& newest, const Caller& caller,
                                        const RecordName& name, const std::string& etag, bool allow_missing,
                                        int64_t now_us) {
  absl::StatusOr<Record> stored = GetForChange(newest, caller, name, etag);
  PlannedWrite planned;
  if (absl::IsNotFound(stored.status()) && allow_missing) {
    planned.answer.kind = name.kind;
    planned.answer.id = name.id;
    return planned;
  }
  if (!stored.ok()) return stored.status();
  planned.batch.deletes = {name};
  planned.answer = *std::move(stored);
  planned.answer.revision = newest.sequence() + 1;
  planned.answer.update_time_us = planned.answer.delete_time_us = now_us;
  return planned;
}

absl::StatusOr<PlannedDeletes> PlanDeletes(const CatalogueReader& newest, const Caller& caller,
                                           const std::vector<RecordName>& names, bool allow_missing,
                                           int64_t now_us) {
  PlannedDeletes planned;
  for (size_t i = 0; i < names.size(); ++i) {
    absl::StatusOr<PlannedWrite> one = PlanDelete(newest, caller, names[i], "", allow_missing, now_us);
    if (!one.ok()) return WithField(one.status(), "names[" + std::to_string(i) + "]");
    std::move(one->batch.deletes.begin(), one->batch.deletes.end(),
              std::back_inserter(planned.batch.deletes));
    planned.answers.push_back(std::move(one->answer));
  }
  return planned;
}

absl::StatusOr<PlannedWrite> PlanUndelete(const CatalogueReader& newest, const Caller& caller,
                                          const RecordName& name, const std::string& etag, int64_t now_us) {
  const absl::StatusOr<Record> live = newest.Get(name.kind, name.id);
  if (live.ok() && MaySee(caller.viewer, *live)) {
    return WithReason(absl::AlreadyExistsError(ResourceName(name.kind, name.id) +
                                               ": is not deleted; there is nothing to undelete"),
                      "RECORD_NOT_DELETED");
  }
  DX_ASSIGN_OR_RETURN(Record deleted, GetDeleted(newest, caller, name, now_us));
  DX_RETURN_IF_ERROR(CheckMayChange(caller, deleted));
  DX_RETURN_IF_ERROR(CheckEtag(etag, deleted));
  PlannedWrite planned;
  planned.batch.undeletes = {name};
  planned.answer = std::move(deleted);
  planned.answer.revision = newest.sequence() + 1;
  planned.answer.update_time_us = now_us;
  planned.answer.delete_time_us = 0;
  return planned;
}

absl::StatusOr<PlannedWrite> PlanExpire(const CatalogueReader& newest, const Caller& caller,
                                        const RecordName& name, const std::string& etag, int64_t now_us) {
  DX_ASSIGN_OR_RETURN(const Record stored, GetForChange(newest, caller, name, etag));
  const absl::CivilDay yesterday = DayInChina(absl::FromUnixMicros(now_us)) - 1;
  const std::string last_day = absl::FormatCivilTime(yesterday);
  Record record = stored;
  if (record.valid_until.empty() || record.valid_until > last_day) record.valid_until = last_day;
  return Upserting(std::move(record), &stored, newest, now_us);
}

}  // namespace dongxi
