#include "cli/plan/report_pairs.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace dongxi::cli {
namespace {

using Json = nlohmann::json;
using plan::EventRow;
using plan::EventTables;

constexpr size_t kReportBytesMax = size_t{512} << 20;

std::string Text(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}
double Number(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number() ? found->get<double>() : 0;
}
std::string IdOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

std::string FirstText(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_array() || found->empty() || !found->front().is_string()) return "";
  return found->front().get<std::string>();
}

class Adder {
 public:
  explicit Adder(EventTables& tables) : tables_(tables) {
    for (const EventRow& row : tables["parties"]) {
      if (const auto id = row.values.find("id"); id != row.values.end()) parties_.insert(id->second);
    }
  }

  // Display names, where a list of partners has them.
  void Learn(const Json& item) {
    const auto partners = item.find("partners");
    if (partners == item.end() || !partners->is_array()) return;
    for (const Json& entry : *partners) {
      const std::string id = entry.is_object() ? Text(entry, "id") : "",
                        name = entry.is_object() ? Text(entry, "name") : "";
      if (id.empty() || name.empty()) continue;
      names_[id] = name;
      const auto [at, is_new] = ids_.try_emplace(name, id);
      if (!is_new && at->second != id) at->second.clear();  // two of one name
    }
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
    const bool illustrative = need.value("illustrative", Json(false)) == Json(true);
    // The needs of one owner are brought by the same people: never two of them at once.
    Party(id, name, "需求方", title + (illustrative ? "［示例数据］" : ""), Text(need, "region_name"),
          "needs/" + id, institution.empty() ? "" : "代表#" + institution);
    match_id_ = Text(item, "match_id");
    for (const char* list : {"partners", "experts", "results"}) {
      const auto entries = item.find(list);
      if (entries == item.end() || !entries->is_array()) continue;
      for (const Json& entry : *entries) {
        if (entry.is_object()) Entry(id, list, entry);
      }
    }
  }

  void Finish() {
    std::set<std::pair<std::string, std::string>> known;
    std::vector<EventRow>& rows = tables_["pairs"];
    for (const EventRow& row : rows) {
      const auto need = row.values.find("need"), offer = row.values.find("offer");
      if (need != row.values.end() && offer != row.values.end()) known.insert({need->second, offer->second});
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
  void Add(const char* sheet, std::map<std::string, std::string, std::less<>> values) {
    tables_[sheet].push_back(
        {{"报告（" + std::string(plan::SheetOf(sheet).name) + "）", tables_[sheet].size() + 1},
         std::move(values)});
  }
  void Party(const std::string& id, const std::string& name, const char* side, const std::string& title,
             const std::string& region, const std::string& record, const std::string& members = "") {
    if (!parties_.insert(id).second) return;
    Add("parties", {{"id", id},
                    {"name", name},
                    {"side", side},
                    {"title", title},
                    {"region", region},
                    {"members", members},
                    {"record", record}});
  }

  void Entry(const std::string& need, const std::string& list, const Json& entry) {
    const double score =
        std::clamp(entry.contains("adequacy") ? Number(entry, "adequacy") : Number(entry, "score"), 0.0, 1.0);
    const std::string id = Text(entry, "id"), reason = FirstText(entry, "reasons"),
                      region = Text(entry, "region_name");
    if (id.empty()) return;
    if (list == "partners") {
      Party(id, Text(entry, "name"), "供给方", "", region, "institutions/" + id);
      Pair(need, id, {.score = score, .reason = reason}, PastOf(entry));
      return;
    }
    if (list == "experts") {
      Party(id, Text(entry, "name"), "供给方", FirstText(entry, "institutions"), region, "experts/" + id,
            Text(entry, "name") + "#" + id);
      Pair(need, id, {.score = score, .reason = reason}, PastOf(entry));
      return;
    }
    // A result is shown by whoever owns it.
    const std::string owner = FirstText(entry, "institutions");
    if (owner.empty()) return;
    const std::string party = InstitutionId(owner);
    const auto named = names_.find(party);
    const bool is_record = named != names_.end() || owner.rfind("institutions/", 0) == 0;
    Party(party, named != names_.end() ? named->second : owner, "供给方", "", region,
          is_record ? "institutions/" + party : "");
    Pair(need, party, {.score = score, .reason = "成果：" + Text(entry, "title"), .record = "results/" + id},
         PastOf(entry));
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

  EventTables& tables_;
  std::set<std::string> parties_;
  std::map<std::string, std::string> names_;  // institutions by id
  std::map<std::string, std::string> ids_;    // and the other way round; empty: not one
  std::map<std::pair<std::string, std::string>, PairFound> pairs_;
  std::string match_id_;  // of the need's answer
};

}  // namespace

absl::Status AddReport(std::string_view json, EventTables* tables) {
  const auto wrong = [](const std::string& what) {
    return absl::InvalidArgumentError("报告的 JSON：" + what + "；改法：用 dongxi report --json-out 生成");
  };
  if (json.size() > kReportBytesMax) return wrong("太大");
  const Json report = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (report.is_discarded() || !report.is_object()) return wrong("不是合法的 JSON");
  const auto needs = report.find("needs");
  if (needs == report.end() || !needs->is_array()) return wrong("没有 needs");
  Adder adder(*tables);
  for (const Json& item : *needs) {
    if (item.is_object()) adder.Learn(item);
  }
  for (const Json& item : *needs) {
    if (item.is_object() && item.contains("need") && item["need"].is_object()) adder.Need(item);
  }
  adder.Finish();
  return absl::OkStatus();
}

}  // namespace dongxi::cli
