#include "engine/plan/clash.h"

#include <algorithm>
#include <map>

namespace dongxi::plan {
namespace {

constexpr size_t kSlotsNamed = 6;
constexpr int kStepsMax = 2'000;  // of the search for places of some musts
// Conditions that are looked at for one must: fewer where many are to be explained, for the time.
constexpr size_t kConditionsMax = 32, kConditionsOfMany = 14, kMany = 20;

std::string Quoted(const Party& party) { return "“" + party.name + "”"; }

std::string SlotWords(const Event& event, const SlotSet& slots) {
  std::string words;
  size_t named = 0;
  for (size_t s = 0; s < event.slots.size(); ++s) {
    if (!slots[s]) continue;
    if (named++ == kSlotsNamed) return words + " 等 " + std::to_string(slots.count()) + " 个时段";
    words += (words.empty() ? "" : "、") + event.slots[s].id;
  }
  return words.empty() ? "没有时段" : "时段 " + words;
}

std::string RowWords(const Place& place) {
  return place.row == 0 ? "" : "（表“" + place.sheet + "”第 " + std::to_string(place.row) + " 行）";
}

enum class Kind { kSlots, kLocks, kMaximum, kTables, kQuota, kMust };

struct Condition {
  Kind kind = Kind::kMust;
  int party = -1;  // of kSlots, kLocks, kMaximum
  int pair = -1;   // of kMust
  int quota = -1;  // of kQuota
};

// What a meeting needs of its table.
struct TableNeed {
  int seats = 0;
  bool online = false;
  int home = -1;
};

// A must with the conditions of its two parties and the other musts around it: those that share people with
// it first, then, where tables are few, any other. Whether some of the conditions leave it a place is decided
// by search, exactly unless that takes too many steps.
class Surroundings {
 public:
  // `musts`: the pairs that must meet and can.
  Surroundings(const Event& event, const Instance& instance, int pair, const std::vector<int>& musts,
               size_t conditions_max)
      : event_(event), instance_(instance), pair_(pair), meeting_slots_(MeetingSlots(event)) {
    const Pair& center = event.pairs[pair];
    for (const int party : {center.need, center.offer}) {
      conditions_.push_back({Kind::kSlots, party});
      if (instance.open[party] != (event.parties[party].available & meeting_slots_)) {
        conditions_.push_back({Kind::kLocks, party});
      }
      if (MaxOf(party) >= 0) conditions_.push_back({Kind::kMaximum, party});
    }
    if (!event.tables.empty()) conditions_.push_back({Kind::kTables});
    ForEachGroup(instance.groups, center.need, center.offer, [&](int group) {
      if (instance.groups.all[group].cap >= 0) conditions_.push_back({Kind::kQuota, -1, -1, group});
    });
    AddMusts(musts, conditions_max);
    for (const Meeting& meeting : instance.locked) {
      if (meeting.table < 0) seated_[meeting.slot].push_back(NeedOf(meeting.pair));
    }
  }

  const std::vector<Condition>& conditions() const { return conditions_; }
  // Every must that may matter is among the conditions, and every question was answered.
  bool complete() const { return all_named_ && !gave_up_; }

  // Whether the must can be kept beside the conditions marked in `on`. True also if that was not decided.
  bool Possible(const std::vector<char>& on) const {
    Question question{.on = &on};
    for (size_t i = 0; i < conditions_.size(); ++i) {
      if (on[i] == 0) continue;
      if (conditions_[i].kind == Kind::kMust) question.musts.push_back({conditions_[i].pair});
      question.tables |= conditions_[i].kind == Kind::kTables;
    }
    question.musts.push_back({pair_});
    if (OverMaximum(question) || OverQuota(question)) return false;
    for (Must& must : question.musts) must.slots = Allowed(must.pair, question);
    const Answer answer = Place(question);
    gave_up_ |= answer == Answer::kUnknown;
    return answer != Answer::kNo;
  }

