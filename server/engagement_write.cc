#include "server/engagement_write.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/time/time.h"
#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"
#include "engine/text/normalize.h"
#include "server/catalogue_records.h"
#include "server/convert.h"
#include "server/engagement_convert.h"
#include "server/engagement_match.h"
#include "server/engagement_number.h"
#include "server/engagement_table.h"
#include "server/grpc_status.h"
#include "server/ledger_disclosure.h"
#include "server/natural_key.h"
#include "server/page_token.h"
#include "server/pair_ledger.h"
#include "server/refusals.h"
#include "server/request_memory.h"

namespace dongxi {
namespace {

// The id in lower case: the same UUID however it is written.
std::string RequestPlace(const Caller& caller, const std::string& request_id) {
  return EngagementTableKey(EngagementKey::kRequest,
                            caller.tenant() + std::string(1, '\0') + absl::AsciiStrToLower(request_id));
}

std::string IdOf(const std::string& name) { return name.substr(name.find('/') + 1); }

// What the recorder said, the times apart.
std::string ContentOf(const pb::Engagement& entry) {
  pb::Engagement content;
  content.set_refusal_reason(entry.refusal_reason());
  if (entry.has_amount_wan()) content.set_amount_wan(InWholeFen(entry.amount_wan()));
  content.set_registration_number(entry.registration_number());
  *content.mutable_evidence() = entry.evidence();
  content.set_note(entry.note());
  content.set_mode(entry.mode());
  content.set_simulated(entry.simulated());
  return content.SerializeAsString();
}

// The institution behind an offer; no id if there is none.
absl::StatusOr<std::string> InstitutionBehind(const Record& offer, const CatalogueRecords& records) {
  if (offer.kind == RecordKind::kInstitution) return offer.id;
  if (!offer.institution.empty()) return offer.institution;
  for (const RecordName& owner : offer.owners) {
    if (owner.kind == RecordKind::kInstitution) return owner.id;
  }
  DX_ASSIGN_OR_RETURN(const auto owners, records.GetMany(offer.owners));
  for (const std::optional<Record>& owner : owners) {
    if (owner && !owner->institution.empty()) return owner->institution;
  }
  return std::string();
}

absl::Status NotOwner() {
  return WithReason(absl::PermissionDeniedError("only who owns the need or the offer may refuse the pair"),
                    "NOT_OWNER");
}

Finding NotListed() {
  return {kNotListed, "", "这次匹配没有把对方列为可推荐的：照记，统计时按未经推荐计", false};
}

// When the signature that `entry` takes the place of was signed; none if it takes the place of none.
std::optional<int64_t> SignedBeforeUs(const std::vector<pb::Engagement>& pair, const pb::Engagement& entry) {
  for (const pb::Engagement& other : pair) {
    if (other.name() == entry.corrects() && other.step() == pb::ENGAGEMENT_STEP_SIGNED)
      return MicrosOf(other.event_time());
  }
  return std::nullopt;
}

// Who corrects or repeats may see less of the records than who recorded.
absl::Status HideIn(const CatalogueReader& reader, const Caller& caller,
                    EngagementWrite::Response* response) {
  pb::Engagement* const entry[] = {response->mutable_engagement()};
  return HideWhatIsNotDisclosed(reader, caller, entry);
}

template <typename Request>
uint64_t HashOf(const char* method, Request request) {
  request.clear_request_id();
  // What was only checked may be sent under the same id to be written.
  if constexpr (requires { request.clear_validate_only(); }) request.clear_validate_only();
  return HashBytes(request.SerializeAsString(), HashBytes(method));
}

}  // namespace

EngagementWrite::EngagementWrite(const CatalogueReader& reader, const Caller& caller, const Policy& policy,
                                 int64_t now_us)
    : reader_(reader),
      caller_(caller),
      policy_(policy),
      now_us_(now_us),
      table_(reader, Table::kEngagements),
      refusals_(reader, Table::kRefusals) {}

WriteBatch EngagementWrite::Take() const {
  WriteBatch batch;
  table_.AppendTo(&batch.puts);
  refusals_.AppendTo(&batch.puts);
  return batch;
}

absl::StatusOr<std::optional<EngagementWrite::Response>> EngagementWrite::Repeated(
    const std::string& request_id, uint64_t hash) const {
  DX_RETURN_IF_ERROR(MakeRequestKey(caller_.tenant(), request_id, "", "").status());
  if (request_id.empty()) return std::optional<Response>();
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> known, table_.Get(RequestPlace(caller_, request_id)));
  if (!known || known->size() < 8) return std::optional<Response>();
  const uint64_t kept = FromBigEndian(std::string_view(*known).substr(known->size() - 8));
  if (kept != hash && kept != ~hash) {
    return WithReason(FieldError("request_id", "was used for another request; a new request needs a new id"),
                      "REQUEST_ID_REUSED");
  }
  Response response;
  DX_ASSIGN_OR_RETURN(*response.mutable_engagement(),
                      ReadEngagement(table_, known->substr(0, known->size() - 8)));
  response.set_state(kept == hash ? Response::CREATED : Response::UNCHANGED);
  response.set_repeat(true);
  // An entry never changes, but it can have been corrected since it was answered as new.
  if (kept == hash) response.mutable_engagement()->clear_corrected_by();
  DX_RETURN_IF_ERROR(HideIn(reader_, caller_, &response));
  return std::optional<Response>(std::move(response));
}

