// The RPCs of proto/dongxi/v1/replay.proto. Any thread.
#pragma once

#include "dongxi/v1/replay.grpc.pb.h"
#include "server/call_gate.h"
#include "server/match_history.h"
#include "server/match_runner.h"

namespace dongxi {

class ReplayService final : public dongxi::v1::ReplayService::Service {
 public:
  // All outlive the service.
  ReplayService(MatchHistory* history, const MatchRunner* runner, const CatalogueReader* catalogue,
                const CallGate* gate)
      : history_(history), runner_(runner), catalogue_(catalogue), gate_(gate) {}

  grpc::Status GetMatchRecord(grpc::ServerContext* context, const dongxi::v1::GetMatchRecordRequest* request,
                              dongxi::v1::MatchRecord* response) override;
  grpc::Status ReplayMatch(grpc::ServerContext* context, const dongxi::v1::ReplayMatchRequest* request,
                           dongxi::v1::ReplayMatchResponse* response) override;

 private:
  absl::StatusOr<NotedMatch> NotedFor(const std::string& name, const Caller& caller) const;

  MatchHistory* const history_;
  const MatchRunner* const runner_;
  const CatalogueReader* const catalogue_;
  const CallGate* const gate_;
};

}  // namespace dongxi
