#include "engine/plan/plan_file.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/plan/event_tables.h"

namespace dongxi::plan {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kEventLevelsMax = 16;
constexpr std::string_view kStates[] = {"draft", "published", "running", "closed"};
constexpr std::string_view kStateWords[] = {"草案", "已发布", "进行中", "已结束"};

// To six digits; what has none is left alone, so that it stays finite.
double Rounded(double value) { return std::abs(value) < 1e9 ? std::round(value * 1e6) / 1e6 : value; }

Json MeetingToJson(const Event& event, const Meeting& meeting) {
  const Pair& pair = event.pairs[meeting.pair];
  Json json{{"need", event.parties[pair.need].id},
            {"offer", event.parties[pair.offer].id},
            {"slot", event.slots[meeting.slot].id}};
  if (meeting.table >= 0) json["table"] = event.tables[meeting.table].id;
  if (meeting.locked) json["locked"] = true;
  if (meeting.held) json["held"] = true;
  if (!meeting.outcome.empty()) json["outcome"] = meeting.outcome;
  if (!meeting.reason.empty()) json["reason"] = meeting.reason;
  if (meeting.amount_wan > 0) json["amount_wan"] = Rounded(meeting.amount_wan);
  if (!meeting.note.empty()) json["note"] = meeting.note;
  if (!meeting.engagements.empty()) json["engagements"] = meeting.engagements;
  if (!meeting.superseded.empty()) json["superseded"] = meeting.superseded;
  return json;
}

Json AbsencesToJson(const PlanFile& file) {
  const Event& event = file.event;
  Json list = Json::array();
  for (const Absence& absence : file.absences) {
    Json slots = Json::array();
    for (size_t s = 0; s < event.slots.size(); ++s) {
      if (absence.slots[s]) slots.push_back(event.slots[s].id);
    }
    list.push_back(
        {{"party", event.parties[absence.party].id}, {"slots", slots}, {"min", absence.min_meetings}});
  }
  return list;
}

Json FiguresToJson(const Figures& f) {
  return {{"value", Rounded(f.value)},
          {"value_bound", Rounded(f.value_bound)},
          {"gap", Rounded(f.gap)},
          {"method", f.method},
          {"meetings", f.meetings},
          {"musts", f.musts},
          {"musts_met", f.musts_met},
          {"musts_bound", f.musts_bound},
          {"wants", f.wants},
          {"wants_met", f.wants_met},
          {"min_shortfall", f.min_shortfall},
          {"quota_shortfall", f.quota_shortfall},
          {"quota_cost", Rounded(f.quota_cost)},
          {"worst_off", f.worst_off},
          {"without_meeting", f.without_meeting},
          {"gini", Rounded(f.gini)},
          {"envy", f.envy},
          {"blocking_pairs", f.blocking_pairs},
          {"idle_slots", f.idle_slots},
          {"table_changes", f.table_changes}};
}

Json ProofToJson(const Event& event, const Plan& plan) {
  Json json;
  json["figures"] = FiguresToJson(plan.figures);
  json["unmet_musts"] = Json::array();
  for (const UnmetMust& unmet : plan.unmet) {
    const Pair& pair = event.pairs[unmet.pair];
    json["unmet_musts"].push_back({{"need", event.parties[pair.need].id},
                                   {"offer", event.parties[pair.offer].id},
                                   {"clash", unmet.clash},
                                   {"smallest", unmet.smallest}});
  }
  json["fairness_curve"] = Json::array();
  for (const FairnessPoint& point : plan.curve) {
    json["fairness_curve"].push_back({{"weight", point.weight},
                                      {"value", Rounded(point.value)},
                                      {"value_share", Rounded(point.value_share)},
                                      {"worst_off", point.worst_off},
                                      {"without_meeting", point.without_meeting},
                                      {"gini", Rounded(point.gini)},
                                      {"chosen", point.chosen}});
  }
  json["prices"] = Json::array();
  for (const Price& price : plan.prices) {
    json["prices"].push_back(
        {{"of", price.of}, {"value", Rounded(price.value)}, {"meetings", price.meetings}});
  }
  if (plan.quotas.empty()) return json;  // as files without them have always been
  json["quotas"] = Json::array();
  for (const QuotaResult& result : plan.quotas) {
    json["quotas"].push_back({{"quota", QuotaName(event.quotas[result.quota])},
                              {"meetings", result.meetings},
                              {"missing", result.missing},
                              {"reasons", result.reasons},
                              {"proven", result.proven},
                              {"value_lost", Rounded(result.value_lost)},
                              {"meetings_lost", result.meetings_lost}});
  }
  return json;
}

absl::Status Broken(const std::string& what) {
  return absl::InvalidArgumentError("计划文件：" + what +
                                    "；改法：用 dongxi plan make 重新生成，或换回未改动的文件");
}

// Reading: wrong types are errors, never exceptions.
std::string TextOf(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}
bool FlagOf(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_boolean() && found->get<bool>();
}
double NumberOf(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number() ? found->get<double>() : 0;
}
int CountOf(const Json& json, const char* key) {
  const double value = NumberOf(json, key);
  return value >= 0 && value < 1e9 ? static_cast<int>(value) : 0;
}
int SignedOf(const Json& json, const char* key) {
  const double value = NumberOf(json, key);
  return std::abs(value) < 1e9 ? static_cast<int>(value) : 0;
}
const Json& ListOf(const Json& json, const char* key) {
  static const Json kNone = Json::array();
  const auto found = json.find(key);
  return found != json.end() && found->is_array() ? *found : kNone;
}
std::vector<std::string> TextsOf(const Json& json, const char* key) {
  std::vector<std::string> texts;
  for (const Json& item : ListOf(json, key)) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  }
  return texts;
}

