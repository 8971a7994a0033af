#include "engine/plan/clash.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "engine/plan/event_tables.h"
#include "engine/plan/must_places.h"

namespace dongxi::plan {
namespace {

constexpr size_t kSlotsNamed = 6;
constexpr size_t kMustsNamed = 6;    // of a group one by one; more are counted
constexpr size_t kNarrowedMax = 64;  // musts of a group of which those that are not needed are left out
// Conditions that are combined for one must: fewer where many are to be explained, for the time. Groups of
// musts come beside them.
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

// Where a wish stands; an event that was not read has no row of it.
std::string WishRowWords(const Pair& pair, uint64_t row) {
  return RowWords(row == 0 ? pair.place : Place{std::string(SheetOf("requests").name), row});
}
std::string MustRowWords(const Pair& pair) {
  return WishRowWords(pair, pair.by_need == Wish::kMust    ? pair.by_need_row
                            : pair.by_offer == Wish::kMust ? pair.by_offer_row
                                                           : pair.by_organiser_row);
}

// kMustsOf: the musts of a party and of those who share people with it; kMustsIn: those that a quota counts.
enum class Kind { kSlots, kLocks, kMaximum, kTables, kQuota, kMust, kMustsOf, kMustsIn, kMustsAll };

struct Condition {
  Kind kind = Kind::kMust;
  int party = -1;               // of kSlots, kLocks, kMaximum, kMustsOf
  int quota = -1;               // of kQuota, kMustsIn
  std::vector<int> musts = {};  // pairs: one of kMust, those of a group
  size_t group_size = 0;        // with the musts of the group that are not kept
};

// The event's musts that can take place, and of these the ones that the plan keeps.
struct Musts {
  std::vector<int> all, kept;
};

// A must that is not kept with the conditions of its two parties and the kept musts around it: those that
// share people with it first, then any other; one by one, and in groups. The kept ones can all be kept
// together, so what leaves no place excludes this must and not others.
class Surroundings {
 public:
  Surroundings(const Event& event, const Instance& instance, const MustPlaces& places, int pair,
               const Musts& musts, size_t conditions_max)
      : event_(event),
        instance_(instance),
        places_(places),
        pair_(pair),
        meeting_slots_(MeetingSlots(event) & SlotsFrom(instance.now)) {
    const Pair& center = event.pairs[pair];
    for (const int party : {center.need, center.offer}) {
      conditions_.push_back({.kind = Kind::kSlots, .party = party});
      if (instance.open[party] != (event.parties[party].available & meeting_slots_))
        conditions_.push_back({.kind = Kind::kLocks, .party = party});
      if (MaxOf(party) >= 0) conditions_.push_back({.kind = Kind::kMaximum, .party = party});
    }
    if (!event.tables.empty()) conditions_.push_back({.kind = Kind::kTables});
    ForEachGroup(instance.groups, center.need, center.offer, [&](int group) {
      if (instance.groups.all[group].cap >= 0) conditions_.push_back({.kind = Kind::kQuota, .quota = group});
    });
    first_must_ = conditions_.size();
    AddSingleMusts(musts.kept, conditions_max);
    first_group_ = conditions_.size();
    AddGroups(musts);
  }

  size_t size() const { return conditions_.size(); }
  size_t first_group() const { return first_group_; }
  // Every must that may matter is among the single conditions, and every question was answered.
  bool complete() const { return all_named_ && !gave_up_; }
  bool gave_up() const { return gave_up_; }

  // Marks all but musts, the groups of the two parties, and the musts of that kind. False: there are none.
  bool TurnOn(Kind musts, std::vector<char>& on) const {
    bool any = musts == Kind::kMustsOf;
    for (size_t i = 0; i < conditions_.size(); ++i) {
      const Kind kind = conditions_[i].kind;
      on[i] = i < first_must_ || kind == Kind::kMustsOf || kind == musts ? 1 : 0;
      any |= kind == musts;
    }
    return any;
  }

  // Whether the must can be kept beside the conditions marked in `on`.
  Fit Ask(const std::vector<char>& on) const {
    std::vector<int> pairs = {pair_};
    bool tables = false;
    for (size_t i = 0; i < conditions_.size(); ++i) {
      if (on[i] == 0) continue;
      pairs.insert(pairs.end(), conditions_[i].musts.begin(), conditions_[i].musts.end());
      tables |= conditions_[i].kind == Kind::kTables;
    }
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    if (OverMaximum(pairs, on) || OverQuota(pairs, on)) return Fit::kNo;
    std::vector<Must> musts;
    for (const int pair : pairs) musts.push_back({pair, Allowed(pair, tables, on)});
    const Fit fit = places_.Find(musts, tables);
    gave_up_ |= fit == Fit::kUnknown;
    return fit;
  }

