#include "server/own_fault.h"

#include "server/grpc_status.h"

namespace dongxi {

bool IsOwnFault(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kResourceExhausted:
      return !HasReason(status);
    default:
      return false;
  }
}

absl::Status ForCallers(const absl::Status& status, const std::string& log_id) {
  if (!IsOwnFault(status)) return status;
  const std::string where = "; the operator finds the cause in the server's log under " + log_id;
  switch (status.code()) {
    case absl::StatusCode::kDataLoss:
      return absl::DataLossError("the server found damaged data" + where);
    case absl::StatusCode::kResourceExhausted:
      return WithReason(absl::ResourceExhaustedError("the server has no disk space or memory left for this; "
                                                     "repeat it when the operator has freed some" +
                                                     where),
                        kStorageFull);
    default:
      return absl::Status(status.code(), "the server failed" + where);
  }
}

google::rpc::Status ForCallers(const google::rpc::Status& error, const std::string& log_id) {
  absl::Status status(static_cast<absl::StatusCode>(error.code()), error.message());
  google::rpc::ErrorInfo info;
  if (error.details_size() > 0 && error.details(0).UnpackTo(&info) && info.reason() != ReasonOf(status))
    status = WithReason(status, info.reason());
  if (!IsOwnFault(status)) return error;
  google::rpc::Status told;
  told.ParseFromString(ToGrpc(ForCallers(status, log_id)).error_details());
  return told;
}

}  // namespace dongxi
