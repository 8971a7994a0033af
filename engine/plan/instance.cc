#include "engine/plan/instance.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "engine/plan/most_wanted.h"
#include "engine/plan/sessions.h"

namespace dongxi::plan {
namespace {

constexpr int kFairUnits = 4;  // the first meetings of a party that fairness rewards: 1, 1/2, 1/4, 1/8

int Find(std::vector<int>& root, int i) {
  while (root[i] != i) i = root[i] = root[root[i]];
  return i;
}

// People by name, with the parties they belong to.
std::map<std::string, std::vector<int>> SharedPeople(const Event& event) {
  std::map<std::string, std::vector<int>> people;
  for (size_t p = 0; p < event.parties.size(); ++p) {
    for (const std::string& member : event.parties[p].members) {
      std::vector<int>& parties = people[member];
      if (parties.empty() || parties.back() != static_cast<int>(p)) parties.push_back(static_cast<int>(p));
    }
  }
  std::erase_if(people, [](const auto& entry) { return entry.second.size() < 2; });
  return people;
}

// Parties that one person connects, directly or through others: lists of parties.
std::vector<std::vector<int>> Components(const std::map<std::string, std::vector<int>>& people,
                                         size_t count) {
  std::vector<int> root(count);
  std::iota(root.begin(), root.end(), 0);
  for (const auto& [person, parties] : people) {
    for (const int party : parties) {
      const int a = Find(root, parties[0]), b = Find(root, party);
      root[std::max(a, b)] = std::min(a, b);
    }
  }
  std::vector<int> number(count, -1);
  std::vector<std::vector<int>> components;
  for (size_t p = 0; p < count; ++p) {
    int& n = number[Find(root, static_cast<int>(p))];
    if (n < 0) {
      n = static_cast<int>(components.size());
      components.emplace_back();
    }
    components[n].push_back(static_cast<int>(p));
  }
  return components;
}

// One body for parties that all share one person; else one for those with the same shared people, who are
// then kept apart from the other bodies one by one.
void MakeBodies(const std::map<std::string, std::vector<int>>& people, Instance& instance) {
  const size_t count = instance.event->parties.size();
  instance.body.assign(count, -1);
  instance.shared.assign(count, {});
  std::vector<std::vector<int>> people_of(count);
  std::vector<int> parties_of;
  for (const auto& [person, parties] : people) {
    for (const int party : parties) people_of[party].push_back(static_cast<int>(parties_of.size()));
    parties_of.push_back(static_cast<int>(parties.size()));
  }
  std::vector<int> number(parties_of.size(), -1);
  for (const std::vector<int>& component : Components(people, count)) {
    const std::vector<int>& first = people_of[component[0]];
    const bool is_one = component.size() == 1 || std::any_of(first.begin(), first.end(), [&](int person) {
                          return parties_of[person] == static_cast<int>(component.size());
                        });
    std::map<std::vector<int>, int> bodies;
    for (const int party : component) {
      const auto [at, is_new] = bodies.try_emplace(is_one ? first : people_of[party], instance.bodies);
      instance.bodies += is_new;
      instance.body[party] = at->second;
      for (const int person : people_of[party]) {
        if (is_one) break;
        if (number[person] < 0) number[person] = instance.shared_people++;
        instance.shared[party].push_back(number[person]);
      }
    }
  }
}

// Marks a slot as taken for the party and everybody who shares a person with it.
class Occupancy {
 public:
  Occupancy(const std::map<std::string, std::vector<int>>& people, Instance& instance) : instance_(instance) {
    neighbours_.resize(instance.event->parties.size());
    for (const auto& [person, parties] : people) {
      for (const int a : parties) neighbours_[a].insert(neighbours_[a].end(), parties.begin(), parties.end());
    }
  }
  void Take(int party, int slot) {
    instance_.open[party].reset(slot);
    for (const int other : neighbours_[party]) instance_.open[other].reset(slot);
  }

