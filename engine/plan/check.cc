#include "engine/plan/check.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/plan/cell_text.h"

namespace dongxi::plan {
namespace {

bool In(int index, size_t size) { return index >= 0 && static_cast<size_t>(index) < size; }

class Checker {
 public:
  Checker(const Event& event, const Plan& plan) : event_(event), plan_(plan) {
    for (const Lock& lock : event.locks) {
      locks_.insert({lock.pair, lock.slot});
      if (lock.held) held_.insert({lock.pair, lock.slot});
    }
    std::map<std::string, std::string> spelled;  // 王　强 and 王强 are one person, as the first of them
    for (const Party& party : event.parties) {
      homes_.insert(party.home_table);
      std::vector<std::string>& people = people_.emplace_back();
      for (const std::string& member : party.members)
        people.push_back(spelled.try_emplace(PersonKey(member), member).first->second);
    }
    for (size_t p = 0; p < people_.size(); ++p) {
      // Whoever comes alone and is named in another delegation is that person.
      const auto person = spelled.find(PersonKey(event.parties[p].name));
      if (event.parties[p].members.empty() && person != spelled.end()) people_[p].push_back(person->second);
    }
  }

  std::vector<Violation> Run() {
    for (const Meeting& meeting : plan_.meetings) CheckMeeting(meeting);
    CheckSessions();
    CheckPlaces();
    CheckNumbers();
    CheckQuotas();
    CheckLocks();
    return std::move(violations_);
  }

 private:
  void Add(Rule rule, std::string text) { violations_.push_back({rule, std::move(text)}); }
  std::string Name(int party) const { return "“" + event_.parties[party].name + "”"; }
  std::string SlotName(int slot) const { return "时段 " + event_.slots[slot].id; }
  std::string MeetingName(const Meeting& m) const {
    const Pair& pair = event_.pairs[m.pair];
    return Name(pair.need) + "与" + Name(pair.offer);
  }
  static int People(const Party& party) {
    if (party.seats > 0) return party.seats;
    if (party.online) return 1;  // its members sit elsewhere
    return party.members.empty() ? 1 : static_cast<int>(party.members.size());
  }

  // The event says so; what the plan says of itself does not count.
  bool IsLocked(const Meeting& m) const { return locks_.count({m.pair, m.slot}) > 0; }
  bool TookPlace(const Meeting& m) const { return held_.count({m.pair, m.slot}) > 0; }

  void CheckMeeting(const Meeting& m) {
    if (!In(m.pair, event_.pairs.size()) || !In(m.slot, event_.slots.size()) ||
        (m.table != -1 && !In(m.table, event_.tables.size()))) {
      return Add(Rule::kIndex, "会谈指向不存在的配对、时段或桌");
    }
    sound_.push_back(m);
    const Pair& pair = event_.pairs[m.pair];
    if (event_.slots[m.slot].is_break) Add(Rule::kBreak, MeetingName(m) + "排在休息时间");
    const bool refused =
        pair.by_need == Wish::kNo || pair.by_offer == Wish::kNo || pair.by_organiser == Wish::kNo;
    const bool must =
        pair.by_need == Wish::kMust || pair.by_offer == Wish::kMust || pair.by_organiser == Wish::kMust;
    const bool cool = pair.history == History::kCoolDown && !must;
    if (!TookPlace(m) && (refused || cool))
      Add(Rule::kRefused, MeetingName(m) + "有一方谢绝、被组织方排除或尚在冷却");
    for (const int party : {pair.need, pair.offer}) {
      if (!event_.parties[party].available[m.slot])
        Add(Rule::kUnavailable, Name(party) + SlotName(m.slot) + " 不在");
    }
    const std::vector<std::string>& need = people_[pair.need];
    for (const std::string& member : people_[pair.offer]) {
      if (std::count(need.begin(), need.end(), member) > 0)
        Add(Rule::kTwoPlaces, "“" + member + "”在" + MeetingName(m) + "的两边");
    }
    CheckTable(m, pair);
  }