  // What `on` marks, which excludes the must. The musts of a group that are not needed for that are left out.
  std::vector<std::string> Words(const std::vector<char>& on) {
    std::vector<std::string> words;
    for (size_t i = 0; i < conditions_.size(); ++i) {
      if (on[i] == 0) continue;
      Condition& condition = conditions_[i];
      if (i < first_must_) {
        words.push_back(ConditionWords(condition));
        continue;
      }
      const bool is_full = i >= first_group_ && IsFull(condition, on);
      if (i >= first_group_ && condition.musts.size() <= (is_full ? kMustsNamed : kNarrowedMax))
        Narrow(condition.musts, on);
      if (condition.musts.size() > kMustsNamed) {
        words.push_back(GroupWords(condition, is_full, on));
        continue;
      }
      for (const int must : condition.musts) words.push_back(MustWords(must));
    }
    return words;
  }

 private:
  void AddSingleMusts(const std::vector<int>& kept, size_t conditions_max) {
    std::vector<int> near, far;
    for (const int must : kept)
      (places_.Exclude(must, pair_) || ShareAQuota(must, pair_) ? near : far).push_back(must);
    near.insert(near.end(), far.begin(), far.end());
    for (const int must : near) {
      if (conditions_.size() >= conditions_max) {
        all_named_ = false;
        return;
      }
      conditions_.push_back({.kind = Kind::kMust, .musts = {must}});
    }
  }

  void AddGroups(const Musts& musts) {
    const Pair& center = event_.pairs[pair_];
    for (const int party : {center.need, center.offer}) {
      AddGroup({.kind = Kind::kMustsOf, .party = party}, musts, [&](int must) {
        return places_.ShareSomeone(party, event_.pairs[must].need) ||
               places_.ShareSomeone(party, event_.pairs[must].offer);
      });
    }
    for (size_t i = 0; i < first_must_; ++i) {
      const int quota = conditions_[i].quota;
      if (conditions_[i].kind != Kind::kQuota) continue;
      AddGroup({.kind = Kind::kMustsIn, .quota = quota}, musts,
               [&](int must) { return IsCounted(must, quota); });
    }
    if (!event_.tables.empty()) AddGroup({.kind = Kind::kMustsAll}, musts, [](int) { return true; });
  }
  template <typename Belongs>
  void AddGroup(Condition group, const Musts& musts, Belongs belongs) {
    for (const int must : musts.all) group.group_size += must != pair_ && belongs(must) ? 1 : 0;
    for (const int must : musts.kept) {
      if (belongs(must)) group.musts.push_back(must);
    }
    if (!group.musts.empty()) conditions_.push_back(std::move(group));
  }

  void Narrow(std::vector<int>& musts, const std::vector<char>& on) const {
    for (size_t i = musts.size(); i-- > 0;) {
      const auto at = musts.begin() + static_cast<std::ptrdiff_t>(i);
      const int left_out = *at;
      musts.erase(at);
      if (Ask(on) != Fit::kNo) musts.insert(musts.begin() + static_cast<std::ptrdiff_t>(i), left_out);
    }
  }

  // Whether the number of musts that are kept says why there is no place for one more.
  bool IsFull(const Condition& group, const std::vector<char>& on) const {
    if (group.kind == Kind::kMustsOf)
      return IsOn(Kind::kMaximum, group.party, on) ||
             group.musts.size() >= PartySlots(group.party, on).count();
    if (group.kind == Kind::kMustsIn) return IsQuotaOn(group.quota, on);
    return static_cast<int>(group.musts.size()) >= places_.TableRoom();
  }

