#include "engine/plan/sessions.h"

#include <algorithm>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "engine/plan/open_locks.h"
#include "engine/plan/people.h"

namespace dongxi::plan {
namespace {

constexpr int kStepsMax = 20'000;
constexpr int64_t kLooksAStep = 10'000;  // at tables for locks: such a hall costs steps too

using SessionSet = std::bitset<kSessionsMax>;

class SessionPlacer {
 public:
  explicit SessionPlacer(const Event& event)
      : event_(event),
        people_(event),
        possible_(event.sessions.size()),
        rivals_(event.sessions.size()),
        taken_(event.sessions.size(), std::vector<int>(event.slots.size(), 0)) {
    for (const Session& session : event.sessions) result_.slots.push_back(session.slot);
    if (event.sessions.empty()) return;
    CountOthers();
    FindRivals();
    FindPossible();
    left_ = possible_;
    for (size_t i = 0; i < result_.slots.size(); ++i) {
      if (result_.slots[i] >= 0) TakeFromRivals(static_cast<int>(i), result_.slots[i]);
    }
    const auto is_open = [](const Lock& lock) { return lock.table < 0; };
    if (!event.tables.empty() && std::any_of(event.locks.begin(), event.locks.end(), is_open))
      locks_.emplace(event, result_.slots);
  }

  SessionPlacement Run() {
    std::vector<int> open;
    for (size_t i = 0; i < event_.sessions.size(); ++i) {
      if (event_.sessions[i].slot < 0) open.push_back(static_cast<int>(i));
    }
    bool is_placed = Place(open);
    // Where they leave too few tables to the locks wherever they stand, Validate names such a lock.
    if (!is_placed && locks_) {
      locks_.reset();
      result_.failed = -1;
      steps_ = 0;
      is_placed = Place(open);
    }
    if (is_placed) result_.failed = -1;
    return std::move(result_);
  }

 private:
  // People, and behind them places.
  int KeyOf(int table) const { return people_.count() + table; }
  size_t keys() const { return static_cast<size_t>(people_.count()) + event_.tables.size(); }
  std::vector<int> KeysOf(const Session& session) const {
    std::vector<int> keys;
    for (const int party : session.participants)
      keys.insert(keys.end(), people_.Of(party).begin(), people_.Of(party).end());
    if (session.table >= 0) keys.push_back(KeyOf(session.table));
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
  }

  // By slot: parties that could meet there, but for locks.
  void CountOthers() {
    others_.assign(event_.slots.size(), 0);
    for (const Party& party : event_.parties) {
      for (size_t s = 0; s < event_.slots.size(); ++s) others_[s] += party.available[s];
    }
    for (const Lock& lock : event_.locks) others_[lock.slot] -= 2;
    for (const Session& session : event_.sessions) {
      if (session.slot >= 0) others_[session.slot] -= static_cast<int>(session.participants.size());
    }
  }

  // Many sessions may share the same people, as when an institution's delegation is in all: sets of sessions
  // by words of 64, not pair by pair.
  void FindRivals() {
    std::vector<std::vector<int>> sessions(keys());  // by person or place
    for (size_t i = 0; i < event_.sessions.size(); ++i) {
      for (const int key : KeysOf(event_.sessions[i])) sessions[key].push_back(static_cast<int>(i));
    }
    std::vector<SessionSet> rivals(event_.sessions.size());
    for (const std::vector<int>& list : sessions) {
      if (list.size() < 2) continue;
      SessionSet all;
      for (const int i : list) all.set(i);
      for (const int i : list) rivals[i] |= all;
    }
    for (size_t i = 0; i < rivals.size(); ++i) {
      rivals[i].reset(i);
      for (size_t r = rivals[i]._Find_first(); r < rivals[i].size(); r = rivals[i]._Find_next(r))
        rivals_[i].push_back(static_cast<int>(r));
    }
  }

  // Slots without locks of its people or at its table.
  void FindPossible() {
    std::vector<SlotSet> locked(keys());
    for (const Lock& lock : event_.locks) {
      const Pair& pair = event_.pairs[lock.pair];
      for (const int party : {pair.need, pair.offer}) {
        for (const int person : people_.Of(party)) locked[person].set(lock.slot);
      }
      if (lock.table >= 0) locked[KeyOf(lock.table)].set(lock.slot);
    }
    for (size_t i = 0; i < event_.sessions.size(); ++i) {
      const Session& session = event_.sessions[i];
      SlotSet& slots = possible_[i] = MeetingSlots(event_);
      for (const int party : session.participants) slots &= event_.parties[party].available;
      if (session.table >= 0) slots &= event_.tables[session.table].available;
      for (const int key : KeysOf(session)) slots &= ~locked[key];
    }
  }

