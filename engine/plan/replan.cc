#include "engine/plan/replan.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <tuple>

#include "engine/plan/choose.h"
#include "engine/plan/clash.h"
#include "engine/plan/figures.h"
#include "engine/plan/instance.h"
#include "engine/plan/schedule.h"

namespace dongxi::plan {
namespace {

constexpr double kInUnits = static_cast<double>(kScoreUnit);

bool IsAway(const Incident& incident, int party, int slot) {
  return std::any_of(incident.away.begin(), incident.away.end(), [&](const Incident::Away& away) {
    return away.party == party && slot >= std::max(away.from, incident.now) && slot < away.to;
  });
}

bool IsSame(const Lock& a, const Lock& b) { return a.pair == b.pair; }

// The event after the incident: past meetings are locked and held, impossible locks are gone, sessions stay
// where they were planned.
Event EventAfter(const Event& before, const Plan& plan, const Incident& incident) {
  Event event = before;
  for (const Incident::Away& away : incident.away) {
    Party& party = event.parties[away.party];
    for (int s = std::max(away.from, incident.now);
         s < std::min<int>(away.to, static_cast<int>(event.slots.size())); ++s) {
      party.available.reset(s);
    }
    party.min_meetings = std::min(party.min_meetings, static_cast<int>(party.available.count()));
  }
  std::erase_if(event.locks, [&](const Lock& lock) {
    const Pair& pair = event.pairs[lock.pair];
    const bool is_new = std::any_of(incident.locks.begin(), incident.locks.end(),
                                    [&](const Lock& l) { return IsSame(l, lock); });
    return is_new || IsAway(incident, pair.need, lock.slot) || IsAway(incident, pair.offer, lock.slot);
  });
  for (const Meeting& meeting : plan.meetings) {
    if (meeting.slot >= incident.now) continue;
    std::erase_if(event.locks, [&](const Lock& lock) { return lock.pair == meeting.pair; });
    event.locks.push_back({meeting.pair, meeting.slot, meeting.table, true, {"锁定", 0}});
  }
  for (const Lock& lock : incident.locks) event.locks.push_back(lock);
  for (const SessionPlan& session : plan.sessions) {
    if (session.slot < 0) continue;
    Session& asked = event.sessions[session.session];
    asked.slot = session.slot;
    std::erase_if(asked.participants, [&](int party) { return IsAway(incident, party, session.slot); });
  }
  std::erase_if(event.sessions, [](const Session& session) { return session.participants.empty(); });
  return event;
}

absl::Status CheckIncident(const Event& event, const Incident& incident) {
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
  }
  return absl::OkStatus();
}

// Keeps what can stay and gives the rest new places; counts what that changes.
class Mender {
 public:
  Mender(const Instance& instance, const Plan& old, const Incident& incident)
      : instance_(instance),
        event_(*instance.event),
        incident_(incident),
        objective_(MakeObjective(instance, 0, false, false)),
        schedule_(instance),
        candidate_of_(event_.pairs.size(), -1),
        table_(instance.candidates.size(), -1),
        old_slot_(event_.pairs.size(), -1),
        taken_(event_.slots.size(), std::vector<char>(event_.tables.size(), 0)),
        locked_(instance.locked) {
    for (size_t c = 0; c < instance.candidates.size(); ++c)
      candidate_of_[instance.candidates[c].pair] = static_cast<int>(c);
    for (const Meeting& meeting : old.meetings) old_slot_[meeting.pair] = meeting.slot;
    for (const Meeting& meeting : locked_) {
      if (meeting.table >= 0) taken_[meeting.slot][meeting.table] = 1;
    }
  }

  void Keep(const Plan& old) {
    std::vector<const Meeting*> displaced;
    for (const Meeting& meeting : old.meetings) {
      const int c = candidate_of_[meeting.pair];
      if (meeting.slot < incident_.now || c < 0 || !BelowCap(c) || !schedule_.Free(c, meeting.slot)) continue;
      if (meeting.table >= 0 &&
          (taken_[meeting.slot][meeting.table] != 0 || !instance_.table_open[meeting.table][meeting.slot])) {
        displaced.push_back(&meeting);
        continue;
      }
      Put(c, meeting.slot, meeting.table);
    }
    for (const Meeting* meeting : displaced) PutAnyTable(candidate_of_[meeting->pair], meeting->slot);
    for (Meeting& meeting : locked_) {
      if (meeting.table < 0) meeting.table = LockTable(meeting);
    }
  }