  void CheckTable(const Meeting& m, const Pair& pair) {
    if (event_.tables.empty()) return;
    if (m.table < 0) return Add(Rule::kTableMissing, MeetingName(m) + "没有桌");
    const Table& table = event_.tables[m.table];
    const Party& need = event_.parties[pair.need];
    const Party& offer = event_.parties[pair.offer];
    if (!table.available[m.slot]) Add(Rule::kTableClosed, SlotName(m.slot) + " 桌 " + table.id + " 不开放");
    if (table.seats > 0 && table.seats < People(need) + People(offer)) {
      Add(Rule::kTableSmall, MeetingName(m) + "在桌 " + table.id + " 坐不下");
    }
    if ((need.online || offer.online) && !table.online)
      Add(Rule::kTableOffline, MeetingName(m) + "的桌不能线上参加");
    if (IsLocked(m)) return;  // a lock names its table
    const bool is_home = homes_.count(m.table) > 0;
    const int own = offer.home_table != -1 ? offer.home_table : need.home_table;
    if (own != -1 ? own != m.table : is_home) Add(Rule::kWrongTable, MeetingName(m) + "不在应在的桌");
  }

  void CheckSessions() {
    std::set<int> seen;
    for (const SessionPlan& session : plan_.sessions) {
      if (!In(session.session, event_.sessions.size()) || !In(session.slot, event_.slots.size())) {
        Add(Rule::kSession, "活动没有时段");
        continue;
      }
      const Session& asked = event_.sessions[session.session];
      if (!seen.insert(session.session).second) Add(Rule::kSession, "活动“" + asked.name + "”排了两次");
      if (asked.slot != -1 && asked.slot != session.slot)
        Add(Rule::kSession, "活动“" + asked.name + "”换了时段");
      if (event_.slots[session.slot].is_break) Add(Rule::kSession, "活动“" + asked.name + "”排在休息时间");
      std::map<int, int> comes;
      for (const int party : session.parties) ++comes[party];
      for (const int party : asked.participants) {
        if (comes[party] != 1) Add(Rule::kSession, "活动“" + asked.name + "”缺" + Name(party));
      }
      if (asked.capacity > 0 && static_cast<int>(session.parties.size()) > asked.capacity) {
        Add(Rule::kSession, "活动“" + asked.name + "”超过容量");
      }
      CheckSessionParties(session, asked);
    }
    if (seen.size() != event_.sessions.size()) Add(Rule::kSession, "有活动没有排进去");
  }

  void CheckSessionParties(const SessionPlan& session, const Session& asked) {
    std::set<int> known(asked.participants.begin(), asked.participants.end());
    known.insert(asked.invited.begin(), asked.invited.end());
    for (const int party : session.parties) {
      if (!In(party, event_.parties.size())) return Add(Rule::kIndex, "活动指向不存在的参会方");
      if (known.count(party) == 0)
        Add(Rule::kSession, "活动“" + asked.name + "”里的" + Name(party) + "未受邀");
      if (!event_.parties[party].available[session.slot]) {
        Add(Rule::kUnavailable, Name(party) + SlotName(session.slot) + " 不在");
      }
    }
    if (asked.table >= 0) CheckSessionTable(session, asked);
  }

  // One seat a person: of a party without named members, from afar or with a number of seats, that many.
  void CheckSessionTable(const SessionPlan& session, const Session& asked) {
    const Table& table = event_.tables[asked.table];
    if (!table.available[session.slot]) Add(Rule::kTableClosed, "活动“" + asked.name + "”的地点不开放");
    size_t seats = 0;
    std::set<std::string> named;
    bool is_online = false;
    for (const int p : session.parties) {
      const Party& party = event_.parties[p];
      is_online |= party.online;
      if (party.seats > 0 || party.online || party.members.empty())
        seats += static_cast<size_t>(People(party));
      else
        named.insert(people_[p].begin(), people_[p].end());
    }
    if (table.seats > 0 && seats + named.size() > static_cast<size_t>(table.seats))
      Add(Rule::kTableSmall, "活动“" + asked.name + "”在桌 " + table.id + " 坐不下");
    if (is_online && !table.online) Add(Rule::kTableOffline, "活动“" + asked.name + "”的地点不能线上参加");
  }