  void TakeFromRivals(int session, int slot) {
    for (const int rival : rivals_[session]) {
      if (taken_[rival][slot]++ == 0) left_[rival].reset(slot);
    }
  }
  void GiveBack(int session, int slot) {
    for (const int rival : rivals_[session]) {
      if (--taken_[rival][slot] == 0 && possible_[rival][slot]) left_[rival].set(slot);
    }
    if (locks_ && event_.sessions[session].table >= 0) locks_->GiveBack(slot, event_.sessions[session].table);
  }
  int64_t LockSteps() const { return locks_ ? locks_->looks() / kLooksAStep : 0; }
  // False if a lock that leaves its table open would then have none.
  bool TakeTable(int session, int slot) {
    const int table = event_.sessions[session].table;
    return !locks_ || table < 0 || locks_->Take(slot, table);
  }

  // Those with the fewest slots left first; goes back where one has none.
  bool Place(std::vector<int>& open) {
    if (open.empty()) return true;
    size_t next = 0, fewest = left_[open[0]].count();
    for (size_t i = 1; i < open.size(); ++i) {
      const size_t count = left_[open[i]].count();
      if (count < fewest) next = i, fewest = count;
    }
    const int session = open[next];
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(next));
    const SlotSet left = left_[session];
    if (left.none()) Fail(session, open.size());
    std::vector<int> slots;
    for (int s = 0; s < static_cast<int>(event_.slots.size()); ++s) {
      if (left[s]) slots.push_back(s);
    }
    std::stable_sort(slots.begin(), slots.end(), [&](int a, int b) { return others_[a] < others_[b]; });
    for (const int slot : slots) {
      if (++steps_ + LockSteps() > kStepsMax) {
        Fail(session, open.size());
        break;
      }
      if (!TakeTable(session, slot)) continue;
      result_.slots[session] = slot;
      TakeFromRivals(session, slot);
      if (Place(open)) return true;
      GiveBack(session, slot);
    }
    result_.slots[session] = -1;
    open.insert(open.begin() + static_cast<std::ptrdiff_t>(next), session);
    return false;
  }

  // Remembers the failure with the fewest sessions still to be placed.
  void Fail(int session, size_t still_open) {
    if (result_.failed >= 0 && still_open >= fewest_open_) return;
    fewest_open_ = still_open;
    result_.failed = session;
    result_.rivals.clear();
    for (const int rival : rivals_[session]) {
      const int slot = result_.slots[rival];
      if (slot >= 0 && possible_[session][slot]) result_.rivals.push_back(rival);
    }
  }

  const Event& event_;
  const People people_;
  std::vector<SlotSet> possible_, left_;  // by session; `left_` without the slots of its rivals
  std::vector<std::vector<int>> rivals_;  // by session: those it cannot share a slot with
  std::vector<std::vector<int>> taken_;   // by session and slot: rivals that stand there
  std::vector<int> others_;
  std::optional<OpenLocks> locks_;  // none: nothing to be left to them
  SessionPlacement result_;
  size_t fewest_open_ = 0;
  int steps_ = 0;
};

// Whatever its members: their number is said, or they sit elsewhere.
bool HasFixedSeats(const Party& party) { return party.seats > 0 || party.online || party.members.empty(); }

}  // namespace

SessionPlacement PlaceSessions(const Event& event) { return SessionPlacer(event).Run(); }

People::People(const Event& event) : of_(event.parties.size()), count_(static_cast<int>(of_.size())) {
  std::unordered_map<std::string_view, int> numbers;
  for (size_t p = 0; p < of_.size(); ++p) {
    of_[p].push_back(static_cast<int>(p));
    for (const std::string& member : event.parties[p].members) {
      const auto [at, is_new] = numbers.try_emplace(member, count_);
      count_ += is_new;
      of_[p].push_back(at->second);
    }
  }
}

void SeatCount::Add(int p) {
  const Party& party = event_.parties[p];
  if (HasFixedSeats(party))
    seats_ += std::max(1, party.seats);
  else
    people_.insert(party.members.begin(), party.members.end());
}

int SeatCount::With(int p) const {
  const Party& party = event_.parties[p];
  if (HasFixedSeats(party)) return seats() + std::max(1, party.seats);
  return seats() +
         static_cast<int>(std::count_if(party.members.begin(), party.members.end(),
                                        [&](const std::string& one) { return !people_.contains(one); }));
}

int SessionSeats(const Event& event, const std::vector<int>& parties) {
  SeatCount count(event);
  for (const int p : parties) count.Add(p);
  return count.seats();
}

}  // namespace dongxi::plan
