// Tables of text to an event.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "engine/plan/cell_text.h"
#include "engine/plan/clock_text.h"
#include "engine/plan/event_tables.h"
#include "engine/plan/group_finder.h"

namespace dongxi::plan {
namespace {

constexpr double kWishWithoutScore = 0;  // a wish for a pair that no match scored
// Settings in the spreadsheet, and as JSON may call them.
constexpr std::pair<const char*, const char*> kSettingNames[] = {
    {"活动名称", "title"},
    {"地点", "venue"},
    {"公平让利上限", "fair_share_max"},
    {"每方最多会谈", "max_meetings"},
    {"照顾方保底", "protected_floor"},
    {"最受欢迎方上限", "most_wanted_max"},
    {"时区", "utc_offset"},
};

class Decoder {
 public:
  Decoder(const EventTables& tables, std::vector<Problem>* problems)
      : tables_(tables), problems_(*problems) {}

  Event Run() {
    ReadSettings();
    ReadSlots();
    ReadTables();
    ReadParties();
    NameWhoComesAlone();
    ReadPairs();
    ReadRequests();
    ReadLocks();
    ReadSessions();
    ReadQuotas();
    return std::move(event_);
  }

 private:
  using Ids = std::map<std::string, int, std::less<>>;

  const std::vector<EventRow>& Rows(std::string_view sheet) {
    static const std::vector<EventRow> kNone;
    sheet_ = &SheetOf(sheet);
    const auto found = tables_.find(sheet);
    return found == tables_.end() ? kNone : found->second;
  }

  void Add(const EventRow& row, std::string_view field, std::string what, std::string remedy) {
    std::string header(field);
    for (const FieldSpec& spec : sheet_->fields) {
      if (spec.key == field) header = spec.header;
    }
    problems_.push_back({row.place, header, std::move(what), std::move(remedy)});
  }

  static std::string Text(const EventRow& row, std::string_view field) {
    const auto found = row.values.find(field);
    return found == row.values.end() ? "" : Trimmed(found->second);
  }

  // False if a required value is missing, which is a problem.
  bool HasAll(const EventRow& row) {
    bool all = true;
    for (const FieldSpec& spec : sheet_->fields) {
      if (!spec.required || !Text(row, spec.key).empty()) continue;
      Add(row, spec.key, "没有填", "填上：" + std::string(spec.help));
      all = false;
    }
    return all;
  }

  int Number(const EventRow& row, std::string_view field, int otherwise) {
    const std::string text = Narrow(Text(row, field));
    if (text.empty()) return otherwise;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value != std::floor(value) || value < 0 ||
        value > 1e6) {
      Add(row, field, "“" + text + "”不是 0 以上的整数", "写阿拉伯数字，如 3");
      return otherwise;
    }
    return static_cast<int>(value);
  }

  std::optional<double> Share(const EventRow& row, std::string_view field) {
    std::string text = Narrow(Text(row, field));
    const bool percent = !text.empty() && text.back() == '%';
    if (percent) text.pop_back();
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (percent) value /= 100;
    if (error != std::errc() || end != text.data() + text.size() || !(value >= 0 && value <= 1)) {
      Add(row, field, "“" + Text(row, field) + "”不是 0 到 1 之间的数", "写成 0.82 或 82% 这样");
      return std::nullopt;
    }
    return value;
  }

  bool Flag(const EventRow& row, std::string_view field) {
    const std::string text = Text(row, field);
    for (const char* yes : {"是", "true", "yes", "1", "√", "Y", "y"}) {
      if (text == yes) return true;
    }
    for (const char* no : {"", "否", "false", "no", "0", "N", "n"}) {
      if (text == no) return false;
    }
    Add(row, field, "“" + text + "”读不懂", "写 是 或 否");
    return false;
  }

  // By id, else by a name that only one has.
  int Look(const EventRow& row, std::string_view field, const std::string& text, const Ids& ids,
           std::string_view of) {
    const auto found = ids.find(text);
    if (found != ids.end() && found->second >= 0) return found->second;
    if (found != ids.end())
      Add(row, field, "表“" + std::string(of) + "”里叫“" + text + "”的不止一个",
          "写编号；另一个是报告带入的同一方，就在这一方的行里填它的目录名称");
    else
      Add(row, field, "“" + text + "”不在表“" + std::string(of) + "”里",
          "写那张表里的编号，或在那张表里加一行");
    return -1;
  }

