// Tables for the locks that leave theirs open. Internal to engine/plan.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "engine/plan/event.h"

namespace dongxi::plan {

// Seats that a party takes at a table.
int SeatsFor(const Party& party);

// Each of these locks at a table of its own that no other lock names and no session has, as far as that goes:
// a matching in each slot. For one thread.
class OpenLocks {
 public:
  // `session_slots`: by session, -1 for one without. REQUIRES: the event has tables; it outlives this.
  OpenLocks(const Event& event, const std::vector<int>& session_slots);

  // Those for which no table is left, by slot.
  const std::vector<const Lock*>& without_table() const { return without_table_; }

  // Gives a free table to a session; a lock that sits there changes to another. False if that one finds none:
  // then all is as it was.
  bool Take(int slot, int table);
  void GiveBack(int slot, int table) { taken_.erase({slot, table}); }

  // Work so far: tables looked at.
  int64_t looks() const { return looks_; }

  // A lock names it, or a session has it.
  bool IsTaken(int slot, int table) const { return taken_.contains({slot, table}); }
  // Where one of the two sits always; -1: nowhere.
  int HomeOf(const Lock& lock) const;
  // Open, large enough, equipped, and not somebody else's own.
  bool Does(int table, const Lock& lock) const;

 private:
  using Seats = std::vector<const Lock*>;  // by table

  bool Seat(const Lock& lock, std::vector<char>& tried, Seats& at);
  bool SeatIn(const Lock& lock, Seats& at);

  const Event& event_;
  std::set<int> homes_;                  // tables where somebody sits always
  std::set<std::pair<int, int>> taken_;  // slot, table
  std::map<int, Seats> at_;              // by slot that has such locks
  std::vector<const Lock*> without_table_;
  int64_t looks_ = 0;
};

}  // namespace dongxi::plan
