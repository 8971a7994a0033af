// The RPCs of proto/dongxi/v1/catalogue.proto. Any thread.
#pragma once

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "server/call_gate.h"
#include "server/serving_state.h"
#include "store/catalogue.h"

namespace dongxi {

class CatalogueService final : public dongxi::v1::CatalogueService::Service {
 public:
  // All outlive the service.
  CatalogueService(const ServingState* state, Catalogue* catalogue, const CallGate* gate)
      : state_(state), catalogue_(catalogue), gate_(gate) {}

  using Context = grpc::ServerContext;
  grpc::Status GetInstitution(Context* context, const dongxi::v1::GetInstitutionRequest* request,
                              dongxi::v1::Institution* response) override;
  grpc::Status ListInstitutions(Context* context, const dongxi::v1::ListInstitutionsRequest* request,
                                dongxi::v1::ListInstitutionsResponse* response) override;
  grpc::Status GetExpert(Context* context, const dongxi::v1::GetExpertRequest* request,
                         dongxi::v1::Expert* response) override;
  grpc::Status ListExperts(Context* context, const dongxi::v1::ListExpertsRequest* request,
                           dongxi::v1::ListExpertsResponse* response) override;
  grpc::Status GetResult(Context* context, const dongxi::v1::GetResultRequest* request,
                         dongxi::v1::Result* response) override;
  grpc::Status ListResults(Context* context, const dongxi::v1::ListResultsRequest* request,
                           dongxi::v1::ListResultsResponse* response) override;
  grpc::Status GetNeed(Context* context, const dongxi::v1::GetNeedRequest* request,
                       dongxi::v1::Need* response) override;
  grpc::Status ListNeeds(Context* context, const dongxi::v1::ListNeedsRequest* request,
                         dongxi::v1::ListNeedsResponse* response) override;
  grpc::Status GetEvidence(Context* context, const dongxi::v1::GetEvidenceRequest* request,
                           dongxi::v1::Evidence* response) override;
  grpc::Status ListEvidence(Context* context, const dongxi::v1::ListEvidenceRequest* request,
                            dongxi::v1::ListEvidenceResponse* response) override;
  grpc::Status ImportRecords(Context* context,
                             grpc::ServerReaderWriter<dongxi::v1::ImportRecordsResponse,
                                                      dongxi::v1::ImportRecordsRequest>* stream) override;

 private:
  // The two standard methods, for the message of any kind.
  template <typename Request, typename Message>
  grpc::Status Get(Context& context, RecordKind kind, const Request& request, Message* response) const;
  template <typename Request, typename Message>
  grpc::Status List(Context& context, RecordKind kind, const Request& request,
                    google::protobuf::RepeatedPtrField<Message>* records, std::string* next_page_token) const;

  const ServingState* const state_;
  Catalogue* const catalogue_;
  const CallGate* const gate_;
};

}  // namespace dongxi