  // Nobody, and no table, is in two places. People of one session are in one place.
  void CheckPlaces() {
    std::map<std::pair<std::string, int>, int> people;  // who, when: which event
    std::map<std::pair<int, int>, int> tables;
    int number = 0;
    const auto put = [&](int party, int slot) {
      const auto once = [&](const std::string& who, const std::string& words) {
        const auto [at, is_new] = people.try_emplace({who, slot}, number);
        if (!is_new && at->second != number) Add(Rule::kTwoPlaces, words + SlotName(slot) + " 在两处");
      };
      once("#" + std::to_string(party), Name(party));
      for (const std::string& member : people_[party]) once("@" + member, "“" + member + "”");
    };
    const auto take = [&](int table, int slot) {
      if (table >= 0 && !tables.try_emplace({table, slot}, number).second) {
        Add(Rule::kTableTaken, SlotName(slot) + " 桌 " + event_.tables[table].id + " 排了两场");
      }
    };
    for (const Meeting& m : sound_) {
      ++number;
      put(event_.pairs[m.pair].need, m.slot);
      put(event_.pairs[m.pair].offer, m.slot);
      take(m.table, m.slot);
    }
    for (const SessionPlan& session : plan_.sessions) {
      if (!In(session.session, event_.sessions.size()) || !In(session.slot, event_.slots.size())) continue;
      ++number;
      for (const int party : session.parties) {
        if (In(party, event_.parties.size())) put(party, session.slot);
      }
      take(event_.sessions[session.session].table, session.slot);
    }
  }

  void CheckNumbers() {
    std::map<int, int> count;
    std::set<std::pair<int, int>> pairs;
    for (const Meeting& m : sound_) {
      const Pair& pair = event_.pairs[m.pair];
      ++count[pair.need];
      ++count[pair.offer];
      if (!pairs.insert({pair.need, pair.offer}).second) Add(Rule::kPairTwice, MeetingName(m) + "排了两次");
    }
    for (const auto& [party, meetings] : count) {
      const int own = event_.parties[party].max_meetings;
      const int most = own != -1 ? own : event_.settings.max_meetings;
      if (most != -1 && meetings > most) {
        Add(Rule::kTooMany,
            Name(party) + "有 " + std::to_string(meetings) + " 场，最多 " + std::to_string(most) + " 场");
      }
    }
  }

  // A meeting of two parties of one group is one meeting of it.
  void CheckQuotas() {
    std::map<int, std::vector<size_t>> quotas_of;  // by party
    for (size_t q = 0; q < event_.quotas.size(); ++q) {
      for (const int party : event_.quotas[q].parties) quotas_of[party].push_back(q);
    }
    std::vector<int> meetings(event_.quotas.size(), 0);
    for (const Meeting& m : sound_) {
      const Pair& pair = event_.pairs[m.pair];
      std::set<size_t> of_meeting;
      for (const int party : {pair.need, pair.offer}) {
        if (const auto found = quotas_of.find(party); found != quotas_of.end())
          of_meeting.insert(found->second.begin(), found->second.end());
      }
      for (const size_t q : of_meeting) ++meetings[q];
    }
    for (size_t q = 0; q < meetings.size(); ++q) {
      const Quota& quota = event_.quotas[q];
      if (quota.max_meetings == -1 || meetings[q] <= quota.max_meetings) continue;
      Add(Rule::kQuota, "名额“" + quota.group + "”有 " + std::to_string(meetings[q]) + " 场，最多 " +
                            std::to_string(quota.max_meetings) + " 场");
    }
  }

  void CheckLocks() {
    std::set<std::tuple<int, int, int>> kept;  // pair, slot, table; -1: any
    for (const Meeting& m : sound_) {
      kept.emplace(m.pair, m.slot, m.table);
      kept.emplace(m.pair, m.slot, -1);
    }
    for (const Lock& lock : event_.locks) {
      if (kept.count(std::tuple(lock.pair, lock.slot, lock.table)) > 0) continue;
      const Pair& pair = event_.pairs[lock.pair];
      Add(Rule::kLockBroken, "锁定的会谈不在原处：" + Name(pair.need) + "与" + Name(pair.offer));
    }
  }

  const Event& event_;
  const Plan& plan_;
  std::set<std::pair<int, int>> locks_, held_;  // pair, slot
  std::set<int> homes_;
  std::vector<std::vector<std::string>> people_;  // by party: who comes for it, by name
  std::vector<Meeting> sound_;
  std::vector<Violation> violations_;
};

}  // namespace

std::vector<Violation> CheckPlan(const Event& event, const Plan& plan) { return Checker(event, plan).Run(); }

}  // namespace dongxi::plan
