// The RPC of proto/dongxi/v1/health.proto. Reads values only: it is also the bare call that others are
// compared with. Any thread.
#pragma once

#include "absl/time/time.h"
#include "dongxi/v1/health.grpc.pb.h"
#include "server/call_gate.h"
#include "server/serving_state.h"
#include "store/catalogue.h"

namespace dongxi {

class HealthService final : public dongxi::v1::HealthService::Service {
 public:
  // All outlive the service. `version` is that of the program.
  HealthService(std::string version, absl::Time start, const ServingState* state,
                const CatalogueReader* catalogue, const CallGate* gate)
      : version_(std::move(version)), start_(start), state_(state), catalogue_(catalogue), gate_(gate) {}

  grpc::Status GetServerStatus(grpc::ServerContext* context,
                               const dongxi::v1::GetServerStatusRequest* request,
                               dongxi::v1::ServerStatus* response) override;

 private:
  const std::string version_;
  const absl::Time start_;
  const ServingState* const state_;
  const CatalogueReader* const catalogue_;
  const CallGate* const gate_;
};

}  // namespace dongxi