  std::string Words(const Condition& condition) const {
    if (condition.kind == Kind::kTables) return "桌位：在这些时段，合适的桌不够";
    if (condition.kind == Kind::kQuota) {
      const Quota& quota = event_.quotas[condition.quota];
      return "名额：" + QuotaName(quota) + "最多 " + std::to_string(quota.max_meetings) + " 场（已锁定 " +
             std::to_string(instance_.groups.all[condition.quota].done) + " 场）" + RowWords(quota.place);
    }
    if (condition.kind == Kind::kMust) {
      const Pair& pair = event_.pairs[condition.pair];
      return "必见 " + Quoted(event_.parties[pair.need]) + " × " + Quoted(event_.parties[pair.offer]) +
             RowWords(pair.place) + SharedWords(pair);
    }
    const Party& party = event_.parties[condition.party];
    if (condition.kind == Kind::kMaximum) {
      return Quoted(party) + "最多 " + std::to_string(MaxOf(condition.party)) + " 场（已锁定 " +
             std::to_string(instance_.done[condition.party]) + " 场）" + RowWords(party.place);
    }
    if (condition.kind == Kind::kSlots) {
      return Quoted(party) + "可用的只有" + SlotWords(event_, party.available & meeting_slots_) +
             RowWords(party.place);
    }
    return Quoted(party) + "（或其成员）在" +
           SlotWords(event_, party.available & meeting_slots_ & ~instance_.open[condition.party]) +
           "有锁定的会谈或活动";
  }

 private:
  enum class Answer { kYes, kNo, kUnknown };
  struct Must {
    int pair = 0;
    SlotSet slots;
    int slot = -1;
  };
  struct Question {
    const std::vector<char>* on = nullptr;
    std::vector<Must> musts;
    bool tables = false;
    int steps = 0;
  };

  void AddMusts(const std::vector<int>& musts, size_t conditions_max) {
    std::vector<Condition> near, far;
    for (const int must : musts) {
      if (must != pair_)
        (Exclude(must, pair_) || ShareAQuota(must, pair_) ? near : far).push_back({Kind::kMust, -1, must});
    }
    near.insert(near.end(), far.begin(), far.end());
    for (const Condition& must : near) {
      if (conditions_.size() >= conditions_max) {
        all_named_ = false;
        return;
      }
      conditions_.push_back(must);
    }
  }

  bool ShareSomeone(int a, int b) const {
    if (instance_.body[a] == instance_.body[b]) return true;
    const std::vector<int>& people = instance_.shared[a];
    const std::vector<int>& others = instance_.shared[b];
    return std::any_of(people.begin(), people.end(), [&](int person) {
      return std::find(others.begin(), others.end(), person) != others.end();
    });
  }
  // Whether two meetings cannot be in one slot.
  bool Exclude(int a, int b) const {
    const Pair& x = event_.pairs[a];
    const Pair& y = event_.pairs[b];
    return ShareSomeone(x.need, y.need) || ShareSomeone(x.need, y.offer) || ShareSomeone(x.offer, y.need) ||
           ShareSomeone(x.offer, y.offer);
  }
  bool ShareAQuota(int a, int b) const {
    const Pair& x = event_.pairs[a];
    const Pair& y = event_.pairs[b];
    bool shared = false;
    ForEachGroup(instance_.groups, x.need, x.offer, [&](int group) {
      if (instance_.groups.all[group].cap < 0) return;
      ForEachGroup(instance_.groups, y.need, y.offer, [&](int other) { shared |= group == other; });
    });
    return shared;
  }
  std::string SharedWords(const Pair& pair) const {
    const Pair& center = event_.pairs[pair_];
    for (const int a : {center.need, center.offer}) {
      for (const int b : {pair.need, pair.offer}) {
        if (a != b && ShareSomeone(a, b)) return "，与" + Quoted(event_.parties[a]) + "有同一成员";
      }
    }
    return "";
  }

  int MaxOf(int party) const {
    const int own = event_.parties[party].max_meetings;
    return own >= 0 ? own : event_.settings.max_meetings;
  }
  bool IsCenter(int party) const {
    return party == event_.pairs[pair_].need || party == event_.pairs[pair_].offer;
  }
  bool IsOn(Kind kind, int party, const Question& question) const {
    for (size_t i = 0; i < conditions_.size() && conditions_[i].kind != Kind::kMust; ++i) {
      if (conditions_[i].kind == kind && conditions_[i].party == party) return (*question.on)[i] != 0;
    }
    return false;
  }
  bool OverMaximum(const Question& question) const {
    std::map<int, int> count;
    for (const Must& must : question.musts) {
      ++count[event_.pairs[must.pair].need];
      ++count[event_.pairs[must.pair].offer];
    }
    return std::any_of(count.begin(), count.end(), [&](const auto& entry) {
      const auto& [party, meetings] = entry;
      if (MaxOf(party) < 0 || instance_.done[party] + meetings <= MaxOf(party)) return false;
      return IsCenter(party) && IsOn(Kind::kMaximum, party, question);
    });
  }

