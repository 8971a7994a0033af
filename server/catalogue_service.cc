#include "server/catalogue_service.h"

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "server/catalogue_convert.h"
#include "server/catalogue_records.h"
#include "server/convert.h"
#include "server/deadline.h"
#include "server/import_records.h"
#include "server/record_filter_row.h"

namespace dongxi {
namespace {

// Records that one page reads at most, whatever the filter: a rare match makes short pages, not calls of a
// minute.
constexpr int kRecordsScannedMax = 20'000;
constexpr int kScannedBetweenChecks = 256;

// One page, read in order of id.
struct Page {
  std::vector<Record> records;
  std::string last_id;  // of the last record read, shown or not
  bool more = false;    // records may follow
};

absl::StatusOr<Page> ReadPage(const CatalogueReader& catalogue, RecordKind kind, const ListCall& call,
                              const Caller& caller, const std::function<bool()>& cancelled) {
  Page page;
  int scanned = 0;
  bool stopped = false;
  DX_RETURN_IF_ERROR(catalogue.Scan(kind, call.after, [&](Record record) {
    // Called with one more than the page holds: so we know that it is not the last one.
    page.more = static_cast<int>(page.records.size()) == call.limit || scanned == kRecordsScannedMax;
    if (page.more) return false;
    stopped = ++scanned % kScannedBetweenChecks == 0 && cancelled();
    if (stopped) return false;
    page.last_id = record.id;
    if (MaySee(caller.viewer, record) && call.filter->Matches(RecordFilterRow(record)))
      page.records.push_back(std::move(record));
    return true;
  }));
  if (stopped) return absl::CancelledError("the caller went away");
  return page;
}

// Names what was written, for the audit log.
void TouchWritten(const pb::ImportRecordsResponse& response, const Caller& caller) {
  for (const pb::ImportOutcome& outcome : response.outcomes()) {
    if (outcome.state() == pb::ImportOutcome::CREATED || outcome.state() == pb::ImportOutcome::UPDATED)
      caller.Touched(outcome.name());
  }
}

// The method that takes a GetNeedRequest is GetNeed.
template <typename Request>
std::string MethodOf() {
  const std::string name = Request::descriptor()->name();
  return "CatalogueService." + name.substr(0, name.size() - std::string_view("Request").size());
}

}  // namespace

template <typename Request, typename Message>
grpc::Status CatalogueService::Get(Context& context, RecordKind kind, const Request& request,
                                   Message* response) const {
  return gate_->Run(context, MethodOf<Request>(), [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const RecordName name, DecodeName(request.name(), kind, "name"));
    DX_RETURN_IF_ERROR(CheckReadMask(request.read_mask(), *Message::descriptor()));
    DX_ASSIGN_OR_RETURN(const Record record, CatalogueRecords(*catalogue_, caller).Get(name));
    ToProto(record, response);
    ApplyReadMask(request.read_mask(), response);
    return absl::OkStatus();
  });
}

template <typename Request, typename Message>
grpc::Status CatalogueService::List(Context& context, RecordKind kind, const Request& request,
                                    google::protobuf::RepeatedPtrField<Message>* records,
                                    std::string* next_page_token) const {
  return gate_->Run(context, MethodOf<Request>(), [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const ListCall call, DecodeList(kind, request.page_size(), request.page_token(),
                                                        request.filter(), *state_->policy()));
    DX_RETURN_IF_ERROR(CheckReadMask(request.read_mask(), *Message::descriptor()));
    DX_ASSIGN_OR_RETURN(const Page page, ReadPage(*catalogue_, kind, call, caller, CancelledOf(context)));
    for (const Record& record : page.records) {
      Message* message = records->Add();
      ToProto(record, message);
      caller.Showed(record);
      ApplyReadMask(request.read_mask(), message);
    }
    if (page.more) *next_page_token = NextListToken(call, page.last_id);
    return absl::OkStatus();
  });
}

grpc::Status CatalogueService::GetInstitution(Context* context, const pb::GetInstitutionRequest* request,
                                              pb::Institution* response) {
  return Get(*context, RecordKind::kInstitution, *request, response);
}

grpc::Status CatalogueService::ListInstitutions(Context* context, const pb::ListInstitutionsRequest* request,
                                                pb::ListInstitutionsResponse* response) {
  return List(*context, RecordKind::kInstitution, *request, response->mutable_institutions(),
              response->mutable_next_page_token());
}

grpc::Status CatalogueService::GetExpert(Context* context, const pb::GetExpertRequest* request,
                                         pb::Expert* response) {
  return Get(*context, RecordKind::kExpert, *request, response);
}

grpc::Status CatalogueService::ListExperts(Context* context, const pb::ListExpertsRequest* request,
                                           pb::ListExpertsResponse* response) {
  return List(*context, RecordKind::kExpert, *request, response->mutable_experts(),
              response->mutable_next_page_token());
}

grpc::Status CatalogueService::GetResult(Context* context, const pb::GetResultRequest* request,
                                         pb::Result* response) {
  return Get(*context, RecordKind::kResult, *request, response);
}

grpc::Status CatalogueService::ListResults(Context* context, const pb::ListResultsRequest* request,
                                           pb::ListResultsResponse* response) {
  return List(*context, RecordKind::kResult, *request, response->mutable_results(),
              response->mutable_next_page_token());
}

grpc::Status CatalogueService::GetNeed(Context* context, const pb::GetNeedRequest* request,
                                       pb::Need* response) {
  return Get(*context, RecordKind::kNeed, *request, response);
}

grpc::Status CatalogueService::ListNeeds(Context* context, const pb::ListNeedsRequest* request,
                                         pb::ListNeedsResponse* response) {
  return List(*context, RecordKind::kNeed, *request, response->mutable_needs(),
              response->mutable_next_page_token());
}

grpc::Status CatalogueService::GetEvidence(Context* context, const pb::GetEvidenceRequest* request,
                                           pb::Evidence* response) {
  return Get(*context, RecordKind::kEvidence, *request, response);
}

grpc::Status CatalogueService::ListEvidence(Context* context, const pb::ListEvidenceRequest* request,
                                            pb::ListEvidenceResponse* response) {
  return List(*context, RecordKind::kEvidence, *request, response->mutable_evidence(),
              response->mutable_next_page_token());
}

grpc::Status CatalogueService::ImportRecords(
    Context* context, grpc::ServerReaderWriter<pb::ImportRecordsResponse, pb::ImportRecordsRequest>* stream) {
  return gate_->Run(*context, "CatalogueService.ImportRecords", [&](const Caller& caller) -> absl::Status {
    pb::ImportRecordsRequest request;
    while (stream->Read(&request)) {
      const bool dry = request.validate_only();
      DX_ASSIGN_OR_RETURN(
          const pb::ImportRecordsResponse response,
          ImportBatch(std::move(request), absl::ToUnixMicros(absl::Now()), *state_->policy(), catalogue_));
      if (!dry) TouchWritten(response, caller);
      DX_RETURN_IF_ERROR(caller.Commit());
      if (!stream->Write(response)) return absl::CancelledError("the caller went away during the import");
      request = {};
    }
    if (context->IsCancelled()) return absl::CancelledError("the caller went away during the import");
    return absl::OkStatus();
  });
}

}  // namespace dongxi
