#include "engine/plan/clash.h"

#include <algorithm>
#include <map>

namespace dongxi::plan {
namespace {

constexpr size_t kSlotsNamed = 6;

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

enum class Kind { kSlots, kLocks, kMaximum, kTables, kMust };

struct Condition {
  Kind kind = Kind::kMust;
  int party = -1;  // of kSlots, kLocks, kMaximum
  int pair = -1;   // of kMust
};

// Musts and locks of both parties around one must: a double star, for which feasibility is exact.
class Star {
 public:
  Star(const Event& event, const Instance& instance, int pair)
      : event_(event), instance_(instance), pair_(pair), meeting_slots_(MeetingSlots(event)) {
    std::vector<char> locked(event.pairs.size(), 0);
    for (const Meeting& meeting : instance.locked) locked[meeting.pair] = 1;
    for (const Candidate& candidate : instance.candidates) allowed_[candidate.pair] = candidate.allowed;
    const Pair& center = event.pairs[pair];
    for (const int party : {center.need, center.offer}) {
      conditions_.push_back({Kind::kSlots, party});
      if (instance.open[party] != (event.parties[party].available & meeting_slots_)) {
        conditions_.push_back({Kind::kLocks, party});
      }
      if (MaxOf(party) >= 0) conditions_.push_back({Kind::kMaximum, party});
    }
    if (!event.tables.empty()) conditions_.push_back({Kind::kTables});
    for (size_t i = 0; i < event.pairs.size(); ++i) {
      const Pair& other = event.pairs[i];
      if (static_cast<int>(i) == pair || locked[i] || !IsMust(other) || PairUnits(other) < 0) continue;
      if (allowed_.count(static_cast<int>(i)) == 0) continue;
      if (other.need == center.need || other.offer == center.offer) {
        conditions_.push_back({Kind::kMust, -1, static_cast<int>(i)});
      }
    }
  }

  const std::vector<Condition>& conditions() const { return conditions_; }

  // Whether the must can be kept beside the conditions marked in `on`.
  bool Possible(const std::vector<char>& on) const {
    const Pair& center = event_.pairs[pair_];
    std::vector<SlotSet> need_musts, offer_musts;
    for (size_t i = 0; i < conditions_.size(); ++i) {
      if (!on[i] || conditions_[i].kind != Kind::kMust) continue;
      const Pair& other = event_.pairs[conditions_[i].pair];
      const bool at_need = other.need == center.need;
      const SlotSet slots = Allowed(conditions_[i].pair, on);
      (at_need ? need_musts : offer_musts).push_back(slots);
    }
    if (OverMaximum(center.need, need_musts.size(), on) || OverMaximum(center.offer, offer_musts.size(), on))
      return false;
    const SlotSet slots = Allowed(pair_, on);
    for (int s = 0; s < static_cast<int>(event_.slots.size()); ++s) {
      if (slots[s] && Match(need_musts, s) && Match(offer_musts, s)) return true;
    }
    return false;
  }

