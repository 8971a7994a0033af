#include "report/exposure_balance.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "engine/exposure/exposure.h"
#include "engine/policy/word_table.h"
#include "report/emptied.h"
#include "report/words.h"

namespace dongxi::report {
namespace {

constexpr size_t kShortfallsShown = 10;

// Numbers names in order of first sight.
class Numbers {
 public:
  int Of(const std::string& name) {
    const auto [found, added] = numbers_.try_emplace(name, static_cast<int>(names_.size()));
    if (added) names_.push_back(name);
    return found->second;
  }
  int count() const { return static_cast<int>(names_.size()); }
  const std::string& name(int number) const { return names_[static_cast<size_t>(number)]; }

 private:
  std::map<std::string, int> numbers_;
  std::vector<std::string> names_;
};

struct ListKind {
  v1::RecordKind kind;
  v1::MatchList* (v1::MatchResponse::*list)();
};
constexpr ListKind kListKinds[] = {{v1::INSTITUTION, &v1::MatchResponse::mutable_partners},
                                   {v1::EXPERT, &v1::MatchResponse::mutable_experts},
                                   {v1::RESULT, &v1::MatchResponse::mutable_results}};

// The caps, as the report words them.
std::string InstitutionCap(const ExposureLimits& limits) {
  return absl::StrCat("每家机构至多 ", limits.institution_max, " 次");
}
std::string ProvinceCap(const ExposureLimits& limits) {
  return absl::StrCat("每个省份至多 ", limits.province_max, " 次");
}
std::string ExpertCap(const ExposureLimits& limits) {
  return absl::StrCat("每位专家至多 ", limits.expert_max, " 项");
}

std::string OwnerOf(const v1::MatchEntry& entry) {
  if (entry.kind() == v1::INSTITUTION || entry.institutions().empty()) return entry.name();
  return entry.institutions(0);
}

// Whose province is not known, of those nobody knows that they share one: each counts by itself.
std::string ProvinceOf(const v1::MatchEntry& entry) {
  return entry.region_code().empty() ? "unknown " + OwnerOf(entry) : entry.region_code().substr(0, 2);
}

// One kind of list of all answered needs, as a batch. Adequate entries are candidates; those behind the first
// `top` entries of a list stand in for what a limit takes away. A candidate is worth no more than any before
// it, so that without a limit in their way the entries that a list begins with are the ones that stay.
class ListsOfKind {
 public:
  ListsOfKind(const ListKind& kind, int top, MatchReport* report) : top_(top), kind_(kind.kind) {
    for (NeedMatches& need : report->needs) {
      if (!need.error.empty()) continue;
      needs_.push_back(&need);
      Add((need.answer.*kind.list)(), need.need.region_code());
    }
    batch_.groups = counties_.count();
    batch_.regions = provinces_.count();
  }

  const exposure::Batch& batch() const { return batch_; }
  // As exposure::ChooseEntries, with figures of how adequate the entries are.
  exposure::Choice Choose(const exposure::Limits& limits) const {
    exposure::Choice choice = exposure::ChooseEntries(batch_, limits);
    exposure::Batch told = batch_;
    std::vector<std::vector<int>> usual(told.lists.size());
    for (size_t list = 0; list < told.lists.size(); ++list) {
      for (size_t place = 0; place < told.lists[list].size(); ++place)
        told.lists[list][place].value = lists_[list]->entries(places_[list][place]).adequacy();
      usual[list].resize(static_cast<size_t>(batch_.usual_length[list]));
      std::iota(usual[list].begin(), usual[list].end(), 0);
    }
    choice.before = exposure::BalanceOf(told, usual);
    choice.after = exposure::BalanceOf(told, choice.kept);
    return choice;
  }
  // Of each person, how many more needs he can be offered where nobody may have more than `max`: the least
  // that any of the answers leaves, as the ledger may grow between them.
  std::vector<int> RoomOfPersons(int max) const {
    std::vector<int> room(static_cast<size_t>(batch_.persons()), max);
    for (const auto& [person, load] : loads_) {
      const int capacity = std::min(max, load.open_matches_max()) - load.open_matches();
      int& least = room[static_cast<size_t>(person)];
      least = std::min(least, std::max(capacity, 0));
    }
    return room;
  }
  const std::string& county(int group) const { return counties_.name(group); }