  // Gives what fell out another slot, the most valuable first: a move is no more changes than a cancellation.
  void PlaceFallen() {
    for (const int c :
         ByGain([&](int c) { return old_slot_[instance_.candidates[c].pair] >= incident_.now; }))
      PutAnywhere(c);
  }

  // New meetings, then those that another one makes room for, while changes are left.
  void Spend(int changes) {
    const auto any = [](int) { return true; };
    for (const int c : ByGain(any)) {
      if (changes < 1) return;
      changes -= PutAnywhere(c);
    }
    for (const int c : ByGain(any)) {
      if (changes < 2) return;
      changes -= 2 * PutByMovingOne(c);
    }
  }

  std::vector<Meeting> Meetings() const {
    std::vector<Meeting> meetings = locked_;
    for (size_t c = 0; c < table_.size(); ++c) {
      const int slot = schedule_.slot(static_cast<int>(c));
      if (slot >= 0) meetings.push_back({instance_.candidates[c].pair, slot, table_[c]});
    }
    return meetings;
  }

 private:
  int64_t Gain(int c) const {
    const Candidate& candidate = instance_.candidates[c];
    return candidate.Gain() + objective_.UnitGain(candidate.need, schedule_.count(candidate.need)) +
           objective_.UnitGain(candidate.offer, schedule_.count(candidate.offer));
  }
  template <typename Wanted>
  std::vector<int> ByGain(Wanted wanted) const {
    std::vector<std::pair<int64_t, int>> order;
    for (int c = 0; c < static_cast<int>(table_.size()); ++c) {
      if (schedule_.slot(c) < 0 && wanted(c) && Gain(c) > 0) order.push_back({-Gain(c), c});
    }
    std::sort(order.begin(), order.end());
    std::vector<int> candidates;
    for (const auto& [gain, c] : order) candidates.push_back(c);
    return candidates;
  }
  bool BelowCap(int c) const {
    for (const int p : {instance_.candidates[c].need, instance_.candidates[c].offer}) {
      if (schedule_.count(p) - instance_.done[p] >= objective_.cap[p]) return false;
    }
    return true;
  }
  int FreeTable(int c, int slot) const {
    const Candidate& candidate = instance_.candidates[c];
    for (int t = 0; t < static_cast<int>(event_.tables.size()); ++t) {
      const Table& table = event_.tables[t];
      if (taken_[slot][t] != 0 || !instance_.table_open[t][slot]) continue;
      if (candidate.home >= 0 ? t != candidate.home : instance_.is_home[t] != 0) continue;
      if ((candidate.online && !table.online) || (table.seats > 0 && table.seats < candidate.seats)) continue;
      return t;
    }
    return -1;
  }
  // A table for a lock that leaves it open; meetings of the pool are put aside by the schedule's count.
  int LockTable(const Meeting& meeting) {
    const Pair& pair = event_.pairs[meeting.pair];
    const Party& need = event_.parties[pair.need];
    const Party& offer = event_.parties[pair.offer];
    const int home = offer.home_table >= 0 ? offer.home_table : need.home_table;
    for (int t = 0; t < static_cast<int>(event_.tables.size()); ++t) {
      const Table& table = event_.tables[t];
      if (taken_[meeting.slot][t] != 0 || !instance_.table_open[t][meeting.slot]) continue;
      if (home >= 0 ? t != home : instance_.is_home[t] != 0) continue;
      if (((need.online || offer.online) && !table.online) ||
          (table.seats > 0 && table.seats < SeatsOf(need) + SeatsOf(offer)))
        continue;
      taken_[meeting.slot][t] = 1;
      return t;
    }
    return -1;
  }
  void Put(int c, int slot, int table) {
    schedule_.Add(c, slot);
    table_[c] = table;
    if (table >= 0) taken_[slot][table] = 1;
  }
  void Take(int c) {
    if (table_[c] >= 0) taken_[schedule_.slot(c)][table_[c]] = 0;
    table_[c] = -1;
    schedule_.Remove(c);
  }
  bool PutAnyTable(int c, int slot) {
    if (slot < incident_.now || !BelowCap(c) || !schedule_.CanAdd(c, slot)) return false;
    const int table = FreeTable(c, slot);
    if (table < 0 && !event_.tables.empty()) return false;
    Put(c, slot, table);
    return true;
  }
  bool PutAnywhere(int c) {
    for (int slot = incident_.now; slot < schedule_.slot_count(); ++slot) {
      if (PutAnyTable(c, slot)) return true;
    }
    return false;
  }
  bool PutByMovingOne(int c) {
    if (!BelowCap(c)) return false;
    const Candidate& candidate = instance_.candidates[c];
    const int need = instance_.body[candidate.need], offer = instance_.body[candidate.offer];
    for (int slot = incident_.now; slot < schedule_.slot_count(); ++slot) {
      if (!candidate.allowed[slot]) continue;
      const int at_need = schedule_.At(need, slot), at_offer = schedule_.At(offer, slot);
      if ((at_need < 0) == (at_offer < 0)) continue;
      const int other = at_need >= 0 ? at_need : at_offer, table = table_[other];
      if (old_slot_[instance_.candidates[other].pair] != slot) continue;  // moved or new already
      Take(other);
      if (PutAnyTable(c, slot)) {
        if (PutAnywhere(other)) return true;
        Take(c);
      }
      Put(other, slot, table);
    }
    return false;
  }

