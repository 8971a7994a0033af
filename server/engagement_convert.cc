#include "server/engagement_convert.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include "engine/base/status_macros.h"
#include "engine/text/normalize.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

namespace pb = dongxi::v1;

constexpr char kCollection[] = "engagements/";
constexpr size_t kNumberCharactersMax = 64;
constexpr size_t kActorCharactersMax = 128;
constexpr size_t kNoteCharactersMax = 2'000;
constexpr int kEvidenceMax = 20;
constexpr size_t kEvidenceCharactersMax = 500;
constexpr size_t kMatchIdBytesMax = 64;

std::string Shown(const std::string& value) { return "'" + CutCharacters(value, 80) + "'"; }

bool IsOffer(RecordKind kind) {
  return kind == RecordKind::kInstitution || kind == RecordKind::kExpert || kind == RecordKind::kResult;
}

absl::Status CheckTime(const google::protobuf::Timestamp& time) {
  // 0001-01-01 to 9999-12-31, as the type demands.
  if (time.seconds() >= -62'135'596'800 && time.seconds() <= 253'402'300'799 && time.nanos() >= 0 &&
      time.nanos() < 1'000'000'000) {
    return absl::OkStatus();
  }
  return FieldError("engagement.event_time", "no valid time");
}

absl::Status CheckTexts(const pb::Engagement& sent) {
  if (sent.match_id().size() > kMatchIdBytesMax)
    return FieldError("engagement.match_id", "too long for the id of a match");
  DX_RETURN_IF_ERROR(CheckText("engagement.registration_number", sent.registration_number(),
                               kNumberCharactersMax, /*required=*/false));
  DX_RETURN_IF_ERROR(CheckText("engagement.actor", sent.actor(), kActorCharactersMax, /*required=*/false));
  DX_RETURN_IF_ERROR(CheckText("engagement.note", sent.note(), kNoteCharactersMax, /*required=*/false));
  if (sent.evidence_size() > kEvidenceMax) {
    return FieldError("engagement.evidence", "found " + std::to_string(sent.evidence_size()) +
                                                 " entries, at most " + std::to_string(kEvidenceMax));
  }
  for (const std::string& evidence : sent.evidence()) {
    DX_RETURN_IF_ERROR(CheckText("engagement.evidence", evidence, kEvidenceCharactersMax, /*required=*/true));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<EngagementPair> DecodePair(const std::string& need, const std::string& offer,
                                          const std::string& prefix) {
  std::optional<RecordName> need_name = ParseResourceName(need);
  if (!need_name || need_name->kind != RecordKind::kNeed)
    return FieldError(prefix + "need", "found " + Shown(need) + ", expected needs/{id}");
  std::optional<RecordName> offer_name = ParseResourceName(offer);
  if (!offer_name || !IsOffer(offer_name->kind)) {
    return FieldError(prefix + "offer",
                      "found " + Shown(offer) + ", expected institutions/{id}, experts/{id} or results/{id}");
  }
  return EngagementPair{*std::move(need_name), *std::move(offer_name)};
}

absl::Status CheckText(const std::string& field, const std::string& text, size_t characters_max,
                       bool required) {
  if (required && text.empty()) return FieldError(field, "empty; it is required");
  const size_t characters = CountCharacters(text);
  if (characters <= characters_max) return absl::OkStatus();
  return FieldError(
      field, "has " + std::to_string(characters) + " characters, at most " + std::to_string(characters_max));
}

absl::StatusOr<pb::Engagement> CleanEngagement(const pb::Engagement& sent, const Policy& policy) {
  DX_RETURN_IF_ERROR(DecodePair(sent.need(), sent.offer(), "engagement.").status());
  if (sent.step() == pb::ENGAGEMENT_STEP_UNSPECIFIED || !pb::EngagementStep_IsValid(sent.step()))
    return FieldError("engagement.step", "required: ENGAGEMENT_STEP_SHOWN to ENGAGEMENT_STEP_REFUSED");
  if (!pb::RefusalReason_IsValid(sent.refusal_reason()))
    return FieldError("engagement.refusal_reason", "no reason of the list");
  if (sent.has_event_time()) DX_RETURN_IF_ERROR(CheckTime(sent.event_time()));
  DX_RETURN_IF_ERROR(CheckTexts(sent));
  pb::Engagement clean;
  clean.set_match_id(sent.match_id());
  clean.set_need(sent.need());
  clean.set_offer(sent.offer());
  clean.set_step(sent.step());
  if (sent.has_event_time()) *clean.mutable_event_time() = sent.event_time();
  clean.set_refusal_reason(sent.refusal_reason());
  if (sent.has_amount_wan()) clean.set_amount_wan(sent.amount_wan());
  clean.set_registration_number(sent.registration_number());
  *clean.mutable_evidence() = sent.evidence();
  clean.set_note(sent.note());
  if (!sent.mode().empty()) {
    clean.set_mode(policy.ModeCode(sent.mode()));
    if (clean.mode().empty())
      return FieldError("engagement.mode", "found " + Shown(sent.mode()) + ", no cooperation mode");
  }
  clean.set_actor(sent.actor());
  clean.set_illustrative(sent.illustrative());
  clean.set_simulated(sent.simulated());
  clean.set_task(sent.task());
  return clean;
}

absl::StatusOr<pb::Engagement> MergeByMask(const google::protobuf::FieldMask& mask,
                                           const pb::Engagement& sent, const pb::Engagement& old) {
  static constexpr std::string_view kChangeable[] = {
      "match_id", "step", "event_time", "refusal_reason", "amount_wan", "registration_number",
      "evidence", "note", "mode",       "illustrative",   "simulated",  "task"};
  std::set<std::string_view> named(mask.paths().begin(), mask.paths().end());
  if (named.empty() || named.contains("*")) return sent;
  pb::Engagement merged = sent, kept = old;
  kept.clear_need();
  kept.clear_offer();
  for (const std::string_view name : kChangeable) {
    const auto* const field = pb::Engagement::descriptor()->FindFieldByName(std::string(name));
    pb::Engagement& loses = named.erase(name) > 0 ? kept : merged;
    loses.GetReflection()->ClearField(&loses, field);
  }
  if (!named.empty()) {
    return WithReason(
        FieldError("update_mask", "found " + Shown(std::string(*named.begin())) +
                                      ", expected fields of an engagement that its recorder says"),
        "UPDATE_MASK_INVALID");
  }
  merged.MergeFrom(kept);
  return merged;
}

LedgerEntry ToLedgerEntry(const pb::Engagement& engagement) {
  LedgerEntry entry;
  entry.id = engagement.name();
  entry.kind = static_cast<LedgerKind>(engagement.kind());
  entry.corrects = engagement.corrects();
  entry.step = static_cast<Step>(engagement.step());
  entry.reason = static_cast<RefusalReason>(engagement.refusal_reason());
  entry.event_time_us = MicrosOf(engagement.event_time());
  entry.record_time_us = MicrosOf(engagement.record_time());
  if (engagement.has_amount_wan()) entry.amount_wan = engagement.amount_wan();
  entry.registration_number = engagement.registration_number();
  return entry;
}

absl::Status RefusalOf(const std::vector<Finding>& findings) {
  static constexpr std::string_view kOfHistory[] = {"SIGNATURE_MISSING", "SIGNED_BEFORE_MET",
                                                    "REFUSAL_NOT_CLEARED"};
  for (const Finding& finding : findings) {
    if (!finding.refused) continue;
    const std::string code(finding.code);
    if (std::find(std::begin(kOfHistory), std::end(kOfHistory), finding.code) != std::end(kOfHistory))
      return WithReason(absl::FailedPreconditionError(finding.message), code);
    const std::string field = code.rfind("EVENT_TIME", 0) == 0            ? "event_time"
                              : code.rfind("AMOUNT", 0) == 0              ? "amount_wan"
                              : code.rfind("REGISTRATION_NUMBER", 0) == 0 ? "registration_number"
                                                                          : "refusal_reason";
    return WithReason(FieldError("engagement." + field, finding.message), code);
  }
  return absl::OkStatus();
}

void EncodeWarnings(const std::vector<Finding>& findings,
                    google::protobuf::RepeatedPtrField<pb::EngagementWarning>* out) {
  for (const Finding& finding : findings) {
    if (finding.refused) continue;
    pb::EngagementWarning* warning = out->Add();
    warning->set_code(std::string(finding.code));
    warning->set_message(finding.message);
    warning->set_engagement(finding.entry);
  }
}

absl::StatusOr<std::string> DecodeEngagementName(const std::string& name, const std::string& field) {
  const std::string prefix = kCollection;
  const bool good = name.rfind(prefix, 0) == 0 && IsValidRecordId(name.substr(prefix.size()));
  if (!good) return FieldError(field, "found " + Shown(name) + ", expected engagements/{id}");
  return name.substr(prefix.size());
}

std::string EngagementName(const std::string& id) { return kCollection + id; }

}  // namespace dongxi