  std::string GroupWords(const Condition& group, bool is_full, const std::vector<char>& on) const {
    const size_t kept = group.musts.size();
    std::string words = GroupName(group) + "的其余必见";
    if (!is_full) {
      const bool tables = group.kind == Kind::kMustsAll;
      return words + "中有 " + std::to_string(kept) + " 场，按各方能来的时段" + (tables ? "和合用的桌" : "") +
             "排不开";
    }
    words += " " + std::to_string(group.group_size) + " 场";
    if (kept < group.group_size) words += "（排进 " + std::to_string(kept) + " 场）";
    if (group.kind == Kind::kMustsOf && !IsOn(Kind::kMaximum, group.party, on))
      words += "，时段 " + std::to_string(PartySlots(group.party, on).count()) + " 个";
    if (group.kind == Kind::kMustsAll) words += "，桌位合计容 " + std::to_string(places_.TableRoom()) + " 场";
    return words;
  }
  std::string GroupName(const Condition& group) const {
    if (group.kind == Kind::kMustsIn) return QuotaName(event_.quotas[group.quota]) + "里";
    if (group.kind == Kind::kMustsAll) return "各方";
    const bool is_its_own = std::all_of(group.musts.begin(), group.musts.end(), [&](int must) {
      return event_.pairs[must].need == group.party || event_.pairs[must].offer == group.party;
    });
    return Quoted(event_.parties[group.party]) + (is_its_own ? "" : "和有同一成员的各方");
  }
  std::string MustWords(int must) const {
    const Pair& pair = event_.pairs[must];
    return "必见 " + Quoted(event_.parties[pair.need]) + " × " + Quoted(event_.parties[pair.offer]) +
           MustRowWords(pair) + SharedWords(pair);
  }
  std::string ConditionWords(const Condition& condition) const {
    if (condition.kind == Kind::kTables) return "桌位：在这些时段，合适的桌不够";
    if (condition.kind == Kind::kQuota) {
      const Quota& quota = event_.quotas[condition.quota];
      return "名额：" + QuotaName(quota) + "最多 " + std::to_string(quota.max_meetings) + " 场（已锁定 " +
             std::to_string(instance_.groups.all[condition.quota].done) + " 场）" + RowWords(quota.place);
    }
    const Party& party = event_.parties[condition.party];
    if (condition.kind == Kind::kMaximum) {
      return Quoted(party) + "最多 " + std::to_string(MaxOf(condition.party)) + " 场（已锁定 " +
             std::to_string(instance_.done[condition.party]) + " 场）" + RowWords(party.place);
    }
    if (condition.kind == Kind::kSlots) {
      const SlotSet slots = party.available & meeting_slots_;
      return Quoted(party) + SinceWords(event_, instance_.now) +
             (slots.none() ? "没有可用时段" : "可用的只有" + SlotWords(event_, slots)) +
             RowWords(party.place);
    }
    return Quoted(party) + "（或其成员）在" +
           SlotWords(event_, party.available & meeting_slots_ & ~instance_.open[condition.party]) +
           "有锁定的会谈或活动";
  }
  std::string SharedWords(const Pair& pair) const {
    const Pair& center = event_.pairs[pair_];
    for (const int a : {center.need, center.offer}) {
      for (const int b : {pair.need, pair.offer}) {
        if (a != b && places_.ShareSomeone(a, b)) return "，与" + Quoted(event_.parties[a]) + "有同一成员";
      }
    }
    return "";
  }

  bool IsCounted(int pair, int quota) const {
    bool is_counted = false;
    ForEachGroup(instance_.groups, event_.pairs[pair].need, event_.pairs[pair].offer,
                 [&](int group) { is_counted |= group == quota; });
    return is_counted;
  }
  bool ShareAQuota(int a, int b) const {
    bool shared = false;
    ForEachGroup(instance_.groups, event_.pairs[a].need, event_.pairs[a].offer,
                 [&](int group) { shared |= instance_.groups.all[group].cap >= 0 && IsCounted(b, group); });
    return shared;
  }
  int MaxOf(int party) const {
    const int own = event_.parties[party].max_meetings;
    return own >= 0 ? own : event_.settings.max_meetings;
  }
  bool IsCenter(int party) const {
    return party == event_.pairs[pair_].need || party == event_.pairs[pair_].offer;
  }
  bool IsOn(Kind kind, int party, const std::vector<char>& on) const {
    for (size_t i = 0; i < first_must_; ++i) {
      if (conditions_[i].kind == kind && conditions_[i].party == party) return on[i] != 0;
    }
    return false;
  }
  bool IsQuotaOn(int quota, const std::vector<char>& on) const {
    for (size_t i = 0; i < first_must_; ++i) {
      if (conditions_[i].kind == Kind::kQuota && conditions_[i].quota == quota) return on[i] != 0;
    }
    return false;
  }

  bool OverMaximum(const std::vector<int>& pairs, const std::vector<char>& on) const {
    const Pair& center = event_.pairs[pair_];
    for (const int party : {center.need, center.offer}) {
      if (!IsOn(Kind::kMaximum, party, on)) continue;
      const auto meetings = std::count_if(pairs.begin(), pairs.end(), [&](int pair) {
        return event_.pairs[pair].need == party || event_.pairs[pair].offer == party;
      });
      if (instance_.done[party] + meetings > MaxOf(party)) return true;
    }
    return false;
  }
  // A quota that does not count the must itself has nothing to do with it.
  bool OverQuota(const std::vector<int>& pairs, const std::vector<char>& on) const {
    for (size_t i = 0; i < first_must_; ++i) {
      const int quota = conditions_[i].quota;
      if (conditions_[i].kind != Kind::kQuota || on[i] == 0) continue;
      const auto meetings =
          std::count_if(pairs.begin(), pairs.end(), [&](int pair) { return IsCounted(pair, quota); });
      if (meetings > instance_.groups.all[quota].cap) return true;
    }
    return false;
  }

