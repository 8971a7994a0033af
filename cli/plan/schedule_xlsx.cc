#include "cli/plan/schedule_xlsx.h"

#include <algorithm>
#include <set>

#include "cli/plan/words.h"
#include "cli/plan/xlsx_book.h"
#include "engine/plan/outcome_figures.h"
#include "engine/plan/without_meeting.h"

namespace dongxi::cli {
namespace {

using plan::Event;
using plan::Meeting;
using plan::Pair;
using plan::PlanFile;

const char* WishWord(const Pair& pair) {
  for (const plan::Wish wish : {pair.by_organiser, pair.by_need, pair.by_offer}) {
    if (wish == plan::Wish::kMust) return "必见";
  }
  const bool need = pair.by_need == plan::Wish::kWant, offer = pair.by_offer == plan::Wish::kWant;
  return need && offer ? "双方想见" : need ? "需求方想见" : offer ? "供给方想见" : "";
}

// Columns that most events have no use for: an empty one only takes the width from the others on paper.
struct Optional {
  bool wishes = false, locks = false;
};
Optional OptionalOf(const PlanFile& file) {
  Optional found;
  for (const Meeting& meeting : file.plan.meetings) {
    found.wishes |= WishWord(file.event.pairs[meeting.pair])[0] != '\0';
    found.locks |= meeting.held || meeting.locked;
  }
  return found;
}

void WriteSchedule(const PlanFile& file, XlsxBook& book) {
  const Event& event = file.event;
  const Optional shown = OptionalOf(file);
  std::vector<std::string> headers = {"日期", "时间",   "时段",       "桌",     "需求方",
                                      "需求", "供给方", "专长或单位", "匹配分", "理由"};
  std::vector<double> widths = {12, 13, 8, 12, 28, 32, 28, 28, 9, 36};
  const auto add = [&](bool is_shown, const char* header, double width) {
    if (!is_shown) return;
    headers.emplace_back(header);
    widths.push_back(width);
  };
  add(shown.wishes, "意愿", 12);
  add(shown.locks, "锁定", 8);
  add(true, "结果", 12);  // to be filled by hand, if not by now
  book.Sheet("总日程", headers, widths);
  for (const Meeting& meeting : file.plan.meetings) {
    const Pair& pair = event.pairs[meeting.pair];
    const plan::Slot& slot = event.slots[meeting.slot];
    book.Date(0, slot.date);
    int column = 1;
    for (const std::string& text :
         {TimeOf(slot), slot.id, TableName(event, meeting.table), event.parties[pair.need].name,
          event.parties[pair.need].title, event.parties[pair.offer].name, event.parties[pair.offer].title}) {
      book.Text(column++, text);
    }
    book.Number(column++, pair.score);
    book.Text(column++, pair.reason);
    if (shown.wishes) book.Text(column++, WishWord(pair));
    if (shown.locks) book.Text(column++, meeting.held ? "已举行" : meeting.locked ? "是" : "");
    book.Text(column, meeting.outcome);
    book.NextRow();
  }
}

void WriteParties(const PlanFile& file, XlsxBook& book) {
  book.Sheet("各方日程", {"编号", "参会方", "类别", "日期", "时间", "桌", "对方或活动", "对方题目与理由"},
             {10, 28, 9, 12, 13, 12, 28, 48});
  const Agendas agendas(file.event, file.plan);
  for (size_t p = 0; p < file.event.parties.size(); ++p) {
    const plan::Party& party = file.event.parties[p];
    for (const AgendaEntry& entry : agendas.Of(static_cast<int>(p))) {
      if (entry.is_break) continue;
      const plan::Slot& slot = file.event.slots[entry.slot];
      book.Text(0, party.id);
      book.Text(1, party.name);
      book.Text(2, party.side == plan::Side::kNeed ? "需求方" : "供给方");
      book.Date(3, slot.date);
      int column = 4;
      for (const std::string& text : {TimeOf(slot), entry.place, entry.title, entry.detail})
        book.Text(column++, text);
      book.NextRow();
    }
  }
}

// What takes place at a table.
struct TableRow {
  int slot = 0;
  std::string need, offer;  // or a session, and ""
};

// By table, each in the order of time.
std::vector<std::vector<TableRow>> TableRowsOf(const PlanFile& file) {
  const Event& event = file.event;
  std::vector<std::vector<TableRow>> tables(event.tables.size());
  for (const Meeting& meeting : file.plan.meetings) {
    const Pair& pair = event.pairs[meeting.pair];
    if (meeting.table >= 0) {
      tables[meeting.table].push_back(
          {meeting.slot, event.parties[pair.need].name, event.parties[pair.offer].name});
    }
  }
  for (const plan::SessionPlan& session : file.plan.sessions) {
    const plan::Session& asked = event.sessions[session.session];
    if (session.slot >= 0 && asked.table >= 0)
      tables[asked.table].push_back({session.slot, "【活动】" + asked.name, ""});
  }
  for (std::vector<TableRow>& rows : tables) {
    std::stable_sort(rows.begin(), rows.end(),
                     [](const TableRow& a, const TableRow& b) { return a.slot < b.slot; });
  }
  return tables;
}

void WriteTables(const PlanFile& file, XlsxBook& book) {
  const Event& event = file.event;
  if (event.tables.empty()) return;
  book.Sheet("桌位表", {"桌", "日期", "时间", "需求方或活动", "供给方"}, {14, 12, 13, 32, 32});
  const std::vector<std::vector<TableRow>> tables = TableRowsOf(file);
  for (int t = 0; t < static_cast<int>(tables.size()); ++t) {
    for (const TableRow& row : tables[t]) {
      book.Text(0, TableName(event, t));
      book.Date(1, event.slots[row.slot].date);
      book.Text(2, TimeOf(event.slots[row.slot]));
      book.Text(3, row.need);
      book.Text(4, row.offer);
      book.NextRow();
    }
  }
}

void WriteSessions(const PlanFile& file, XlsxBook& book) {
  if (file.plan.sessions.empty()) return;
  book.Sheet("活动", {"活动", "类型", "日期", "时间", "地点", "参加方"}, {28, 10, 12, 13, 14, 70});
  for (const plan::SessionPlan& session : file.plan.sessions) {
    const plan::Session& asked = file.event.sessions[session.session];
    book.Text(0, asked.name);
    book.Text(1, asked.kind);
    if (session.slot >= 0) {
      book.Date(2, file.event.slots[session.slot].date);
      book.Text(3, TimeOf(file.event.slots[session.slot]));
    }
    book.Text(4, TableName(file.event, asked.table));
    std::string parties;
    for (const int party : session.parties)
      parties += (parties.empty() ? "" : "、") + file.event.parties[party].name;
    book.Text(5, parties);
    book.NextRow();
  }
}

// Meetings that somebody stayed away from, and how to make them good.
void WriteNoShows(const PlanFile& file, XlsxBook& book) {
  const Event& event = file.event;
  for (const Meeting& meeting : file.plan.meetings) {
    if (!plan::IsNoShow(meeting)) continue;
    const plan::Party& need = event.parties[event.pairs[meeting.pair].need];
    const plan::Party& offer = event.parties[event.pairs[meeting.pair].offer];
    const plan::Slot& slot = event.slots[meeting.slot];
    book.Text(0, "未到");
    book.Text(1, need.name);
    book.Text(2, offer.name);
    book.Text(3, "排在 " + slot.date + " " + TimeOf(slot) + "，没有谈成；要补谈，把两方锁定到另一个时段：" +
                     "dongxi plan replan 日程 --now 现在的时段 --lock " + need.id + "," + offer.id + ",时段");
    book.NextRow();
  }
}

void WriteUnmet(const PlanFile& file, XlsxBook& book) {
  const Event& event = file.event;
  book.Sheet("未排", {"类别", "需求方或参会方", "供给方", "为什么"}, {14, 30, 30, 90});
  for (const plan::UnmetMust& unmet : file.plan.unmet) {
    const Pair& pair = event.pairs[unmet.pair];
    std::string clash;
    for (const std::string& condition : unmet.clash) clash += (clash.empty() ? "" : "；与 ") + condition;
    book.Text(0, "排不进的必见");
    book.Text(1, event.parties[pair.need].name);
    book.Text(2, event.parties[pair.offer].name);
    book.Text(3, clash);
    book.NextRow();
  }
  const std::vector<std::string> reasons = WhyWithoutMeeting(event, file.plan, file.now);
  for (size_t p = 0; p < event.parties.size(); ++p) {
    if (reasons[p].empty()) continue;
    book.Text(0, "没有会谈");
    book.Text(1, event.parties[p].name);
    book.Text(3, reasons[p]);
    book.NextRow();
  }
  for (const plan::MissingMinimum& missing : MissingMinima(event, file.plan, file.now)) {
    book.Text(0, "缺最少会谈");
    book.Text(1, event.parties[missing.party].name);
    book.Text(3, missing.Text());
    book.NextRow();
  }
  WriteNoShows(file, book);
}

void WriteQuotas(const PlanFile& file, XlsxBook& book) {
  if (file.plan.quotas.empty()) return;
  book.Sheet("名额",
             {"类别", "名称", "算哪类", "参会方", "最少会谈", "最多会谈", "会谈", "还差", "为什么",
              "不设能多的价值"},
             {8, 28, 10, 9, 10, 10, 8, 8, 70, 16});
  for (const plan::QuotaResult& result : file.plan.quotas) {
    const plan::Quota& quota = file.event.quotas[result.quota];
    const bool is_all = quota.of_needs && quota.of_offers;
    std::string why;
    for (const std::string& reason : result.reasons) why += (why.empty() ? "" : "；") + reason;
    book.Text(0, quota.kind == plan::QuotaKind::kRegion ? "地区" : "单位");
    book.Text(1, quota.group);
    book.Text(2, is_all ? "" : quota.of_needs ? "需求方" : "供给方");
    book.Count(3, static_cast<double>(quota.parties.size()));
    if (quota.min_meetings > 0) book.Count(4, quota.min_meetings);
    if (quota.max_meetings >= 0) book.Count(5, quota.max_meetings);
    book.Count(6, result.meetings);
    if (result.missing > 0) book.Count(7, result.missing);
    book.Text(8, why);
    if (result.value_lost > 0) book.Number(9, result.value_lost);
    book.NextRow();
  }
}

void WriteFigures(const PlanFile& file, XlsxBook& book) {
  book.Sheet("指标", {"指标", "值", "说明"}, {36, 30, 60});
  const auto row = [&](const std::string& name, const std::string& value, const std::string& note) {
    book.Text(0, name);
    book.Text(1, value);
    book.Text(2, note);
    book.NextRow();
  };
  row("状态", std::string(plan::StateWord(file.state)), "第 " + std::to_string(file.revision) + " 版");
  for (const FigureWord& figure : FigureWords(file)) row(figure.name, figure.value, figure.note);
  for (const plan::Price& price : file.plan.prices) {
    row("再加" + price.of, PriceWords(price),
        "会谈 " + std::string(price.meetings < 0 ? "" : "+") + std::to_string(price.meetings) +
            " 场（按上界估计）");
  }
  for (const plan::FairnessPoint& point : file.plan.curve) {
    row("公平权重 " + Fixed(point.weight, 2) + (point.chosen ? "（采用）" : ""),
        "价值 " + Percent(point.value_share),
        "最少一方 " + std::to_string(point.worst_off) + " 场；没有会谈 " +
            std::to_string(point.without_meeting) + " 方；基尼 " + Fixed(point.gini, 3));
  }
}

void WriteChanges(const PlanFile& file, XlsxBook& book) {
  if (file.changes.empty()) return;
  book.Sheet("变动", {"变动"}, {110});
  for (const std::string& change : file.changes) {
    book.Text(0, change);
    book.NextRow();
  }
}

}  // namespace

absl::Status WriteScheduleXlsx(const PlanFile& plan, const std::filesystem::path& file) {
  XlsxBook book(file);
  WriteSchedule(plan, book);
  WriteParties(plan, book);
  WriteTables(plan, book);
  WriteSessions(plan, book);
  WriteUnmet(plan, book);
  WriteQuotas(plan, book);
  WriteFigures(plan, book);
  WriteChanges(plan, book);
  return book.Close();
}

}  // namespace dongxi::cli
