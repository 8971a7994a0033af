// States of stored operations, and repeats of the requests that start them (AIP-155). Pure functions; any
// thread.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "dongxi/storage/operation.pb.h"

namespace dongxi {

bool HasEnded(const storage::StoredOperation& stored);
absl::Time TimeOf(const google::protobuf::Timestamp& time);

// FailedPrecondition (OPERATION_NOT_ENDED): what still waits or runs is not deleted.
absl::Status NotEnded(const std::string& name);

// A UUID means the same in capitals.
std::string CanonicalRequestId(std::string id);

// Keeps of the request only what tells a repeat from another: an operation that has ended is kept for days,
// its request may hold 8 MiB.
void ForgetRequest(storage::StoredOperation* ended);

// OK if `earlier`, which began with the same request_id, is what `wanted` asks for. InvalidArgument
// (REQUEST_ID_REUSED) if not; FailedPrecondition (OPERATION_DELETED) if it was deleted since.
absl::Status CheckRepeat(const storage::StoredOperation& earlier, const storage::StoredOperation& wanted);

// What stays of a deleted operation until `until`, so that a repeat of its request has no second effect; seen
// by nobody.
storage::StoredOperation RestOfDeleted(storage::StoredOperation stored, absl::Time until);
bool IsDeleted(const storage::StoredOperation& stored);

}  // namespace dongxi
