#include "engine/plan/must_places.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

namespace dongxi::plan {
namespace {

constexpr int kStepsMax = 2'000;       // of the search
constexpr size_t kSearchedMax = 128;   // musts
constexpr size_t kMatchedMax = 1'000;  // musts that are matched; more are only counted

// Bipartite matching of musts and slots; a slot takes as many as there is room.
class SlotMatching {
 public:
  SlotMatching(const std::vector<Must>& musts, const std::vector<int>& room)
      : musts_(musts), room_(room), at_(room.size()) {}

  // False: it has no place even if those added before change theirs.
  bool Add(int must) {
    SlotSet tried;
    return Put(must, tried);
  }

 private:
  bool Put(int must, SlotSet& tried) {
    for (size_t s = 0; s < room_.size(); ++s) {
      if (!musts_[must].slots[s] || tried[s] || room_[s] <= 0) continue;
      tried.set(s);
      if (at_[s].size() < static_cast<size_t>(room_[s])) {
        at_[s].push_back(must);
        return true;
      }
      for (int& holder : at_[s]) {
        if (!Put(holder, tried)) continue;
        holder = must;
        return true;
      }
    }
    return false;
  }

  const std::vector<Must>& musts_;
  const std::vector<int>& room_;
  std::vector<std::vector<int>> at_;  // musts by slot
};

// Whether those of `musts` that `which` names find slots.
bool Match(const std::vector<Must>& musts, const std::vector<int>& which, const std::vector<int>& room) {
  SlotSet slots;
  for (const int i : which) slots |= musts[i].slots;
  size_t places = 0;
  for (size_t s = 0; s < room.size(); ++s)
    places += slots[s] && room[s] > 0 ? static_cast<size_t>(room[s]) : 0;
  if (places < which.size()) return false;
  if (which.size() > kMatchedMax) return true;
  SlotMatching matching(musts, room);
  return std::all_of(which.begin(), which.end(), [&](int i) { return matching.Add(i); });
}

}  // namespace

// Slot by slot, exactly.
class MustPlaces::Search {
 public:
  Search(const MustPlaces& places, const std::vector<Must>& musts, bool tables)
      : places_(places), tables_(tables), musts_(musts), slot_(musts.size(), -1) {}

  // The must with the fewest slots left first; goes back where one has none.
  Fit Run() {
    const int next = Next();
    if (next < 0) return Fit::kYes;
    for (int s = 0; s < static_cast<int>(places_.event_.slots.size()); ++s) {
      if (!musts_[next].slots[s]) continue;
      if (++steps_ > kStepsMax) return Fit::kUnknown;
      slot_[next] = s;
      if (!tables_ || TablesFit(s)) {
        const std::vector<int> narrowed = TakeSlot(next, s);
        if (const Fit fit = Run(); fit != Fit::kNo) return fit;
        for (const int other : narrowed) musts_[other].slots.set(s);
      }
      slot_[next] = -1;
    }
    return Fit::kNo;
  }

 private:
  int Next() const {
    int next = -1;
    for (int i = 0; i < static_cast<int>(musts_.size()); ++i) {
      if (slot_[i] < 0 && (next < 0 || musts_[i].slots.count() < musts_[next].slots.count())) next = i;
    }
    return next;
  }
  // From the others that its people are in: which they are.
  std::vector<int> TakeSlot(int must, int slot) {
    std::vector<int> narrowed;
    for (int i = 0; i < static_cast<int>(musts_.size()); ++i) {
      if (slot_[i] >= 0 || !musts_[i].slots[slot] || !places_.Exclude(musts_[i].pair, musts_[must].pair))
        continue;
      musts_[i].slots.reset(slot);
      narrowed.push_back(i);
    }
    return narrowed;
  }

  // Whether the meetings of a slot each get a table: bipartite matching.
  bool TablesFit(int slot) const {
    std::vector<TableNeed> needs;
    if (const auto found = places_.seated_.find(slot); found != places_.seated_.end()) needs = found->second;
    for (size_t i = 0; i < musts_.size(); ++i) {
      if (slot_[i] == slot) needs.push_back(places_.NeedOf(musts_[i].pair));
    }
    std::vector<int> owner(places_.event_.tables.size(), -1);
    for (int i = 0; i < static_cast<int>(needs.size()); ++i) {
      std::vector<char> tried(owner.size(), 0);
      if (!Seat(needs, i, slot, tried, owner)) return false;
    }
    return true;
  }
  bool Seat(const std::vector<TableNeed>& needs, int i, int slot, std::vector<char>& tried,
            std::vector<int>& owner) const {
    for (int t = 0; t < static_cast<int>(owner.size()); ++t) {
      if (tried[t] != 0 || !places_.instance_.table_open[t][slot] || !places_.Does(t, needs[i])) continue;
      tried[t] = 1;
      if (owner[t] >= 0 && !Seat(needs, owner[t], slot, tried, owner)) continue;
      owner[t] = i;
      return true;
    }
    return false;
  }

