// The RPCs of proto/dongxi/v1/engagement.proto: decode, one call, encode. Any thread.
#pragma once

#include "dongxi/v1/engagement.grpc.pb.h"
#include "server/call_gate.h"
#include "server/engagement_ledger.h"
#include "server/serving_state.h"
#include "store/catalogue.h"

namespace dongxi {

class EngagementService final : public dongxi::v1::EngagementService::Service {
 public:
  // All outlive the service.
  EngagementService(const ServingState* state, Catalogue* catalogue, const CallGate* gate)
      : state_(state), catalogue_(catalogue), gate_(gate), ledger_(state, catalogue) {}

  grpc::Status RecordEngagement(grpc::ServerContext* context,
                                const dongxi::v1::RecordEngagementRequest* request,
                                dongxi::v1::RecordEngagementResponse* response) override;
  grpc::Status BatchRecordEngagements(grpc::ServerContext* context,
                                      const dongxi::v1::BatchRecordEngagementsRequest* request,
                                      dongxi::v1::BatchRecordEngagementsResponse* response) override;
  grpc::Status ListEngagements(grpc::ServerContext* context,
                               const dongxi::v1::ListEngagementsRequest* request,
                               dongxi::v1::ListEngagementsResponse* response) override;
  grpc::Status ExportEngagements(grpc::ServerContext* context,
                                 const dongxi::v1::ExportEngagementsRequest* request,
                                 grpc::ServerWriter<dongxi::v1::ExportEngagementsResponse>* writer) override;
  grpc::Status GetPair(grpc::ServerContext* context, const dongxi::v1::GetPairRequest* request,
                       dongxi::v1::Pair* response) override;
  grpc::Status CorrectEngagement(grpc::ServerContext* context,
                                 const dongxi::v1::CorrectEngagementRequest* request,
                                 dongxi::v1::RecordEngagementResponse* response) override;
  grpc::Status ClearRefusal(grpc::ServerContext* context, const dongxi::v1::ClearRefusalRequest* request,
                            dongxi::v1::RecordEngagementResponse* response) override;

 private:
  const ServingState* const state_;
  Catalogue* const catalogue_;
  const CallGate* const gate_;
  EngagementLedger ledger_;
};

}  // namespace dongxi
