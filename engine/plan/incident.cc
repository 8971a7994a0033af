#include "engine/plan/incident.h"

#include <algorithm>
#include <set>

namespace dongxi::plan {
namespace {

bool IsAway(const Incident& incident, int party, int slot) {
  return std::any_of(incident.away.begin(), incident.away.end(), [&](const Incident::Away& away) {
    return away.party == party && slot >= std::max(away.from, incident.now) && slot < away.to;
  });
}

// What has taken place, or of which is known that it did not.
bool IsPast(const Meeting& meeting, const Incident& incident) {
  return meeting.slot < incident.now || meeting.held || !meeting.outcome.empty();
}

void TakeAway(const Incident& incident, Event& event) {
  for (const Incident::Away& away : incident.away) {
    Party& party = event.parties[away.party];
    for (int s = std::max(away.from, incident.now);
         s < std::min<int>(away.to, static_cast<int>(event.slots.size())); ++s) {
      party.available.reset(s);
    }
  }
}

// Locks that the incident makes impossible or replaces go; past meetings are locked where they took place,
// and their parties were there whatever is said of them now.
void LockPast(const Plan& plan, const Incident& incident, Event& event) {
  std::erase_if(event.locks, [&](const Lock& lock) {
    if (lock.held) return false;
    const Pair& pair = event.pairs[lock.pair];
    const bool is_new = std::any_of(incident.locks.begin(), incident.locks.end(),
                                    [&](const Lock& l) { return l.pair == lock.pair; });
    return is_new || IsAway(incident, pair.need, lock.slot) || IsAway(incident, pair.offer, lock.slot);
  });
  std::set<int> past;
  for (const Meeting& meeting : plan.meetings) {
    if (IsPast(meeting, incident)) past.insert(meeting.pair);
  }
  std::erase_if(event.locks, [&](const Lock& lock) { return past.contains(lock.pair); });
  for (const Meeting& meeting : plan.meetings) {
    if (!past.contains(meeting.pair)) continue;
    const bool is_held = meeting.outcome != "未到";
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
  TakeAway(incident, event);
  LockPast(plan, incident, event);
  for (const Incident::Away& away : incident.away) {
    Party& party = event.parties[away.party];
    party.min_meetings = std::min(party.min_meetings, static_cast<int>(party.available.count()));
  }
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

absl::Status CheckIncident(const Event& event, const Plan& plan, const Incident& incident) {
  const auto wrong = [](const char* what) { return absl::InvalidArgumentError(what); };
  if (incident.now < 0 || incident.now > static_cast<int>(event.slots.size()))
    return wrong("现在的时段不在活动里");
  for (const Incident::Away& away : incident.away) {
    if (away.party < 0 || away.party >= static_cast<int>(event.parties.size()))
      return wrong("缺席方不在活动里");
  }
  for (const Lock& lock : incident.locks) {
    if (lock.pair < 0 || lock.pair >= static_cast<int>(event.pairs.size()))
      return wrong("锁定的两方没有配对");
    if (lock.slot < incident.now || lock.slot >= static_cast<int>(event.slots.size()))
      return wrong("锁定的时段已经过去");
    if (lock.table >= static_cast<int>(event.tables.size())) return wrong("锁定的桌不在活动里");
    const bool is_past =
        std::any_of(plan.meetings.begin(), plan.meetings.end(),
                    [&](const Meeting& m) { return m.pair == lock.pair && IsPast(m, incident); }) ||
        std::any_of(event.locks.begin(), event.locks.end(),
                    [&](const Lock& l) { return l.pair == lock.pair && l.held; });
    if (is_past) return wrong("锁定的两方已经谈过（或已有结果），不能换时段；去掉这个锁定");
  }
  return absl::OkStatus();
}

}  // namespace dongxi::plan
