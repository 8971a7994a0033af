// Whether meetings that must all take place find slots, and tables, together. Internal to engine/plan.
#pragma once

#include <compare>
#include <map>
#include <vector>

#include "engine/plan/instance.h"

namespace dongxi::plan {

// What a meeting needs of its table.
struct TableNeed {
  int seats = 0;
  bool online = false;
  int home = -1;  // a table of the event; -1: one that is nobody's own

  auto operator<=>(const TableNeed&) const = default;
};

struct Must {
  int pair = 0;   // of the event
  SlotSet slots;  // that it may have
};

// kUnknown: there are more meetings than are searched through, or the search was given up.
enum class Fit { kNo, kYes, kUnknown };

// Not thread-safe.
class MustPlaces {
 public:
  // Both outlive it.
  MustPlaces(const Event& event, const Instance& instance);

  // Whether somebody belongs to both parties.
  bool ShareSomeone(int party, int other) const;
  // Whether the meetings of two pairs cannot be in one slot.
  bool Exclude(int pair, int other) const;

  // Slots with a table that would do for a meeting of the pair. REQUIRES: the event has tables.
  SlotSet SlotsWithTable(int pair) const;
  // Musts that the tables can hold in all slots together, locked meetings put aside.
  int TableRoom() const { return room_sum_; }

  // Whether all of `musts` can have one of their slots each, nobody in two places, and with `tables` a table
  // of their own, beside the locked meetings. kNo and kYes are proven: that somebody has more meetings than
  // slots, or a kind of meeting more than table-slots, by matching, for any number; all else by search.
  Fit Find(const std::vector<Must>& musts, bool tables) const;

 private:
  class Search;
  struct TableChoice {
    std::vector<int> tables;  // how many would do, by slot
    SlotSet slots;            // with at least one
  };

  TableNeed NeedOf(int pair) const;
  bool Does(int table, const TableNeed& need) const;
  const TableChoice& TablesFor(const TableNeed& need) const;
  std::vector<int> PeopleOf(int pair) const;
  bool TablesHold(const std::vector<Must>& musts) const;

  const Event& event_;
  const Instance& instance_;
  std::map<int, std::vector<TableNeed>> seated_;  // by slot: locked meetings that leave their table open
  std::vector<int> room_;                         // by slot: tables of some use for a must, without those
  int room_sum_ = 0;
  mutable std::map<TableNeed, TableChoice> tables_for_;
};

}  // namespace dongxi::plan
