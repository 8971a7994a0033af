#include "engine/plan/replan.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "engine/plan/choose.h"
#include "engine/plan/clash.h"
#include "engine/plan/figures.h"
#include "engine/plan/incident.h"
#include "engine/plan/instance.h"
#include "engine/plan/proof.h"
#include "engine/plan/quota_results.h"
#include "engine/plan/replan_changes.h"
#include "engine/plan/replan_sessions.h"
#include "engine/plan/schedule.h"

namespace dongxi::plan {
namespace {

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
        seats_(event_.slots.size(), std::vector<int>(event_.tables.size(), kFree)),
        locked_(instance.locked) {
    for (size_t c = 0; c < instance.candidates.size(); ++c)
      candidate_of_[instance.candidates[c].pair] = static_cast<int>(c);
    for (const Meeting& meeting : old.meetings) old_slot_[meeting.pair] = meeting.slot;
    for (const Meeting& meeting : locked_) {
      if (meeting.table >= 0) seats_[meeting.slot][meeting.table] = kFixed;
    }
    KeepLockedTables(old);
  }

  // The most valuable first: where the tables of a slot do not suffice any more, the least valuable falls
  // out.
  void Keep(const Plan& old) {
    std::vector<const Meeting*> order, displaced;
    for (const Meeting& meeting : old.meetings) {
      if (meeting.slot >= incident_.now && candidate_of_[meeting.pair] >= 0) order.push_back(&meeting);
    }
    const std::vector<char> stays = Stays(order);
    std::stable_sort(order.begin(), order.end(), [&](const Meeting* a, const Meeting* b) {
      if (stays[a->pair] != stays[b->pair]) return stays[a->pair] > stays[b->pair];
      return instance_.candidates[candidate_of_[a->pair]].Gain() >
             instance_.candidates[candidate_of_[b->pair]].Gain();
    });
    for (const Meeting* meeting : order) {
      const int c = candidate_of_[meeting->pair];
      if (!BelowCap(c) || !schedule_.CanAdd(c, meeting->slot)) continue;
      if (meeting->table >= 0 && (seats_[meeting->slot][meeting->table] != kFree ||
                                  !instance_.table_open[meeting->table][meeting->slot])) {
        displaced.push_back(meeting);
        continue;
      }
      Put(c, meeting->slot, meeting->table);
    }
    GiveUpOneForTwo(order);  // before the locks without a table sit down where somebody could come back
    for (size_t i = 0; i < locked_.size() && !event_.tables.empty(); ++i) {
      if (locked_[i].table < 0) SeatLock(static_cast<int>(i));
    }
    for (const Meeting* meeting : displaced) PutAnyTable(candidate_of_[meeting->pair], meeting->slot);
    GiveUpOneForTwo(order);  // of those that had to change tables for a lock
  }

  // Gives what fell out another slot, the most valuable first: a move is no more changes than a cancellation.
  void PlaceFallen() {
    for (const int c :
         ByGain([&](int c) { return old_slot_[instance_.candidates[c].pair] >= incident_.now; }))
      PutAnywhere(c);
  }

