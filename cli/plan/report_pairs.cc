#include "cli/plan/report_pairs.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/plan/county.h"
#include "engine/base/status_macros.h"
#include "engine/plan/cell_text.h"
#include "engine/policy/word_table.h"
#include "report/json_reader.h"

namespace dongxi::cli {
namespace {

using Json = nlohmann::json;
using plan::EventRow;
using plan::EventTables;

std::string Text(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}
double Number(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number() ? found->get<double>() : 0;
}
// Compared where it stands: what a file has there instead may be nested too deeply to be copied.
bool Holds(const Json& json, const char* key, bool value) {
  const auto found = json.find(key);
  return found != json.end() && *found == Json(value);
}
std::string IdOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// Without blanks around it, as DecodeEvent reads cells.
std::string ValueOf(const EventRow& row, std::string_view key) {
  const auto found = row.values.find(key);
  return found == row.values.end() ? "" : plan::Trimmed(found->second);
}

std::string FirstText(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_array() || found->empty() || !found->front().is_string()) return "";
  return found->front().get<std::string>();
}

// From the province on, as quotas compare regions: lists name an offer's city alone. A code that says more
// than its name, that of a county, stays.
std::string RegionOf(const Json& json) {
  const std::string code = Text(json, "region"), name = Text(json, "region_name");
  const size_t known = KnownRegionDigits(code);
  if (known == 0) return name.empty() ? code : name;
  return code.size() > known ? code : RegionPath(code);
}

constexpr const char* kLists[] = {"partners", "experts", "results"};

// What report_pairs.h says.
const report::ReportKeys& KeysOfPairs() {
  static const report::ReportKeys keys = {
      .report = {},
      .item = {"need", "match_id", "partners", "experts", "results"},
      .inner = {"id", "title", "institution", "institution_name", "region", "region_name", "illustrative"},
      .entry = {"id", "name", "title", "institutions", "region", "region_name", "adequacy", "adequate",
                "barred", "score", "reasons", "pair_history"}};
  return keys;
}

// Calls `visit(list, entry)` for every entry of an item of `needs`.
template <typename Visit>
void ForEachEntry(const Json& item, Visit visit) {
  for (const char* list : kLists) {
    const auto entries = item.find(list);
    if (entries == item.end() || !entries->is_array()) continue;
    for (const Json& entry : *entries) {
      if (entry.is_object()) visit(std::string_view(list), entry);
    }
  }
}

class Adder {
 public:
  Adder(const ReportChoice& choice, EventTables& tables) : choice_(choice), tables_(tables) {
    const std::vector<EventRow>& rows = tables["parties"];
    for (size_t i = 0; i < rows.size(); ++i) {
      const std::string id = ValueOf(rows[i], "id"), record = ValueOf(rows[i], "record");
      if (id.empty()) continue;
      parties_.try_emplace(id, record);
      rows_.try_emplace(id, i);
      if (!record.empty()) by_record_.try_emplace(record, id);
    }
  }

  // Display names, where a list of partners has them, and which names experts share.
  void Learn(const Json& item) {
    ForEachEntry(item, [&](std::string_view list, const Json& entry) {
      const std::string id = Text(entry, "id"), name = Text(entry, "name");
      if (id.empty() || name.empty()) return;
      if (list == "experts") experts_[plan::PersonKey(name)].insert(id);
      if (list != "partners") return;
      names_[id] = name;
      const auto [at, is_new] = ids_.try_emplace(name, id);
      if (!is_new && at->second != id) at->second.clear();  // two of one name
    });
  }

  // Which institutions bring needs. REQUIRES: Learn was called with all items.
  void LearnOwner(const Json& item) {
    const std::string institution = Text(item["need"], "institution");
    if (!institution.empty()) owners_.insert(InstitutionId(institution));
  }