  const Instance& instance_;
  const Event& event_;
  const Incident& incident_;
  const Objective objective_;
  Schedule schedule_;
  std::vector<int> candidate_of_, table_, old_slot_;
  std::vector<std::vector<char>> taken_;
  std::vector<Meeting> locked_;
};

std::vector<Change> ChangesBetween(const Plan& old, const Plan& now, size_t pairs) {
  std::vector<const Meeting*> before(pairs, nullptr), after(pairs, nullptr);
  for (const Meeting& meeting : old.meetings) before[meeting.pair] = &meeting;
  for (const Meeting& meeting : now.meetings) after[meeting.pair] = &meeting;
  std::vector<Change> changes;
  for (size_t i = 0; i < pairs; ++i) {
    const Meeting* a = before[i];
    const Meeting* b = after[i];
    if (a == nullptr && b == nullptr) continue;
    if (a != nullptr && b != nullptr && a->slot == b->slot && a->table == b->table) continue;
    Change change{.kind = b == nullptr   ? ChangeKind::kCancelled
                          : a == nullptr ? ChangeKind::kAdded
                                         : ChangeKind::kMoved,
                  .pair = static_cast<int>(i)};
    if (a != nullptr) change.old_slot = a->slot, change.old_table = a->table;
    if (b != nullptr) change.new_slot = b->slot, change.new_table = b->table;
    changes.push_back(change);
  }
  return changes;
}

// Session plans by the events' new numbering, without those who are away.
std::vector<SessionPlan> SessionsAfter(const Event& old_event, const Plan& old, const Event& event,
                                       const Incident& incident) {
  std::vector<SessionPlan> sessions;
  for (const SessionPlan& session : old.sessions) {
    for (size_t i = 0; i < event.sessions.size(); ++i) {
      if (event.sessions[i].id != old_event.sessions[session.session].id) continue;
      SessionPlan kept{static_cast<int>(i), session.slot, session.parties};
      std::erase_if(kept.parties, [&](int party) { return IsAway(incident, party, session.slot); });
      sessions.push_back(std::move(kept));
    }
  }
  return sessions;
}

void Finish(const Plan& old, const Event& old_event, const Instance& instance, const Incident& incident,
            Replanned& result) {
  Plan& plan = result.plan;
  std::vector<const Meeting*> before(result.event.pairs.size(), nullptr);
  for (const Meeting& meeting : old.meetings) before[meeting.pair] = &meeting;
  for (Meeting& meeting : plan.meetings) {
    const Meeting* was = before[meeting.pair];
    if (was == nullptr || was->slot != meeting.slot) continue;
    meeting.outcome = was->outcome;
    meeting.reason = was->reason;
    meeting.amount_wan = was->amount_wan;
    meeting.note = was->note;
    meeting.engagements = was->engagements;
    meeting.held |= was->held;
  }
  std::sort(plan.meetings.begin(), plan.meetings.end(), [](const Meeting& a, const Meeting& b) {
    return std::tie(a.slot, a.table, a.pair) < std::tie(b.slot, b.table, b.pair);
  });
  plan.sessions = SessionsAfter(old_event, old, result.event, incident);
  const Choice best = ChoosePairs(instance, MakeObjective(instance, 0, false, false), instance.table_slots);
  int64_t locked = 0;
  int locked_musts = 0;
  for (const Meeting& meeting : instance.locked) {
    locked += std::max<int64_t>(0, PairUnits(result.event.pairs[meeting.pair]));
    locked_musts += IsMust(result.event.pairs[meeting.pair]);
  }
  result.value_bound = static_cast<double>(best.value + locked) / kInUnits;
  plan.figures = FiguresOf(instance, plan.meetings);
  plan.figures.value_bound = result.value_bound;
  plan.figures.musts_bound = best.musts + locked_musts;
  plan.figures.gap = result.value_bound > 0 ? std::max(0.0, 1 - plan.figures.value / result.value_bound) : 0;
  plan.figures.method = "重排：尽量少改；界为最小费用流，不限改动";
  plan.unmet = ExplainUnmet(result.event, instance, plan.meetings);
  result.changes = ChangesBetween(old, plan, result.event.pairs.size());
  std::set<int> tell;
  for (const Change& change : result.changes) {
    tell.insert(result.event.pairs[change.pair].need);
    tell.insert(result.event.pairs[change.pair].offer);
  }
  result.tell.assign(tell.begin(), tell.end());
}

}  // namespace

