// The RPC of proto/dongxi/v1/search.proto: decode, one engine call, encode. Any thread.
#pragma once

#include "dongxi/v1/search.grpc.pb.h"
#include "server/call_gate.h"
#include "server/serving_state.h"
#include "store/catalogue.h"

namespace dongxi {

class SearchService final : public dongxi::v1::SearchService::Service {
 public:
  // All outlive the service.
  SearchService(const ServingState* state, const CatalogueReader* catalogue, const CallGate* gate)
      : state_(state), catalogue_(catalogue), gate_(gate) {}

  grpc::Status Search(grpc::ServerContext* context, const dongxi::v1::SearchRequest* request,
                      dongxi::v1::SearchResponse* response) override;

 private:
  const ServingState* const state_;
  const CatalogueReader* const catalogue_;
  const CallGate* const gate_;
};

}  // namespace dongxi
