#include "engine/plan/without_meeting.h"

#include <algorithm>

#include "engine/plan/instance.h"

namespace dongxi::plan {
namespace {

// What keeps a pair from meeting, whatever else is planned; in the order in which it is looked for.
enum Obstacle : uint8_t { kRefused, kCooling, kMaximum, kSlots, kTables, kNothing };
constexpr const char* kObstacles[] = {"谢绝或被组织方排除", "还在冷却", "最多会谈为零", "没有共同的可用时段",
                                      "没有开放、够坐、合用的桌"};

class Explainer {
 public:
  Explainer(const Event& event, const Plan& plan, int now)
      : event_(event),
        plan_(plan),
        to_come_(SlotsFrom(now)),
        since_(SinceWords(event, now)),
        partners_(event.parties.size()),
        meets_(event.parties.size(), 0) {
    const SlotSet slots = MeetingSlots(event) & to_come_;
    for (const Party& party : event.parties) free_.push_back(party.available & slots);
    for (const SessionPlan& session : plan.sessions) {
      for (const int party : session.parties) {
        if (session.slot >= 0) free_[party].reset(session.slot);
      }
    }
    is_home_.assign(event.tables.size(), 0);
    for (const Party& party : event.parties) {
      if (party.home_table >= 0) is_home_[party.home_table] = 1;
    }
    for (const Pair& pair : event.pairs)
      partners_[pair.need].push_back(&pair), partners_[pair.offer].push_back(&pair);
    for (const Meeting& meeting : plan.meetings)
      meets_[event.pairs[meeting.pair].need] = meets_[event.pairs[meeting.pair].offer] = 1;
  }

  std::vector<std::string> Run() const {
    std::vector<std::string> reasons(event_.parties.size());
    for (size_t p = 0; p < reasons.size(); ++p) {
      if (meets_[p] == 0) reasons[p] = Why(static_cast<int>(p));
    }
    return reasons;
  }

 private:
  std::string Why(int party) const {
    if (partners_[party].empty()) return "没有可以会谈的对方";
    if ((event_.parties[party].available & to_come_).none()) return since_ + "没有可用时段";
    if (MaximumOf(party) == 0) return "最多会谈是 0";
    if (free_[party].none()) return since_ + "可用的时段都在参加活动";
    int lost[kNothing + 1] = {};
    for (const Pair* pair : partners_[party]) ++lost[ObstacleOf(*pair)];
    if (lost[kNothing] == 0) {
      std::string why;
      for (const Obstacle one : {kRefused, kCooling, kMaximum, kSlots, kTables}) {
        if (lost[one] > 0)
          why += (why.empty() ? "" : "、") + std::string(kObstacles[one]) + " " + std::to_string(lost[one]) +
                 " 方";
      }
      return since_ + "候选的对方一方也不能会谈：" + why;
    }
    if (const Quota* const quota = FullQuotaOf(party)) {
      const std::string name = "名额" + QuotaName(*quota);
      return quota->max_meetings == 0 ? name + "最多 0 场" : name + "已满，给了价值更高的会谈";
    }
    return since_ + "能会谈的 " + std::to_string(lost[kNothing]) + " 方：时段、桌位和场数给了价值更高的会谈";
  }

  int MaximumOf(int party) const {
    const int own = event_.parties[party].max_meetings;
    return own >= 0 ? own : event_.settings.max_meetings;
  }

  Obstacle ObstacleOf(const Pair& pair) const {
    for (const Wish wish : {pair.by_need, pair.by_offer, pair.by_organiser}) {
      if (wish == Wish::kNo) return kRefused;
    }
    if (pair.history == History::kCoolDown && !IsMust(pair)) return kCooling;
    if (MaximumOf(pair.need) == 0 || MaximumOf(pair.offer) == 0) return kMaximum;
    const SlotSet common = free_[pair.need] & free_[pair.offer];
    if (common.none()) return kSlots;
    return event_.tables.empty() || HasTable(pair, common) ? kNothing : kTables;
  }

  bool HasTable(const Pair& pair, const SlotSet& slots) const {
    const Party& need = event_.parties[pair.need];
    const Party& offer = event_.parties[pair.offer];
    const int home = offer.home_table >= 0 ? offer.home_table : need.home_table;
    const int seats = SeatsOf(need) + SeatsOf(offer);
    for (int t = 0; t < static_cast<int>(event_.tables.size()); ++t) {
      if (home >= 0 ? t != home : is_home_[t] != 0) continue;
      const Table& table = event_.tables[t];
      const bool is_fit =
          (table.online || !(need.online || offer.online)) && (table.seats == 0 || table.seats >= seats);
      if (is_fit && (table.available & slots).any()) return true;
    }
    return false;
  }

  // The first quota that leaves a party no meeting; null: none does.
  const Quota* FullQuotaOf(int party) const {
    for (const QuotaResult& result : plan_.quotas) {
      const Quota& quota = event_.quotas[result.quota];
      if (quota.max_meetings >= 0 && result.meetings >= quota.max_meetings &&
          std::binary_search(quota.parties.begin(), quota.parties.end(), party))
        return &quota;
    }
    return nullptr;
  }

  const Event& event_;
  const Plan& plan_;
  const SlotSet to_come_;
  const std::string since_;                         // 从 S3 起
  std::vector<std::vector<const Pair*>> partners_;  // by party
  std::vector<char> meets_;
  std::vector<SlotSet> free_;  // by party: without breaks, sessions and what is past
  std::vector<char> is_home_;  // by table
};

}  // namespace

std::vector<std::string> WhyWithoutMeeting(const Event& event, const Plan& plan, int now) {
  return Explainer(event, plan, now).Run();
}

std::string MissingMinimum::Text() const {
  const auto count = [](int number) { return std::to_string(number); };
  return "最少 " + count(minimum) + " 场，排了 " + count(meetings) + " 场，还差 " +
         count(minimum - meetings) + " 场；可以会谈的对方 " + count(partners) + " 个，" + since +
         "可用时段 " + count(slots) + " 个";
}

std::vector<MissingMinimum> MissingMinima(const Event& event, const Plan& plan, int now) {
  const SlotSet slots = MeetingSlots(event) & SlotsFrom(now);
  std::vector<int> partners(event.parties.size(), 0), meetings(event.parties.size(), 0);
  for (const Pair& pair : event.pairs) {
    if (PairUnits(pair) >= 0) ++partners[pair.need], ++partners[pair.offer];
  }
  for (const Meeting& meeting : plan.meetings) {
    const Pair& pair = event.pairs[meeting.pair];
    ++meetings[pair.need], ++meetings[pair.offer];
  }
  std::vector<MissingMinimum> missing;
  for (size_t p = 0; p < event.parties.size(); ++p) {
    const Party& party = event.parties[p];
    int minimum = party.min_meetings;
    if (party.is_protected && (partners[p] > 0 || meetings[p] > 0))
      minimum = std::max(minimum, event.settings.protected_floor);
    if (meetings[p] >= minimum) continue;
    missing.push_back({static_cast<int>(p), minimum, meetings[p], partners[p],
                       static_cast<int>((party.available & slots).count()), SinceWords(event, now)});
  }
  return missing;
}

}  // namespace dongxi::plan
