#include "engine/plan/open_locks.h"

#include <algorithm>

namespace dongxi::plan {

int SeatsFor(const Party& party) {
  if (party.seats > 0) return party.seats;
  return party.online ? 1 : std::max<int>(1, static_cast<int>(party.members.size()));
}

OpenLocks::OpenLocks(const Event& event, const std::vector<int>& session_slots) : event_(event) {
  for (const Party& party : event.parties) homes_.insert(party.home_table);
  std::map<int, std::vector<const Lock*>> open;  // by slot
  for (const Lock& lock : event.locks) {
    if (lock.table < 0)
      open[lock.slot].push_back(&lock);
    else
      taken_.insert({lock.slot, lock.table});
  }
  for (size_t i = 0; i < session_slots.size(); ++i) {
    if (event.sessions[i].table >= 0 && session_slots[i] >= 0)
      taken_.insert({session_slots[i], event.sessions[i].table});
  }
  for (const auto& [slot, locks] : open) {
    Seats& at = at_[slot];
    at.assign(event.tables.size(), nullptr);
    for (const Lock* lock : locks) {
      if (!SeatIn(*lock, at)) without_table_.push_back(lock);
    }
  }
}

bool OpenLocks::Take(int slot, int table) {
  taken_.insert({slot, table});
  const auto found = at_.find(slot);
  if (found == at_.end()) return true;
  Seats& at = found->second;
  const Lock* const lock = std::exchange(at[table], nullptr);
  if (lock == nullptr || SeatIn(*lock, at)) return true;
  at[table] = lock;
  GiveBack(slot, table);
  return false;
}

int OpenLocks::HomeOf(const Lock& lock) const {
  const Pair& pair = event_.pairs[lock.pair];
  const int home = event_.parties[pair.offer].home_table;
  return home >= 0 ? home : event_.parties[pair.need].home_table;
}

bool OpenLocks::Does(int table, const Lock& lock) const {
  const Table& asked = event_.tables[table];
  const Party& need = event_.parties[event_.pairs[lock.pair].need];
  const Party& offer = event_.parties[event_.pairs[lock.pair].offer];
  const int home = HomeOf(lock);
  if (home >= 0 ? table != home : homes_.contains(table)) return false;
  return asked.available[lock.slot] && (asked.online || !(need.online || offer.online)) &&
         (asked.seats == 0 || asked.seats >= SeatsFor(need) + SeatsFor(offer));
}

// A free table, else an augmenting path: changes nothing unless there is one.
bool OpenLocks::Seat(const Lock& lock, std::vector<char>& tried, Seats& at) {
  const auto may = [&](int t) { return tried[t] == 0 && !IsTaken(lock.slot, t) && Does(t, lock); };
  const int tables = static_cast<int>(at.size());
  looks_ += 2 * tables;
  for (int t = 0; t < tables; ++t) {
    if (at[t] != nullptr || !may(t)) continue;
    at[t] = &lock;
    return true;
  }
  for (int t = 0; t < tables; ++t) {
    if (!may(t)) continue;
    tried[t] = 1;
    if (!Seat(*at[t], tried, at)) continue;
    at[t] = &lock;
    return true;
  }
  return false;
}

bool OpenLocks::SeatIn(const Lock& lock, Seats& at) {
  std::vector<char> tried(at.size(), 0);
  return Seat(lock, tried, at);
}

}  // namespace dongxi::plan
