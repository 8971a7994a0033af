// Writing the ledger of engagements: checks, keys and the index of refused pairs in one atomic write. Any
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "dongxi/v1/engagement.pb.h"
#include "server/caller.h"
#include "server/serving_state.h"
#include "store/catalogue.h"

namespace dongxi {

// What the calls do and when they fail is said in proto/dongxi/v1/engagement.proto; everything that was
// answered is durable. The caller's note is told of the entries that were added.
class EngagementLedger {
 public:
  // Both outlive it.
  EngagementLedger(const ServingState* state, Catalogue* catalogue) : state_(state), catalogue_(catalogue) {}

  absl::StatusOr<dongxi::v1::RecordEngagementResponse> Record(
      const dongxi::v1::RecordEngagementRequest& request, const Caller& caller, int64_t now_us);
  // One write for all; an item that fails is said in its outcome. Cancelled, and nothing is written, if
  // `cancelled` says so between two items: others wait for the lock. It may be null.
  absl::StatusOr<dongxi::v1::BatchRecordEngagementsResponse> RecordBatch(
      const dongxi::v1::BatchRecordEngagementsRequest& request, const Caller& caller, int64_t now_us,
      const std::function<bool()>& cancelled);
  absl::StatusOr<dongxi::v1::RecordEngagementResponse> Correct(
      const dongxi::v1::CorrectEngagementRequest& request, const Caller& caller, int64_t now_us);
  absl::StatusOr<dongxi::v1::RecordEngagementResponse> ClearRefusal(
      const dongxi::v1::ClearRefusalRequest& request, const Caller& caller, int64_t now_us);

 private:
  const ServingState* const state_;  // which policy tables hold
  Catalogue* const catalogue_;
};

}  // namespace dongxi
