// The RPCs of google.longrunning.Operations: decode, ask the runner, encode. Any thread.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "server/call_gate.h"
#include "server/operations.h"

namespace dongxi {

// The conditions of ListOperationsRequest.filter. Immutable.
class OperationFilter {
 public:
  // InvalidArgument about `filter` with the position of what is wrong.
  static absl::StatusOr<OperationFilter> Parse(const std::string& filter);
  bool Takes(const v1::OperationMetadata& metadata) const;

 private:
  std::vector<bool> done_;
  std::vector<std::string> kinds_;
};

class OperationsService final : public google::longrunning::Operations::Service {
 public:
  // Both outlive the service.
  OperationsService(OperationRunner* runner, const CallGate* gate) : runner_(runner), gate_(gate) {}

  grpc::Status ListOperations(grpc::ServerContext* context,
                              const google::longrunning::ListOperationsRequest* request,
                              google::longrunning::ListOperationsResponse* response) override;
  grpc::Status GetOperation(grpc::ServerContext* context,
                            const google::longrunning::GetOperationRequest* request,
                            google::longrunning::Operation* response) override;
  grpc::Status DeleteOperation(grpc::ServerContext* context,
                               const google::longrunning::DeleteOperationRequest* request,
                               google::protobuf::Empty* response) override;
  grpc::Status CancelOperation(grpc::ServerContext* context,
                               const google::longrunning::CancelOperationRequest* request,
                               google::protobuf::Empty* response) override;
  grpc::Status WaitOperation(grpc::ServerContext* context,
                             const google::longrunning::WaitOperationRequest* request,
                             google::longrunning::Operation* response) override;

 private:
  OperationRunner* const runner_;
  const CallGate* const gate_;
};

}  // namespace dongxi