  // Ids stand in lists: what separates or stands for a list cannot be one.
  bool IsId(const EventRow& row, const std::string& id) {
    const std::vector<std::string> items = Items(id);
    const bool has_range = id.find('~') != std::string::npos || id.find("～") != std::string::npos;
    if (items.size() == 1 && items[0] == id && !has_range && id != "无" && id != "none" && id != "全部")
      return true;
    Add(row, "id", "编号“" + id + "”里有顿号、逗号、分号、竖线、~ 或换行，或是 无、全部",
        "只用字母、数字和短横");
    return false;
  }

  bool NewId(const EventRow& row, Ids& ids, size_t index) {
    const std::string id = Text(row, "id");
    if (!IsId(row, id)) return false;
    if (ids.try_emplace(id, static_cast<int>(index)).second) return true;
    Add(row, "id", "编号“" + id + "”和前面的行重复", "每行用不同的编号");
    return false;
  }

  std::optional<int> Minute(const EventRow& row, std::string_view field) {
    const std::string text = Narrow(Text(row, field));
    const std::optional<int> minute = MinuteOfDay(text);
    if (!minute)
      Add(row, field, "“" + text + "”不是时间", "按 24 小时写成 09:30、14:30 这样，后面不加别的字");
    return minute;
  }

  std::string Date(const EventRow& row, std::string_view field) {
    const std::string text = Narrow(Text(row, field));
    const std::optional<std::string> date = DateOf(text);
    if (!date) Add(row, field, "“" + text + "”不是日期", "写成 2026-11-26 这样");
    return date.value_or("");
  }

  // The same twice is a problem where the values differ: which of them is meant?
  void ReadSettings() {
    std::map<std::string, std::string> known;
    for (const EventRow& row : Rows("settings")) {
      if (!HasAll(row)) continue;
      std::string key = Text(row, "key");
      for (const auto& [name, json_key] : kSettingNames) {
        if (key == json_key) key = name;
      }
      const std::string value = Narrow(Text(row, "value"));
      const auto [first, is_new] = known.try_emplace(key, value);
      if (is_new)
        ReadSetting(row, key);
      else if (first->second != value)
        Add(row, "key", "“" + key + "”前面已经写过，值是“" + first->second + "”，这里是“" + value + "”",
            "只留一行");
    }
  }

  void ReadSetting(const EventRow& row, const std::string& name) {
    Settings& settings = event_.settings;
    if (name == "活动名称")
      settings.title = Text(row, "value");
    else if (name == "地点")
      settings.venue = Text(row, "value");
    else if (name == "公平让利上限")
      settings.fair_share_max = Share(row, "value").value_or(0.02);
    else if (name == "每方最多会谈")
      settings.max_meetings = Number(row, "value", -1);
    else if (name == "照顾方保底")
      settings.protected_floor = Number(row, "value", 1);
    else if (name == "最受欢迎方上限")
      settings.most_wanted_max = Number(row, "value", -1);
    else if (name == "时区")
      ReadOffset(row);
    else
      Add(row, "key", "没有“" + name + "”这项设置", "可写：" + std::string(sheet_->fields[0].help));
  }

  void ReadOffset(const EventRow& row) {
    unsigned hour = 0, minute = 0;
    int length = 0;
    char sign = 0;
    const std::string text = Narrow(Text(row, "value"));
    if (std::sscanf(text.c_str(), "%c%2u:%2u%n", &sign, &hour, &minute, &length) == 3 &&
        static_cast<size_t>(length) == text.size() && (sign == '+' || sign == '-') && hour <= 14 &&
        minute < 60) {
      event_.settings.utc_offset_minutes = (sign == '-' ? -1 : 1) * static_cast<int>(hour * 60 + minute);
    } else {
      Add(row, "value", "“" + text + "”不是时区", "写成 +08:00 这样");
    }
  }

