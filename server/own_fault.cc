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

}  // namespace dongxi