 private:
  Instance& instance_;
  std::vector<std::vector<int>> neighbours_;
};

void TakeLocksAndSessions(const std::map<std::string, std::vector<int>>& people, Instance& instance) {
  const Event& event = *instance.event;
  Occupancy occupancy(people, instance);
  for (const Lock& lock : event.locks) {
    const Pair& pair = event.pairs[lock.pair];
    instance.locked.push_back({lock.pair, lock.slot, lock.table, true, lock.held});
    for (const int party : {pair.need, pair.offer}) {
      occupancy.Take(party, lock.slot);
      ++instance.done[party];
    }
    if (lock.table >= 0) instance.table_open[lock.table].reset(lock.slot);
  }
  const SessionPlacement placement = PlaceSessions(event);
  for (size_t i = 0; i < event.sessions.size(); ++i) {
    const Session& session = event.sessions[i];
    const int slot = placement.slots[i];
    instance.sessions.push_back({static_cast<int>(i), slot, {}});
    if (slot < 0) continue;  // Validate names it
    instance.sessions.back().parties = session.participants;
    for (const int party : session.participants) occupancy.Take(party, slot);
    if (session.table >= 0) instance.table_open[session.table].reset(slot);
  }
}

bool TableDoes(const Table& table, const Candidate& candidate) {
  return (table.online || !candidate.online) && (table.seats == 0 || table.seats >= candidate.seats);
}

void AllowSlots(const std::vector<SlotSet>& by_seats_online, const std::vector<int>& seat_levels,
                const Instance& instance, Candidate& candidate) {
  candidate.allowed = instance.open[candidate.need] & instance.open[candidate.offer];
  if (instance.event->tables.empty()) return;
  if (candidate.home >= 0) {
    const bool does = TableDoes(instance.event->tables[candidate.home], candidate);
    candidate.allowed = does ? candidate.allowed & instance.table_open[candidate.home] : SlotSet();
    return;
  }
  const size_t level =
      std::lower_bound(seat_levels.begin(), seat_levels.end(), candidate.seats) - seat_levels.begin();
  candidate.allowed &= by_seats_online[2 * level + candidate.online];
}

// For each number of seats that some meeting may need and for both kinds of meeting: slots with a table for
// it.
std::vector<SlotSet> PoolSlots(const Instance& instance, const std::vector<int>& seat_levels) {
  std::vector<SlotSet> slots(2 * seat_levels.size());
  for (size_t level = 0; level < seat_levels.size(); ++level) {
    for (const bool online : {false, true}) {
      const Candidate sample{.seats = seat_levels[level], .online = online};
      for (size_t t = 0; t < instance.event->tables.size(); ++t) {
        if (!instance.is_home[t] && TableDoes(instance.event->tables[t], sample)) {
          slots[2 * level + online] |= instance.table_open[t];
        }
      }
    }
  }
  return slots;
}

Candidate CandidateOf(const Event& event, int index) {
  const Pair& pair = event.pairs[index];
  const Party& need = event.parties[pair.need];
  const Party& offer = event.parties[pair.offer];
  Candidate candidate{
      .pair = index, .need = pair.need, .offer = pair.offer, .value = PairUnits(pair), .must = IsMust(pair)};
  candidate.home = offer.home_table >= 0 ? offer.home_table : need.home_table;
  candidate.seats = SeatsOf(need) + SeatsOf(offer);
  candidate.online = need.online || offer.online;
  return candidate;
}

bool Asks(Wish wish) { return wish == Wish::kWant || wish == Wish::kMust; }

void AddCandidates(Instance& instance) {
  const Event& event = *instance.event;
  std::vector<char> is_locked(event.pairs.size(), 0);
  for (const Lock& lock : event.locks) is_locked[lock.pair] = 1;
  std::vector<int> seat_levels;
  std::vector<Candidate> all;
  for (size_t i = 0; i < event.pairs.size(); ++i) {
    const Pair& pair = event.pairs[i];
    if (is_locked[i]) instance.has_candidate[pair.need] = instance.has_candidate[pair.offer] = 1;
    if (is_locked[i] || PairUnits(pair) < 0) continue;
    all.push_back(CandidateOf(event, static_cast<int>(i)));
    seat_levels.push_back(all.back().seats);
  }
  std::sort(seat_levels.begin(), seat_levels.end());
  seat_levels.erase(std::unique(seat_levels.begin(), seat_levels.end()), seat_levels.end());
  const std::vector<SlotSet> pool = PoolSlots(instance, seat_levels);
  for (Candidate& candidate : all) {
    AllowSlots(pool, seat_levels, instance, candidate);
    if (candidate.allowed.none()) continue;
    instance.has_candidate[candidate.need] = instance.has_candidate[candidate.offer] = 1;
    instance.candidates.push_back(candidate);
  }
}

// Nobody meets in a slot that is past. Who could have met there and did not is counted all the same.
void ClosePast(Instance& instance) {
  const SlotSet to_come = SlotsFrom(instance.now);
  for (SlotSet& slots : instance.open) slots &= to_come;
  for (SlotSet& slots : instance.table_open) slots &= to_come;
  for (Candidate& candidate : instance.candidates) candidate.allowed &= to_come;
  std::erase_if(instance.candidates, [](const Candidate& candidate) { return candidate.allowed.none(); });
}

void SetCaps(Instance& instance) {
  const Event& event = *instance.event;
  for (size_t p = 0; p < event.parties.size(); ++p) {
    int cap = static_cast<int>(instance.open[p].count());
    const int own =
        event.parties[p].max_meetings >= 0 ? event.parties[p].max_meetings : event.settings.max_meetings;
    if (own >= 0) cap = std::clamp(own - instance.done[p], 0, cap);
    instance.cap.push_back(cap);
  }
}

// How many meetings the tables hold in all, for the bound: own tables too if a meeting may stand there.
void CountTableSlots(Instance& instance) {
  const Event& event = *instance.event;
  std::vector<char> used(event.tables.size(), 0);
  for (const Candidate& candidate : instance.candidates) {
    if (candidate.home < 0) continue;
    used[candidate.home] = 1;
    instance.pool_only = false;
  }
  if (event.tables.empty()) return;
  int64_t count = 0;
  for (size_t t = 0; t < event.tables.size(); ++t) {
    if (!instance.is_home[t] || used[t]) count += static_cast<int64_t>(instance.table_open[t].count());
  }
  for (const Meeting& meeting : instance.locked) {
    if (meeting.table >= 0 || meeting.slot < instance.now) continue;
    const Pair& pair = event.pairs[meeting.pair];
    const int offer_home = event.parties[pair.offer].home_table;
    const int home = offer_home >= 0 ? offer_home : event.parties[pair.need].home_table;
    count -= home < 0 || used[home];
  }
  instance.table_slots = std::max<int64_t>(0, count);
}

int64_t MeanValue(const Instance& instance) {
  int64_t sum = 0, count = 0;
  for (const Candidate& candidate : instance.candidates) {
    sum += candidate.value;
    count += candidate.value > 0;
  }
  return count == 0 ? kScoreUnit / 2 : sum / count;
}

void CapMostWanted(const Instance& instance, std::vector<int>& cap) {
  const Event& event = *instance.event;
  if (event.settings.most_wanted_max < 0) return;
  for (const int p : MostWanted(event))
    cap[p] = std::clamp(event.settings.most_wanted_max - instance.done[p], 0, cap[p]);
}

}  // namespace

std::string SinceWords(const Event& event, int now) {
  if (now == 0) return "";
  return now < static_cast<int>(event.slots.size()) ? "从 " + event.slots[now].id + " 起" : "现在起";
}

int SeatsOf(const Party& party) {
  if (party.seats > 0) return party.seats;
  return party.online ? 1 : std::max(1, static_cast<int>(party.members.size()));
}

bool IsMust(const Pair& pair) {
  return pair.by_need == Wish::kMust || pair.by_offer == Wish::kMust || pair.by_organiser == Wish::kMust;
}

int64_t PairUnits(const Pair& pair) {
  for (const Wish wish : {pair.by_need, pair.by_offer, pair.by_organiser}) {
    if (wish == Wish::kNo) return -1;
  }
  if (pair.history == History::kCoolDown && !IsMust(pair)) return -1;
  double worth = pair.score;
  for (const Wish wish : {pair.by_need, pair.by_offer}) worth += Asks(wish) ? kWishBonus : 0;
  if (pair.history == History::kExtend) worth += kExtendBonus;
  return std::llround(worth * static_cast<double>(kScoreUnit));
}

Instance MakeInstance(const Event& event, int now) {
  Instance instance;
  instance.event = &event;
  instance.now = now;
  const size_t parties = event.parties.size();
  const SlotSet meeting_slots = MeetingSlots(event);
  for (const Party& party : event.parties) instance.open.push_back(party.available & meeting_slots);
  for (const Table& table : event.tables) instance.table_open.push_back(table.available & meeting_slots);
  instance.is_home.assign(event.tables.size(), 0);
  for (const Party& party : event.parties) {
    if (party.home_table >= 0) instance.is_home[party.home_table] = 1;
  }
  instance.done.assign(parties, 0);
  instance.has_candidate.assign(parties, 0);
  const auto people = SharedPeople(event);
  MakeBodies(people, instance);
  TakeLocksAndSessions(people, instance);
  instance.groups = MakeGroups(event);
  AddCandidates(instance);
  if (now > 0) ClosePast(instance);
  SetCaps(instance);
  CountTableSlots(instance);
  return instance;
}

Objective MakeObjective(const Instance& instance, double fairness, bool capped, bool floored) {
  const Event& event = *instance.event;
  Objective objective{.fairness = fairness, .cap = instance.cap};
  if (capped) CapMostWanted(instance, objective.cap);
  for (const Group& group : instance.groups.all) objective.group_minima.push_back(group.minimum);
  const double unit = fairness * static_cast<double>(MeanValue(instance));
  for (size_t p = 0; p < event.parties.size(); ++p) {
    const Party& party = event.parties[p];
    int minimum = party.min_meetings;
    if (floored && party.is_protected) minimum = std::max(minimum, event.settings.protected_floor);
    std::vector<int64_t>& gains = objective.unit_gains.emplace_back();
    for (int j = 0; j < std::max(minimum, fairness > 0 ? kFairUnits : 0); ++j) {
      int64_t gain = j < minimum ? kMinimumGain : 0;
      if (j < kFairUnits)
        gain += std::llround(unit * (party.is_protected ? 2 : 1) / static_cast<double>(1 << j));
      gains.push_back(gain);
    }
  }
  return objective;
}

}  // namespace dongxi::plan
