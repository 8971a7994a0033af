// The RPCs of proto/dongxi/v1/match.proto: decode, one engine call, encode. Any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "dongxi/v1/match.grpc.pb.h"
#include "server/call_gate.h"
#include "server/serving_state.h"
#include "store/catalogue.h"

namespace dongxi {

// Names answers: "m-" and 16 hex digits, counted from a random start, so that two servers hardly give the
// same. Any thread.
class MatchIds {
 public:
  MatchIds();
  std::string Next();

 private:
  std::atomic<uint64_t> next_;
};

class MatchService final : public dongxi::v1::MatchService::Service {
 public:
  // All outlive the service.
  MatchService(const ServingState* state, const CatalogueReader* catalogue, const CallGate* gate)
      : state_(state), catalogue_(catalogue), gate_(gate) {}

  grpc::Status Match(grpc::ServerContext* context, const dongxi::v1::MatchRequest* request,
                     dongxi::v1::MatchResponse* response) override;
  grpc::Status ReverseMatch(grpc::ServerContext* context, const dongxi::v1::ReverseMatchRequest* request,
                            dongxi::v1::ReverseMatchResponse* response) override;

 private:
  const ServingState* const state_;
  const CatalogueReader* const catalogue_;
  const CallGate* const gate_;
  MatchIds ids_;
};

}  // namespace dongxi
