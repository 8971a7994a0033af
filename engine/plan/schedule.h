// Slots of chosen candidates while a plan is made: who is where, and whether the tables of each slot suffice.
// Every state that the methods leave is feasible. Internal to engine/plan.
#pragma once

#include <vector>

#include "engine/plan/instance.h"

namespace dongxi::plan {

// Whether the tables of a slot hold a set of meetings: by Hall's condition, exact.
class TableBook {
 public:
  explicit TableBook(const Instance& instance);
  void Add(int slot, int candidate, int times = 1);
  void Remove(int slot, int candidate) { Add(slot, candidate, -1); }
  bool Fits(int slot) const;
  bool FitsWith(int slot, int candidate);
  // Meetings of the pool that could still be added at most; -1: any number.
  int64_t FreeTables(int slot) const;

  // Hall's conditions one by one: meetings that need at least the seats of a level.
  size_t levels() const { return levels_.size(); }
  size_t Level(int seats) const;
  // Room for online meetings from level `a` on; for them and offline ones from level `b` on.
  int OnlineLeft(int slot, size_t a) const;
  int Left(int slot, size_t a, size_t b) const;

 private:
  struct Count {
    int offline = 0, online = 0;
  };
  void CountTables();
  void CountLocked();

  const Instance* instance_;
  bool unlimited_;
  std::vector<int> levels_;  // numbers of seats that meetings need, ascending
  std::vector<std::vector<Count>>
      tables_;  // by slot, level: tables of the pool with at least that many seats
  std::vector<std::vector<Count>> demand_;       // by slot, level: meetings that need at least that many
  std::vector<std::vector<int>> home_meetings_;  // by slot, table
  std::vector<int> overfull_homes_;              // by slot
  std::vector<int> load_;                        // by slot: meetings of the pool
};

class Schedule {
 public:
  explicit Schedule(const Instance& instance);

  const Instance& instance() const { return *instance_; }
  int slot(int candidate) const { return slot_[candidate]; }  // -1: not planned
  const std::vector<int>& slots() const { return slot_; }
  int count(int party) const { return count_[party]; }  // locked ones included
  const std::vector<int>& counts() const { return count_; }
  const GroupCounts& groups() const { return groups_; }
  int At(int body, int slot) const { return at_[body * slot_count_ + slot]; }  // -1: free
  int slot_count() const { return slot_count_; }
  TableBook& tables() { return tables_; }

  bool Free(int candidate, int slot) const;  // allowed, both bodies and all people free; tables put aside
  bool HasRoomInGroups(int candidate) const {
    const Candidate& c = instance_->candidates[candidate];
    return groups_.HasRoom(c.need, c.offer);
  }
  bool CanAdd(int candidate, int slot) { return Free(candidate, slot) && tables_.FitsWith(slot, candidate); }
  void Add(int candidate, int slot);
  void Remove(int candidate);
  // Adds it where the slot has the most free tables, or by an exchange of two slots along an alternating
  // path.
  bool Place(int candidate);
  // Whether a meeting may change slots as a link of a path: its people are in no other body.
  bool IsLink(int candidate) const {
    const Candidate& c = instance_->candidates[candidate];
    return instance_->shared[c.need].empty() && instance_->shared[c.offer].empty();
  }
  // Exchanges slots `a` and `b` for the meetings of a path, whatever the tables hold. REQUIRES: it is the
  // whole path of meetings that alternate between the two slots, and each is a link and may stand in the
  // other.
  void Swap(const std::vector<int>& path, int a, int b);

  int64_t Gain(const Objective& objective) const;  // as Choice::gain

 private:
  bool PlaceByExchange(int candidate);
  bool TryExchange(int candidate, int busy_body, int wanted, int spare);
  void SetPeople(int candidate, int slot, char busy);
  // The path from the meeting of `body` in slot `a` on; false if a meeting of it may not move.
  bool Walk(int body, int a, int b, std::vector<int>* path) const;

  const Instance* instance_;
  int slot_count_;
  std::vector<int> slot_;
  std::vector<int> at_;
  std::vector<char> person_busy_;  // by shared person and slot
  std::vector<int> count_;
  GroupCounts groups_;
  TableBook tables_;
  std::vector<int> path_, target_;  // kept for their memory
};

}  // namespace dongxi::plan
