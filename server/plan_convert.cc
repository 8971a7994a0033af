#include "server/plan_convert.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/plan/check.h"
#include "engine/plan/event_tables.h"
#include "engine/plan/plan_file.h"
#include "engine/record/record.h"
#include "proto/convert/plan_message.h"
#include "server/grpc_status.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

constexpr size_t kWarningsMax = 100;

// `served`: the limit is the server's, not the planner's.
absl::Status CheckSize(const char* field, int found, int most, bool served) {
  if (found <= most) return absl::OkStatus();
  const std::string remedy =
      std::string("；改法：把活动分成几个") + (served ? "，或不用服务，在本机用 dongxi plan make 排" : "");
  return WithReason(FieldError(std::string("event.") + field, "有 " + std::to_string(found) + " 个，最多 " +
                                                                  std::to_string(most) + " 个" + remedy),
                    "TOO_LARGE");
}

absl::Status CheckSizes(const pb::PlanEvent& event) {
  DX_RETURN_IF_ERROR(CheckSize("parties", event.parties_size(), kServedPartiesMax, true));
  DX_RETURN_IF_ERROR(CheckSize("slots", event.slots_size(), plan::kSlotsMax, false));
  DX_RETURN_IF_ERROR(CheckSize("tables", event.tables_size(), plan::kTablesMax, false));
  DX_RETURN_IF_ERROR(CheckSize("pairs", event.pairs_size(), kServedPairsMax, true));
  DX_RETURN_IF_ERROR(CheckSize("requests", event.requests_size(), kServedPairsMax, true));
  DX_RETURN_IF_ERROR(CheckSize("locks", event.locks_size(), kServedPairsMax, true));
  DX_RETURN_IF_ERROR(CheckSize("quotas", event.quotas_size(), plan::kQuotasMax, false));
  return CheckSize("sessions", event.sessions_size(), plan::kSessionsMax, false);
}

// A record of the right kind for the side, or none.
absl::Status CheckRecord(const std::string& record, bool is_need, const std::string& field) {
  if (record.empty()) return absl::OkStatus();
  const std::optional<RecordName> name = ParseResourceName(record);
  const bool needs = name && name->kind == RecordKind::kNeed;
  const bool offers = name && (name->kind == RecordKind::kInstitution || name->kind == RecordKind::kExpert ||
                               name->kind == RecordKind::kResult);
  if (is_need ? needs : offers) return absl::OkStatus();
  return WithReason(FieldError(field, "“" + record +
                                          "”不是这一方的目录名称；改法：需求方写 needs/编号，供给方写 "
                                          "institutions/编号、experts/编号 或 results/编号，没有就空着"),
                    "EVENT_INVALID");
}

absl::Status CheckRecords(const pb::PlanEvent& event) {
  for (int i = 0; i < event.parties_size(); ++i) {
    const pb::PlanParty& party = event.parties(i);
    DX_RETURN_IF_ERROR(CheckRecord(party.record(), party.side() == pb::PlanParty::NEED,
                                   "event.parties[" + std::to_string(i) + "].record"));
  }
  for (int i = 0; i < event.pairs_size(); ++i) {
    DX_RETURN_IF_ERROR(
        CheckRecord(event.pairs(i).record(), false, "event.pairs[" + std::to_string(i) + "].record"));
  }
  return absl::OkStatus();
}

absl::Status RefusalOfEvent(const std::vector<plan::Problem>& problems) {
  const auto fatal = [](const plan::Problem& problem) { return problem.fatal; };
  const auto first = std::find_if(problems.begin(), problems.end(), fatal);
  if (first == problems.end()) return absl::OkStatus();
  const auto more = std::count_if(first + 1, problems.end(), fatal);
  std::string text = first->what + "；改法：" + first->remedy;
  if (more > 0) text += "（还有 " + std::to_string(more) + " 处要改）";
  return WithReason(FieldError("event." + FieldOfProblem(*first), text), "EVENT_INVALID");
}

// Ids of an event to places in its lists, with errors about a field.
class Finder {
 public:
  // `event` outlives it.
  explicit Finder(const plan::Event& event)
      : parties_(PlacesOf(event.parties)), slots_(PlacesOf(event.slots)), tables_(PlacesOf(event.tables)) {
    for (size_t i = 0; i < event.pairs.size(); ++i)
      pairs_[{event.pairs[i].need, event.pairs[i].offer}] = static_cast<int>(i);
  }

