#include "server/import_records.h"

#include <map>
#include <utility>
#include <vector>

#include "engine/base/status_macros.h"
#include "server/catalogue_convert.h"
#include "server/record_check.h"

namespace dongxi {
namespace {

// Output only (AIP-203): the catalogue keeps them, a client that sends back what it read is not wrong.
template <typename Message>
void ClearOutputOnly(Message* message) {
  message->clear_etag();
  message->clear_create_time();
  message->clear_update_time();
}

// Also says the name that was sent.
std::string PrepareForImport(pb::Record* record) {
  const auto prepare = [](auto* message) {
    ClearOutputOnly(message);
    return message->name();
  };
  switch (record->kind_case()) {
    case pb::Record::kInstitution:
      return prepare(record->mutable_institution());
    case pb::Record::kExpert:
      return prepare(record->mutable_expert());
    case pb::Record::kResult:
      return prepare(record->mutable_result());
    case pb::Record::kNeed:
      return prepare(record->mutable_need());
    case pb::Record::kEvidence:
      return prepare(record->mutable_evidence());
    case pb::Record::KIND_NOT_SET:
      break;
  }
  return "";
}

struct Batch {
  std::vector<Record> records;  // the valid ones
  std::vector<int> rows;        // and their positions in the request
};

void Check(pb::Record* message, int row, const ImportVocabulary& vocabulary, Batch* batch,
           pb::ImportOutcome* outcome) {
  outcome->set_name(PrepareForImport(message));
  outcome->set_state(pb::ImportOutcome::REFUSED);
  absl::StatusOr<Record> record = FromProto(*message);
  if (!record.ok()) return EncodeCodecProblem(record.status(), outcome->add_problems());
  for (const FieldProblem& problem : CheckRecord(*record, vocabulary)) {
    EncodeProblem(record->kind, problem, outcome->add_problems());
  }
  if (!outcome->problems().empty()) return;
  batch->records.push_back(*std::move(record));
  batch->rows.push_back(row);
}

// What an upsert would answer; the rules are those of Catalogue::Upsert.
absl::StatusOr<std::vector<UpsertState>> Predict(const std::vector<Record>& records,
                                                 const CatalogueReader& catalogue) {
  std::vector<RecordName> names;
  std::map<RecordName, size_t> last;
  for (const Record& record : records) {
    last[{record.kind, record.id}] = names.size();
    names.push_back({record.kind, record.id});
  }
  DX_ASSIGN_OR_RETURN(std::vector<std::optional<Record>> stored, catalogue.GetMany(names));
  std::vector<UpsertState> states(records.size(), UpsertState::kUnchanged);
  for (size_t i = 0; i < records.size(); ++i) {
    if (last[names[i]] != i) continue;
    if (!stored[i]) {
      states[i] = UpsertState::kCreated;
      continue;
    }
    stored[i]->revision = 0;
    stored[i]->create_time_us = 0;
    stored[i]->update_time_us = 0;
    if (*stored[i] != records[i]) states[i] = UpsertState::kUpdated;
  }
  return states;
}

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

}  // namespace

absl::StatusOr<pb::ImportRecordsResponse> ImportBatch(pb::ImportRecordsRequest request, int64_t now_us,
                                                      const ImportVocabulary& vocabulary,
                                                      Catalogue* catalogue) {
  DX_RETURN_IF_ERROR(CheckImportRequest(request));
  pb::ImportRecordsResponse response;
  Batch batch;
  for (int row = 0; row < request.records_size(); ++row) {
    Check(request.mutable_records(row), row, vocabulary, &batch, response.add_outcomes());
  }
  std::vector<UpsertState> states;
  if (request.validate_only()) {
    DX_ASSIGN_OR_RETURN(states, Predict(batch.records, *catalogue));
  } else if (!batch.records.empty()) {
    DX_ASSIGN_OR_RETURN(states, catalogue->Upsert(std::move(batch.records), now_us));
  }
  for (size_t i = 0; i < batch.rows.size(); ++i) {
    response.mutable_outcomes(batch.rows[i])->set_state(StateToProto(states[i]));
  }
  return response;
}

}  // namespace dongxi
