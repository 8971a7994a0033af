#include "server/engagement_ledger.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/status_macros.h"
#include "server/engagement_convert.h"
#include "server/engagement_write.h"
#include "server/grpc_status.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

using Response = pb::RecordEngagementResponse;

// For the audit log, once they are written: a repeat added nothing.
void Tell(const std::vector<std::string>& added, const Caller& caller) {
  for (const std::string& name : added) caller.Touched(name);
}

// Runs one step of a write under the writer's lock, and writes what it added.
template <typename StepOfWrite>
absl::StatusOr<Response> WriteOne(Catalogue& catalogue, const Caller& caller, const Policy& policy,
                                  int64_t now_us, const StepOfWrite& step) {
  Response response;
  std::vector<std::string> added;
  const auto written = catalogue.Write(
      [&](const CatalogueReader& reader) -> absl::StatusOr<WriteBatch> {
        EngagementWrite write(reader, caller, policy, now_us);
        DX_ASSIGN_OR_RETURN(response, step(write));
        added = write.added();
        return write.Take();
      },
      now_us);
  if (!written.ok()) return written.status();
  Tell(added, caller);
  return response;
}

// An entry that would only be added has no name yet; one that is in the ledger keeps its own.
void ClearNameIfAdded(const std::vector<std::string>& added, Response* response) {
  if (std::find(added.begin(), added.end(), response->engagement().name()) != added.end())
    response->mutable_engagement()->clear_name();
}

// The same without writing.
template <typename StepOfWrite>
absl::StatusOr<Response> CheckOnly(const Catalogue& catalogue, const Caller& caller, const Policy& policy,
                                   int64_t now_us, const StepOfWrite& step) {
  const std::unique_ptr<CatalogueReader> reader = catalogue.Snapshot();
  EngagementWrite write(*reader, caller, policy, now_us);
  DX_ASSIGN_OR_RETURN(Response response, step(write));
  ClearNameIfAdded(write.added(), &response);
  return response;
}

void EncodeOutcome(const absl::Status& status, pb::EngagementOutcome* outcome) {
  outcome->set_code(static_cast<int>(status.code()));
  outcome->set_reason(ReasonOf(status));
  outcome->set_message(std::string(status.message()));
  outcome->set_field(FieldOf(status));
}

absl::Status RecordItem(const pb::RecordEngagementRequest& request, EngagementWrite& write,
                        pb::EngagementOutcome* outcome) {
  if (request.validate_only()) {
    EncodeOutcome(FieldError("validate_only", "not within a batch"), outcome);
    return absl::OkStatus();
  }
  absl::StatusOr<Response> response = write.RecordStep(request);
  if (response.ok()) {
    *outcome->mutable_response() = *std::move(response);
    return absl::OkStatus();
  }
  // Damage and a full disk concern the whole batch.
  if (absl::IsDataLoss(response.status()) || absl::IsInternal(response.status())) return response.status();
  EncodeOutcome(response.status(), outcome);
  return absl::OkStatus();
}

absl::Status CheckBatchBytes(size_t bytes) {
  if (bytes <= kEngagementBatchBytesMax) return absl::OkStatus();
  return WithReason(
      FieldError("requests",
                 "the batch or its answer, which repeats every entry with titles and warnings, has over " +
                     std::to_string(kEngagementBatchBytesMax) +
                     " bytes; nothing was recorded, send it in two halves"),
      "BATCH_TOO_LARGE");
}

// A client takes answers of 4 MiB: one that is longer would be lost although all was recorded.
absl::Status RecordItems(const pb::BatchRecordEngagementsRequest& request,
                         const std::function<bool()>& cancelled, EngagementWrite& write,
                         pb::BatchRecordEngagementsResponse* response) {
  size_t bytes = 0;
  for (const pb::RecordEngagementRequest& item : request.requests()) {
    if (cancelled && cancelled())
      return absl::CancelledError("the caller went away; nothing of the batch was recorded");
    pb::EngagementOutcome* const outcome = response->add_outcomes();
    DX_RETURN_IF_ERROR(RecordItem(item, write, outcome));
    bytes += outcome->ByteSizeLong();
    DX_RETURN_IF_ERROR(CheckBatchBytes(bytes));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Response> EngagementLedger::Record(const pb::RecordEngagementRequest& request,
                                                  const Caller& caller, int64_t now_us) {
  if (request.validate_only()) {
    return CheckOnly(*catalogue_, caller, *state_->policy(), now_us,
                     [&](EngagementWrite& write) { return write.RecordStep(request); });
  }
  return WriteOne(*catalogue_, caller, *state_->policy(), now_us,
                  [&](EngagementWrite& write) { return write.RecordStep(request); });
}

absl::StatusOr<pb::BatchRecordEngagementsResponse> EngagementLedger::RecordBatch(
    const pb::BatchRecordEngagementsRequest& request, const Caller& caller, int64_t now_us,
    const std::function<bool()>& cancelled) {
  if (request.requests_size() > kEngagementBatchMax) {
    return FieldError("requests", "found " + std::to_string(request.requests_size()) + ", at most " +
                                      std::to_string(kEngagementBatchMax));
  }
  DX_RETURN_IF_ERROR(CheckBatchBytes(request.ByteSizeLong()));
  pb::BatchRecordEngagementsResponse response;
  std::vector<std::string> added;
  const std::shared_ptr<const Policy> policy = state_->policy();
  const auto plan = [&](const CatalogueReader& reader) -> absl::StatusOr<WriteBatch> {
    response.Clear();
    EngagementWrite write(reader, caller, *policy, now_us);
    DX_RETURN_IF_ERROR(RecordItems(request, cancelled, write, &response));
    added = write.added();
    return write.Take();
  };
  if (request.validate_only()) {
    const std::unique_ptr<CatalogueReader> reader = catalogue_->Snapshot();
    DX_RETURN_IF_ERROR(plan(*reader).status());
    for (pb::EngagementOutcome& outcome : *response.mutable_outcomes()) {
      if (outcome.has_response()) ClearNameIfAdded(added, outcome.mutable_response());
    }
    return response;
  }
  const auto written = catalogue_->Write(plan, now_us);
  if (!written.ok()) return written.status();
  Tell(added, caller);
  return response;
}

absl::StatusOr<Response> EngagementLedger::Correct(const pb::CorrectEngagementRequest& request,
                                                   const Caller& caller, int64_t now_us) {
  if (request.validate_only()) {
    return CheckOnly(*catalogue_, caller, *state_->policy(), now_us,
                     [&](EngagementWrite& write) { return write.Correct(request); });
  }
  return WriteOne(*catalogue_, caller, *state_->policy(), now_us,
                  [&](EngagementWrite& write) { return write.Correct(request); });
}

absl::StatusOr<Response> EngagementLedger::ClearRefusal(const pb::ClearRefusalRequest& request,
                                                        const Caller& caller, int64_t now_us) {
  return WriteOne(*catalogue_, caller, *state_->policy(), now_us,
                  [&](EngagementWrite& write) { return write.ClearRefusal(request); });
}

}  // namespace dongxi
