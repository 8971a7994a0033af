#include "report/compare.h"

#include <map>
#include <set>

#include "engine/base/status_macros.h"
#include "report/emptied.h"
#include "report/html_parts.h"
#include "report/json.h"
#include "report/overview.h"

namespace dongxi::report {
namespace {

constexpr char kByLimit[] = "因限额未列出";

// Adequate entries by resource name, with their titles.
using Entries = std::map<std::string, std::string>;

struct EarlierNeed {
  std::string title;
  bool failed = false;  // it could not be matched then
  Entries adequate;
  std::set<std::string> emptied;  // lists that limits emptied, by their keys: "partners"
};

// What a need's lists came to.
const char* StateOf(const Entries& adequate, bool emptied) {
  if (!adequate.empty()) return "合适";
  return emptied ? kByLimit : "未找到";
}

std::string TextOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

EarlierNeed ReadNeed(const Json& item) {
  EarlierNeed need;
  if (item.contains("need") && item["need"].is_object()) need.title = TextOf(item["need"], "title");
  need.failed = item.contains("error");
  for (const char* list : {"partners", "experts", "results"}) {
    if (item.contains(kEmptiedKey) && item[kEmptiedKey].contains(list)) need.emptied.insert(list);
    if (!item.contains(list) || !item[list].is_array()) continue;
    for (const Json& entry : item[list]) {
      if (!entry.is_object() || !entry.contains("adequate") || entry["adequate"] != true) continue;
      const std::string title = TextOf(entry, "title");
      need.adequate[TextOf(entry, "resource_name")] = title.empty() ? TextOf(entry, "name") : title;
    }
  }
  return need;
}

absl::StatusOr<std::map<std::string, EarlierNeed>> ReadEarlier(std::string_view text,
                                                               const std::string& name) {
  const Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("needs") || !json["needs"].is_array()) {
    return absl::InvalidArgumentError(
        name + "：不是匹配报告的 JSON（没有 needs 列表）；请给出以前的报告文件夹里的 report.json");
  }
  std::map<std::string, EarlierNeed> needs;
  for (size_t i = 0; i < json["needs"].size(); ++i) {
    const Json& item = json["needs"][i];
    const std::string id = item.is_object() && item.contains("need") && item["need"].is_object()
                               ? TextOf(item["need"], "id")
                               : "";
    if (id.empty()) {
      return absl::InvalidArgumentError(name + "：needs 的第 " + std::to_string(i + 1) +
                                        " 项没有 need.id；文件不完整，请用原来的 report.json");
    }
    needs[id] = ReadNeed(item);
  }
  return needs;
}

Entries AdequateOf(const NeedMatches& need) {
  Entries entries;
  for (const v1::MatchList* list :
       {&need.answer.partners(), &need.answer.experts(), &need.answer.results()}) {
    for (const v1::MatchEntry& entry : list->entries()) {
      if (entry.adequate()) entries[entry.name()] = entry.title();
    }
  }
  return entries;
}

// Titles of what is in `these` and not in `those`.
std::vector<std::string> Only(const Entries& these, const Entries& those) {
  std::vector<std::string> titles;
  for (const auto& [name, title] : these) {
    if (!those.contains(name)) titles.push_back(title.empty() ? name : title);
  }
  return titles;
}

// Lists that limits emptied and had not emptied before, with the limits; "" for none.
std::string NewlyEmptied(const NeedMatches& need, const std::set<std::string>& before) {
  std::vector<EmptiedList> lists;
  for (const EmptiedList& list : need.emptied) {
    if (!before.contains(ListKey(list.kind))) lists.push_back(list);
  }
  return EmptiedText(lists);
}

// A change of what was found; "" for none.
std::string WhatChanged(const NeedMatches& need, const Entries& now, const EarlierNeed& before) {
  const std::string emptied = NewlyEmptied(need, before.emptied);
  const std::string was = StateOf(before.adequate, !before.emptied.empty());
  const std::string is = StateOf(now, !need.emptied.empty());
  std::string what;
  if (was != is) {
    what = "由" + was + "变为" + is;
  } else if (!Only(now, before.adequate).empty() || !Only(before.adequate, now).empty()) {
    what = "合适的名单有变";
  }
  if (emptied.empty()) return what;
  if (what.ends_with(kByLimit)) return what + "：" + emptied;
  return what + (what.empty() ? "" : "；") + kByLimit + "：" + emptied;
}

// The need beside itself in the earlier report; `what` is empty if nothing changed. Of a need that could not
// be matched, now or then, nobody knows what would have been found: nothing is gained or lost.
NeedChange ChangeOf(const NeedMatches& need, const EarlierNeed* before) {
  NeedChange change{need.need.name(), NeedTitle(need.need), "", {}, {}};
  const bool failed = !need.error.empty();
  if (failed && before != nullptr && before->failed) return change;
  if (failed) {
    change.what = before == nullptr ? "新需求" : "本次未能匹配";
    return change;
  }
  const Entries now = AdequateOf(need);
  if (before == nullptr || before->failed) {
    change.what = before == nullptr ? "新需求" : "上次未能匹配";
    if (!need.emptied.empty()) change.what += std::string("；") + kByLimit + "：" + EmptiedText(need.emptied);
    change.gained = Only(now, {});
    return change;
  }
  change.what = WhatChanged(need, now, *before);
  change.gained = Only(now, before->adequate);
  change.lost = Only(before->adequate, now);
  return change;
}

}  // namespace

absl::StatusOr<Comparison> Compare(const MatchReport& report, std::string_view earlier_json,
                                   const std::string& earlier_name) {
  DX_ASSIGN_OR_RETURN(const auto earlier, ReadEarlier(earlier_json, earlier_name));
  Comparison comparison;
  comparison.earlier = earlier_name;
  comparison.earlier_needs = static_cast<int>(earlier.size());
  for (const auto& [id, need] : earlier) comparison.earlier_matched += need.adequate.empty() ? 0 : 1;
  std::set<std::string> seen;
  for (const NeedMatches& need : report.needs) {
    const std::string id = need.need.name().substr(need.need.name().find('/') + 1);
    seen.insert(id);
    const auto before = earlier.find(id);
    NeedChange change = ChangeOf(need, before == earlier.end() ? nullptr : &before->second);
    if (change.what.empty()) {
      ++comparison.unchanged;
    } else {
      comparison.changes.push_back(std::move(change));
    }
  }
  for (const auto& [id, need] : earlier) {
    if (!seen.contains(id))
      comparison.changes.push_back(
          {"needs/" + id, need.title, "本次没有这项需求", {}, Only(need.adequate, {})});
  }
  return comparison;
}

}  // namespace dongxi::report