  std::string Words(const Condition& condition) const {
    if (condition.kind == Kind::kTables) return "桌位：没有合适的桌可供这两方在共同的时段使用";
    if (condition.kind == Kind::kMust) {
      const Pair& pair = event_.pairs[condition.pair];
      return "必见 " + Quoted(event_.parties[pair.need]) + " × " + Quoted(event_.parties[pair.offer]) +
             RowWords(pair.place);
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
  int MaxOf(int party) const {
    const int own = event_.parties[party].max_meetings;
    return own >= 0 ? own : event_.settings.max_meetings;
  }

  bool IsOn(Kind kind, int party, const std::vector<char>& on) const {
    for (size_t i = 0; i < conditions_.size(); ++i) {
      if (conditions_[i].kind == kind && conditions_[i].party == party) return on[i] != 0;
    }
    return false;
  }

  bool OverMaximum(int party, size_t other_musts, const std::vector<char>& on) const {
    return IsOn(Kind::kMaximum, party, on) &&
           instance_.done[party] + static_cast<int>(other_musts) + 1 > MaxOf(party);
  }

  // Slots of a party; conditions of others than the two stand as they are.
  SlotSet PartySlots(int party, const std::vector<char>& on) const {
    const Pair& center = event_.pairs[pair_];
    if (party != center.need && party != center.offer) return instance_.open[party];
    const SlotSet own = event_.parties[party].available & meeting_slots_;
    SlotSet slots = IsOn(Kind::kSlots, party, on) ? own : meeting_slots_;
    if (IsOn(Kind::kLocks, party, on)) slots &= ~(own & ~instance_.open[party]);
    return slots;
  }

  SlotSet Allowed(int pair, const std::vector<char>& on) const {
    const Pair& p = event_.pairs[pair];
    const SlotSet slots = PartySlots(p.need, on) & PartySlots(p.offer, on);
    if (!IsOn(Kind::kTables, -1, on)) return slots;
    return slots & TableSlots(p);
  }

  SlotSet TableSlots(const Pair& pair) const {
    const Party& need = event_.parties[pair.need];
    const Party& offer = event_.parties[pair.offer];
    const int home = offer.home_table >= 0 ? offer.home_table : need.home_table;
    SlotSet slots;
    for (int t = 0; t < static_cast<int>(event_.tables.size()); ++t) {
      const Table& table = event_.tables[t];
      if (home >= 0 ? t != home : instance_.is_home[t] != 0) continue;
      if ((need.online || offer.online) && !table.online) continue;
      if (table.seats == 0 || table.seats >= SeatsOf(need) + SeatsOf(offer)) slots |= instance_.table_open[t];
    }
    return slots;
  }

  // Whether each set gets a slot of its own beside `taken`: bipartite matching.
  bool Match(const std::vector<SlotSet>& sets, int taken) const {
    std::vector<int> owner(event_.slots.size(), -1);
    for (size_t i = 0; i < sets.size(); ++i) {
      SlotSet tried;
      tried.set(taken);
      if (!Augment(sets, static_cast<int>(i), tried, owner)) return false;
    }
    return true;
  }
  bool Augment(const std::vector<SlotSet>& sets, int i, SlotSet& tried, std::vector<int>& owner) const {
    for (int s = 0; s < static_cast<int>(owner.size()); ++s) {
      if (!sets[i][s] || tried[s]) continue;
      tried.set(s);
      if (owner[s] < 0 || Augment(sets, owner[s], tried, owner)) {
        owner[s] = i;
        return true;
      }
    }
    return false;
  }

  const Event& event_;
  const Instance& instance_;
  const int pair_;
  const SlotSet meeting_slots_;
  std::map<int, SlotSet> allowed_;
  std::vector<Condition> conditions_;
};

// The first subset of `size` conditions, in their order, that excludes the must.
bool FindSmall(const Star& star, size_t from, int size, std::vector<char>& on) {
  if (size == 0) return !star.Possible(on);
  for (size_t i = from; i < on.size(); ++i) {
    on[i] = 1;
    if (FindSmall(star, i + 1, size - 1, on)) return true;
    on[i] = 0;
  }
  return false;
}

std::vector<char> FindClash(const Star& star) {
  std::vector<char> on(star.conditions().size(), 0);
  for (int size = 0; size <= kSmallSet; ++size) {
    if (FindSmall(star, 0, size, on)) return on;
  }
  on.assign(on.size(), 1);
  if (star.Possible(on)) return {};
  for (size_t i = on.size(); i-- > 0;) {
    on[i] = 0;
    if (star.Possible(on)) on[i] = 1;
  }
  return on;
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
    if (planned[i] || !IsMust(event.pairs[i])) continue;
    UnmetMust must{.pair = i};
    AddRefusals(event, event.pairs[i], must);
    if (must.clash.empty()) {
      const Star star(event, instance, i);
      const std::vector<char> on = FindClash(star);
      for (size_t c = 0; c < on.size(); ++c) {
        if (on[c]) must.clash.push_back(star.Words(star.conditions()[c]));
      }
    }
    if (must.clash.empty()) {
      must.smallest = false;
      must.clash.push_back("单看这两方的条件可以会谈；与其他各方的必见会谈、桌位或共同成员合在一起排不下");
    }
    unmet.push_back(std::move(must));
  }
  return unmet;
}

}  // namespace dongxi::plan
