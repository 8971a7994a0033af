#include "proto/convert/plan_message.h"

#include <map>
#include <tuple>

#include "engine/engagement/engagement.h"

namespace dongxi {
namespace {

constexpr std::string_view kOutcomes[] = {"", "已会谈", "意向", "签约", "拒绝", "未到"};

void EncodeFigures(const plan::Figures& f, v1::PlanFigures* out) {
  out->set_value(f.value);
  out->set_value_bound(f.value_bound);
  out->set_gap(f.gap);
  out->set_method(f.method);
  out->set_meetings(f.meetings);
  out->set_musts(f.musts);
  out->set_musts_met(f.musts_met);
  out->set_musts_bound(f.musts_bound);
  out->set_wants(f.wants);
  out->set_wants_met(f.wants_met);
  out->set_min_shortfall(f.min_shortfall);
  out->set_quota_shortfall(f.quota_shortfall);
  out->set_quota_cost(f.quota_cost);
  out->set_worst_off(f.worst_off);
  out->set_without_meeting(f.without_meeting);
  out->set_gini(f.gini);
  out->set_envy(f.envy);
  out->set_blocking_pairs(f.blocking_pairs);
  out->set_idle_slots(f.idle_slots);
  out->set_table_changes(f.table_changes);
}

plan::Figures FiguresOf(const v1::PlanFigures& in) {
  return {.value = in.value(),
          .value_bound = in.value_bound(),
          .gap = in.gap(),
          .method = in.method(),
          .meetings = in.meetings(),
          .musts = in.musts(),
          .musts_met = in.musts_met(),
          .musts_bound = in.musts_bound(),
          .wants = in.wants(),
          .wants_met = in.wants_met(),
          .min_shortfall = in.min_shortfall(),
          .quota_shortfall = in.quota_shortfall(),
          .quota_cost = in.quota_cost(),
          .worst_off = in.worst_off(),
          .without_meeting = in.without_meeting(),
          .gini = in.gini(),
          .envy = in.envy(),
          .blocking_pairs = in.blocking_pairs(),
          .idle_slots = in.idle_slots(),
          .table_changes = in.table_changes()};
}

void EncodeMeeting(const plan::Event& event, const plan::Meeting& meeting, v1::PlanMeeting* out) {
  const plan::Pair& pair = event.pairs[meeting.pair];
  out->set_need(event.parties[pair.need].id);
  out->set_offer(event.parties[pair.offer].id);
  out->set_slot(event.slots[meeting.slot].id);
  if (meeting.table >= 0) out->set_table(event.tables[meeting.table].id);
  out->set_locked(meeting.locked);
  out->set_held(meeting.held);
  out->set_outcome(OutcomeOf(meeting.outcome));
  out->set_note(meeting.note);
  out->set_refusal_reason(ReasonOfWord(meeting.reason));
  out->set_amount_wan(meeting.amount_wan);
  *out->mutable_engagements() = {meeting.engagements.begin(), meeting.engagements.end()};
}

void EncodeProof(const plan::PlanFile& file, v1::Plan* out) {
  for (const plan::UnmetMust& unmet : file.plan.unmet) {
    const plan::Pair& pair = file.event.pairs[unmet.pair];
    v1::PlanUnmetMust* const item = out->add_unmet_musts();
    item->set_need(file.event.parties[pair.need].id);
    item->set_offer(file.event.parties[pair.offer].id);
    *item->mutable_clash() = {unmet.clash.begin(), unmet.clash.end()};
    item->set_smallest(unmet.smallest);
  }
  for (const plan::FairnessPoint& point : file.plan.curve) {
    v1::PlanFairnessPoint* const item = out->add_fairness_curve();
    item->set_weight(point.weight);
    item->set_value(point.value);
    item->set_value_share(point.value_share);
    item->set_worst_off(point.worst_off);
    item->set_without_meeting(point.without_meeting);
    item->set_gini(point.gini);
    item->set_chosen(point.chosen);
  }
  for (const plan::Price& price : file.plan.prices) {
    v1::PlanPrice* const item = out->add_prices();
    item->set_of(price.of);
    item->set_value(price.value);
    item->set_meetings(price.meetings);
  }
}

v1::PlanParty::Side SideOf(const plan::Quota& quota) {
  if (quota.of_needs && quota.of_offers) return v1::PlanParty::SIDE_UNSPECIFIED;
  return quota.of_needs ? v1::PlanParty::NEED : v1::PlanParty::OFFER;
}

v1::PlanQuota::Kind KindOf(const plan::Quota& quota) {
  return quota.kind == plan::QuotaKind::kRegion ? v1::PlanQuota::REGION : v1::PlanQuota::INSTITUTION;
}

void EncodeQuotas(const plan::PlanFile& file, v1::Plan* out) {
  for (const plan::QuotaResult& result : file.plan.quotas) {
    const plan::Quota& quota = file.event.quotas[result.quota];
    v1::PlanQuotaResult* const item = out->add_quotas();
    item->set_kind(KindOf(quota));
    item->set_group(quota.group);
    item->set_side(SideOf(quota));
    item->set_meetings(result.meetings);
    item->set_missing(result.missing);
    *item->mutable_reasons() = {result.reasons.begin(), result.reasons.end()};
    item->set_proven(result.proven);
    item->set_value_lost(result.value_lost);
    item->set_meetings_lost(result.meetings_lost);
  }
}

void DecodeQuotas(const v1::Plan& message, const plan::Event& event, plan::Plan* plan) {
  std::map<std::tuple<int, int, std::string>, int> places;
  for (size_t q = 0; q < event.quotas.size(); ++q)
    places[{KindOf(event.quotas[q]), SideOf(event.quotas[q]), event.quotas[q].group}] = static_cast<int>(q);
  for (const v1::PlanQuotaResult& item : message.quotas()) {
    const auto place = places.find({item.kind(), item.side(), item.group()});
    if (place == places.end()) continue;
    plan::QuotaResult& result = plan->quotas.emplace_back();
    result.quota = place->second;
    result.meetings = item.meetings();
    result.missing = item.missing();
    result.reasons = {item.reasons().begin(), item.reasons().end()};
    result.proven = item.proven();
    result.value_lost = item.value_lost();
    result.meetings_lost = item.meetings_lost();
  }
}

void EncodeAbsences(const plan::PlanFile& file, v1::Plan* out) {
  for (const plan::Absence& absence : file.absences) {
    v1::PlanKeptAbsence* const item = out->add_kept_absences();
    item->set_party(file.event.parties[absence.party].id);
    for (size_t s = 0; s < file.event.slots.size(); ++s) {
      if (absence.slots[s]) item->add_slots(file.event.slots[s].id);
    }
    item->set_min_meetings(absence.min_meetings);
  }
}

// Ids of the event to places in its lists.
class Ids {
 public:
  explicit Ids(const plan::Event& event) {
    Number(event.parties, parties_);
    Number(event.slots, slots_);
    Number(event.tables, tables_);
    Number(event.sessions, sessions_);
    for (size_t i = 0; i < event.pairs.size(); ++i)
      pairs_[{event.pairs[i].need, event.pairs[i].offer}] = static_cast<int>(i);
  }
  int Party(const std::string& id) const { return Look(parties_, id); }
  int Slot(const std::string& id) const { return Look(slots_, id); }
  int Table(const std::string& id) const { return Look(tables_, id); }
  int Session(const std::string& id) const { return Look(sessions_, id); }
  int Pair(const std::string& need, const std::string& offer) const {
    return Look(pairs_, std::pair(Party(need), Party(offer)));
  }