  void Need(const Json& item) {
    const Json& need = item["need"];
    const std::string id = Text(need, "id");
    if (id.empty()) return;
    const std::string institution = IdOf(Text(need, "institution"));
    const std::string title = Text(need, "title");
    const auto named = names_.find(institution);
    const bool is_words = institution.size() > 3 && static_cast<unsigned char>(institution[0]) >= 0x80;
    std::string name = Text(need, "institution_name");
    if (name.empty()) name = named != names_.end() ? named->second : is_words ? institution : title;
    if (name.empty()) name = id;
    // The names of sample institutions say that they are; the titles of needs do not.
    const bool illustrative = Holds(need, "illustrative", true);
    owner_ = institution.empty() ? "" : InstitutionId(institution);
    // The needs of one owner are brought by the same people: never two of them at once.
    const std::string party = Party({.id = id,
                                     .name = name,
                                     .side = "需求方",
                                     .title = title + (illustrative ? "［示例数据］" : ""),
                                     .region = RegionOf(need),
                                     .record = "needs/" + id,
                                     .members = owner_.empty() ? "" : DelegationOf(owner_),
                                     .is_protected = IsCounty(Text(need, "region"))});
    GiveMembers(party);
    match_id_ = Text(item, "match_id");
    ForEachEntry(item, [&](std::string_view list, const Json& entry) {
      if (IsTaken(entry)) Entry(party, list, entry);
    });
  }

  void Finish() {
    const std::map<std::string, std::string> ids = IdsByWord();
    const auto id_of = [&](const EventRow& row, std::string_view key) {
      const std::string word = ValueOf(row, key);
      const auto id = ids.find(word);
      return id == ids.end() ? word : id->second;
    };
    std::set<std::pair<std::string, std::string>> known;  // in both orders
    for (const EventRow& row : tables_["pairs"]) {
      const std::string a = id_of(row, "need"), b = id_of(row, "offer");
      known.insert({a, b});
      known.insert({b, a});
    }
    for (const auto& [pair, found] : pairs_) {
      if (known.count(pair) > 0) continue;
      const Best& best = found.best;
      char score[32];
      const auto end =
          std::to_chars(score, score + sizeof(score), best.score, std::chars_format::fixed, 4).ptr;
      Add("pairs", {{"need", pair.first},
                    {"offer", pair.second},
                    {"score", {score, end}},
                    {"reason", best.reason},
                    {"match_id", best.match_id},
                    {"record", best.record},
                    {"history", found.history()}});
    }
  }

 private:
  // Ids of parties by what a row of pairs may call them, as DecodeEvent understands it: the id, else a name
  // that only one of them has.
  std::map<std::string, std::string> IdsByWord() {
    std::map<std::string, std::string> ids, names;
    for (const EventRow& row : tables_["parties"]) {
      const std::string id = ValueOf(row, "id");
      if (id.empty()) continue;
      ids.try_emplace(id, id);
      const auto [name, is_new] = names.try_emplace(ValueOf(row, "name"), id);
      if (!is_new) name->second.clear();
    }
    for (const auto& [name, id] : names) {
      if (!id.empty()) ids.try_emplace(name, id);
    }
    return ids;
  }

  struct PartyRow {
    std::string id, name, side, title, region, record, members, institution;
    bool is_protected = false;
  };

  void Add(const char* sheet, std::map<std::string, std::string, std::less<>> values) {
    tables_[sheet].push_back(
        {{"报告（" + std::string(plan::SheetOf(sheet).name) + "）", tables_[sheet].size() + 1},
         std::move(values)});
  }

  // The id of the party, which is added if it is not there: that of its record, else `row.id` unless another
  // record has it (ids are unique within their collection only).
  std::string Party(const PartyRow& row) {
    const auto known = by_record_.find(row.record);
    if (known != by_record_.end()) return known->second;
    std::string id = row.id;
    const auto taken = parties_.find(id);
    const bool by_another = taken != parties_.end() && !taken->second.empty() && !row.record.empty();
    if (by_another) {
      id = row.record;
      std::replace(id.begin(), id.end(), '/', '-');
    }
    if (!row.record.empty()) by_record_.try_emplace(row.record, id);
    if (!parties_.try_emplace(id, row.record).second) return id;
    Add("parties", {{"id", id},
                    {"name", row.name},
                    {"side", row.side},
                    {"title", row.title},
                    {"region", row.region},
                    {"members", row.members},
                    {"protected", row.is_protected ? "是" : ""},
                    {"institution", row.institution == row.name ? "" : row.institution},
                    {"record", row.record}});
    return id;
  }