void EngagementWrite::Remember(const std::string& request_id, uint64_t hash, const Response& answer) {
  if (request_id.empty()) return;
  const uint64_t kept = answer.state() == Response::CREATED ? hash : ~hash;
  table_.Put(RequestPlace(caller_, request_id), IdOf(answer.engagement().name()) + BigEndian(kept));
}

absl::StatusOr<std::optional<EngagementWrite::Response>> EngagementWrite::RecordedBefore(
    const Engagement& entry, bool time_given, bool task_given) const {
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> id, FindRepeated(table_, entry, time_given));
  if (!id) return std::optional<Response>();
  Response response;
  DX_ASSIGN_OR_RETURN(*response.mutable_engagement(), ReadEngagement(table_, *id));
  const bool same_time =
      !time_given || MicrosOf(entry.event_time()) == MicrosOf(response.engagement().event_time());
  const bool same_task = !task_given || entry.task() == response.engagement().task();
  if (!same_time || !same_task || ContentOf(entry) != ContentOf(response.engagement())) {
    return WithReason(absl::AlreadyExistsError(EngagementName(*id) +
                                               ": this step is recorded with other content; change it with "
                                               "CorrectEngagement"),
                      "ENGAGEMENT_EXISTS");
  }
  response.set_state(Response::UNCHANGED);
  return std::optional<Response>(std::move(response));
}

void EngagementWrite::SetRecorder(const std::string& actor, Engagement* entry) const {
  entry->set_actor(actor);
  entry->set_recorder(caller_.token_id);
  EncodeMicros(now_us_, entry->mutable_record_time());
}

absl::Status EngagementWrite::Describe(Engagement* entry, bool* owns_one) const {
  const CatalogueRecords records(reader_, caller_);
  DX_ASSIGN_OR_RETURN(const EngagementPair pair, DecodePair(entry->need(), entry->offer(), "engagement."));
  DX_ASSIGN_OR_RETURN(const Record need, records.Get(pair.need));
  DX_ASSIGN_OR_RETURN(const Record offer, records.Get(pair.offer));
  const auto owns = [&](const Record& record) {
    return caller_.viewer.all_tenants || record.tenant.empty() || record.tenant == caller_.tenant();
  };
  *owns_one = owns(need) || owns(offer);
  entry->set_illustrative(entry->illustrative() || need.illustrative || offer.illustrative);
  entry->set_need_title(need.title);
  entry->set_offer_title(offer.title);
  entry->set_need_region_code(need.region);
  entry->set_offer_region_code(offer.region);
  DX_ASSIGN_OR_RETURN(const std::string institution, InstitutionBehind(offer, records));
  if (!institution.empty()) {
    entry->set_offer_institution(ResourceName(RecordKind::kInstitution, institution));
    if (offer.region.empty()) {
      const RecordName name{RecordKind::kInstitution, institution};
      DX_ASSIGN_OR_RETURN(const auto behind, records.GetMany({&name, 1}));
      if (behind.front()) entry->set_offer_region_code(behind.front()->region);
    }
  }
  const EmbedInput text = TextOf(need);
  const PolicyReading reading =
      policy_.Read(need.region, need.task, text.title, text.text, DayInChina(absl::FromUnixMicros(now_us_)));
  entry->set_channel(reading.channel);
  if (!entry->task().empty()) {
    DX_RETURN_IF_ERROR(CheckTask(*entry));
  } else if (!reading.tasks.empty()) {
    entry->set_task(reading.tasks.front().task);
  }
  if (!need.fields.empty()) entry->set_field(need.fields.front());
  entry->set_policy(policy_.version());
  return absl::OkStatus();
}

