// What contradicts itself in an event.
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "engine/plan/cell_text.h"
#include "engine/plan/event.h"
#include "engine/plan/open_locks.h"
#include "engine/plan/people.h"
#include "engine/plan/sessions.h"

namespace dongxi::plan {
namespace {

bool IsWishedBy(const Pair& pair, Wish wish) {
  return pair.by_need == wish || pair.by_offer == wish || pair.by_organiser == wish;
}
bool IsRefused(const Pair& pair) { return IsWishedBy(pair, Wish::kNo); }
bool IsCooling(const Pair& pair) {
  return pair.history == History::kCoolDown && !IsWishedBy(pair, Wish::kMust);
}

class Validator {
 public:
  explicit Validator(const Event& event) : event_(event) {}

  std::vector<Problem> Run() {
    CheckSizes();
    if (!problems_.empty()) return std::move(problems_);
    for (size_t s = 0; s < event_.slots.size(); ++s) CheckSlot(s);
    CountPairs();
    for (size_t p = 0; p < event_.parties.size(); ++p) CheckParty(static_cast<int>(p));
    for (const Pair& pair : event_.pairs) CheckPair(pair);
    CheckLocks();
    CheckSessions();
    CheckQuotas();
    if (!HasFatal(problems_)) CheckSessionSlots();
    return std::move(problems_);
  }

 private:
  void Error(const Place& place, std::string field, std::string what, std::string remedy) {
    problems_.push_back({place, std::move(field), std::move(what), std::move(remedy)});
  }
  void Warn(const Place& place, std::string field, std::string what, std::string remedy) {
    problems_.push_back({place, std::move(field), std::move(what), std::move(remedy), false});
  }
  const std::string& Name(int party) const { return event_.parties[party].name; }

  void CheckSizes() {
    if (event_.parties.empty()) Error({"参会方", 0}, "", "一方也没有", "每个参会方写一行");
    if (MeetingSlots(event_).none()) Error({"时段", 0}, "", "没有可以会谈的时段", "写上时段，类型写 会谈");
    if (event_.pairs.empty() && event_.sessions.empty()) {
      Error({"配对", 0}, "", "没有可以会谈的配对",
            "在表“配对”或“请求”里写，或用 --report 从报告带入；报告里只有接近的，加 --near");
    }
    if (event_.slots.size() > static_cast<size_t>(kSlotsMax))
      Error({"时段", 0}, "", "时段太多", "最多 256 个");
    if (event_.parties.size() > static_cast<size_t>(kPartiesMax))
      Error({"参会方", 0}, "", "参会方太多", "最多 50000 方");
    if (event_.pairs.size() > static_cast<size_t>(kPairsMax))
      Error({"配对", 0}, "", "配对太多", "最多 2000000 对");
    if (event_.tables.size() > static_cast<size_t>(kTablesMax))
      Error({"桌位", 0}, "", "桌太多", "最多 10000 张");
    if (event_.sessions.size() > static_cast<size_t>(kSessionsMax)) {
      Error({"活动", 0}, "", "路演和小组会有 " + std::to_string(event_.sessions.size()) + " 场，太多",
            "最多 " + std::to_string(kSessionsMax) + " 场；按日期或专题分成几个活动来排");
    }
    if (event_.quotas.size() > static_cast<size_t>(kQuotasMax)) {
      Error({"名额", 0}, "", "名额多于 " + std::to_string(kQuotasMax) + " 行", "只给要限的地区和单位写");
    }
  }

  void CheckSlot(size_t s) {
    const Slot& slot = event_.slots[s];
    if (slot.end_minute <= slot.begin_minute) Error(slot.place, "结束", "不晚于开始", "结束时间写晚一些");
    if (s == 0) return;
    const Slot& before = event_.slots[s - 1];
    if (before.date == slot.date && before.end_minute > slot.begin_minute) {
      Error(slot.place, "开始", "与时段“" + before.id + "”重叠", "错开两个时段");
    }
  }

