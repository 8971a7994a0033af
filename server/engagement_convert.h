// Requests about engagements, checked field by field, and the ledger's messages as the rules see them. Pure
// functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dongxi/v1/engagement.pb.h"
#include "engine/engagement/engagement.h"
#include "engine/engagement/rules.h"
#include "engine/policy/policy.h"
#include "engine/record/record.h"
#include "google/protobuf/field_mask.pb.h"
#include "store/timestamp.h"

namespace dongxi {

inline constexpr int kEngagementBatchMax = 1'000;
inline constexpr size_t kEngagementBatchBytesMax = size_t{3} << 20;  // of a batch, and of its answer
inline constexpr size_t kWhyCharactersMax = 500;

// The two ends of an engagement.
struct EngagementPair {
  RecordName need, offer;
};
// Errors name `<prefix>need` or `<prefix>offer`.
absl::StatusOr<EngagementPair> DecodePair(const std::string& need, const std::string& offer,
                                          const std::string& prefix);

// What the caller says of a step, with the task that he names: all output-only fields are cleared, the mode
// is its code, an absent event_time stays absent. Errors name the field as `engagement.<field>`; what the
// rules of engine/engagement say is not asked.
absl::StatusOr<dongxi::v1::Engagement> CleanEngagement(const dongxi::v1::Engagement& sent,
                                                       const Policy& policy);
// What a correction of `old` says: `sent`, and of `old` what the mask does not name; an empty mask or "*"
// names all. InvalidArgument (UPDATE_MASK_INVALID) about update_mask.
absl::StatusOr<dongxi::v1::Engagement> MergeByMask(const google::protobuf::FieldMask& mask,
                                                   const dongxi::v1::Engagement& sent,
                                                   const dongxi::v1::Engagement& old);
absl::Status CheckText(const std::string& field, const std::string& text, size_t characters_max,
                       bool required);

LedgerEntry ToLedgerEntry(const dongxi::v1::Engagement& engagement);

// The first finding that refuses, as an error with its code as reason; OK if there is none. What is wrong
// with the entry itself is InvalidArgument, what does not fit the pair's history FailedPrecondition.
absl::Status RefusalOf(const std::vector<Finding>& findings);
void EncodeWarnings(const std::vector<Finding>& findings,
                    google::protobuf::RepeatedPtrField<dongxi::v1::EngagementWarning>* out);

// "engagements/e-…" to "e-…"; an error about `field`.
absl::StatusOr<std::string> DecodeEngagementName(const std::string& name, const std::string& field);
std::string EngagementName(const std::string& id);

}  // namespace dongxi
