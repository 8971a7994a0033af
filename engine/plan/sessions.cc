#include "engine/plan/sessions.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace dongxi::plan {
namespace {

constexpr int kStepsMax = 20'000;

class SessionPlacer {
 public:
  explicit SessionPlacer(const Event& event) : event_(event), possible_(event.sessions.size()) {
    const size_t count = event.sessions.size();
    rivals_.resize(count);
    for (const Session& session : event.sessions) result_.slots.push_back(session.slot);
    if (count == 0) return;
    CountOthers();
    FindRivals();
    FindPossible();
  }

  SessionPlacement Run() {
    std::vector<int> open;
    for (size_t i = 0; i < event_.sessions.size(); ++i) {
      if (event_.sessions[i].slot < 0) open.push_back(static_cast<int>(i));
    }
    if (Place(open)) result_.failed = -1;
    return std::move(result_);
  }

 private:
  std::vector<std::string> PeopleOf(int party) const {
    std::vector<std::string> people = {"#" + std::to_string(party)};
    for (const std::string& member : event_.parties[party].members) people.push_back("@" + member);
    return people;
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

  void FindRivals() {
    std::map<std::string, std::vector<int>> sessions;  // by person or place
    for (size_t i = 0; i < event_.sessions.size(); ++i) {
      const Session& session = event_.sessions[i];
      std::set<std::string> keys;
      for (const int party : session.participants) keys.merge(AsSet(PeopleOf(party)));
      if (session.table >= 0) keys.insert("=" + std::to_string(session.table));
      for (const std::string& key : keys) sessions[key].push_back(static_cast<int>(i));
    }
    std::vector<std::set<int>> rivals(event_.sessions.size());
    for (const auto& [key, list] : sessions) {
      for (const int i : list) rivals[i].insert(list.begin(), list.end());
    }
    for (size_t i = 0; i < rivals.size(); ++i) {
      rivals[i].erase(static_cast<int>(i));
      rivals_[i].assign(rivals[i].begin(), rivals[i].end());
    }
  }
  static std::set<std::string> AsSet(const std::vector<std::string>& list) {
    return {list.begin(), list.end()};
  }

  // Slots without locks of its people or at its table.
  void FindPossible() {
    std::map<std::string, SlotSet> locked;
    for (const Lock& lock : event_.locks) {
      const Pair& pair = event_.pairs[lock.pair];
      for (const int party : {pair.need, pair.offer}) {
        for (const std::string& person : PeopleOf(party)) locked[person].set(lock.slot);
      }
      if (lock.table >= 0) locked["=" + std::to_string(lock.table)].set(lock.slot);
    }
    const auto busy = [&](const std::string& key) {
      const auto found = locked.find(key);
      return found == locked.end() ? SlotSet() : found->second;
    };
    for (size_t i = 0; i < event_.sessions.size(); ++i) {
      const Session& session = event_.sessions[i];
      SlotSet& slots = possible_[i] = MeetingSlots(event_);
      for (const int party : session.participants) {
        slots &= event_.parties[party].available;
        for (const std::string& person : PeopleOf(party)) slots &= ~busy(person);
      }
      if (session.table < 0) continue;
      slots &= event_.tables[session.table].available & ~busy("=" + std::to_string(session.table));
    }
  }

  SlotSet Left(int session) const {
    SlotSet slots = possible_[session];
    for (const int rival : rivals_[session]) {
      if (result_.slots[rival] >= 0) slots.reset(result_.slots[rival]);
    }
    return slots;
  }

  // Those with the fewest slots left first; goes back where one has none.
  bool Place(std::vector<int>& open) {
    if (open.empty()) return true;
    size_t next = 0;
    for (size_t i = 1; i < open.size(); ++i) {
      if (Left(open[i]).count() < Left(open[next]).count()) next = i;
    }
    const int session = open[next];
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(next));
    const SlotSet left = Left(session);
    if (left.none()) Fail(session, open.size());
    std::vector<int> slots;
    for (int s = 0; s < static_cast<int>(event_.slots.size()); ++s) {
      if (left[s]) slots.push_back(s);
    }
    std::stable_sort(slots.begin(), slots.end(), [&](int a, int b) { return others_[a] < others_[b]; });
    for (const int slot : slots) {
      if (++steps_ > kStepsMax) {
        Fail(session, open.size());
        break;
      }
      result_.slots[session] = slot;
      if (Place(open)) return true;
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
  std::vector<SlotSet> possible_;
  std::vector<std::vector<int>> rivals_;  // by session: those it cannot share a slot with
  std::vector<int> others_;
  SessionPlacement result_;
  size_t fewest_open_ = 0;
  int steps_ = 0;
};

}  // namespace

SessionPlacement PlaceSessions(const Event& event) { return SessionPlacer(event).Run(); }

int SessionSeats(const Event& event, const std::vector<int>& parties) {
  int seats = 0;
  std::set<std::string> people;
  for (const int p : parties) {
    const Party& party = event.parties[p];
    if (party.seats > 0 || party.members.empty())
      seats += std::max(1, party.seats);
    else
      people.insert(party.members.begin(), party.members.end());
  }
  return seats + static_cast<int>(people.size());
}

}  // namespace dongxi::plan