// A list or an object in more than `levels` others. An event has four; whoever writes or reads thousands
// takes as much of the stack.
bool IsDeeperThan(int levels, const Json& json) {
  if (!json.is_structured()) return false;
  if (levels == 0) return true;
  return std::any_of(json.begin(), json.end(),
                     [levels](const Json& inner) { return IsDeeperThan(levels - 1, inner); });
}

class Reader {
 public:
  explicit Reader(PlanFile& file) : file_(file) {
    const Event& event = file.event;
    for (size_t p = 0; p < event.parties.size(); ++p) parties_[event.parties[p].id] = static_cast<int>(p);
    for (size_t s = 0; s < event.slots.size(); ++s) slots_[event.slots[s].id] = static_cast<int>(s);
    for (size_t t = 0; t < event.tables.size(); ++t) tables_[event.tables[t].id] = static_cast<int>(t);
    for (size_t s = 0; s < event.sessions.size(); ++s) sessions_[event.sessions[s].id] = static_cast<int>(s);
    for (size_t q = 0; q < event.quotas.size(); ++q)
      quotas_[QuotaName(event.quotas[q])] = static_cast<int>(q);
    for (size_t i = 0; i < event.pairs.size(); ++i) {
      pairs_[{event.pairs[i].need, event.pairs[i].offer}] = static_cast<int>(i);
    }
  }

  absl::Status Read(const Json& json) {
    for (const Json& item : ListOf(json, "meetings")) {
      Meeting meeting{.pair = PairOf(item), .slot = Look(slots_, TextOf(item, "slot"))};
      const std::string table = TextOf(item, "table");
      if (!table.empty()) meeting.table = Look(tables_, table);
      if (meeting.pair < 0 || meeting.slot < 0 || (!table.empty() && meeting.table < 0)) {
        return Broken("有一场会谈的参会方、时段或桌不在活动里");
      }
      meeting.locked = FlagOf(item, "locked");
      meeting.held = FlagOf(item, "held");
      meeting.outcome = TextOf(item, "outcome");
      meeting.reason = TextOf(item, "reason");
      meeting.amount_wan = std::max(0.0, NumberOf(item, "amount_wan"));
      meeting.note = TextOf(item, "note");
      meeting.engagements = TextsOf(item, "engagements");
      meeting.superseded = TextsOf(item, "superseded");
      file_.plan.meetings.push_back(std::move(meeting));
    }
    for (const Json& item : ListOf(json, "sessions")) {
      SessionPlan session{.session = Look(sessions_, TextOf(item, "id")),
                          .slot = Look(slots_, TextOf(item, "slot"))};
      for (const std::string& id : TextsOf(item, "parties")) session.parties.push_back(Look(parties_, id));
      if (session.session < 0) return Broken("有一个活动不在表“活动”里");
      const bool known = std::ranges::find(session.parties, -1) == session.parties.end();
      if (!known || (session.slot < 0 && !TextOf(item, "slot").empty())) {
        return Broken("有一个活动的参会方或时段不在活动里");
      }
      file_.plan.sessions.push_back(std::move(session));
    }
    if (const absl::Status read = ReadAbsences(json); !read.ok()) return read;
    if (const std::string now = TextOf(json, "now"); !now.empty()) file_.now = Look(slots_, now);
    if (file_.now < 0) return Broken("现在的时段不在活动里");
    const auto proof = json.find("proof");
    if (proof != json.end() && proof->is_object()) ReadProof(*proof);
    return absl::OkStatus();
  }

