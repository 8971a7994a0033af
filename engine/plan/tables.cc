#include "engine/plan/tables.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "engine/plan/flow.h"

namespace dongxi::plan {
namespace {

constexpr int kSweepsMax = 8;
// A slot with more meetings times tables is improved by exchanges of two: an exact assignment of 40 meetings
// takes about a millisecond.
constexpr size_t kExactArcsMax = 1'600;

bool Does(const Event& event, const Table& table, const Pair& pair) {
  const Party& need = event.parties[pair.need];
  const Party& offer = event.parties[pair.offer];
  return (table.online || !(need.online || offer.online)) &&
         (table.seats == 0 || table.seats >= SeatsOf(need) + SeatsOf(offer));
}

class TableAssigner {
 public:
  TableAssigner(const Instance& instance, std::vector<Meeting>& meetings)
      : instance_(instance), event_(*instance.event), meetings_(meetings), last_(event_.parties.size(), -1) {}

  std::vector<int> movable;  // meetings that got a table of the pool

  void Slot(int slot, std::vector<int> indexes) {
    taken_.assign(event_.tables.size(), 0);
    std::vector<int> pool;
    for (const int i : indexes) {
      Meeting& meeting = meetings_[i];
      const Pair& pair = event_.pairs[meeting.pair];
      const int offer_home = event_.parties[pair.offer].home_table,
                need_home = event_.parties[pair.need].home_table;
      const int home = offer_home >= 0 ? offer_home : need_home;
      if (meeting.table < 0 && home >= 0) meeting.table = home;
      meeting.table >= 0 ? Take(i, meeting.table) : pool.push_back(i);
    }
    // The largest first: every table that does for one meeting does for the smaller ones after it.
    std::stable_sort(pool.begin(), pool.end(), [&](int a, int b) {
      if (Seats(a) != Seats(b)) return Seats(a) > Seats(b);
      return Keeps(a) > Keeps(b);
    });
    for (const int i : pool) Take(i, Choose(i, slot));
    movable.insert(movable.end(), pool.begin(), pool.end());
  }

 private:
  int Seats(int i) const {
    const Pair& pair = event_.pairs[meetings_[i].pair];
    return SeatsOf(event_.parties[pair.need]) + SeatsOf(event_.parties[pair.offer]);
  }
  bool Online(int i) const {
    const Pair& pair = event_.pairs[meetings_[i].pair];
    return event_.parties[pair.need].online || event_.parties[pair.offer].online;
  }
  int Keeps(int i) const {
    const Pair& pair = event_.pairs[meetings_[i].pair];
    return (last_[pair.need] >= 0) + (last_[pair.offer] >= 0);
  }
  void Take(int i, int table) {
    meetings_[i].table = table;
    if (table < 0) return;
    taken_[table] = 1;
    const Pair& pair = event_.pairs[meetings_[i].pair];
    last_[pair.need] = last_[pair.offer] = table;
  }
  // A table without equipment for those who do not need it, while there is one; of the same kind the last
  // one.
  int Choose(int i, int slot) const {
    const Pair& pair = event_.pairs[meetings_[i].pair];
    int best = -1, best_rank = 100;
    for (int t = 0; t < static_cast<int>(event_.tables.size()); ++t) {
      const Table& table = event_.tables[t];
      if (taken_[t] || instance_.is_home[t] || !instance_.table_open[t][slot]) continue;
      if ((Online(i) && !table.online) || (table.seats > 0 && table.seats < Seats(i))) continue;
      const int rank = (table.online && !Online(i) ? 4 : 0) + (t == last_[pair.offer]  ? 0
                                                               : t == last_[pair.need] ? 1
                                                                                       : 2);
      if (rank < best_rank) best = t, best_rank = rank;
    }
    return best;
  }

  const Instance& instance_;
  const Event& event_;
  std::vector<Meeting>& meetings_;
  std::vector<int> last_;
  std::vector<char> taken_;
};

// Changes tables within slots, where that saves changes between the meetings of a party.
class TableImprover {
 public:
  TableImprover(const Instance& instance, const std::vector<int>& movable, std::vector<Meeting>& meetings)
      : instance_(instance),
        event_(*instance.event),
        meetings_(meetings),
        around_(meetings.size()),
        by_slot_(event_.slots.size()),
        holder_(event_.slots.size() * event_.tables.size(), kNobody) {
    Connect();
    for (size_t i = 0; i < meetings.size(); ++i) {
      if (meetings[i].table >= 0) Holder(meetings[i].slot, meetings[i].table) = kFixed;
    }
    for (const int i : movable) {
      if (meetings[i].table < 0) continue;
      Holder(meetings[i].slot, meetings[i].table) = i;
      by_slot_[meetings[i].slot].push_back(i);
    }
  }

  void Run() {
    bool changed = true;
    for (int sweep = 0; changed && sweep < kSweepsMax; ++sweep) {
      changed = false;
      for (size_t slot = 0; slot < by_slot_.size(); ++slot) {
        const bool is_small = by_slot_[slot].size() * event_.tables.size() <= kExactArcsMax;
        changed |= is_small ? AssignAnew(static_cast<int>(slot)) : ExchangeTwo(static_cast<int>(slot));
      }
    }
  }

