#include "engine/plan/incident.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "engine/plan/instance.h"

namespace dongxi::plan {
namespace {

constexpr std::string_view kNoShow = "未到";

bool IsAway(const Incident& incident, int party, int slot) {
  return std::any_of(incident.away.begin(), incident.away.end(), [&](const Incident::Away& away) {
    return away.party == party && slot >= std::max(away.from, incident.now) && slot < away.to;
  });
}

// What has taken place, or of which is known that it did not.
bool IsPast(const Meeting& meeting, const Incident& incident) {
  return meeting.slot < incident.now || meeting.held || !meeting.outcome.empty();
}

// By pair: the slot that a new lock gives it.
std::map<int, int> NewSlots(const Incident& incident) {
  std::map<int, int> slots;
  for (const Lock& lock : incident.locks) slots[lock.pair] = lock.slot;
  return slots;
}

// Somebody stayed away, and a new lock gives the two another slot.
bool IsMadeGood(const Meeting& meeting, const std::map<int, int>& new_slots) {
  const auto found = new_slots.find(meeting.pair);
  return meeting.outcome == kNoShow && found != new_slots.end() && found->second != meeting.slot;
}

// Pairs that no lock may move: who has met, or has an outcome that is not made good.
std::set<int> SettledPairs(const Event& event, const Plan& plan, const Incident& incident) {
  const std::map<int, int> new_slots = NewSlots(incident);
  std::set<int> settled, made_good;
  for (const Meeting& meeting : plan.meetings) {
    if (IsMadeGood(meeting, new_slots))
      made_good.insert(meeting.pair);
    else if (IsPast(meeting, incident))
      settled.insert(meeting.pair);
  }
  for (const Lock& lock : event.locks) {
    if (lock.held && !made_good.contains(lock.pair)) settled.insert(lock.pair);
  }
  return settled;
}

SlotSet SlotsOf(const Incident::Away& away, const Incident& incident, const Event& event) {
  SlotSet slots;
  for (int s = std::max(away.from, incident.now);
       s < std::min<int>(away.to, static_cast<int>(event.slots.size())); ++s) {
    slots.set(s);
  }
  return slots;
}

// By party: what earlier incidents took from it; null: nothing.
std::vector<const Absence*> EarlierOfParties(const Incident& incident, const Event& event) {
  std::vector<const Absence*> earlier(event.parties.size(), nullptr);
  for (const Absence& absence : incident.earlier) earlier[absence.party] = &absence;
  return earlier;
}

// What `earlier` took of the slots that are still to come for who is back.
SlotSet GivenBack(const Incident::Back& back, const Absence& earlier, const Incident& incident,
                  const Event& before) {
  SlotSet slots = earlier.slots & ~before.parties[back.party].available;
  for (int s = 0; s < std::max(back.from, incident.now); ++s) slots.reset(s);
  return slots;
}

void GiveBack(const Event& before, const Incident& incident, Event& event) {
  const std::vector<const Absence*> earlier = EarlierOfParties(incident, before);
  for (const Incident::Back& back : incident.back) {
    const Absence* const absence = earlier[back.party];
    if (absence == nullptr) continue;
    Party& party = event.parties[back.party];
    party.available |= GivenBack(back, *absence, incident, before);
    party.min_meetings = std::max(party.min_meetings, absence->min_meetings);
  }
}

void TakeAway(const Incident& incident, Event& event) {
  for (const Incident::Away& away : incident.away)
    event.parties[away.party].available &= ~SlotsOf(away, incident, event);
}

// Kept with the event, so that no later replan brings them back; locks that are still to come fall with them.
void Decline(const Incident& incident, Event& event) {
  const std::set<int> cancelled(incident.cancelled.begin(), incident.cancelled.end());
  std::erase_if(event.locks, [&](const Lock& lock) { return cancelled.contains(lock.pair); });
  for (const int pair : cancelled) {
    event.pairs[pair].by_organiser = Wish::kNo;
    event.pairs[pair].by_organiser_row = 0;
  }
}

// Nobody wants meetings where nobody is left to meet: cancellations may have taken the last.
void LowerMinimaWithoutPartner(Event& event) {
  std::vector<char> has_partner(event.parties.size(), 0);
  for (const Pair& pair : event.pairs) {
    if (PairUnits(pair) >= 0) has_partner[pair.need] = has_partner[pair.offer] = 1;
  }
  for (size_t p = 0; p < event.parties.size(); ++p) {
    if (has_partner[p] == 0) event.parties[p].min_meetings = 0;
  }
}

std::string NamesOf(const Event& event, int pair) {
  return "“" + event.parties[event.pairs[pair].need].name + "”与“" +
         event.parties[event.pairs[pair].offer].name + "”";
}

absl::Status CannotCancel(const Event& event, const Meeting& meeting) {
  const std::string names = NamesOf(event, meeting.pair);
  if (meeting.outcome == kNoShow) {
    return absl::InvalidArgumentError(names +
                                      "的会谈记了未到，不锁定就不会再排，不用取消。改法：去掉这个取消");
  }
  if (meeting.held || !meeting.outcome.empty()) {
    return absl::InvalidArgumentError(
        names + "已经谈过（或已有结果），不能取消。改法：去掉这个取消；没有谈成的，把结果改记为未到");
  }
  return absl::InvalidArgumentError(names + "的会谈在 " + event.slots[meeting.slot].id +
                                    "，已经过去，不能取消。改法：去掉这个取消；没有谈成的，把结果记为未到");
}

// Nobody whom the incident names wants more meetings than he has had and has slots for still. REQUIRES: past
// meetings are locked.
void LowerMinima(const Incident& incident, Event& event) {
  std::vector<int> past(event.parties.size(), 0);  // meetings
  for (const Lock& lock : event.locks) {
    if (lock.slot >= incident.now) continue;
    ++past[event.pairs[lock.pair].need];
    ++past[event.pairs[lock.pair].offer];
  }
  const auto lower = [&](int p) {
    Party& party = event.parties[p];
    const int left = static_cast<int>((party.available & SlotsFrom(incident.now)).count());
    party.min_meetings = std::min(party.min_meetings, past[p] + left);
  };
  for (const Incident::Away& away : incident.away) lower(away.party);
  for (const Incident::Back& back : incident.back) lower(back.party);
}

// Says when somebody comes, but takes nothing from him that he had and gives nothing back. `returned`: of
// ReturnedParties.
bool ChangesNothing(const Incident::Away& away, const std::vector<char>& returned, const Incident& incident,
                    const Event& event) {
  if (away.to >= static_cast<int>(event.slots.size())) return false;
  return returned[away.party] == 0 &&
         (event.parties[away.party].available & SlotsOf(away, incident, event)).none();
}

absl::Status NothingChanged(const Incident::Away& away, const Event& event) {
  const std::string name = "“" + event.parties[away.party].name + "”";
  return absl::InvalidArgumentError(
      name + "在 " + event.slots[away.to].id +
      " 之前本来就没有可用时段，以后也没有因报过缺席而空出、可以还给它的，这次迟到什么也不改。"
      "改法：去掉这一项；要让它回来，在活动表里写好它的可用时段，重新排一次");
}

// Locks that the incident makes impossible or replaces go; past meetings are locked where they took place,
// and their parties were there whatever is said of them now.
void LockPast(const Plan& plan, const Incident& incident, Event& event) {
  const std::map<int, int> new_slots = NewSlots(incident);
  std::erase_if(event.locks, [&](const Lock& lock) {
    if (new_slots.contains(lock.pair)) return true;
    if (lock.held) return false;
    const Pair& pair = event.pairs[lock.pair];
    return IsAway(incident, pair.need, lock.slot) || IsAway(incident, pair.offer, lock.slot);
  });
  std::set<int> past;
  for (const Meeting& meeting : plan.meetings) {
    if (IsPast(meeting, incident) && !IsMadeGood(meeting, new_slots)) past.insert(meeting.pair);
  }
  std::erase_if(event.locks, [&](const Lock& lock) { return past.contains(lock.pair); });
  for (const Meeting& meeting : plan.meetings) {
    if (!past.contains(meeting.pair)) continue;
    const bool is_held = meeting.outcome != kNoShow;
    event.locks.push_back({meeting.pair, meeting.slot, meeting.table, is_held, {"锁定", 0}});
  }
  for (const Lock& lock : event.locks) {
    if (!lock.held && !past.contains(lock.pair)) continue;
    for (const int party : {event.pairs[lock.pair].need, event.pairs[lock.pair].offer})
      event.parties[party].available.set(lock.slot);
  }
}

}  // namespace

Event EventAfter(const Event& before, const Plan& plan, const Incident& incident) {
  Event event = before;
  GiveBack(before, incident, event);
  TakeAway(incident, event);
  Decline(incident, event);
  LockPast(plan, incident, event);
  LowerMinima(incident, event);
  LowerMinimaWithoutPartner(event);
  for (const Lock& lock : incident.locks) event.locks.push_back(lock);
  for (const SessionPlan& session : plan.sessions) {
    if (session.slot < 0) continue;
    Session& asked = event.sessions[session.session];
    asked.slot = session.slot;
    std::erase_if(asked.participants,
                  [&](int party) { return !event.parties[party].available[session.slot]; });
  }
  std::erase_if(event.sessions, [](const Session& session) { return session.participants.empty(); });
  return event;
}

std::vector<Absence> AbsencesAfter(const Event& before, const Incident& incident, const Event& after) {
  std::map<int, Absence> of;  // by party
  for (const Absence& absence : incident.earlier) of[absence.party] = absence;
  for (const Incident::Away& away : incident.away) of[away.party].party = away.party;
  std::vector<Absence> absences;
  for (auto& [p, absence] : of) {
    absence.slots = (absence.slots | before.parties[p].available) & ~after.parties[p].available;
    absence.min_meetings = std::max(absence.min_meetings, before.parties[p].min_meetings);
    if (absence.slots.any()) absences.push_back(absence);
  }
  return absences;
}

std::vector<char> ReturnedParties(const Event& before, const Incident& incident) {
  const std::vector<const Absence*> earlier = EarlierOfParties(incident, before);
  std::vector<char> returned(before.parties.size(), 0);
  for (const Incident::Back& back : incident.back) {
    const Absence* const absence = earlier[back.party];
    if (absence != nullptr && GivenBack(back, *absence, incident, before).any()) returned[back.party] = 1;
  }
  return returned;
}

absl::Status CheckLateArrivals(const Event& event, const Incident& incident) {
  const std::vector<char> returned = ReturnedParties(event, incident);
  for (const Incident::Away& away : incident.away) {
    if (ChangesNothing(away, returned, incident, event)) return NothingChanged(away, event);
  }
  return absl::OkStatus();
}

absl::Status CheckCancellations(const Event& event, const Plan& plan, const Incident& incident) {
  if (incident.cancelled.empty()) return absl::OkStatus();
  const std::set<int> cancelled(incident.cancelled.begin(), incident.cancelled.end());
  for (const Lock& lock : incident.locks) {
    if (!cancelled.contains(lock.pair)) continue;
    return absl::InvalidArgumentError(NamesOf(event, lock.pair) + "又要取消又要锁定。改法：只留一样");
  }
  for (const Meeting& meeting : plan.meetings) {
    if (cancelled.contains(meeting.pair) && IsPast(meeting, incident)) return CannotCancel(event, meeting);
  }
  for (const Lock& lock : event.locks) {
    if (!lock.held || !cancelled.contains(lock.pair)) continue;
    return absl::InvalidArgumentError(NamesOf(event, lock.pair) +
                                      "在活动里锁定为已经谈过，不能取消。改法：去掉这个取消");
  }
  return absl::OkStatus();
}

absl::Status CheckIncident(const Event& event, const Plan& plan, const Incident& incident) {
  const auto wrong = [](const char* what) { return absl::InvalidArgumentError(what); };
  if (incident.now < 0 || incident.now > static_cast<int>(event.slots.size()))
    return wrong("现在的时段不在活动里");
  for (const Incident::Back& back : incident.back) {
    if (back.party < 0 || back.party >= static_cast<int>(event.parties.size()) || back.from < 0 ||
        back.from >= static_cast<int>(event.slots.size()))
      return wrong("到场方或到场的时段不在活动里");
  }
  for (const Incident::Away& away : incident.away) {
    if (away.party < 0 || away.party >= static_cast<int>(event.parties.size()))
      return wrong("缺席方不在活动里");
  }
  for (const int pair : incident.cancelled) {
    if (pair < 0 || pair >= static_cast<int>(event.pairs.size())) return wrong("取消的两方没有配对");
  }
  const std::set<int> settled = SettledPairs(event, plan, incident);
  for (const Lock& lock : incident.locks) {
    if (lock.pair < 0 || lock.pair >= static_cast<int>(event.pairs.size()))
      return wrong("锁定的两方没有配对");
    if (lock.slot < incident.now || lock.slot >= static_cast<int>(event.slots.size()))
      return wrong("锁定的时段已经过去");
    if (lock.table >= static_cast<int>(event.tables.size())) return wrong("锁定的桌不在活动里");
    if (settled.contains(lock.pair)) {
      return wrong(
          "锁定的两方已经谈过（或已有结果），不能换时段；去掉这个锁定；结果是未到的，锁定到原来以外的时段");
    }
  }
  return CheckCancellations(event, plan, incident);
}

}  // namespace dongxi::plan
