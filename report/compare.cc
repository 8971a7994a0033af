#include "report/compare.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/base/status_macros.h"
#include "report/assemble.h"
#include "report/emptied.h"
#include "report/exposure_balance.h"
#include "report/html_parts.h"
#include "report/json.h"
#include "report/json_reader.h"
#include "report/overview.h"

namespace dongxi::report {
namespace {

constexpr char kByLimit[] = "因限额未列出";

using Item = nlohmann::json;

// Adequate entries by resource name, with their titles.
using Entries = std::map<std::string, std::string>;

// What is compared of a need of the earlier report.
struct Before {
  Entries adequate;
  std::set<std::string> emptied;  // lists that limits emptied, by their keys: "partners"
};

// What of the lists is compared: those that both reports asked for, as far as the shorter ones go. A list
// that only one of them asked for has gained and lost nothing.
struct Scope {
  std::set<std::string> lists;  // by their keys
  int top = 0;                  // entries of each; 0: all
  bool Has(v1::RecordKind kind) const { return lists.contains(ListKey(kind)); }
  bool Reaches(size_t place) const { return top == 0 || place < static_cast<size_t>(top); }
};

// What is compared of a need of this report.
struct Found {
  Entries adequate;
  std::vector<EmptiedList> emptied;
};

// What a need's lists came to.
const char* StateOf(const Entries& adequate, bool emptied) {
  if (!adequate.empty()) return "合适";
  return emptied ? kByLimit : "未找到";
}

std::string TextOf(const Item& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::vector<std::string> TextsOf(const Item& object, const char* key) {
  std::vector<std::string> texts;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return texts;
  for (const Item& one : *found) {
    if (one.is_string()) texts.push_back(one.get<std::string>());
  }
  return texts;
}

Scope AskedNow(const MatchReport& report) {
  Scope asked;
  for (const AnswerList& one : AskedLists(report)) asked.lists.insert(ListKey(one.kind));
  asked.top = report.top;
  return asked;
}

// A report of an earlier version does not say it: all that it lists is taken.
void ReadQuestion(const Item& head, EarlierReport* earlier) {
  earlier->options = TextsOf(head, "options");
  const std::vector<std::string> lists = TextsOf(head, "lists");
  earlier->lists.insert(lists.begin(), lists.end());
  if (!head.contains("lists")) {
    for (const AnswerList& one : kAnswerLists) earlier->lists.insert(ListKey(one.kind));
  }
  const auto top = head.find("top");
  if (top != head.end() && top->is_number_integer())
    earlier->top = static_cast<int>(std::clamp<int64_t>(top->get<int64_t>(), 0, kPageSizeMax));
}

Scope Common(const Scope& a, const Scope& b) {
  Scope both;
  for (const std::string& list : a.lists) {
    if (b.lists.contains(list)) both.lists.insert(list);
  }
  both.top = a.top == 0 || b.top == 0 ? std::max(a.top, b.top) : std::min(a.top, b.top);
  return both;
}

// Lines that say what was asked; those behind the limits of exposure say what these did.
std::vector<std::string> AskedLines(const std::vector<std::string>& options) {
  std::vector<std::string> lines;
  for (const std::string& line : options) {
    lines.push_back(line);
    if (line.starts_with(kLimitsLine)) break;
  }
  return lines;
}

// “每个列表至多 5 条”、“政策权重 1”: lines of these that the others do not have; 无 for none.
std::string OnlyLines(const std::vector<std::string>& these, const std::vector<std::string>& others) {
  std::vector<std::string> lines;
  for (const std::string& line : these) {
    if (std::find(others.begin(), others.end(), line) == others.end()) lines.push_back("“" + line + "”");
  }
  return lines.empty() ? "无" : absl::StrJoin(lines, "、");
}

// For Comparison.note; "" where the two reports asked the same.
std::string NoteOf(const MatchReport& report, const EarlierReport& earlier, const Scope& scope) {
  const std::vector<std::string> then = AskedLines(earlier.options), now = AskedLines(report.options);
  if (then == now) return "";
  const std::string options = absl::StrCat("两份报告的匹配选项不同，以前：", OnlyLines(then, now), "；本次：",
                                           OnlyLines(now, then), "。");
  std::vector<std::string> lists;
  for (const AnswerList& one : kAnswerLists) {
    if (scope.Has(one.kind)) lists.push_back(ListName(one.kind));
  }
  if (lists.empty()) return options + "没有两份报告都有的名单，候选没有比较。";
  return absl::StrCat(options, "只比较两份报告都有的名单（", absl::StrJoin(lists, "、"), "）",
                      scope.top > 0 ? absl::StrCat("的前 ", scope.top, " 条") : "", "。");
}

const ReportKeys& KeysToCompare() {
  static const ReportKeys keys = {.report = {"options", "lists", "top"},
                                  .item = {"need", "error", kEmptiedKey, "partners", "experts", "results"},
                                  .inner = {"id", "title", "partners", "experts", "results"},
                                  .entry = {"adequate", "resource_name", "title", "name"}};
  return keys;
}

std::vector<EarlierReport::Entry> ReadAdequate(const Item& list) {
  std::vector<EarlierReport::Entry> adequate;
  for (size_t place = 0; place < list.size(); ++place) {
    const Item& entry = list[place];
    if (!entry.is_object() || !entry.contains("adequate") || entry["adequate"] != true) continue;
    const std::string title = TextOf(entry, "title");
    adequate.push_back(
        {place, TextOf(entry, "resource_name"), title.empty() ? TextOf(entry, "name") : title});
  }
  return adequate;
}

EarlierReport::Need ReadNeed(const Item& item) {
  EarlierReport::Need need;
  need.title = TextOf(item["need"], "title");
  need.failed = item.contains("error");
  for (const AnswerList& one : kAnswerLists) {
    const char* list = ListKey(one.kind);
    if (item.contains(kEmptiedKey) && item[kEmptiedKey].contains(list)) need.emptied.insert(list);
    if (item.contains(list) && item[list].is_array()) need.adequate[list] = ReadAdequate(item[list]);
  }
  return need;
}

// As if its lists had been as `scope` is.
Before Within(const EarlierReport::Need& need, const Scope& scope) {
  Before before;
  for (const AnswerList& one : kAnswerLists) {
    if (!scope.Has(one.kind)) continue;
    const char* list = ListKey(one.kind);
    const auto adequate = need.adequate.find(list);
    if (need.emptied.contains(list)) before.emptied.insert(list);
    if (adequate == need.adequate.end()) continue;
    for (const EarlierReport::Entry& entry : adequate->second) {
      if (scope.Reaches(entry.place)) before.adequate[entry.name] = entry.title;
    }
  }
  return before;
}

bool IsMatched(const EarlierReport::Need& need) {
  return std::any_of(need.adequate.begin(), need.adequate.end(),
                     [](const auto& list) { return !list.second.empty(); });
}

Found FoundIn(const NeedMatches& need, const Scope& scope) {
  Found found;
  for (const AnswerList& one : kAnswerLists) {
    if (!scope.Has(one.kind)) continue;
    const v1::MatchList& list = (need.answer.*one.list)();
    for (int place = 0; place < list.entries_size() && scope.Reaches(static_cast<size_t>(place)); ++place) {
      const v1::MatchEntry& entry = list.entries(place);
      if (entry.adequate()) found.adequate[entry.name()] = entry.title();
    }
  }
  for (const EmptiedList& list : need.emptied) {
    if (scope.Has(list.kind)) found.emptied.push_back(list);
  }
  return found;
}

// What is in `these` and not in `those`.
Entries Only(const Entries& these, const Entries& those) {
  Entries only;
  for (const auto& [name, title] : these) {
    if (!those.contains(name)) only[name] = title.empty() ? name : title;
  }
  return only;
}

void Split(const Entries& entries, std::vector<std::string>* titles, std::vector<std::string>* names) {
  for (const auto& [name, title] : entries) {
    titles->push_back(title);
    names->push_back(name);
  }
}

void TellEntries(const Entries& before, const Entries& now, NeedChange* change) {
  Split(Only(now, before), &change->gained, &change->gained_names);
  Split(Only(before, now), &change->lost, &change->lost_names);
}

// Lists that limits emptied and had not emptied before, with the limits; "" for none.
std::string NewlyEmptied(const Found& now, const std::set<std::string>& before) {
  std::vector<EmptiedList> lists;
  for (const EmptiedList& list : now.emptied) {
    if (!before.contains(ListKey(list.kind))) lists.push_back(list);
  }
  return EmptiedText(lists);
}

// A change of what was found; "" for none.
std::string WhatChanged(const Found& now, const Before& before) {
  const std::string emptied = NewlyEmptied(now, before.emptied);
  const std::string was = StateOf(before.adequate, !before.emptied.empty());
  const std::string is = StateOf(now.adequate, !now.emptied.empty());
  std::string what;
  if (was != is) {
    what = "由" + was + "变为" + is;
  } else if (!Only(now.adequate, before.adequate).empty() || !Only(before.adequate, now.adequate).empty()) {
    what = "合适的名单有变";
  }
  if (emptied.empty()) return what;
  if (what.ends_with(kByLimit)) return what + "：" + emptied;
  return what + (what.empty() ? "" : "；") + kByLimit + "：" + emptied;
}

// The need beside itself in the earlier report; `what` is empty if nothing changed. Of a need that could not
// be matched, now or then, nobody knows what would have been found: nothing is gained or lost.
NeedChange ChangeOf(const NeedMatches& need, const Scope& scope, const EarlierReport::Need* before) {
  NeedChange change{need.need.name(), NeedTitle(need.need), "", {}, {}};
  const bool failed = !need.error.empty();
  if (failed && before != nullptr && before->failed) return change;
  if (failed) {
    change.what = before == nullptr ? "新需求" : "本次未能匹配";
    return change;
  }
  const Found now = FoundIn(need, scope);
  if (before == nullptr || before->failed) {
    change.what = before == nullptr ? "新需求" : "上次未能匹配";
    if (!now.emptied.empty()) change.what += std::string("；") + kByLimit + "：" + EmptiedText(now.emptied);
    TellEntries({}, now.adequate, &change);
    return change;
  }
  const Before then = Within(*before, scope);
  change.what = WhatChanged(now, then);
  TellEntries(then.adequate, now.adequate, &change);
  return change;
}

}  // namespace

absl::StatusOr<EarlierReport> ReadEarlierReport(std::istream& json, const std::string& name) {
  EarlierReport earlier{.name = name};
  size_t without_id = 0;  // the first item that is no need, from 1; 0: there is none
  const auto take = [&](size_t place, const Item& item) {
    const bool has_need = item.is_object() && item.contains("need") && item["need"].is_object();
    const std::string id = has_need ? TextOf(item["need"], "id") : "";
    if (id.empty()) {
      if (without_id == 0) without_id = place + 1;
    } else {
      earlier.needs[id] = ReadNeed(item);
    }
  };
  DX_ASSIGN_OR_RETURN(const Item head, ReadReport(json, KeysToCompare(), take));
  if (!head.is_object() || !head.contains("needs") || !head["needs"].is_array()) {
    return absl::InvalidArgumentError(
        name + "：不是匹配报告的 JSON（没有 needs 列表）；请给出以前的报告文件夹里的 report.json");
  }
  if (without_id != 0) {
    return absl::InvalidArgumentError(name + "：needs 的第 " + std::to_string(without_id) +
                                      " 项没有 need.id；文件不完整，请用原来的 report.json");
  }
  ReadQuestion(head, &earlier);
  return earlier;
}

Comparison Compare(const MatchReport& report, const EarlierReport& earlier) {
  const Scope scope = Common({.lists = earlier.lists, .top = earlier.top}, AskedNow(report));
  Comparison comparison;
  comparison.earlier = earlier.name;
  comparison.earlier_needs = static_cast<int>(earlier.needs.size());
  comparison.note = NoteOf(report, earlier, scope);
  for (const auto& [id, need] : earlier.needs) comparison.earlier_matched += IsMatched(need) ? 1 : 0;
  std::set<std::string> seen;
  for (const NeedMatches& need : report.needs) {
    const std::string id = need.need.name().substr(need.need.name().find('/') + 1);
    seen.insert(id);
    const auto before = earlier.needs.find(id);
    NeedChange change = ChangeOf(need, scope, before == earlier.needs.end() ? nullptr : &before->second);
    if (change.what.empty()) {
      ++comparison.unchanged;
    } else {
      comparison.changes.push_back(std::move(change));
    }
  }
  for (const auto& [id, need] : earlier.needs) {
    if (seen.contains(id)) continue;
    comparison.changes.push_back({"needs/" + id, need.title, "本次没有这项需求", {}, {}});
    TellEntries(Within(need, scope).adequate, {}, &comparison.changes.back());
  }
  return comparison;
}

}  // namespace dongxi::report