  // A quota that does not count the must itself has nothing to do with it.
  bool OverQuota(const Question& question) const {
    for (size_t i = 0; i < conditions_.size(); ++i) {
      if (conditions_[i].kind != Kind::kQuota || (*question.on)[i] == 0) continue;
      int left = instance_.groups.all[conditions_[i].quota].cap;
      for (const Must& must : question.musts) {
        ForEachGroup(instance_.groups, event_.pairs[must.pair].need, event_.pairs[must.pair].offer,
                     [&](int group) { left -= group == conditions_[i].quota ? 1 : 0; });
      }
      if (left < 0) return true;
    }
    return false;
  }

  // Slots of a party; conditions of others than the two stand as they are.
  SlotSet PartySlots(int party, const Question& question) const {
    if (!IsCenter(party)) return instance_.open[party];
    const SlotSet own = event_.parties[party].available & meeting_slots_;
    SlotSet slots = IsOn(Kind::kSlots, party, question) ? own : meeting_slots_;
    if (IsOn(Kind::kLocks, party, question)) slots &= ~(own & ~instance_.open[party]);
    return slots;
  }
  SlotSet Allowed(int pair, const Question& question) const {
    const Pair& p = event_.pairs[pair];
    const SlotSet slots = PartySlots(p.need, question) & PartySlots(p.offer, question);
    if (!question.tables) return slots;
    const TableNeed need = NeedOf(pair);
    SlotSet with_table;
    for (int t = 0; t < static_cast<int>(event_.tables.size()); ++t) {
      if (Does(t, need)) with_table |= instance_.table_open[t];
    }
    return slots & with_table;
  }
  TableNeed NeedOf(int pair) const {
    const Party& need = event_.parties[event_.pairs[pair].need];
    const Party& offer = event_.parties[event_.pairs[pair].offer];
    return {SeatsOf(need) + SeatsOf(offer), need.online || offer.online,
            offer.home_table >= 0 ? offer.home_table : need.home_table};
  }
  bool Does(int t, const TableNeed& need) const {
    const Table& table = event_.tables[t];
    if (need.home >= 0 ? t != need.home : instance_.is_home[t] != 0) return false;
    return (table.online || !need.online) && (table.seats == 0 || table.seats >= need.seats);
  }

  // The must with the fewest slots left first; goes back where one has none.
  Answer Place(Question& question) const {
    Must* next = nullptr;
    for (Must& must : question.musts) {
      if (must.slot < 0 && (next == nullptr || must.slots.count() < next->slots.count())) next = &must;
    }
    if (next == nullptr) return Answer::kYes;
    for (int s = 0; s < static_cast<int>(event_.slots.size()); ++s) {
      if (!next->slots[s]) continue;
      if (++question.steps > kStepsMax) return Answer::kUnknown;
      next->slot = s;
      if (!question.tables || TablesFit(question, s)) {
        std::vector<Must*> narrowed;
        for (Must& other : question.musts) {
          if (other.slot >= 0 || !other.slots[s] || !Exclude(other.pair, next->pair)) continue;
          other.slots.reset(s);
          narrowed.push_back(&other);
        }
        if (const Answer answer = Place(question); answer != Answer::kNo) return answer;
        for (Must* other : narrowed) other->slots.set(s);
      }
      next->slot = -1;
    }
    return Answer::kNo;
  }

  // Whether the meetings of a slot each get a table: bipartite matching.
  bool TablesFit(const Question& question, int slot) const {
    std::vector<TableNeed> needs;
    if (const auto found = seated_.find(slot); found != seated_.end()) needs = found->second;
    for (const Must& must : question.musts) {
      if (must.slot == slot) needs.push_back(NeedOf(must.pair));
    }
    std::vector<int> owner(event_.tables.size(), -1);
    for (int i = 0; i < static_cast<int>(needs.size()); ++i) {
      std::vector<char> tried(owner.size(), 0);
      if (!Seat(needs, i, slot, tried, owner)) return false;
    }
    return true;
  }
  bool Seat(const std::vector<TableNeed>& needs, int i, int slot, std::vector<char>& tried,
            std::vector<int>& owner) const {
    for (int t = 0; t < static_cast<int>(owner.size()); ++t) {
      if (tried[t] != 0 || !instance_.table_open[t][slot] || !Does(t, needs[i])) continue;
      tried[t] = 1;
      if (owner[t] >= 0 && !Seat(needs, owner[t], slot, tried, owner)) continue;
      owner[t] = i;
      return true;
    }
    return false;
  }