  // Who comes for an institution that brings needs, to these and to its own offers alike. Its row of the
  // spreadsheet, if it has none, gets them too.
  std::string DelegationOf(const std::string& institution) {
    const auto known = by_record_.find("institutions/" + institution);
    const auto row = rows_.find(known != by_record_.end() ? known->second : institution);
    if (row == rows_.end()) return "代表#" + institution;
    std::string& members = tables_["parties"][row->second].values["members"];
    if (members.empty()) members = "代表#" + institution;
    return members;
  }

  // To a need of the spreadsheet whose row names none.
  void GiveMembers(const std::string& need) {
    const auto row = rows_.find(need);
    if (row == rows_.end() || owner_.empty()) return;
    const std::string delegation = DelegationOf(owner_);
    std::string& members = tables_["parties"][row->second].values["members"];
    if (members.empty()) members = delegation;
  }

  static bool IsAdequate(const Json& entry) { return !Holds(entry, "adequate", false); }
  bool IsTaken(const Json& entry) const {
    return Text(entry, "barred").empty() && (choice_.near_misses || IsAdequate(entry));
  }

  void Entry(const std::string& need, std::string_view list, const Json& entry) {
    const std::string id = Text(entry, "id");
    if (id.empty()) return;
    Best best{.score = std::clamp(
                  entry.contains("adequacy") ? Number(entry, "adequacy") : Number(entry, "score"), 0.0, 1.0)};
    const std::string near = IsAdequate(entry) ? "" : "接近：";
    best.reason = near + (list == "results" ? "成果：" + Text(entry, "title") : FirstText(entry, "reasons"));
    if (list == "results") best.record = "results/" + id;
    const std::string party = list == "partners"  ? PartnerParty(id, Text(entry, "name"), entry)
                              : list == "experts" ? ExpertParty(id, entry)
                                                  : OwnerParty(entry);
    if (!party.empty()) Pair(need, party, std::move(best), PastOf(entry));
  }

  // The party of an institution; "" if it brings the need itself.
  std::string PartnerParty(const std::string& id, const std::string& name, const Json& entry) {
    if (id == owner_) return "";
    return Party({.id = id,
                  .name = name,
                  .side = "供给方",
                  .region = RegionOf(entry),
                  .record = "institutions/" + id,
                  .members = owners_.contains(id) ? DelegationOf(id) : ""});
  }

  std::string ExpertParty(const std::string& id, const Json& entry) {
    const std::string name = Text(entry, "name");
    const auto same = experts_.find(plan::PersonKey(name));
    const bool unique = same != experts_.end() && same->second.size() == 1;
    return Party({.id = id,
                  .name = name,
                  .side = "供给方",
                  .title = FirstText(entry, "institutions"),
                  .region = RegionOf(entry),
                  .record = "experts/" + id,
                  .members = unique ? name : name + "#" + id,
                  .institution = InstitutionName(FirstText(entry, "institutions"))});
  }

  // A result is shown by whoever owns it.
  std::string OwnerParty(const Json& entry) {
    const std::string owner = FirstText(entry, "institutions");
    if (owner.empty()) return "";
    const std::string id = InstitutionId(owner);
    const auto named = names_.find(id);
    if (named != names_.end()) return PartnerParty(id, named->second, entry);
    if (owner.rfind("institutions/", 0) == 0) return PartnerParty(id, owner, entry);
    if (id == owner_) return "";
    return Party({.id = id,
                  .name = owner,
                  .side = "供给方",
                  .region = RegionOf(entry),
                  .members = owners_.contains(id) ? DelegationOf(id) : ""});
  }

