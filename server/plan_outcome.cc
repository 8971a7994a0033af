#include "server/plan_outcome.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "engine/base/status_macros.h"
#include "engine/engagement/rules.h"
#include "proto/convert/plan_message.h"
#include "server/engagement_convert.h"
#include "server/engagement_table.h"
#include "server/engagement_write.h"
#include "server/grpc_status.h"
#include "server/ledger_disclosure.h"
#include "server/plan_convert.h"
#include "server/plan_store.h"
#include "server/request_memory.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

constexpr size_t kNoteCharactersMax = 2'000;
constexpr size_t kActorCharactersMax = 128;
constexpr char kCorrectionWhy[] = "会谈结果更正：";

absl::Status CheckRequest(const pb::RecordOutcomeRequest& request) {
  if (!pb::MeetingOutcome_IsValid(request.outcome()) || request.outcome() == pb::MEETING_OUTCOME_UNSPECIFIED)
    return FieldError("outcome",
                      "应为 MEETING_OUTCOME_MET、_INTERESTED、_SIGNED、_REFUSED 或 _NO_SHOW（已会谈、意向、"
                      "签约、拒绝、未到）");
  const bool refused = request.outcome() == pb::MEETING_OUTCOME_REFUSED;
  const bool has_reason = request.refusal_reason() != pb::REFUSAL_REASON_UNSPECIFIED;
  if (refused != has_reason || !pb::RefusalReason_IsValid(request.refusal_reason())) {
    return FieldError("refusal_reason", refused ? "结果是拒绝（MEETING_OUTCOME_REFUSED）时要写理由"
                                                : "只和拒绝（MEETING_OUTCOME_REFUSED）一起写");
  }
  if (request.has_amount_wan() && request.outcome() != pb::MEETING_OUTCOME_SIGNED)
    return FieldError("amount_wan", "只和签约（MEETING_OUTCOME_SIGNED）一起写");
  // The ledger checks its entries, but a meeting whose parties have no record stands in the plan alone.
  // Written so that NaN fails.
  if (request.has_amount_wan() && !(request.amount_wan() >= 0 && request.amount_wan() <= kAmountWanMax))
    return FieldError("amount_wan", "应为 0 到 100000000（万元）");
  DX_RETURN_IF_ERROR(CheckText("note", request.note(), kNoteCharactersMax, /*required=*/false));
  DX_RETURN_IF_ERROR(CheckText("actor", request.actor(), kActorCharactersMax, /*required=*/false));
  return CheckText("why", request.why(), kWhyCharactersMax - sizeof(kCorrectionWhy), /*required=*/false);
}

absl::StatusOr<pb::PlanMeeting*> FindMeeting(const pb::RecordOutcomeRequest& request, pb::Plan* plan) {
  for (pb::PlanMeeting& meeting : *plan->mutable_meetings()) {
    if (meeting.need() == request.need() && meeting.offer() == request.offer()) return &meeting;
  }
  return WithReason(absl::NotFoundError(plan->name() + "：计划里没有 " + request.need() + " 与 " +
                                        request.offer() + " 的会谈；改法：写计划里这场会谈两方的编号"),
                    "MEETING_NOT_FOUND");
}

bool SaysTheSame(const pb::PlanMeeting& meeting, const pb::RecordOutcomeRequest& request) {
  return meeting.outcome() == request.outcome() && meeting.refusal_reason() == request.refusal_reason() &&
         meeting.amount_wan() == request.amount_wan() && meeting.note() == request.note();
}

// True if what the ledger has of the old outcome is true of the new one too.
bool Follows(pb::MeetingOutcome old, pb::MeetingOutcome next) {
  switch (old) {
    case pb::MEETING_OUTCOME_UNSPECIFIED:
    case pb::MEETING_OUTCOME_NO_SHOW:
      return true;
    case pb::MEETING_OUTCOME_MET:
      return next != pb::MEETING_OUTCOME_NO_SHOW && next != old;
    case pb::MEETING_OUTCOME_INTERESTED:
      return next == pb::MEETING_OUTCOME_SIGNED || next == pb::MEETING_OUTCOME_REFUSED;
    default:
      return false;
  }
}

