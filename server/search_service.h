// The RPC of proto/dongxi/v1/search.proto: a gate and a call of MatchRunner. Any thread.
#pragma once

#include "dongxi/v1/search.grpc.pb.h"
#include "server/call_gate.h"
#include "server/match_runner.h"

namespace dongxi {

class SearchService final : public dongxi::v1::SearchService::Service {
 public:
  // Both outlive the service.
  SearchService(MatchRunner* runner, const CallGate* gate) : runner_(runner), gate_(gate) {}

  grpc::Status Search(grpc::ServerContext* context, const dongxi::v1::SearchRequest* request,
                      dongxi::v1::SearchResponse* response) override;
  grpc::Status SimilarNeeds(grpc::ServerContext* context, const dongxi::v1::SimilarNeedsRequest* request,
                            dongxi::v1::SimilarNeedsResponse* response) override;
  grpc::Status SimilarResults(grpc::ServerContext* context, const dongxi::v1::SimilarResultsRequest* request,
                              dongxi::v1::SimilarResultsResponse* response) override;

 private:
  MatchRunner* const runner_;
  const CallGate* const gate_;
};

}  // namespace dongxi
