#include "server/upsert_records.h"

#include <map>
#include <utility>

#include "engine/base/status_macros.h"
#include "server/catalogue_convert.h"
#include "server/grpc_status.h"
#include "server/record_check.h"
#include "server/record_message.h"
#include "server/record_write.h"

namespace dongxi {
namespace {

pb::ImportOutcome::State StateToProto(UpsertState state) {
  switch (state) {
    case UpsertState::kCreated:
      return pb::ImportOutcome::CREATED;
    case UpsertState::kUpdated:
      return pb::ImportOutcome::UPDATED;
    case UpsertState::kUnchanged:
      return pb::ImportOutcome::UNCHANGED;
  }
  return pb::ImportOutcome::STATE_UNSPECIFIED;
}

std::string TakeEtag(google::protobuf::Message* inner) {
  return inner->GetReflection()->GetString(*inner, inner->GetDescriptor()->FindFieldByName("etag"));
}

// Whether the caller may write over `present`, live or deleted. What he may not see he may not write either,
// unless the server asks for no tokens at all.
absl::Status CheckOverwrite(const Caller& caller, const Record& present) {
  const bool known = !caller.token_id.empty();
  if (known && !MaySee(caller.viewer, present)) return NoSuchRecord({present.kind, present.id});
  return CheckMayChange(caller, present);
}

// Of a record that the caller does not see it is not said whose it is, nor how open.
void RefuseOverwrite(const absl::Status& status, pb::ImportOutcome* outcome) {
  const bool hidden = absl::IsNotFound(status);
  Refuse(status, outcome);
  pb::FieldProblem* problem = outcome->add_problems();
  problem->set_field("id");
  problem->set_found(outcome->name());
  problem->set_expected(hidden ? "未被占用的编号，或可查看的本单位记录" : "本单位的记录");
  problem->set_remedy(
      hidden ? "该编号已被一条无权查看的记录占用，请换一个编号；若是本单位的记录，请由有权查看的人员修改"
             : "该编号已被其他单位使用，请换一个编号");
}

}  // namespace

void Refuse(const absl::Status& status, pb::ImportOutcome* outcome) {
  outcome->set_state(pb::ImportOutcome::REFUSED);
  const grpc::Status encoded = ToGrpc(status);
  outcome->mutable_status()->ParseFromString(encoded.error_details());
}

bool CheckForUpsert(pb::Record* message, int row, const ImportVocabulary& vocabulary, UpsertRow* checked,
                    pb::ImportOutcome* outcome) {
  outcome->set_state(pb::ImportOutcome::REFUSED);
  if (google::protobuf::Message* const inner = InnerOf(message); inner != nullptr) {
    outcome->set_name(NameIn(*inner));
    checked->etag = TakeEtag(inner);
    ClearOutputOnly(inner);
  }
  absl::StatusOr<Record> record = FromProto(*message);
  if (!record.ok()) {
    EncodeCodecProblem(record.status(), outcome->add_problems());
    return false;
  }
  for (const FieldProblem& problem : CheckRecord(*record, vocabulary)) {
    EncodeProblem(record->kind, problem, outcome->add_problems());
  }
  checked->row = row;
  checked->record = *std::move(record);
  return outcome->problems().empty();
}

absl::StatusOr<WriteBatch> PlanUpserts(const CatalogueReader& newest, const Caller& caller,
                                       const std::vector<UpsertRow>& rows, int64_t now_us,
                                       google::protobuf::RepeatedPtrField<pb::ImportOutcome>* outcomes) {
  std::vector<RecordName> names;
  std::map<RecordName, size_t> last;
  for (const UpsertRow& row : rows) {
    last[{row.record.kind, row.record.id}] = names.size();
    names.push_back({row.record.kind, row.record.id});
  }
  DX_ASSIGN_OR_RETURN(const auto live, newest.GetMany(names));
  DX_ASSIGN_OR_RETURN(const auto deleted, newest.GetManyDeleted(names));
  WriteBatch batch;
  for (size_t i = 0; i < rows.size(); ++i) {
    pb::ImportOutcome* outcome = outcomes->Mutable(rows[i].row);
    const bool kept = deleted[i] && !IsGone(*deleted[i], now_us);
    const Record* const present = live[i] ? &*live[i] : kept ? &*deleted[i] : nullptr;
    const absl::Status allowed = present != nullptr ? CheckOverwrite(caller, *present) : absl::OkStatus();
    if (!allowed.ok()) {
      RefuseOverwrite(allowed, outcome);
      continue;
    }
    // Without a record there is nothing that the etag could be of.
    const absl::Status same = live[i]                ? CheckEtag(rows[i].etag, *live[i])
                              : rows[i].etag.empty() ? absl::OkStatus()
                                                     : NoSuchRecord(names[i]);
    if (!same.ok()) {
      Refuse(same, outcome);
      continue;
    }
    Record record = rows[i].record;
    record.tenant = present != nullptr ? present->tenant : caller.tenant();
    const Record* const stored = live[i] ? &*live[i] : nullptr;
    const Predicted predicted = PredictUpsert(record, stored, newest.sequence() + 1, now_us);
    outcome->set_state(last[names[i]] == i ? StateToProto(predicted.state) : pb::ImportOutcome::UNCHANGED);
    outcome->set_etag(EtagOf(predicted.record.revision));
    batch.upserts.push_back(std::move(record));
  }
  return batch;
}

}  // namespace dongxi
