// Faults of the server itself: damage, a full disk, what nobody foresaw. Their texts name files and foreign
// libraries: they are for the operator's log, and callers get a fixed sentence with the request id that finds
// them there. Pure functions; any thread.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "google/rpc/error_details.pb.h"

namespace dongxi {

// Reason of RESOURCE_EXHAUSTED for a full disk or memory.
inline constexpr char kStorageFull[] = "STORAGE_FULL";

// True for INTERNAL, DATA_LOSS, UNKNOWN and RESOURCE_EXHAUSTED without a reason of their own (grpc_status.h):
// what we say to callers on purpose has one.
bool IsOwnFault(const absl::Status& status);

// What a caller is told. The same code; a fault of our own has a sentence that says what to do and names
// `log_id`, under which the operator's log has the text. Every other status comes back as it is.
absl::Status ForCallers(const absl::Status& status, const std::string& log_id);
// The same of an error as ToGrpc encodes it: kept for the operator, told to another.
google::rpc::Status ForCallers(const google::rpc::Status& error, const std::string& log_id);

}  // namespace dongxi