  void ReadSlots() {
    for (const EventRow& row : Rows("slots")) {
      if (!HasAll(row)) continue;
      Slot slot{.id = Text(row, "id"), .date = Date(row, "date"), .place = row.place};
      if (!IsId(row, slot.id)) continue;
      const std::optional<int> begin = Minute(row, "begin"), end = Minute(row, "end");
      const std::string kind = Text(row, "kind");
      slot.is_break = kind == "休息" || kind == "break";
      if (!kind.empty() && !slot.is_break && kind != "会谈" && kind != "meeting") {
        Add(row, "kind", "“" + kind + "”读不懂", "写 会谈 或 休息");
      }
      if (slot.date.empty() || !begin || !end) continue;
      slot.begin_minute = *begin, slot.end_minute = *end;
      event_.slots.push_back(std::move(slot));
    }
    std::stable_sort(event_.slots.begin(), event_.slots.end(), [](const Slot& a, const Slot& b) {
      return a.date != b.date ? a.date < b.date : a.begin_minute < b.begin_minute;
    });
    for (size_t s = 0; s < event_.slots.size(); ++s) {
      if (s >= static_cast<size_t>(kSlotsMax)) {
        problems_.push_back(
            {event_.slots[s].place, "编号", "时段太多", "最多 " + std::to_string(kSlotsMax) + " 个"});
        event_.slots.resize(s);
        break;
      }
      if (slots_.try_emplace(event_.slots[s].id, static_cast<int>(s)).second) continue;
      problems_.push_back(
          {event_.slots[s].place, "编号", "编号“" + event_.slots[s].id + "”重复", "每行用不同的编号"});
    }
  }

  // S1、S3~S5; all of them if empty and `all_if_empty`.
  SlotSet Slots(const EventRow& row, std::string_view field, bool all_if_empty) {
    SlotSet slots;
    const std::string text = Text(row, field);
    if (text == "无" || text == "none") return slots;
    if (text == "全部" || (text.empty() && all_if_empty)) return MeetingSlots(event_);
    for (const std::string& item : Items(text)) {
      size_t length = 1, cut = item.find('~');
      for (const std::string_view mark : {"～", "至"}) {
        if (cut == std::string::npos && slots_.count(item) == 0) cut = item.find(mark), length = mark.size();
      }
      const std::string from = Trimmed(item.substr(0, cut));
      const std::string to = cut == std::string::npos ? from : Trimmed(item.substr(cut + length));
      const int first = Look(row, field, from, slots_, "时段");
      const int last = cut == std::string::npos ? first : Look(row, field, to, slots_, "时段");
      if (first >= 0 && last >= 0 && first > last)
        Add(row, field, "“" + item + "”的开头比结尾晚", "写成 " + to + "~" + from);
      for (int s = first; first >= 0 && s <= last; ++s) slots.set(s);
    }
    return slots & MeetingSlots(event_);
  }

  void ReadTables() {
    for (const EventRow& row : Rows("tables")) {
      if (!HasAll(row) || !NewId(row, tables_ids_, event_.tables.size())) continue;
      Table table{.id = Text(row, "id"), .name = Text(row, "name"), .place = row.place};
      table.seats = Number(row, "seats", 0);
      table.online = Flag(row, "online");
      table.available = Slots(row, "slots", true);
      event_.tables.push_back(std::move(table));
    }
  }

  // Each person is spelled as whoever names him first does: 王　强 and 王强 are one.
  std::vector<std::string> Members(const EventRow& row) {
    std::vector<std::string> members;
    for (const std::string& name : Items(Text(row, "members")))
      members.push_back(people_.try_emplace(PersonKey(name), name).first->second);
    std::sort(members.begin(), members.end());
    members.erase(std::unique(members.begin(), members.end()), members.end());
    return members;
  }

