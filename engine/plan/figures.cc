#include "engine/plan/figures.h"

#include <algorithm>
#include <limits>
#include <set>
#include <unordered_set>

#include "engine/plan/improve.h"
#include "engine/plan/sessions.h"

namespace dongxi::plan {
namespace {

// By party: slots in which it, or one of its people, is busy.
class Busy {
 public:
  explicit Busy(const Instance& instance)
      : instance_(instance), bodies_(instance.bodies), people_(instance.shared_people) {}
  void Take(int party, int slot) {
    bodies_[instance_.body[party]].set(slot);
    for (const int person : instance_.shared[party]) people_[person].set(slot);
  }
  SlotSet Of(int party) const {
    SlotSet slots = bodies_[instance_.body[party]];
    for (const int person : instance_.shared[party]) slots |= people_[person];
    return slots;
  }

 private:
  const Instance& instance_;
  std::vector<SlotSet> bodies_, people_;
};

// What the figures of stability look at.
struct PartyState {
  int count = 0;
  bool full = false;  // at its cap or that of a group of its, or no slot is left
  int64_t worst = std::numeric_limits<int64_t>::max();  // of its unlocked meetings
  SlotSet free;
};

std::vector<PartyState> StatesOf(const Instance& instance, const std::vector<Meeting>& meetings) {
  const Event& event = *instance.event;
  std::vector<PartyState> states(event.parties.size());
  Busy busy(instance);
  const GroupCounts groups = CountGroups(instance, meetings);
  for (const Meeting& meeting : meetings) {
    const Pair& pair = event.pairs[meeting.pair];
    for (const int p : {pair.need, pair.offer}) {
      ++states[p].count;
      busy.Take(p, meeting.slot);
      if (!meeting.locked) states[p].worst = std::min(states[p].worst, PairUnits(pair));
    }
  }
  for (size_t p = 0; p < states.size(); ++p) {
    states[p].free = instance.open[p] & ~busy.Of(static_cast<int>(p));
    states[p].full = states[p].count - instance.done[p] >= instance.cap[p] || states[p].free.none();
    for (const int group : instance.groups.of_party[p]) states[p].full |= groups.Left(group, 1) <= 0;
  }
  return states;
}

class Stability {
 public:
  Stability(const Instance& instance, const std::vector<Meeting>& meetings)
      : instance_(instance), states_(StatesOf(instance, meetings)), partners_(states_.size()) {
    const Event& event = *instance.event;
    has_room_ = MeetingSlots(event);
    std::vector<int> load(event.slots.size(), 0);
    planned_.assign(event.pairs.size(), 0);
    for (const Meeting& meeting : meetings) {
      planned_[meeting.pair] = 1;
      ++load[meeting.slot];
      const Pair& pair = event.pairs[meeting.pair];
      partners_[pair.need].push_back({pair.offer, PairUnits(pair)});
      partners_[pair.offer].push_back({pair.need, PairUnits(pair)});
    }
    if (event.tables.empty()) return;
    for (size_t s = 0; s < event.slots.size(); ++s) {
      int open = 0;
      for (const SlotSet& table : instance.table_open) open += table[s];
      if (load[s] >= open) has_room_.reset(s);
    }
  }

  int BlockingPairs() const {
    int blocking = 0;
    for (const Candidate& c : instance_.candidates) {
      if (planned_[c.pair] || c.value == 0) continue;
      const PartyState& need = states_[c.need];
      const PartyState& offer = states_[c.offer];
      const bool need_swaps = c.value > need.worst, offer_swaps = c.value > offer.worst;
      if ((need.full && !need_swaps) || (offer.full && !offer_swaps)) continue;
      const bool swaps = need_swaps || offer_swaps;
      if (!swaps && (need.free & offer.free & c.allowed & has_room_).none()) continue;
      ++blocking;
    }
    return blocking;
  }

  // Parties with a planned meeting of another of their side, who has at least two more, that is worth no less
  // with them.
  int Envious() const {
    std::set<int> envious;
    for (const Candidate& c : instance_.candidates) {
      if (planned_[c.pair] || c.value == 0) continue;
      if (Envies(c.need, c.offer, c.value)) envious.insert(c.need);
      if (Envies(c.offer, c.need, c.value)) envious.insert(c.offer);
    }
    return static_cast<int>(envious.size());
  }