absl::StatusOr<Replanned> Replan(const Event& event, const Plan& plan, const Incident& incident) {
  const absl::Status sound = CheckIncident(event, incident);
  if (!sound.ok()) return sound;
  Replanned result{.event = EventAfter(event, plan, incident)};
  for (const Problem& problem : Validate(result.event)) {
    if (problem.fatal) return absl::InvalidArgumentError(problem.Text());
  }
  const Instance instance = MakeInstance(result.event);
  Mender mender(instance, plan, incident);
  mender.Keep(plan);
  mender.PlaceFallen();
  result.plan.meetings = mender.Meetings();
  result.forced = static_cast<int>(ChangesBetween(plan, result.plan, result.event.pairs.size()).size());
  if (incident.changes_max >= 0) {
    if (incident.changes_max < result.forced) {
      return absl::FailedPreconditionError("至少要改 " + std::to_string(result.forced) + " 场，限定的 " +
                                           std::to_string(incident.changes_max) +
                                           " 场不够；改大最多改几场（--max-changes，max_changes）");
    }
    mender.Spend(incident.changes_max - result.forced);
    result.plan.meetings = mender.Meetings();
  }
  Finish(plan, event, instance, incident, result);
  return result;
}

PlanFile NextRevision(const PlanFile& before, const Replanned& now) {
  PlanFile next{.event = now.event, .plan = now.plan, .state = before.state, .revision = before.revision + 1};
  for (const Change& change : now.changes) next.changes.push_back(ChangeText(now.event, change));
  std::string tell;
  for (const int party : now.tell) tell += (tell.empty() ? "" : "、") + now.event.parties[party].name;
  if (!tell.empty()) next.changes.push_back("要通知：" + tell);
  return next;
}

std::string ChangeText(const Event& event, const Change& change) {
  const Pair& pair = event.pairs[change.pair];
  const auto where = [&](int slot, int table) {
    const Slot& s = event.slots[slot];
    char time[16];
    std::snprintf(time, sizeof(time), "%02d:%02d", s.begin_minute / 60, s.begin_minute % 60);
    return s.date + " " + time + (table >= 0 ? " 桌 " + event.tables[table].id : "");
  };
  const std::string who = "“" + event.parties[pair.need].name + "”与“" + event.parties[pair.offer].name + "”";
  if (change.kind == ChangeKind::kCancelled)
    return "取消：" + who + "（原 " + where(change.old_slot, change.old_table) + "）";
  if (change.kind == ChangeKind::kAdded)
    return "新增：" + who + "，" + where(change.new_slot, change.new_table);
  return "改动：" + who + "，" + where(change.old_slot, change.old_table) + " 改为 " +
         where(change.new_slot, change.new_table);
}

}  // namespace dongxi::plan
