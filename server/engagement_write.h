// One write of the ledger while it is being put together: what the plan of Catalogue::Write does. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dongxi/v1/engagement.pb.h"
#include "engine/engagement/rules.h"
#include "engine/policy/policy.h"
#include "server/caller.h"
#include "server/engagement_convert.h"
#include "server/table_overlay.h"
#include "store/catalogue.h"

namespace dongxi {

class EngagementWrite {
 public:
  using Response = dongxi::v1::RecordEngagementResponse;

  // All outlive it.
  EngagementWrite(const CatalogueReader& reader, const Caller& caller, const Policy& policy, int64_t now_us);

  // Each adds its entry to the write, or nothing if it fails.
  absl::StatusOr<Response> RecordStep(const dongxi::v1::RecordEngagementRequest& request);
  absl::StatusOr<Response> Correct(const dongxi::v1::CorrectEngagementRequest& request);
  absl::StatusOr<Response> ClearRefusal(const dongxi::v1::ClearRefusalRequest& request);

  // What is to be written; a repeat adds nothing.
  WriteBatch Take() const;
  // Names of the entries that it adds, in order.
  const std::vector<std::string>& added() const { return added_; }

 private:
  using Engagement = dongxi::v1::Engagement;

  // The answer that a request with this id had, if there was one, as far as the caller may see it now.
  absl::StatusOr<std::optional<Response>> Repeated(const std::string& request_id, uint64_t hash) const;
  absl::StatusOr<std::optional<Response>> RecordedBefore(const Engagement& entry, bool time_given,
                                                         bool task_given) const;
  // Fills what is kept of need, offer and plan; NotFound if the caller sees no such record.
  absl::Status Describe(Engagement* entry, bool* owns_one) const;
  // The task that the recorder names, against the plan and the entry's channel.
  absl::Status CheckTask(const Engagement& entry) const;
  absl::Status CheckNumber(const Engagement& entry, const std::string& replaced) const;
  // NOT_LISTED if the match that `entry` names did not recommend the pair.
  absl::StatusOr<std::vector<Finding>> CheckMatch(const Engagement& entry,
                                                  const std::vector<Engagement>& pair) const;
  // The entries of the pair of `entry` that belong to its tenant.
  absl::StatusOr<std::vector<Engagement>> OwnPair(const Engagement& entry) const;
  // Applies the rules, sets name, times and warnings, among them what is odd of the match, and adds the
  // entry.
  absl::Status Append(std::vector<Engagement> pair, const std::vector<Finding>& of_match, Engagement* entry);
  // What another tenant's refusal says of a step, or of a correction that makes a signature of the entry or
  // moves one to the refusal or behind it; `pair` as CheckInPair takes it.
  absl::Status FindOthersRefusal(const std::vector<Engagement>& pair, const Engagement& entry,
                                 std::vector<Finding>* findings) const;
  absl::StatusOr<std::vector<Engagement>> SimulatedRefusal(const EngagementPair& names) const;
  absl::StatusOr<Engagement> Correctable(const std::string& name) const;
  absl::StatusOr<Engagement> Replacement(const dongxi::v1::CorrectEngagementRequest& request,
                                         const Engagement& old) const;
  void SetRecorder(const std::string& actor, Engagement* entry) const;
  void Remember(const std::string& request_id, uint64_t hash, const Response& answer);

  const CatalogueReader& reader_;
  const Caller& caller_;
  const Policy& policy_;
  const int64_t now_us_;
  TableOverlay table_, refusals_;
  std::vector<std::string> added_;
};

}  // namespace dongxi
