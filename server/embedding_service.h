// The RPCs of proto/dongxi/v1/embedding.proto. Any thread.
#pragma once

#include "dongxi/v1/embedding.grpc.pb.h"
#include "server/call_gate.h"
#include "server/serving_state.h"

namespace dongxi {

inline constexpr int kEmbedTextsMax = 2'048;
// What a caller may say for the model that is served, whatever its id.
inline constexpr char kServedModelAlias[] = "dongxi";

class EmbeddingService final : public dongxi::v1::EmbeddingService::Service {
 public:
  // Both outlive the service.
  EmbeddingService(const ServingState* state, const CallGate* gate) : state_(state), gate_(gate) {}

  grpc::Status Embed(grpc::ServerContext* context, const dongxi::v1::EmbedRequest* request,
                     dongxi::v1::EmbedResponse* response) override;
  grpc::Status GetEmbeddingModel(grpc::ServerContext* context,
                                 const dongxi::v1::GetEmbeddingModelRequest* request,
                                 dongxi::v1::EmbeddingModel* response) override;

 private:
  const ServingState* const state_;
  const CallGate* const gate_;
};

}  // namespace dongxi