 private:
  template <typename Map>
  static int Look(const Map& map, const std::string& id) {
    const auto found = map.find(id);
    return found == map.end() ? -1 : found->second;
  }
  int PairOf(const Json& item) const {
    const std::pair<int, int> key{Look(parties_, TextOf(item, "need")),
                                  Look(parties_, TextOf(item, "offer"))};
    const auto found = pairs_.find(key);
    return found == pairs_.end() ? -1 : found->second;
  }

  absl::Status ReadAbsences(const Json& json) {
    for (const Json& item : ListOf(json, "absences")) {
      Absence absence{.party = Look(parties_, TextOf(item, "party"))};
      if (absence.party < 0) return Broken("缺席的参会方不在活动里");
      for (const std::string& id : TextsOf(item, "slots")) {
        const int slot = Look(slots_, id);
        if (slot < 0) return Broken("缺席的时段不在活动里");
        absence.slots.set(slot);
      }
      absence.slots &= MeetingSlots(file_.event);
      absence.min_meetings = CountOf(item, "min");
      file_.absences.push_back(absence);
    }
    return absl::OkStatus();
  }

  void ReadFigures(const Json& json) {
    Figures& f = file_.plan.figures;
    f.value = NumberOf(json, "value"), f.value_bound = NumberOf(json, "value_bound"),
    f.gap = NumberOf(json, "gap");
    f.method = TextOf(json, "method");
    f.meetings = CountOf(json, "meetings"), f.musts = CountOf(json, "musts"),
    f.musts_met = CountOf(json, "musts_met");
    f.musts_bound = CountOf(json, "musts_bound"), f.wants = CountOf(json, "wants"),
    f.wants_met = CountOf(json, "wants_met");
    f.quota_shortfall = CountOf(json, "quota_shortfall"), f.quota_cost = NumberOf(json, "quota_cost");
    f.min_shortfall = CountOf(json, "min_shortfall"), f.worst_off = CountOf(json, "worst_off");
    f.without_meeting = CountOf(json, "without_meeting"), f.gini = NumberOf(json, "gini"),
    f.envy = CountOf(json, "envy");
    f.blocking_pairs = CountOf(json, "blocking_pairs"), f.idle_slots = CountOf(json, "idle_slots");
    f.table_changes = CountOf(json, "table_changes");
  }

  void ReadProof(const Json& json) {
    if (const auto figures = json.find("figures"); figures != json.end() && figures->is_object())
      ReadFigures(*figures);
    for (const Json& item : ListOf(json, "unmet_musts")) {
      const int pair = PairOf(item);
      if (pair >= 0) file_.plan.unmet.push_back({pair, TextsOf(item, "clash"), FlagOf(item, "smallest")});
    }
    for (const Json& item : ListOf(json, "fairness_curve")) {
      file_.plan.curve.push_back({NumberOf(item, "weight"), NumberOf(item, "value"),
                                  NumberOf(item, "value_share"), CountOf(item, "worst_off"),
                                  CountOf(item, "without_meeting"), NumberOf(item, "gini"),
                                  FlagOf(item, "chosen")});
    }
    for (const Json& item : ListOf(json, "quotas")) {
      QuotaResult result;
      result.quota = Look(quotas_, TextOf(item, "quota"));
      if (result.quota < 0) continue;
      result.meetings = CountOf(item, "meetings"), result.missing = CountOf(item, "missing");
      result.reasons = TextsOf(item, "reasons");
      result.proven = FlagOf(item, "proven");
      result.value_lost = NumberOf(item, "value_lost");
      result.meetings_lost = SignedOf(item, "meetings_lost");
      file_.plan.quotas.push_back(std::move(result));
    }
    for (const Json& item : ListOf(json, "prices")) {
      file_.plan.prices.push_back({TextOf(item, "of"), NumberOf(item, "value"), SignedOf(item, "meetings")});
    }
  }