  void CountPairs() {
    pairs_.assign(event_.parties.size(), 0);
    musts_.assign(event_.parties.size(), 0);
    for (const Pair& pair : event_.pairs) {
      if (IsRefused(pair) || IsCooling(pair)) continue;
      for (const int p : {pair.need, pair.offer}) {
        ++pairs_[p];
        musts_[p] += IsWishedBy(pair, Wish::kMust);
      }
    }
  }

  void CheckParty(int p) {
    const Party& party = event_.parties[p];
    const int slots = static_cast<int>(party.available.count());
    if (party.max_meetings >= 0 && party.min_meetings > party.max_meetings) {
      Error(party.place, "最少会谈", "比最多会谈多", "改小最少会谈，或改大最多会谈");
    }
    const int most_of_all = event_.settings.max_meetings;  // holds for who says nothing else
    if (party.max_meetings < 0 && most_of_all >= 0 && party.min_meetings > most_of_all) {
      Error(party.place, "最少会谈",
            "要 " + std::to_string(party.min_meetings) + " 场，表“设置”里的每方最多会谈是 " +
                std::to_string(most_of_all),
            "改小最少会谈，给这一方写最多会谈，或改大每方最多会谈");
    }
    if (slots == 0) {
      const std::string what = "“" + party.name + "”没有一个可用时段";
      if (party.min_meetings > 0)
        Error(party.place, "可用时段", what + "，却至少要 " + std::to_string(party.min_meetings) + " 场",
              "补上时段，或把最少会谈改为 0");
      else
        Warn(party.place, "可用时段", what + "，不会有会谈", "补上时段，或删去这一方");
    } else if (party.min_meetings > slots) {
      Error(party.place, "最少会谈",
            "要 " + std::to_string(party.min_meetings) + " 场，可用时段只有 " + std::to_string(slots) + " 个",
            "改小最少会谈，或补上时段");
    }
    CheckMembers(party);
    CheckPartners(p);
    if (slots > 0 && musts_[p] > slots) {
      Warn(party.place, "可用时段",
           "“" + party.name + "”的必见有 " + std::to_string(musts_[p]) + " 场，时段只有 " +
               std::to_string(slots) + " 个，排不全",
           "减少必见，或补上时段");
    }
  }

  void CheckMembers(const Party& party) {
    for (const std::string& member : party.members) {
      if (MayBeSeveral(member))
        Warn(party.place, "成员", "“" + member + "”中间是空格，算作一个人", "是几个人，就用顿号分开");
    }
  }

  void CheckPartners(int p) {
    const Party& party = event_.parties[p];
    if (pairs_[p] == 0) {
      const std::string what = "“" + party.name + "”没有可以会谈的对方";
      if (party.min_meetings > 0)
        Error(party.place, "编号", what + "，却有最少会谈", "在表“配对”里给它写对方，或把最少会谈改为 0");
      else
        Warn(party.place, "编号", what, "在表“配对”里给它写对方；报告带入的，也可用 --near 把接近的排进来");
    } else if (party.min_meetings > pairs_[p]) {
      Warn(party.place, "最少会谈",
           "“" + party.name + "”要 " + std::to_string(party.min_meetings) + " 场，可以会谈的对方只有 " +
               std::to_string(pairs_[p]) + " 个，到不了",
           "在表“配对”里给它多写几个对方，或改小最少会谈");
    }
  }

  void CheckPair(const Pair& pair) {
    const std::vector<std::string>& a = event_.parties[pair.need].members;
    const std::vector<std::string>& b = event_.parties[pair.offer].members;
    for (const std::string& member : a) {
      if (std::find(b.begin(), b.end(), member) == b.end()) continue;
      Error(pair.place, "供给方",
            "“" + member + "”同时在“" + Name(pair.need) + "”和“" + Name(pair.offer) + "”里，不能自己见自己",
            "删去这个配对，或从一方去掉这个成员");
      return;
    }
  }