const pb::PlanParty* PartyOf(const pb::PlanEvent& event, const std::string& id) {
  for (const pb::PlanParty& party : event.parties()) {
    if (party.id() == id) return &party;
  }
  return nullptr;
}

const pb::PlanPair& PairOf(const pb::PlanEvent& event, const pb::PlanMeeting& meeting) {
  for (const pb::PlanPair& pair : event.pairs()) {
    if (pair.need() == meeting.need() && pair.offer() == meeting.offer()) return pair;
  }
  return pb::PlanPair::default_instance();
}

// Of a plan that is deleted by now nobody can tell what the words are about.
void HideWordsOfDeleted(pb::RecordOutcomeResponse* response) {
  response->mutable_meeting()->clear_note();
  if (!response->not_in_ledger().empty())
    response->set_not_in_ledger("有的结果没有记到台账；计划已经删除，原因不再显示");
}

// Takes out of an answer what it says of records that the caller may not see. PermissionDenied: a repeat by
// who may not read the plan.
absl::Status HideInAnswer(const CatalogueReader& reader, const Caller& caller, const std::string& plan_name,
                          bool again, pb::RecordOutcomeResponse* response) {
  if (again || !response->meeting().note().empty()) {
    const absl::StatusOr<KeptPlan> kept = OpenPlan(reader, plan_name, caller);
    pb::PlanMeeting* const meetings[] = {response->mutable_meeting()};
    if (absl::IsNotFound(kept.status())) {
      HideWordsOfDeleted(response);
    } else {
      DX_RETURN_IF_ERROR(kept.status());
      DX_RETURN_IF_ERROR(HideNotesThatAreNotDisclosed(reader, caller, kept->plan.event(), meetings));
    }
  }
  const std::vector<pb::Engagement*> entries(response->mutable_engagements()->pointer_begin(),
                                             response->mutable_engagements()->pointer_end());
  return HideWhatIsNotDisclosed(reader, caller, entries);
}

// One outcome on its way into the plan and the ledger. Lives within one write.
class OutcomeWrite {
 public:
  OutcomeWrite(const CatalogueReader& reader, const pb::RecordOutcomeRequest& request, const Caller& caller,
               const Policy& policy, int64_t now_us)
      : reader_(reader),
        request_(request),
        caller_(caller),
        now_us_(now_us),
        ledger_(reader, caller, policy, now_us) {}

  absl::StatusOr<WriteBatch> Run(pb::RecordOutcomeResponse* response) {
    DX_ASSIGN_OR_RETURN(KeptPlan kept, OpenPlan(reader_, request_.name(), caller_));
    pb::Plan& plan = kept.plan;
    DX_RETURN_IF_ERROR(CheckPlanEtag(plan, request_.etag()));
    DX_RETURN_IF_ERROR(CheckPlanState(plan, {pb::Plan::RUNNING, pb::Plan::CLOSED}, "记结果"));
    DX_ASSIGN_OR_RETURN(pb::PlanMeeting* const meeting, FindMeeting(request_, &plan));
    if (SaysTheSame(*meeting, request_)) return Unchanged(plan, *meeting, response);
    if (!Follows(meeting->outcome(), request_.outcome())) DX_RETURN_IF_ERROR(Withdraw(meeting));
    DX_RETURN_IF_ERROR(AddToLedger(plan, meeting, response));
    meeting->set_outcome(request_.outcome());
    meeting->set_held(request_.outcome() != pb::MEETING_OUTCOME_NO_SHOW);
    meeting->set_note(request_.note());
    meeting->set_refusal_reason(request_.refusal_reason());
    meeting->set_amount_wan(request_.amount_wan());
    WriteBatch batch = ledger_.Take();
    *response->mutable_meeting() = *meeting;
    PutPlan(now_us_, &kept, &batch);
    response->set_etag(plan.etag());
    return batch;
  }

 private:
  absl::StatusOr<WriteBatch> Unchanged(const pb::Plan& plan, const pb::PlanMeeting& meeting,
                                       pb::RecordOutcomeResponse* response) const {
    const TableOverlay table(reader_, Table::kEngagements);
    for (const std::string& name : meeting.engagements()) {
      DX_ASSIGN_OR_RETURN(const std::string id, DecodeEngagementName(name, "name"));
      DX_ASSIGN_OR_RETURN(*response->add_engagements(), ReadEngagement(table, id));
    }
    *response->mutable_meeting() = meeting;
    response->set_etag(plan.etag());
    return WriteBatch();
  }

