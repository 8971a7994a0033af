// Words that all outputs of a plan share. Pure functions; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/plan/event.h"
#include "engine/plan/plan.h"
#include "engine/plan/plan_file.h"

namespace dongxi::cli {

std::string TimeOf(const plan::Slot& slot);                  // 09:00–09:25
std::string DayOf(const plan::Slot& slot);                   // 2026-11-26 星期四
std::string TableName(const plan::Event& event, int table);  // its name or id; "" for none
std::string Percent(double share);                           // 98.25%
std::string Fixed(double value, int digits);
std::string BeforeAndNow(int before, int now);  // 386 → 402

// What one party does, in order of time.
struct AgendaEntry {
  int slot = 0;
  std::string place;
  std::string title;   // the other party, or the session
  std::string detail;  // its title and the reason
  bool is_session = false;
  bool is_break = false;
  int pair = -1;
  int session = -1;  // of the event
};
// The agendas of all parties; `event` and `plan` outlive it.
class Agendas {
 public:
  Agendas(const plan::Event& event, const plan::Plan& plan);
  // With the breaks between its first and last entry of a day.
  std::vector<AgendaEntry> Of(int party) const;

 private:
  const plan::Event& event_;
  const plan::Plan& plan_;
  std::vector<std::vector<int>> meetings_, sessions_;  // of the plan, by party
};

// A figure as the schedule and the command line show it.
struct FigureWord {
  std::string name, value;
  std::string note;  // what it means, for who has not read docs/planning.md
};
// Those of the plan; once an outcome is noted, behind them what came of it, with 实际 before the name.
// `before` (may be null): the figures that a replan started from; blocking pairs stand beside theirs.
std::vector<FigureWord> FigureWords(const plan::PlanFile& file, const plan::Figures* before = nullptr);

// What one more table, slot or hour would bring: 价值 +7.24; where it would cost value, with the reason.
std::string PriceWords(const plan::Price& price);

// 12 场（至少 6、至多 40），还差 2 场
std::string QuotaWords(const plan::Quota& quota, const plan::QuotaResult& result);

}  // namespace dongxi::cli