  // Leaves, in order of rank, the chosen adequate entries and near misses up to `top`.
  void Keep(const std::vector<std::vector<int>>& kept) {
    for (size_t i = 0; i < lists_.size(); ++i) {
      std::vector<int> chosen;
      for (const int place : kept[i]) chosen.push_back(places_[i][static_cast<size_t>(place)]);
      int near_misses = top_ - static_cast<int>(chosen.size());
      google::protobuf::RepeatedPtrField<v1::MatchEntry> entries;
      for (int place = 0; place < lists_[i]->entries_size(); ++place) {
        const v1::MatchEntry& entry = lists_[i]->entries(place);
        const bool stays =
            entry.adequate() ? std::binary_search(chosen.begin(), chosen.end(), place) : near_misses-- > 0;
        if (stays) *entries.Add() = entry;
      }
      lists_[i]->mutable_entries()->Swap(&entries);
    }
  }
  // Notes with their needs which lists the limits emptied, and by which of them.
  void NoteEmptied(const std::vector<exposure::Emptied>& emptied, const ExposureLimits& limits) {
    for (const exposure::Emptied& one : emptied) {
      EmptiedList& list = needs_[static_cast<size_t>(one.list)]->emptied.emplace_back();
      list.kind = kind_;
      if (one.by_owner_max) list.limits.push_back(InstitutionCap(limits));
      if (one.by_region_max) list.limits.push_back(ProvinceCap(limits));
      if (one.by_person_max) list.limits.push_back(ExpertCap(limits));
    }
  }

 private:
  // An expert is of the institution that he was first seen with.
  int PersonOf(const v1::MatchEntry& entry, int owner) {
    if (entry.kind() != v1::EXPERT) return exposure::kNobody;
    const int person = experts_.Of(entry.name());
    if (person == batch_.persons()) batch_.owner_of_person.push_back(owner);
    if (entry.has_expert_load()) loads_.emplace_back(person, entry.expert_load());
    return person;
  }
  int OwnerOfCandidate(int person, int owner) const {
    return person == exposure::kNobody ? owner : batch_.owner_of_person[static_cast<size_t>(person)];
  }

  void Add(v1::MatchList* list, const std::string& county) {
    std::vector<exposure::Candidate> candidates;
    std::vector<int> places;
    int usual = 0;
    double value = 1;
    for (int place = 0; place < list->entries_size(); ++place) {
      const v1::MatchEntry& entry = list->entries(place);
      if (!entry.adequate()) continue;
      usual += place < top_;
      value = std::min(value, entry.adequacy());
      const int owner = owners_.Of(OwnerOf(entry));
      if (owner == batch_.owners()) batch_.region_of_owner.push_back(provinces_.Of(ProvinceOf(entry)));
      const int person = PersonOf(entry, owner);
      candidates.push_back({OwnerOfCandidate(person, owner), value, person,
                            /*is_new=*/!entry.expert_load().with_this_need()});
      places.push_back(place);
    }
    lists_.push_back(list);
    places_.push_back(std::move(places));
    batch_.lists.push_back(std::move(candidates));
    batch_.group_of_list.push_back(counties_.Of(county));
    batch_.usual_length.push_back(usual);
  }