  PlanFile& file_;
  std::map<std::string, int> parties_, slots_, tables_, sessions_, quotas_;
  std::map<std::pair<int, int>, int> pairs_;
};

std::string NextSteps(State state) {
  constexpr std::string_view kNext[] = {"下一步只能发布", "下一步只能开始，或退回草案", "下一步只能结束",
                                        "已结束的计划不再改变，要改就另做一个"};
  return std::string(kNext[static_cast<int>(state)]);
}

}  // namespace

std::string_view StateWord(State state) { return kStateWords[static_cast<int>(state)]; }

bool MayBecome(State from, State to) {
  const bool forward = static_cast<int>(to) == static_cast<int>(from) + 1;
  return forward || (from == State::kPublished && to == State::kDraft);
}

absl::Status Advance(State to, PlanFile& file) {
  if (!MayBecome(file.state, to)) {
    return absl::FailedPreconditionError("计划现在是“" + std::string(StateWord(file.state)) + "”，不能改为“" +
                                         std::string(StateWord(to)) + "”；" + NextSteps(file.state));
  }
  file.state = to;
  return absl::OkStatus();
}

std::string PlanFileToJson(const PlanFile& file) {
  Json json;
  json["format"] = kPlanFormat;
  json["state"] = std::string(kStates[static_cast<int>(file.state)]);
  json["revision"] = file.revision;
  if (!file.served.empty()) json["served"] = file.served;
  if (file.sequence_ahead > 0) json["sequence_ahead"] = file.sequence_ahead;
  json["meetings"] = Json::array();
  for (const Meeting& meeting : file.plan.meetings)
    json["meetings"].push_back(MeetingToJson(file.event, meeting));
  json["sessions"] = Json::array();
  for (const SessionPlan& session : file.plan.sessions) {
    Json parties = Json::array();
    for (const int party : session.parties) parties.push_back(file.event.parties[party].id);
    json["sessions"].push_back({{"id", file.event.sessions[session.session].id},
                                {"slot", session.slot < 0 ? "" : file.event.slots[session.slot].id},
                                {"parties", parties}});
  }
  json["changes"] = file.changes;
  if (!file.absences.empty()) json["absences"] = AbsencesToJson(file);
  if (file.now > 0 && file.now < static_cast<int>(file.event.slots.size()))
    json["now"] = file.event.slots[file.now].id;
  json["proof"] = ProofToJson(file.event, file.plan);
  json["event"] = Json::parse(TablesToJson(EncodeEvent(file.event)), nullptr, false);
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

absl::StatusOr<PlanFile> PlanFileFromJson(std::string_view text) {
  if (text.size() > kEventBytesMax) return Broken("太大");
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object()) return Broken("不是合法的 JSON");
  if (CountOf(json, "format") != kPlanFormat) return Broken("格式不是 " + std::to_string(kPlanFormat));
  const auto event = json.find("event");
  if (event == json.end()) return Broken("没有 event");
  if (IsDeeperThan(kEventLevelsMax, *event)) return Broken("event 嵌套太深");
  absl::StatusOr<EventTables> tables =
      TablesFromJson(event->dump(-1, ' ', false, Json::error_handler_t::replace));
  if (!tables.ok()) return tables.status();
  PlanFile file;
  std::vector<Problem> problems;
  file.event = DecodeEvent(*tables, &problems);
  for (const Problem& problem : problems) {
    if (problem.fatal) return absl::InvalidArgumentError(problem.Text());
  }
  file.revision = CountOf(json, "revision");
  file.served = TextOf(json, "served");
  file.sequence_ahead = CountOf(json, "sequence_ahead");
  file.changes = TextsOf(json, "changes");
  bool known = false;
  for (int s = 0; s < 4; ++s) {
    if (TextOf(json, "state") != kStates[s]) continue;
    file.state = static_cast<State>(s);
    known = true;
  }
  if (!known) return Broken("state 不是 draft、published、running 或 closed");
  const absl::Status read = Reader(file).Read(json);
  if (!read.ok()) return read;
  return file;
}