  // The old outcome never happened.
  absl::Status Withdraw(pb::PlanMeeting* meeting) {
    if (request_.why().empty()) {
      return WithReason(
          WithField(absl::FailedPreconditionError(
                        "这场会谈已经记了“" + std::string(WordOf(meeting->outcome())) +
                        "”，新的结果与它不同；改法：写上 why（为什么更正），台账里原来的记录随之撤回"),
                    "why"),
          "OUTCOME_RECORDED");
    }
    for (const std::string& name : meeting->engagements()) {
      pb::CorrectEngagementRequest correction;
      correction.set_name(name);
      correction.set_withdraw(true);
      correction.set_why(kCorrectionWhy + request_.why());
      correction.set_actor(request_.actor());
      const auto done = ledger_.Correct(correction);
      // Somebody corrected it in the ledger itself, which then holds.
      if (!done.ok() && ReasonOf(done.status()) != "ALREADY_CORRECTED") return done.status();
      if (done.ok()) caller_.Touched(done->engagement().name());
    }
    meeting->clear_engagements();
    return absl::OkStatus();
  }

  absl::Status AddToLedger(const pb::Plan& plan, pb::PlanMeeting* meeting,
                           pb::RecordOutcomeResponse* response) {
    const std::vector<pb::EngagementStep> steps = StepsOf(request_.outcome());
    const pb::PlanParty* const need = PartyOf(plan.event(), meeting->need());
    const pb::PlanParty* const offer = PartyOf(plan.event(), meeting->offer());
    if (need == nullptr || offer == nullptr) return absl::DataLossError(plan.name() + ": a party is missing");
    const pb::PlanPair& pair = PairOf(plan.event(), *meeting);
    const std::string& offer_record = pair.record().empty() ? offer->record() : pair.record();
    if (!steps.empty() && (need->record().empty() || offer_record.empty())) {
      response->set_not_in_ledger("“" + (need->record().empty() ? need : offer)->name() +
                                  "”在活动里没有目录名称（record），结果只记在计划里，没有记到台账");
      return absl::OkStatus();
    }
    DX_ASSIGN_OR_RETURN(std::set<pb::EngagementStep> known, KnownSteps(*meeting));
    for (const pb::EngagementStep step : steps) {
      if (known.contains(step)) continue;
      pb::RecordEngagementRequest entry;
      entry.mutable_engagement()->set_match_id(pair.match_id());
      entry.mutable_engagement()->set_need(need->record());
      entry.mutable_engagement()->set_offer(offer_record);
      Fill(plan, *meeting, step, entry.mutable_engagement());
      DX_RETURN_IF_ERROR(Record(&entry, meeting, response));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::set<pb::EngagementStep>> KnownSteps(const pb::PlanMeeting& meeting) const {
    const TableOverlay table(reader_, Table::kEngagements);
    std::set<pb::EngagementStep> steps;
    for (const std::string& name : meeting.engagements()) {
      DX_ASSIGN_OR_RETURN(const std::string id, DecodeEngagementName(name, "name"));
      DX_ASSIGN_OR_RETURN(const pb::Engagement entry, ReadEngagement(table, id));
      steps.insert(entry.step());
    }
    return steps;
  }

  void Fill(const pb::Plan& plan, const pb::PlanMeeting& meeting, pb::EngagementStep step,
            pb::Engagement* entry) const {
    entry->set_step(step);
    entry->add_evidence(plan.name());
    entry->set_actor(request_.actor());
    if (step == StepsOf(request_.outcome()).back()) entry->set_note(request_.note());
    if (step == pb::ENGAGEMENT_STEP_REFUSED) entry->set_refusal_reason(request_.refusal_reason());
    if (step == pb::ENGAGEMENT_STEP_SIGNED && request_.has_amount_wan())
      entry->set_amount_wan(request_.amount_wan());
    if (request_.has_event_time()) {
      *entry->mutable_event_time() = request_.event_time();
    } else {
      EncodeMicros(std::min(SlotBeginUs(plan.event(), meeting.slot()), now_us_), entry->mutable_event_time());
    }
  }

  absl::Status Record(pb::RecordEngagementRequest* entry, pb::PlanMeeting* meeting,
                      pb::RecordOutcomeResponse* response) {
    auto recorded = ledger_.RecordStep(*entry);
    const std::string reason = recorded.ok() ? "" : ReasonOf(recorded.status());
    if (reason == "MATCH_NOT_FOUND" || reason == "MATCH_AFTER_EVENT") {
      // The log of matches is not kept for ever, and a plan can be matched anew; that the two met stays true.
      response->set_not_in_ledger("匹配 " + entry->engagement().match_id() +
                                  (reason == "MATCH_NOT_FOUND" ? " 已不在匹配记录里" : " 晚于会谈的日期") +
                                  "，台账里的记录没有匹配编号");
      entry->mutable_engagement()->clear_match_id();
      recorded = ledger_.RecordStep(*entry);
    }
    if (absl::IsNotFound(recorded.status())) {
      // A need of a spreadsheet, or a record that is deleted by now.
      response->set_not_in_ledger(std::string(recorded.status().message()) + "；结果只记在计划里");
      return absl::OkStatus();
    }
    if (!recorded.ok() && ReasonOf(recorded.status()) == "NOT_OWNER") {
      response->set_not_in_ledger("拒绝只能由需求或供给的所有者记到台账；计划里已经记下");
      return absl::OkStatus();
    }
    if (!recorded.ok()) return recorded.status();
    meeting->add_engagements(recorded->engagement().name());
    caller_.Touched(recorded->engagement().name());
    *response->add_engagements() = std::move(*recorded->mutable_engagement());
    return absl::OkStatus();
  }

  const CatalogueReader& reader_;
  const pb::RecordOutcomeRequest& request_;
  const Caller& caller_;
  const int64_t now_us_;
  EngagementWrite ledger_;
};

}  // namespace

int64_t SlotBeginUs(const pb::PlanEvent& event, const std::string& slot) {
  int offset_hour = 8, offset_minute = 0;
  char sign = '+';
  (void)std::sscanf(event.settings().utc_offset().c_str(), "%c%2d:%2d", &sign, &offset_hour, &offset_minute);
  const int offset_s = (sign == '-' ? -1 : 1) * (offset_hour * 60 + offset_minute) * 60;
  for (const pb::PlanSlot& one : event.slots()) {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0;
    if (one.id() != slot) continue;
    if (std::sscanf(one.date().c_str(), "%4d-%2d-%2d", &year, &month, &day) != 3 ||
        std::sscanf(one.begin().c_str(), "%2d:%2d", &hour, &minute) != 2) {
      break;
    }
    return absl::ToUnixMicros(
        absl::FromCivil(absl::CivilMinute(year, month, day, hour, minute), absl::FixedTimeZone(offset_s)));
  }
  return 0;
}

absl::StatusOr<pb::RecordOutcomeResponse> RecordPlanOutcome(const pb::RecordOutcomeRequest& request,
                                                            const Caller& caller, const Policy& policy,
                                                            int64_t now_us, Catalogue* catalogue) {
  DX_RETURN_IF_ERROR(CheckRequest(request));
  pb::RecordOutcomeRequest content = request;
  content.clear_request_id();
  DX_ASSIGN_OR_RETURN(const RequestKey key,
                      MakeRequestKey(caller.tenant(), request.request_id(), "PlanService.RecordOutcome",
                                     content.SerializeAsString()));
  pb::RecordOutcomeResponse response;
  const auto written = catalogue->Write(
      [&](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
        response.Clear();
        DX_ASSIGN_OR_RETURN(const bool again, AnswerAgain(newest, key, now_us, &response));
        WriteBatch batch;
        if (!again) {
          OutcomeWrite write(newest, request, caller, policy, now_us);
          DX_ASSIGN_OR_RETURN(batch, write.Run(&response));
          DX_RETURN_IF_ERROR(RememberAnswer(newest, key, response.SerializeAsString(), now_us, &batch.puts));
        }
        // Of what is remembered whole: who repeats may see less of the records than who recorded, or more.
        DX_RETURN_IF_ERROR(HideInAnswer(newest, caller, request.name(), again, &response));
        return batch;
      },
      now_us);
  if (!written.ok()) return written.status();
  return response;
}

}  // namespace dongxi