absl::Status EngagementWrite::CheckTask(const Engagement& entry) const {
  const std::vector<Task>& tasks = policy_.tasks();
  const auto task =
      std::find_if(tasks.begin(), tasks.end(), [&](const Task& known) { return known.id == entry.task(); });
  const std::string named = "方案里的任务 " + CutCharacters(entry.task(), 40);
  if (task == tasks.end()) {
    return WithReason(
        FieldError("engagement.task", "没有" + named + "：应为 1.1 至 7.2 的编号，不知道就不写"),
        "TASK_UNKNOWN");
  }
  if (task->channel == entry.channel()) return absl::OkStatus();
  return WithReason(
      FieldError("engagement.task", named + "不属于这条需求所在省区的通道：核对任务编号，或不写"),
      "TASK_OF_OTHER_CHANNEL");
}

absl::Status EngagementWrite::CheckNumber(const Engagement& entry, const std::string& replaced) const {
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> holder, FindNumber(table_, entry));
  if (!holder || EngagementName(*holder) == replaced) return absl::OkStatus();
  return WithReason(
      WithField(absl::AlreadyExistsError("engagement.registration_number: 登记编号 " +
                                         entry.registration_number() + " 已经登记过，一份合同只登记一次"),
                "engagement.registration_number"),
      "REGISTRATION_NUMBER_TAKEN");
}

absl::StatusOr<std::vector<pb::Engagement>> EngagementWrite::OwnPair(const Engagement& entry) const {
  DX_ASSIGN_OR_RETURN(std::vector<Engagement> pair, ReadPair(table_, entry.need(), entry.offer()));
  std::erase_if(pair, [&](const Engagement& other) { return other.tenant() != entry.tenant(); });
  return pair;
}

absl::StatusOr<std::vector<Finding>> EngagementWrite::CheckMatch(const Engagement& entry,
                                                                 const std::vector<Engagement>& pair) const {
  if (entry.match_id().empty()) return std::vector<Finding>();
  absl::StatusOr<bool> listed = MatchListed(entry, reader_, caller_);
  if (absl::IsNotFound(listed.status())) {
    // The match log is not kept for ever; a signature may come years after the match.
    const auto known = std::find_if(pair.rbegin(), pair.rend(), [&](const Engagement& other) {
      return other.match_id() == entry.match_id();
    });
    if (known != pair.rend()) listed = !IsNotListed(*known);
  }
  DX_RETURN_IF_ERROR(listed.status());
  return *listed ? std::vector<Finding>() : std::vector<Finding>{NotListed()};
}

absl::Status EngagementWrite::FindOthersRefusal(const std::vector<Engagement>& pair, const Engagement& entry,
                                                std::vector<Finding>* findings) const {
  const Step step = static_cast<Step>(entry.step());
  const bool corrected = entry.kind() == Engagement::KIND_CORRECTION && step == Step::kSigned;
  if (step > Step::kSigned || entry.simulated() || (entry.kind() != Engagement::KIND_RECORD && !corrected))
    return absl::OkStatus();
  DX_ASSIGN_OR_RETURN(const EngagementPair names, DecodePair(entry.need(), entry.offer(), ""));
  DX_ASSIGN_OR_RETURN(std::vector<Engagement> all, RefusalsOf(refusals_, names.need, names.offer));
  DX_ASSIGN_OR_RETURN(const std::vector<Engagement> refusals,
                      HoldingFor(caller_.viewer, reader_, names.need, names.offer, std::move(all)));
  const std::optional<int64_t> signed_us = SignedBeforeUs(pair, entry);
  for (const Engagement& refusal : refusals) {
    const int64_t refused_us = MicrosOf(refusal.event_time());
    if (refusal.tenant() == entry.tenant()) continue;  // The rules have seen it.
    if (refused_us > MicrosOf(entry.event_time())) continue;
    if (signed_us && refused_us <= *signed_us) continue;  // It stood there as signed already.
    if (step == Step::kSigned) {
      findings->push_back({"REFUSAL_NOT_CLEARED", entry.name(), "对方已拒绝这一对：先由其解除拒绝", true});
    } else {
      findings->push_back({"AFTER_REFUSAL", entry.name(), "对方已拒绝这一对", false});
    }
    break;
  }
  return absl::OkStatus();
}

