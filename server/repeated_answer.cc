#include "server/repeated_answer.h"

#include "engine/base/status_macros.h"
#include "server/catalogue_records.h"
#include "server/grpc_status.h"
#include "server/upsert_records.h"

namespace dongxi {
namespace {

// What there is of that name now, deleted or not, may all be seen; so it is if there is nothing.
absl::StatusOr<bool> IsVisibleNow(const CatalogueReader& newest, const Caller& caller,
                                  const RecordName& name) {
  DX_ASSIGN_OR_RETURN(const auto live, newest.GetMany({&name, 1}));
  DX_ASSIGN_OR_RETURN(const auto deleted, newest.GetManyDeleted({&name, 1}));
  return (!live[0] || MaySee(caller.viewer, *live[0])) && (!deleted[0] || MaySee(caller.viewer, *deleted[0]));
}

}  // namespace

absl::Status ShowAgain(const CatalogueReader& newest, const Caller& caller, const Record& answered) {
  const RecordName name{answered.kind, answered.id};
  DX_ASSIGN_OR_RETURN(const bool visible, IsVisibleNow(newest, caller, name));
  if (!visible || !MaySee(caller.viewer, answered)) return NoSuchRecord(name);
  caller.Showed(answered);
  return absl::OkStatus();
}

absl::Status KeepVisible(const CatalogueReader& newest, const Caller& caller,
                         google::protobuf::RepeatedPtrField<v1::RecordWarning>* warnings) {
  google::protobuf::RepeatedPtrField<v1::RecordWarning> kept;
  for (v1::RecordWarning& warning : *warnings) {
    const std::optional<RecordName> name = ParseResourceName(warning.name());
    absl::StatusOr<Record> record =
        name ? CatalogueRecords(newest, caller).Get(*name) : absl::StatusOr<Record>(Record());
    if (record.ok()) *kept.Add() = std::move(warning);
    if (!record.ok() && !absl::IsNotFound(record.status())) return record.status();
  }
  warnings->Swap(&kept);
  return absl::OkStatus();
}

absl::Status ShowAgain(const CatalogueReader& newest, const Caller& caller, bool allow_missing,
                       v1::BatchDeleteRecordsResponse* answered) {
  for (int i = 0; i < answered->deleted_size(); ++i) {
    const std::optional<RecordName> name = ParseResourceName(answered->deleted(i).name());
    if (!name) return absl::DataLossError("a kept answer names no record: " + answered->deleted(i).name());
    DX_ASSIGN_OR_RETURN(const bool visible, IsVisibleNow(newest, caller, *name));
    if (visible) continue;
    if (!allow_missing) return WithField(NoSuchRecord(*name), "names[" + std::to_string(i) + "]");
    answered->mutable_deleted(i)->clear_etag();
  }
  return absl::OkStatus();
}

absl::Status ShowAgain(const CatalogueReader& newest, const Caller& caller,
                       v1::BatchUpsertRecordsResponse* answered) {
  for (v1::ImportOutcome& outcome : *answered->mutable_outcomes()) {
    DX_RETURN_IF_ERROR(KeepVisible(newest, caller, outcome.mutable_warnings()));
    const bool written_over =
        outcome.state() == v1::ImportOutcome::UPDATED || outcome.state() == v1::ImportOutcome::UNCHANGED;
    if (!written_over || caller.token_id.empty()) continue;  // without tokens all may be written over
    const std::optional<RecordName> name = ParseResourceName(outcome.name());
    if (!name) return absl::DataLossError("a kept answer names no record: " + outcome.name());
    DX_ASSIGN_OR_RETURN(const bool visible, IsVisibleNow(newest, caller, *name));
    if (visible) continue;
    outcome.clear_etag();
    outcome.clear_warnings();
    Refuse(NoSuchRecord(*name), &outcome);
  }
  return absl::OkStatus();
}

}  // namespace dongxi