  // Gives those who turned up after all meetings in what is free, the most valuable first.
  void PlaceReturned(const std::vector<char>& returned) {
    const auto is_theirs = [&](int c) {
      return returned[instance_.candidates[c].need] != 0 || returned[instance_.candidates[c].offer] != 0;
    };
    for (const int c : ByGain(is_theirs)) PutAnywhere(c);
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
  static constexpr int kFree = -1, kFixed = std::numeric_limits<int>::min();
  static int OfLock(int i) { return -2 - i; }  // its own inverse

  // By pair: the most old meetings that stay within maxima and quotas together. Only a new lock makes these
  // bind: one for each of two full parties or groups may cost a meeting between them, or two. Tables are
  // counted over the whole event; those of a slot are looked at afterwards.
  std::vector<char> Stays(const std::vector<const Meeting*>& old) const {
    constexpr int64_t kOne = 1'000'000'000, kMust = kOne / 10;
    std::vector<char> stays(event_.pairs.size(), 0);
    if (incident_.locks.empty()) return stays;
    Instance kept = instance_;
    kept.candidates.clear();
    for (const Meeting* meeting : old) {
      Candidate candidate = instance_.candidates[candidate_of_[meeting->pair]];
      if (!candidate.allowed[meeting->slot]) continue;
      candidate.value += kOne + (candidate.must ? kMust : 0);
      candidate.must = false;
      kept.candidates.push_back(candidate);
    }
    Objective objective;
    objective.cap = objective_.cap;
    objective.unit_gains.resize(event_.parties.size());
    for (const int c : ChoosePairs(kept, objective, kept.table_slots).candidates)
      stays[kept.candidates[c].pair] = 1;
    return stays;
  }

  // Which meetings fall for their maxima and quotas, and which for the tables of their slot, was settled one
  // after the other: one meeting may do for both. Gives up, the least valuable first, those whose places
  // bring back more that fell out, until none does. Musts stay.
  void GiveUpOneForTwo(std::vector<const Meeting*> old) {
    if (incident_.locks.empty()) return;
    std::reverse(old.begin(), old.end());
    std::vector<const Meeting*> fallen;
    for (const Meeting* meeting : old) {
      const int c = candidate_of_[meeting->pair];
      if (schedule_.slot(c) < 0 && instance_.candidates[c].allowed[meeting->slot]) fallen.push_back(meeting);
    }
    for (bool again = true; again;) {
      again = false;
      for (const Meeting* meeting : old) {
        const int c = candidate_of_[meeting->pair];
        if (fallen.empty()) return;
        if (schedule_.slot(c) < 0 || instance_.candidates[c].must || !GivesUp(*meeting, &fallen)) continue;
        fallen.push_back(meeting);
        again = true;
      }
    }
  }
  // Takes the meeting away if that lets more of the fallen back than it costs; these are fallen no more.
  bool GivesUp(const Meeting& old, std::vector<const Meeting*>* fallen) {
    const int c = candidate_of_[old.pair], slot = schedule_.slot(c), table = table_[c];
    const size_t cost = slot == old.slot && table == old.table ? 1 : 0;  // what is moved is changed already
    Take(c);
    std::vector<const Meeting*> back;
    for (const Meeting* meeting : *fallen) {
      if (PutBack(*meeting)) back.push_back(meeting);
    }
    if (back.size() <= cost) {
      for (const Meeting* meeting : back) Take(candidate_of_[meeting->pair]);
      Put(c, slot, table);
      return false;
    }
    std::erase_if(*fallen,
                  [&](const Meeting* meeting) { return schedule_.slot(candidate_of_[meeting->pair]) >= 0; });
    return true;
  }
  // Where it was, if all of that is free.
  bool PutBack(const Meeting& old) {
    const int c = candidate_of_[old.pair];
    if (!BelowCap(c) || !schedule_.CanAdd(c, old.slot)) return false;
    if (old.table >= 0 &&
        (seats_[old.slot][old.table] != kFree || !instance_.table_open[old.table][old.slot]))
      return false;
    Put(c, old.slot, old.table);
    return true;
  }

  int64_t Gain(int c) const {
    const Candidate& candidate = instance_.candidates[c];
    return candidate.Gain() + objective_.UnitGain(candidate.need, schedule_.count(candidate.need)) +
           objective_.UnitGain(candidate.offer, schedule_.count(candidate.offer)) +
           schedule_.groups().Gain(objective_, candidate.need, candidate.offer);
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
    return schedule_.HasRoomInGroups(c);
  }
  // What a meeting needs of its table.
  struct Ask {
    int seats = 0;
    bool online = false;
    int home = -1;
  };
  Ask AskOf(int c) const {
    const Candidate& candidate = instance_.candidates[c];
    return {candidate.seats, candidate.online, candidate.home};
  }
  Ask AskOfLock(int lock) const {
    const Pair& pair = event_.pairs[locked_[lock].pair];
    const Party& need = event_.parties[pair.need];
    const Party& offer = event_.parties[pair.offer];
    return {SeatsOf(need) + SeatsOf(offer), need.online || offer.online,
            offer.home_table >= 0 ? offer.home_table : need.home_table};
  }
  bool Does(int t, int slot, const Ask& ask) const {
    const Table& table = event_.tables[t];
    if (seats_[slot][t] == kFixed || !instance_.table_open[t][slot]) return false;
    if (ask.home >= 0 ? t != ask.home : instance_.is_home[t] != 0) return false;
    return (table.online || !ask.online) && (table.seats == 0 || table.seats >= ask.seats);
  }
  int FreeTable(const Ask& ask, int slot) const {
    for (int t = 0; t < static_cast<int>(event_.tables.size()); ++t) {
      if (seats_[slot][t] == kFree && Does(t, slot, ask)) return t;
    }
    return -1;
  }
  // A lock that leaves its table open stays at the one that it had.
  void KeepLockedTables(const Plan& old) {
    std::map<std::pair<int, int>, int> open;  // pair, slot: lock
    for (size_t i = 0; i < locked_.size(); ++i) {
      if (locked_[i].table < 0) open[{locked_[i].pair, locked_[i].slot}] = static_cast<int>(i);
    }
    if (open.empty()) return;
    for (const Meeting& meeting : old.meetings) {
      const auto found = open.find({meeting.pair, meeting.slot});
      if (found == open.end() || meeting.table < 0) continue;
      int& holder = seats_[meeting.slot][meeting.table];
      if (holder != kFree || !Does(meeting.table, meeting.slot, AskOfLock(found->second))) continue;
      holder = OfLock(found->second);
      locked_[found->second].table = meeting.table;
    }
  }
  // A table for a lock that leaves it open; others change tables where that is needed. The schedule has put
  // aside what the lock needs.
  void SeatLock(int lock) {
    std::vector<char> tried(event_.tables.size(), 0);
    const int slot = locked_[lock].slot, table = MakeRoom(AskOfLock(lock), slot, tried);
    if (table < 0) return;
    locked_[lock].table = table;
    seats_[slot][table] = OfLock(lock);
  }
  // An augmenting path of the matching of meetings and tables in a slot. -1: there is none.
  int MakeRoom(const Ask& ask, int slot, std::vector<char>& tried) {
    if (const int free = FreeTable(ask, slot); free >= 0) return free;
    for (int t = 0; t < static_cast<int>(event_.tables.size()); ++t) {
      if (tried[t] != 0 || !Does(t, slot, ask)) continue;
      tried[t] = 1;
      const int holder = seats_[slot][t];
      const int other = MakeRoom(holder >= 0 ? AskOf(holder) : AskOfLock(OfLock(holder)), slot, tried);
      if (other < 0) continue;
      (holder >= 0 ? table_[holder] : locked_[OfLock(holder)].table) = other;
      seats_[slot][other] = holder;
      return t;
    }
    return -1;
  }
  void Put(int c, int slot, int table) {
    schedule_.Add(c, slot);
    table_[c] = table;
    if (table >= 0) seats_[slot][table] = c;
  }
  void Take(int c) {
    if (table_[c] >= 0) seats_[schedule_.slot(c)][table_[c]] = kFree;
    table_[c] = -1;
    schedule_.Remove(c);
  }
  bool PutAnyTable(int c, int slot) {
    if (slot < incident_.now || !BelowCap(c) || !schedule_.CanAdd(c, slot)) return false;
    const int table = FreeTable(AskOf(c), slot);
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
  std::vector<std::vector<int>> seats_;  // by slot, table: the candidate, kFree, kFixed, or OfLock of a lock
  std::vector<Meeting> locked_;
};

// Of a meeting that has another slot now: where somebody stayed away from it, and what the ledger is still to
// take back.
void KeepHistory(const Event& event, const Meeting& was, Meeting& meeting) {
  meeting.note = was.note;
  meeting.superseded = was.superseded;
  if (was.outcome == "未到")
    meeting.note = "原定 " + event.slots[was.slot].id + "，未到" + (was.note.empty() ? "" : "；" + was.note);
}

void Finish(const Plan& old, const Event& old_event, const Instance& instance, Replanned& result) {
  Plan& plan = result.plan;
  std::vector<const Meeting*> before(result.event.pairs.size(), nullptr);
  for (const Meeting& meeting : old.meetings) before[meeting.pair] = &meeting;
  for (Meeting& meeting : plan.meetings) {
    const Meeting* was = before[meeting.pair];
    if (was == nullptr) continue;
    if (was->slot != meeting.slot) {
      KeepHistory(result.event, *was, meeting);
      continue;
    }
    meeting.outcome = was->outcome;
    meeting.reason = was->reason;
    meeting.amount_wan = was->amount_wan;
    meeting.note = was->note;
    meeting.engagements = was->engagements;
    meeting.superseded = was->superseded;
    meeting.held |= was->held;
  }
  std::sort(plan.meetings.begin(), plan.meetings.end(), [](const Meeting& a, const Meeting& b) {
    return std::tie(a.slot, a.table, a.pair) < std::tie(b.slot, b.table, b.pair);
  });
  CarriedSessions sessions = CarrySessions(old_event, old, result.event, plan.meetings);
  plan.sessions = std::move(sessions.sessions);
  result.session_changes = std::move(sessions.changes);
  const Objective objective = MakeObjective(instance, 0, false, false);
  const Choice best = ChoosePairs(instance, objective, instance.table_slots);
  plan.figures = FiguresOf(instance, plan.meetings, plan.sessions);
  SetProof(instance,
           {.gain = best.gain_bound,
            .method = "重排：尽量少改；界为最小费用流，不限改动",
            .value = best.value_bound,
            .musts = best.musts_bound},
           PlanGain(instance, objective, plan.meetings), plan.figures);
  result.value_bound = plan.figures.value_bound;
  plan.unmet = ExplainUnmet(result.event, instance, plan.meetings);
  plan.quotas = QuotaResultsOf(instance, plan.meetings);
  result.changes = ChangesBetween(old, plan, result.event.pairs.size());
  std::set<int> tell = std::move(sessions.tell);
  for (const Change& change : result.changes) {
    tell.insert(result.event.pairs[change.pair].need);
    tell.insert(result.event.pairs[change.pair].offer);
  }
  result.tell.assign(tell.begin(), tell.end());
}

}  // namespace

absl::StatusOr<Replanned> Replan(const Event& event, const Plan& plan, const Incident& incident) {
  const absl::Status sound = CheckIncident(event, plan, incident);
  if (!sound.ok()) return sound;
  Replanned result{.event = EventAfter(event, plan, incident)};
  for (const Problem& problem : Validate(result.event)) {
    if (problem.fatal) return absl::InvalidArgumentError(problem.Text());
  }
  const Instance instance = MakeInstance(result.event, incident.now);
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
  } else {
    mender.PlaceReturned(ReturnedParties(event, incident));
  }
  result.plan.meetings = mender.Meetings();
  Finish(plan, event, instance, result);
  result.out = CancelledWithoutMeeting(plan, incident.cancelled);
  result.absences = AbsencesAfter(event, incident, result.event);
  result.now = incident.now;
  return result;
}

absl::StatusOr<int> NowUnsaid(const PlanFile& file) {
  const Meeting* latest = nullptr;
  for (const Meeting& meeting : file.plan.meetings) {
    if (meeting.slot < file.now || (!meeting.held && meeting.outcome.empty())) continue;
    if (latest == nullptr || meeting.slot > latest->slot) latest = &meeting;
  }
  if (latest == nullptr) return file.now;
  return absl::InvalidArgumentError(
      "时段 " + file.event.slots[latest->slot].id +
      " 的会谈已经谈过或记了结果，要写现在是哪个时段，否则还没谈的会改到已经过去的时段。"
      "改法：加上现在的时段 --now（接口里是 now）");
}

PlanFile NextRevision(const PlanFile& before, const Replanned& now) {
  PlanFile next{.event = now.event,
                .plan = now.plan,
                .state = before.state,
                .revision = before.revision + 1,
                .absences = now.absences,
                .now = now.now};
  for (const Change& change : now.changes) next.changes.push_back(ChangeText(now.event, change));
  for (const int pair : now.out) next.changes.push_back(OutText(now.event, pair));
  next.changes.insert(next.changes.end(), now.session_changes.begin(), now.session_changes.end());
  std::string tell;
  for (const int party : now.tell) tell += (tell.empty() ? "" : "、") + PartyText(now.event, party);
  if (!tell.empty()) next.changes.push_back("要通知：" + tell);
  return next;
}

}  // namespace dongxi::plan