  const Event& event_;
  const Instance& instance_;
  const int pair_;
  const SlotSet meeting_slots_;
  std::vector<Condition> conditions_;
  std::map<int, std::vector<TableNeed>> seated_;  // by slot: locked meetings that leave their table open
  bool all_named_ = true;
  mutable bool gave_up_ = false;
};

// The first subset of `size` conditions, in their order, that excludes the must.
bool FindSmall(const Surroundings& around, size_t from, int size, std::vector<char>& on) {
  if (size == 0) return !around.Possible(on);
  for (size_t i = from; i < on.size(); ++i) {
    on[i] = 1;
    if (FindSmall(around, i + 1, size - 1, on)) return true;
    on[i] = 0;
  }
  return false;
}

struct Clash {
  std::vector<char> on;   // by condition; empty: none was found
  bool smallest = false;  // proven: every smaller set leaves the must a place
};

// Small sets are tried one by one; a larger one is what is left of all conditions when none more can be left
// out.
Clash FindClash(const Surroundings& around) {
  std::vector<char> on(around.conditions().size(), 0);
  for (int size = 0; size <= kSmallSet; ++size) {
    if (FindSmall(around, 0, size, on)) return {on, size <= 1 || around.complete()};
  }
  on.assign(on.size(), 1);
  if (around.Possible(on)) return {};
  for (size_t i = on.size(); i-- > 0;) {
    on[i] = 0;
    if (around.Possible(on)) on[i] = 1;
  }
  return {on, false};
}

void AddRefusals(const Event& event, const Pair& pair, UnmetMust& unmet) {
  const Party& need = event.parties[pair.need];
  const Party& offer = event.parties[pair.offer];
  if (pair.by_need == Wish::kNo)
    unmet.clash.push_back(Quoted(need) + "谢绝" + Quoted(offer) + RowWords(pair.place));
  if (pair.by_offer == Wish::kNo)
    unmet.clash.push_back(Quoted(offer) + "谢绝" + Quoted(need) + RowWords(pair.place));
  if (pair.by_organiser == Wish::kNo) unmet.clash.push_back("组织方不让这两方会谈" + RowWords(pair.place));
}

}  // namespace

std::vector<UnmetMust> ExplainUnmet(const Event& event, const Instance& instance,
                                    const std::vector<Meeting>& meetings) {
  std::vector<char> planned(event.pairs.size(), 0);
  for (const Meeting& meeting : meetings) planned[meeting.pair] = 1;
  std::vector<UnmetMust> unmet;
  for (int i = 0; i < static_cast<int>(event.pairs.size()); ++i) {
    if (planned[i] == 0 && IsMust(event.pairs[i])) unmet.push_back({.pair = i});
  }
  std::vector<int> musts;
  for (const Candidate& candidate : instance.candidates) {
    if (candidate.must) musts.push_back(candidate.pair);
  }
  const size_t conditions_max = unmet.size() > kMany ? kConditionsOfMany : kConditionsMax;
  for (UnmetMust& must : unmet) {
    AddRefusals(event, event.pairs[must.pair], must);
    if (!must.clash.empty()) continue;
    const Surroundings around(event, instance, must.pair, musts, conditions_max);
    const Clash clash = FindClash(around);
    must.smallest = clash.smallest;
    for (size_t c = 0; c < clash.on.size(); ++c) {
      if (clash.on[c] != 0) must.clash.push_back(around.Words(around.conditions()[c]));
    }
    if (must.clash.empty()) {
      must.smallest = false;
      must.clash.push_back(
          "单看这两方和相关各方的条件可以会谈；与其他各方的会谈、桌位或共同成员合在一起排不下");
    }
  }
  return unmet;
}

}  // namespace dongxi::plan