absl::Status EngagementWrite::Append(std::vector<Engagement> pair, const std::vector<Finding>& of_match,
                                     Engagement* entry) {
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> last,
                      table_.Get(EngagementTableKey(EngagementKey::kLast, "")));
  const uint64_t number = std::max(static_cast<uint64_t>(now_us_), FromBigEndian(last.value_or("")) + 1);
  const std::string id = EngagementId(number);
  DX_RETURN_IF_ERROR(CheckRoom(pair, *entry));
  entry->set_name(EngagementName(id));
  std::vector<Finding> findings = CheckInPair(pair, *entry, now_us_);
  DX_RETURN_IF_ERROR(FindOthersRefusal(pair, *entry, &findings));
  DX_RETURN_IF_ERROR(RefusalOf(findings));
  for (const Finding& finding : of_match) findings.push_back({finding.code, entry->name(), finding.message});
  entry->clear_warnings();
  EncodeWarnings(findings, entry->mutable_warnings());
  table_.Put(EngagementTableKey(EngagementKey::kLast, ""), BigEndian(number));
  PutEngagement(id, *entry, &table_);
  added_.push_back(entry->name());
  pair.push_back(*entry);
  UpdateRefusal(pair, &refusals_);
  return absl::OkStatus();
}

absl::StatusOr<EngagementWrite::Response> EngagementWrite::RecordStep(
    const pb::RecordEngagementRequest& request) {
  const uint64_t hash = HashOf("Record", request);
  DX_ASSIGN_OR_RETURN(const std::optional<Response> repeated, Repeated(request.request_id(), hash));
  if (repeated) return *repeated;
  DX_ASSIGN_OR_RETURN(Engagement entry, CleanEngagement(request.engagement(), policy_));
  const bool time_given = entry.has_event_time(), task_given = !entry.task().empty();
  if (!time_given) EncodeMicros(now_us_, entry.mutable_event_time());
  entry.set_kind(Engagement::KIND_RECORD);
  entry.set_tenant(caller_.tenant());
  SetRecorder(entry.actor(), &entry);
  bool owns_one = false;
  DX_RETURN_IF_ERROR(Describe(&entry, &owns_one));
  DX_ASSIGN_OR_RETURN(const std::optional<Response> before, RecordedBefore(entry, time_given, task_given));
  if (before) {
    Remember(request.request_id(), hash, *before);
    return *before;
  }
  if (entry.step() == pb::ENGAGEMENT_STEP_REFUSED && !owns_one) return NotOwner();
  DX_RETURN_IF_ERROR(CheckNumber(entry, ""));
  DX_ASSIGN_OR_RETURN(std::vector<Engagement> pair, OwnPair(entry));
  DX_ASSIGN_OR_RETURN(const std::vector<Finding> of_match, CheckMatch(entry, pair));
  DX_RETURN_IF_ERROR(Append(std::move(pair), of_match, &entry));
  const std::string id = IdOf(entry.name());
  DX_RETURN_IF_ERROR(PutNaturalKeys(id, entry, &table_));
  PutNumber(id, entry, &table_);
  Response response;
  *response.mutable_engagement() = std::move(entry);
  response.set_state(Response::CREATED);
  Remember(request.request_id(), hash, response);
  return response;
}

absl::StatusOr<pb::Engagement> EngagementWrite::Correctable(const std::string& name) const {
  DX_ASSIGN_OR_RETURN(const std::string id, DecodeEngagementName(name, "name"));
  absl::StatusOr<Engagement> entry = ReadEngagement(table_, id);
  if (!entry.ok()) return entry;
  if (!caller_.viewer.all_tenants && entry->tenant() != caller_.tenant())
    return WithReason(absl::NotFoundError(name + ": no such entry in the ledger"), "ENGAGEMENT_NOT_FOUND");
  if (!entry->corrected_by().empty()) {
    return WithReason(absl::FailedPreconditionError(name + ": was corrected by " + entry->corrected_by() +
                                                    "; correct that one"),
                      "ALREADY_CORRECTED");
  }
  if (entry->kind() != Engagement::KIND_RECORD && entry->kind() != Engagement::KIND_CORRECTION) {
    return WithReason(FieldError("name", "is a withdrawal or a clearance; record the step anew instead"),
                      "NOT_A_STEP");
  }
  return entry;
}