 private:
  bool Envies(int party, int partner, int64_t value) const {
    return std::any_of(partners_[partner].begin(), partners_[partner].end(), [&](const auto& rival) {
      return states_[rival.first].count >= states_[party].count + 2 && value >= rival.second;
    });
  }

  const Instance& instance_;
  const std::vector<PartyState> states_;
  std::vector<std::vector<std::pair<int, int64_t>>> partners_;
  std::vector<char> planned_;
  SlotSet has_room_;
};

void CountWishes(const Event& event, const std::vector<Meeting>& meetings, Figures& figures) {
  std::vector<char> planned(event.pairs.size(), 0);
  int64_t value = 0;
  for (const Meeting& meeting : meetings) {
    planned[meeting.pair] = 1;
    value += std::max<int64_t>(0, PairUnits(event.pairs[meeting.pair]));
  }
  figures.value = static_cast<double>(value) / static_cast<double>(kScoreUnit);
  for (size_t i = 0; i < event.pairs.size(); ++i) {
    const Pair& pair = event.pairs[i];
    if (IsMust(pair)) {
      ++figures.musts;
      figures.musts_met += planned[i];
    } else if (pair.by_need == Wish::kWant || pair.by_offer == Wish::kWant) {
      ++figures.wants;
      figures.wants_met += planned[i];
    }
  }
}

// Those who must come are busy. Guests are where that leaves them less waiting: between what they have.
void TakeSessions(const Instance& instance, const std::vector<SessionPlan>& sessions, const Waiting& waiting,
                  std::vector<SlotSet>& busy) {
  for (const SessionPlan& session : instance.sessions) {
    if (session.slot < 0) continue;
    for (const int p : session.parties) busy[p].set(session.slot);
  }
  for (const SessionPlan& session : sessions) {
    if (session.slot < 0) continue;
    for (const int p : session.parties) {
      SlotSet with = busy[p];
      with.set(session.slot);
      if (waiting.Of(with) < waiting.Of(busy[p])) busy[p] = with;
    }
  }
}

void CountWaiting(const Instance& instance, const std::vector<Meeting>& meetings,
                  const std::vector<SessionPlan>& sessions, Figures& figures) {
  const Event& event = *instance.event;
  std::vector<SlotSet> busy(event.parties.size());
  std::vector<int> last(event.parties.size(), -1);
  std::vector<std::vector<const Meeting*>> by_slot(event.slots.size());
  for (const Meeting& meeting : meetings) by_slot[meeting.slot].push_back(&meeting);
  for (const std::vector<const Meeting*>& slot : by_slot) {
    for (const Meeting* meeting : slot) {
      const Pair& pair = event.pairs[meeting->pair];
      for (const int p : {pair.need, pair.offer}) {
        busy[p].set(meeting->slot);
        if (meeting->table < 0) continue;
        figures.table_changes += last[p] >= 0 && meeting->table != last[p];
        last[p] = meeting->table;
      }
    }
  }
  const Waiting waiting(event);
  TakeSessions(instance, sessions, waiting, busy);
  for (const SlotSet& slots : busy) figures.idle_slots += waiting.Of(slots);
}

// As MissingMinima counts them.
int MinShortfall(const Event& event, const std::vector<int>& counts) {
  std::vector<char> has_partner(event.parties.size(), 0);
  for (const Pair& pair : event.pairs) {
    if (PairUnits(pair) >= 0) has_partner[pair.need] = has_partner[pair.offer] = 1;
  }
  int missing = 0;
  for (size_t p = 0; p < counts.size(); ++p) {
    const Party& party = event.parties[p];
    int minimum = party.min_meetings;
    if (party.is_protected && (has_partner[p] != 0 || counts[p] > 0))
      minimum = std::max(minimum, event.settings.protected_floor);
    missing += std::max(0, minimum - counts[p]);
  }
  return missing;
}

// Whether the table of a session has room, and equipment, for one more party.
bool HasSeat(const Event& event, const Session& session, const SeatCount& taken, int guest) {
  if (session.table < 0) return true;
  const Table& table = event.tables[session.table];
  return (table.online || !event.parties[guest].online) &&
         (table.seats == 0 || taken.With(guest) <= table.seats);
}

}  // namespace

void SeatInvited(const Instance& instance, Plan& plan) {
  const Event& event = *instance.event;
  const std::vector<int> counts = CountsOf(event, plan.meetings);
  Busy busy(instance);
  for (const Meeting& meeting : plan.meetings) {
    busy.Take(event.pairs[meeting.pair].need, meeting.slot);
    busy.Take(event.pairs[meeting.pair].offer, meeting.slot);
  }
  plan.sessions = instance.sessions;
  for (SessionPlan& session : plan.sessions) {
    if (session.slot < 0) continue;
    const Session& asked = event.sessions[session.session];
    std::vector<int> invited = asked.invited;
    std::stable_sort(invited.begin(), invited.end(), [&](int a, int b) { return counts[a] < counts[b]; });
    std::unordered_set<int> in(session.parties.begin(), session.parties.end());
    SeatCount taken(event);
    for (const int p : session.parties) taken.Add(p);
    for (const int p : invited) {
      if (asked.capacity > 0 && static_cast<int>(session.parties.size()) >= asked.capacity) break;
      if (in.contains(p) || !instance.open[p][session.slot] || busy.Of(p)[session.slot]) continue;
      if (!HasSeat(event, asked, taken, p)) continue;
      busy.Take(p, session.slot);
      taken.Add(p);
      in.insert(p);
      session.parties.push_back(p);
    }
  }
}

double Gini(std::vector<int> counts) {
  std::sort(counts.begin(), counts.end());
  double sum = 0, weighted = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    sum += counts[i];
    weighted += counts[i] * static_cast<double>(i + 1);
  }
  const double n = static_cast<double>(counts.size());
  return sum == 0 ? 0 : 2 * weighted / (n * sum) - (n + 1) / n;
}