  void CheckLocks() {
    std::map<std::pair<std::string, int>, const Lock*> taken;
    std::set<int> pairs;
    for (const Lock& lock : event_.locks) {
      const Pair& pair = event_.pairs[lock.pair];
      const std::string& slot = event_.slots[lock.slot].id;
      if (!pairs.insert(lock.pair).second) Error(lock.place, "供给方", "这两方锁定了两次", "只留一行");
      if (!lock.held) CheckLockWishes(lock, pair);
      if (event_.slots[lock.slot].is_break)
        Error(lock.place, "时段", "“" + slot + "”是休息", "换一个会谈时段");
      for (const int p : {pair.need, pair.offer}) {
        const Party& party = event_.parties[p];
        if (!party.available[lock.slot])
          Error(lock.place, "时段", "“" + party.name + "”在“" + slot + "”不可用", "换时段，或改它的可用时段");
        std::vector<std::string> who = party.members;
        who.push_back("#" + party.id);
        for (const std::string& person : who) {
          if (taken.try_emplace({person, lock.slot}, &lock).second) continue;
          Error(lock.place, "时段", "“" + party.name + "”（或其成员）在“" + slot + "”锁定了两场",
                "其中一场换时段");
          break;
        }
        CheckLockMax(p, lock);
      }
      if (lock.table >= 0) CheckLockTable(lock, taken);
    }
  }

  // What took place did so, whatever is said of it now; what did not may not be forced on anybody.
  void CheckLockWishes(const Lock& lock, const Pair& pair) {
    const std::string names = "“" + Name(pair.need) + "”与“" + Name(pair.offer) + "”";
    if (IsRefused(pair))
      Error(lock.place, "供给方", names + "有一方不见对方，或被组织方排除，不能锁定",
            "去掉锁定，或去掉表“请求”里的不见");
    else if (IsCooling(pair))
      Error(lock.place, "供给方", names + "还在冷却，也没有人写必见，不能锁定",
            "去掉锁定，或在表“请求”里写必见，或去掉表“配对”里的冷却");
  }

  void CheckLockMax(int party, const Lock& lock) {
    const int own = event_.parties[party].max_meetings;
    const int most = own >= 0 ? own : event_.settings.max_meetings;
    if (most >= 0 && ++locked_[party] > most) {
      Error(lock.place, "需求方", "“" + Name(party) + "”锁定的会谈多于最多会谈 " + std::to_string(most),
            "改大最多会谈，或去掉锁定");
    }
  }

  void CheckLockTable(const Lock& lock, std::map<std::pair<std::string, int>, const Lock*>& taken) {
    const Table& table = event_.tables[lock.table];
    if (!table.available[lock.slot])
      Error(lock.place, "桌", "桌“" + table.id + "”在这个时段不开放", "换桌或时段");
    if (!taken.try_emplace({"@" + table.id + "\n", lock.slot}, &lock).second) {
      Error(lock.place, "桌", "桌“" + table.id + "”在这个时段锁定了两场", "其中一场换桌");
    }
    const Pair& pair = event_.pairs[lock.pair];
    if ((event_.parties[pair.need].online || event_.parties[pair.offer].online) && !table.online) {
      Error(lock.place, "桌", "桌“" + table.id + "”不能线上参加", "换一张可线上的桌");
    }
    if (table.seats > 0 &&
        table.seats < SeatsFor(event_.parties[pair.need]) + SeatsFor(event_.parties[pair.offer])) {
      Error(lock.place, "桌", "桌“" + table.id + "”坐不下这两方", "换一张大些的桌");
    }
  }

