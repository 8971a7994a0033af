#include "server/import_records.h"

#include <set>
#include <utility>
#include <vector>

#include "engine/base/status_macros.h"
#include "server/catalogue_convert.h"
#include "server/grpc_status.h"
#include "server/upsert_records.h"

namespace dongxi {
namespace {

// Wrong in itself: what the problems say, as a status.
absl::Status StatusOfProblems(const pb::ImportOutcome& outcome, int row) {
  const std::string place = "records[" + std::to_string(row) + "]";
  if (outcome.problems().empty()) return absl::OkStatus();
  const pb::FieldProblem& problem = outcome.problems(0);
  return FieldError(
      place + (problem.field().empty() ? "" : "." + problem.field()),
      "found " + problem.found() + ", expected " + problem.expected() + "; " + problem.remedy());
}

// The records that are right in themselves; of one that comes twice the first.
std::vector<UpsertRow> CheckRows(const pb::BatchUpsertRecordsRequest& request,
                                 const ImportVocabulary& vocabulary,
                                 pb::BatchUpsertRecordsResponse* response) {
  std::vector<UpsertRow> rows;
  std::set<RecordName> names;
  for (int i = 0; i < request.records_size(); ++i) {
    pb::Record message = request.records(i);
    pb::ImportOutcome* outcome = response->add_outcomes();
    UpsertRow row;
    if (!CheckForUpsert(&message, i, vocabulary, &row, outcome)) {
      Refuse(StatusOfProblems(*outcome, i), outcome);
    } else if (!names.insert({row.record.kind, row.record.id}).second) {
      Refuse(FieldError("records[" + std::to_string(i) + "].name",
                        "comes twice in this batch; send each record once"),
             outcome);
    } else {
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace

absl::StatusOr<pb::ImportRecordsResponse> ImportBatch(pb::ImportRecordsRequest request, int64_t now_us,
                                                      const Caller& caller,
                                                      const ImportVocabulary& vocabulary,
                                                      Catalogue* catalogue) {
  DX_RETURN_IF_ERROR(CheckImportRequest(request));
  pb::ImportRecordsResponse response;
  std::vector<UpsertRow> rows;
  for (int i = 0; i < request.records_size(); ++i) {
    UpsertRow row;
    if (!CheckForUpsert(request.mutable_records(i), i, vocabulary, &row, response.add_outcomes())) continue;
    row.etag.clear();  // a file that was exported is imported again whatever happened since
    rows.push_back(std::move(row));
  }
  if (rows.empty()) return response;
  const auto plan = [&](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
    DX_ASSIGN_OR_RETURN(WriteBatch batch,
                        PlanUpserts(newest, caller, rows, now_us, response.mutable_outcomes()));
    return request.validate_only() ? WriteBatch() : std::move(batch);
  };
  DX_RETURN_IF_ERROR(catalogue->Write(plan, now_us).status());
  for (pb::ImportOutcome& outcome : *response.mutable_outcomes()) {
    outcome.clear_etag();
    outcome.clear_status();
  }
  return response;
}

absl::Status CheckBatchUpsert(const pb::BatchUpsertRecordsRequest& request) {
  if (request.records().empty()) return FieldError("records", "is empty; send 1 to 1000 records");
  if (!pb::BatchUpsertRecordsRequest::Mode_IsValid(request.mode())) {
    return FieldError("mode",
                      "found " + std::to_string(request.mode()) + ", expected ALL_OR_NOTHING or PARTIAL");
  }
  return CheckRecordsLimits(request.records_size(), request.ByteSizeLong());
}

absl::StatusOr<WriteBatch> PlanBatchUpsert(const CatalogueReader& newest, const Caller& caller,
                                           const pb::BatchUpsertRecordsRequest& request,
                                           const ImportVocabulary& vocabulary, int64_t now_us,
                                           pb::BatchUpsertRecordsResponse* response) {
  response->Clear();
  const std::vector<UpsertRow> rows = CheckRows(request, vocabulary, response);
  DX_ASSIGN_OR_RETURN(WriteBatch batch,
                      PlanUpserts(newest, caller, rows, now_us, response->mutable_outcomes()));
  int refused = 0;
  int first = -1;
  for (int i = 0; i < response->outcomes_size(); ++i) {
    if (response->outcomes(i).state() != pb::ImportOutcome::REFUSED) continue;
    if (refused++ == 0) first = i;
  }
  if (refused == 0 || request.mode() == pb::BatchUpsertRecordsRequest::PARTIAL) return batch;
  const absl::Status aborted =
      WithReason(absl::AbortedError("not written, because records[" + std::to_string(first) +
                                    "] was refused; mend that one and repeat the batch, or use PARTIAL"),
                 "BATCH_REFUSED");
  for (pb::ImportOutcome& outcome : *response->mutable_outcomes()) {
    if (outcome.state() == pb::ImportOutcome::REFUSED) continue;
    outcome.clear_etag();
    Refuse(aborted, &outcome);
  }
  return WriteBatch();
}

}  // namespace dongxi