 private:
  static constexpr int kNobody = -1, kFixed = -2;

  int& Holder(int slot, int table) { return holder_[slot * event_.tables.size() + table]; }

  // The meetings before and after each, of both of its parties.
  void Connect() {
    std::vector<int> order(meetings_.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return meetings_[a].slot < meetings_[b].slot; });
    std::vector<int> last(event_.parties.size(), -1);
    for (const int i : order) {
      around_[i].fill(-1);
      const Pair& pair = event_.pairs[meetings_[i].pair];
      for (int side = 0; side < 2; ++side) {
        int& before = last[side == 0 ? pair.need : pair.offer];
        around_[i][side] = before;
        if (before >= 0) around_[before][2 + side] = i;
        before = i;
      }
    }
  }

  // Changes of table next to meeting `i` if it were at `table`.
  int Changes(int i, int table) const {
    int changes = 0;
    for (const int other : around_[i]) changes += other >= 0 && meetings_[other].table != table;
    return changes;
  }
  bool MayBe(int i, int table) const {
    return !instance_.is_home[table] && instance_.table_open[table][meetings_[i].slot] &&
           Does(event_, event_.tables[table], event_.pairs[meetings_[i].pair]);
  }

  bool ExchangeTwo(int slot) {
    bool changed = false;
    for (const int i : by_slot_[slot]) {
      for (const int other : around_[i]) {
        if (other < 0) continue;
        const int here = meetings_[i].table, there = meetings_[other].table;
        if (there < 0 || there == here || !MayBe(i, there)) continue;
        const int holder = Holder(slot, there);
        if (holder == kFixed || (holder >= 0 && !MayBe(holder, here))) continue;
        int saved = Changes(i, here) - Changes(i, there);
        if (holder >= 0) saved += Changes(holder, there) - Changes(holder, here);
        if (saved <= 0) continue;
        meetings_[i].table = there;
        if (holder >= 0) meetings_[holder].table = here;
        Holder(slot, there) = i;
        Holder(slot, here) = holder;
        changed = true;
      }
    }
    return changed;
  }

  // The assignment with the fewest changes, given the tables of the other slots.
  bool AssignAnew(int slot) {
    const std::vector<int>& meetings = by_slot_[slot];
    const int count = static_cast<int>(meetings.size()), tables = static_cast<int>(event_.tables.size());
    constexpr int kSource = 0, kSink = 1;
    constexpr int64_t kSeated = 1'000;  // more than any change costs: nobody is left without a table
    std::vector<FlowArc> arcs;
    int now = 0;
    for (int m = 0; m < count; ++m) {
      now += Changes(meetings[m], meetings_[meetings[m]].table);
      arcs.push_back({kSource, 2 + m, 1, 0});
    }
    if (now == 0) return false;
    for (int t = 0; t < tables; ++t) arcs.push_back({2 + count + t, kSink, 1, 0});
    arcs.push_back({kSink, kSource, count, 0});
    const size_t first = arcs.size();
    std::vector<std::pair<int, int>> ends;
    for (int m = 0; m < count; ++m) {
      for (int t = 0; t < tables; ++t) {
        if (Holder(slot, t) == kFixed || !MayBe(meetings[m], t)) continue;
        arcs.push_back({2 + m, 2 + count + t, 1, kSeated - Changes(meetings[m], t)});
        ends.push_back({meetings[m], t});
      }
    }
    const std::vector<int64_t> flow = GreatestCirculation(2 + count + tables, arcs);
    int then = 0, seated = 0;
    for (size_t e = 0; e < ends.size(); ++e) {
      if (flow[first + e] == 0) continue;
      then += Changes(ends[e].first, ends[e].second);
      ++seated;
    }
    if (seated < count || then >= now) return false;
    for (const int i : meetings) Holder(slot, meetings_[i].table) = kNobody;
    for (size_t e = 0; e < ends.size(); ++e) {
      if (flow[first + e] == 0) continue;
      meetings_[ends[e].first].table = ends[e].second;
      Holder(slot, ends[e].second) = ends[e].first;
    }
    return true;
  }

  const Instance& instance_;
  const Event& event_;
  std::vector<Meeting>& meetings_;
  std::vector<std::array<int, 4>> around_;  // before and after: of the need, of the offer; -1: none
  std::vector<std::vector<int>> by_slot_;   // movable meetings
  std::vector<int> holder_;                 // by slot and table
};

}  // namespace

void AssignTables(const Instance& instance, std::vector<Meeting>& meetings) {
  if (instance.event->tables.empty()) return;
  std::vector<std::vector<int>> by_slot(instance.event->slots.size());
  for (size_t i = 0; i < meetings.size(); ++i) by_slot[meetings[i].slot].push_back(static_cast<int>(i));
  TableAssigner assigner(instance, meetings);
  for (size_t s = 0; s < by_slot.size(); ++s) assigner.Slot(static_cast<int>(s), by_slot[s]);
  TableImprover(instance, assigner.movable, meetings).Run();
}

}  // namespace dongxi::plan
