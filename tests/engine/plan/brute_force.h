// Every plan of a small event, one by one: the oracle of the planner.
#pragma once

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/plan/check.h"
#include "engine/plan/event.h"
#include "engine/plan/plan.h"

namespace dongxi::plan {

struct BestPlan {
  int musts = 0;
  int shortfall = 1'000'000;  // to the minima, of quotas too, the least of the plans with most musts
  double value = -1;          // of the best among those
  int changes = 1'000'000;    // the fewest of any plan against `old`
};

// By the checker's rules alone; fairness put aside. With tables, all of them are tried. `sessions` as they
// are planned already.
class BruteForce {
 public:
  explicit BruteForce(const Event& event, std::vector<SessionPlan> sessions = {}) : event_(event) {
    plan_.sessions = std::move(sessions);
  }
  BestPlan Run(const Plan* old = nullptr) {
    old_ = old;
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
  // A lock that comes later is still missing.
  bool SoundSoFar() const {
    for (const Violation& violation : CheckPlan(event_, plan_)) {
      if (violation.rule != Rule::kLockBroken) return false;
    }
    return true;
  }
  int MeetingsOf(const Quota& quota) const {
    int count = 0;
    for (const Meeting& meeting : plan_.meetings) {
      bool is_in = false;
      for (const int party : quota.parties)
        is_in |= party == event_.pairs[meeting.pair].need || party == event_.pairs[meeting.pair].offer;
      count += is_in;
    }
    return count;
  }
  int Shortfall() const {
    std::vector<int> missing;
    for (const Party& party : event_.parties) missing.push_back(party.min_meetings);
    for (const Meeting& meeting : plan_.meetings) {
      --missing[event_.pairs[meeting.pair].need];
      --missing[event_.pairs[meeting.pair].offer];
    }
    int sum = 0;
    for (const int m : missing) sum += std::max(0, m);
    for (const Quota& quota : event_.quotas) sum += std::max(0, quota.min_meetings - MeetingsOf(quota));
    return sum;
  }
  int Changes() const {
    std::vector<const Meeting*> before(event_.pairs.size(), nullptr), after = before;
    for (const Meeting& meeting : old_->meetings) before[meeting.pair] = &meeting;
    for (const Meeting& meeting : plan_.meetings) after[meeting.pair] = &meeting;
    int changes = 0;
    for (size_t i = 0; i < before.size(); ++i) {
      const Meeting *a = before[i], *b = after[i];
      if (a == nullptr && b == nullptr) continue;
      changes += a == nullptr || b == nullptr || a->slot != b->slot || a->table != b->table;
    }
    return changes;
  }
  void Judge(int musts, double value) {
    if (!CheckPlan(event_, plan_).empty()) return;
    if (old_ != nullptr) best_.changes = std::min(best_.changes, Changes());
    const int shortfall = Shortfall();
    if (std::tuple(musts, -shortfall, value) <= std::tuple(best_.musts, -best_.shortfall, best_.value))
      return;
    best_.musts = musts, best_.shortfall = shortfall, best_.value = value;
  }
  void Try(size_t index, int musts, double value) {
    if (index == event_.pairs.size()) return Judge(musts, value);
    Try(index + 1, musts, value);
    const Pair& pair = event_.pairs[index];
    const int tables = static_cast<int>(event_.tables.size());
    for (int slot = 0; slot < static_cast<int>(event_.slots.size()); ++slot) {
      for (int table = tables == 0 ? -1 : 0; table < std::max(tables, 0); ++table) {
        plan_.meetings.push_back({static_cast<int>(index), slot, table});
        if (SoundSoFar()) Try(index + 1, musts + (Must(pair) ? 1 : 0), value + Worth(pair));
        plan_.meetings.pop_back();
      }
    }
  }

  const Event& event_;
  Plan plan_;
  const Plan* old_ = nullptr;
  BestPlan best_;
};

}  // namespace dongxi::plan