  const MustPlaces& places_;
  const bool tables_;
  std::vector<Must> musts_;  // with the slots that are left
  std::vector<int> slot_;    // by must; -1: none yet
  int steps_ = 0;
};

MustPlaces::MustPlaces(const Event& event, const Instance& instance) : event_(event), instance_(instance) {
  if (event.tables.empty()) return;
  std::set<TableNeed> needs;
  for (const Meeting& meeting : instance.locked) {
    if (meeting.table >= 0) continue;
    seated_[meeting.slot].push_back(NeedOf(meeting.pair));
    needs.insert(NeedOf(meeting.pair));
  }
  for (int i = 0; i < static_cast<int>(event.pairs.size()); ++i) {
    if (IsMust(event.pairs[i])) needs.insert(NeedOf(i));
  }
  room_.assign(event.slots.size(), 0);
  for (int t = 0; t < static_cast<int>(event.tables.size()); ++t) {
    const bool is_useful =
        std::any_of(needs.begin(), needs.end(), [&](const TableNeed& need) { return Does(t, need); });
    for (size_t s = 0; s < room_.size() && is_useful; ++s) room_[s] += instance.table_open[t][s] ? 1 : 0;
  }
  for (const auto& [slot, seated] : seated_)
    room_[slot] = std::max(0, room_[slot] - static_cast<int>(seated.size()));
  room_sum_ = std::accumulate(room_.begin(), room_.end(), 0);
}

bool MustPlaces::ShareSomeone(int party, int other) const {
  if (instance_.body[party] == instance_.body[other]) return true;
  const std::vector<int>& people = instance_.shared[party];
  const std::vector<int>& others = instance_.shared[other];
  return std::any_of(people.begin(), people.end(), [&](int person) {
    return std::find(others.begin(), others.end(), person) != others.end();
  });
}

bool MustPlaces::Exclude(int pair, int other) const {
  const Pair& a = event_.pairs[pair];
  const Pair& b = event_.pairs[other];
  return ShareSomeone(a.need, b.need) || ShareSomeone(a.need, b.offer) || ShareSomeone(a.offer, b.need) ||
         ShareSomeone(a.offer, b.offer);
}

SlotSet MustPlaces::SlotsWithTable(int pair) const { return TablesFor(NeedOf(pair)).slots; }

Fit MustPlaces::Find(const std::vector<Must>& musts, bool tables) const {
  if (tables && musts.size() > static_cast<size_t>(room_sum_)) return Fit::kNo;
  std::map<int, std::vector<int>> of_person;  // places in `musts`
  for (int i = 0; i < static_cast<int>(musts.size()); ++i) {
    for (const int person : PeopleOf(musts[i].pair)) of_person[person].push_back(i);
  }
  const std::vector<int> one_each(event_.slots.size(), 1);
  bool is_of_one = false;  // then these slots are all there is to find
  for (const auto& [person, which] : of_person) {
    if (!Match(musts, which, one_each)) return Fit::kNo;
    is_of_one |= which.size() == musts.size() && which.size() <= kMatchedMax;
  }
  if (tables && !TablesHold(musts)) return Fit::kNo;
  if (is_of_one && (!tables || seated_.empty())) return Fit::kYes;
  if (musts.size() > kSearchedMax) return Fit::kUnknown;
  return Search(*this, musts, tables).Run();
}

TableNeed MustPlaces::NeedOf(int pair) const {
  const Party& need = event_.parties[event_.pairs[pair].need];
  const Party& offer = event_.parties[event_.pairs[pair].offer];
  return {SeatsOf(need) + SeatsOf(offer), need.online || offer.online,
          offer.home_table >= 0 ? offer.home_table : need.home_table};
}

bool MustPlaces::Does(int table, const TableNeed& need) const {
  if (need.home >= 0 ? table != need.home : instance_.is_home[table] != 0) return false;
  const Table& it = event_.tables[table];
  return (it.online || !need.online) && (it.seats == 0 || it.seats >= need.seats);
}

const MustPlaces::TableChoice& MustPlaces::TablesFor(const TableNeed& need) const {
  const auto [at, is_new] = tables_for_.try_emplace(need);
  TableChoice& choice = at->second;
  if (!is_new) return choice;
  choice.tables.assign(event_.slots.size(), 0);
  for (int t = 0; t < static_cast<int>(event_.tables.size()); ++t) {
    if (!Does(t, need)) continue;
    choice.slots |= instance_.table_open[t];
    for (size_t s = 0; s < choice.tables.size(); ++s) choice.tables[s] += instance_.table_open[t][s] ? 1 : 0;
  }
  return choice;
}

std::vector<int> MustPlaces::PeopleOf(int pair) const {
  std::vector<int> people;
  for (const int party : {event_.pairs[pair].need, event_.pairs[pair].offer}) {
    people.push_back(instance_.body[party]);
    for (const int person : instance_.shared[party]) people.push_back(instance_.bodies + person);
  }
  return people;
}

// Of all musts together, and of those that need the same of their table.
bool MustPlaces::TablesHold(const std::vector<Must>& musts) const {
  std::vector<int> all(musts.size());
  std::iota(all.begin(), all.end(), 0);
  if (!Match(musts, all, room_)) return false;
  std::map<TableNeed, std::vector<int>> by_need;
  for (const int i : all) by_need[NeedOf(musts[i].pair)].push_back(i);
  return std::all_of(by_need.begin(), by_need.end(), [&](const auto& entry) {
    const auto& [need, which] = entry;
    std::vector<int> room = TablesFor(need).tables;
    for (const auto& [slot, seated] : seated_)
      room[slot] -= static_cast<int>(std::count(seated.begin(), seated.end(), need));
    return Match(musts, which, room);
  });
}

}  // namespace dongxi::plan
