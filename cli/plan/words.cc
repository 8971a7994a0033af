#include "cli/plan/words.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "engine/plan/most_wanted.h"
#include "engine/plan/outcome_figures.h"

namespace dongxi::cli {

using plan::Event;
using plan::Meeting;
using plan::Pair;
using plan::Party;

std::string TimeOf(const plan::Slot& slot) {
  return absl::StrFormat("%02d:%02d–%02d:%02d", slot.begin_minute / 60, slot.begin_minute % 60,
                         slot.end_minute / 60, slot.end_minute % 60);
}

std::string DayOf(const plan::Slot& slot) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(slot.date, &day)) return slot.date;
  constexpr const char* kDays[] = {"一", "二", "三", "四", "五", "六", "日"};
  return slot.date + " 星期" + kDays[static_cast<int>(absl::GetWeekday(day))];
}

std::string TableName(const Event& event, int table) {
  if (table < 0) return "";
  return event.tables[table].name.empty() ? event.tables[table].id : event.tables[table].name;
}

std::string Fixed(double value, int digits) { return absl::StrFormat("%.*f", digits, value); }
std::string Percent(double share) { return Fixed(share * 100, 2) + "%"; }
std::string BeforeAndNow(int before, int now) { return std::to_string(before) + " → " + std::to_string(now); }

Agendas::Agendas(const Event& event, const plan::Plan& plan)
    : event_(event), plan_(plan), meetings_(event.parties.size()), sessions_(event.parties.size()) {
  for (size_t m = 0; m < plan.meetings.size(); ++m) {
    const Pair& pair = event.pairs[plan.meetings[m].pair];
    for (const int party : {pair.need, pair.offer}) meetings_[party].push_back(static_cast<int>(m));
  }
  for (size_t s = 0; s < plan.sessions.size(); ++s) {
    if (plan.sessions[s].slot < 0) continue;
    for (const int party : plan.sessions[s].parties) sessions_[party].push_back(static_cast<int>(s));
  }
}

std::vector<AgendaEntry> Agendas::Of(int party) const {
  const Event& event = event_;
  std::map<int, AgendaEntry> entries;
  for (const int m : meetings_[party]) {
    const Meeting& meeting = plan_.meetings[m];
    const Pair& pair = event.pairs[meeting.pair];
    const Party& other = event.parties[pair.need == party ? pair.offer : pair.need];
    AgendaEntry entry{.slot = meeting.slot, .place = TableName(event, meeting.table), .title = other.name};
    if (other.title != other.name) entry.detail = other.title;
    if (!pair.reason.empty()) entry.detail += (entry.detail.empty() ? "" : "；") + pair.reason;
    entry.pair = meeting.pair;
    entries[meeting.slot] = std::move(entry);
  }
  for (const int s : sessions_[party]) {
    const plan::SessionPlan& session = plan_.sessions[s];
    const plan::Session& asked = event.sessions[session.session];
    entries[session.slot] = {.slot = session.slot,
                             .place = TableName(event, asked.table),
                             .title = asked.name,
                             .detail = asked.kind,
                             .is_session = true,
                             .session = session.session};
  }
  for (int s = 0; s < static_cast<int>(event.slots.size()); ++s) {
    if (!event.slots[s].is_break || entries.empty()) continue;
    const auto later = entries.upper_bound(s);
    if (later == entries.begin() || later == entries.end()) continue;
    if (event.slots[later->first].date != event.slots[s].date) continue;
    if (event.slots[std::prev(later)->first].date != event.slots[s].date) continue;
    entries[s] = {.slot = s, .title = "休息", .is_break = true};
  }
  std::vector<AgendaEntry> agenda;
  for (auto& [slot, entry] : entries) agenda.push_back(std::move(entry));
  return agenda;
}