absl::StatusOr<pb::Engagement> EngagementWrite::Replacement(const pb::CorrectEngagementRequest& request,
                                                            const Engagement& old) const {
  Engagement entry = old;
  entry.clear_corrected_by();
  if (request.withdraw()) {
    if (request.has_engagement()) return FieldError("engagement", "not together with withdraw");
    entry.set_kind(Engagement::KIND_WITHDRAWAL);
    EncodeMicros(now_us_, entry.mutable_event_time());
    return entry;
  }
  DX_ASSIGN_OR_RETURN(Engagement sent, MergeByMask(request.update_mask(), request.engagement(), old));
  if (sent.need().empty()) sent.set_need(old.need());
  if (sent.offer().empty()) sent.set_offer(old.offer());
  if (sent.need() != old.need() || sent.offer() != old.offer()) {
    return FieldError("engagement.need",
                      "a correction keeps need and offer; withdraw the entry and record another one");
  }
  DX_ASSIGN_OR_RETURN(Engagement clean, CleanEngagement(sent, policy_));
  if (!clean.task().empty() && clean.task() != old.task()) {
    clean.set_channel(old.channel());
    DX_RETURN_IF_ERROR(CheckTask(clean));
  }
  entry.clear_amount_wan();
  entry.clear_evidence();
  for (auto* text : {entry.mutable_match_id(), entry.mutable_registration_number(), entry.mutable_note(),
                     entry.mutable_mode()}) {
    text->clear();
  }
  entry.clear_refusal_reason();
  // A task that is not sent stays, unless the mask names it: then there is none.
  const auto& named = request.update_mask().paths();
  if (std::find(named.begin(), named.end(), "task") != named.end()) entry.clear_task();
  const bool illustrative = old.illustrative();
  // A message is merged field by field: the old fraction of a second would stay.
  if (clean.has_event_time()) entry.clear_event_time();
  entry.MergeFrom(clean);
  entry.set_illustrative(illustrative || clean.illustrative());
  entry.set_kind(Engagement::KIND_CORRECTION);
  return entry;
}

absl::StatusOr<EngagementWrite::Response> EngagementWrite::Correct(
    const pb::CorrectEngagementRequest& request) {
  const uint64_t hash = HashOf("Correct", request);
  DX_ASSIGN_OR_RETURN(const std::optional<Response> repeated, Repeated(request.request_id(), hash));
  if (repeated) return *repeated;
  DX_RETURN_IF_ERROR(CheckText("why", request.why(), kWhyCharactersMax, /*required=*/true));
  DX_RETURN_IF_ERROR(CheckText("actor", request.actor(), 128, /*required=*/false));
  DX_ASSIGN_OR_RETURN(const Engagement old, Correctable(request.name()));
  DX_ASSIGN_OR_RETURN(Engagement entry, Replacement(request, old));
  entry.set_corrects(old.name());
  entry.set_why(request.why());
  SetRecorder(request.actor(), &entry);
  if (entry.step() == pb::ENGAGEMENT_STEP_REFUSED && old.step() != entry.step()) {
    bool owns_one = false;
    Engagement probe = entry;
    probe.clear_task();
    DX_RETURN_IF_ERROR(Describe(&probe, &owns_one));
    if (!owns_one) return NotOwner();
  }
  if (!request.withdraw()) DX_RETURN_IF_ERROR(CheckNumber(entry, old.name()));
  DX_ASSIGN_OR_RETURN(std::vector<Engagement> pair, OwnPair(entry));
  std::vector<Finding> of_match;
  const bool as_before = entry.match_id() == old.match_id() &&
                         (request.withdraw() || MicrosOf(entry.event_time()) == MicrosOf(old.event_time()));
  if (as_before && IsNotListed(old)) of_match.push_back(NotListed());
  if (!as_before) {
    DX_ASSIGN_OR_RETURN(of_match, CheckMatch(entry, pair));
  }
  DX_RETURN_IF_ERROR(Append(std::move(pair), of_match, &entry));
  const std::string id = IdOf(entry.name());
  table_.Put(EngagementTableKey(EngagementKey::kCorrected, IdOf(old.name())), id);
  DX_RETURN_IF_ERROR(ForgetNumber(old, &table_));
  DX_RETURN_IF_ERROR(request.withdraw() ? ForgetNaturalKeys(old, &table_)
                                        : PutNaturalKeys(id, entry, &table_));
  if (!request.withdraw()) PutNumber(id, entry, &table_);
  Response response;
  *response.mutable_engagement() = std::move(entry);
  response.set_state(Response::CREATED);
  Remember(request.request_id(), hash, response);
  DX_RETURN_IF_ERROR(HideIn(reader_, caller_, &response));
  return response;
}

