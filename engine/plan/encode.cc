// An event to tables of text, and those from and to JSON.
#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "engine/plan/event_tables.h"

namespace dongxi::plan {
namespace {

using Json = nlohmann::ordered_json;

std::string TimeText(int minute) {
  char text[16];
  std::snprintf(text, sizeof(text), "%02d:%02d", minute / 60, minute % 60);
  return text;
}

std::string NumberText(double value) {
  char text[40];
  const auto result = std::to_chars(text, text + sizeof(text), value);
  return {text, result.ptr};
}

class Encoder {
 public:
  explicit Encoder(const Event& event) : event_(event) {}

  EventTables Run() {
    Settings();
    for (const Slot& slot : event_.slots) {
      Row("slots", {{"id", slot.id},
                    {"date", slot.date},
                    {"begin", TimeText(slot.begin_minute)},
                    {"end", TimeText(slot.end_minute)},
                    {"kind", slot.is_break ? "休息" : "会谈"}});
    }
    for (const Table& table : event_.tables) {
      Row("tables", {{"id", table.id},
                     {"name", table.name},
                     {"seats", Unless(table.seats, 0)},
                     {"online", Flag(table.online)},
                     {"slots", Slots(table.available)}});
    }
    for (const Party& party : event_.parties) AddParty(party);
    for (const Pair& pair : event_.pairs) AddPair(pair);
    for (const Lock& lock : event_.locks) {
      const Pair& pair = event_.pairs[lock.pair];
      Row("locks", {{"need", Id(pair.need)},
                    {"offer", Id(pair.offer)},
                    {"slot", event_.slots[lock.slot].id},
                    {"table", lock.table < 0 ? "" : event_.tables[lock.table].id},
                    {"held", Flag(lock.held)}});
    }
    for (const Session& session : event_.sessions) {
      Row("sessions", {{"id", session.id},
                       {"name", session.name},
                       {"kind", session.kind},
                       {"slot", session.slot < 0 ? "" : event_.slots[session.slot].id},
                       {"table", session.table < 0 ? "" : event_.tables[session.table].id},
                       {"participants", Ids(session.participants)},
                       {"invited", Ids(session.invited)},
                       {"capacity", Unless(session.capacity, 0)}});
    }
    for (const Quota& quota : event_.quotas) {
      const bool is_all = quota.of_needs && quota.of_offers;
      Row("quotas", {{"kind", quota.kind == QuotaKind::kRegion ? "地区" : "单位"},
                     {"group", quota.group},
                     {"side", is_all           ? ""
                              : quota.of_needs ? "需求方"
                                               : "供给方"},
                     {"min", Unless(quota.min_meetings, 0)},
                     {"max", Unless(quota.max_meetings, -1)}});
    }
    return std::move(tables_);
  }

 private:
  void Row(std::string_view sheet, std::map<std::string, std::string, std::less<>> values) {
    std::erase_if(values, [](const auto& value) { return value.second.empty(); });
    std::vector<EventRow>& rows = tables_[std::string(sheet)];
    rows.push_back({{std::string(SheetOf(sheet).name), rows.size() + 2}, std::move(values)});
  }
  const std::string& Id(int party) const { return event_.parties[party].id; }
  static std::string Flag(bool value) { return value ? "是" : ""; }
  static std::string Unless(int value, int nothing) { return value == nothing ? "" : std::to_string(value); }

  std::string Ids(const std::vector<int>& parties) const {
    std::string text;
    for (const int party : parties) text += (text.empty() ? "" : "、") + Id(party);
    return text;
  }
  std::string Slots(const SlotSet& slots) const {
    if (slots == MeetingSlots(event_)) return "";
    std::string text;
    for (size_t s = 0; s < event_.slots.size(); ++s) {
      if (slots[s]) text += (text.empty() ? "" : "、") + event_.slots[s].id;
    }
    return text.empty() ? "无" : text;
  }

  void Settings() {
    const plan::Settings& settings = event_.settings;
    const auto set = [&](const char* key, std::string value) {
      if (!value.empty()) Row("settings", {{"key", key}, {"value", std::move(value)}});
    };
    set("活动名称", settings.title);
    set("地点", settings.venue);
    set("公平让利上限", NumberText(settings.fair_share_max));
    set("每方最多会谈", Unless(settings.max_meetings, -1));
    set("照顾方保底", std::to_string(settings.protected_floor));
    set("最受欢迎方上限", Unless(settings.most_wanted_max, -1));
    const int offset = settings.utc_offset_minutes;
    set("时区", (offset < 0 ? "-" : "+") + TimeText(std::abs(offset)));
  }

  void AddParty(const Party& party) {
    std::string members;
    for (const std::string& member : party.members) members += (members.empty() ? "" : "、") + member;
    Row("parties", {{"id", party.id},
                    {"name", party.name},
                    {"side", party.side == Side::kNeed ? "需求方" : "供给方"},
                    {"title", party.title},
                    {"region", party.region},
                    {"protected", Flag(party.is_protected)},
                    {"members", members},
                    {"seats", Unless(party.seats, 0)},
                    {"min", Unless(party.min_meetings, 0)},
                    {"max", Unless(party.max_meetings, -1)},
                    {"slots", Slots(party.available)},
                    {"online", Flag(party.online)},
                    {"table", party.home_table < 0 ? "" : event_.tables[party.home_table].id},
                    {"institution", party.institution},
                    {"record", party.record}});
  }