  // Slots of a party; conditions of others than the two stand as they are.
  SlotSet PartySlots(int party, const std::vector<char>& on) const {
    if (!IsCenter(party)) return instance_.open[party];
    const SlotSet own = event_.parties[party].available & meeting_slots_;
    SlotSet slots = IsOn(Kind::kSlots, party, on) ? own : meeting_slots_;
    if (IsOn(Kind::kLocks, party, on)) slots &= ~(own & ~instance_.open[party]);
    return slots;
  }
  SlotSet Allowed(int pair, bool tables, const std::vector<char>& on) const {
    const SlotSet slots = PartySlots(event_.pairs[pair].need, on) & PartySlots(event_.pairs[pair].offer, on);
    return tables ? slots & places_.SlotsWithTable(pair) : slots;
  }

  const Event& event_;
  const Instance& instance_;
  const MustPlaces& places_;
  const int pair_;
  const SlotSet meeting_slots_;        // that are still to come
  std::vector<Condition> conditions_;  // of parties, tables and quotas, then single musts, then groups
  size_t first_must_ = 0, first_group_ = 0;
  bool all_named_ = true;
  mutable bool gave_up_ = false;
};

// The first subset of `size` conditions, in their order, that excludes the must. Groups are left aside.
bool FindSmall(const Surroundings& around, size_t from, int size, std::vector<char>& on) {
  if (size == 0) return around.Ask(on) == Fit::kNo;
  for (size_t i = from; i < around.first_group(); ++i) {
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

// Small sets are tried one by one; a larger one is what is left of the conditions when none more can be left
// out: first of the musts of the two parties, then with those of their quotas, of everybody for the tables,
// and at last single ones that reach the two through others.
Clash FindClash(const Surroundings& around) {
  std::vector<char> on(around.size(), 0);
  for (int size = 0; size <= kSmallSet; ++size) {
    if (FindSmall(around, 0, size, on)) return {on, size <= 1 || around.complete()};
  }
  for (const Kind musts : {Kind::kMustsOf, Kind::kMustsIn, Kind::kMustsAll, Kind::kMust}) {
    if (!around.TurnOn(musts, on) || around.Ask(on) != Fit::kNo) continue;
    for (size_t i = on.size(); i-- > 0;) {
      if (on[i] == 0) continue;
      on[i] = 0;
      if (around.Ask(on) != Fit::kNo) on[i] = 1;
    }
    return {on, false};
  }
  return {};
}

void AddRefusals(const Event& event, const Pair& pair, UnmetMust& unmet) {
  const Party& need = event.parties[pair.need];
  const Party& offer = event.parties[pair.offer];
  if (pair.by_need == Wish::kNo)
    unmet.clash.push_back(Quoted(need) + "谢绝" + Quoted(offer) + WishRowWords(pair, pair.by_need_row));
  if (pair.by_offer == Wish::kNo)
    unmet.clash.push_back(Quoted(offer) + "谢绝" + Quoted(need) + WishRowWords(pair, pair.by_offer_row));
  if (pair.by_organiser == Wish::kNo)
    unmet.clash.push_back("组织方不让这两方会谈" + WishRowWords(pair, pair.by_organiser_row));
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
  if (unmet.empty()) return unmet;
  Musts musts;
  for (const Candidate& candidate : instance.candidates) {
    if (!candidate.must) continue;
    musts.all.push_back(candidate.pair);
    if (planned[candidate.pair] != 0) musts.kept.push_back(candidate.pair);
  }
  const bool is_over = (MeetingSlots(event) & SlotsFrom(instance.now)).none();
  const MustPlaces places(event, instance);
  const size_t conditions_max = unmet.size() > kMany ? kConditionsOfMany : kConditionsMax;
  for (UnmetMust& must : unmet) {
    AddRefusals(event, event.pairs[must.pair], must);
    if (must.clash.empty() && is_over) must.clash.emplace_back("会谈的时段都已经过去");
    if (!must.clash.empty()) continue;
    Surroundings around(event, instance, places, must.pair, musts, conditions_max);
    const Clash clash = FindClash(around);
    must.smallest = clash.smallest;
    if (!clash.on.empty()) must.clash = around.Words(clash.on);
    if (!must.clash.empty()) continue;
    must.smallest = false;
    must.clash.push_back(
        around.gave_up()
            ? "没有查清：有关的必见太多，在限定的步数内没有算出它与哪些条件合在一起排不下"
            : "单看这两方和相关各方的条件可以会谈；与其他各方的会谈、桌位或共同成员合在一起排不下");
  }
  return unmet;
}

}  // namespace dongxi::plan