  absl::StatusOr<int> Party(const std::string& id, const std::string& field) const {
    return Look(parties_, id, field, "参会方；改法：编号见 schedule.xlsx 的“各方日程”");
  }
  absl::StatusOr<int> Slot(const std::string& id, const std::string& field) const {
    return Look(slots_, id, field, "时段；改法：编号见 schedule.xlsx 的“总日程”");
  }
  // `asked`: a message with the two parties' ids. `done`: what only pairs of the event can be.
  template <typename Message>
  absl::StatusOr<int> Pair(const Message& asked, const std::string& field, const char* done) const {
    DX_ASSIGN_OR_RETURN(const int need, Party(asked.need(), field + ".need"));
    DX_ASSIGN_OR_RETURN(const int offer, Party(asked.offer(), field + ".offer"));
    if (const auto found = pairs_.find({need, offer}); found != pairs_.end()) return found->second;
    return FieldError(field + ".offer", "活动里没有“" + asked.need() + "”与“" + asked.offer() +
                                            "”这一对；改法：核对编号，需求方写在前面，活动里有的配对才能" +
                                            done);
  }
  absl::StatusOr<plan::Lock> Lock(const pb::PlanLock& asked, const std::string& field) const {
    plan::Lock lock{.pair = -1, .held = asked.held(), .place = {"锁定", 0}};
    DX_ASSIGN_OR_RETURN(lock.pair, Pair(asked, field, "锁定"));
    DX_ASSIGN_OR_RETURN(lock.slot, Slot(asked.slot(), field + ".slot"));
    if (!asked.table().empty()) {
      DX_ASSIGN_OR_RETURN(lock.table,
                          Look(tables_, asked.table(), field + ".table", "桌；改法：编号见活动表的“桌位”"));
    }
    return lock;
  }

  // From `now` on where `asked` does not say from when.
  absl::StatusOr<plan::Incident::Away> Away(const pb::PlanAbsence& asked, int now,
                                            const std::string& field) const {
    plan::Incident::Away away{.from = now};
    DX_ASSIGN_OR_RETURN(away.party, Party(asked.party(), field + ".party"));
    if (!asked.from().empty()) {
      DX_ASSIGN_OR_RETURN(away.from, Slot(asked.from(), field + ".from"));
    }
    if (!asked.to().empty()) {
      DX_ASSIGN_OR_RETURN(away.to, Slot(asked.to(), field + ".to"));
    }
    // It would take nothing, and give back what the two slots the other way round would take.
    if (!asked.from().empty() && away.to < away.from) {
      return FieldError(field + ".to", "应为这一方又来的时段，这里是“" + asked.to() + "”，在“" +
                                           asked.from() + "”之前；改法：from 和 to 对调，或不写 from");
    }
    return away;
  }

 private:
  using Places = std::map<std::string_view, int>;

  template <typename Items>
  static Places PlacesOf(const Items& items) {
    Places places;
    for (size_t i = 0; i < items.size(); ++i) places.emplace(items[i].id, static_cast<int>(i));
    return places;
  }
  static absl::StatusOr<int> Look(const Places& places, const std::string& id, const std::string& field,
                                  const char* what_and_remedy) {
    if (const auto found = places.find(id); found != places.end()) return found->second;
    return FieldError(field, "活动里没有编号是“" + id + "”的" + what_and_remedy);
  }

  Places parties_, slots_, tables_;
  std::map<std::pair<int, int>, int> pairs_;  // need, offer
};

absl::Status CheckCountOfPairs(const char* field, int found, const plan::Event& event) {
  if (static_cast<size_t>(found) <= event.pairs.size()) return absl::OkStatus();
  return FieldError(field, "有 " + std::to_string(found) + " 条，活动只有 " +
                               std::to_string(event.pairs.size()) + " 对；改法：每对只写一次");
}

absl::Status CheckIncidentSizes(const pb::ReplanRequest& request, const plan::Event& event) {
  if (request.absences_size() > kServedPartiesMax)
    return FieldError("absences", "缺席的比一个活动能有的参会方还多；改法：每一方只写一次");
  DX_RETURN_IF_ERROR(CheckCountOfPairs("locks", request.locks_size(), event));
  return CheckCountOfPairs("cancelled", request.cancelled_size(), event);
}

}  // namespace