// A simulated refusal holds for nobody, but hinders a simulated signature: its tenant clears it, where there
// is no other.
absl::StatusOr<std::vector<pb::Engagement>> EngagementWrite::SimulatedRefusal(
    const EngagementPair& names) const {
  Engagement own;
  own.set_need(ResourceName(names.need.kind, names.need.id));
  own.set_offer(ResourceName(names.offer.kind, names.offer.id));
  own.set_tenant(caller_.tenant());
  DX_ASSIGN_OR_RETURN(const std::vector<Engagement> pair, OwnPair(own));
  const Engagement* const refusal = RefusalIn(pair, /*simulated=*/true);
  return refusal == nullptr ? std::vector<Engagement>() : std::vector<Engagement>{*refusal};
}

absl::StatusOr<EngagementWrite::Response> EngagementWrite::ClearRefusal(
    const pb::ClearRefusalRequest& request) {
  const uint64_t hash = HashOf("Clear", request);
  DX_ASSIGN_OR_RETURN(const std::optional<Response> repeated, Repeated(request.request_id(), hash));
  if (repeated) return *repeated;
  DX_ASSIGN_OR_RETURN(const EngagementPair names, DecodePair(request.need(), request.offer(), ""));
  DX_RETURN_IF_ERROR(CheckText("why", request.why(), kWhyCharactersMax, /*required=*/true));
  DX_RETURN_IF_ERROR(CheckText("actor", request.actor(), 128, /*required=*/false));
  DX_ASSIGN_OR_RETURN(std::vector<Engagement> refusals, RefusalsOf(refusals_, names.need, names.offer));
  DX_ASSIGN_OR_RETURN(const std::vector<Engagement> holding,
                      HoldingFor(caller_.viewer, reader_, names.need, names.offer, refusals));
  std::erase_if(refusals, [&](const Engagement& refusal) {
    return !caller_.viewer.all_tenants && refusal.tenant() != caller_.tenant();
  });
  if (refusals.empty() && !holding.empty()) {
    return WithReason(absl::PermissionDeniedError("the refusal is another tenant's; it or the operator can "
                                                  "clear it"),
                      "NOT_OWNER");
  }
  if (refusals.empty()) {
    DX_ASSIGN_OR_RETURN(refusals, SimulatedRefusal(names));
  }
  if (refusals.empty()) {
    return WithReason(absl::FailedPreconditionError(request.need() + " and " + request.offer() +
                                                    ": the pair is not refused"),
                      "NOT_REFUSED");
  }
  Response response;
  for (const Engagement& refusal : refusals) {
    DX_ASSIGN_OR_RETURN(Engagement entry, ReadEngagement(table_, IdOf(refusal.name())));
    DX_ASSIGN_OR_RETURN(std::vector<Engagement> pair, OwnPair(entry));
    for (const Engagement& other : pair) {
      // A later refusal by the same hand is a new one, no repeat.
      if (other.step() == pb::ENGAGEMENT_STEP_REFUSED && other.simulated() == entry.simulated())
        DX_RETURN_IF_ERROR(ForgetNaturalKeys(other, &table_));
    }
    entry.set_kind(Engagement::KIND_CLEARANCE);
    for (auto* text : {entry.mutable_corrects(), entry.mutable_corrected_by(), entry.mutable_note()})
      text->clear();
    entry.clear_evidence();
    entry.set_why(request.why());
    EncodeMicros(now_us_, entry.mutable_event_time());
    SetRecorder(request.actor(), &entry);
    DX_RETURN_IF_ERROR(Append(std::move(pair), {}, &entry));
    *response.mutable_engagement() = std::move(entry);
  }
  response.set_state(Response::CREATED);
  Remember(request.request_id(), hash, response);
  DX_RETURN_IF_ERROR(HideIn(reader_, caller_, &response));
  return response;
}

}  // namespace dongxi
