// The RPCs of proto/dongxi/v1/statistics.proto: decode, one computation, encode. Any thread.
#pragma once

#include "dongxi/v1/statistics.grpc.pb.h"
#include "server/call_gate.h"
#include "server/serving_state.h"
#include "store/catalogue.h"

namespace dongxi {

class StatisticsService final : public dongxi::v1::StatisticsService::Service {
 public:
  // All outlive the service.
  StatisticsService(const ServingState* state, const Catalogue* catalogue, const CallGate* gate)
      : state_(state), catalogue_(catalogue), gate_(gate) {}

  grpc::Status ComputeStatistics(grpc::ServerContext* context,
                                 const dongxi::v1::ComputeStatisticsRequest* request,
                                 dongxi::v1::Statistics* response) override;
  grpc::Status OpenFigure(grpc::ServerContext* context, const dongxi::v1::OpenFigureRequest* request,
                          dongxi::v1::OpenFigureResponse* response) override;
  grpc::Status EstimateSigning(grpc::ServerContext* context,
                               const dongxi::v1::EstimateSigningRequest* request,
                               dongxi::v1::SigningEstimate* response) override;

 private:
  const ServingState* const state_;
  const Catalogue* const catalogue_;
  const CallGate* const gate_;
};

}  // namespace dongxi