absl::StatusOr<plan::Event> DecodePlanEvent(const pb::PlanEvent& message,
                                            google::protobuf::RepeatedPtrField<pb::PlanWarning>* warnings) {
  DX_RETURN_IF_ERROR(CheckSizes(message));
  DX_RETURN_IF_ERROR(CheckRecords(message));
  std::vector<plan::Problem> problems;
  plan::Event event = DecodeEvent(TablesOf(message), &problems);
  DX_RETURN_IF_ERROR(RefusalOfEvent(problems));
  for (plan::Problem& problem : Validate(event)) problems.push_back(std::move(problem));
  DX_RETURN_IF_ERROR(RefusalOfEvent(problems));
  for (size_t i = 0; warnings != nullptr && i < std::min(problems.size(), kWarningsMax); ++i) {
    pb::PlanWarning* const warning = warnings->Add();
    warning->set_field(FieldOfProblem(problems[i]));
    warning->set_message(problems[i].what + "；改法：" + problems[i].remedy);
  }
  return event;
}

absl::StatusOr<plan::Incident> DecodeIncident(const pb::ReplanRequest& request, const plan::Event& event) {
  const Finder find(event);
  plan::Incident incident;
  if (!request.now().empty()) {
    DX_ASSIGN_OR_RETURN(incident.now, find.Slot(request.now(), "now"));
  }
  if (request.has_max_changes()) {
    if (request.max_changes() < 0) return FieldError("max_changes", "应为 0 以上的整数；改法：不限就不写");
    incident.changes_max = request.max_changes();
  }
  DX_RETURN_IF_ERROR(CheckIncidentSizes(request, event));
  for (int i = 0; i < request.absences_size(); ++i) {
    const pb::PlanAbsence& absence = request.absences(i);
    DX_ASSIGN_OR_RETURN(const plan::Incident::Away away,
                        find.Away(absence, incident.now, "absences[" + std::to_string(i) + "]"));
    incident.away.push_back(away);
    if (!absence.to().empty()) incident.back.push_back({away.party, away.to});
  }
  for (int i = 0; i < request.locks_size(); ++i) {
    DX_ASSIGN_OR_RETURN(plan::Lock lock, find.Lock(request.locks(i), "locks[" + std::to_string(i) + "]"));
    incident.locks.push_back(std::move(lock));
  }
  for (int i = 0; i < request.cancelled_size(); ++i) {
    DX_ASSIGN_OR_RETURN(const int pair,
                        find.Pair(request.cancelled(i), "cancelled[" + std::to_string(i) + "]", "取消"));
    incident.cancelled.push_back(pair);
  }
  return incident;
}

void EncodeReplanned(const plan::Replanned& now, pb::ReplanResponse* out) {
  const plan::Event& event = now.event;
  for (const plan::Change& change : now.changes) {
    const plan::Pair& pair = event.pairs[change.pair];
    pb::PlanChange* const item = out->add_changes();
    item->set_kind(static_cast<pb::PlanChange::Kind>(static_cast<int>(change.kind) + 1));
    item->set_need(event.parties[pair.need].id);
    item->set_offer(event.parties[pair.offer].id);
    if (change.old_slot >= 0) item->set_old_slot(event.slots[change.old_slot].id);
    if (change.new_slot >= 0) item->set_new_slot(event.slots[change.new_slot].id);
    if (change.old_table >= 0) item->set_old_table(event.tables[change.old_table].id);
    if (change.new_table >= 0) item->set_new_table(event.tables[change.new_table].id);
    item->set_text(ChangeText(event, change));
  }
  for (const std::string& change : now.session_changes) out->add_session_changes(change);
  for (const int party : now.tell) out->add_tell(event.parties[party].id);
  out->set_forced_changes(now.forced);
  out->set_value_bound(now.value_bound);
}

absl::Status CheckedPlan(const plan::Event& event, const plan::Plan& plan) {
  const std::vector<plan::Violation> violations = CheckPlan(event, plan);
  if (violations.empty()) return absl::OkStatus();
  return WithReason(
      absl::InternalError("计划违反 " + std::to_string(violations.size()) + " 条规则，没有保存；第一条：" +
                          violations.front().text + "；这是程序的错误，请报告"),
      "PLAN_UNSOUND");
}

absl::Status CheckPlanState(const pb::Plan& plan, std::initializer_list<pb::Plan::State> wanted,
                            const char* what) {
  if (std::find(wanted.begin(), wanted.end(), plan.state()) != wanted.end()) return absl::OkStatus();
  const auto state = static_cast<plan::State>(plan.state() - 1);
  std::string words;
  for (const pb::Plan::State one : wanted) {
    if (!words.empty()) words += "、";
    words += plan::StateWord(static_cast<plan::State>(one - 1));
  }
  return WithReason(
      absl::FailedPreconditionError(plan.name() + "：计划现在是“" + std::string(plan::StateWord(state)) +
                                    "”，" + what + "要在这些状态：" + words),
      "PLAN_STATE");
}

}  // namespace dongxi