  // Reports name owners by resource name or as people do. Who stands in a list of partners too is the same
  // party there; of others the name serves as id.
  std::string InstitutionId(const std::string& owner) const {
    if (owner.rfind("institutions/", 0) == 0) return IdOf(owner);
    const auto known = ids_.find(owner);
    if (known != ids_.end() && !known->second.empty()) return known->second;
    std::string id;
    for (size_t i = 0; i < owner.size(); ++i) {
      const std::string three = owner.substr(i, 3);
      const bool separates = three == "、" || three == "，" || three == "；" || three == "～";
      if (separates) i += 2;
      id += separates || std::string_view(",;|~\n").find(owner[i]) != std::string_view::npos ? '-' : owner[i];
    }
    return id;
  }

  // As its own party is called, so that quotas find both.
  std::string InstitutionName(const std::string& institution) const {
    if (institution.empty()) return "";
    const auto named = names_.find(InstitutionId(institution));
    return named == names_.end() ? institution : named->second;
  }

  enum class Past { kNone, kCoolDown, kExtend };
  static Past PastOf(const Json& entry) {
    const auto history = entry.find("pair_history");
    if (history == entry.end() || !history->is_object()) return Past::kNone;
    const std::string state = Text(*history, "state");
    return state == "extend" ? Past::kExtend : state == "cool_down" ? Past::kCoolDown : Past::kNone;
  }

  // The entry that a pair stands for.
  struct Best {
    double score = 0;
    std::string reason;
    std::string record;  // of the result; empty: of the party itself
    std::string match_id;
    Past past = Past::kNone;
  };
  struct PairFound {
    Best best;
    bool extends = false;  // by any of its entries
    bool cools = false;    // the party itself does
    const char* history() const {
      return extends ? "延续" : cools || best.past == Past::kCoolDown ? "冷却" : "";
    }
  };

  void Pair(const std::string& need, const std::string& offer, Best entry, Past past) {
    entry.match_id = match_id_;
    entry.past = past;
    const auto [at, is_new] = pairs_.try_emplace({need, offer});
    PairFound& pair = at->second;
    pair.extends = pair.extends || past == Past::kExtend;
    pair.cools = pair.cools || (past == Past::kCoolDown && entry.record.empty());
    if (is_new || entry.score > pair.best.score) pair.best = std::move(entry);
  }

  const ReportChoice choice_;
  EventTables& tables_;
  std::map<std::string, std::string> parties_;            // records of the parties by id; "": none is known
  std::map<std::string, std::string> by_record_;          // and the other way round
  std::map<std::string, size_t> rows_;                    // of the parties that were there before
  std::map<std::string, std::set<std::string>> experts_;  // ids of experts by the key of their name
  std::set<std::string> owners_;                          // institutions that bring needs
  std::string owner_;                                     // the one of the need being read; "": unknown
  std::map<std::string, std::string> names_;              // institutions by id
  std::map<std::string, std::string> ids_;                // and the other way round; empty: not one
  std::map<std::pair<std::string, std::string>, PairFound> pairs_;
  std::string match_id_;  // of the need's answer
};

}  // namespace

absl::Status AddReport(std::istream& json, EventTables* tables, const ReportChoice& choice) {
  const auto wrong = [](const std::string& what) {
    return absl::InvalidArgumentError("报告的 JSON：" + what + "；改法：用 dongxi report --json-out 生成");
  };
  // Three times over them: what all of them say of institutions is known before the first becomes a party.
  std::vector<Json> items;
  const auto take = [&items](size_t, Json item) {
    if (item.is_object()) items.push_back(std::move(item));
  };
  DX_ASSIGN_OR_RETURN(const Json head, report::ReadReport(json, KeysOfPairs(), take));
  if (!head.is_object()) return wrong("不是合法的 JSON");
  const auto needs = head.find("needs");
  if (needs == head.end() || !needs->is_array()) return wrong("没有 needs");
  const auto is_need = [](const Json& item) { return item.contains("need") && item["need"].is_object(); };
  Adder adder(choice, *tables);
  for (const Json& item : items) adder.Learn(item);
  for (const Json& item : items) {
    if (is_need(item)) adder.LearnOwner(item);
  }
  for (const Json& item : items) {
    if (is_need(item)) adder.Need(item);
  }
  adder.Finish();
  return absl::OkStatus();
}

}  // namespace dongxi::cli