  void CheckSession(const Session& session) {
    if (session.participants.empty()) Error(session.place, "必到方", "没有写", "写上参会方编号");
    if (session.capacity > 0 && static_cast<int>(session.participants.size()) > session.capacity) {
      Error(session.place, "容量", "必到方比容量多", "改大容量，或把一些改为邀请方");
    }
    if (session.table >= 0) CheckSessionTable(session);
    if (session.slot >= 0 && event_.slots[session.slot].is_break) {
      Error(session.place, "时段", "是休息", "换一个会谈时段");
      return;
    }
    SlotSet common = MeetingSlots(event_);
    for (const int p : session.participants) {
      common &= event_.parties[p].available;
      for (const int person : people_->Of(p)) common &= ~busy_[person];
    }
    if (session.table >= 0) common &= event_.tables[session.table].available & ~table_busy_[session.table];
    if (session.slot >= 0 ? !common[session.slot] : common.none()) {
      Error(session.place, "时段", "必到方（或地点）没有都有空的时段", "换时段、改可用时段，或减少必到方");
    }
    if (session.slot < 0) return;
    for (const int p : session.participants) {
      for (const int person : people_->Of(p)) busy_[person].set(session.slot);
    }
    if (session.table >= 0) table_busy_[session.table].set(session.slot);
  }

  // Who, and which table, is busy by locks; sessions with a slot of their own come to that one by one.
  void CheckSessions() {
    if (event_.sessions.empty()) return;
    people_.emplace(event_);
    busy_.resize(people_->count());
    table_busy_.resize(event_.tables.size());
    for (const Lock& lock : event_.locks) {
      const Pair& pair = event_.pairs[lock.pair];
      for (const int p : {pair.need, pair.offer}) {
        for (const int person : people_->Of(p)) busy_[person].set(lock.slot);
      }
      if (lock.table >= 0) table_busy_[lock.table].set(lock.slot);
    }
    for (const Session& session : event_.sessions) CheckSession(session);
  }

  void CheckSessionTable(const Session& session) {
    const Table& table = event_.tables[session.table];
    const int seats = SessionSeats(event_, session.participants);
    if (table.seats > 0 && table.seats < seats) {
      Error(session.place, "地点",
            "桌“" + table.id + "”有 " + std::to_string(table.seats) + " 座，必到方有 " +
                std::to_string(seats) + " 人",
            "换一张大些的桌；不占桌的活动不写地点");
    }
    for (const int p : session.participants) {
      if (!event_.parties[p].online || table.online) continue;
      Error(session.place, "地点", "桌“" + table.id + "”不能线上参加，“" + Name(p) + "”要线上参加",
            "换一张可线上的桌");
      break;
    }
  }

  void CheckQuotas() {
    std::set<std::tuple<QuotaKind, std::string, bool, bool>> known;
    for (const Quota& quota : event_.quotas) {
      const std::string name = QuotaName(quota);
      if (!known.insert({quota.kind, quota.group, quota.of_needs, quota.of_offers}).second)
        Error(quota.place, "名称", name + "写了两次", "只留一行");
      if (quota.max_meetings < 0 && quota.min_meetings == 0)
        Error(quota.place, "最多会谈", name + "没有写最少，也没有写最多", "写一个，或删去这一行");
      if (quota.max_meetings >= 0 && quota.min_meetings > quota.max_meetings)
        Error(quota.place, "最少会谈", "比最多会谈多", "改小最少会谈，或改大最多会谈");
      if (quota.parties.empty()) {
        Warn(quota.place, "名称", "没有一方属于" + name + "，这一行不起作用",
             quota.kind == QuotaKind::kRegion
                 ? "地区从省写起，和表“参会方”的“地区”开头一样，如 湖北、青海海西，或行政区划代码"
                 : "写表“参会方”里的“单位”，没有单位的写名称");
      }
    }
    if (!event_.quotas.empty()) CheckLocksInQuotas();
  }