std::vector<int> CountsOf(const Event& event, const std::vector<Meeting>& meetings) {
  std::vector<int> counts(event.parties.size(), 0);
  for (const Meeting& meeting : meetings) {
    ++counts[event.pairs[meeting.pair].need];
    ++counts[event.pairs[meeting.pair].offer];
  }
  return counts;
}

GroupCounts CountGroups(const Instance& instance, const std::vector<Meeting>& meetings) {
  GroupCounts counts(instance.groups);
  for (const Meeting& meeting : meetings) {
    const Pair& pair = instance.event->pairs[meeting.pair];
    if (!meeting.locked) counts.Add(pair.need, pair.offer);
  }
  return counts;
}

Figures FiguresOf(const Instance& instance, const std::vector<Meeting>& meetings,
                  const std::vector<SessionPlan>& sessions) {
  Figures figures;
  figures.meetings = static_cast<int>(meetings.size());
  CountWishes(*instance.event, meetings, figures);
  const std::vector<int> counts = CountsOf(*instance.event, meetings);
  std::vector<int> with_candidate;
  for (size_t p = 0; p < counts.size(); ++p) {
    if (instance.has_candidate[p]) with_candidate.push_back(counts[p]);
  }
  figures.min_shortfall = MinShortfall(*instance.event, counts);
  const GroupCounts groups = CountGroups(instance, meetings);
  for (int g = 0; g < static_cast<int>(instance.groups.all.size()); ++g)
    figures.quota_shortfall += std::max(0, instance.groups.all[g].minimum - groups.count(g));
  if (!with_candidate.empty())
    figures.worst_off = *std::min_element(with_candidate.begin(), with_candidate.end());
  figures.without_meeting = static_cast<int>(std::count(with_candidate.begin(), with_candidate.end(), 0));
  figures.gini = Gini(with_candidate);
  const Stability stability(instance, meetings);
  figures.blocking_pairs = stability.BlockingPairs();
  figures.envy = stability.Envious();
  CountWaiting(instance, meetings, sessions, figures);
  return figures;
}

}  // namespace dongxi::plan