namespace {

constexpr size_t kAboveCapNamed = 5;

// Figures count who could have met; that others could not must not read as if everybody had.
std::string WithoutMeeting(const plan::PlanFile& file) {
  std::vector<char> meets(file.event.parties.size(), 0);
  for (const Meeting& meeting : file.plan.meetings) {
    const Pair& pair = file.event.pairs[meeting.pair];
    meets[pair.need] = meets[pair.offer] = 1;
  }
  const int counted = file.plan.figures.without_meeting;
  const auto others = std::count(meets.begin(), meets.end(), 0) - counted;
  return std::to_string(counted) + " 方" +
         (others <= 0 ? "" : "（另有 " + std::to_string(others) + " 方没有能会谈的对方或时段）");
}

// Whether the cap of the settings holds: the planner gives it up where it would cost too much.
FigureWord MostWantedCap(const plan::PlanFile& file) {
  std::vector<int> meetings(file.event.parties.size(), 0);
  for (const Meeting& meeting : file.plan.meetings) {
    const Pair& pair = file.event.pairs[meeting.pair];
    ++meetings[pair.need], ++meetings[pair.offer];
  }
  const int most = file.event.settings.most_wanted_max;
  std::string above;
  size_t count = 0;
  for (const int party : plan::MostWanted(file.event)) {
    if (meetings[party] <= most || ++count > kAboveCapNamed) continue;
    above += (above.empty() ? "" : "、") + ("“" + file.event.parties[party].name + "”") +
             std::to_string(meetings[party]) + " 场";
  }
  if (count > kAboveCapNamed) above += " 等 " + std::to_string(count) + " 方";
  const std::string cap = "上限 " + std::to_string(most);
  return {"最受欢迎方上限", above.empty() ? cap + " 守住了" : cap + " 没有守住：" + above,
          "每类最多人想见的十分之一；守住它的代价高于公平让利上限时，程序放弃它"};
}

std::vector<FigureWord> PlannedWords(const plan::PlanFile& file, const plan::Figures* before) {
  const plan::Figures& f = file.plan.figures;
  const std::string blocking = before == nullptr ? std::to_string(f.blocking_pairs)
                                                 : BeforeAndNow(before->blocking_pairs, f.blocking_pairs);
  std::vector<FigureWord> words = {
      {"会谈", std::to_string(f.meetings) + " 场", ""},
      {"总价值", Fixed(f.value, 2), "各场匹配分之和，想见、延续的另加 0.25"},
      {"价值上界", Fixed(f.value_bound, 2),
       std::string("保住同样多必见和最少会谈的安排都不会更高；总价值低于它的部分主要是公平让出的") +
           (file.event.quotas.empty() ? ""
                                      : "，也可能是互相交叉或两类合计的名额占去的：这个界不一定计入它们")},
      {"与最优的差距", (f.gap > 0 && f.gap < 1e-4 ? "不到 0.01%" : Percent(f.gap)) + "（" + f.method + "）",
       "按采用的公平权重，已证明与最优相差不超过这么多；0 即最优"},
      {"必见",
       std::to_string(f.musts_met) + " / " + std::to_string(f.musts) + "（至多可排 " +
           std::to_string(f.musts_bound) + "）",
       "排进的 / 提出的"},
      {"想见", std::to_string(f.wants_met) + " / " + std::to_string(f.wants), "排进的 / 提出的"},
      {"最少会谈的缺额", std::to_string(f.min_shortfall) + " 场", "各方离自己的最少会谈还差的场数之和"},
      {"会谈最少的一方", std::to_string(f.worst_off) + " 场", "在能会谈的各方中"},
      {"一场也没有的参会方", WithoutMeeting(file), "能会谈却一场也没有排上的；“未排”列出全部没有会谈的"},
      {"场次的基尼系数", Fixed(f.gini, 3), "0 是各方一样多，越大越不均"},
      {"有理由羡慕别人的参会方", std::to_string(f.envy) + " 方",
       "同类的另一方至少多两场，其中有自己更合适的对方"},
      {"阻塞对", blocking + " 对", "没有排、双方却都更愿意改谈的"},
      {"等待的空档", std::to_string(f.idle_slots) + " 个时段", "各方同一天两场之间空着的时段之和"},
      {"换桌", std::to_string(f.table_changes) + " 次", "各方相邻两场不在同一桌的次数之和"}};
  if (file.event.settings.most_wanted_max >= 0) words.push_back(MostWantedCap(file));
  if (file.event.quotas.empty()) return words;
  words.push_back({"名额的缺额", std::to_string(f.quota_shortfall) + " 场",
                   "各地区、单位离名额的最少会谈还差的场数之和；原因见“名额”"});
  if (!file.plan.prices.empty())  // made together with them
    words.push_back({"名额让出的价值", Fixed(f.quota_cost, 2), "不设任何名额时多出的价值（按上界估计）"});
  return words;
}

std::string OfAll(int came, int all) { return std::to_string(came) + " / " + std::to_string(all); }

std::string Count(int count, const char* unit) { return std::to_string(count) + " " + unit; }

// A figure that is no part of another one, beside what it was planned to be.
FigureWord CameWord(std::string name, const std::string& came, const std::string& planned) {
  return {std::move(name), came, "排出来的是 " + planned};
}

// What came of it beside what was planned; nothing as long as no outcome is noted.
std::vector<FigureWord> OutcomeWords(const plan::PlanFile& file) {
  const plan::OutcomeFigures came = OutcomeFiguresOf(file.event, file.plan);
  if (came.noted == 0) return {};
  const plan::Figures& f = file.plan.figures;
  const int meetings = static_cast<int>(file.plan.meetings.size());
  std::vector<FigureWord> words = {
      {"实际：会谈",
       OfAll(came.held, meetings) + " 场（未到 " + Count(came.no_shows, "场") + "，没有记结果 " +
           Count(meetings - came.noted, "场") + "）",
       "谈了的 / 排了的；上面各项是排出来的，“实际”各项只算谈了的，没有记结果的在重排时已经过去的也算"},
      {"实际：总价值", Fixed(came.value, 2) + " / " + Fixed(f.value, 2), "谈了的 / 排了的"},
      {"实际：必见", OfAll(came.musts_met, f.musts), "见到的 / 提出的"},
      {"实际：想见", OfAll(came.wants_met, f.wants), "见到的 / 提出的"},
      CameWord("实际：最少会谈的缺额", Count(came.min_shortfall, "场"), Count(f.min_shortfall, "场")),
      CameWord("实际：会谈最少的一方", Count(came.worst_off, "场"), Count(f.worst_off, "场")),
      CameWord("实际：一场也没有的参会方", Count(came.without_meeting, "方"), Count(f.without_meeting, "方")),
      CameWord("实际：场次的基尼系数", Fixed(came.gini, 3), Fixed(f.gini, 3))};
  if (!file.event.quotas.empty()) {
    words.push_back(
        CameWord("实际：名额的缺额", Count(came.quota_shortfall, "场"), Count(f.quota_shortfall, "场")));
  }
  return words;
}

}  // namespace

std::vector<FigureWord> FigureWords(const plan::PlanFile& file, const plan::Figures* before) {
  std::vector<FigureWord> words = PlannedWords(file, before);
  for (FigureWord& word : OutcomeWords(file)) words.push_back(std::move(word));
  return words;
}

std::string PriceWords(const plan::Price& price) {
  if (std::abs(price.value) < 0.005) return "价值 +0.00";  // never −0.00
  const std::string value = absl::StrFormat("价值 %+.2f", price.value);
  // Musts and minima stand above value: with more room more of them are kept.
  return price.value > 0 ? value : value + "（多排进必见或最少场次，占去价值更高的会谈的位置）";
}

std::string QuotaWords(const plan::Quota& quota, const plan::QuotaResult& result) {
  std::string limits;
  if (quota.min_meetings > 0) limits = "至少 " + std::to_string(quota.min_meetings);
  if (quota.max_meetings >= 0)
    limits += (limits.empty() ? "至多 " : "、至多 ") + std::to_string(quota.max_meetings);
  const std::string missing =
      result.missing > 0 ? "，还差 " + std::to_string(result.missing) + " 场" : std::string();
  return std::to_string(result.meetings) + " 场（" + limits + "）" + missing;
}

}  // namespace dongxi::cli