  void CheckLocksInQuotas() {
    std::vector<std::vector<int>> quotas_of(event_.parties.size());
    for (size_t q = 0; q < event_.quotas.size(); ++q) {
      if (event_.quotas[q].max_meetings < 0) continue;
      for (const int party : event_.quotas[q].parties) quotas_of[party].push_back(static_cast<int>(q));
    }
    std::vector<int> locked(event_.quotas.size(), 0);
    for (const Lock& lock : event_.locks) {
      const Pair& pair = event_.pairs[lock.pair];
      std::vector<int> quotas;
      std::set_union(quotas_of[pair.need].begin(), quotas_of[pair.need].end(), quotas_of[pair.offer].begin(),
                     quotas_of[pair.offer].end(), std::back_inserter(quotas));
      for (const int q : quotas) {
        const Quota& quota = event_.quotas[q];
        if (++locked[q] != quota.max_meetings + 1) continue;
        Error(
            lock.place, "需求方",
            "锁定的会谈多于名额：" + QuotaName(quota) + "最多 " + std::to_string(quota.max_meetings) + " 场",
            "改大名额，或去掉锁定");
      }
    }
  }

  // Together: sessions that leave their slot open, then locks that leave their table open.
  void CheckSessionSlots() {
    const SessionPlacement placed = PlaceSessions(event_);
    if (placed.failed < 0) return CheckOpenLocks(placed.slots);
    std::string rivals;
    for (const int rival : placed.rivals)
      rivals += (rivals.empty() ? "“" : "、“") + event_.sessions[rival].name + "”";
    Error(event_.sessions[placed.failed].place, "时段",
          "“" + event_.sessions[placed.failed].name + "”和别的活动" +
              (rivals.empty() ? "" : "（" + rivals + "）") + "合在一起排不出时段：必到方或地点相同",
          "减少相同的必到方、补上可用时段，或换地点");
  }

  // Each lock without a table needs one of its own in its slot.
  void CheckOpenLocks(const std::vector<int>& session_slots) {
    if (event_.tables.empty()) return;
    const OpenLocks locks(event_, session_slots);
    for (const Lock* lock : locks.without_table()) NoTableFor(*lock, locks);
  }

  void NoTableFor(const Lock& lock, const OpenLocks& locks) {
    const std::string slot = "“" + event_.slots[lock.slot].id + "”";
    const int home = locks.HomeOf(lock);
    if (home >= 0) {
      const std::string table = "固定桌“" + event_.tables[home].id + "”";
      Error(lock.place, "桌",
            locks.Does(home, lock) ? table + "在" + slot + "已有锁定的会谈或活动"
                                   : table + "在" + slot + "不开放、坐不下或不能线上参加",
            "写明另一张桌，或换时段");
      return;
    }
    bool any = false;
    for (int t = 0; t < static_cast<int>(event_.tables.size()); ++t)
      any |= !locks.IsTaken(lock.slot, t) && locks.Does(t, lock);
    Error(lock.place, "桌", any ? slot + "锁定的会谈比合用的桌多" : slot + "没有开放、够坐、合用的桌给这两方",
          "换时段，或在表“桌位”里加一张合用的桌");
  }

  const Event& event_;
  std::vector<int> pairs_, musts_;
  std::map<int, int> locked_;
  std::optional<People> people_;  // of an event with sessions
  std::vector<SlotSet> busy_, table_busy_;
  std::vector<Problem> problems_;
};

}  // namespace

std::string Problem::Text() const {
  std::string text = "表“" + place.sheet + "”";
  if (place.row > 0) text += "第 " + std::to_string(place.row) + " 行";
  if (!field.empty()) text += "“" + field + "”";
  return text + "：" + what + "。改法：" + remedy;
}

std::string QuotaName(const Quota& quota) {
  const char* const kind = quota.kind == QuotaKind::kRegion ? "地区“" : "单位“";
  const bool is_all = quota.of_needs && quota.of_offers;
  return kind + quota.group + "”" + (is_all ? "" : quota.of_needs ? "（需求方）" : "（供给方）");
}

std::vector<Problem> Validate(const Event& event) { return Validator(event).Run(); }

SlotSet MeetingSlots(const Event& event) {
  SlotSet slots;
  for (size_t s = 0; s < event.slots.size(); ++s) slots[s] = !event.slots[s].is_break;
  return slots;
}

}  // namespace dongxi::plan
