// The RPCs of proto/dongxi/v1/match.proto: a gate and a call of MatchRunner each. Any thread.
#pragma once

#include "dongxi/v1/match.grpc.pb.h"
#include "server/call_gate.h"
#include "server/match_runner.h"

namespace dongxi {

// Match, which most callers call, takes no thread while it waits for its turn, nor one to be turned away.
class MatchService final
    : public dongxi::v1::MatchService::WithCallbackMethod_Match<dongxi::v1::MatchService::Service> {
 public:
  // Both outlive the service.
  MatchService(MatchRunner* runner, const CallGate* gate) : runner_(runner), gate_(gate) {}

  grpc::ServerUnaryReactor* Match(grpc::CallbackServerContext* context,
                                  const dongxi::v1::MatchRequest* request,
                                  dongxi::v1::MatchResponse* response) override;
  grpc::Status ReverseMatch(grpc::ServerContext* context, const dongxi::v1::ReverseMatchRequest* request,
                            dongxi::v1::ReverseMatchResponse* response) override;
  grpc::Status ExplainMatch(grpc::ServerContext* context, const dongxi::v1::ExplainMatchRequest* request,
                            dongxi::v1::ExplainMatchResponse* response) override;
  grpc::Status BatchMatch(grpc::ServerContext* context, const dongxi::v1::BatchMatchRequest* request,
                          grpc::ServerWriter<dongxi::v1::BatchMatchResponse>* writer) override;

 private:
  MatchRunner* const runner_;
  const CallGate* const gate_;
};

}  // namespace dongxi