  const int top_;
  const v1::RecordKind kind_;
  std::vector<NeedMatches*> needs_;  // one a list
  std::vector<v1::MatchList*> lists_;
  std::vector<std::vector<int>> places_;  // of the candidates among the entries
  exposure::Batch batch_;
  std::vector<std::pair<int, v1::ExpertLoad>> loads_;  // of persons, as the answers tell them
  Numbers owners_, counties_, provinces_, experts_;
};

double LossPercent(double before, double after) { return before > 0 ? 100 * (1 - after / before) : 0; }

std::string WhatItDid(const std::string& kind, const exposure::Choice& choice) {
  const exposure::Balance &before = choice.before, &after = choice.after;
  std::string line = absl::StrFormat(
      "曝光均衡（%s）：最多的机构由 %d 次变为 %d 次，出现的机构 %d→%d 家，基尼系数 "
      "%.2f→%.2f；代价：合适度之和少 "
      "%.1f%%，按名次折算少 %.1f%%",
      kind, before.owner_most, after.owner_most, before.owners_shown, after.owners_shown, before.gini,
      after.gini, LossPercent(before.value, after.value), LossPercent(before.discounted, after.discounted));
  if (before.person_most > 0) {
    absl::StrAppend(&line, "；最多的专家由 ", before.person_most, " 次变为 ", after.person_most,
                    " 次，出现的专家 ", before.persons_shown, "→", after.persons_shown, " 位");
  }
  if (!choice.emptied.empty())
    absl::StrAppend(&line, "；", choice.emptied.size(), " 份名单因上限不再有合适的候选");
  return line;
}

// 西藏拉萨; a county that the tables have no name for with its code, as its neighbours are called the same.
std::string RegionText(const std::string& code) {
  const bool says_less = code.find_first_not_of('0', KnownRegionDigits(code)) != std::string::npos;
  const std::string name = FullRegionName(code);
  return says_less && name != code ? absl::StrCat(name, " ", code) : name;
}

std::string Shortfalls(const std::string& kind, const exposure::Choice& choice, const ListsOfKind& lists) {
  std::vector<std::string> counties;
  for (const exposure::Shortfall& one : choice.shortfalls) {
    if (counties.size() == kShortfallsShown) break;
    counties.push_back(absl::StrCat(RegionText(lists.county(one.group)), "（差 ", one.missing, " 条）"));
  }
  return absl::StrCat("未达到下限的地区（", kind, "）", choice.shortfalls.size(), " 个：",
                      absl::StrJoin(counties, "、"),
                      choice.shortfalls.size() > kShortfallsShown ? " 等" : "");
}

std::string LimitsText(const ExposureLimits& limits) {
  std::vector<std::string> parts;
  if (limits.institution_max > 0) parts.push_back(InstitutionCap(limits));
  if (limits.province_max > 0) parts.push_back(ProvinceCap(limits));
  if (limits.county_min > 0) parts.push_back(absl::StrCat("每个需求地区至少 ", limits.county_min, " 条"));
  if (limits.expert_max > 0) {
    parts.push_back(ExpertCap(limits) + "（本人可同时承接数更少的按本人的），连同台账中正在进行的");
  }
  return kLimitsLine + absl::StrJoin(parts, "、");
}

// Whose capacity the ledger or their own word has made less than the limit. Empty: nobody's.
std::string RoomText(const std::vector<int>& room, int max) {
  const auto less = std::count_if(room.begin(), room.end(), [&](int one) { return one < max; });
  const auto none = std::count(room.begin(), room.end(), 0);
  if (less == 0) return "";
  return absl::StrCat("专家余量：候选专家 ", room.size(), " 位，其中 ", less, " 位余量不足 ", max,
                      " 项（台账中正在进行的已占用，或本人可承接的更少）",
                      none > 0 ? absl::StrCat("，", none, " 位已无余量，除正在进行的外不再列出") : "");
}

// Names of the first `top` entries of each list.
std::set<std::string> FirstNames(const v1::MatchResponse& answer, int top) {
  std::set<std::string> names;
  for (const v1::MatchList* list : {&answer.partners(), &answer.experts(), &answer.results()}) {
    for (int place = 0; place < std::min(list->entries_size(), top); ++place)
      names.insert(list->entries(place).name());
  }
  return names;
}

// The members of each need's consortium that its lists begin with.
std::vector<std::vector<std::string>> MembersListed(const MatchReport& report, int top) {
  std::vector<std::vector<std::string>> members(report.needs.size());
  for (size_t i = 0; i < report.needs.size(); ++i) {
    const std::set<std::string> names = FirstNames(report.needs[i].answer, top);
    for (const v1::ConsortiumMember& member : report.needs[i].answer.consortium().members()) {
      if (names.contains(member.name())) members[i].push_back(member.name());
    }
  }
  return members;
}

// A consortium one of whose members the limits took away is none any more.
void DropBrokenConsortia(const std::vector<std::vector<std::string>>& members, int top, MatchReport* report) {
  int dropped = 0;
  for (size_t i = 0; i < report->needs.size(); ++i) {
    v1::MatchResponse& answer = report->needs[i].answer;
    const std::set<std::string> names = FirstNames(answer, top);
    const bool whole = std::all_of(members[i].begin(), members[i].end(),
                                   [&](const std::string& member) { return names.contains(member); });
    if (whole) continue;
    answer.clear_consortium();
    ++dropped;
  }
  if (dropped > 0)
    report->options.push_back(absl::StrCat(dropped, " 条需求的创新联合体因限额去掉了成员，不再列出"));
}

int LimitOf(int option) { return option > 0 ? option : exposure::kNoLimit; }

}  // namespace

void BalanceExposure(const ExposureLimits& wanted, int top, MatchReport* report) {
  if (!wanted.any()) return;
  report->options.push_back(LimitsText(wanted));
  const std::vector<std::vector<std::string>> members = MembersListed(*report, top);
  exposure::Limits limits;
  limits.length = top;
  limits.owner_max = LimitOf(wanted.institution_max);
  limits.region_max = LimitOf(wanted.province_max);
  limits.group_min = wanted.county_min;
  limits.person_max = LimitOf(wanted.expert_max);
  for (const ListKind& kind : kListKinds) {
    ListsOfKind lists(kind, top, report);
    if (lists.batch().owners() == 0) continue;  // a kind that was not asked for, or nothing adequate
    if (wanted.expert_max > 0) limits.person_max_of = lists.RoomOfPersons(wanted.expert_max);
    const exposure::Choice choice = lists.Choose(limits);
    lists.Keep(choice.kept);
    lists.NoteEmptied(choice.emptied, wanted);
    const std::string name = ListName(kind.kind);
    report->options.push_back(WhatItDid(name, choice));
    if (const std::string room = RoomText(limits.person_max_of, wanted.expert_max); !room.empty())
      report->options.push_back(room);
    if (!choice.shortfalls.empty()) report->options.push_back(Shortfalls(name, choice, lists));
  }
  DropBrokenConsortia(members, top, report);
}

}  // namespace dongxi::report
