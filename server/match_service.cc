#include "server/match_service.h"

#include "server/convert.h"
#include "server/deadline.h"

namespace dongxi {

grpc::ServerUnaryReactor* MatchService::Match(grpc::CallbackServerContext* context,
                                              const pb::MatchRequest* request, pb::MatchResponse* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  gate_->RunQueued(
      *context, "MatchService.Match",
      [this, context, request, response](const Caller& caller) {
        return runner_->Run(*request, caller, LimitsOf(*context), response);
      },
      [reactor](const grpc::Status& status) { reactor->Finish(status); });
  return reactor;
}

grpc::Status MatchService::ReverseMatch(grpc::ServerContext* context, const pb::ReverseMatchRequest* request,
                                        pb::ReverseMatchResponse* response) {
  return gate_->Run(*context, "MatchService.ReverseMatch", [&](const Caller& caller) -> absl::Status {
    return runner_->Run(*request, caller, LimitsOf(*context), response);
  });
}

grpc::Status MatchService::ExplainMatch(grpc::ServerContext* context, const pb::ExplainMatchRequest* request,
                                        pb::ExplainMatchResponse* response) {
  return gate_->Run(*context, "MatchService.ExplainMatch", [&](const Caller& caller) -> absl::Status {
    return runner_->Run(*request, caller, LimitsOf(*context), response);
  });
}

grpc::Status MatchService::BatchMatch(grpc::ServerContext* context, const pb::BatchMatchRequest* request,
                                      grpc::ServerWriter<pb::BatchMatchResponse>* writer) {
  return gate_->Run(*context, "MatchService.BatchMatch", [&](const Caller& caller) -> absl::Status {
    return runner_->RunBatch(*request, caller, LimitsOf(*context), [&](const pb::BatchMatchResponse& one) {
      return caller.AwaitPeer([&] { return writer->Write(one); });
    });
  });
}

}  // namespace dongxi
