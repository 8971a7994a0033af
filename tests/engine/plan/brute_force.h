// Every plan of a small event, one by one: the oracle of the planner.
#pragma once

#include "engine/plan/check.h"
#include "engine/plan/event.h"
#include "engine/plan/plan.h"

namespace dongxi::plan {

struct BestPlan {
  int musts = 0;
  double value = 0;  // of the best among the plans with most musts
};

// By the checker's rules alone; minima and fairness put aside. Of events without tables or with enough of
// them that any does: tables are numbered as they come.
class BruteForce {
 public:
  explicit BruteForce(const Event& event) : event_(event) {}
  BestPlan Run() {
    Try(0, 0, 0);
    return best_;
  }

 private:
  static double Worth(const Pair& pair) {
    double worth = pair.score + (pair.history == History::kExtend ? 0.25 : 0);
    for (const Wish wish : {pair.by_need, pair.by_offer})
      worth += wish == Wish::kWant || wish == Wish::kMust ? 0.25 : 0;
    return worth;
  }
  static bool Must(const Pair& p) {
    return p.by_need == Wish::kMust || p.by_offer == Wish::kMust || p.by_organiser == Wish::kMust;
  }
  void Try(size_t index, int musts, double value) {
    if (index == event_.pairs.size()) {
      if (musts > best_.musts || (musts == best_.musts && value > best_.value)) best_ = {musts, value};
      return;
    }
    Try(index + 1, musts, value);
    const Pair& pair = event_.pairs[index];
    const int tables = static_cast<int>(event_.tables.size());
    for (int slot = 0; slot < static_cast<int>(event_.slots.size()); ++slot) {
      for (int table = tables == 0 ? -1 : 0; table < tables; ++table) {
        plan_.meetings.push_back({static_cast<int>(index), slot, table});
        if (CheckPlan(event_, plan_).empty())
          Try(index + 1, musts + (Must(pair) ? 1 : 0), value + Worth(pair));
        plan_.meetings.pop_back();
      }
    }
  }

  const Event& event_;
  Plan plan_;
  BestPlan best_;
};

}  // namespace dongxi::plan