namespace {

// True if what the ledger has of the old outcome is true of the new one too: whoever signs has met.
bool Follows(const Meeting& old, const OutcomeNote& next) {
  const bool is_same = old.outcome == next.outcome && old.reason == next.reason &&
                       old.amount_wan == next.amount_wan && old.note == next.note;
  if (is_same || old.outcome.empty() || old.outcome == "未到") return true;
  if (old.outcome == "已会谈") return next.outcome != "未到" && next.outcome != old.outcome;
  return old.outcome == "意向" && (next.outcome == "签约" || next.outcome == "拒绝");
}

// Why the two have no meeting, with the remedy.
std::string WhyNoMeeting(const Event& event, std::string_view need_id, std::string_view offer_id) {
  const auto party = [&event](std::string_view id) {
    return std::find_if(event.parties.begin(), event.parties.end(),
                        [id](const Party& one) { return one.id == id; });
  };
  for (const std::string_view id : {need_id, offer_id}) {
    if (party(id) == event.parties.end())
      return "没有编号是“" + std::string(id) + "”的参会方；改法：编号见 schedule.xlsx 的“各方日程”";
  }
  if (party(need_id)->side == Side::kOffer && party(offer_id)->side == Side::kNeed) {
    return "需求方和供给方写反了；改法：需求方写 " + std::string(offer_id) + "，供给方写 " +
           std::string(need_id);
  }
  return "计划里没有 " + std::string(need_id) + " 与 " + std::string(offer_id) +
         " 的会谈；改法：两方的会谈见 schedule.xlsx 的“各方日程”";
}

}  // namespace

absl::Status RecordOutcome(std::string_view need_id, std::string_view offer_id, OutcomeNote what,
                           PlanFile& file) {
  if (file.state != State::kRunning && file.state != State::kClosed) {
    return absl::FailedPreconditionError("计划现在是“" + std::string(StateWord(file.state)) +
                                         "”，进行中或已结束才能记结果；先用 dongxi plan state");
  }
  for (Meeting& meeting : file.plan.meetings) {
    const Pair& pair = file.event.pairs[meeting.pair];
    if (file.event.parties[pair.need].id != need_id || file.event.parties[pair.offer].id != offer_id)
      continue;
    if (!Follows(meeting, what)) {
      meeting.superseded.insert(meeting.superseded.end(), meeting.engagements.begin(),
                                meeting.engagements.end());
      meeting.engagements.clear();
    }
    meeting.held = what.outcome != "未到";
    meeting.outcome = std::move(what.outcome);
    meeting.reason = std::move(what.reason);
    meeting.amount_wan = what.amount_wan;
    meeting.note = std::move(what.note);
    return absl::OkStatus();
  }
  return absl::NotFoundError(WhyNoMeeting(file.event, need_id, offer_id));
}

std::string EngagementsToJson(const PlanFile& file) {
  Json list = Json::array();
  for (const Meeting& meeting : file.plan.meetings) {
    if (meeting.outcome.empty()) continue;
    const Event& event = file.event;
    const Pair& pair = event.pairs[meeting.pair];
    list.push_back({{"need", event.parties[pair.need].id},
                    {"offer", event.parties[pair.offer].id},
                    {"event", event.settings.title},
                    {"date", event.slots[meeting.slot].date},
                    {"held", meeting.held},
                    {"outcome", meeting.outcome},
                    {"note", meeting.note}});
  }
  return list.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace dongxi::plan