  void ReadParties() {
    std::map<std::string, int> names;
    for (const EventRow& row : Rows("parties")) {
      if (!HasAll(row) || !NewId(row, parties_, event_.parties.size())) continue;
      Party party{.id = Text(row, "id"),
                  .name = Text(row, "name"),
                  .title = Text(row, "title"),
                  .region = Text(row, "region"),
                  .institution = Text(row, "institution"),
                  .record = Text(row, "record"),
                  .place = row.place};
      const std::string side = Text(row, "side");
      party.side = side == "供给方" || side == "offer" ? Side::kOffer : Side::kNeed;
      if (party.side == Side::kNeed && side != "需求方" && side != "need") {
        Add(row, "side", "“" + side + "”读不懂", "写 需求方 或 供给方");
      }
      party.is_protected = Flag(row, "protected");
      party.members = Members(row);
      party.seats = Number(row, "seats", 0);
      party.min_meetings = Number(row, "min", 0);
      party.max_meetings = Number(row, "max", -1);
      party.available = Slots(row, "slots", true) & ~Slots(row, "absent", false);
      party.online = Flag(row, "online");
      const std::string table = Text(row, "table");
      if (!table.empty()) party.home_table = Look(row, "table", table, tables_ids_, "桌位");
      event_.parties.push_back(std::move(party));
    }
    for (size_t p = 0; p < event_.parties.size(); ++p) {
      const auto [at, is_new] = names.try_emplace(event_.parties[p].name, static_cast<int>(p));
      if (!is_new) at->second = -1;
    }
    for (const auto& [name, party] : names) parties_.try_emplace(name, party);
  }

  // A party without members whom another party names is that person: its own member, never planned twice.
  void NameWhoComesAlone() {
    for (Party& party : event_.parties) {
      const auto person = people_.find(PersonKey(party.name));
      if (party.members.empty() && person != people_.end()) party.members.push_back(person->second);
    }
  }

  // The pair of two parties, in whichever order they are named; made if there is none yet. -1: a problem.
  int PairOf(const EventRow& row, std::string_view a_field, std::string_view b_field) {
    const int a = Look(row, a_field, Text(row, a_field), parties_, "参会方");
    const int b = Look(row, b_field, Text(row, b_field), parties_, "参会方");
    if (a < 0 || b < 0) return -1;
    if (event_.parties[a].side == event_.parties[b].side) {
      Add(row, b_field, "两方都是" + std::string(event_.parties[a].side == Side::kNeed ? "需求方" : "供给方"),
          "一方写需求方，一方写供给方");
      return -1;
    }
    const bool a_needs = event_.parties[a].side == Side::kNeed;
    const int need = a_needs ? a : b, offer = a_needs ? b : a;
    const auto [at, is_new] = pairs_.try_emplace({need, offer}, static_cast<int>(event_.pairs.size()));
    if (is_new)
      event_.pairs.push_back({.need = need, .offer = offer, .score = kWishWithoutScore, .place = row.place});
    return at->second;
  }

  void ReadPairs() {
    for (const EventRow& row : Rows("pairs")) {
      if (!HasAll(row)) continue;
      const size_t before = event_.pairs.size();
      const int index = PairOf(row, "need", "offer");
      if (index < 0) continue;
      if (event_.pairs.size() == before) {
        Add(row, "offer", "这两方前面已经写过", "删去一行");
        continue;
      }
      Pair& pair = event_.pairs[index];
      pair.score = Share(row, "score").value_or(0);
      pair.reason = Text(row, "reason");
      pair.match_id = Text(row, "match_id");
      pair.record = Text(row, "record");
      const std::string history = Text(row, "history");
      if (history == "冷却" || history == "cool_down")
        pair.history = History::kCoolDown;
      else if (history == "延续" || history == "extend")
        pair.history = History::kExtend;
      else if (!history.empty())
        Add(row, "history", "“" + history + "”读不懂", "写 冷却 或 延续");
    }
  }

  void ReadRequests() {
    for (const EventRow& row : Rows("requests")) {
      if (!HasAll(row)) continue;
      const int index = PairOf(row, "from", "to");
      if (index < 0) continue;
      const std::string text = Text(row, "wish"), by = Text(row, "by");
      Wish wish = Wish::kNone;
      if (text == "必见" || text == "must")
        wish = Wish::kMust;
      else if (text == "想见" || text == "want")
        wish = Wish::kWant;
      else if (text == "不见" || text == "谢绝" || text == "no")
        wish = Wish::kNo;
      else
        Add(row, "wish", "“" + text + "”读不懂", "写 必见、想见 或 不见");
      const bool by_organiser = by == "组织方" || by == "organiser";
      if (!by.empty() && !by_organiser)
        Add(row, "by", "“" + by + "”读不懂", "组织方提出的写 组织方，否则空着");
      if (by_organiser && wish == Wish::kWant) {
        Add(row, "wish", "组织方的想见不加分，排与不排都一样",
            "组织方写 必见 或 不见；想见由两方自己写，或改匹配分");
        problems_.back().fatal = false;
      }
      Pair& pair = event_.pairs[index];
      const bool from_need = parties_.find(Text(row, "from"))->second == pair.need;
      Wish& where = by_organiser ? pair.by_organiser : from_need ? pair.by_need : pair.by_offer;
      uint64_t& where_row = by_organiser ? pair.by_organiser_row
                            : from_need  ? pair.by_need_row
                                         : pair.by_offer_row;
      if (where != Wish::kNone && where != wish) {
        Add(row, "wish", "同一方对同一对方有两个不同的意愿", "只留一行");
      }
      where = wish;
      where_row = row.place.row;
    }
  }

