#include "server/operation_state.h"

#include <utility>

#include "server/convert.h"
#include "server/digest.h"
#include "server/grpc_status.h"

namespace dongxi {

bool HasEnded(const storage::StoredOperation& stored) {
  const auto state = stored.metadata().state();
  return state != v1::OperationMetadata::QUEUED && state != v1::OperationMetadata::RUNNING;
}

absl::Time TimeOf(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

std::string CanonicalRequestId(std::string id) {
  for (char& c : id) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  return id;
}

absl::Status NotEnded(const std::string& name) {
  return WithReason(
      absl::FailedPreconditionError(name + ": has not ended yet; cancel it, and delete it when it has ended"),
      "OPERATION_NOT_ENDED");
}

namespace {

constexpr char kDigestType[] = "dongxi/sha256";

std::string DigestOf(const google::protobuf::Any& request) {
  return request.type_url() == kDigestType ? request.value() : Sha256Hex(request.SerializeAsString());
}

}  // namespace

void ForgetRequest(storage::StoredOperation* ended) {
  google::protobuf::Any digest;
  digest.set_type_url(kDigestType);
  digest.set_value(DigestOf(ended->request()));
  *ended->mutable_request() = std::move(digest);
}

absl::Status CheckRepeat(const storage::StoredOperation& earlier, const storage::StoredOperation& wanted) {
  if (earlier.metadata().kind() != wanted.metadata().kind() ||
      DigestOf(earlier.request()) != DigestOf(wanted.request())) {
    return WithReason(
        FieldError("request_id", "was used for another request in the last 24 hours; take a new one"),
        "REQUEST_ID_REUSED");
  }
  if (!IsDeleted(earlier)) return absl::OkStatus();
  return WithReason(
      absl::FailedPreconditionError("request_id: the operation of this request was deleted, and a repeat "
                                    "starts no other; send a new request_id to start one"),
      "OPERATION_DELETED");
}

storage::StoredOperation RestOfDeleted(storage::StoredOperation stored, absl::Time until) {
  stored.clear_response();
  stored.clear_error();
  stored.mutable_metadata()->set_state(v1::OperationMetadata::STATE_UNSPECIFIED);
  EncodeTime(until, stored.mutable_metadata()->mutable_expire_time());
  return stored;
}

bool IsDeleted(const storage::StoredOperation& stored) {
  return stored.metadata().state() == v1::OperationMetadata::STATE_UNSPECIFIED;
}

}  // namespace dongxi
