// The RPCs of proto/dongxi/v1/admin.proto: decode, one call, encode. Any thread.
#pragma once

#include "dongxi/v1/admin.grpc.pb.h"
#include "server/admin_jobs.h"
#include "server/call_gate.h"
#include "server/operations.h"
#include "server/reloader.h"

namespace dongxi {

class AdminService final : public dongxi::v1::AdminService::Service {
 public:
  // All outlive the service.
  AdminService(AdminJobs* jobs, OperationRunner* runner, Reloader* reloader, const CallGate* gate)
      : jobs_(jobs), runner_(runner), reloader_(reloader), gate_(gate) {}

  using Context = grpc::ServerContext;
  using Operation = google::longrunning::Operation;
  using Empty = google::protobuf::Empty;
  grpc::Status ListGenerations(Context* context, const v1::ListGenerationsRequest* request,
                               v1::ListGenerationsResponse* response) override;
  grpc::Status GetGeneration(Context* context, const v1::GetGenerationRequest* request,
                             v1::Generation* response) override;
  grpc::Status BuildGeneration(Context* context, const v1::BuildGenerationRequest* request,
                               Operation* response) override;
  grpc::Status PublishGeneration(Context* context, const v1::PublishGenerationRequest* request,
                                 v1::Generation* response) override;
  grpc::Status RollBackGeneration(Context* context, const v1::RollBackGenerationRequest* request,
                                  v1::Generation* response) override;
  grpc::Status VerifyGeneration(Context* context, const v1::VerifyGenerationRequest* request,
                                Operation* response) override;
  grpc::Status DeleteGeneration(Context* context, const v1::DeleteGenerationRequest* request,
                                Empty* response) override;
  grpc::Status CreateBackup(Context* context, const v1::CreateBackupRequest* request,
                            Operation* response) override;
  grpc::Status ListBackups(Context* context, const v1::ListBackupsRequest* request,
                           v1::ListBackupsResponse* response) override;
  grpc::Status VerifyBackup(Context* context, const v1::VerifyBackupRequest* request,
                            Operation* response) override;
  grpc::Status DeleteBackup(Context* context, const v1::DeleteBackupRequest* request,
                            Empty* response) override;
  grpc::Status ReloadPolicy(Context* context, const v1::ReloadPolicyRequest* request,
                            v1::ReloadResponse* response) override;
  grpc::Status ReloadRanking(Context* context, const v1::ReloadRankingRequest* request,
                             v1::ReloadResponse* response) override;
  grpc::Status ReloadModel(Context* context, const v1::ReloadModelRequest* request,
                           v1::ReloadResponse* response) override;
  grpc::Status Verify(Context* context, const v1::VerifyRequest* request, Operation* response) override;
  grpc::Status Prune(Context* context, const v1::PruneRequest* request, v1::PruneResponse* response) override;

 private:
  // Starts an operation with what is left of the request besides its request_id; `also` as
  // OperationRunner::Start has it.
  template <typename Request>
  absl::Status Start(const char* kind, Request request, const Caller& caller, Operation* response,
                     std::vector<TablePut> also = {});
  // One that is asked for without `hold` ends the hold of a roll-back: not one that is refused before it
  // begins, and not the answer again to one that began before.
  absl::Status StartBuild(const v1::BuildGenerationRequest& request, const Caller& caller,
                          Operation* response);
  // Publishes and describes; `hold` and `from` as AdminJobs::Publish has them.
  absl::Status Publish(const std::string& generation, bool hold, const std::string& from,
                       const Caller& caller, v1::Generation* response);

  AdminJobs* const jobs_;
  OperationRunner* const runner_;
  Reloader* const reloader_;
  const CallGate* const gate_;
};

}  // namespace dongxi