  void ReadLocks() {
    for (const EventRow& row : Rows("locks")) {
      if (!HasAll(row)) continue;
      const int pair = PairOf(row, "need", "offer");
      Lock lock{
          .pair = pair, .slot = Look(row, "slot", Text(row, "slot"), slots_, "时段"), .place = row.place};
      const std::string table = Text(row, "table");
      if (!table.empty()) lock.table = Look(row, "table", table, tables_ids_, "桌位");
      lock.held = Flag(row, "held");
      if (pair >= 0 && lock.slot >= 0) event_.locks.push_back(lock);
    }
  }

  std::vector<int> PartiesOf(const EventRow& row, std::string_view field) {
    std::vector<int> parties;
    std::unordered_set<int> known;
    for (const std::string& item : Items(Text(row, field))) {
      const int party = Look(row, field, item, parties_, "参会方");
      if (party >= 0 && known.insert(party).second) parties.push_back(party);
    }
    return parties;
  }

  void ReadSessions() {
    Ids ids;
    for (const EventRow& row : Rows("sessions")) {
      if (!HasAll(row) || !NewId(row, ids, event_.sessions.size())) continue;
      Session session{
          .id = Text(row, "id"), .name = Text(row, "name"), .kind = Text(row, "kind"), .place = row.place};
      if (const std::string slot = Text(row, "slot"); !slot.empty())
        session.slot = Look(row, "slot", slot, slots_, "时段");
      if (const std::string table = Text(row, "table"); !table.empty()) {
        session.table = Look(row, "table", table, tables_ids_, "桌位");
      }
      session.participants = PartiesOf(row, "participants");
      session.invited = PartiesOf(row, "invited");
      session.capacity = Number(row, "capacity", 0);
      event_.sessions.push_back(std::move(session));
    }
  }

  void ReadQuotas() {
    const std::vector<EventRow>& rows = Rows("quotas");
    if (rows.empty()) return;
    const GroupFinder groups(event_.parties);
    for (const EventRow& row : rows) {
      if (!HasAll(row)) continue;
      if (event_.quotas.size() > static_cast<size_t>(kQuotasMax)) return;  // Validate says so
      Quota quota{.group = Text(row, "group"), .place = row.place};
      const std::string kind = Text(row, "kind"), side = Text(row, "side");
      if (kind == "单位" || kind == "institution")
        quota.kind = QuotaKind::kInstitution;
      else if (kind != "地区" && kind != "region")
        Add(row, "kind", "“" + kind + "”读不懂", "写 地区 或 单位");
      quota.of_needs = side.empty() || side == "需求方" || side == "need";
      quota.of_offers = side.empty() || side == "供给方" || side == "offer";
      if (!quota.of_needs && !quota.of_offers)
        Add(row, "side", "“" + side + "”读不懂", "写 需求方 或 供给方；两类都算就空着");
      quota.min_meetings = Number(row, "min", 0);
      quota.max_meetings = Number(row, "max", -1);
      quota.parties = groups.Of(quota);
      event_.quotas.push_back(std::move(quota));
    }
  }

  const EventTables& tables_;
  std::vector<Problem>& problems_;
  const SheetSpec* sheet_ = nullptr;
  Event event_;
  Ids slots_, tables_ids_, parties_;
  std::unordered_map<std::string, std::string> people_;  // members as they are spelled, by PersonKey
  std::map<std::pair<int, int>, int> pairs_;
};

}  // namespace

Event DecodeEvent(const EventTables& tables, std::vector<Problem>* problems) {
  return Decoder(tables, problems).Run();
}

}  // namespace dongxi::plan