 private:
  template <typename Items>
  static void Number(const Items& items, std::map<std::string, int>& ids) {
    for (size_t i = 0; i < items.size(); ++i) ids[items[i].id] = static_cast<int>(i);
  }
  template <typename Map, typename Key>
  static int Look(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? -1 : found->second;
  }
  std::map<std::string, int> parties_, slots_, tables_, sessions_;
  std::map<std::pair<int, int>, int> pairs_;
};

absl::Status Broken(const char* what) { return absl::InvalidArgumentError(std::string("计划：") + what); }

absl::Status DecodeMeetings(const v1::Plan& message, const Ids& ids, plan::Plan* plan) {
  for (const v1::PlanMeeting& item : message.meetings()) {
    plan::Meeting meeting{.pair = ids.Pair(item.need(), item.offer()), .slot = ids.Slot(item.slot())};
    if (!item.table().empty()) meeting.table = ids.Table(item.table());
    if (meeting.pair < 0 || meeting.slot < 0 || (!item.table().empty() && meeting.table < 0))
      return Broken("有一场会谈的参会方、时段或桌不在活动里");
    meeting.locked = item.locked();
    meeting.held = item.held();
    meeting.outcome = std::string(WordOf(item.outcome()));
    if (item.refusal_reason() != v1::REFUSAL_REASON_UNSPECIFIED)
      meeting.reason = std::string(ChineseNameOf(static_cast<RefusalReason>(item.refusal_reason())));
    meeting.amount_wan = item.amount_wan();
    meeting.note = item.note();
    meeting.engagements = {item.engagements().begin(), item.engagements().end()};
    plan->meetings.push_back(std::move(meeting));
  }
  for (const v1::PlannedSession& item : message.sessions()) {
    plan::SessionPlan session{.session = ids.Session(item.id()), .slot = ids.Slot(item.slot())};
    if (session.session < 0) return Broken("有一个活动不在表“活动”里");
    for (const std::string& party : item.parties()) {
      session.parties.push_back(ids.Party(party));
      if (session.parties.back() < 0) return Broken("有一个活动的参会方不在活动里");
    }
    plan->sessions.push_back(std::move(session));
  }
  return absl::OkStatus();
}

absl::Status DecodeAbsences(const v1::Plan& message, const Ids& ids, plan::PlanFile* file) {
  for (const v1::PlanKeptAbsence& item : message.kept_absences()) {
    plan::Absence absence{.party = ids.Party(item.party())};
    if (absence.party < 0) return Broken("缺席的参会方不在活动里");
    for (const std::string& id : item.slots()) {
      const int slot = ids.Slot(id);
      if (slot < 0) return Broken("缺席的时段不在活动里");
      absence.slots.set(slot);
    }
    absence.slots &= plan::MeetingSlots(file->event);
    absence.min_meetings = item.min_meetings();
    file->absences.push_back(absence);
  }
  return absl::OkStatus();
}

void DecodeProof(const v1::Plan& message, const Ids& ids, plan::Plan* plan) {
  plan->figures = FiguresOf(message.figures());
  for (const v1::PlanUnmetMust& item : message.unmet_musts()) {
    const int pair = ids.Pair(item.need(), item.offer());
    if (pair >= 0) plan->unmet.push_back({pair, {item.clash().begin(), item.clash().end()}, item.smallest()});
  }
  for (const v1::PlanFairnessPoint& item : message.fairness_curve()) {
    plan->curve.push_back({item.weight(), item.value(), item.value_share(), item.worst_off(),
                           item.without_meeting(), item.gini(), item.chosen()});
  }
  for (const v1::PlanPrice& item : message.prices())
    plan->prices.push_back({item.of(), item.value(), item.meetings()});
}

}  // namespace

std::string_view WordOf(v1::MeetingOutcome outcome) {
  return v1::MeetingOutcome_IsValid(outcome) ? kOutcomes[outcome] : kOutcomes[0];
}

v1::MeetingOutcome OutcomeOf(std::string_view word) {
  for (int i = 1; i <= v1::MeetingOutcome_MAX; ++i) {
    if (kOutcomes[i] == word) return static_cast<v1::MeetingOutcome>(i);
  }
  return v1::MEETING_OUTCOME_UNSPECIFIED;
}

std::vector<v1::EngagementStep> StepsOf(v1::MeetingOutcome outcome) {
  switch (outcome) {
    case v1::MEETING_OUTCOME_MET:
      return {v1::ENGAGEMENT_STEP_MET};
    case v1::MEETING_OUTCOME_INTERESTED:
      return {v1::ENGAGEMENT_STEP_MET, v1::ENGAGEMENT_STEP_INTERESTED};
    case v1::MEETING_OUTCOME_SIGNED:
      return {v1::ENGAGEMENT_STEP_MET, v1::ENGAGEMENT_STEP_SIGNED};
    case v1::MEETING_OUTCOME_REFUSED:
      return {v1::ENGAGEMENT_STEP_MET, v1::ENGAGEMENT_STEP_REFUSED};
    default:
      return {};
  }
}

v1::RefusalReason ReasonOfWord(std::string_view word) {
  const std::optional<RefusalReason> reason = RefusalReasonOf(word);
  return static_cast<v1::RefusalReason>(reason.value_or(RefusalReason::kNone));
}

void EncodePlan(const plan::PlanFile& file, v1::Plan* out) {
  out->set_title(file.event.settings.title);
  out->set_state(static_cast<v1::Plan::State>(static_cast<int>(file.state) + 1));
  out->set_revision(file.revision);
  out->set_party_count(static_cast<int>(file.event.parties.size()));
  out->set_pair_count(static_cast<int>(file.event.pairs.size()));
  EncodeFigures(file.plan.figures, out->mutable_figures());
  *out->mutable_event() = EventMessageOf(file.event);
  out->clear_meetings();
  for (const plan::Meeting& meeting : file.plan.meetings)
    EncodeMeeting(file.event, meeting, out->add_meetings());
  out->clear_sessions();
  for (const plan::SessionPlan& session : file.plan.sessions) {
    v1::PlannedSession* const item = out->add_sessions();
    item->set_id(file.event.sessions[session.session].id);
    if (session.slot >= 0) item->set_slot(file.event.slots[session.slot].id);
    for (const int party : session.parties) item->add_parties(file.event.parties[party].id);
  }
  out->clear_unmet_musts();
  out->clear_fairness_curve();
  out->clear_prices();
  out->clear_quotas();
  out->clear_kept_absences();
  EncodeProof(file, out);
  EncodeQuotas(file, out);
  EncodeAbsences(file, out);
  *out->mutable_changes() = {file.changes.begin(), file.changes.end()};
}

absl::StatusOr<plan::PlanFile> PlanFileOf(const v1::Plan& message) {
  if (!message.has_event()) return Broken("没有活动，只有概要；改法：用 GetPlan 取整个计划");
  if (!v1::Plan::State_IsValid(message.state()) || message.state() == v1::Plan::STATE_UNSPECIFIED)
    return Broken("没有状态");
  plan::PlanFile file;
  std::vector<plan::Problem> problems;
  file.event = DecodeEvent(TablesOf(message.event()), &problems);
  for (const plan::Problem& problem : problems) {
    if (problem.fatal) return absl::InvalidArgumentError(problem.Text());
  }
  file.state = static_cast<plan::State>(message.state() - 1);
  file.revision = message.revision();
  file.changes = {message.changes().begin(), message.changes().end()};
  const Ids ids(file.event);
  if (const absl::Status status = DecodeMeetings(message, ids, &file.plan); !status.ok()) return status;
  if (const absl::Status status = DecodeAbsences(message, ids, &file); !status.ok()) return status;
  DecodeProof(message, ids, &file.plan);
  DecodeQuotas(message, file.event, &file.plan);
  return file;
}

v1::Plan WithoutParts(const v1::Plan& plan) {
  v1::Plan summary = plan;
  summary.clear_event();
  summary.clear_meetings();
  summary.clear_sessions();
  summary.clear_unmet_musts();
  summary.clear_fairness_curve();
  summary.clear_prices();
  summary.clear_quotas();
  summary.clear_kept_absences();
  summary.clear_changes();
  summary.clear_warnings();
  return summary;
}

}  // namespace dongxi