  void AddPair(const Pair& pair) {
    const char* history = pair.history == History::kCoolDown ? "冷却"
                          : pair.history == History::kExtend ? "延续"
                                                             : "";
    Row("pairs", {{"need", Id(pair.need)},
                  {"offer", Id(pair.offer)},
                  {"score", NumberText(pair.score)},
                  {"history", history},
                  {"reason", pair.reason},
                  {"match_id", pair.match_id},
                  {"record", pair.record}});
    const auto wish = [&](Wish value, int from, int to, const char* by) {
      if (value == Wish::kNone) return;
      const char* word = value == Wish::kMust ? "必见" : value == Wish::kWant ? "想见" : "不见";
      Row("requests", {{"from", Id(from)}, {"to", Id(to)}, {"wish", word}, {"by", by}});
    };
    wish(pair.by_need, pair.need, pair.offer, "");
    wish(pair.by_offer, pair.offer, pair.need, "");
    wish(pair.by_organiser, pair.need, pair.offer, "组织方");
  }

  const Event& event_;
  EventTables tables_;
};

absl::Status JsonError(const std::string& place, const std::string& what, const std::string& remedy) {
  const std::string where = place.empty() ? "JSON" : "JSON " + place;
  return absl::InvalidArgumentError(where + "：" + what + "；改法：" + remedy);
}

absl::StatusOr<std::string> ValueText(const Json& value, const std::string& place) {
  if (value.is_null()) return std::string();
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return std::string(value.get<bool>() ? "是" : "否");
  if (value.is_number()) return value.is_number_float() ? NumberText(value.get<double>()) : value.dump();
  if (!value.is_array()) return JsonError(place, "不能是对象", "写字符串、数、true/false 或字符串的数组");
  std::string text;
  for (const Json& item : value) {
    if (!item.is_string()) return JsonError(place, "数组里有不是字符串的值", "只写字符串");
    text += (text.empty() ? "" : "、") + item.get<std::string>();
  }
  return text;
}

absl::StatusOr<EventRow> RowOf(const SheetSpec& sheet, const Json& item, size_t number) {
  const std::string place = std::string(sheet.key) + "[" + std::to_string(number - 1) + "]";
  if (!item.is_object()) return JsonError(place, "不是对象", "每项写成 {\"…\": …}");
  EventRow row{.place = {std::string(sheet.name), number}};
  for (const auto& [key, value] : item.items()) {
    bool known = false;
    std::string all;
    for (const FieldSpec& field : sheet.fields) {
      known |= field.key == key;
      all += (all.empty() ? "" : "、") + std::string(field.key);
    }
    if (!known) return JsonError(place, "没有“" + key + "”这一项", "可写：" + all);
    absl::StatusOr<std::string> text = ValueText(value, place + "." + key);
    if (!text.ok()) return text.status();
    // No slot at all; an empty cell of a spreadsheet means every slot.
    if (key == "slots" && value.is_array() && text->empty()) *text = "无";
    row.values[key] = *std::move(text);
  }
  return row;
}

}  // namespace

EventTables EncodeEvent(const Event& event) { return Encoder(event).Run(); }

absl::StatusOr<EventTables> TablesFromJson(std::string_view text) {
  if (text.size() > kEventBytesMax) return absl::InvalidArgumentError("JSON 太大；改法：把活动分成几个");
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded())
    return JsonError("", "不是合法的 JSON", "用 dongxi plan template --out 对接会.json 生成的样式");
  if (!json.is_object()) return JsonError("", "最外层不是对象", "写成 {\"parties\": […], …}");
  EventTables tables;
  for (const auto& [key, value] : json.items()) {
    const SheetSpec* sheet = nullptr;
    std::string all;
    for (const SheetSpec& spec : Sheets()) {
      if (spec.key == key) sheet = &spec;
      all += (all.empty() ? "" : "、") + std::string(spec.key);
    }
    if (sheet == nullptr) return JsonError("", "没有“" + key + "”这张表", "可写：" + all);
    if (!value.is_array()) return JsonError(key, "不是数组", "写成 [{…}, …]");
    std::vector<EventRow>& rows = tables[key];
    for (const Json& item : value) {
      absl::StatusOr<EventRow> row = RowOf(*sheet, item, rows.size() + 1);
      if (!row.ok()) return row.status();
      rows.push_back(*std::move(row));
    }
  }
  return tables;
}

std::string TablesToJson(const EventTables& tables) {
  Json json = Json::object();
  for (const SheetSpec& sheet : Sheets()) {
    const auto found = tables.find(sheet.key);
    if (found == tables.end()) continue;
    Json& rows = json[std::string(sheet.key)] = Json::array();
    for (const EventRow& row : found->second) {
      Json item = Json::object();
      for (const FieldSpec& field : sheet.fields) {
        const auto value = row.values.find(field.key);
        if (value != row.values.end() && !value->second.empty()) item[std::string(field.key)] = value->second;
      }
      rows.push_back(std::move(item));
    }
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace dongxi::plan
